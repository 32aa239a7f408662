//! Codecs: how one value is spelled on the wire, and read back.
//!
//! A codec is a pair of inverse functions. What it cannot keep (the part of an
//! instant below a second, the half of a percent) is dropped by [`Codec::canon`],
//! and `decode(encode(x)) == canon(x)` holds for every value that it can spell.
//! What cannot be told back at all (a local time in the repeated hour, a PIN
//! with a leading zero as a number) is refused when it is written.

mod args;
mod days;
mod instants;
mod literal;
mod pattern;
mod scalar;
mod texts;
mod values;

#[cfg(test)]
mod laws;

pub(crate) use args::{CodecError, parse_absent, parse_codec, parse_step};
pub use days::DaysForm;
pub use literal::Literal;
pub use pattern::TimePattern;
pub use scalar::{Raw, Scalar, write_json_text};
pub use texts::TextCodec;
pub(crate) use values::{MOST_DIGITS, padded_digits};

use std::borrow::Cow;
use std::time::Duration;

use jiff::tz::TimeZone;

use literal::{are_some_of, json_list, shown_spellings};
use values::{
    broad, fixed_digits, int_datum, kind_name, nearest_level, percent, plain_text, span, text_datum, whole,
    whole_number,
};

use crate::vendors::vocabulary::{Datum, FieldKind, Word};

/// How a value is spelled.
#[derive(Clone, Debug, PartialEq)]
pub enum Codec {
    /// As it is.
    Text,
    /// A whole number.
    Int,
    /// Yes and no, as `true` and `false` or as the given spellings: each side has
    /// one or more, of which the first is written.
    Bool(Option<(Vec<Literal>, Vec<Literal>)>),
    /// A canonical word as it is.
    Word,
    /// Canonical words in the vendor's spellings.
    Enum(Vec<(Word, Literal)>),
    /// A charge as 0 to 100.
    Percent,
    /// A charge as 0 to 1.
    Fraction,
    /// A charge as words, each standing for a percentage.
    Levels(Vec<(String, u8)>),
    /// Milliseconds since 1970.
    EpochMs,
    /// Seconds since 1970.
    EpochS,
    /// RFC 3339 with `Z`; reads any offset.
    Rfc3339 {
        /// Whether milliseconds are written.
        ms: bool,
    },
    /// RFC 3339 with a numeric offset.
    Rfc3339Offset(TimeZone),
    /// Date and time without a zone, in the given zone.
    Local(TimeZone),
    /// Date and time by a pattern.
    Format(TimePattern),
    /// Minutes since midnight UTC; reads as a time on 1 January 1970.
    MinuteOfDay,
    /// Milliseconds since midnight UTC; reads as a time on 1 January 1970.
    MsOfDay,
    /// Date and time without a zone, in the zone of the lock (`lock.zone`).
    LockLocal,
    /// Digits as a number; leading zeros come back by the length that stands
    /// elsewhere in the message.
    Numeric,
    /// How many keys the value has.
    Length,
    /// A span in seconds.
    Seconds,
    /// A span in minutes.
    Minutes,
    /// A span in milliseconds.
    Ms,
    /// Exactly so many digits, as a number on the wire.
    Digits(usize),
    /// Weekdays.
    Days(DaysForm),
    /// Anything, read past.
    Any,
    /// One of these and nothing else; the first is written.
    OneOf(Vec<Literal>),
    /// A list of some of these; the whole is written.
    SomeOf(Vec<Literal>),
    /// This is written; any value of its type is read past.
    Sends(Literal),
    /// Nothing is written; what comes is one of these.
    Takes(Vec<Literal>),
}

