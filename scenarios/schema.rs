//! The JSON Schema of a scenario, for editors.

use serde_json::{Value, json};

use super::written::Document;

/// The JSON Schema of a scenario, made from what the loader reads. What needs
/// more than a shape (moments, ranges of locks, names) is told on loading.
pub fn json_schema() -> Value {
    let mut schema = schemars::schema_for!(Document).to_value();
    schema["properties"]["schema"] =
        json!({ "const": "lockstep.scenario/1", "description": "Version of the language." });
    schema
}
