//! Errors that cannot be told apart.

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Refusal, World};
use crate::vendors::vocabulary::{Facts, FailureKind};

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "conflict-told-as-invalid",
        "LV-96",
        "A PIN in use is refused with the error for a wrong input.",
        Twist::Told(conflict_is_invalid),
    ),
    Misbehaviour::new(
        "every-error-is-invalid",
        "LV-96",
        "Whatever goes wrong is answered with the error for a wrong input.",
        Twist::Told(all_invalid),
    )
    .with(&[("LV-36", "an unknown lock is answered as a wrong input")]),
];

fn conflict_is_invalid(_: &mut World, _: Call, _: &Facts, told: &mut Result<Facts, Refusal>) {
    if let Some(refusal) = told.as_mut().err().filter(|refusal| refusal.kind == FailureKind::Conflict) {
        refusal.kind = FailureKind::Invalid;
    }
}

fn all_invalid(_: &mut World, _: Call, _: &Facts, told: &mut Result<Facts, Refusal>) {
    if let Err(refusal) = told {
        refusal.kind = FailureKind::Invalid;
    }
}
