//! How a value is spelled, guessed from its type, its format and its example.

use serde_json::Value;

use super::confidence::Confidence;
use super::instants::instant;
use super::shape::{Kind, Shape};
use super::values::{LEVELS, LOW, SaidOf, canonical};
use super::words::{joined, split};
use crate::vendors::vocabulary::{Field, FieldKind, Word};

/// A codec, and what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spelling {
    /// What follows the field in its hole: empty, or ` | codec`.
    pub codec: String,
    /// What was seen.
    pub why: String,
    pub confidence: Confidence,
}

impl Spelling {
    pub(super) fn new(codec: &str, why: impl Into<String>, confidence: Confidence) -> Self {
        let codec = if codec.is_empty() { String::new() } else { format!(" | {codec}") };
        Self { codec, why: why.into(), confidence }
    }

    fn usual(why: impl Into<String>) -> Option<Self> {
        Some(Self::new("", why, Confidence::Sure))
    }
}

/// How a field is spelled in a value of that shape; `None` where it cannot be.
/// `as_text` is set where every value is a text on the wire: in an address, a
/// header or a form.
pub(super) fn spelling(field: &Field, name: &str, shape: &Shape, as_text: bool) -> Option<Spelling> {
    match field.kind() {
        FieldKind::Text | FieldKind::Pin | FieldKind::Invitation => text(shape, as_text),
        FieldKind::Secret => (as_text || matches!(shape.kind, Kind::Text | Kind::Anything))
            .then(|| Spelling::new("", "a text", Confidence::Sure)),
        FieldKind::Int => match shape.kind {
            Kind::Number { .. } => Spelling::usual("a number"),
            _ if as_text => Spelling::usual("a number"),
            _ => None,
        },
        FieldKind::Bool => yes_or_no(field, name, shape),
        FieldKind::Percent => percent(shape),
        FieldKind::Instant => instant(shape),
        FieldKind::Seconds if *field == Field::AuthExpiresIn && matches!(shape.kind, Kind::Number { .. }) => {
            Some(span_of_token())
        }
        FieldKind::Seconds => span(name, shape, as_text),
        FieldKind::Word => word(field, name, shape),
        FieldKind::Days | FieldKind::Any => None,
    }
}

fn text(shape: &Shape, as_text: bool) -> Option<Spelling> {
    match shape.kind {
        Kind::Text => Spelling::usual("a text"),
        Kind::Number { whole: true } if as_text => Spelling::usual("a whole number"),
        Kind::Number { whole: true } => Some(Spelling::new("int", "a whole number", Confidence::Sure)),
        Kind::Anything => {
            Some(Spelling::new("", "its type is not said, a text is taken", Confidence::Unsure))
        }
        _ => None,
    }
}

/// The vendor's values with their names, as words.
fn named_values(shape: &Shape) -> Vec<(&Value, String)> {
    let name = |value: &Value| {
        let named = shape.names.iter().find(|(known, _)| known == value).map(|(_, name)| name.clone());
        named.or_else(|| value.as_str().map(str::to_owned))
    };
    shape.values.iter().filter_map(|value| Some((value, name(value)?))).collect()
}

/// A value as a codec's argument; `None` where it cannot stand there.
fn argument(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let plain = !text.is_empty()
                && text.trim() == text
                && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | ':'));
            let other = text.parse::<i64>().is_ok() || matches!(text.as_str(), "true" | "false");
            plain.then(|| if other { format!("'{text}'") } else { text.clone() })
        }
        Value::Number(number) => number.as_i64().map(|number| number.to_string()),
        Value::Bool(answer) => Some(answer.to_string()),
        _ => None,
    }
}

const REACHED: &[&str] = &["online", "connected", "reachable", "available", "ok", "active", "true", "yes"];
const LOST: &[&str] = &[
    "offline",
    "disconnected",
    "unreachable",
    "unavailable",
    "notconnected",
    "lost",
    "inactive",
    "false",
    "no",
];

