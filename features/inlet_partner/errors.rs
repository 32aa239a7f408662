//! Refusals: IP-10, IP-12.

use std::time::Duration;

use cucumber::step::Collection;

use super::SOON;
use super::retry_rule::{self, Content};
use super::world::InletPartner;
use crate::harness::partner::{Arrival, PartnerBench};
use crate::harness::trial::{Step, Stop};
use crate::simulator::{Effect, Fault, Schedule, Sent};
use crate::vendors::partner::{Act, Pace, Room};
use crate::vendors::vocabulary::{FailureKind, Instant, LockId};

/// Calls that may have been under way when a credential was refused.
const UNDER_WAY: usize = 2;
/// For how long no more than those may follow.
const HALF_HOUR: Duration = Duration::from_secs(1_800);
/// How long a partner's machine may take to act on an answer, in its own time.
const LATENCY: Duration = Duration::from_millis(100);
/// Calls that may follow a refusal within an hour, each for something else.
const CORRECTIONS: usize = 5;

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "behind Inlet one lock is full, one cannot be reached, and one takes no such access" => refused_for_good;
        given "Inlet answers once that it was one call too many, to be repeated after 60 seconds" => too_many;
        given "the lock system behind Inlet is busy with another door for five minutes" => busy;
        when "a guest's stay behind each of these doors is booked" => books_there;
        then "no refused call is repeated unchanged within an hour" => not_repeated;
        then "for each a corrected call follows, or the partner flags the booking" => corrected_or_flagged;
        then "the next call about each comes no sooner than it was told to" => no_sooner;
        then "each of these stays is granted in the end" => granted;
        then "at most two more calls arrive within 30 minutes of the first refusal" => no_hammering;
    }
}

/// Has Inlet refuse a call, for whoever needs one that was refused.
pub(super) async fn provoke_refusal(world: &mut InletPartner) -> Step {
    vendor_fails(world, Schedule::default(), Effect::Refuse(FailureKind::Full))?;
    books_there(world).await
}

/// What the lock vendor does at a new door.
fn vendor_fails(world: &mut InletPartner, schedule: Schedule, effect: Effect) -> Step {
    let door = world.new_door()?;
    world.bench()?.inject_upstream(Fault::at(LockId::new(door.0.as_str()), schedule, effect));
    Ok(())
}

async fn refused_for_good(world: &mut InletPartner) -> Step {
    vendor_fails(world, Schedule::default(), Effect::Refuse(FailureKind::Full))?;
    vendor_fails(world, Schedule::default(), Effect::Refuse(FailureKind::Offline))?;
    vendor_fails(world, Schedule::default(), Effect::Refuse(FailureKind::Invalid))
}

/// Calls are counted by Inlet, not by the lock system behind it.
async fn too_many(world: &mut InletPartner) -> Step {
    let door = world.new_door()?;
    let effect = Effect::RateLimit(Duration::from_secs(60));
    let fault = Fault::at(LockId::new(door.0.as_str()), Schedule::times(1), effect);
    world.bench()?.inject(fault).map_err(Stop::Error)
}

async fn busy(world: &mut InletPartner) -> Step {
    let minutes = Schedule::lasting_from_first_strike(Duration::from_secs(300));
    vendor_fails(world, minutes, Effect::Refuse(FailureKind::Busy))
}

/// A partner that calls Inlet while its form waits may refuse the booking as Inlet
/// does: then the guest was told.
async fn books_there(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    bench.mark_log().await;
    for door in &world.doors {
        let mut booking = bench.stay()?;
        booking.rooms = vec![door.clone()];
        match bench.try_book(booking).await? {
            Ok(booked) => world.many.push(booked),
            Err(why) => world.refused.push((door.0.clone(), why)),
        }
    }
    let is_unsent = |bench: &PartnerBench, door: &Room| bench.arrivals_at(door).is_empty();
    let (doors, refused) = (&world.doors, &world.refused);
    let told = |door: &Room| refused.iter().find(|(of, _)| *of == door.0);
    if let Some((_, why)) = doors.iter().filter(|door| is_unsent(&bench, door)).find_map(told) {
        let expected = "the partner's system takes it, or asks Inlet first";
        return Err(Stop::fail("an ordinary booking was refused", expected, why.clone()));
    }
    let unsent = |bench: &PartnerBench| doors.iter().filter(|door| is_unsent(bench, door)).count();
    bench.until(SOON, |bench| unsent(bench) == 0).await;
    match unsent(&bench) {
        0 => {
            bench.pass(Duration::from_secs(3_600)).await;
            Ok(())
        }
        count => Err(Stop::fail(
            "a stay was not sent",
            "a call about each guest's door",
            format!("none arrived about {count} of {}", doors.len()),
        )),
    }
}

