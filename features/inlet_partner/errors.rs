//! Errors: IP-10, IP-11, IP-12, and the log.

use std::time::Duration;

use cucumber::step::Collection;

use super::SOON;
use super::world::InletPartner;
use crate::harness::partner::{Arrival, PartnerBench};
use crate::harness::trial::{Step, Stop};
use crate::simulator::{Effect, Fault, Schedule, Sent};
use crate::vendors::partner::{Act, Room};
use crate::vendors::vocabulary::{FailureKind, LockId};

/// Calls that may have been under way when a credential was refused.
const UNDER_WAY: usize = 2;
/// For how long no more than those may follow.
const HALF_HOUR: Duration = Duration::from_secs(1_800);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "behind Inlet one lock is full, one cannot be reached, and one takes no such access" => refused_for_good;
        given "Inlet answers once that it was one call too many, to be repeated after 60 seconds" => too_many;
        given "the lock system behind Inlet is busy with another door for a minute" => busy;
        given "the partner hands its log in" => hands_log_in;
        given "Inlet refused a call of the run" => refused_a_call;
        given "Inlet refuses the credential from now on" => refuses_credential;
        when "a guest's stay behind each of these doors is booked" => books_there;
        when "guests' stays are booked" => books_some;
        then "no refused call is repeated unchanged within an hour" => not_repeated;
        then "for each a corrected call follows, or the partner flags the booking" => corrected_or_flagged;
        then "the next call about each comes no sooner than it was told to" => no_sooner;
        then "each of these stays is granted in the end" => granted;
        then "the log tells of the refusal" => log_tells;
        then "the log holds no credential" => no_credential;
        then "the log holds no email address, no phone number and no name of a guest" => nobody;
        then "at most two more calls arrive within 30 minutes of the first refusal" => no_hammering;
    }
}

/// A door that nobody has used, for the scenario to be about.
fn new_door(world: &mut InletPartner) -> Result<Room, Stop> {
    let room = world.bench()?.room(0).ok_or_else(|| Stop::Error("all doors are used up".to_owned()))?;
    world.doors.push(room.clone());
    Ok(room)
}

/// What the lock vendor does at a new door.
fn vendor_fails(world: &mut InletPartner, schedule: Schedule, effect: Effect) -> Step {
    let door = new_door(world)?;
    world.bench()?.inject_upstream(Fault::at(LockId::new(door.0.as_str()), schedule, effect));
    Ok(())
}

async fn refused_for_good(world: &mut InletPartner) -> Step {
    vendor_fails(world, Schedule::default(), Effect::Refuse(FailureKind::Full))?;
    vendor_fails(world, Schedule::default(), Effect::Refuse(FailureKind::Invalid))?;
    let door = new_door(world)?;
    world.bench()?.cut_off(&door);
    Ok(())
}

/// Calls are counted by Inlet, not by the lock system behind it.
async fn too_many(world: &mut InletPartner) -> Step {
    let door = new_door(world)?;
    let effect = Effect::RateLimit(Duration::from_secs(60));
    let fault = Fault::at(LockId::new(door.0.as_str()), Schedule::times(1), effect);
    world.bench()?.inject(fault).map_err(Stop::Error)
}

async fn busy(world: &mut InletPartner) -> Step {
    let minute = Schedule::lasting(Duration::from_secs(60));
    vendor_fails(world, minute, Effect::Refuse(FailureKind::Busy))
}

async fn books_there(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    for door in &world.doors {
        let mut booking = bench.stay()?;
        booking.rooms = vec![door.clone()];
        world.many.push(bench.book(booking).await?);
    }
    let unsent =
        |bench: &PartnerBench| world.doors.iter().filter(|door| bench.arrivals_at(door).is_empty()).count();
    bench.until(SOON, |bench| unsent(bench) == 0).await;
    match unsent(&bench) {
        0 => {
            bench.pass(Duration::from_secs(3_600)).await;
            Ok(())
        }
        count => Err(Stop::fail(
            "a stay was not sent",
            "a call about each guest's door",
            format!("none arrived about {count} of {}", world.doors.len()),
        )),
    }
}

/// Calls that follow the very same call, which was refused.
fn repeated(arrivals: &[Arrival]) -> usize {
    let is_repeated = |(nth, one): &(usize, &Arrival)| {
        let refused = one.status().is_some_and(is_refusal);
        let same = |later: &Arrival| {
            later.received.exposed().body == one.received.exposed().body
                && later.operation() == one.operation()
        };
        refused && arrivals.iter().skip(nth + 1).any(same)
    };
    arrivals.iter().enumerate().filter(is_repeated).count()
}

