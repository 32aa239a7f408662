//! Failures over a foreign target that the configuration explains as well: they
//! are inconclusive, for what the subject would do otherwise was not seen.

use crate::harness::bench::Bench;
use crate::harness::criterion::{Criterion, Need};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{CallFailure, Integration};
use crate::harness::result::{Exchange, Received, TransportFailure};
use crate::harness::subject::Subject;
use crate::harness::trial::{Shortfall, Stop};
use crate::vendors::vocabulary::{FailureKind, Function};

/// What is known of the configuration of a foreign target.
pub(super) struct Excuses<'a> {
    pub(super) subject: &'a Subject,
    pub(super) recorder: &'a Recorder,
    /// Fixtures that do not seem to be what the subject file says, and why.
    pub(super) doubts: &'a [(Need, String)],
}

impl Excuses<'_> {
    /// The end of a scenario, with a failure that the configuration explains made
    /// inconclusive. `mark` is where its exchanges begin.
    pub(super) async fn weigh(
        &self,
        stop: Option<Stop>,
        criterion: &Criterion,
        bench: &Bench,
        mark: usize,
    ) -> Option<Stop> {
        let Some(Stop::Fail(shortfall)) = &stop else { return stop };
        let exchanges = self.recorder.since(mark);
        let why = match self.at_once(shortfall, criterion, &exchanges, bench) {
            None if shortfall.refused == Some(FailureKind::Credentials) => locked_out(bench).await,
            known => known,
        };
        match why {
            Some(why) => Some(Stop::Inconclusive(format!("{why}: {}", shortfall.observed))),
            None => stop,
        }
    }

    /// What explains a failure without asking again.
    fn at_once(
        &self,
        shortfall: &Shortfall,
        criterion: &Criterion,
        exchanges: &[Exchange],
        bench: &Bench,
    ) -> Option<String> {
        if !self.recorder.has_heard() && !exchanges.is_empty() {
            return Some("nothing was heard from the subject yet".to_owned());
        }
        let doubt = |of: Need| self.doubts.iter().find(|(need, _)| *need == of).map(|(_, doubt)| doubt);
        let contested =
            criterion.needs.iter().filter(|need| **need != Need::FreeLock).find_map(|need| doubt(*need));
        // What no fixture explains: an answer that the vendor does not document.
        let contested = contested.filter(|_| shortfall.refused != Some(FailureKind::Protocol));
        if let Some(doubt) = contested {
            return Some(either(doubt));
        }
        if let Some(doubt) = doubt(Need::FreeLock) {
            match (shortfall.refused, criterion.main_for) {
                (Some(FailureKind::Offline), _) => {
                    return Some(format!("the lock to be used is out of reach ({doubt})"));
                }
                (None, Some(Function::GetLockStatus)) => return Some(either(doubt)),
                _ => {}
            }
        }
        match shortfall.refused? {
            FailureKind::Forbidden | FailureKind::Payment => self.without_rights(exchanges),
            FailureKind::UpstreamTimeout => self.impatient(exchanges, bench),
            _ => None,
        }
    }

    /// Whether what was refused as forbidden never succeeded: then the rights of
    /// the run's credentials may be what is missing.
    fn without_rights(&self, exchanges: &[Exchange]) -> Option<String> {
        let refused = exchanges.iter().rev().find(|exchange| {
            let Received::Answer { failure, .. } = &exchange.response else { return false };
            matches!(failure, Some(FailureKind::Forbidden | FailureKind::Payment))
        })?;
        let succeeded = self.recorder.operations_with_success();
        (!succeeded.contains(&refused.operation)).then(|| {
            format!(
                "the credentials may not do `{}`: give them the rights (scopes, roles, licence) for it, or use others",
                refused.operation
            )
        })
    }

    /// Whether the subject file gives up sooner than the profile says that an
    /// answer may take.
    fn impatient(&self, exchanges: &[Exchange], bench: &Bench) -> Option<String> {
        let documented = bench.dialect().limits.delays.actuation;
        let read = self.subject.timeouts.read;
        let late = exchanges.iter().any(|exchange| {
            matches!(exchange.response, Received::Nothing { why: TransportFailure::ReadTimeout, .. })
        });
        (late && read < documented).then(|| {
            format!(
                "timeouts.read_s gives up after {} s, while the profile says that an answer may take {} s",
                read.as_secs(),
                documented.as_secs()
            )
        })
    }
}

fn either(doubt: &str) -> String {
    format!("the subject file or the subject is wrong, and it cannot be told which ({doubt})")
}

/// Whether the run's own credentials are refused altogether, in a session of
/// their own: then they were withdrawn or have expired, which is no defect.
async fn locked_out(bench: &Bench) -> Option<String> {
    let inlet = bench.inlet().with_secrets(bench.inlet().secrets().clone());
    let failure = bench.clock().drive(read(&inlet)).await.err()?;
    (failure.kind == FailureKind::Credentials).then(|| {
        "the subject accepts no call with the credentials that the run was given; check them".to_owned()
    })
}

/// The cheapest call that needs credentials.
async fn read(inlet: &Integration) -> Result<(), CallFailure> {
    if inlet.dialect().supports(Function::ListAccessGroups) {
        inlet.list_access_groups().await.map(drop)
    } else if inlet.dialect().supports(Function::ListLocks) {
        inlet.list_locks(None).await.map(drop)
    } else if inlet.dialect().auth.token_operation.is_some() {
        inlet.with_frozen_session().await.map(drop)
    } else {
        Ok(())
    }
}
