//! Secrets that cannot be printed.

use std::fmt;

/// A credential or token. `Debug` and `Display` show a mask; the text comes out
/// only through [`Secret::expose`], at the line that puts it on the wire.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(Box<str>);

impl Secret {
    /// What stands in the place of a secret wherever people read.
    pub const MASK: &'static str = "‹secret›";

    /// Wraps a secret's text.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(text.into())
    }

    /// The secret itself. Every call is a place to review.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_shows_in_text() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "‹secret› ‹secret›");
        assert_eq!(secret.expose(), "hunter2");
    }
}
