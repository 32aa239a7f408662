//! Points in time on the wire.

use std::borrow::Cow;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::{Codec, Raw, Scalar};
use crate::vendors::vocabulary::Instant;

const DAY_MS: i64 = 86_400_000;

pub(super) fn encode(codec: &Codec, instant: Instant) -> Result<Scalar<'static>, String> {
    let text = |text: String| Ok(Scalar::Text(Cow::Owned(text)));
    match codec {
        Codec::EpochMs => Ok(Scalar::Int(instant.epoch_ms())),
        Codec::EpochS => Ok(Scalar::Int(instant.epoch_ms().div_euclid(1000))),
        Codec::Rfc3339 { ms } => text(rfc3339(canon(codec, instant), *ms)),
        Codec::Rfc3339Offset(zone) => text(with_offset(canon(codec, instant), zone)),
        Codec::Local(zone) => {
            let civil = canon(codec, instant).timestamp().to_zoned(zone.clone()).datetime();
            unambiguous(civil, zone).ok_or("the local time comes twice in that zone")?;
            text(civil.strftime("%Y-%m-%dT%H:%M:%S").to_string())
        }
        Codec::Format(pattern) => text(pattern.encode(instant)?),
        Codec::MinuteOfDay => Ok(Scalar::Int(instant.epoch_ms().rem_euclid(DAY_MS) / 60_000)),
        Codec::MsOfDay => Ok(Scalar::Int(instant.epoch_ms().rem_euclid(DAY_MS))),
        Codec::LockLocal => Err("the lock's time zone is not known".to_owned()),
        _ => Err("an instant cannot be spelled so".to_owned()),
    }
}

pub(super) fn decode(codec: &Codec, raw: Raw<'_>) -> Result<Instant, String> {
    match codec {
        Codec::EpochMs => epoch(raw, 1).ok_or_else(|| "milliseconds since 1970".to_owned()),
        Codec::EpochS => epoch(raw, 1000).ok_or_else(|| "seconds since 1970".to_owned()),
        Codec::Rfc3339 { .. } => stamp(raw)
            .map(|instant| canon(codec, instant))
            .ok_or_else(|| "a time as RFC 3339, such as 2026-03-01T12:00:00Z".to_owned()),
        Codec::Rfc3339Offset(_) => stamp(raw)
            .filter(|_| raw.text().is_some_and(|text| !text.ends_with(['Z', 'z'])))
            .map(|instant| canon(codec, instant))
            .ok_or_else(|| "a time with a numeric offset, such as 2026-03-01T12:00:00+01:00".to_owned()),
        Codec::Local(zone) => local(raw, zone).map(|instant| canon(codec, instant)).ok_or_else(|| {
            "a local time that comes once in its zone, such as 2026-03-01T12:00:00".to_owned()
        }),
        Codec::Format(pattern) => raw
            .text()
            .and_then(|text| pattern.decode(text))
            .ok_or_else(|| format!("a time as `{}`", pattern.shown())),
        Codec::MinuteOfDay => raw
            .int()
            .filter(|minute| (0..1440).contains(minute))
            .map(|minute| Instant::from_epoch_ms(minute * 60_000))
            .ok_or_else(|| "a minute of the day, 0 to 1439".to_owned()),
        Codec::MsOfDay => raw
            .int()
            .filter(|ms| (0..DAY_MS).contains(ms))
            .map(Instant::from_epoch_ms)
            .ok_or_else(|| "milliseconds of the day, 0 to 86399999".to_owned()),
        Codec::LockLocal => Err("a local time in the lock's zone, which nothing tells".to_owned()),
        _ => Err("an instant".to_owned()),
    }
}

pub(super) fn canon(codec: &Codec, instant: Instant) -> Instant {
    match codec {
        Codec::EpochMs | Codec::Rfc3339 { ms: true } => instant.floor(Duration::from_millis(1)),
        Codec::MsOfDay => {
            Instant::from_epoch_ms(instant.floor(Duration::from_millis(1)).epoch_ms().rem_euclid(DAY_MS))
        }
        Codec::Format(pattern) => pattern.canon(instant),
        Codec::MinuteOfDay => Instant::from_epoch_ms(instant.epoch_ms().rem_euclid(DAY_MS) / 60_000 * 60_000),
        _ => instant.floor(Duration::from_secs(1)),
    }
}

fn epoch(raw: Raw<'_>, factor: i64) -> Option<Instant> {
    let ms = raw.int()?.checked_mul(factor)?;
    // Beyond the calendar there is no instant to mean.
    Timestamp::from_millisecond(ms).ok().map(Instant::from_timestamp)
}

fn rfc3339(instant: Instant, ms: bool) -> String {
    let timestamp = instant.timestamp();
    if ms {
        timestamp.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
    } else {
        timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

fn with_offset(instant: Instant, zone: &TimeZone) -> String {
    let zoned: Zoned = instant.timestamp().to_zoned(zone.clone());
    zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn stamp(raw: Raw<'_>) -> Option<Instant> {
    raw.text()?.parse::<Timestamp>().ok().map(Instant::from_timestamp)
}

pub(super) fn unambiguous(civil: DateTime, zone: &TimeZone) -> Option<Instant> {
    let ambiguous = zone.to_ambiguous_zoned(civil);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => {
            ambiguous.unambiguous().ok().map(|z| Instant::from_timestamp(z.timestamp()))
        }
        AmbiguousOffset::Gap { .. } | AmbiguousOffset::Fold { .. } => None,
    }
}

fn local(raw: Raw<'_>, zone: &TimeZone) -> Option<Instant> {
    let text = raw.text()?;
    // A text that names an offset is not a local time.
    let bare = !text.ends_with(['Z', 'z']) && !text.get(10..)?.contains(['+', '-']);
    unambiguous(text.parse().ok().filter(|_| bare)?, zone)
}
