//! Errors: IP-10, IP-11, IP-12, and the log.

use std::time::Duration;

use cucumber::step::Collection;

use super::SOON;
use super::world::InletPartner;
use crate::harness::trial::{Step, Stop};
use crate::simulator::{Effect, Fault, Place, Schedule, Sent};
use crate::vendors::partner::Act;
use crate::vendors::vocabulary::{FailureKind, LockId};

/// Calls that may have been under way when a credential was refused.
const UNDER_WAY: usize = 2;

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "Inlet refuses every call about a door as invalid" => refuses;
        given "Inlet answers once that it was one call too many, to be repeated after 60 seconds" => too_many;
        given "the partner hands its log in" => hands_log_in;
        given "Inlet refused a call of the run" => refused_a_call;
        given "Inlet refuses the credential from now on" => refuses_credential;
        when "a guest's stay behind that door is booked" => books_there;
        when "guests' stays are booked" => books_some;
        then "the refused call is not repeated unchanged within an hour" => not_repeated;
        then "a corrected call follows, or the partner flags the booking" => corrected_or_flagged;
        then "the next call about it comes no sooner than it was told to" => no_sooner;
        then "the stay is granted in the end" => granted;
        then "the log tells of the refusal" => log_tells;
        then "the log holds no credential" => no_credential;
        then "the log holds no email address, no phone number and no name of a guest" => nobody;
        then "at most two more calls arrive within 30 minutes of the first refusal" => no_hammering;
    }
}

/// Strikes at a door that nobody has used.
fn strike(world: &mut InletPartner, effect: Effect, times: Option<u32>) -> Step {
    let bench = world.bench()?;
    let room = bench.room(0).ok_or_else(|| Stop::Error("all doors are used up".to_owned()))?;
    let lock = Some(LockId::new(room.0.as_str()));
    let fault = Fault {
        place: Place { lock, ..Place::default() },
        schedule: Schedule { times, ..Schedule::default() },
        effect,
    };
    bench.inject(fault).map_err(Stop::Error)?;
    world.doors = vec![room];
    Ok(())
}

async fn refuses(world: &mut InletPartner) -> Step {
    strike(world, Effect::Refuse(FailureKind::Invalid), None)
}

async fn too_many(world: &mut InletPartner) -> Step {
    strike(world, Effect::RateLimit(Duration::from_secs(60)), Some(1))
}

async fn books_there(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mut booking = bench.stay()?;
    booking.rooms.clone_from(&world.doors);
    let booked = bench.book(booking).await?;
    let room = booked.room();
    bench.until(SOON, |bench| !bench.arrivals_at(&room).is_empty()).await;
    if bench.arrivals_at(&room).is_empty() {
        return Err(Stop::fail("the stay was not sent", "a call about the guest's door", "none arrived"));
    }
    bench.pass(Duration::from_secs(3_600)).await;
    world.booked = Some(booked);
    Ok(())
}

async fn not_repeated(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let arrivals = bench.arrivals_at(&world.stay()?.room());
    let mut repeated = 0;
    for (nth, one) in arrivals.iter().enumerate() {
        let refused = one.status().is_some_and(|status| (400..500).contains(&status));
        let same = |later: &crate::harness::partner::Arrival| {
            later.received.exposed().body == one.received.exposed().body
                && later.operation() == one.operation()
        };
        repeated += usize::from(refused && arrivals.iter().skip(nth + 1).any(same));
    }
    if repeated == 0 {
        return Ok(());
    }
    Err(Stop::fail(
        "a refused call was repeated unchanged",
        "a refusal is read and acted on",
        format!("{} calls, {repeated} of them followed by the very same", arrivals.len()),
    ))
}

async fn corrected_or_flagged(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    let arrivals = bench.arrivals_at(&booked.room());
    let first = arrivals.first().map(|one| one.received.exposed().body.clone());
    if arrivals.iter().any(|one| Some(&one.received.exposed().body) != first.as_ref()) {
        return Ok(());
    }
    if !bench.system().can(Act::Show) {
        let why = "no corrected call followed, and the partner does not tell how a booking is shown";
        return Err(Stop::Inconclusive(why.to_owned()));
    }
    let (_, flagged) = bench.show(&booked).await?;
    if flagged {
        return Ok(());
    }
    Err(Stop::fail(
        "a refused booking went unnoticed",
        "a corrected call, or a booking that is flagged for a person",
        "neither within an hour",
    ))
}

async fn no_sooner(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let arrivals = bench.arrivals_at(&world.stay()?.room());
    let told = arrivals.iter().find_map(|one| match one.received.sent() {
        Sent::Answer { retry_after: Some(after), .. } => {
            Some((one.received.number(), one.received.ended()?, after))
        }
        _ => None,
    });
    let (number, ended, after) =
        told.ok_or_else(|| Stop::Inconclusive("no call was told to come back later".to_owned()))?;
    let next = arrivals.iter().find(|one| one.received.number() > number);
    let tolerance = match bench.pace().factor() {
        Some(factor) => Duration::from_secs(5).max(Duration::from_millis(100).mul_f64(factor)),
        None => Duration::from_secs(5),
    };
    match next {
        Some(one) if one.at().since(ended) + tolerance < after => Err(Stop::fail(
            "`Retry-After` was not followed",
            format!("no call for {} s", after.as_secs()),
            format!("the next came after {} s", one.at().since(ended).as_secs()),
        )),
        _ => Ok(()),
    }
}

async fn granted(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let room = world.stay()?.room();
    if bench.standing_at(std::slice::from_ref(&room)).len() == 1 {
        return Ok(());
    }
    Err(Stop::fail("the stay was not granted", "one access in the end", "none within an hour"))
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
    strike(world, Effect::Refuse(FailureKind::Invalid), None)?;
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
    bench.pass(Duration::from_secs(1_800)).await;
    Ok(())
}

async fn no_hammering(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let arrivals = bench.arrivals();
    let refused = arrivals.iter().skip(world.before).find(|one| one.status() == Some(401));
    let first = refused
        .ok_or_else(|| Stop::Inconclusive("no call bore the credential that is refused".to_owned()))?;
    let more = arrivals
        .iter()
        .filter(|one| one.received.number() > first.received.number())
        .filter(|one| one.at().since(first.at()) <= Duration::from_secs(1_800))
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
