//! Days of the week on which an access opens.

use std::fmt;

/// The names of the days, Monday first, as they are written in a profile and in
/// a transcript.
pub const DAY_NAMES: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A set of weekdays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Days(u8);

impl Days {
    /// No day.
    pub const NONE: Self = Self(0);
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);

    /// The days of these places, 0 for Monday to 6 for Sunday; others are left out.
    pub fn of(places: impl IntoIterator<Item = usize>) -> Self {
        let bits = places.into_iter().filter(|place| *place < 7).fold(0, |bits, place| bits | 1 << place);
        Self(bits)
    }

    /// Whether the day at that place is one of them.
    pub fn has(self, place: usize) -> bool {
        place < 7 && self.0 & 1 << place != 0
    }

    /// The places of the days, Monday first.
    pub fn places(self) -> impl Iterator<Item = usize> {
        (0..7).filter(move |place| self.has(*place))
    }

    /// The days of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The days that both have.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The days that are written as `mon tue`, or `all`.
    pub fn parse(text: &str) -> Option<Self> {
        if text.trim() == "all" {
            return Some(Self::ALL);
        }
        let place = |word: &str| DAY_NAMES.iter().position(|name| *name == word);
        let places: Option<Vec<usize>> = text.split_whitespace().map(place).collect();
        places.map(Self::of)
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("all");
        }
        let names: Vec<&str> = self.places().filter_map(|place| DAY_NAMES.get(place).copied()).collect();
        f.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_and_read_back() {
        for days in [Days::NONE, Days::ALL, Days::of([0, 6]), Days::of([2])] {
            assert_eq!(Days::parse(&days.to_string()), Some(days), "{days}");
        }
        assert_eq!(Days::of([0, 6]).to_string(), "mon sun");
        assert_eq!(Days::parse("mon xyz"), None);
        assert!(Days::of([1]).and(Days::of([3])).has(3) && !Days::ALL.common(Days::of([1])).has(0));
    }
}
