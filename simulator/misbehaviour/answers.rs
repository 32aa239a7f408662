//! Answers that are not what the documentation shows.

use serde_json::Value;

use super::{Misbehaviour, Twist};
use crate::simulator::server::reshape::reshape;
use crate::vendors::vocabulary::Meaning;
use crate::vendors::wire::WireResponse;

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "numbers-as-text",
        "LV-03",
        "The status gives every number as text.",
        Twist::Answered(as_text),
    ),
    Misbehaviour::new(
        "drops-a-documented-member",
        "LV-03",
        "The listing of locks leaves out a member that the documentation shows.",
        Twist::Answered(drop_member),
    ),
];

fn as_text(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::GetLock {
        reshape(response, numbers_to_text);
    }
}

fn numbers_to_text(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::Array(items) => items.iter_mut().for_each(numbers_to_text),
        Value::Object(members) => members.values_mut().for_each(numbers_to_text),
        _ => {}
    }
}

fn drop_member(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::ListLocks {
        reshape(response, drop_last_of_items);
    }
}

fn drop_last_of_items(value: &mut Value) {
    match value {
        Value::Array(items) => {
            for item in items {
                if let Value::Object(members) = item {
                    let last = members.keys().next_back().cloned();
                    last.map(|last| members.shift_remove(&last));
                }
            }
        }
        Value::Object(members) => members.values_mut().for_each(drop_last_of_items),
        _ => {}
    }
}
