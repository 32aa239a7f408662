//! Errors that cannot be told apart.

use super::{Misbehaviour, Twist};
use crate::simulator::server::reshape::reshape;
use crate::simulator::world::{Call, Refusal, World};
use crate::vendors::vocabulary::{Facts, FailureKind, Meaning};
use crate::vendors::wire::WireResponse;

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
    .with(&[
        ("LV-36", "an unknown lock is answered as a wrong input"),
        ("LV-51", "an access that is gone is answered as a wrong input"),
    ]),
    Misbehaviour::new(
        "offline-told-as-server-error",
        "LV-96",
        "A command to an offline lock fails as if the vendor were broken.",
        Twist::Answered(offline_is_internal),
    )
    .with(&[
        ("LV-46", "a creation on an offline lock fails without saying that the lock is offline"),
        ("LV-81", "an unlock of an offline lock fails without saying that the lock is offline"),
    ]),
    Misbehaviour::new(
        "not-found-told-as-forbidden",
        "LV-96",
        "What is not there is refused as if it were not allowed.",
        Twist::Told(not_found_is_forbidden),
    )
    .with(&[
        ("LV-36", "an unknown lock is answered as forbidden"),
        ("LV-44", "an unknown lock is answered as forbidden"),
        ("LV-51", "an access that is gone is answered as forbidden"),
    ]),
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

fn offline_is_internal(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::PollJob {
        reshape(response, |body| {
            if let Some(error) = body.get_mut("error").filter(|error| *error == "lock_offline") {
                *error = "internal".into();
            }
        });
    }
}

fn not_found_is_forbidden(_: &mut World, _: Call, _: &Facts, told: &mut Result<Facts, Refusal>) {
    if let Some(refusal) = told.as_mut().err().filter(|refusal| refusal.kind == FailureKind::NotFound) {
        refusal.kind = FailureKind::Forbidden;
    }
}
