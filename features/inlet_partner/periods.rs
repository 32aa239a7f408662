//! Periods and when they are sent: IP-06, IP-60.

use std::time::Duration;

use cucumber::step::Collection;
use jiff::Span;

use super::asked::{Asked, asked};
use super::world::InletPartner;
use super::{SOON, instant};
use crate::harness::partner::{Booked, PartnerBench};
use crate::harness::trial::{Step, Stop};
use crate::vendors::inlet::{Limits, Moment, Request};
use crate::vendors::vocabulary::{Instant, Window};

/// How long before it begins a stay may be sent.
const SOONEST: Duration = Duration::from_secs(Limits::SOONEST_HOURS * 3_600);
/// How much longer than it is sent before it begins a stay is booked ahead.
const AHEAD: Duration = Duration::from_secs(1_200);
/// For how long a stay that may be sent is watched where days are not waited for.
const WATCHED: Duration = Duration::from_secs(2_400);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        when "a guest's stay is booked" => books;
        when "a stay of 400 days is booked" => too_long;
        when r"a stay that begins in (\d+) hours is booked" => begins_in;
        when r"a stay that begins in (\d+) hours and (\d+) minutes is booked" => begins_within;
        then "the access period covers the stay and gives its zone" => covers;
        then "no call asks for more than 367 days" => not_too_long;
        then "no call asked for a period that ends before it begins, names no zone or is longer than 367 days" => well_formed;
        given "the partner says how long before the arrival it sends a stay" => says_when;
        when "a stay is booked that begins 20 minutes more than that from now" => begins_when_said;
        then "it is sent within 15 minutes of that" => sent_when_said;
        then r"it is sent within 15 minutes" => sent_soon;
        then r"it is not sent more than 72 hours before it begins" => not_too_early;
        then "it is sent before it begins" => sent_in_time;
    }
}

async fn books(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let booked = bench.book(bench.stay()?).await?;
    arrived(world, booked).await
}

async fn arrived(world: &mut InletPartner, booked: Booked) -> Step {
    let room = booked.room();
    world.bench()?.until(SOON, |bench| !bench.arrivals_at(&room).is_empty()).await;
    world.booked = Some(booked);
    Ok(())
}

/// The period of the last grant about a stay, as it was written.
fn period(world: &InletPartner, booked: &Booked) -> Result<(Moment, Moment), Stop> {
    let arrivals = world.bench()?.arrivals_at(&booked.room());
    if arrivals.is_empty() {
        return Err(Stop::fail("the stay was not sent", "a call about the guest's door", "none arrived"));
    }
    let mut periods = arrivals.iter().filter_map(|one| match one.request()? {
        Request::Grant(grant) => Some((grant.from, grant.to)),
        _ => None,
    });
    periods.next_back().ok_or_else(|| {
        Stop::fail("the access period could not be understood", "RFC 3339 with an offset", "another form")
    })
}

async fn covers(world: &mut InletPartner) -> Step {
    let booked = world.stay()?;
    let (from, to) = period(world, &booked)?;
    if super::covers(Window::new(from.instant(), to.instant()), &booked.booking) {
        return Ok(());
    }
    let (begins, ends) = (instant(&booked.booking.from), instant(&booked.booking.until));
    Err(Stop::fail(
        "the access period is not that of the stay",
        format!("from {begins} to {ends}, or up to an hour more at either end"),
        format!("from {} to {}", from.instant(), to.instant()),
    ))
}

async fn too_long(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let mut booking = bench.stay()?;
    let until = booking.from.checked_add(Span::new().days(400));
    booking.until = until.map_err(|why| Stop::Error(why.to_string()))?;
    world.doors = booking.rooms.clone();
    // A form that refuses it is right.
    world.booked = bench.try_book(booking).await?.ok();
    bench.pass(SOON).await;
    Ok(())
}

/// The longest period that Inlet grants.
const LONGEST: Duration = Duration::from_secs(Limits::PERIOD_DAYS * 86_400);

/// How much longer than is granted a period is, in words; nothing where it is not.
fn too_long_by(window: &Window) -> Option<String> {
    let lasts = window.until.since(window.from);
    (lasts > LONGEST).then(|| format!("{} days", lasts.as_secs() / 86_400))
}

async fn not_too_long(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let arrivals: Vec<_> = world.doors.iter().flat_map(|room| bench.arrivals_at(room)).collect();
    match asked(&arrivals).iter().find_map(|one| too_long_by(&one.window)) {
        None => Ok(()),
        Some(days) => Err(Stop::fail(
            "a period of more than 367 days was asked for",
            "at most 367 days, in a grant and in an update",
            days,
        )),
    }
}

async fn well_formed(world: &mut InletPartner) -> Step {
    let arrivals = world.bench()?.arrivals();
    let mut wrong = Vec::new();
    let periods = asked(&arrivals);
    let has_periods = !periods.is_empty();
    for Asked { number, window } in periods {
        if window.until <= window.from {
            wrong.push(format!("call {number} ends before it begins"));
        }
        wrong.extend(too_long_by(&window).map(|days| format!("call {number} asks for {days}")));
    }
    for arrival in &arrivals {
        if let Some(Err(refused)) = arrival.received.request()
            && (refused.message.starts_with("`from`") || refused.message.starts_with("`to`"))
        {
            wrong.push(format!("call {}: {}", arrival.received.number(), refused.message));
        }
    }
    if wrong.is_empty() {
        // A pulse has no period; whoever declares nothing else and asks for one all the
        // same is judged by it.
        return if has_periods { Ok(()) } else { world.makes_accesses() };
    }
    wrong.truncate(5);
    Err(Stop::fail(
        "periods were malformed",
        "a begin before the end, each with its offset, and at most 367 days between them",
        wrong.join("; "),
    ))
}

