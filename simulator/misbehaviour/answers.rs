//! Answers that are not what the documentation shows.

use serde_json::Value;

use super::{Misbehaviour, Twist};
use crate::simulator::server::reshape::reshape;
use crate::vendors::vocabulary::Meaning;
use crate::vendors::wire::WireResponse;

/// What cannot be read as documented is of no use for anything.
const UNREADABLE: &[(&str, &str)] = &[
    ("LV-30", "a status of other types cannot be read, so it tells no reachability"),
    ("LV-31", "a status of other types cannot be read, so it tells nobody that a lock is offline"),
    ("LV-33", "a status of other types cannot be read, so it tells no battery"),
    ("LV-34", "a status of other types cannot be read, so it warns of no battery"),
];

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    Misbehaviour::new(
        "numbers-as-text",
        "LV-03",
        "The status gives every number as text.",
        Twist::Answered(as_text),
    )
    .with(UNREADABLE),
    Misbehaviour::new(
        "drops-a-documented-member",
        "LV-03",
        "The token comes without a member that the documentation shows.",
        Twist::Answered(drop_member),
    ),
    Misbehaviour::new(
        "member-of-another-type",
        "LV-03",
        "The token comes with a number where the documentation shows a text.",
        Twist::Answered(retype_member),
    ),
    Misbehaviour::new(
        "times-in-another-unit",
        "LV-03",
        "A changed access tells its times as seconds since 1970.",
        Twist::Answered(epoch_times),
    ),
    Misbehaviour::new(
        "undocumented-error",
        "LV-03",
        "What is not found is answered with a page for people.",
        Twist::Answered(page_for_people),
    )
    .with(&[
        ("LV-21", "an unknown group is answered with a page, not with a clear error"),
        ("LV-36", "an unknown lock is answered with a page, not with a clear error"),
        ("LV-44", "an unknown lock is answered with a page, not with a clear error"),
        ("LV-51", "an unknown access is answered with a page, not with a clear error"),
        ("LV-96", "a page tells nothing from anything"),
    ]),
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

/// The member of a token that every standard asks for and no caller needs.
const TOKEN_TYPE: &str = "token_type";

fn drop_member(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::GetToken {
        reshape(response, |body| {
            body.as_object_mut().map(|members| members.shift_remove(TOKEN_TYPE));
        });
    }
}

fn retype_member(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::GetToken {
        reshape(response, |body| {
            if let Some(member) = body.get_mut(TOKEN_TYPE) {
                *member = Value::from(1);
            }
        });
    }
}

fn epoch_times(meaning: Meaning, response: &mut WireResponse) {
    if meaning == Meaning::UpdatePin {
        reshape(response, times_to_numbers);
    }
}

fn times_to_numbers(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Ok(at) = text.parse::<jiff::Timestamp>() {
                *value = Value::from(at.as_second());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(times_to_numbers),
        Value::Object(members) => members.values_mut().for_each(times_to_numbers),
        _ => {}
    }
}

fn page_for_people(_: Meaning, response: &mut WireResponse) {
    if response.status == 404 {
        response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        response.headers.push(("content-type".to_owned(), "text/html".to_owned()));
        response.body = b"<!doctype html><title>Oops</title><p>Not here.".to_vec();
    }
}
