//! One value as it stands on the wire.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

/// A value ready to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// A value that is JSON already, such as a list.
    Json(String),
    /// `null`.
    Null,
}

impl Scalar<'_> {
    /// Writes it as JSON.
    pub fn write_json(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_json_text(text, out),
            other => other.write_text(out),
        }
    }

    /// Writes it where everything is text: addresses, headers, forms.
    pub fn write_text(&self, out: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Text(text) => out.write_str(text),
            Self::Json(json) => out.write_str(json),
            Self::Int(number) => write!(out, "{number}"),
            Self::Float(number) => write!(out, "{number}"),
            Self::Bool(answer) => write!(out, "{answer}"),
            Self::Null => out.write_str("null"),
        };
    }

    /// As text.
    pub fn into_text(self) -> String {
        match self {
            Self::Text(text) => text.into_owned(),
            other => {
                let mut out = String::new();
                other.write_text(&mut out);
                out
            }
        }
    }
}

/// Writes a JSON string with its quotes.
pub fn write_json_text(text: &str, out: &mut String) {
    out.push('"');
    let mut clean_from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[clean_from..at]);
        clean_from = at + 1;
        // Writing to a string cannot fail.
        let _ = match byte {
            b'"' => out.write_str("\\\""),
            b'\\' => out.write_str("\\\\"),
            b'\n' => out.write_str("\\n"),
            b'\r' => out.write_str("\\r"),
            b'\t' => out.write_str("\\t"),
            _ => write!(out, "\\u{byte:04x}"),
        };
    }
    out.push_str(&text[clean_from..]);
    out.push('"');
}

/// A value as it was found: in JSON it has a type, elsewhere it is text.
#[derive(Clone, Copy, Debug)]
pub enum Raw<'a> {
    /// In JSON.
    Json(&'a Value),
    /// In an address, a header, a form, or within a text.
    Text(&'a str),
}

impl<'a> Raw<'a> {
    /// The text, where it is one.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Json(value) => value.as_str(),
            Self::Text(text) => Some(text),
        }
    }

    /// The whole number, where it is one; `5.0` counts.
    pub fn int(self) -> Option<i64> {
        match self {
            Self::Json(value) => value.as_i64().or_else(|| value.as_f64().and_then(integral)),
            Self::Text(text) => text.parse().ok(),
        }
    }

    /// The number, where it is one.
    pub fn float(self) -> Option<f64> {
        match self {
            Self::Json(value) => value.as_f64(),
            Self::Text(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        }
    }

    /// The yes or no, where it is one.
    pub fn boolean(self) -> Option<bool> {
        match self {
            Self::Json(value) => value.as_bool(),
            Self::Text("true") => Some(true),
            Self::Text("false") => Some(false),
            Self::Text(_) => None,
        }
    }

    /// As people see it, shortened.
    pub fn shown(self) -> String {
        let whole = match self {
            Self::Json(value) => value.to_string(),
            Self::Text(text) => format!("\"{text}\""),
        };
        if whole.chars().count() <= 60 { whole } else { whole.chars().take(59).chain(['…']).collect() }
    }

    /// Its type alone, for values that nobody may see.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Json(Value::Null) => "null",
            Self::Json(Value::Bool(_)) => "a boolean",
            Self::Json(Value::Number(_)) => "a number",
            Self::Json(Value::String(_)) | Self::Text(_) => "a text",
            Self::Json(Value::Array(_)) => "a list",
            Self::Json(Value::Object(_)) => "an object",
        }
    }
}

fn integral(number: f64) -> Option<i64> {
    // Beyond 2^53 a float no longer tells whole numbers apart.
    let exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and small")]
    exact.then_some(number as i64)
}
