//! The domain of an email address: international names by UTS 46, held to
//! what may be registered (IDNA 2008), without names of special use.

use std::borrow::Cow;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

use super::signs::{is_hidden, is_joiner, is_of_words};

/// Names that lead nowhere on the public internet: RFC 6761, RFC 7686, RFC 9476
/// and what ICANN keeps for private use.
const RESERVED: [&str; 8] = ["alt", "arpa", "internal", "invalid", "local", "localhost", "onion", "test"];

/// A domain in both of its forms.
pub(super) struct Domain {
    pub ascii: String,
    pub unicode: String,
}

/// Why a text is no domain that mail can be sent to; each fits after "the part
/// after the @ sign".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// Nothing was given.
    #[error("is missing")]
    Empty,
    /// An address in square brackets.
    #[error("is an address in brackets: a name is needed, such as example.org")]
    Literal,
    /// A character that no domain holds.
    #[error("holds {0:?}, which a domain cannot hold")]
    Character(char),
    /// Not a name of the DNS: empty or long labels, hyphens or signs out of place.
    #[error("is no domain: a label is empty, too long, or holds what domains cannot hold")]
    NotADomain,
    /// One label only.
    #[error("is one word: a full domain is needed, such as example.org")]
    OneLabel,
    /// The last label is no top-level domain.
    #[error("does not end as domains do, such as .org")]
    TopLevel,
    /// A name of special use.
    #[error("ends with .{0}, which is reserved and leads nowhere")]
    Reserved(&'static str),
}

pub(super) fn read(typed: &str) -> Result<Domain, DomainError> {
    if typed.is_empty() {
        return Err(DomainError::Empty);
    }
    if typed.starts_with('[') {
        return Err(DomainError::Literal);
    }
    permitted(typed)?;
    let ascii = Uts46::new()
        .to_ascii(typed.as_bytes(), AsciiDenyList::STD3, Hyphens::Check, DnsLength::Verify)
        .map_err(|_| DomainError::NotADomain)?;
    let (unicode, told) = Uts46::new().to_unicode(ascii.as_bytes(), AsciiDenyList::STD3, Hyphens::Check);
    told.map_err(|_| DomainError::NotADomain)?;
    unicode.split('.').try_for_each(registrable)?;
    let (_, top) = ascii.rsplit_once('.').ok_or(DomainError::OneLabel)?;
    if let Some(reserved) = RESERVED.into_iter().find(|reserved| *reserved == top) {
        return Err(DomainError::Reserved(reserved));
    }
    if !(top.starts_with("xn--") || top.ends_with(|c: char| c.is_ascii_alphabetic())) {
        return Err(DomainError::TopLevel);
    }
    Ok(Domain { unicode: unicode.into_owned(), ascii: Cow::into_owned(ascii) })
}

/// UTS 46 drops what cannot be seen, so that two different texts would name
/// one domain; whoever typed such a text did not mean it.
fn permitted(typed: &str) -> Result<(), DomainError> {
    let permitted = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphanumeric() || ".-".contains(c)
        } else {
            !is_hidden(c) || is_joiner(c)
        }
    };
    typed.chars().find(|c| !permitted(*c)).map_or(Ok(()), |odd| Err(DomainError::Character(odd)))
}

/// UTS 46 lets symbols such as emoji pass, which no registry may register
/// (RFC 5892): letters, marks, digits, and a few signs in their places.
fn registrable(label: &str) -> Result<(), DomainError> {
    let signs: Vec<char> = label.chars().collect();
    for (at, c) in signs.iter().copied().enumerate() {
        let before = at.checked_sub(1).and_then(|at| signs.get(at)).copied();
        let after = signs.get(at + 1).copied();
        let fine = match c {
            '-' => true,
            '·' => before == Some('l') && after == Some('l'),
            '\u{375}' => after.is_some_and(|c| matches!(c, '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}')),
            '\u{5f3}' | '\u{5f4}' => before.is_some_and(|c| matches!(c, '\u{590}'..='\u{5ff}')),
            '・' => signs.iter().any(|c| is_japanese(*c)),
            _ => is_of_words(c) || is_joiner(c),
        };
        if !fine {
            return Err(DomainError::Character(c));
        }
    }
    Ok(())
}

fn is_japanese(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}' | '\u{4e00}'..='\u{9fff}' | '々')
}
