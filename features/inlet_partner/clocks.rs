//! Stays across a change of the clocks: IP-06.
//!
//! The clocks change twice a year, and a stay is sent not more than 72 hours before
//! it begins. Where time can be moved, a stay over the night of the change is booked
//! and the day before it is brought near. Where it cannot, the stay is booked that
//! begins soon and ends the day after the change, however many months that is; it
//! must not cross the change before, for what two changes do to a time they undo.

use std::time::Duration;

use cucumber::step::Collection;
use jiff::tz::{TimeZone, TimeZoneTransition};
use jiff::{Span, Timestamp, Zoned};

use super::world::InletPartner;
use super::{SOON, instant};
use crate::harness::partner::{PartnerBench, stay_zone};
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::Instant;

const HOUR: Duration = Duration::from_secs(3_600);

/// How far ahead a stay is sent by every partner that may be in no hurry: one that
/// sends a day before, with an hour for the run itself.
const SENT_AHEAD: Duration = Duration::from_secs(23 * 3_600);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        when "a guest's stay is booked across the day on which the clocks go forward" => forward;
        when "a guest's stay is booked across the day on which the clocks go back" => back;
    }
}

/// Which way the clocks go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Forward,
    Back,
}

async fn forward(world: &mut InletPartner) -> Step {
    across(world, Way::Forward).await
}

async fn back(world: &mut InletPartner) -> Step {
    across(world, Way::Back).await
}

async fn across(world: &mut InletPartner, way: Way) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let mut booking = bench.stay()?;
    let room = booking.rooms.first().cloned();
    let sent = |bench: &PartnerBench| room.as_ref().is_some_and(|room| !bench.arrivals_at(room).is_empty());
    if bench.pace().factor().is_none() {
        (booking.from, booking.until) = over_the_night(bench.now(), way)?;
        let begins = instant(&booking.from);
        let booked = bench.book(booking).await?;
        bench.pass(begins.since(bench.now()).saturating_sub(HOUR)).await;
        // Who sends at the last moment is judged by IP-60, not here.
        bench.until(HOUR + SOON, sent).await;
        world.booked = Some(booked);
        return Ok(());
    }
    (booking.from, booking.until) = from_soon_on(bench.now(), bench.in_minutes(120), way)?;
    let booked = bench.try_book(booking).await?.map_err(|why| {
        let why = format!("the form takes no stay that lasts until the clocks have changed: {why}");
        Stop::Inconclusive(why)
    })?;
    if !bench.until(SOON, sent).await {
        let why = "a stay across the change of the clocks was not sent within 15 minutes, which it need not be; \
                   it is not waited for in this partner's time";
        return Err(Stop::Inconclusive(why.to_owned()));
    }
    world.booked = Some(booked);
    Ok(())
}

/// The next change that way.
fn change(zone: &TimeZone, after: Timestamp, way: Way) -> Result<Zoned, Stop> {
    let mut before = zone.to_offset(after);
    zone.following(after)
        .find_map(|change: TimeZoneTransition<'_>| {
            let goes = if change.offset() > before { Way::Forward } else { Way::Back };
            before = change.offset();
            (goes == way).then(|| change.timestamp().to_zoned(zone.clone()))
        })
        .ok_or_else(|| Stop::Inconclusive("the zone of the stays does not change its clocks".to_owned()))
}

/// That hour of a day so many days later.
fn at(day: &Zoned, days: i64, hour: i8) -> Result<Zoned, Stop> {
    day.checked_add(Span::new().days(days))
        .and_then(|day| day.with().hour(hour).minute(0).second(0).subsec_nanosecond(0).build())
        .map_err(|why| Stop::Error(why.to_string()))
}

/// From three in the afternoon of the day before to eleven of the day after.
fn over_the_night(now: Instant, way: Way) -> Result<(Zoned, Zoned), Stop> {
    let day = change(&stay_zone(), now.timestamp(), way)?;
    Ok((at(&day, -1, 15)?, at(&day, 1, 11)?))
}

