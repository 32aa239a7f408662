//! Periods and when they are sent: IP-06, IP-60.

use std::time::Duration;

use cucumber::step::Collection;
use jiff::{Span, Zoned};

use super::world::InletPartner;
use super::{LEEWAY, SOON, within};
use crate::harness::partner::{Booked, stay_zone};
use crate::harness::trial::{Step, Stop};
use crate::vendors::inlet::{Limits, Moment, Request};
use crate::vendors::vocabulary::Instant;

const HOUR: Duration = Duration::from_secs(3_600);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        when "a guest's stay is booked" => books;
        when "a guest's stay is booked across the day on which the clocks go forward" => across_forward;
        when "a guest's stay is booked across the day on which the clocks go back" => across_back;
        when "a stay of 400 days is booked" => too_long;
        when r"a stay that begins in (\d+) hours is booked" => begins_in;
        then "the access period covers the stay and gives its zone" => covers;
        then "no call asks for more than 367 days" => not_too_long;
        then "no call asked for a period that ends before it begins, or names no zone" => well_formed;
        then r"it is sent within 15 minutes" => sent_soon;
        then r"it is not sent more than 72 hours before it begins" => not_too_early;
        then "it is sent before it begins" => sent_in_time;
    }
}

async fn books(world: &mut InletPartner) -> Step {
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

/// The next day on which the zone of the stays changes its clocks, at noon.
fn change_of_clocks(from: Instant, forward: bool) -> Result<Zoned, Stop> {
    let zone = stay_zone();
    let mut following = zone.following(from.timestamp());
    let mut before = zone.to_offset(from.timestamp());
    following
        .find_map(|change| {
            let is_forward = change.offset() > before;
            before = change.offset();
            (is_forward == forward).then(|| change.timestamp().to_zoned(zone.clone()))
        })
        .and_then(|change| change.with().hour(12).minute(0).second(0).subsec_nanosecond(0).build().ok())
        .ok_or_else(|| Stop::Inconclusive("the zone of the stays does not change its clocks".to_owned()))
}

/// A stay from three in the afternoon of the day before to eleven of the day
/// after; it is sent when it is due, which only time that can be moved brings near.
async fn across(world: &mut InletPartner, forward: bool) -> Step {
    let bench = world.bench()?;
    let day = change_of_clocks(bench.now(), forward)?;
    let moved = |days: i64, hours: i64| {
        day.checked_add(Span::new().days(days))
            .and_then(|day| day.with().hour(i8::try_from(hours).unwrap_or(12)).build())
            .map_err(|why| Stop::Error(why.to_string()))
    };
    let mut booking = bench.stay()?;
    (booking.from, booking.until) = (moved(-1, 15)?, moved(1, 11)?);
    let due = Instant::from_timestamp(booking.from.timestamp());
    let booked = bench.book(booking).await?;
    let wait = due.since(bench.now()).saturating_sub(HOUR);
    let room = booked.room();
    let sent = |bench: &crate::harness::partner::PartnerBench| !bench.arrivals_at(&room).is_empty();
    if bench.pace().factor().is_some() {
        // Nobody waits for months; who sends early is judged by what was sent.
        bench.until(SOON, sent).await;
        if !sent(&bench) {
            let why = "the change of the clocks is too far away to be waited for in this partner's time";
            return Err(Stop::NotApplicable(why.to_owned()));
        }
    } else {
        bench.pass(wait).await;
        // Who sends at the last moment is judged by IP-60, not here.
        bench.until(HOUR + SOON, sent).await;
    }
    world.booked = Some(booked);
    Ok(())
}

async fn across_forward(world: &mut InletPartner) -> Step {
    across(world, true).await
}

async fn across_back(world: &mut InletPartner) -> Step {
    across(world, false).await
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
    let instant = |at: &Zoned| Instant::from_timestamp(at.timestamp());
    let (begins, ends) = (instant(&booked.booking.from), instant(&booked.booking.until));
    let covers = from.instant() <= begins && to.instant() >= ends;
    let close = within(from.instant(), begins, LEEWAY) && within(to.instant(), ends, LEEWAY);
    if covers && close {
        return Ok(());
    }
    Err(Stop::fail(
        "the access period is not that of the stay",
        format!("from {begins} to {ends}, or up to an hour more at either end"),
        format!("from {} to {}", from.instant(), to.instant()),
    ))
}

async fn too_long(world: &mut InletPartner) -> Step {
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

async fn not_too_long(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let longest = Duration::from_secs(Limits::PERIOD_DAYS * 86_400);
    let arrivals = world.doors.iter().flat_map(|room| bench.arrivals_at(room));
    let long = arrivals
        .filter_map(|one| match one.request()? {
            Request::Grant(grant) => Some(grant.to.instant().since(grant.from.instant())),
            _ => None,
        })
        .find(|period| *period > longest);
    match long {
        None => Ok(()),
        Some(period) => Err(Stop::fail(
            "a period of more than 367 days was asked for",
            "at most 367 days",
            format!("{} days", period.as_secs() / 86_400),
        )),
    }
}

async fn well_formed(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mut wrong = Vec::new();
    for arrival in bench.arrivals() {
        let number = arrival.received.number();
        match arrival.received.request() {
            Some(Ok(Request::Grant(grant))) if grant.to.instant() <= grant.from.instant() => {
                wrong.push(format!("call {number} ends before it begins"));
            }
            Some(Err(refused))
                if refused.message.starts_with("`from`") || refused.message.starts_with("`to`") =>
            {
                wrong.push(format!("call {number}: {}", refused.message));
            }
            _ => {}
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.truncate(5);
    Err(Stop::fail(
        "periods were malformed",
        "a begin before the end, each with its offset",
        wrong.join("; "),
    ))
}

async fn begins_in(world: &mut InletPartner, hours: i64) -> Step {
    let bench = world.bench()?;
    let mut booking = bench.stay()?;
    booking.from = bench.in_minutes(hours * 60);
    booking.until = bench.in_minutes((hours + 20) * 60);
    let booked = bench.book(booking).await?;
    let room = booked.room();
    if hours <= 72 {
        bench.until(SOON, |bench| !bench.arrivals_at(&room).is_empty()).await;
    } else {
        // First whether it comes too early, then whether it comes at all.
        let early = Duration::from_secs(hours.unsigned_abs() * 3_600 - Limits::SOONEST_HOURS * 3_600);
        bench.pass(early.saturating_sub(Duration::from_secs(120))).await;
        if bench.arrivals_at(&room).is_empty() {
            let rest = match bench.pace().factor() {
                None => Duration::from_secs(Limits::SOONEST_HOURS * 3_600),
                // Days are not waited for: half an hour after it may be sent is told apart.
                Some(_) => Duration::from_secs(1_800),
            };
            bench.until(rest, |bench| !bench.arrivals_at(&room).is_empty()).await;
        }
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
    let begins = Instant::from_timestamp(booked.booking.from.timestamp());
    let longest = Duration::from_secs(Limits::SOONEST_HOURS * 3_600) + LEEWAY.min(Duration::from_secs(60));
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
    let begins = Instant::from_timestamp(booked.booking.from.timestamp());
    match sent {
        Some(at) if at <= begins => Ok(()),
        Some(at) => Err(Stop::fail(
            "a booking was sent after it had begun",
            "before the arrival",
            format!("{} s after it", at.since(begins).as_secs()),
        )),
        None if bench_waits(world)? => {
            Err(Stop::fail("a booking was not sent", "before the arrival", "no call until it began"))
        }
        None => Err(Stop::Inconclusive(
            "nothing came within half an hour of when it might be sent, and days are not waited for in this \
             partner's time"
                .to_owned(),
        )),
    }
}

/// Whether a stay's begin was waited for.
fn bench_waits(world: &InletPartner) -> Result<bool, Stop> {
    Ok(world.bench()?.pace().factor().is_none())
}
