//! Email addresses as they may reach Inlet: strict about what guests have,
//! and open to every script that guests write in.
//!
//! The rules are those of RFC 5321 and RFC 6531 less what no guest uses and
//! many systems cannot take: quoted local parts, address literals, domains of
//! one label, and names reserved for special use (RFC 6761). They are our own
//! because no package agrees with the references: the common ones accept
//! `guest@example.org?subject=x`, or refuse Hindi.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use super::domain::{self, Domain, DomainError};
use super::signs::{is_atext, is_hidden, is_mark};

/// Longest local part, in octets of UTF-8 (RFC 5321, 4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;
/// Longest address, in octets (RFC 5321, 4.5.3.1.3, less the angle brackets).
const LONGEST: usize = 254;

/// An email address that may be sent to Inlet. `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    text: Box<str>,
    at: usize,
    shown: Box<str>,
}

/// Why a text is no email address that may be sent. Names no more of it than
/// the sign that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing was given.
    #[error("the email address is empty")]
    Empty,
    /// There is no `@`.
    #[error("the email address has no @ sign")]
    NoAt,
    /// Nothing stands before the `@`.
    #[error("nothing stands before the @ sign")]
    NoLocalPart,
    /// A dot at an end of the local part, or two in a row.
    #[error("the part before the @ sign begins or ends with a dot, or has two dots in a row")]
    Dots,
    /// The local part is given in quotation marks.
    #[error("quotation marks before the @ sign are not taken: write the address without them")]
    Quoted,
    /// A character that no local part holds.
    #[error("the part before the @ sign holds {0:?}, which an email address cannot hold")]
    Character(char),
    /// A combining mark with nothing to combine with.
    #[error("the part before the @ sign begins with an accent that belongs to no letter")]
    LoneMark,
    /// Too long a local part.
    #[error("the part before the @ sign is {0} bytes long, at most {LONGEST_LOCAL} are possible")]
    LongLocalPart(usize),
    /// Too long a whole.
    #[error("the email address is {0} bytes long, at most {LONGEST} are possible")]
    Long(usize),
    /// The domain is wrong.
    #[error("the part after the @ sign {0}")]
    Domain(#[from] DomainError),
}

impl EmailAddress {
    /// Reads an address as a guest typed it; spaces around it are not removed.
    ///
    /// # Errors
    /// What is wrong with it, in words for the guest.
    pub fn new(typed: &str) -> Result<Self, EmailError> {
        if typed.is_empty() {
            return Err(EmailError::Empty);
        }
        let (local, domain) = typed.rsplit_once('@').ok_or(EmailError::NoAt)?;
        let local = local_part(local)?;
        let domain: Domain = domain::read(domain)?;
        let text = format!("{local}@{}", domain.ascii);
        let shown = format!("{local}@{}", domain.unicode);
        let longest = text.len().max(shown.len()).max(typed.len());
        if longest > LONGEST {
            return Err(EmailError::Long(longest));
        }
        Ok(Self { text: text.into(), at: local.len(), shown: shown.into() })
    }

    /// The address in the form in which it is sent: the local part in Unicode's
    /// normal form C, the domain in lower case as the DNS holds it. Every call
    /// is a place to review.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// The same with the domain in its own script, for people.
    pub fn expose_shown(&self) -> &str {
        &self.shown
    }

    /// The domain as the DNS holds it.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }
}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹email›")
    }
}

/// A dot-atom of RFC 5322 with the letters of RFC 6532, in normal form C.
fn local_part(typed: &str) -> Result<String, EmailError> {
    if typed.is_empty() {
        return Err(EmailError::NoLocalPart);
    }
    if typed.starts_with('"') {
        return Err(EmailError::Quoted);
    }
    // Held against the rules before composing too: `<` and a stroke compose to one sign.
    permitted(typed)?;
    let local: String = typed.nfc().collect();
    permitted(&local)?;
    if local.split('.').any(str::is_empty) {
        return Err(EmailError::Dots);
    }
    if local.chars().next().is_some_and(is_mark) {
        return Err(EmailError::LoneMark);
    }
    if local.len() > LONGEST_LOCAL {
        return Err(EmailError::LongLocalPart(local.len()));
    }
    Ok(local)
}

fn permitted(local: &str) -> Result<(), EmailError> {
    let permitted = |c: char| c == '.' || if c.is_ascii() { is_atext(c) } else { !is_hidden(c) };
    local.chars().find(|c| !permitted(*c)).map_or(Ok(()), |odd| Err(EmailError::Character(odd)))
}