/// From soon on, or from the morning after the change before, to eleven of the day
/// after the change.
fn from_soon_on(now: Instant, soon: Zoned, way: Way) -> Result<(Zoned, Zoned), Stop> {
    let zone = stay_zone();
    let day = change(&zone, now.timestamp(), way)?;
    let before =
        zone.preceding(day.timestamp()).next().map(|change| change.timestamp().to_zoned(zone.clone()));
    let from = match before {
        Some(before) if before > soon => at(&before, 0, 6)?,
        _ => soon,
    };
    if from >= day {
        return Err(Stop::Inconclusive("the clocks change while the run lasts; run it tomorrow".to_owned()));
    }
    let ahead = instant(&from).since(now);
    if ahead > SENT_AHEAD {
        let (goes, other) = match way {
            Way::Forward => ("forward", "back"),
            Way::Back => ("back", "forward"),
        };
        return Err(Stop::Inconclusive(format!(
            "a stay across the night on which the clocks go {goes}, and not also across the one on which they go \
             {other}, begins {} days from now at the earliest, which is not waited for in this partner's time; a \
             program that takes the present from Lockstep (`takes_present` under [time]) is judged at once",
            ahead.as_secs() / 86_400
        )));
    }
    Ok((from, at(&day, 1, 11)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(now: &str, way: Way) -> Result<String, Stop> {
        let now: Timestamp = now.parse().unwrap();
        let soon = now.to_zoned(stay_zone()).checked_add(Span::new().hours(2)).unwrap();
        from_soon_on(Instant::from_timestamp(now), soon, way).map(|(from, until)| {
            let plain = |at: Zoned| at.strftime("%F %H:%M %:z").to_string();
            format!("{} to {}", plain(from), plain(until))
        })
    }

    fn is_inconclusive(stay: Result<String, Stop>, word: &str) -> bool {
        matches!(stay, Err(Stop::Inconclusive(why)) if why.contains(word))
    }

    #[test]
    fn the_next_change_is_crossed_by_a_stay_that_begins_soon() {
        let winter = stay("2026-11-22T09:00:00Z", Way::Forward).unwrap();
        assert_eq!(winter, "2026-11-22 12:00 +01:00 to 2027-03-29 11:00 +02:00");
        let summer = stay("2027-07-01T09:00:00Z", Way::Back).unwrap();
        assert_eq!(summer, "2027-07-01 13:00 +02:00 to 2027-11-01 11:00 +01:00");
    }

    #[test]
    fn a_stay_that_would_have_to_cross_both_changes_cannot_be_told() {
        assert!(is_inconclusive(stay("2026-11-22T09:00:00Z", Way::Back), "125 days"));
        assert!(is_inconclusive(stay("2027-07-01T09:00:00Z", Way::Forward), "takes_present"));
    }

    #[test]
    fn the_eve_of_a_change_shows_both() {
        let eve = "2027-03-27T15:00:00Z";
        assert_eq!(stay(eve, Way::Forward).unwrap(), "2027-03-27 18:00 +01:00 to 2027-03-29 11:00 +02:00");
        assert_eq!(stay(eve, Way::Back).unwrap(), "2027-03-28 06:00 +02:00 to 2027-11-01 11:00 +01:00");
    }

    #[test]
    fn while_the_clocks_change_nothing_is_told() {
        assert!(is_inconclusive(stay("2027-03-28T00:00:00Z", Way::Forward), "tomorrow"));
    }

    #[test]
    fn a_stay_over_the_night_begins_the_day_before() {
        let now = Instant::from_timestamp("2026-11-22T09:00:00Z".parse().unwrap());
        let (from, until) = over_the_night(now, Way::Back).unwrap();
        assert_eq!(
            (from.to_string(), until.to_string()),
            (
                "2027-10-30T15:00:00+02:00[Europe/Oslo]".to_owned(),
                "2027-11-01T11:00:00+01:00[Europe/Oslo]".to_owned(),
            )
        );
    }
}