fn yes_or_no(field: &Field, name: &str, shape: &Shape) -> Option<Spelling> {
    let low = *field == Field::LockBatteryLow;
    let contrary = !low
        && ["offline", "disconnected", "unreachable"].iter().any(|word| joined(&split(name)).ends_with(word));
    if shape.kind == Kind::Bool {
        return if contrary {
            Some(Spelling::new("bool(false, true)", "yes says the contrary", Confidence::Likely))
        } else {
            Spelling::usual("yes or no")
        };
    }
    let named = named_values(shape);
    let levels: Vec<&str> = LEVELS.iter().map(|(word, _)| *word).filter(|word| !LOW.contains(word)).collect();
    let (yes, no): (&[&str], &[&str]) = if low { (LOW, &levels) } else { (REACHED, LOST) };
    let side = |words: &[&str]| -> Vec<String> {
        named
            .iter()
            .filter(|(_, name)| words.contains(&split(name).concat().as_str()))
            .filter_map(|(value, _)| argument(value))
            .collect()
    };
    let (yes, no) = (side(yes), side(no));
    if !yes.is_empty() && !no.is_empty() {
        let codec = format!("bool({}, {})", yes.join("/"), no.join("/"));
        return Some(Spelling::new(&codec, "the words that it may have", Confidence::Likely));
    }
    let binary = shape.values.len() == 2 && [0, 1].iter().all(|n| shape.values.contains(&Value::from(*n)));
    binary.then(|| Spelling::new("bool(1, 0)", "1 and 0 stand for yes and no", Confidence::Unsure))
}

fn percent(shape: &Shape) -> Option<Spelling> {
    match shape.kind {
        Kind::Number { whole } => {
            let example = shape.example.as_ref().and_then(Value::as_f64);
            if shape.range.1.is_some_and(|most| most <= 1.0) {
                return Some(Spelling::new("fraction", "at most 1", Confidence::Sure));
            }
            if example.is_some_and(|shown| shown > 0.0 && shown < 1.0) {
                return Some(Spelling::new("fraction", "the example is a fraction", Confidence::Likely));
            }
            let bounded = shape.range.1 == Some(100.0);
            let spelled = example.is_none_or(|shown| shown.fract() == 0.0 && (0.0..=100.0).contains(&shown));
            let sure = if bounded || whole { Confidence::Likely } else { Confidence::Unsure };
            let why = if bounded { "at most 100" } else { "a number, taken as 0 to 100" };
            spelled.then(|| Spelling::new("", why, if bounded { Confidence::Sure } else { sure }))
        }
        Kind::Text => levels(shape),
        _ => None,
    }
}

fn levels(shape: &Shape) -> Option<Spelling> {
    let named = named_values(shape);
    let level = |name: &str| {
        LEVELS.iter().find(|(word, _)| *word == split(name).concat()).map(|(_, percent)| *percent)
    };
    let spelled: Vec<String> = named
        .iter()
        .filter_map(|(value, name)| Some(format!("{}={}", argument(value)?, level(name)?)))
        .collect();
    let all = !spelled.is_empty() && spelled.len() == shape.values.len();
    let codec = format!("levels({})", spelled.join(", "));
    all.then(|| Spelling::new(&codec, "words; the percentages are taken, not told", Confidence::Unsure))
}

fn span_of_token() -> Spelling {
    Spelling::new("", "seconds, as in OAuth 2", Confidence::Sure)
}

fn span(name: &str, shape: &Shape, as_text: bool) -> Option<Spelling> {
    if !as_text && !matches!(shape.kind, Kind::Number { .. }) {
        return None;
    }
    let said =
        format!("{} {}", name.to_lowercase(), shape.text.as_deref().unwrap_or_default().to_lowercase());
    Some(match () {
        () if said.contains("milli") || name.ends_with("Ms") || name.ends_with("_ms") => {
            Spelling::new("ms", "it speaks of milliseconds", Confidence::Likely)
        }
        () if said.contains("minute") => Spelling::new("minutes", "it speaks of minutes", Confidence::Likely),
        () if said.contains("second") => Spelling::new("", "it speaks of seconds", Confidence::Sure),
        () => Spelling::new("", "a number, taken as seconds", Confidence::Unsure),
    })
}

