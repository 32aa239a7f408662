//! The last look before a report is written: no file may hold a secret.
//!
//! Secrets are masked where an exchange is captured. This search is the second
//! lock on the same door: it knows nothing of types and looks for the secret's
//! characters, as they are and in every coding that a request, a page or a
//! table puts them in, also one inside another.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::vendors::vocabulary::Secret;

/// Secrets with fewer characters are not searched for: three characters occur
/// in every report by chance. Who uses such a secret has none.
pub const SHORTEST_SECRET: usize = 4;

/// From so many digits on a number is looked for inside longer ones too.
const SHORTEST_NUMBER: usize = 12;

/// The coding in which a secret was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is, or escaped for JSON, HTML, XML, a URL or Markdown.
    Plain,
    /// In Base64 of either alphabet, alone or inside something longer.
    Base64,
    /// In hexadecimal digits.
    Hex,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "in plain or escaped text",
            Self::Base64 => "in Base64",
            Self::Hex => "in hexadecimal",
        })
    }
}

/// That a secret was found, without the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leak {
    /// Which of the secrets that were given, counted from 1.
    pub secret: usize,
    /// How it was written.
    pub encoding: Encoding,
}

/// The first secret found in a text.
pub fn find(text: &str, secrets: &[Secret]) -> Option<Leak> {
    let wanted = Wanted::new(secrets);
    let look = |view: &str| wanted.find(view.as_bytes());
    unescaped(text, &|view| {
        look(view)
            .or_else(|| look(&view.contains('%').then(|| percent(view))?))
            .or_else(|| look(&view.contains('+').then(|| percent(&view.replace('+', " ")))?))
    })
}

/// Everything that is looked for, found by its first two bytes: one pass over a
/// view for all secrets in all codings, because a report may be large.
struct Wanted {
    starts: Vec<bool>,
    needles: Vec<Needle>,
}

struct Needle {
    leak: Leak,
    text: String,
    /// Whether it counts only where it stands as a word of its own.
    whole: bool,
}

impl Wanted {
    fn new(secrets: &[Secret]) -> Self {
        let mut starts = vec![false; 1 << 16];
        let mut needles = Vec::new();
        let long = |secret: &&Secret| secret.expose().chars().count() >= SHORTEST_SECRET;
        for (index, secret) in secrets.iter().enumerate().filter(|(_, secret)| long(secret)) {
            // What an ordinary word says is masked at capture all the same.
            let (typed, word) = (is_typed(secret.expose()), secret.is_word());
            let searched = |encoding| !(word && encoding == Encoding::Plain);
            let spellings = spellings(secret.expose()).into_iter();
            for (encoding, text) in spellings.filter(|(encoding, _)| searched(*encoding)) {
                let whole = typed && encoding == Encoding::Plain;
                if let [first, second, ..] = *text.as_bytes() {
                    starts[start(first, second)] = true;
                    needles.push(Needle { leak: Leak { secret: index + 1, encoding }, text, whole });
                }
            }
        }
        Self { starts, needles }
    }

    fn find(&self, view: &[u8]) -> Option<Leak> {
        let begins = |pair: &[u8]| self.starts[start(pair[0], pair[1])];
        let places = view.windows(2).enumerate().filter(|(_, pair)| begins(pair));
        places.into_iter().find_map(|(at, _)| {
            self.needles.iter().find(|needle| needle.stands_at(view, at)).map(|needle| needle.leak)
        })
    }
}

impl Needle {
    fn stands_at(&self, view: &[u8], at: usize) -> bool {
        if !view[at..].starts_with(self.text.as_bytes()) {
            return false;
        }
        let before = at.checked_sub(1).and_then(|before| view.get(before));
        let after = view.get(at + self.text.len());
        let inside = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        // A colour of the page may look like a PIN; where `#` is a key, it is part
        // of what was learnt.
        !self.whole || !(inside(before) || before == Some(&b'#') || inside(after))
    }
}

/// Whether a secret is what a person types at a door. So few digits occur inside
/// longer numbers and digests by chance.
fn is_typed(secret: &str) -> bool {
    secret.len() < SHORTEST_NUMBER
        && secret.bytes().all(|byte| byte.is_ascii_digit() || b"*#".contains(&byte))
}

