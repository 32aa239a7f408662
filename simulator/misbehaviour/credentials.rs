//! Credentials that are not looked at.

use super::{Misbehaviour, Twist};
use crate::simulator::world::Quirk;

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
        "accepts-expired-token",
        "LV-04",
        "A token that has expired is taken.",
        Twist::World(Quirk::TokensNeverExpire),
    ),
];