async fn begins_in(world: &mut InletPartner, hours: u64) -> Step {
    begins_within(world, hours, 0).await
}

async fn begins_within(world: &mut InletPartner, hours: u64, minutes: u64) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let ahead = i64::try_from(hours * 60 + minutes).unwrap_or(i64::MAX);
    let mut booking = bench.stay()?;
    booking.from = bench.in_minutes(ahead);
    booking.until = bench.in_minutes(ahead.saturating_add(20 * 60));
    let booked = bench.book(booking).await?;
    let room = booked.room();
    let sent = |bench: &PartnerBench| !bench.arrivals_at(&room).is_empty();
    let early = Duration::from_secs((hours * 60 + minutes) * 60).saturating_sub(SOONEST);
    if early.is_zero() {
        bench.until(SOON, sent).await;
    } else {
        // First whether it comes too early, then whether it comes at all.
        bench.pass(early.saturating_sub(Duration::from_secs(120))).await;
        let rest = match bench.pace().factor() {
            None => SOONEST,
            // Days are not waited for; who sends it later than this is told apart.
            Some(_) => WATCHED,
        };
        bench.until(rest, sent).await;
    }
    world.booked = Some(booked);
    Ok(())
}

/// When a stay was sent first, where it was.
fn sent_at(world: &InletPartner) -> Result<(Booked, Option<Instant>), Stop> {
    let booked = world.stay()?;
    let first = world.bench()?.arrivals_at(&booked.room()).first().map(|one| one.at());
    Ok((booked, first))
}

async fn sent_soon(world: &mut InletPartner) -> Step {
    let (booked, sent) = sent_at(world)?;
    match sent {
        Some(at) if at.since(booked.at) <= SOON => Ok(()),
        Some(at) => Err(Stop::fail(
            "a stay that begins soon was sent late",
            "within 15 minutes",
            format!("after {} s", at.since(booked.at).as_secs()),
        )),
        None => Err(Stop::fail("a stay that begins soon was not sent", "within 15 minutes", "no call")),
    }
}

async fn not_too_early(world: &mut InletPartner) -> Step {
    let (booked, sent) = sent_at(world)?;
    let begins = instant(&booked.booking.from);
    let longest = SOONEST + Duration::from_secs(60);
    match sent {
        Some(at) if begins.since(at) > longest => Err(Stop::fail(
            "a booking was sent too early",
            "not more than 72 hours before it begins",
            format!("{:.1} hours before", begins.since(at).as_secs_f64() / 3_600.0),
        )),
        _ => Ok(()),
    }
}

async fn sent_in_time(world: &mut InletPartner) -> Step {
    let (booked, sent) = sent_at(world)?;
    let begins = instant(&booked.booking.from);
    match sent {
        Some(at) if at <= begins => Ok(()),
        Some(at) => Err(Stop::fail(
            "a booking was sent after it had begun",
            "before the arrival",
            format!("{} s after it", at.since(begins).as_secs()),
        )),
        None => {
            let bench = world.bench()?;
            not_sent(bench.pace().factor().is_none(), bench.description().declared.sends_before)
        }
    }
}

/// What it means that a stay was not sent while it was watched.
fn not_sent(until_it_began: bool, sends_before: Option<Duration>) -> Step {
    if until_it_began {
        return Err(Stop::fail("a booking was not sent", "before the arrival", "no call until it began"));
    }
    // That it is sent then has a scenario of its own.
    if sends_before.is_some_and(|before| before + WATCHED <= SOONEST) {
        return Ok(());
    }
    Err(Stop::Inconclusive(
        "nothing came within 40 minutes of when it might be sent, and days are not waited for in this partner's \
         time; say when it is sent (`sends_before` under [declares])"
            .to_owned(),
    ))
}

fn said(world: &InletPartner) -> Result<Duration, Stop> {
    world.bench()?.description().declared.sends_before.ok_or_else(|| {
        Stop::NotApplicable("the partner does not say how long before the arrival it sends a stay".to_owned())
    })
}

async fn says_when(world: &mut InletPartner) -> Step {
    said(world).map(drop)
}

async fn begins_when_said(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let minutes = said(world)?.as_secs() / 60 + 20;
    let bench = world.bench()?;
    let ahead = i64::try_from(minutes).unwrap_or(i64::MAX);
    let mut booking = bench.stay()?;
    booking.from = bench.in_minutes(ahead);
    booking.until = bench.in_minutes(ahead.saturating_add(20 * 60));
    let booked = bench.book(booking).await?;
    let room = booked.room();
    bench.until(AHEAD + SOON, |bench| !bench.arrivals_at(&room).is_empty()).await;
    world.booked = Some(booked);
    Ok(())
}

async fn sent_when_said(world: &mut InletPartner) -> Step {
    let (_, sent) = sent_at(world)?;
    match sent {
        // Sooner than it says is right too, as long as it is not too soon.
        Some(_) => not_too_early(world).await,
        None => Err(Stop::fail(
            "a stay was not sent when the partner says that it is",
            format!("a call {} minutes before the arrival", said(world)?.as_secs() / 60),
            "no call within 15 minutes of that",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_not_waited_for_where_the_partner_says_when_it_sends() {
        let day = Duration::from_secs(86_400);
        assert!(matches!(not_sent(false, None), Err(Stop::Inconclusive(_))));
        assert!(not_sent(false, Some(day)).is_ok());
        let almost = SOONEST.saturating_sub(Duration::from_secs(600));
        assert!(matches!(not_sent(false, Some(almost)), Err(Stop::Inconclusive(_))), "it should have come");
        assert!(matches!(not_sent(true, Some(day)), Err(Stop::Fail(_))));
    }
}
