//! Reading calls that failed, and how they are told: what is the same for many
//! is told once, with their number. Pure.

use std::collections::BTreeSet;

use crate::harness::result::Exchange;

/// What came of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// Which call it was (`GET https://…`); empty where nothing was sent.
    pub(super) call: String,
    /// What came of it (`was answered 403: …`).
    pub(super) came: String,
}

impl Said {
    /// Words about no call in particular.
    pub(super) fn only(came: impl Into<String>) -> Self {
        Self { call: String::new(), came: came.into() }
    }

    /// Both in one.
    pub(super) fn whole(&self) -> String {
        if self.call.is_empty() { self.came.clone() } else { format!("{} {}", self.call, self.came) }
    }
}

/// A reading call that failed.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    /// What it was to do (`listing locks`).
    pub(super) what: &'static str,
    /// What came of it.
    pub(super) said: Said,
    /// What to do about it, where that depends on the answer.
    pub(super) todo: Option<String>,
    /// The exchange that shows it.
    pub(super) exchange: Option<Exchange>,
}

/// All of them in one sentence, each reason once.
pub(super) fn told<'n>(calls: impl IntoIterator<Item = &'n Noted>) -> String {
    let mut kinds: Vec<(&Noted, usize)> = Vec::new();
    for call in calls {
        let same = |known: &Noted| known.what == call.what && known.said.came == call.said.came;
        match kinds.iter_mut().find(|(known, _)| same(known)) {
            Some((_, more)) => *more += 1,
            None => kinds.push((call, 0)),
        }
    }
    let texts: Vec<String> = kinds.into_iter().map(|(call, more)| one(call, more)).collect();
    texts.join("; ")
}

fn one(call: &Noted, more: usize) -> String {
    let text = format!("{}: {}", call.what, call.said.whole());
    match more {
        0 => text,
        1 => format!("{text} (and one more alike)"),
        more => format!("{text} (and {more} more alike)"),
    }
}

/// What to do about them, each remedy once; `usual` where an answer names none.
pub(super) fn todo<'n>(calls: impl IntoIterator<Item = &'n Noted>, usual: &str) -> String {
    let remedies: BTreeSet<&str> =
        calls.into_iter().map(|call| call.todo.as_deref().unwrap_or(usual)).collect();
    remedies.into_iter().collect::<Vec<_>>().join("; ")
}

/// The ids of the exchanges that show them.
pub(super) fn ids<'n>(calls: impl IntoIterator<Item = &'n Noted>) -> Vec<String> {
    let shown = calls.into_iter().filter_map(|call| call.exchange.as_ref());
    shown.map(|exchange| exchange.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(what: &'static str, url: &str, came: &str) -> Noted {
        let said = Said { call: format!("GET {url}"), came: came.to_owned() };
        Noted { what, said, todo: None, exchange: None }
    }

    #[test]
    fn one_reason_is_told_once_with_its_number() {
        let mut calls: Vec<Noted> = (1..=14)
            .map(|lock| call("reading the state of a lock", &format!("/locks/{lock}"), "was answered 403"))
            .collect();
        calls.push(call("listing groups", "/groups", "was answered 403"));
        calls.push(call("reading the state of a lock", "/locks/15", "was answered 500"));
        assert_eq!(
            told(&calls),
            "reading the state of a lock: GET /locks/1 was answered 403 (and 13 more alike); \
             listing groups: GET /groups was answered 403; \
             reading the state of a lock: GET /locks/15 was answered 500"
        );
        assert_eq!(
            told(&calls[..2]),
            "reading the state of a lock: GET /locks/1 was answered 403 (and one more alike)"
        );
        assert_eq!(todo(&calls, "mend it"), "mend it");
    }
}
