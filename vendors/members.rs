//! Bodies and queries, read member by member, so that a refusal names the
//! member, what was expected of it, and what was found.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::json::{self, Flaw};
use super::profile::nearest;

/// Longest text that a refusal repeats.
const REPEATED: usize = 60;

/// What is wrong with a body or a query, for people: the member, what was
/// expected, what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Misread(String);

impl Misread {
    /// In these words.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

/// The members of a body or of a query. What is read is taken out; what is left
/// in the end is known to nobody.
#[derive(Debug)]
pub struct Members {
    place: String,
    left: Map<String, Value>,
    /// Query values are text, whatever they mean.
    textual: bool,
    /// Values may be personal: what was found is told by its sort only.
    discreet: bool,
    known: Vec<String>,
}

impl Members {
    /// The members of a JSON body, whatever its media type says.
    pub fn of_body(body: &[u8]) -> Result<Self, Misread> {
        let value = json::read(body).map_err(|flaw| match &flaw {
            Flaw::Twice { .. } => Misread::new(flaw.to_string()),
            Flaw::Malformed { why, .. } => {
                Misread::new(format!("the body: expected JSON, found none: {why}"))
            }
            Flaw::NotUtf8 { .. } | Flaw::ByteOrderMark => {
                Misread::new(format!("the body: expected JSON, found {flaw}"))
            }
        })?;
        Self::of_json(value)
    }

    /// The members of JSON that was read.
    pub fn of_json(value: Value) -> Result<Self, Misread> {
        Self::of_value(String::new(), value)
    }

    fn of_value(place: String, value: Value) -> Result<Self, Misread> {
        match value {
            Value::Object(left) => {
                Ok(Self { place, left, textual: false, discreet: false, known: Vec::new() })
            }
            other => {
                let place = if place.is_empty() { "the body".to_owned() } else { format!("`{place}`") };
                Err(wrong(&place, "an object", &other))
            }
        }
    }

    /// The parameters of a query. One that is given twice is refused.
    pub fn of_query(query: &str) -> Result<Self, Misread> {
        let mut left = Map::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if left.insert(name.to_string(), Value::String(value.into_owned())).is_some() {
                return Err(Misread::new(format!(
                    "`{}`: expected one value, found several",
                    shortened(&name)
                )));
            }
        }
        Ok(Self { place: String::new(), left, textual: true, discreet: false, known: Vec::new() })
    }

    /// The same, but a refusal repeats no value: it may be personal, and whoever
    /// is refused writes the refusal into a log.
    #[must_use]
    pub fn discreetly(self) -> Self {
        Self { discreet: true, ..self }
    }

    fn take(&mut self, name: &str) -> Option<Value> {
        self.known.push(name.to_owned());
        self.left.remove(name).filter(|value| !value.is_null())
    }

    /// A member's name with that of what it belongs to.
    pub fn path(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }

    fn wrong(&self, name: &str, expected: impl Display, found: &Value) -> Misread {
        let place = format!("`{}`", self.path(name));
        if self.discreet {
            return Misread::new(format!("{place}: expected {expected}, found {}", sort_of(found)));
        }
        wrong(&place, expected, found)
    }

    /// What must be there.
    pub fn required<T>(&self, name: &str, value: Option<T>, expected: &str) -> Result<T, Misread> {
        value
            .ok_or_else(|| Misread::new(format!("`{}`: expected {expected}, found nothing", self.path(name))))
    }

