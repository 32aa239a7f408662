//! Accesses that do not go, or that take others with them.

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Meaning};

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    quirk("removed-pin-still-opens", "LV-50", "A removed PIN opens for ever.", Quirk::RemovedPinOpens),
    quirk("removed-pin-still-listed", "LV-50", "A removed PIN is still listed.", Quirk::RemovedPinListed)
        .with(&[
            ("LV-44", "the access that is taken back after a refused PIN stays in the list"),
            ("LV-46", "the access that is taken back after a refused PIN stays in the list"),
        ]),
    quirk(
        "removed-before-start-still-opens",
        "LV-50",
        "A PIN that is removed before its start opens all the same.",
        Quirk::RemovedFuturePinOpens,
    ),
    quirk(
        "removal-shortens-the-others",
        "LV-52",
        "Removing one PIN shortens the others on its lock.",
        Quirk::RemovalShortensNeighbours,
    ),
    Misbehaviour::new(
        "unknown-removal-removes-another",
        "LV-51",
        "Removing what is not there removes another access.",
        Twist::Asked(another_access),
    ),
    quirk(
        "removal-too-late",
        "LV-50",
        "A removed PIN opens long after the documented delay.",
        Quirk::RemovalTooLate,
    ),
    Misbehaviour::new(
        "second-removal-fails",
        "LV-51",
        "Removing what is gone already is a server error.",
        Twist::Told(fail),
    ),
    quirk(
        "removes-all-of-user",
        "LV-52",
        "Removing one PIN removes every PIN of its user.",
        Quirk::RemovesAllOfUser,
    ),
    quirk(
        "removes-a-neighbour",
        "LV-52",
        "Removing one PIN removes another one on its lock.",
        Quirk::RemovesNeighbour,
    )
    .with(&[("LV-45", "taking back the refused access removes the first guest's PIN")]),
];

const fn quirk(
    name: &'static str,
    breaks: &'static str,
    summary: &'static str,
    quirk: Quirk,
) -> Misbehaviour {
    Misbehaviour::new(name, breaks, summary, Twist::World(quirk))
}

fn fail(_: &mut World, call: Call, _: &Facts, told: &mut Result<Facts, Refusal>) {
    let gone = matches!(told, Err(refusal) if refusal.kind == FailureKind::NotFound);
    if gone && matches!(call.meaning, Meaning::RemovePin | Meaning::RemoveMobile) {
        *told = Err(Refusal::new(FailureKind::Server, "an internal error occurred"));
    }
}

fn another_access(world: &mut World, call: Call, asked: &mut Facts) {
    let unknown = asked.text(&Field::AccessId).is_some_and(|id| !world.has_access(id));
    if call.meaning == Meaning::RemovePin && unknown {
        asked.set_some(Field::AccessId, world.any_access().map(Datum::text));
    }
}
