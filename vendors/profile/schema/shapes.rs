//! The shapes that descriptions of tables are made of.

use serde_json::{Map, Value, json};

pub(super) fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

pub(super) fn number(description: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": description })
}

pub(super) fn span(description: &str) -> Value {
    json!({ "type": "string", "pattern": "^\\s*[0-9]+ *(ms|s|seconds?|min|minutes?|h|hours?|d|days?)\\s*$", "description": description })
}

pub(super) fn flag(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

pub(super) fn words<'a>(description: &str, words: impl Iterator<Item = &'a str>) -> Value {
    json!({ "enum": words.collect::<Vec<_>>(), "description": description })
}

pub(super) fn object(description: &str, required: &[&str], properties: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        properties.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    json!({
        "type": "object", "description": description, "properties": properties,
        "required": required, "additionalProperties": false,
    })
}

pub(super) type Property = (&'static str, Value);

pub(super) fn with(more: &[Property], own: &[Property]) -> Vec<Property> {
    [own, more].concat()
}

pub(super) fn named(description: &str, value: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "description": description, "additionalProperties": value, "required": required })
}

pub(super) fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

pub(super) fn pairs(description: &str) -> Value {
    let json = object("JSON with holes in the place of a text.", &["json"], &[("json", text("The JSON."))]);
    named(description, json!({ "anyOf": [{ "type": ["string", "integer", "boolean", "array"] }, json] }), &[])
}

pub(super) fn one_or_several(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

/// Where the members of a table are from: `sources`.
pub(super) fn sources() -> Property {
    let names = one_or_several(&text("One of `[sources]`, or `not_established` alone."));
    let each = named("By member; `rest` is for all others.", names.clone(), &[]);
    ("sources", json!({ "anyOf": [names, each], "description": "Where the members of this table are from." }))
}
