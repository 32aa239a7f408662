//! Periods of access, and the days on which clocks are set.

use std::time::Duration;

use super::super::{AccessPeriod, Ambiguity, PeriodError};
use crate::vendors::vocabulary::{Instant, Window};

fn at(text: &str) -> Instant {
    Instant::from_timestamp(text.parse().expect("a timestamp"))
}

fn local(from: &str, to: &str, ambiguity: Ambiguity) -> Result<String, String> {
    let period = AccessPeriod::local(from, to, "Europe/Oslo", ambiguity);
    period.map(|period| format!("{period:?}")).map_err(|error| error.to_string())
}

#[test]
fn a_period_stands_on_the_wire_in_its_zone() {
    let told = local("2027-07-01T15:00", "2027-07-03T11:00", Ambiguity::Refuse);
    assert_eq!(told.as_deref(), Ok("2027-07-01T15:00:00+02:00/2027-07-03T11:00:00+02:00"));
    let over_a_change = local("2027-03-27T15:00", "2027-03-29T11:00", Ambiguity::Refuse);
    assert_eq!(over_a_change.as_deref(), Ok("2027-03-27T15:00:00+01:00/2027-03-29T11:00:00+02:00"));
    let window = Window::new(at("2027-07-01T13:00:00Z"), at("2027-07-03T09:00:00Z"));
    let period = AccessPeriod::in_zone(window, "America/St_Johns").expect("one");
    assert_eq!(period.from().to_string(), "2027-07-01T10:30:00-02:30");
}

#[test]
fn a_time_that_clocks_leap_over_is_refused_or_is_the_leap() {
    let told = local("2027-03-28T02:30", "2027-03-29T11:00", Ambiguity::Refuse).expect_err("a gap");
    assert_eq!(told, "`from` does not exist in Europe/Oslo: clocks are set forward over 2027-03-28T02:30:00");
    for time in ["2027-03-28T02:00", "2027-03-28T02:30", "2027-03-28T02:59:59"] {
        let told = local(time, "2027-03-29T11:00", Ambiguity::Widen);
        assert_eq!(told.as_deref(), Ok("2027-03-28T03:00:00+02:00/2027-03-29T11:00:00+02:00"), "{time}");
    }
    let told = local("2027-03-27T11:00", "2027-03-28T02:30", Ambiguity::Widen);
    assert_eq!(told.as_deref(), Ok("2027-03-27T11:00:00+01:00/2027-03-28T03:00:00+02:00"));
}

#[test]
fn a_time_that_comes_twice_is_refused_or_read_for_the_guest() {
    let told = local("2027-10-31T02:30", "2027-11-01T11:00", Ambiguity::Refuse).expect_err("twice");
    assert!(told.starts_with("`from` comes twice in Europe/Oslo"), "{told}");
    let told = local("2027-10-31T02:30", "2027-11-01T11:00", Ambiguity::Widen);
    assert_eq!(told.as_deref(), Ok("2027-10-31T02:30:00+02:00/2027-11-01T11:00:00+01:00"));
    let told = local("2027-10-30T02:30", "2027-10-31T02:30", Ambiguity::Widen);
    assert_eq!(told.as_deref(), Ok("2027-10-30T02:30:00+02:00/2027-10-31T02:30:00+01:00"));
}

#[test]
fn the_end_comes_after_the_start_within_367_days() {
    let read = AccessPeriod::read;
    assert_eq!(read("2027-03-01T15:00:00Z", "2027-03-01T15:00:00Z"), Err(PeriodError::Order));
    assert_eq!(read("2027-03-01T15:00:00+02:00", "2027-03-01T14:30:00+01:00").map(|_| ()), Ok(()));
    assert_eq!(read("2027-03-01T15:00:00+01:00", "2027-03-01T15:30:00+02:00"), Err(PeriodError::Order));
    assert!(read("2027-01-01T00:00:00Z", "2028-01-03T00:00:00Z").is_ok(), "367 days");
    assert_eq!(read("2027-01-01T00:00:00Z", "2028-01-03T00:00:01Z"), Err(PeriodError::TooLong));
}

#[test]
fn times_on_the_wire_have_an_offset() {
    for wrong in [
        "2027-03-01T15:00:00",
        "2027-03-01",
        "15:00",
        "",
        "2027-03-01 15:00:00Z",
        "2027-02-30T15:00:00Z",
        "2027-03-01T15:00Z",
        "2027-03-01T15:00:00+01",
        "2027-03-01T15:00:00.Z",
        "2027-03-01T15:00:00Z[UTC]",
        "tomorrow",
        "2027-03-01T25:00:00Z",
        "٢٠٢٧-03-01T15:00:00Z",
    ] {
        let told = AccessPeriod::read(wrong, "2028-01-01T00:00:00Z").expect_err(wrong).to_string();
        assert_eq!(told, "`from` is no date and time: write it as in 2027-03-01T15:00:00+01:00", "{wrong}");
    }
    for right in [
        "2027-03-01T15:00:00z",
        "2027-03-01t15:00:00.123456-03:30",
        "2027-03-01T15:00:00-00:00",
        "2027-03-01T15:00:00.5Z",
    ] {
        assert!(AccessPeriod::read(right, "2028-01-01T00:00:00Z").is_ok(), "{right}");
    }
    let zoned = local("2027-03-01T15:00:00Z", "2027-03-02T15:00", Ambiguity::Refuse).expect_err("an offset");
    assert!(zoned.ends_with("2027-03-01T15:00:00"), "{zoned}");
    let unknown = AccessPeriod::local("2027-03-01T15:00", "2027-03-02T15:00", "Oslo", Ambiguity::Refuse);
    assert_eq!(
        unknown.expect_err("unknown").to_string(),
        "`Oslo` is no time zone: write it as in Europe/Oslo"
    );
}

#[test]
fn a_booking_is_sent_within_72_hours_of_its_start_until_it_is_over() {
    let period = AccessPeriod::read("2027-03-10T15:00:00Z", "2027-03-12T11:00:00Z").expect("one");
    assert_eq!(period.sent_from(), at("2027-03-07T15:00:00Z"));
    assert!(!period.may_be_sent(period.sent_from() - Duration::from_secs(1)));
    for now in ["2027-03-07T15:00:00Z", "2027-03-11T00:00:00Z", "2027-03-12T10:59:59Z"] {
        assert!(period.may_be_sent(at(now)), "{now}");
    }
    assert!(!period.may_be_sent(at("2027-03-12T11:00:00Z")));
}
