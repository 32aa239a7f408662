//! The value of a fact, in canonical form.

use std::sync::Arc;
use std::time::Duration;

use super::{Days, Field, FieldKind, Instant, Pin, Secret, Word};

/// A canonical value. Codecs turn it into a vendor's spelling and back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Datum {
    /// Text, ids included.
    Text(Arc<str>),
    /// A whole number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// 0 to 100.
    Percent(u8),
    /// A point in time.
    Instant(Instant),
    /// A span; whole seconds count.
    Seconds(Duration),
    /// A canonical word.
    Word(Word),
    /// The keys of a PIN.
    Pin(Pin),
    /// A credential.
    Secret(Secret),
    /// Weekdays.
    Days(Days),
}

impl Datum {
    /// Text from anything that is text.
    pub fn text(text: impl AsRef<str>) -> Self {
        Self::Text(text.as_ref().into())
    }

    /// A value of that field in canonical form: instants as RFC 3339, spans in
    /// seconds, percentages as 0 to 100, words by their canonical names.
    pub fn parse(field: &Field, value: &str) -> Option<Self> {
        match field.kind() {
            FieldKind::Text | FieldKind::Invitation | FieldKind::Any => Some(Self::text(value)),
            FieldKind::Int => value.parse().ok().map(Self::Int),
            FieldKind::Bool => value.parse().ok().map(Self::Bool),
            FieldKind::Percent => value.parse().ok().filter(|percent| *percent <= 100).map(Self::Percent),
            FieldKind::Instant => {
                value.parse().ok().map(|timestamp| Self::Instant(Instant::from_timestamp(timestamp)))
            }
            FieldKind::Seconds => {
                value.parse().ok().map(|seconds| Self::Seconds(Duration::from_secs(seconds)))
            }
            FieldKind::Word => Word::parse(value).map(Self::Word),
            FieldKind::Pin => Pin::new(value).ok().map(Self::Pin),
            FieldKind::Secret => Some(Self::Secret(Secret::new(value))),
            FieldKind::Days => Days::parse(value).map(Self::Days),
        }
    }

    /// The text, where it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, where it is one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The answer, where it is yes or no.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(answer) => Some(*answer),
            _ => None,
        }
    }

    /// The percentage, where it is one.
    pub fn as_percent(&self) -> Option<u8> {
        match self {
            Self::Percent(percent) => Some(*percent),
            _ => None,
        }
    }

    /// The instant, where it is one.
    pub fn as_instant(&self) -> Option<Instant> {
        match self {
            Self::Instant(instant) => Some(*instant),
            _ => None,
        }
    }

    /// The span, where it is one.
    pub fn as_seconds(&self) -> Option<Duration> {
        match self {
            Self::Seconds(span) => Some(*span),
            _ => None,
        }
    }

    /// The word, where it is one.
    pub fn as_word(&self) -> Option<Word> {
        match self {
            Self::Word(word) => Some(*word),
            _ => None,
        }
    }

    /// The PIN, where it is one.
    pub fn as_pin(&self) -> Option<&Pin> {
        match self {
            Self::Pin(pin) => Some(pin),
            _ => None,
        }
    }

    /// The weekdays, where it is some.
    pub fn as_days(&self) -> Option<Days> {
        match self {
            Self::Days(days) => Some(*days),
            _ => None,
        }
    }

    /// The secret, where it is one.
    pub fn as_secret(&self) -> Option<&Secret> {
        match self {
            Self::Secret(secret) => Some(secret),
            _ => None,
        }
    }
}
