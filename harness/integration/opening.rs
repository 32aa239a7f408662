//! What a session begins with beside its token: a site looked up, a tenant
//! selected. It is done once for each token, and what it told stays.

use tokio::sync::Mutex;

use super::Integration;
use super::failure::Failed;
use super::plan::Course;
use super::trace::Trace;
use crate::vendors::dialect::{Operation, SessionPlan};
use crate::vendors::vocabulary::{Facts, Secret};

/// What the session in use began with; clones of an integration share it.
#[derive(Default)]
pub(super) struct Opened(Mutex<Option<Opening>>);

struct Opening {
    /// The token that it was done with; `None` where the vendor has none.
    token: Option<Secret>,
    kept: Facts,
}

impl Integration {
    /// What the session's beginning has left for an operation. `token` is the
    /// token in use; for another one the beginning is made again. A call whose
    /// credentials are wrong on purpose takes what there is.
    pub(super) async fn kept(
        &self,
        operation: &Operation,
        token: Option<&Secret>,
        trace: &Trace,
    ) -> Result<Facts, Failed> {
        let Some(session) = self.begins_with(operation) else { return Ok(Facts::new()) };
        let mut slot = self.opened.0.lock().await;
        if let Some(opening) = slot.as_ref()
            && (token.is_none() || opening.token.as_ref() == token)
        {
            return Ok(opening.kept.clone());
        }
        let proper = self.with_proper_credentials();
        let mut course = Course::tracing(proper.base_facts(), trace);
        Box::pin(proper.steps(&session.plan.steps, &mut course)).await?;
        let mut kept = Facts::new();
        for field in &session.keeps {
            kept.set_some(field.clone(), course.facts.get(field).cloned());
        }
        *slot = Some(Opening { token: token.cloned(), kept: kept.clone() });
        Ok(kept)
    }

    /// The session's plan, where the operation needs one to have begun.
    fn begins_with(&self, operation: &Operation) -> Option<&SessionPlan> {
        let dialect = &self.shared.dialect;
        let session = dialect.session.as_ref()?;
        let name = operation.name();
        let auth = &dialect.auth;
        let fetches =
            [&auth.token_operation, &auth.refresh_operation].iter().any(|own| own.as_deref() == Some(name));
        (!fetches && !session.operations().contains(&name)).then_some(session)
    }
}