fn word(field: &Field, name: &str, shape: &Shape) -> Option<Spelling> {
    let said_of = match field {
        Field::LockState => SaidOf::Bolt,
        Field::LockDoor => SaidOf::Door,
        Field::JobState => SaidOf::Job,
        _ => SaidOf::Credential,
    };
    if shape.kind == Kind::Bool {
        return word_of_flag(said_of, name);
    }
    if !matches!(shape.kind, Kind::Text | Kind::Number { whole: true }) {
        return None;
    }
    let named = named_values(shape);
    let mut known: Vec<(Word, String)> = Vec::new();
    let mut unknown = Vec::new();
    for (value, name) in &named {
        let spelled = argument(value)?;
        match canonical(said_of, name) {
            Some(word) => known.push((word, spelled)),
            None => unknown.push(spelled),
        }
    }
    let has = |word: Word| known.iter().any(|(known, _)| *known == word);
    let enough = match said_of {
        SaidOf::Bolt => has(Word::Locked) && has(Word::Unlocked),
        SaidOf::Door => has(Word::Open) && has(Word::Closed),
        SaidOf::Credential => has(Word::Active),
        SaidOf::Job => has(Word::Done) && (has(Word::Pending) || has(Word::Failed)),
    };
    if !enough {
        return (said_of == SaidOf::Bolt && shape.kind == Kind::Text && named.is_empty())
            .then(|| word_of_example(shape))
            .flatten();
    }
    let mut why = "the words that it may have".to_owned();
    // A word that is not listed would make the whole answer undocumented.
    if !unknown.is_empty() {
        why.push_str(&format!("; {} taken as unknown", unknown.join(", ")));
        known.extend(unknown.into_iter().map(|spelled| (Word::Unknown, spelled)));
    }
    let codec: Vec<String> =
        known.iter().map(|(word, spelled)| format!("{}={spelled}", word.as_str())).collect();
    Some(Spelling::new(&format!("enum({})", codec.join(", ")), why, Confidence::Likely))
}

fn word_of_flag(said_of: SaidOf, name: &str) -> Option<Spelling> {
    let name = joined(&split(name));
    let codec = match said_of {
        SaidOf::Bolt if name.ends_with("unlocked") || name.ends_with("open") => {
            "enum(unlocked=true, locked=false)"
        }
        SaidOf::Bolt if name.ends_with("locked") => "enum(locked=true, unlocked=false)",
        SaidOf::Door if name.ends_with("closed") => "enum(closed=true, open=false)",
        SaidOf::Door => "enum(open=true, closed=false)",
        SaidOf::Job if name.contains("complete") || name.contains("done") || name.contains("finished") => {
            "enum(done=true, pending=false)"
        }
        _ => return None,
    };
    Some(Spelling::new(codec, "yes or no", Confidence::Likely))
}

