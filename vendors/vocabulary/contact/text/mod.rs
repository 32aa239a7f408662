//! Free text from guests, made fit to be passed on (API integration guide, 3.3
//! step 3): scripts and malicious markup taken out, everything else untouched.
//!
//! The text stays plain text: `O'Brien`, `5 < 6` and `R&D` go out as they came
//! in, and whoever shows them in a page escapes them there. That is why no HTML
//! sanitiser is used. One would answer with HTML, where `5 < 6` reads
//! `5 &lt; 6`; undoing that would bring back `&lt;script&gt;`. Instead the text is
//! looked at as a careless reader might come to see it ([`view`]), and what
//! would be active there is removed, or a space is put where it stops being so.
//! A foreign HTML parser judges the result in the tests.
//!
//! What is no script stays: SQL, shell commands and paths are plain words for
//! whoever keeps data apart from code.

mod active;
mod clean;
mod edit;
mod fragments;
mod markup;
mod template;
mod url;
mod view;
mod words;

use std::fmt;

use clean::cleaned;

/// A text without scripts. `Debug` masks it.
#[derive(Clone, PartialEq, Eq)]
pub struct FreeText(Box<str>);

/// Why a text is not taken at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Longer than anybody writes into a field.
    #[error("the text is {0} characters long, at most {max} are taken", max = FreeText::LONGEST)]
    TooLong(usize),
}

impl FreeText {
    /// Longest text that is looked at, in characters. A field's own limit is its API's.
    pub const LONGEST: usize = 4_000;

    /// Takes out whatever could run. Harmless text comes back as it is, to the byte.
    ///
    /// # Errors
    /// Where the text is too long to be looked at.
    pub fn sanitised(typed: &str) -> Result<Self, TextError> {
        let length = typed.chars().count();
        if length > Self::LONGEST {
            return Err(TextError::TooLong(length));
        }
        Ok(Self(cleaned(typed).into()))
    }

    /// Whether nothing in a text could run: the judge's question.
    ///
    /// # Errors
    /// Where the text is too long to be looked at.
    pub fn is_harmless(text: &str) -> Result<bool, TextError> {
        Ok(&*Self::sanitised(text)?.0 == text)
    }

    /// The text. Every call is a place to review: guests write personal things.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing but white space is left.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Debug for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹text›")
    }
}
