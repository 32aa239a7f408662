//! Where a reader of the stream stands, so that it can be resumed.

use std::fmt;

/// How far a reader has come: `4711-57-12` is the making 4711 of the world, its
/// 57th exchange and its 12th happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Which making of the world it was.
    pub generation: u64,
    /// The latest exchange that was told.
    pub exchange: u64,
    /// The latest happening that was told.
    pub happening: u64,
}

impl Cursor {
    /// Reads what a browser sends back as `Last-Event-ID`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-').map(|part| part.parse().ok());
        let cursor = Self { generation: parts.next()??, exchange: parts.next()??, happening: parts.next()?? };
        parts.next().is_none().then_some(cursor)
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.generation, self.exchange, self.happening)
    }
}

/// The part of a numbered list that is told next: never more than `most`, and
/// the youngest where there are more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What comes after this number is told.
    pub after: u64,
    /// How many were left out since the reader's place.
    pub skipped: u64,
}

impl Stretch {
    /// From a reader's place to the end. A reader without a place, or with one
    /// that this list never had, gets the youngest and has missed nothing.
    pub fn new(told: Option<u64>, last: u64, most: u64) -> Self {
        let earliest = last.saturating_sub(most);
        match told.filter(|told| *told <= last) {
            Some(told) if told >= earliest => Self { after: told, skipped: 0 },
            Some(told) => Self { after: earliest, skipped: earliest - told },
            None => Self { after: earliest, skipped: 0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_what_it_writes_and_nothing_else() {
        let cursor = Cursor { generation: 3, exchange: 57, happening: 12 };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for odd in ["", "1", "1-2", "1-2-3-4", "a-b-c", "1--3"] {
            assert_eq!(Cursor::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_stretch_is_bounded_and_says_what_it_leaves_out() {
        let stretch = |told, last| {
            let Stretch { after, skipped } = Stretch::new(told, last, 50);
            (after, skipped)
        };
        assert_eq!(stretch(Some(57), 60), (57, 0));
        assert_eq!(stretch(Some(5), 100), (50, 45));
        assert_eq!(stretch(None, 100), (50, 0));
        assert_eq!(stretch(None, 7), (0, 0));
        // A place from before the world was made anew.
        assert_eq!(stretch(Some(500), 7), (0, 0));
    }
}
