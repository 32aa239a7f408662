//! Spellings: what stands for a word or an answer on the wire.

use std::borrow::Cow;

use super::{Raw, Scalar};
use crate::vendors::vocabulary::Word;

/// What a spelled word or answer looks like on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// `true` or `false`.
    Bool(bool),
}

impl Literal {
    pub(crate) fn to_scalar(&self) -> Scalar<'static> {
        match self {
            Self::Text(text) => Scalar::Text(Cow::Owned(text.clone())),
            Self::Int(number) => Scalar::Int(*number),
            Self::Bool(answer) => Scalar::Bool(*answer),
        }
    }

    pub(crate) fn is(&self, raw: Raw<'_>) -> bool {
        match self {
            Self::Text(text) => raw.text() == Some(text),
            Self::Int(number) => raw.int() == Some(*number),
            Self::Bool(answer) => raw.boolean() == Some(*answer),
        }
    }

    /// Whether a value is of the same type.
    pub(super) fn is_like(&self, raw: Raw<'_>) -> bool {
        match self {
            Self::Text(_) => raw.text().is_some(),
            Self::Int(_) => raw.int().is_some(),
            Self::Bool(_) => raw.boolean().is_some(),
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Int(_) => "a whole number",
            Self::Bool(_) => "true or false",
        }
    }

    pub(super) fn shown(&self) -> String {
        match self {
            Self::Text(text) => format!("\"{text}\""),
            Self::Int(number) => number.to_string(),
            Self::Bool(answer) => answer.to_string(),
        }
    }
}

pub(super) fn json_list(literals: &[Literal]) -> Scalar<'static> {
    let mut out = String::from("[");
    for (at, literal) in literals.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { "," });
        literal.to_scalar().write_json(&mut out);
    }
    out.push(']');
    Scalar::Json(out)
}

/// Whether a value is a list of one or more of these and of nothing else.
pub(super) fn are_some_of(literals: &[Literal], raw: Raw<'_>) -> bool {
    use serde_json::Value;
    let are = |items: &[Value]| {
        let known = |item: &Value| literals.iter().any(|literal| literal.is(Raw::Json(item)));
        !items.is_empty() && items.iter().all(known)
    };
    match raw {
        Raw::Json(value) => value.as_array().is_some_and(|items| are(items)),
        Raw::Text(text) => serde_json::from_str::<Vec<Value>>(text).is_ok_and(|items| are(&items)),
    }
}

pub(super) fn shown_spellings(spellings: &[(Word, Literal)]) -> String {
    spellings.iter().map(|(_, spelling)| spelling.shown()).collect::<Vec<_>>().join(", ")
}
