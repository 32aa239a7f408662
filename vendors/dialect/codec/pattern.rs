//! Points in time by a pattern: `format(%Y %-m %-d %H:%M, Europe/Oslo)`.
//!
//! A pattern is accepted only if it can be taken back: it names the year down to
//! some unit without a gap, each part once, and no two parts run into each other.
//! What is finer than its last part is dropped.

use jiff::Unit;
use jiff::civil::{DateTime, DateTimeRound};
use jiff::tz::TimeZone;

use super::instants::unambiguous;
use crate::vendors::vocabulary::Instant;

/// A time spelled by a pattern.
#[derive(Clone, Debug, PartialEq)]
pub struct TimePattern {
    pattern: String,
    zone: TimeZone,
    /// The finest part.
    finest: Unit,
}

/// The parts, from the coarsest to the finest, each with its letter.
const PARTS: &[(char, Unit)] = &[
    ('Y', Unit::Year),
    ('m', Unit::Month),
    ('d', Unit::Day),
    ('H', Unit::Hour),
    ('M', Unit::Minute),
    ('S', Unit::Second),
];

/// A piece of a pattern.
enum Piece {
    Part { letter: char, padded: bool },
    Literal(char),
}

impl TimePattern {
    /// Compiles a pattern; the error says what is wrong with it.
    pub fn parse(pattern: &str, zone: TimeZone) -> Result<Self, String> {
        let pieces = pieces(pattern)?;
        for pair in pieces.windows(2) {
            if let [Piece::Part { letter, padded: false }, next] = pair
                && !matches!(next, Piece::Literal(sign) if !sign.is_ascii_digit())
            {
                return Err(format!("`%-{letter}` has no fixed width, so another sign must follow it"));
            }
        }
        let mut letters: Vec<char> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Part { letter, .. } => Some(*letter),
                Piece::Literal(_) => None,
            })
            .collect();
        let named = letters.len();
        letters.sort_unstable();
        letters.dedup();
        if letters.len() < named {
            return Err("a part of the time stands there twice".to_owned());
        }
        let known = PARTS.iter().take_while(|(letter, _)| letters.contains(letter)).count();
        if known < named || known < 3 {
            let missing = PARTS.get(known).map_or(' ', |(letter, _)| *letter);
            return Err(format!("`%{missing}` is missing: a time is named from the year down without a gap"));
        }
        let finest = PARTS.get(known - 1).map_or(Unit::Second, |(_, unit)| *unit);
        Ok(Self { pattern: pattern.to_owned(), zone, finest })
    }

    /// Spells an instant. A local time that comes twice is refused, for it could
    /// not be told back.
    pub fn encode(&self, instant: Instant) -> Result<String, String> {
        let civil = self.civil(instant);
        if !(0..=9999).contains(&civil.year()) {
            return Err("the year does not have four digits".to_owned());
        }
        unambiguous(civil, &self.zone).ok_or("the local time comes twice in that zone")?;
        Ok(civil.strftime(&self.pattern).to_string())
    }

    /// Reads an instant that was spelled exactly so.
    pub fn decode(&self, text: &str) -> Option<Instant> {
        let civil = DateTime::strptime(&self.pattern, text).ok()?;
        let exact = civil.strftime(&self.pattern).to_string() == text;
        unambiguous(civil, &self.zone).filter(|_| exact)
    }

    /// The part of an instant that the pattern keeps.
    pub fn canon(&self, instant: Instant) -> Instant {
        unambiguous(self.civil(instant), &self.zone).unwrap_or(instant)
    }

    /// How it is written, for people.
    pub fn shown(&self) -> &str {
        &self.pattern
    }

    fn civil(&self, instant: Instant) -> DateTime {
        let whole = instant.timestamp().to_zoned(self.zone.clone()).datetime();
        let down = DateTimeRound::new().smallest(self.finest).mode(jiff::RoundMode::Floor);
        // Rounding down stays within the calendar; a month is no unit to round to.
        whole.round(down).unwrap_or(whole)
    }
}

fn pieces(pattern: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        if sign != '%' {
            pieces.push(Piece::Literal(sign));
            continue;
        }
        let mut letter = signs.next();
        let padded = letter != Some('-');
        if !padded {
            letter = signs.next();
        }
        match letter {
            Some('%') if padded => pieces.push(Piece::Literal('%')),
            Some(letter) if PARTS.iter().any(|(known, _)| *known == letter) && (padded || letter != 'Y') => {
                pieces.push(Piece::Part { letter, padded });
            }
            _ => {
                return Err("after `%` comes one of Y, m, d, H, M, S, or one of the last five after `-`, \
                            for a number without a leading zero"
                    .to_owned());
            }
        }
    }
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        Instant::from_timestamp(text.parse().unwrap())
    }

    #[test]
    fn a_time_is_spelled_without_leading_zeros_in_its_zone() {
        let pattern = TimePattern::parse("%Y %-m %-d %H:%M", TimeZone::get("Europe/Oslo").unwrap()).unwrap();
        let text = pattern.encode(at("2026-06-03T07:46:30Z")).unwrap();
        assert_eq!(text, "2026 6 3 09:46");
        assert_eq!(pattern.decode(&text), Some(at("2026-06-03T07:46:00Z")));
        for wrong in
            ["2026 06 3 09:46", "2026 6 3 9:46", "2026 6 3 09:46 ", "2026 13 3 09:46", "2026 6 31 09:46"]
        {
            assert_eq!(pattern.decode(wrong), None, "{wrong}");
        }
        // Both 00:30 and 01:30 UTC are 02:30 in Oslo on that morning.
        assert!(pattern.encode(at("2026-10-25T00:30:00Z")).is_err());
        assert_eq!(pattern.decode("2026 10 25 02:30"), None);
    }

    #[test]
    fn a_day_is_kept_as_its_first_instant() {
        let pattern = TimePattern::parse("%d.%m.%Y", TimeZone::UTC).unwrap();
        assert_eq!(pattern.encode(at("2026-06-03T07:46:30Z")).as_deref(), Ok("03.06.2026"));
        assert_eq!(pattern.decode("03.06.2026"), Some(at("2026-06-03T00:00:00Z")));
    }

    #[test]
    fn a_pattern_that_cannot_be_taken_back_is_refused() {
        for wrong in [
            "%Y-%m",
            "%Y-%m-%d %M",
            "%Y-%m-%d %d",
            "%Y%-m%-d",
            "%Y-%-m1%d",
            "%y-%m-%d",
            "%-Y-%m-%d",
            "%Y-%m-%d %",
            "",
        ] {
            assert!(TimePattern::parse(wrong, TimeZone::UTC).is_err(), "{wrong}");
        }
        for right in ["%Y%m%d%H%M%S", "%d/%-m/%Y", "%Y-%m-%dT%H 100%%"] {
            assert!(TimePattern::parse(right, TimeZone::UTC).is_ok(), "{right}");
        }
    }
}
