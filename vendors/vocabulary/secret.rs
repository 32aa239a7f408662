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

    /// From so many characters on a text hardly stands anywhere by chance.
    const SHORTEST: usize = 8;

    /// Up to so many letters, and nothing but letters, a secret is an ordinary word.
    const LONGEST_WORD: usize = 12;

    /// Whether it is an ordinary word, such as `secret` or `test`, which stands in
    /// texts that have nothing to do with it: to find it there says nothing.
    pub fn is_word(&self) -> bool {
        self.0.len() <= Self::LONGEST_WORD && self.0.bytes().all(|byte| byte.is_ascii_alphabetic())
    }

    /// Why its text may stand by chance where it has nothing to do with the secret,
    /// for people; nothing where it hardly can.
    pub fn stands_by_chance(&self) -> Option<&'static str> {
        if self.0.chars().count() < Self::SHORTEST {
            return Some("shorter than 8 characters");
        }
        self.is_word().then_some("an ordinary word")
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

    #[test]
    fn letters_alone_and_few_of_them_are_a_word() {
        for (text, word) in [
            ("secret", true),
            ("Test", true),
            ("hunter2", false),
            ("correct horse", false),
            ("abcdefghijklm", false),
        ] {
            assert_eq!(Secret::new(text).is_word(), word, "{text}");
        }
    }

    #[test]
    fn what_may_stand_by_chance_is_told_with_its_reason() {
        for (text, why) in [
            ("wrong", Some("shorter than 8 characters")),
            ("a1-b2!", Some("shorter than 8 characters")),
            ("password", Some("an ordinary word")),
            ("a1-b2!c3", None),
            ("correct horse", None),
        ] {
            assert_eq!(Secret::new(text).stands_by_chance(), why, "{text}");
        }
    }
}
