//! What is done with the noun of a path: by its verb, its method, and what stands at
//! the same address.

use super::description::Endpoint;
use super::find::Reading;
use super::words::{Verb, singular, split};

/// What is done with the noun.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Intent {
    List,
    Get,
    Create,
    Update,
    Delete,
}

pub(super) fn intent(endpoint: &Endpoint, reading: &Reading) -> Intent {
    let lists = endpoint
        .success()
        .and_then(|answer| answer.content.as_ref())
        .map(|content| content.shape.holds_list(if reading.verb.is_some() { 1 } else { 2 }));
    match reading.verb {
        Some(Verb::List) => return Intent::List,
        Some(Verb::Get) => {
            return if lists == Some(true) && !reading.one { Intent::List } else { Intent::Get };
        }
        Some(Verb::Create | Verb::Refresh) => return Intent::Create,
        Some(Verb::Update) => return Intent::Update,
        Some(Verb::Delete) => return Intent::Delete,
        _ => {}
    }
    match endpoint.method.as_str() {
        "GET" if reading.one => Intent::Get,
        "GET" => {
            let plural = reading.noun().is_some_and(|(_, _, text)| {
                let words = split(text);
                words.last().is_some_and(|last| singular(last) != *last)
            });
            if lists.unwrap_or(plural) { Intent::List } else { Intent::Get }
        }
        "POST" => Intent::Create,
        "DELETE" => Intent::Delete,
        _ => Intent::Update,
    }
}

/// The same where the methods go by what stands at the address: on a list that is
/// read there PUT adds, and on one of its things POST changes.
pub(super) fn intent_at(endpoint: &Endpoint, reading: &Reading, all: &[Endpoint]) -> Intent {
    let usual = intent(endpoint, reading);
    if reading.verb.is_some() {
        return usual;
    }
    let list = if reading.one {
        endpoint.segments.split_last().map(|(_, list)| list)
    } else {
        Some(&endpoint.segments[..])
    };
    let puts = |other: &Endpoint| other.method == "PUT" && list == Some(&other.segments[..]);
    let lists = |other: &Endpoint| {
        let answer = other.success().and_then(|answer| answer.content.as_ref());
        other.method == "GET"
            && list == Some(&other.segments[..])
            && answer.is_some_and(|content| content.shape.holds_list(2))
    };
    match endpoint.method.as_str() {
        "PUT" if !reading.one && all.iter().any(lists) => Intent::Create,
        "POST" if reading.one && all.iter().any(puts) => Intent::Update,
        _ => usual,
    }
}
