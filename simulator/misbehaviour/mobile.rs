//! Mobile credentials that are not what was asked for.

use std::time::Duration;

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Datum, Facts, Field, Meaning};

type Told = Result<Facts, Refusal>;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "mobile-without-invitation",
        "LV-60",
        "A mobile credential is created and its invitation is empty.",
        Twist::Told(uninvite),
    ),
    Misbehaviour::new(
        "mobile-told-with-other-window",
        "LV-60",
        "A mobile credential is listed with another end than asked for.",
        Twist::Told(lengthen),
    ),
    Misbehaviour::new(
        "mobile-never-listed",
        "LV-60",
        "Mobile credentials are created and never listed.",
        Twist::Told(unlist),
    )
    .with(&[("LV-95", "whether a repetition made one credential or two cannot be seen")]),
    quirk(
        "removed-mobile-still-listed",
        "LV-70",
        "A removed mobile credential is still listed.",
        Quirk::RemovedMobileListed,
    ),
    quirk(
        "mobile-removal-too-late",
        "LV-70",
        "A removed mobile credential opens long after the documented delay.",
        Quirk::MobileRemovalTooLate,
    ),
    quirk(
        "mobile-opens-everywhere",
        "LV-61",
        "A mobile credential opens every lock.",
        Quirk::MobileOpensEverywhere,
    ),
    quirk(
        "mobile-opens-after-end",
        "LV-61",
        "A mobile credential opens after its end.",
        Quirk::MobileOpensAfterEnd,
    ),
    quirk(
        "mobile-opens-before-start",
        "LV-61",
        "A mobile credential opens before its start.",
        Quirk::MobileOpensBeforeStart,
    ),
    quirk(
        "removed-mobile-still-opens",
        "LV-70",
        "A removed mobile credential opens.",
        Quirk::RemovedMobileOpens,
    ),
];

const fn quirk(
    name: &'static str,
    breaks: &'static str,
    summary: &'static str,
    quirk: Quirk,
) -> Misbehaviour {
    Misbehaviour::new(name, breaks, summary, Twist::World(quirk))
}

fn uninvite(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::CreateMobile) {
        facts.set(Field::MobileInvitation, Datum::text(""));
    }
}

fn unlist(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    if let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListMobile) {
        facts.items.clear();
        facts.set(Field::PageTotal, Datum::Int(0));
        facts.set(Field::PageMore, Datum::Bool(false));
        facts.remove(&Field::PageNext);
    }
}

fn lengthen(_: &mut World, call: Call, _: &Facts, told: &mut Told) {
    let Some(facts) = told.as_mut().ok().filter(|_| call.meaning == Meaning::ListMobile) else { return };
    for item in &mut facts.items {
        if let Some(until) = item.instant(&Field::MobileUntil) {
            item.set(Field::MobileUntil, Datum::Instant(until + Duration::from_secs(24 * 3600)));
        }
    }
}
