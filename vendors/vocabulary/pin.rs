//! The keys that a guest types.

use std::fmt;

/// A PIN as digits (or letters where a keypad has them), without the prefix
/// and suffix keys that a lock may ask for around it. `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pin(Box<str>);

/// Why a text is no PIN.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Nothing was given.
    #[error("a PIN has at least one key")]
    Empty,
    /// A character that no keypad has.
    #[error("a PIN holds letters, digits, `*` and `#` only, found `{0}`")]
    Character(char),
}

impl Pin {
    /// What stands in the place of a PIN wherever people read.
    pub const MASK: &'static str = "‹pin›";

    /// Checks that the text could be typed at a keypad. A vendor's own rules of
    /// length and alphabet are its profile's business.
    pub fn new(text: &str) -> Result<Self, PinError> {
        if text.is_empty() {
            return Err(PinError::Empty);
        }
        match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '*' | '#'))) {
            Some(odd) => Err(PinError::Character(odd)),
            None => Ok(Self(text.into())),
        }
    }

    /// The keys, in the order in which they are typed.
    pub fn keys(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::MASK)
    }
}