/// A call about one door, as far as refusals go.
struct Asked {
    content: Content,
    refused: bool,
}

/// What arrived about a door.
fn asked(bench: &PartnerBench, door: &Room) -> Vec<Asked> {
    let arrivals = bench.arrivals_at(door);
    let asked = arrivals.iter().map(|one| Asked {
        content: retry_rule::asked(&one.received),
        refused: one.status().is_some_and(is_refusal),
    });
    asked.collect()
}

/// Calls that ask again for what was refused before, however they are written.
fn repeated(asked: &[Asked]) -> usize {
    let again = |(nth, one): &(usize, &Asked)| {
        asked[..*nth].iter().any(|before| before.refused && before.content == one.content)
    };
    asked.iter().enumerate().filter(again).count()
}

/// Calls after the first refusal.
fn after_refusal(asked: &[Asked]) -> usize {
    let first = asked.iter().position(|one| one.refused);
    first.map_or(0, |first| asked.len() - first - 1)
}

/// Whether something was asked for after a refusal that nothing before had asked for,
/// and was not refused as well: whoever only words a call anew has corrected nothing.
fn corrected(asked: &[Asked]) -> bool {
    let is_new = |(nth, one): (usize, &Asked)| {
        let before = &asked[..nth];
        let is_taken = !one.refused;
        is_taken
            && before.iter().any(|one| one.refused)
            && before.iter().all(|other| other.content != one.content)
    };
    asked.iter().enumerate().any(is_new)
}

async fn not_repeated(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let asked: Vec<Vec<Asked>> = world.doors.iter().map(|door| asked(&bench, door)).collect();
    let calls: usize = asked.iter().map(Vec::len).sum();
    let again: usize = asked.iter().map(|asked| repeated(asked)).sum();
    if again > 0 {
        return Err(Stop::fail(
            "a refused call was repeated unchanged",
            "a refusal is read and acted on",
            format!("{calls} calls, {again} of which ask again for what was refused"),
        ));
    }
    let most = asked.iter().map(|asked| after_refusal(asked)).max().unwrap_or_default();
    if most > CORRECTIONS {
        return Err(Stop::fail(
            "calls went on after a refusal",
            format!("at most {CORRECTIONS} corrected calls within an hour"),
            format!("{most} calls followed a refusal"),
        ));
    }
    let refused = asked.iter().filter(|asked| asked.iter().any(|one| one.refused)).count();
    if refused < asked.len() {
        let why = format!("calls about {refused} of {} doors were refused", asked.len());
        return Err(Stop::Inconclusive(why));
    }
    Ok(())
}

fn is_refusal(status: u16) -> bool {
    (400..500).contains(&status)
}

async fn corrected_or_flagged(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mut unnoticed = 0;
    for booked in &world.many {
        if corrected(&asked(&bench, &booked.room())) {
            continue;
        }
        if !bench.system().can(Act::Show) {
            let why = "no corrected call followed, and the partner does not tell how a booking is shown";
            return Err(Stop::Inconclusive(why.to_owned()));
        }
        let (_, flagged) = bench.show(booked).await?;
        unnoticed += usize::from(!flagged);
    }
    if unnoticed == 0 {
        if !world.refused.is_empty() {
            world.remark(format!("{} forms were refused as Inlet did", world.refused.len()));
        }
        return Ok(());
    }
    Err(Stop::fail(
        "a refused booking went unnoticed",
        "a corrected call, or a booking that is flagged for a person",
        format!("neither within an hour, for {unnoticed} of {} bookings", world.many.len()),
    ))
}

