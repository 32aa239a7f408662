//! Values from and to what stands on the wire.

use std::time::Duration;

use super::{Literal, Raw, Scalar};
use crate::vendors::vocabulary::{Datum, FieldKind, Pin, Secret, Word};

/// Most digits that a number can hold.
pub(crate) const MOST_DIGITS: usize = 18;

/// The word that a vendor says in place of one that it has not: a door that is
/// ajar or forced is open.
pub(super) fn broad(spellings: &[(Word, Literal)], word: Word) -> Word {
    let known = |word: Word| spellings.iter().any(|(known, _)| *known == word);
    match word {
        Word::Ajar | Word::Forced if !known(word) && known(Word::Open) => Word::Open,
        _ => word,
    }
}

pub(super) fn kind_name(value: &Datum) -> &'static str {
    match value {
        Datum::Text(_) => "a text",
        Datum::Int(_) => "a number",
        Datum::Bool(_) => "yes or no",
        Datum::Percent(_) => "a percentage",
        Datum::Instant(_) => "an instant",
        Datum::Seconds(_) => "a span",
        Datum::Word(_) => "a word",
        Datum::Pin(_) => "a PIN",
        Datum::Secret(_) => "a secret",
        Datum::Days(_) => "weekdays",
    }
}

pub(super) fn plain_text(value: &Datum) -> Result<&str, String> {
    match value {
        Datum::Text(text) => Ok(text),
        Datum::Pin(pin) => Ok(pin.keys()),
        Datum::Secret(secret) => Ok(secret.expose()),
        _ => Err(format!("{} is no text", kind_name(value))),
    }
}

pub(super) fn whole_number(value: &Datum) -> Result<i64, String> {
    let number = match value {
        Datum::Int(number) => return Ok(*number),
        Datum::Seconds(span) => {
            return i64::try_from(span.as_secs()).map_err(|_| "the span is too long".to_owned());
        }
        _ => plain_text(value)?,
    };
    match number.parse::<i64>() {
        Ok(parsed) if parsed.to_string() == number => Ok(parsed),
        _ => Err("it is no whole number that could be read back (digits only, no leading zero)".to_owned()),
    }
}

pub(super) fn whole(number: u64) -> Result<Scalar<'static>, String> {
    i64::try_from(number).map(Scalar::Int).map_err(|_| "the span is too long".to_owned())
}

pub(super) fn fixed_digits(text: &str, length: usize) -> Result<Scalar<'static>, String> {
    if text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().map(Scalar::Int).map_err(|_| "too many digits".to_owned());
    }
    Err(format!("it does not have exactly {length} digits"))
}

/// Restores digits from a number and how many there are.
pub(crate) fn padded_digits(raw: Raw<'_>, length: usize, kind: FieldKind) -> Result<Datum, String> {
    let expected = || format!("a number of at most {length} digits");
    let number = raw.int().filter(|number| *number >= 0).ok_or_else(expected)?;
    let text = format!("{number:0length$}");
    if text.len() > length { Err(expected()) } else { text_datum(&text, kind) }
}

pub(super) fn text_datum(text: &str, kind: FieldKind) -> Result<Datum, String> {
    match kind {
        FieldKind::Pin => Pin::new(text).map(Datum::Pin).map_err(|why| why.to_string()),
        FieldKind::Secret => Ok(Datum::Secret(Secret::new(text))),
        _ => Ok(Datum::text(text)),
    }
}

pub(super) fn int_datum(number: i64, kind: FieldKind) -> Result<Datum, String> {
    match kind {
        FieldKind::Int => Ok(Datum::Int(number)),
        FieldKind::Seconds => u64::try_from(number)
            .map(|seconds| Datum::Seconds(Duration::from_secs(seconds)))
            .map_err(|_| "a number of seconds".to_owned()),
        _ => text_datum(&number.to_string(), kind),
    }
}

pub(super) fn percent(number: f64) -> Result<Datum, String> {
    if number.fract() == 0.0 && (0.0..=100.0).contains(&number) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "checked to be whole and 0 to 100"
        )]
        return Ok(Datum::Percent(number as u8));
    }
    Err("a whole number from 0 to 100".to_owned())
}

pub(super) fn nearest_level(levels: &[(String, u8)], percent: u8) -> Option<&(String, u8)> {
    levels.iter().min_by_key(|(_, level)| level.abs_diff(percent))
}

pub(super) fn span(
    raw: Raw<'_>,
    expected: &str,
    make: impl Fn(u64) -> Option<Duration>,
) -> Result<Datum, String> {
    raw.int()
        .and_then(|number| u64::try_from(number).ok())
        .and_then(make)
        .map(Datum::Seconds)
        .ok_or_else(|| expected.to_owned())
}
