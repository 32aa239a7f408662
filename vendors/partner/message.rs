//! Messages to a partner's system: JSON, a path or an argument with named holes.
//!
//! A text that is one hole and nothing else takes the value as it is, so that a
//! list stays a list; a hole within a text takes it as text. Holes stand in the
//! values of parsed JSON and never in its text, so that no guest's name can
//! change the shape of a message.

use std::collections::BTreeMap;

use serde_json::Value;

use super::booking::BookingField;

/// What holes are filled with.
pub type Values = BTreeMap<BookingField, Value>;

/// A JSON value with holes.
#[derive(Clone, Debug, PartialEq)]
pub struct Message(Value);

/// Why a message cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The text is no JSON.
    #[error("no JSON: {0}")]
    NotJson(String),
    /// A hole that nothing fills.
    #[error("nothing is called `{{{0}}}`")]
    UnknownHole(String),
    /// A brace that is never closed.
    #[error("a `{{` that is never closed")]
    Unclosed,
}

impl Message {
    /// Reads JSON text with holes in its texts.
    pub fn json(text: &str) -> Result<Self, MessageError> {
        let value: Value =
            serde_json::from_str(text).map_err(|why| MessageError::NotJson(why.to_string()))?;
        check(&value)?;
        Ok(Self(value))
    }

    /// A single text with holes: a path, an argument.
    pub fn text(text: &str) -> Result<Self, MessageError> {
        pieces(text)?;
        Ok(Self(Value::String(text.to_owned())))
    }

    /// The message with its holes filled; what has no value becomes `null`, and
    /// nothing within a text.
    pub fn filled(&self, values: &Values) -> Value {
        fill(&self.0, values, &|text| text.to_owned())
    }

    /// A single text with its holes filled, each value escaped.
    pub fn filled_text(&self, values: &Values, escape: &dyn Fn(&str) -> String) -> String {
        match &self.0 {
            Value::String(text) => joined(text, values, escape),
            other => fill(other, values, escape).to_string(),
        }
    }

    /// The fields that its holes name.
    pub fn fields(&self) -> Vec<BookingField> {
        let mut found = Vec::new();
        collect(&self.0, &mut found);
        found
    }
}

/// A piece of a text.
enum Piece<'a> {
    Words(&'a str),
    Hole(BookingField),
}

/// A text, cut at its holes.
fn pieces(text: &str) -> Result<Vec<Piece<'_>>, MessageError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or(MessageError::Unclosed)?;
        let field =
            BookingField::parse(name.trim()).ok_or_else(|| MessageError::UnknownHole(name.to_owned()))?;
        pieces.push(Piece::Words(before));
        pieces.push(Piece::Hole(field));
        rest = after;
    }
    pieces.push(Piece::Words(rest));
    Ok(pieces)
}

fn check(value: &Value) -> Result<(), MessageError> {
    match value {
        Value::String(text) => pieces(text).map(drop),
        Value::Array(items) => items.iter().try_for_each(check),
        Value::Object(members) => members.values().try_for_each(check),
        _ => Ok(()),
    }
}

fn collect(value: &Value, found: &mut Vec<BookingField>) {
    match value {
        Value::String(text) => {
            found.extend(pieces(text).into_iter().flatten().filter_map(|piece| match piece {
                Piece::Hole(field) => Some(field),
                Piece::Words(_) => None,
            }))
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => members.values().for_each(|member| collect(member, found)),
        _ => {}
    }
}

fn fill(value: &Value, values: &Values, escape: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => match alone(text) {
            Some(field) => values.get(&field).cloned().unwrap_or(Value::Null),
            None => Value::String(joined(text, values, escape)),
        },
        Value::Array(items) => items.iter().map(|item| fill(item, values, escape)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), fill(member, values, escape))).collect()
        }
        other => other.clone(),
    }
}

/// The field of a text that is one hole and nothing else.
fn alone(text: &str) -> Option<BookingField> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    BookingField::parse(inner.trim())
}

fn joined(text: &str, values: &Values, escape: &dyn Fn(&str) -> String) -> String {
    // Its holes were checked when the message was read.
    let pieces = pieces(text).unwrap_or_default();
    let text = pieces.into_iter().map(|piece| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Hole(field) => match values.get(&field) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => escape(text),
            Some(other) => escape(&other.to_string()),
        },
    });
    text.collect()
}