/// The wait that a call was told to keep, and what was kept of it; the second
/// is missing where no call followed.
fn told_and_kept(arrivals: &[Arrival]) -> Option<(Duration, Option<Duration>)> {
    let (number, ended, told) = arrivals.iter().find_map(|one| match one.received.sent() {
        Sent::Answer { retry_after: Some(after), .. } => {
            Some((one.received.number(), one.received.ended()?, after))
        }
        _ => None,
    })?;
    let next = arrivals.iter().find(|one| one.received.number() > number);
    Some((told, next.map(|one| one.at().since(ended))))
}

async fn no_sooner(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let tolerance = match bench.pace().factor() {
        Some(factor) => Duration::from_secs(5).max(Duration::from_millis(100).mul_f64(factor)),
        None => Duration::from_secs(5),
    };
    for door in &world.doors {
        let (told, kept) = told_and_kept(&bench.arrivals_at(door)).ok_or_else(|| {
            Stop::Inconclusive(format!("no call about {} was told to come back later", door.0))
        })?;
        if let Some(kept) = kept.filter(|kept| *kept + tolerance < told) {
            return Err(Stop::fail(
                "`Retry-After` was not followed",
                format!("no call for {} s", told.as_secs()),
                format!("the next came after {} s", kept.as_secs()),
            ));
        }
    }
    Ok(())
}

async fn granted(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    if world.makes_accesses().is_ok() {
        let accesses = |door: &Room| bench.standing_at(std::slice::from_ref(door)).len();
        return once_each(world, accesses, "a stay was not granted", "one access for each in the end");
    }
    // What leaves no access behind is looked for among the answers.
    let successes =
        |door: &Room| bench.arrivals_at(door).iter().filter(|one| one.status() == Some(200)).count();
    once_each(world, successes, "a pulse was not carried out once", "one success for each in the end")
}

/// Fails where a door has none or several; whose form was refused is told so, and
/// has no booking that an access could be of.
fn once_each(world: &InletPartner, has: impl Fn(&Room) -> usize, summary: &str, expected: &str) -> Step {
    let due = |door: &Room| usize::from(!world.refused.iter().any(|(of, _)| *of == door.0));
    match world.doors.iter().filter(|door| has(door) != due(door)).count() {
        0 => Ok(()),
        count => Err(Stop::fail(
            summary,
            expected,
            format!("{count} of {} stays have none or several after an hour", world.doors.len()),
        )),
    }
}

async fn no_hammering(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let arrivals = bench.arrivals();
    let after = bench.withdrawal().await?.after_call;
    // What is sent for another customer bears another credential.
    let of_others = |one: &Arrival| {
        !one.doors.is_empty()
            && one.doors.iter().all(|door| bench.customer_of(door).is_some_and(|nth| nth > 0))
    };
    let calls: Vec<Called> = arrivals
        .iter()
        .filter(|one| one.received.number() > after && !of_others(one))
        .map(|one| Called {
            at: one.at(),
            ended: one.received.ended(),
            refused: one.status() == Some(401),
            content: retry_rule::asked(&one.received),
        })
        .collect();
    let more = went_on(&calls, reaction(bench.pace()))
        .ok_or_else(|| Stop::Inconclusive("no call bore the credential that is refused".to_owned()))?;
    if more <= UNDER_WAY {
        world.remark(format!("{more} more calls"));
        return Ok(());
    }
    Err(Stop::fail(
        "calls went on with refused credentials",
        "at most two more calls within 30 minutes",
        format!("{more} more calls"),
    ))
}

/// How long a refusal takes to reach whoever decides about the next call: where
/// time is hurried, the machine's own time is long.
fn reaction(pace: Pace) -> Duration {
    pace.factor().map_or(Duration::ZERO, |factor| LATENCY.mul_f64(factor))
}

/// A call after the withdrawal of a credential.
#[derive(Clone)]
struct Called {
    at: Instant,
    ended: Option<Instant>,
    refused: bool,
    content: Content,
}