async fn not_repeated(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let (mut calls, mut refused, mut again) = (0, 0, 0);
    for door in &world.doors {
        let arrivals = bench.arrivals_at(door);
        calls += arrivals.len();
        refused += usize::from(arrivals.iter().any(|one| one.status().is_some_and(is_refusal)));
        again += repeated(&arrivals);
    }
    if again > 0 {
        return Err(Stop::fail(
            "a refused call was repeated unchanged",
            "a refusal is read and acted on",
            format!("{calls} calls, {again} of them followed by the very same"),
        ));
    }
    if refused < world.doors.len() {
        let why = format!("calls about {refused} of {} doors were refused", world.doors.len());
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
        let arrivals = bench.arrivals_at(&booked.room());
        let first = arrivals.first().map(|one| one.received.exposed().body.clone());
        if arrivals.iter().any(|one| Some(&one.received.exposed().body) != first.as_ref()) {
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
    if world.makes_accesses().is_err() {
        return pulsed(world);
    }
    let bench = world.bench()?;
    let lacking = |door: &&Room| bench.standing_at(std::slice::from_ref(*door)).len() != 1;
    match world.doors.iter().filter(lacking).count() {
        0 => Ok(()),
        count => Err(Stop::fail(
            "a stay was not granted",
            "one access for each in the end",
            format!("{count} of {} stays have none or several after an hour", world.doors.len()),
        )),
    }
}

/// What leaves no access behind is looked for among the answers.
fn pulsed(world: &InletPartner) -> Step {
    let bench = world.bench()?;
    let lacking = |door: &&Room| {
        let arrivals = bench.arrivals_at(door);
        arrivals.iter().filter(|one| one.status() == Some(200)).count() != 1
    };
    match world.doors.iter().filter(lacking).count() {
        0 => Ok(()),
        count => Err(Stop::fail(
            "a pulse was not carried out once",
            "one success for each in the end",
            format!("{count} of {} have none or several after an hour", world.doors.len()),
        )),
    }
}

async fn hands_log_in(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    match bench.log().await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => {
            Err(Stop::Inconclusive("the partner hands no log in (`log` of its description)".to_owned()))
        }
        Err(why) => Err(Stop::Inconclusive(why)),
    }
}

async fn log(world: &InletPartner) -> Result<String, Stop> {
    let text = world.bench()?.log().await.map_err(Stop::Inconclusive)?;
    text.ok_or_else(|| Stop::Inconclusive("no log".to_owned()))
}

async fn refused_a_call(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let refused = bench.arrivals().iter().any(|one| one.status().is_some_and(|status| status >= 400));
    if refused {
        return Ok(());
    }
    vendor_fails(world, Schedule::default(), Effect::Refuse(FailureKind::Full))?;
    books_there(world).await
}

async fn log_tells(world: &mut InletPartner) -> Step {
    let text = log(world).await?.to_lowercase();
    let bench = world.bench()?;
    let statuses: Vec<String> = bench
        .arrivals()
        .iter()
        .filter_map(|one| one.status())
        .filter(|status| *status >= 400)
        .map(|status| status.to_string())
        .collect();
    let told = statuses.iter().any(|status| text.contains(status.as_str()))
        || ["error", "refused", "failed", "timeout"].iter().any(|word| text.contains(word));
    if told {
        return Ok(());
    }
    Err(Stop::fail(
        "errors are not logged",
        "the log tells of refused calls",
        "nothing of the kind stands in it",
    ))
}

async fn no_credential(world: &mut InletPartner) -> Step {
    let text = log(world).await?;
    if world.bench()?.tokens().iter().any(|token| text.contains(token.expose())) {
        return Err(Stop::fail("the log holds a credential", "no credential in the log", "one stands in it"));
    }
    Ok(())
}

async fn nobody(world: &mut InletPartner) -> Step {
    let text = log(world).await?;
    let mut found: Vec<&str> = Vec::new();
    for booked in world.bench()?.all_booked() {
        for guest in &booked.booking.guests {
            if guest.email.len() > 5 && text.contains(&guest.email) {
                found.push("an email address");
            }
            if guest.name.starts_with("Lockstep Guest-") && text.contains(&guest.name) {
                found.push("a name");
            }
            let number: String = guest.phone.chars().filter(char::is_ascii_digit).collect();
            if number.len() >= 10 && (text.contains(&guest.phone) || text.contains(&number)) {
                found.push("a phone number");
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return Ok(());
    }
    Err(Stop::fail("the log holds personal data", "no personal data in the log", found.join(", ")))
}

async fn refuses_credential(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    world.before = bench.arrivals().len();
    bench.withdraw_credential();
    Ok(())
}

async fn books_some(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let first = bench.book(bench.stay()?).await?;
    let room = first.room();
    bench.until(SOON, |bench| !bench.arrivals_at(&room).is_empty()).await;
    bench.pass(Duration::from_secs(300)).await;
    for _ in 0..4 {
        // A system that takes no bookings while it is locked out is right too.
        if let Ok(booked) = bench.try_book(bench.stay()?).await? {
            world.many.push(booked);
        }
    }
    // What is judged is the half hour after the first refusal.
    let refused = refusal(&bench.arrivals(), world.before).map(|one| one.at());
    let watched = refused.map_or(HALF_HOUR, |at| (at + HALF_HOUR).since(bench.now()));
    bench.pass(watched + Duration::from_secs(60)).await;
    Ok(())
}

/// The first call since some others that was refused for its credential.
fn refusal(arrivals: &[Arrival], before: usize) -> Option<&Arrival> {
    arrivals.iter().skip(before).find(|one| one.status() == Some(401))
}

async fn no_hammering(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let arrivals = bench.arrivals();
    let first = refusal(&arrivals, world.before)
        .ok_or_else(|| Stop::Inconclusive("no call bore the credential that is refused".to_owned()))?;
    let more = arrivals
        .iter()
        .filter(|one| one.received.number() > first.received.number())
        .filter(|one| one.at().since(first.at()) <= HALF_HOUR)
        .count();
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