fn start(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

/// Shows the text to `look` as it is, and again with escapes taken back, one
/// inside another: those of the file (HTML, XML, JSON or Markdown) and those of
/// the JSON in it. One view at a time, because a report may be large.
fn unescaped(text: &str, look: &dyn Fn(&str) -> Option<Leak>) -> Option<Leak> {
    let deeper = |view: &str| {
        look(view).or_else(|| {
            let once = view.contains('\\').then(|| backslashes(view))?;
            look(&once).or_else(|| look(&backslashes(&once))).or_else(|| look(&entities(&once)))
        })
    };
    deeper(text).or_else(|| deeper(&text.contains('&').then(|| entities(text))?))
}

/// What to look for in every view of a text.
fn spellings(secret: &str) -> Vec<(Encoding, String)> {
    let mut needles = vec![
        (Encoding::Plain, secret.to_owned()),
        (Encoding::Plain, super::text::visible(secret)),
        (Encoding::Hex, hex::encode(secret)),
        (Encoding::Hex, hex::encode_upper(secret)),
    ];
    for (standard, url) in (0..3).map(|offset| base64_cores(secret.as_bytes(), offset)) {
        needles.push((Encoding::Base64, standard));
        needles.push((Encoding::Base64, url));
    }
    needles
}

/// The characters of a Base64 text that depend on the secret alone when it
/// begins `offset` bytes into a group of three, whatever stands around it.
fn base64_cores(secret: &[u8], offset: usize) -> (String, String) {
    let padded: Vec<u8> = std::iter::repeat_n(0, offset).chain(secret.iter().copied()).collect();
    // A character holds six bits: the first whole one after the offset, up to
    // the last whole one before the end.
    let from = (offset * 8).div_ceil(6);
    let to = padded.len() * 8 / 6;
    let core = |text: String| text.get(from..to).unwrap_or_default().to_owned();
    (core(STANDARD_NO_PAD.encode(&padded)), core(URL_SAFE_NO_PAD.encode(&padded)))
}

/// Takes back the entities of HTML and XML.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match entity(rest) {
            Some((c, length)) => {
                out.push(c);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(12).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, end + 1))
}

/// Takes back the backslashes of JSON and of Markdown.
fn backslashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => match rest.as_str().get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok())
            {
                Some(code) => {
                    rest = rest.as_str()[4..].chars();
                    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                None => out.push('u'),
            },
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}

fn percent(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str, secret: &str) -> Option<Encoding> {
        find(text, &[Secret::new(secret)]).map(|leak| leak.encoding)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_coding_is_seen_through(
            secret in "[a-z]{2}[!-~]{2,20}",
            before in "[ -~]{0,7}",
            after in "[ -~]{0,7}",
        ) {
            prop_assume!(!Secret::new(secret.as_str()).is_word());
            let whole = format!("{before}{secret}{after}");
            let json = serde_json::Value::from(whole.as_str()).to_string();
            let plain = [
                whole.clone(),
                utf8_percent_encode(&whole, NON_ALPHANUMERIC).to_string(),
                serde_json::Value::from(json.as_str()).to_string(),
                maud::html! { (json) }.into_string(),
                super::super::text::markdown(&format!("x{secret}x"), 99),
                json,
            ];
            for text in plain {
                prop_assert!(found(&text, &secret).is_some(), "{text}");
            }
            for text in [STANDARD.encode(&whole), URL_SAFE.encode(&whole)] {
                prop_assert!(found(&format!("Basic {text}"), &secret).is_some(), "{text}");
            }
            prop_assert!(found(&hex::encode(&whole), &secret).is_some());
        }
    }

    #[test]
    fn a_pin_is_found_as_a_word_and_not_inside_a_number() {
        for (text, leaks) in [
            ("the PIN 481625 opens", true),
            ("{\"pin\":\"481625#\"}", true),
            ("{\\\"pin\\\":\\\"481625\\\"}", true),
            ("pin=481625&lock=1", true),
            ("at 1481625000 ms", false),
            ("digest a481625f", false),
            ("color:#481625", false),
        ] {
            assert_eq!(found(text, "481625").is_some(), leaks, "{text}");
        }
        assert_eq!(found("#481625", "#481625"), Some(Encoding::Plain));
    }

    #[test]
    fn an_ordinary_word_is_found_in_a_coding_only() {
        assert_eq!(found("the secret is masked", "secret"), None);
        assert_eq!(
            found(&format!("Basic {}", STANDARD.encode("key:secret")), "secret"),
            Some(Encoding::Base64)
        );
        assert_eq!(found(&hex::encode("secret"), "secret"), Some(Encoding::Hex));
        for no_word in ["s3cret", "client_secret", "thirteenchars"] {
            assert_eq!(found(&format!("a {no_word} here"), no_word), Some(Encoding::Plain), "{no_word}");
        }
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        assert_eq!(found("an ordinary report, 100% fine \\u00", "s3cr3t&\"x"), None);
        assert_eq!(found("abc abc", "abc"), None);
    }
}
