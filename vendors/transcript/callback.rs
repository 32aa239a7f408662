//! Holding callbacks against a dialect.

use super::compare::{differences, same_facts};
use super::exchange::{Exchange, Only};
use crate::vendors::dialect::{Callback, CallbackProblem, Dialect};
use crate::vendors::vocabulary::{Facts, FailureKind};
use crate::vendors::wire::WireRequest;

/// What a heading begins with whose exchange is a callback.
pub(super) const CALLBACK: &str = "callback ";

pub(super) fn play_callback(dialect: &Dialect, event: &str, exchange: &Exchange) -> Vec<String> {
    let Some(callbacks) = &dialect.callbacks else {
        return vec!["the profile has no callbacks".to_owned()];
    };
    let Some((_, kinds)) = callbacks.events().find(|(name, _)| *name == event) else {
        return vec![format!("the profile has no event `{event}`")];
    };
    let read = callbacks.read(&exchange.request, &exchange.asks);
    if exchange.refuses == Some(FailureKind::Credentials) {
        return match read {
            Err(CallbackProblem::Unsigned(_) | CallbackProblem::WrongSignature) => Vec::new(),
            other => vec![format!("client: it is not refused for its signature: {other:?}")],
        };
    }
    let mut problems = Vec::new();
    match read {
        Ok(read) if read.event == event && kinds.is_empty() && exchange.says.iter().next().is_none() => {}
        Ok(read) if read.event == event => problems.extend(same_tidings(&read, &exchange.says).err()),
        Ok(read) => problems.push(format!("client: it is taken for `{}`", read.event)),
        Err(why) => problems.push(format!("client: {why}")),
    }
    let mut facts = exchange.asks.clone();
    facts.merge(&exchange.says);
    facts.items.clone_from(&exchange.says.items);
    let filled = kinds.first().map(|kind| callbacks.fill(*kind, &facts));
    match filled.unwrap_or_default() {
        _ if kinds.is_empty() || exchange.only == Only::Client => {}
        Some(filled) if filled.event == event => {
            // Where it goes is said at its registration.
            let WireRequest { path, query, .. } = exchange.request.clone();
            let made = WireRequest { path, query, ..filled.request };
            problems.extend(differences(&made, &exchange.request));
        }
        Some(filled) => problems.push(format!("server: `{}` is told instead", filled.event)),
        None => problems.push("server: no event tells this".to_owned()),
    }
    if !callbacks.answer.is(&exchange.response) {
        problems.push(format!("client: the vendor waits for {:?}", callbacks.answer));
    }
    problems
}

fn same_tidings(read: &Callback, says: &Facts) -> Result<(), String> {
    let mut whole = Facts::new();
    whole.merge(says);
    let expected: Vec<Facts> = if says.items.is_empty() {
        vec![whole]
    } else {
        let complete = |item: &Facts| {
            let mut all = whole.clone();
            all.merge(item);
            all
        };
        says.items.iter().map(complete).collect()
    };
    if read.facts.len() != expected.len() {
        return Err(format!("client: it tells of {} things, expected {}", read.facts.len(), expected.len()));
    }
    let mut pairs = read.facts.iter().zip(&expected);
    pairs.try_for_each(|(found, expected)| same_facts("client: the callback", found, expected))
}
