//! What tells who somebody is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A personal datum as it was written: a phone number, an email address, words
/// of a guest. `Debug` and `Display` show a mask; the text comes out only
/// through [`Personal::expose`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(Box<str>);

impl Personal {
    /// What stands in the place of a personal datum wherever people read.
    pub const MASK: &'static str = "‹personal›";

    /// Wraps a text.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The text itself. Every call is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::MASK)
    }
}

impl fmt::Display for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_datum_never_shows_in_text() {
        let datum = Personal::new("ada@example.org");
        assert_eq!(format!("{datum} {datum:?}"), "‹personal› ‹personal›");
        assert_eq!(serde_json::to_string(&datum).ok().as_deref(), Some("\"ada@example.org\""));
    }
}
