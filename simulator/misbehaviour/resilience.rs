//! Creations that cannot be repeated.

use super::{Misbehaviour, Twist};
use crate::simulator::world::Quirk;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "repeats-create-twice",
        "LV-95",
        "A repeated creation with the same key creates again.",
        Twist::World(Quirk::ForgetsRequestKeys),
    ),
    Misbehaviour::new(
        "forgets-keys-in-a-minute",
        "LV-95",
        "Request keys are forgotten after a minute, sooner than a retry comes.",
        Twist::World(Quirk::ForgetsKeysQuickly),
    ),
    Misbehaviour::new(
        "refuses-repeats",
        "LV-95",
        "A repeated creation is refused, so that its id is never learnt.",
        Twist::World(Quirk::RefusesRepeats),
    ),
];
