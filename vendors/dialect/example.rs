//! Sample values, so that documents show whole messages.

use std::time::Duration;

use super::codec::Codec;
use super::form::AnswerForm;
use super::operation::Operation;
use super::secretbox::NONCE_BYTES;
use super::template::Hole;
use crate::vendors::vocabulary::{
    Datum, Days, Facts, FailureKind, Field, FieldKind, Instant, Pin, Secret, Word,
};

/// 2026-03-01T12:00:00Z.
const NOON_MS: i64 = 1_772_366_400_000;

pub(super) fn request_facts(operation: &Operation) -> Facts {
    let mut facts = Facts::new();
    for (_, hole) in operation.request_holes() {
        add(&mut facts, hole, None);
    }
    facts
}

pub(super) fn answer_facts(operation: &Operation) -> Facts {
    let mut facts = Facts::new();
    for hole in operation.answer_holes() {
        add(&mut facts, hole, None);
    }
    // One element shows the shape of a list, and of a list within it.
    let element = facts.clone().nested(facts.clone());
    facts.items = vec![element];
    facts
}

/// The facts with a sample for every hole of an error that has no value, or
/// one that the hole cannot spell (a code that is a number there).
pub(super) fn completed(form: &AnswerForm, facts: &Facts, kind: FailureKind) -> Facts {
    let mut complete = facts.clone();
    form.each_hole(&mut |hole| {
        if hole.field == Field::ErrorCode
            && facts.get(&hole.field).is_some_and(|value| hole.codec.encode(value).is_err())
        {
            complete.remove(&hole.field);
        }
        if !hole.optional {
            add(&mut complete, hole, Some(kind));
        }
    });
    complete
}

trait Nested {
    fn nested(self, item: Facts) -> Self;
}

impl Nested for Facts {
    fn nested(mut self, item: Facts) -> Self {
        self.items = vec![item];
        self
    }
}

fn add(facts: &mut Facts, hole: &Hole, failure: Option<FailureKind>) {
    if facts.has(&hole.field) {
        return;
    }
    let value = match (&hole.field, failure) {
        (Field::ErrorMessage, Some(kind)) => Datum::text(message(kind)),
        (Field::ErrorCode, Some(kind)) => code(hole, kind),
        _ => sample(hole),
    };
    facts.set(hole.field.clone(), value);
}

fn code(hole: &Hole, kind: FailureKind) -> Datum {
    if hole.codec == Codec::Int { Datum::text("1") } else { Datum::text(kind.as_str()) }
}

/// What an error says where nobody gave it words.
pub(crate) fn message(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Credentials => "the credentials are missing or wrong",
        FailureKind::Forbidden => "this is not allowed",
        FailureKind::NotFound => "there is no such thing",
        FailureKind::Invalid => "the request is not valid",
        FailureKind::Conflict => "it exists already",
        FailureKind::Full => "there is no room for another one",
        FailureKind::Offline => "the lock is offline",
        FailureKind::Busy => "the lock is busy",
        FailureKind::UpstreamTimeout => "the lock did not answer in time",
        FailureKind::RateLimited => "too many requests",
        FailureKind::Unsupported => "this is not supported",
        FailureKind::Payment => "a licence is missing",
        FailureKind::Server => "something went wrong",
        FailureKind::Protocol => "the answer cannot be understood",
    }
}

fn sample(hole: &Hole) -> Datum {
    match hole.field.kind() {
        FieldKind::Text | FieldKind::Invitation => Datum::text(sample_text(hole)),
        FieldKind::Int => Datum::Int(if hole.field == Field::PageSize { 50 } else { 1 }),
        FieldKind::Bool => Datum::Bool(!matches!(hole.field, Field::LockBatteryLow | Field::PageMore)),
        FieldKind::Percent => Datum::Percent(80),
        FieldKind::Instant => Datum::Instant(sample_instant(&hole.field)),
        FieldKind::Seconds => Datum::Seconds(sample_span(&hole.field)),
        FieldKind::Word => Datum::Word(sample_word(hole)),
        FieldKind::Pin => pin(&hole.codec),
        FieldKind::Secret => Datum::Secret(Secret::new("secret")),
        FieldKind::Days => Datum::Days(Days::ALL),
        FieldKind::Any => Datum::text("any"),
    }
}

fn sample_text(hole: &Hole) -> String {
    match &hole.codec {
        Codec::Int => return "1001".to_owned(),
        Codec::Digits(length) => return "1".repeat(*length),
        _ => {}
    }
    match &hole.field {
        Field::GroupName => "First floor".to_owned(),
        Field::LockName => "Room 101".to_owned(),
        Field::LockLocation => "First floor, east".to_owned(),
        Field::UserName | Field::AccessName => "Guest 4711".to_owned(),
        Field::UserReference => "inlet-4711".to_owned(),
        Field::UserEmail => "guest@example.com".to_owned(),
        Field::MobileInvitation => "https://example.com/invitation/4711".to_owned(),
        Field::JobError => "the lock did not answer".to_owned(),
        Field::Nonce => "00".repeat(NONCE_BYTES),
        Field::RequestKey => "4711-1".to_owned(),
        Field::ErrorMessage => "the request is not valid".to_owned(),
        field => {
            let name = field.to_string();
            let noun = name
                .split_once('.')
                .map_or(name.as_str(), |(noun, rest)| if rest == "id" { noun } else { rest });
            format!("{noun}-1")
        }
    }
}

fn sample_instant(field: &Field) -> Instant {
    let noon = Instant::from_epoch_ms(NOON_MS);
    match field {
        Field::AccessUntil | Field::MobileUntil | Field::AlgoUntil | Field::HoldUntil => {
            noon + Duration::from_secs(172_800)
        }
        Field::ErrorRetryAt => noon + Duration::from_secs(30),
        _ => noon,
    }
}

fn sample_span(field: &Field) -> Duration {
    Duration::from_secs(match field {
        Field::PulseSeconds => 5,
        Field::ErrorRetryAfter => 30,
        _ => 3600,
    })
}

fn sample_word(hole: &Hole) -> Word {
    let usual: &[Word] = match hole.field {
        Field::LockDoor => &[Word::Closed],
        Field::LockState => &[Word::Locked],
        Field::JobState => &[Word::Done, Word::Active],
        _ => &[Word::Active, Word::Done, Word::Pending],
    };
    match &hole.codec {
        Codec::Enum(spellings) => {
            let spelled = |word: &Word| spellings.iter().any(|(known, _)| known == word);
            let first = spellings.first().map_or(Word::Unknown, |(word, _)| *word);
            usual.iter().copied().find(spelled).unwrap_or(first)
        }
        _ => usual.first().copied().unwrap_or(Word::Unknown),
    }
}

fn pin(codec: &Codec) -> Datum {
    let keys = match codec {
        Codec::Digits(length) => "1".repeat(*length),
        _ => "4711".to_owned(),
    };
    Pin::new(&keys).map_or_else(|_| Datum::text(keys), Datum::Pin)
}