/// A state of which one spelling is shown: the other is written alike.
fn word_of_example(shape: &Shape) -> Option<Spelling> {
    let example = shape.example_text()?;
    let (locked, unlocked) = match example {
        "locked" | "unlocked" => ("locked", "unlocked"),
        "LOCKED" | "UNLOCKED" => ("LOCKED", "UNLOCKED"),
        "Locked" | "Unlocked" => ("Locked", "Unlocked"),
        "closed" | "open" => ("closed", "open"),
        _ => return None,
    };
    let codec = format!("enum(locked={locked}, unlocked={unlocked})");
    Some(Spelling::new(
        &codec,
        format!("the example `{example}`; further words are not told"),
        Confidence::Unsure,
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(field: Field, name: &str, shape: Shape, codec: Option<&str>) {
        let found = spelling(&field, name, &shape, false).map(|spelling| spelling.codec);
        assert_eq!(found.as_deref(), codec, "{field} {name} {shape:?}");
    }

    fn example(value: Value) -> Shape {
        Shape::of_example(&value)
    }

    fn values(values: &[Value]) -> Shape {
        Shape { values: values.to_vec(), example: None, ..Shape::of_example(&values[0]) }
    }

    #[test]
    fn ids_and_pins_are_texts_or_numbers() {
        check(Field::LockId, "id", example(json!("a")), Some(""));
        check(Field::LockId, "id", example(json!(7)), Some(" | int"));
        check(Field::AccessPin, "code", example(json!(123456)), Some(" | int"));
        check(Field::LockId, "id", example(json!(true)), None);
    }

    #[test]
    fn times_are_told_by_format_example_and_size() {
        check(Field::AccessFrom, "start", example(json!("2026-03-01T12:00:00Z")), Some(""));
        check(Field::AccessFrom, "start", example(json!("2026-03-01T12:00:00.000Z")), Some(" | rfc3339(ms)"));
        check(
            Field::AccessFrom,
            "start",
            example(json!("2026-03-01T12:00:00+01:00")),
            Some(" | rfc3339_offset"),
        );
        check(Field::AccessFrom, "start", example(json!("2026-03-01T12:00:00")), Some(" | local(UTC)"));
        check(Field::AccessFrom, "start", example(json!(1_772_366_400_000_i64)), Some(" | epoch_ms"));
        check(Field::AccessFrom, "start", example(json!(1_772_366_400)), Some(" | epoch_s"));
        check(Field::AccessFrom, "start", example(json!("1 March 2026")), None);
        check(
            Field::AccessFrom,
            "start",
            Shape { format: Some("date".to_owned()), ..Shape::of(Kind::Text) },
            None,
        );
    }

    #[test]
    fn charges_are_fractions_percentages_or_words() {
        check(Field::LockBattery, "level", example(json!(0.8)), Some(" | fraction"));
        check(Field::LockBattery, "level", example(json!(80)), Some(""));
        let bounded = Shape { range: (Some(0.0), Some(1.0)), ..Shape::of(Kind::Number { whole: false }) };
        check(Field::LockBattery, "level", bounded, Some(" | fraction"));
        check(
            Field::LockBattery,
            "level",
            values(&[json!("full"), json!("low")]),
            Some(" | levels(full=95, low=15)"),
        );
        check(Field::LockBattery, "level", values(&[json!("full"), json!("purple")]), None);
        let words = values(&[json!("critical"), json!("low"), json!("good")]);
        check(Field::LockBatteryLow, "status", words, Some(" | bool(critical/low, good)"));
    }

    #[test]
    fn states_are_spelled_and_what_is_not_known_is_unknown() {
        let shape = values(&[json!("LOCKED"), json!("UNLOCKED"), json!("SLEEPING")]);
        check(
            Field::LockState,
            "state",
            shape,
            Some(" | enum(locked=LOCKED, unlocked=UNLOCKED, unknown=SLEEPING)"),
        );
        check(
            Field::LockState,
            "isLocked",
            example(json!(true)),
            Some(" | enum(locked=true, unlocked=false)"),
        );
        check(Field::LockState, "state", values(&[json!("on"), json!("off")]), None);
        check(Field::LockReachable, "offline", example(json!(true)), Some(" | bool(false, true)"));
        check(Field::JobState, "completed", example(json!(true)), Some(" | enum(done=true, pending=false)"));
        let numbers = Shape {
            names: vec![(json!(6), "locked".to_owned()), (json!(2), "unlocked".to_owned())],
            ..values(&[json!(6), json!(2)])
        };
        check(Field::LockState, "state", numbers, Some(" | enum(locked=6, unlocked=2)"));
    }
}