    /// A text.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Misread> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.wrong(name, "a text", &other)),
        }
    }

    /// A text that means something; `expected` says what is understood.
    pub fn word<T>(
        &mut self,
        name: &str,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Misread> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match value.as_str().and_then(read) {
            Some(meaning) => Ok(Some(meaning)),
            None => Err(self.wrong(name, expected, &value)),
        }
    }

    /// A whole number within bounds.
    pub fn whole(&mut self, name: &str, bounds: RangeInclusive<u64>) -> Result<Option<u64>, Misread> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = match &value {
            Value::String(text) if self.textual => text.parse().ok(),
            other => whole(other),
        };
        match number.filter(|number| bounds.contains(number)) {
            Some(number) => Ok(Some(number)),
            None => {
                let expected = format!("a whole number of {} to {}", bounds.start(), bounds.end());
                Err(self.wrong(name, expected, &value))
            }
        }
    }

    /// A whole number within the bounds of a smaller kind.
    pub fn small(&mut self, name: &str, bounds: RangeInclusive<u32>) -> Result<Option<u32>, Misread> {
        let wide = u64::from(*bounds.start())..=u64::from(*bounds.end());
        Ok(self.whole(name, wide)?.and_then(|number| u32::try_from(number).ok()))
    }

    /// A number within bounds.
    pub fn number(&mut self, name: &str, bounds: RangeInclusive<f64>) -> Result<Option<f64>, Misread> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match value.as_f64().filter(|number| bounds.contains(number)) {
            Some(number) => Ok(Some(number)),
            None => {
                let expected = format!("a number of {} to {}", bounds.start(), bounds.end());
                Err(self.wrong(name, expected, &value))
            }
        }
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &str) -> Result<Option<bool>, Misread> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(Value::String(text)) if self.textual && text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if self.textual && text == "false" => Ok(Some(false)),
            Some(other) => Err(self.wrong(name, "`true` or `false`", &other)),
        }
    }

    /// The members of a member.
    pub fn members(&mut self, name: &str) -> Result<Option<Members>, Misread> {
        let Some(value) = self.take(name) else { return Ok(None) };
        Self::of_value(self.path(name), value).map(Some)
    }

    /// Refuses what nobody has asked for.
    pub fn done(self) -> Result<(), Misread> {
        let Some(name) = self.left.keys().next() else { return Ok(()) };
        let known = || self.known.iter().map(String::as_str);
        let expected = match nearest(name, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.known.is_empty() => "nothing is expected here".to_owned(),
            None => {
                format!("expected {}", known().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
            }
        };
        let kind = if self.textual { "parameter" } else { "member" };
        let told = match self.discreet {
            true => format!("a {kind} whose name is not repeated here"),
            false => format!("`{}`", shortened(&self.path(name))),
        };
        Err(Misread::new(format!("{told}: no such {kind}; {expected}")))
    }
}

/// `5` and `5.0` are the same number to JSON Schema.
fn whole(value: &Value) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        // In these bounds the conversion loses nothing.
        (number.fract() == 0.0 && (0.0..=EXACT).contains(&number)).then_some(number as u64)
    })
}

fn wrong(place: &str, expected: impl Display, found: &Value) -> Misread {
    Misread::new(format!("{place}: expected {expected}, found {}", shortened(&found.to_string())))
}

/// What sort of value something is.
fn sort_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "`true` or `false`",
        Value::Number(_) => "a number",
        Value::String(text) if text.is_empty() => "an empty text",
        Value::String(_) => "another text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(REPEATED).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> Members {
        Members::of_body(text.as_bytes()).expect("an object")
    }

    fn told<T: std::fmt::Debug>(result: Result<T, Misread>) -> String {
        result.expect_err("a refusal").to_string()
    }

    #[test]
    fn a_refusal_names_the_member_what_was_expected_and_what_was_found() {
        let mut wrong = body(r#"{"battery": 700, "door": "locked", "reachable": "no", "effect": 3}"#);
        let expected = "`battery`: expected a whole number of 0 to 100, found 700";
        assert_eq!(told(wrong.whole("battery", 0..=100)), expected);
        let door = wrong.word("door", "`open` or `closed`", |_| None::<()>);
        assert_eq!(told(door), "`door`: expected `open` or `closed`, found \"locked\"");
        assert_eq!(told(wrong.flag("reachable")), "`reachable`: expected `true` or `false`, found \"no\"");
        assert_eq!(told(wrong.members("effect")), "`effect`: expected an object, found 3");
    }

    #[test]
    fn what_nobody_asks_for_is_refused_with_what_was_meant() {
        let mut wrong = body(r#"{"batery": 7}"#);
        assert_eq!(wrong.whole("battery", 0..=100).ok(), Some(None));
        assert_eq!(told(wrong.done()), "`batery`: no such member; did you mean `battery`?");
        let twice = Members::of_query("limit=1&limit=2");
        assert_eq!(told(twice), "`limit`: expected one value, found several");
        assert_eq!(told(Members::of_body(b"[]")), "the body: expected an object, found []");
        let twice = Members::of_body(br#"{"battery": 7, "battery": 8}"#);
        assert_eq!(told(twice), "`battery`: expected one value, found several");
        assert_eq!(
            told(Members::of_body(b"\xef\xbb\xbf{}")),
            "the body: expected JSON, found a byte order mark before it"
        );
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_point() {
        assert_eq!(body(r#"{"battery": 7.0}"#).whole("battery", 0..=100).ok(), Some(Some(7)));
        assert!(body(r#"{"battery": 7.5}"#).whole("battery", 0..=100).is_err());
    }
}