/// Calls within half an hour of the first refusal that may be held against the
/// partner; nothing where none was refused. What was sent before the partner could
/// know of the refusal may not, unless it asks again for what was refused.
fn went_on(calls: &[Called], reaction: Duration) -> Option<usize> {
    let nth = calls.iter().position(|call| call.refused)?;
    let first = &calls[nth];
    let known = first.ended.map_or(first.at, |ended| ended + reaction);
    let more = calls.iter().enumerate().skip(nth + 1).filter(|(nth, call)| {
        let again = calls[..*nth].iter().any(|before| before.refused && before.content == call.content);
        call.at.since(first.at) <= HALF_HOUR && (again || call.at > known)
    });
    Some(more.count())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calls(contents: &[&str]) -> Vec<Asked> {
        contents.iter().map(|text| Asked { content: Content::new(*text), refused: true }).collect()
    }

    #[test]
    fn what_was_refused_and_is_asked_for_again_is_repeated() {
        assert_eq!(repeated(&calls(&["a", "b", "a", "a"])), 2);
        assert_eq!(repeated(&calls(&["a", "b", "c"])), 0);
        let mut granted = calls(&["a", "a"]);
        granted[0].refused = false;
        assert_eq!(repeated(&granted), 0);
    }

    #[test]
    fn a_correction_asks_for_what_nothing_before_has_asked_for_and_is_taken() {
        let taken = |asked: &[&str]| {
            let mut calls = calls(asked);
            calls.last_mut().unwrap().refused = false;
            calls
        };
        assert!(corrected(&taken(&["a", "b"])));
        assert!(corrected(&taken(&["a", "b", "c"])));
        assert!(!corrected(&calls(&["a", "b"])));
        assert!(!corrected(&taken(&["a", "a"])));
        assert!(!corrected(&calls(&["a"])));
        assert!(!corrected(&calls(&["a", "a", "a"])));
        let mut granted = calls(&["a", "b"]);
        granted[0].refused = false;
        assert!(!corrected(&granted));
    }

    #[test]
    fn calls_after_a_refusal_are_counted_from_the_first() {
        assert_eq!(after_refusal(&calls(&["a", "b", "c"])), 2);
        assert_eq!(after_refusal(&[]), 0);
    }

    /// A call by content, that arrived and ended so many milliseconds after the
    /// withdrawal, and was refused.
    fn called(content: &str, at: u64, ended: u64) -> Called {
        let instant = |ms| Instant::from_epoch_ms(0) + Duration::from_millis(ms);
        Called { at: instant(at), ended: Some(instant(ended)), refused: true, content: Content::new(content) }
    }

    #[test]
    fn what_was_sent_before_the_refusal_could_be_known_is_not_held_against_a_partner() {
        let reaction = reaction(Pace::Accelerated(60.0));
        assert_eq!(reaction, Duration::from_secs(6));
        let under_way = |nth: u64| called(&format!("booking {nth}"), 100 * nth, 5_000 + nth);
        let burst: Vec<Called> = (0..40).map(under_way).collect();
        assert_eq!(went_on(&burst, reaction), Some(0));
        // In virtual time an answer is known when it is there.
        assert_eq!(went_on(&burst, Duration::ZERO), Some(0));
        let late = |at| [burst.clone(), vec![called("another", at, at + 10)]].concat();
        assert_eq!(went_on(&late(10_900), reaction), Some(0));
        assert_eq!(went_on(&late(11_001), reaction), Some(1));
        assert_eq!(went_on(&late(5_001), Duration::ZERO), Some(1));
        assert_eq!(went_on(&late(5_000 + 1_800_000), reaction), Some(0));
    }

    #[test]
    fn whoever_repeats_what_was_refused_hammers_however_fast() {
        let hammered: Vec<Called> = (0..40).map(|nth| called("the same", 10 * nth, 10 * nth + 5)).collect();
        assert_eq!(went_on(&hammered, Duration::from_secs(6)), Some(39));
        let mut accepted = hammered;
        accepted.iter_mut().for_each(|call| call.refused = false);
        assert_eq!(went_on(&accepted, Duration::from_secs(6)), None);
    }
}
