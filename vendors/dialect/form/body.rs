//! The content of a message: filled as a whole, and read where it is no JSON
//! with holes.

use serde_json::Value;

use super::pair::{Pairs, fill_pairs};
use crate::vendors::dialect::Mismatch;
use crate::vendors::dialect::template::{Hole, Node, Scope, Text, Unfilled, View};
use crate::vendors::vocabulary::Facts;

/// The content of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// None.
    Empty,
    /// JSON.
    Json(Node),
    /// A form.
    Form(Vec<(String, Text)>),
    /// A plain text.
    Text(Text),
}

/// Where a message could not be filled.
pub(crate) struct Unwritten {
    pub place: &'static str,
    pub why: Unfilled,
}

impl Body {
    /// Every hole.
    pub fn each_hole<'a>(&'a self, visit: &mut dyn FnMut(&'a Hole)) {
        match self {
            Self::Empty => {}
            Self::Json(node) => node.each_hole(visit),
            Self::Form(pairs) => pairs.iter().for_each(|(_, text)| text.each_hole(visit)),
            Self::Text(text) => text.each_hole(visit),
        }
    }

    /// The names of its own level: members, or the fields of a form.
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Json(Node::Object(members)) => members.iter().map(|member| member.key.as_str()).collect(),
            Self::Form(pairs) => pairs.iter().map(|(name, _)| name.as_str()).collect(),
            Self::Json(_) | Self::Text(_) | Self::Empty => Vec::new(),
        }
    }

    /// The names that such a message has on its own level.
    pub fn names_in(&self, bytes: &[u8]) -> Vec<String> {
        match self {
            Self::Json(_) => match serde_json::from_slice(bytes) {
                Ok(Value::Object(members)) => members.into_iter().map(|(name, _)| name).collect(),
                _ => Vec::new(),
            },
            Self::Form(_) => decode_form(bytes).into_iter().map(|(name, _)| name).collect(),
            Self::Text(_) | Self::Empty => Vec::new(),
        }
    }

    pub(super) fn fill(
        &self,
        scope: &Scope<'_>,
        view: View,
        headers: &mut Pairs,
    ) -> Result<Vec<u8>, Unwritten> {
        match self {
            Self::Empty => Ok(Vec::new()),
            Self::Json(node) => {
                announce(headers, "application/json");
                let mut out = String::with_capacity(256);
                node.fill(scope, view, &mut out).map_err(|why| Unwritten { place: "body", why })?;
                Ok(out.into_bytes())
            }
            Self::Text(text) => {
                announce(headers, "text/plain; charset=utf-8");
                let filled = text.fill(scope, view).map_err(|why| Unwritten { place: "body", why })?;
                Ok(filled.unwrap_or_default().into_bytes())
            }
            Self::Form(pairs) => {
                announce(headers, "application/x-www-form-urlencoded");
                let pairs = fill_pairs(pairs, scope, view, "body")?;
                if view == View::Shown {
                    let shown: Vec<String> =
                        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    return Ok(shown.join("&").into_bytes());
                }
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(pairs);
                Ok(form.finish().into_bytes())
            }
        }
    }
}

pub(super) fn announce(headers: &mut Pairs, content_type: &str) {
    if !headers.iter().any(|(name, _)| name == "content-type") {
        headers.push(("content-type".to_owned(), content_type.to_owned()));
    }
}

/// The pairs of a form or query.
pub(crate) fn decode_form(bytes: &[u8]) -> Pairs {
    url::form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// Reads a body that is a text; spaces around it say nothing.
pub(super) fn read_text(text: &Text, body: &[u8], known: &Facts, facts: &mut Facts) -> Result<(), Mismatch> {
    let body = std::str::from_utf8(body).map_err(|_| unlike_text(text))?;
    for (field, value) in text.read(body.trim(), known).map_err(|_| unlike_text(text))? {
        facts.set(field, value);
    }
    Ok(())
}

fn unlike_text(text: &Text) -> Mismatch {
    Mismatch {
        at: "the message".to_owned(),
        expected: format!("\"{text}\""),
        found: "another text".to_owned(),
    }
}

pub(super) fn parse_json(bytes: &[u8]) -> Result<Value, Mismatch> {
    serde_json::from_slice(bytes).map_err(|why| Mismatch {
        at: "the message".to_owned(),
        expected: "JSON".to_owned(),
        found: instead_of_json(bytes, &why).to_owned(),
    })
}

/// What came in the place of JSON, told by its kind: it may hold anything, so it
/// is not shown.
fn instead_of_json(bytes: &[u8], why: &serde_json::Error) -> &'static str {
    let begins = |text: &str| {
        let start = bytes.trim_ascii_start();
        start.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
    };
    match () {
        () if bytes.is_empty() => "an empty body",
        () if begins("<!doctype html") || begins("<html") => "an HTML page",
        () if begins("<") => "XML",
        () if why.is_eof() => "JSON that breaks off",
        () => "bytes that are no JSON",
    }
}

#[cfg(test)]
mod tests {
    use super::parse_json;

    #[test]
    fn what_comes_instead_of_json_is_told_apart() {
        for (body, found) in [
            ("", "an empty body"),
            (" <!DOCTYPE html><p>hello", "an HTML page"),
            ("<?xml version='1.0'?>", "XML"),
            ("{\"locks\": [", "JSON that breaks off"),
            ("%PDF-1.7", "bytes that are no JSON"),
        ] {
            assert_eq!(parse_json(body.as_bytes()).unwrap_err().found, found, "{body}");
        }
    }
}
