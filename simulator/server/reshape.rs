//! Changing the form of an answer's JSON without changing what it says, or on
//! purpose beyond recognition.

use serde_json::{Map, Value};

use crate::vendors::wire::WireResponse;

/// Changes a JSON body; any other body stays as it is.
pub fn reshape(response: &mut WireResponse, change: impl FnOnce(&mut Value)) {
    if let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) {
        change(&mut body);
        response.body = body.to_string().into_bytes();
        response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-length"));
    }
}

/// Every number as text and every text as a number.
pub fn swap_types(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::String(text) => *value = Value::from(text.parse::<i64>().unwrap_or(text.len() as i64)),
        Value::Array(items) => items.iter_mut().for_each(swap_types),
        Value::Object(members) => members.values_mut().for_each(swap_types),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Adds members that the documentation does not show to every object.
pub fn add_members(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(add_members),
        Value::Object(members) => {
            members.values_mut().for_each(add_members);
            members.insert("x_undocumented".to_owned(), serde_json::json!({ "since": 2, "tags": ["new"] }));
        }
        _ => {}
    }
}

/// Writes the members of every object in the opposite order.
pub fn turn_members(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(turn_members),
        Value::Object(members) => {
            members.values_mut().for_each(turn_members);
            let turned: Map<String, Value> = std::mem::take(members).into_iter().rev().collect();
            *members = turned;
        }
        _ => {}
    }
}

/// Takes out the members in which two values of the same shape differ.
pub fn remove_differing(value: &mut Value, other: &Value) {
    match (value, other) {
        (Value::Object(members), Value::Object(others)) => {
            members.retain(|name, member| match others.get(name) {
                Some(other) if member.is_object() || member.is_array() => {
                    remove_differing(member, other);
                    true
                }
                other => other == Some(member),
            });
        }
        (Value::Array(items), Value::Array(others)) => {
            for (item, other) in items.iter_mut().zip(others) {
                remove_differing(item, other);
            }
        }
        _ => {}
    }
}
