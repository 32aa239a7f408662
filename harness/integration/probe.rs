//! What judges need to see whether credentials are truly looked at.

use std::collections::BTreeMap;

use super::Integration;
use super::failure::{CallFailure, Failed};
use super::plan::Course;
use super::retry::only_reads;
use super::trace::Trace;
use crate::vendors::dialect::Repeat;
use crate::vendors::vocabulary::{Datum, FailureKind, Field, Instant, LockId, Secret};

impl Integration {
    /// The credentials, by the profile's names.
    pub fn secrets(&self) -> &BTreeMap<String, Secret> {
        &self.secrets
    }

    /// The address of every server, by the profile's names.
    pub fn servers(&self) -> &BTreeMap<String, String> {
        &self.servers
    }

    /// The same integration that goes on with the token it has, past its end
    /// too, and never renews it; and when that token ends, where the vendor
    /// said so.
    pub async fn with_frozen_session(&self) -> Result<(Self, Option<Instant>), CallFailure> {
        let (token, ends) = self.current(&Trace::default()).await.map_err(|failed| *failed.failure)?;
        Ok((Self { frozen: Some(token), ..self.clone() }, ends))
    }

    /// One reading operation by itself, at a lock where it asks for one. What
    /// would change something is not sent.
    pub async fn try_read(&self, operation: &str, lock: Option<&LockId>) -> Result<(), CallFailure> {
        let reads = self.shared.dialect.operation(operation).is_some_and(only_reads);
        if !reads {
            let why = "only reading calls are tried";
            return Err(*Failed::unsent(operation, FailureKind::Unsupported, why).failure);
        }
        let mut course = Course::new(self.base_facts());
        course.facts.set_some(Field::LockId, lock.map(|lock| Datum::text(lock.as_str())));
        let called = self.call(operation, &Repeat::Idempotent, None, &mut course).await;
        called.map_err(|failed| *failed.failure)
    }
}
