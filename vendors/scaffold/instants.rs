//! How an instant is spelled, guessed from a value's type, format, words and example.

use serde_json::Value;

use super::codecs::Spelling;
use super::confidence::Confidence;
use super::shape::{Kind, Shape};

/// How an instant is spelled in a value of that shape; `None` where it cannot be.
pub(super) fn instant(shape: &Shape) -> Option<Spelling> {
    match shape.kind {
        Kind::Text => instant_text(shape),
        Kind::Number { whole: true } => Some(instant_number(shape)),
        Kind::Anything => {
            Some(Spelling::new("", "its type is not said, RFC 3339 is taken", Confidence::Unsure))
        }
        _ => None,
    }
}

fn instant_text(shape: &Shape) -> Option<Spelling> {
    let Some(example) = shape.example_text() else {
        return match shape.format.as_deref() {
            Some("date-time") => Some(Spelling::new("", "its format is date-time", Confidence::Likely)),
            Some(_) => None,
            None => Some(Spelling::new("", "no format is told, RFC 3339 is taken", Confidence::Unsure)),
        };
    };
    if let Ok(number) = example.parse::<i64>() {
        return Some(by_size(number));
    }
    let shown = format!("the example `{}`", short(example));
    if example.parse::<jiff::Timestamp>().is_ok() {
        let fraction = example
            .split_once('.')
            .map_or(0, |(_, rest)| rest.chars().take_while(char::is_ascii_digit).count());
        let utc = example.ends_with(['Z', 'z']);
        return Some(match (utc, fraction) {
            (true, 0) => Spelling::new("", shown, Confidence::Sure),
            (true, _) => Spelling::new("rfc3339(ms)", shown, Confidence::Sure),
            (false, 0) => Spelling::new(
                "rfc3339_offset",
                format!("{shown} has an offset; which zone's is not told"),
                Confidence::Likely,
            ),
            (false, _) => return None,
        });
    }
    let local =
        example.parse::<jiff::civil::DateTime>().is_ok() && example.contains('T') && example.len() == 19;
    local.then(|| {
        Spelling::new(
            "local(UTC)",
            format!("{shown} has no zone; whose time it is is not told"),
            Confidence::Unsure,
        )
    })
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

fn instant_number(shape: &Shape) -> Spelling {
    if let Some(number) =
        shape.example.as_ref().and_then(Value::as_i64).filter(|number| *number > 100_000_000)
    {
        return by_size(number);
    }
    let text = shape.text.as_deref().unwrap_or_default().to_lowercase();
    if text.contains("milli") || text.contains("(ms)") || text.contains(" ms") {
        return Spelling::new("epoch_ms", "its description speaks of milliseconds", Confidence::Sure);
    }
    if text.contains("second") || text.contains("unix") || text.contains("epoch") {
        return Spelling::new("epoch_s", "its description speaks of seconds", Confidence::Likely);
    }
    if shape.format.as_deref() == Some("int64") {
        return Spelling::new(
            "epoch_ms",
            "a long number, taken as milliseconds since 1970",
            Confidence::Unsure,
        );
    }
    Spelling::new("epoch_s", "a number, taken as seconds since 1970", Confidence::Unsure)
}

fn by_size(number: i64) -> Spelling {
    if number > 100_000_000_000 {
        Spelling::new("epoch_ms", "the example is as large as milliseconds since 1970", Confidence::Sure)
    } else {
        Spelling::new("epoch_s", "the example is as large as seconds since 1970", Confidence::Sure)
    }
}
