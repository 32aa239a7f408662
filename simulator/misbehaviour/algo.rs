//! Computed PINs that do not keep to their window.

use super::{Misbehaviour, Twist};
use crate::simulator::world::Quirk;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "same-algo-pin-for-every-window",
        "LV-90",
        "Every window gets the same computed PIN.",
        Twist::World(Quirk::AlgoPinConstant),
    ),
    Misbehaviour::new(
        "algo-pin-opens-always",
        "LV-90",
        "A computed PIN opens outside its window.",
        Twist::World(Quirk::AlgoPinOpensAlways),
    ),
];
