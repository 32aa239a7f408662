//! What a message holds as the profile writes it: texts and JSON with holes.

use toml::de::DeValue;

use super::document::{Located, Section, integer};
use crate::vendors::dialect::form::Body;
use crate::vendors::dialect::template::{Node, Text};

pub(super) fn lower_names(pairs: Vec<(String, Text)>) -> Vec<(String, Text)> {
    pairs.into_iter().map(|(name, text)| (name.to_ascii_lowercase(), text)).collect()
}

/// A table of texts with holes; numbers and booleans stand for their text.
pub(super) fn read_pairs(section: &Section<'_, '_>, key: &'static str) -> Vec<(String, Text)> {
    section.section(key).map_or_else(Vec::new, |table| read_pairs_of(&table))
}

/// The pairs of a table that is nothing else.
pub(super) fn read_pairs_of(table: &Section<'_, '_>) -> Vec<(String, Text)> {
    let mut pairs = Vec::new();
    for (name, value) in table.entries() {
        // A name may come several times, as in `type[]=lock&type[]=keypad`.
        let values = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let texts = values.into_iter().filter_map(|value| read_pair(table, value));
        pairs.extend(texts.map(|text| (name.value.to_owned(), text)));
    }
    pairs
}

/// `{ json = '…' }`: JSON with holes in the place of a text.
fn read_json_value<'d, 't>(section: &Section<'d, 't>, value: &'d toml::Spanned<DeValue<'t>>) -> Option<Text> {
    let inner = section.section_of(value, "a value")?;
    if !inner.has("json") {
        inner.missing("json", "write a text, or `{ json = '[ \"{lock.id}\" ]' }`");
    }
    let node = read_json(&inner, "json");
    inner.finish();
    node.map(Text::json)
}

fn read_pair<'d, 't>(section: &Section<'d, 't>, value: &'d toml::Spanned<DeValue<'t>>) -> Option<Text> {
    match value.get_ref() {
        DeValue::String(text) => read_text(section, &Located { value: text.as_ref(), span: value.span() }),
        DeValue::Table(_) => read_json_value(section, value),
        DeValue::Boolean(answer) => Some(Text::literal(answer.to_string())),
        other => {
            let number = integer(other);
            if number.is_none() {
                section.wrong_type(value, "a text");
            }
            number.map(|number| Text::literal(number.to_string()))
        }
    }
}

pub(super) fn read_text(section: &Section<'_, '_>, text: &Located<&str>) -> Option<Text> {
    match Text::parse(text.value) {
        Ok(parsed) => Some(parsed),
        Err(errors) => {
            errors.into_iter().for_each(|error| section.doc.template_problem(text, error));
            None
        }
    }
}

pub(super) fn read_json(section: &Section<'_, '_>, key: &'static str) -> Option<Node> {
    let text = section.text(key)?;
    match Node::parse(text.value) {
        Ok(node) => Some(node),
        Err(errors) => {
            errors.into_iter().for_each(|error| section.doc.template_problem(&text, error));
            None
        }
    }
}

pub(super) fn read_body(section: &Section<'_, '_>, key: &'static str) -> Body {
    let form = section.has("form").then(|| read_pairs(section, "form"));
    let json = section.has(key);
    match (json, form) {
        (true, Some(_)) => {
            section.doc.problem(
                section.span.clone(),
                format!("both `{key}` and `form`"),
                "a message has one body",
            );
            Body::Empty
        }
        (true, None) => read_json(section, key).map_or(Body::Empty, Body::Json),
        (false, Some(pairs)) => Body::Form(pairs),
        // Asked for, so that the key is known.
        (false, None) => {
            section.value(key);
            section.value("form");
            Body::Empty
        }
    }
}

/// What an answer holds: JSON under the one key, or a text under the other.
pub(super) fn read_content(section: &Section<'_, '_>, json: &'static str, text: &'static str) -> Body {
    if section.has(json) && section.has(text) {
        let what = format!("both `{json}` and `{text}`");
        section.doc.problem(section.span.clone(), what, "a message has one body");
    }
    let body = read_json(section, json).map(Body::Json);
    let words = section.text(text).and_then(|words| read_text(section, &words)).map(Body::Text);
    body.or(words).unwrap_or(Body::Empty)
}

/// The media type of a body; parameters (`; charset=utf-8`) are none of it.
pub(super) fn read_content_type(section: &Section<'_, '_>, body: &Body) -> Option<String> {
    let text = section.text("content_type")?;
    if matches!(body, Body::Empty) && !section.has("body") && !section.has("form") {
        section.doc.problem(
            text.span,
            "a content type without content",
            "write `body` or `form`, or leave it out",
        );
        return None;
    }
    let sign = |c: char| c.is_ascii_alphanumeric() || "!#$&^_.+-".contains(c);
    let is_part = |part: &str| !part.is_empty() && part.chars().all(sign);
    if text.value.split_once('/').is_some_and(|(kind, sort)| is_part(kind) && is_part(sort)) {
        return Some(text.value.to_ascii_lowercase());
    }
    let what = format!("`{}` is no media type", text.value);
    section.doc.problem(text.span, what, "write it as in `content_type = \"application/json-patch+json\"`");
    None
}
