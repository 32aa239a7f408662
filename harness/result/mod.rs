//! What a run found out: the one model that every report is a view of.

mod capability;
mod criterion;
mod exchange;
mod report;

pub use capability::{Capability, FunctionAnswer, LimitedLock, Presence};
pub use criterion::{Attempt, CriterionResult, Finding, ScenarioResult, StepResult, Timeline};
pub use exchange::{Exchange, Received, SentRequest, TransportFailure};
pub use report::{FaultAccount, Leftover, Mode, PARTNERS, Report, SCHEMA, Subject, Suite, WaiverAccount};

pub use crate::vendors::dialect::{Evidence, Origin, Origins, Part, Source};