/// The names under which codecs stand in a profile.
pub const CODEC_NAMES: &[&str] = &[
    "text",
    "int",
    "bool",
    "word",
    "enum",
    "percent",
    "fraction",
    "levels",
    "epoch_ms",
    "epoch_s",
    "rfc3339",
    "rfc3339_offset",
    "local",
    "format",
    "minute_of_day",
    "ms_of_day",
    "numeric",
    "length",
    "absent",
    "loose",
    "either",
    "partial",
    "one_of",
    "some_of",
    "sends",
    "takes",
    "seconds",
    "minutes",
    "ms",
    "digits",
    "days",
    "days_hex",
    "days_list",
    "day",
    "upper",
    "lower",
    "base64",
    "md5",
    "sha256",
    "hmac_sha256",
];

impl Codec {
    /// The codec of a hole that names none.
    pub fn default_of(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Text | FieldKind::Pin | FieldKind::Secret | FieldKind::Invitation => Self::Text,
            FieldKind::Int => Self::Int,
            FieldKind::Bool => Self::Bool(None),
            FieldKind::Percent => Self::Percent,
            FieldKind::Instant => Self::Rfc3339 { ms: false },
            FieldKind::Seconds => Self::Seconds,
            FieldKind::Word => Self::Word,
            FieldKind::Days => Self::Days(DaysForm::Sum([1, 2, 4, 8, 16, 32, 64])),
            FieldKind::Any => Self::Any,
        }
    }

    /// Whether the codec can spell values of that kind.
    pub fn fits(&self, kind: FieldKind) -> bool {
        let kind = if kind == FieldKind::Invitation { FieldKind::Text } else { kind };
        match self {
            Self::Text => matches!(kind, FieldKind::Text | FieldKind::Pin | FieldKind::Secret),
            Self::Int => {
                matches!(kind, FieldKind::Int | FieldKind::Text | FieldKind::Pin | FieldKind::Seconds)
            }
            Self::Bool(_) => kind == FieldKind::Bool,
            Self::Word | Self::Enum(_) => kind == FieldKind::Word,
            Self::Percent | Self::Fraction | Self::Levels(_) => kind == FieldKind::Percent,
            Self::EpochMs
            | Self::EpochS
            | Self::Rfc3339 { .. }
            | Self::Rfc3339Offset(_)
            | Self::Local(_)
            | Self::LockLocal
            | Self::Format(_)
            | Self::MinuteOfDay
            | Self::MsOfDay => kind == FieldKind::Instant,
            Self::Seconds | Self::Minutes | Self::Ms => kind == FieldKind::Seconds,
            Self::Days(_) => kind == FieldKind::Days,
            Self::Digits(_) | Self::Numeric | Self::Length => {
                matches!(kind, FieldKind::Text | FieldKind::Pin)
            }
            Self::Any | Self::OneOf(_) | Self::SomeOf(_) | Self::Sends(_) | Self::Takes(_) => {
                kind == FieldKind::Any
            }
        }
    }

    /// What is written whatever there is to say; `None` where that depends on a value.
    pub fn constant(&self) -> Option<Scalar<'static>> {
        match self {
            Self::OneOf(literals) => literals.first().map(Literal::to_scalar),
            Self::SomeOf(literals) => Some(json_list(literals)),
            Self::Sends(literal) => Some(literal.to_scalar()),
            _ => None,
        }
    }

    /// Whether what is written does not depend on any value, and what is read
    /// tells none.
    pub fn is_fixed(&self) -> bool {
        matches!(self, Self::OneOf(_) | Self::SomeOf(_) | Self::Sends(_) | Self::Takes(_))
    }

    /// What is read where something constant is written, for people.
    pub(crate) fn expects(&self) -> Option<String> {
        let any = |literals: &[Literal]| {
            let all: Vec<String> = literals.iter().map(Literal::shown).collect();
            all.join(" or ")
        };
        match self {
            Self::OneOf(literals) | Self::Takes(literals) => Some(any(literals)),
            Self::SomeOf(literals) => Some(format!("a list of {}", any(literals))),
            Self::Sends(literal) => Some(literal.type_name().to_owned()),
            _ => None,
        }
    }

    /// Spells a value; the error says why it cannot be spelled.
    pub fn encode<'a>(&self, value: &'a Datum) -> Result<Scalar<'a>, String> {
        match (self, value) {
            (Self::Text, _) => plain_text(value).map(|text| Scalar::Text(Cow::Borrowed(text))),
            (Self::Int, _) => whole_number(value).map(Scalar::Int),
            (Self::Bool(None), Datum::Bool(answer)) => Ok(Scalar::Bool(*answer)),
            (Self::Bool(Some((yes, no))), Datum::Bool(answer)) => if *answer { yes } else { no }
                .first()
                .map(Literal::to_scalar)
                .ok_or_else(|| "no spelling is declared".to_owned()),
            (Self::Word, Datum::Word(word)) => Ok(Scalar::Text(Cow::Borrowed(word.as_str()))),
            (Self::Enum(spellings), Datum::Word(word)) => spellings
                .iter()
                .find(|(known, _)| *known == broad(spellings, *word))
                .map(|(_, spelling)| spelling.to_scalar())
                .ok_or_else(|| format!("the vendor has no word for `{}`", word.as_str())),
            (Self::Percent, Datum::Percent(percent)) => Ok(Scalar::Int(i64::from(*percent))),
            (Self::Fraction, Datum::Percent(percent)) => Ok(Scalar::Float(f64::from(*percent) / 100.0)),
            (Self::Levels(levels), Datum::Percent(percent)) => nearest_level(levels, *percent)
                .map(|(word, _)| Scalar::Text(Cow::Owned(word.clone())))
                .ok_or_else(|| "no level is declared".to_owned()),
            (Self::Seconds, Datum::Seconds(span)) => whole(span.as_secs()),
            (Self::Minutes, Datum::Seconds(span)) => whole(span.as_secs() / 60),
            (Self::Ms, Datum::Seconds(span)) => whole(span.as_secs().saturating_mul(1000)),
            (Self::Digits(length), _) => fixed_digits(plain_text(value)?, *length),
            (Self::Days(form), Datum::Days(days)) => Ok(form.encode(*days)),
            (Self::Numeric, _) => {
                let text = plain_text(value)?;
                fixed_digits(text, text.len().clamp(1, MOST_DIGITS))
            }
            (Self::Length, _) => whole(plain_text(value)?.chars().count() as u64),
            (Self::Any, _) => Ok(Scalar::Text(Cow::Borrowed("any"))),
            (Self::OneOf(_) | Self::SomeOf(_) | Self::Sends(_), _) => {
                self.constant().ok_or_else(|| "no spelling is declared".to_owned())
            }
            (Self::Takes(_), _) => Err("it is never sent".to_owned()),
            (_, Datum::Instant(instant)) => instants::encode(self, *instant),
            _ => Err(format!("{} cannot be spelled so", kind_name(value))),
        }
    }

    /// Reads a value back for a field of that kind; the error says what was expected.
    pub fn decode(&self, raw: Raw<'_>, kind: FieldKind) -> Result<Datum, String> {
        match self {
            Self::Text => text_datum(raw.text().ok_or("a text")?, kind),
            Self::Int => int_datum(raw.int().ok_or("a whole number")?, kind),
            Self::Bool(None) => raw.boolean().map(Datum::Bool).ok_or_else(|| "true or false".to_owned()),
            Self::Bool(Some((yes, no))) => match () {
                () if yes.iter().any(|yes| yes.is(raw)) => Ok(Datum::Bool(true)),
                () if no.iter().any(|no| no.is(raw)) => Ok(Datum::Bool(false)),
                () => {
                    let all: Vec<String> = yes.iter().chain(no).map(Literal::shown).collect();
                    Err(all.join(" or "))
                }
            },
            Self::Word => raw
                .text()
                .and_then(Word::parse)
                .map(Datum::Word)
                .ok_or_else(|| "one of the canonical words".to_owned()),
            Self::Enum(spellings) => spellings
                .iter()
                .find(|(_, spelling)| spelling.is(raw))
                .map(|(word, _)| Datum::Word(*word))
                .ok_or_else(|| format!("one of {}", shown_spellings(spellings))),
            Self::Percent => percent(raw.float().ok_or("a number from 0 to 100")?),
            Self::Fraction => percent((raw.float().ok_or("a number from 0 to 1")? * 100.0).round())
                .map_err(|_| "a number from 0 to 1".to_owned()),
            Self::Levels(levels) => levels
                .iter()
                .find(|(word, _)| raw.text() == Some(word))
                .map(|(_, percent)| Datum::Percent(*percent))
                .ok_or_else(|| {
                    format!(
                        "one of {}",
                        levels.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
                    )
                }),
            Self::Seconds => span(raw, "a number of seconds", |n| Some(Duration::from_secs(n))),
            Self::Minutes => span(raw, "a number of minutes", |n| n.checked_mul(60).map(Duration::from_secs)),
            Self::Ms => span(raw, "a number of milliseconds", |n| Some(Duration::from_secs(n / 1000))),
            Self::Digits(length) => padded_digits(raw, *length, kind),
            Self::Days(form) => form.decode(raw).map(Datum::Days),
            Self::Numeric | Self::Length => Err("a number of digits that are counted elsewhere".to_owned()),
            Self::Any => Ok(Datum::text("any")),
            Self::OneOf(literals) | Self::Takes(literals)
                if literals.iter().any(|literal| literal.is(raw)) =>
            {
                Ok(Datum::text("any"))
            }
            Self::SomeOf(literals) if are_some_of(literals, raw) => Ok(Datum::text("any")),
            Self::Sends(literal) if literal.is_like(raw) => Ok(Datum::text("any")),
            Self::OneOf(_) | Self::SomeOf(_) | Self::Sends(_) | Self::Takes(_) => {
                Err(self.expects().unwrap_or_default())
            }
            _ => instants::decode(self, raw).map(Datum::Instant),
        }
    }

    /// The part of a value that the codec keeps: what the laws hold it to.
    pub fn canon(&self, value: &Datum) -> Datum {
        match (self, value) {
            (Self::Enum(spellings), Datum::Word(word)) => Datum::Word(broad(spellings, *word)),
            (Self::Levels(levels), Datum::Percent(percent)) => nearest_level(levels, *percent)
                .map_or_else(|| value.clone(), |(_, level)| Datum::Percent(*level)),
            (Self::Seconds | Self::Ms, Datum::Seconds(span)) => {
                Datum::Seconds(Duration::from_secs(span.as_secs()))
            }
            (Self::Int, Datum::Seconds(span)) => Datum::Seconds(Duration::from_secs(span.as_secs())),
            (Self::Minutes, Datum::Seconds(span)) => {
                Datum::Seconds(Duration::from_secs(span.as_secs() / 60 * 60))
            }
            (Self::Days(form), Datum::Days(days)) => Datum::Days(form.canon(*days)),
            (codec, _) if codec.is_fixed() => Datum::text("any"),
            (_, Datum::Instant(instant)) => Datum::Instant(instants::canon(self, *instant)),
            _ => value.clone(),
        }
    }
}

/// How far a charge may be from the only word that is documented.
const FAR: u8 = 50;

impl Codec {
    /// Whether the value has a spelling that is true of it. Of several words the
    /// nearest is; a lone one says nothing of the other half of the scale.
    pub fn has_word_for(&self, value: &Datum) -> bool {
        match (self, value) {
            (Self::Levels(levels), Datum::Percent(percent)) => {
                levels.len() > 1 || levels.iter().any(|(_, level)| level.abs_diff(*percent) <= FAR)
            }
            _ => true,
        }
    }
}
