//! Credentials that are not looked at.

use super::{Misbehaviour, Twist};
use crate::simulator::world::Quirk;
use crate::vendors::vocabulary::Meaning;
use crate::vendors::wire::WireResponse;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "accepts-wrong-secret",
        "LV-04",
        "A wrong secret is as good as the right one.",
        Twist::World(Quirk::AcceptsWrongSecret),
    ),
    Misbehaviour::new(
        "accepts-any-token",
        "LV-04",
        "Calls without a token or with an unknown one are carried out.",
        Twist::World(Quirk::AcceptsAnyToken),
    ),
    Misbehaviour::new(
        "accepts-missing-token",
        "LV-04",
        "Calls without a token are carried out.",
        Twist::World(Quirk::AcceptsMissingToken),
    ),
    Misbehaviour::new(
        "bad-credentials-are-a-server-error",
        "LV-04",
        "Bad credentials are answered with a server error that nothing documents.",
        Twist::Answered(break_down),
    )
    .with(&[
        ("LV-03", "the error is not the documented one"),
        ("LV-96", "bad credentials cannot be told from a vendor that is broken"),
    ]),
    Misbehaviour::new(
        "accepts-expired-token",
        "LV-04",
        "A token that has expired is taken.",
        Twist::World(Quirk::TokensNeverExpire),
    ),
];

fn break_down(_: Meaning, response: &mut WireResponse) {
    if response.status == 401 {
        response.status = 500;
        response.body = b"<!doctype html><title>Oops</title><p>Something went wrong.".to_vec();
    }
}
