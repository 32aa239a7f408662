//! What goes wrong on the way, and how often it did.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::harness::criterion::CriterionId;
use crate::harness::result::FaultAccount;

/// A fault on the way between the integration and the target.
#[derive(Clone, Debug, PartialEq)]
pub struct ProxyFault {
    /// The criterion that asks for it.
    pub criterion: Option<CriterionId>,
    /// The method; `None` for every one.
    pub method: Option<String>,
    /// The path without its query; `*` stands for anything.
    pub path: String,
    /// Fitting exchanges that are let through first.
    pub skip: u32,
    /// Exchanges that it strikes.
    pub times: u32,
    /// What goes wrong.
    pub effect: ProxyEffect,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum ProxyEffect {
    /// No answer ever, with or without passing the request on.
    Withhold {
        /// Whether the target gets the request.
        carried_out: bool,
    },
    /// The connection is reset, with or without passing the request on.
    Reset {
        /// Whether the target gets the request.
        carried_out: bool,
    },
    /// The target's answer, later on the harness's clock.
    Delay(Duration),
    /// Status 200 with bytes that mean nothing; the target gets the request.
    Garbage,
    /// Status 200 with an HTML page; the target gets the request.
    Html,
    /// The target's answer, broken off in the middle of its body.
    HalfBody,
}

impl ProxyFault {
    /// A fault that strikes the next fitting exchange once.
    pub fn once(method: &str, path: &str, effect: ProxyEffect) -> Self {
        Self {
            criterion: None,
            method: Some(method.to_owned()),
            path: path.to_owned(),
            skip: 0,
            times: 1,
            effect,
        }
    }

    /// The path of an operation as its profile writes it, holes and query
    /// included, as a pattern for [`ProxyFault::path`].
    pub fn path_of(endpoint: &str) -> String {
        let path = endpoint.split_once(' ').map_or(endpoint, |(_, path)| path);
        let path = path.split('?').next().unwrap_or(path);
        let mut pattern = String::new();
        let mut depth = 0_u32;
        for c in path.chars() {
            match c {
                '{' => {
                    depth += 1;
                    if depth == 1 {
                        pattern.push('*');
                    }
                }
                '}' => depth = depth.saturating_sub(1),
                c if depth == 0 => pattern.push(c),
                _ => {}
            }
        }
        pattern
    }

    fn fits(&self, method: &str, path: &str) -> bool {
        self.method.as_deref().is_none_or(|own| own.eq_ignore_ascii_case(method)) && matches(&self.path, path)
    }
}

/// Whether the text fits a pattern in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            let cuts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
            cuts.into_iter().any(|at| matches(tail, &rest[at..]))
        }),
    }
}

/// The faults that are armed, and what became of them.
#[derive(Default)]
pub(super) struct Armory(Mutex<Vec<Armed>>);

struct Armed {
    fault: ProxyFault,
    seen: u32,
    consumed: u32,
    live: bool,
}

impl Armory {
    pub fn arm(&self, fault: ProxyFault) {
        let armed = Armed { fault, seen: 0, consumed: 0, live: true };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(armed);
    }

    pub fn disarm(&self) {
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        armed.iter_mut().for_each(|armed| armed.live = false);
    }

    /// What strikes the exchange; it counts as seen by every fault that fits.
    pub fn strike(&self, method: &str, path: &str) -> Option<ProxyEffect> {
        let mut armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut effect = None;
        for armed in armed.iter_mut().filter(|armed| armed.live && armed.fault.fits(method, path)) {
            armed.seen += 1;
            let due = armed.seen > armed.fault.skip && armed.consumed < armed.fault.times;
            if due && effect.is_none() {
                armed.consumed += 1;
                effect = Some(armed.fault.effect.clone());
            }
        }
        effect
    }

    pub fn accounts(&self) -> Vec<FaultAccount> {
        let armed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        armed.iter().map(Armed::account).collect()
    }
}

impl Armed {
    fn account(&self) -> FaultAccount {
        let ProxyFault { criterion, method, path, effect, times, .. } = &self.fault;
        let effect = match effect {
            ProxyEffect::Withhold { carried_out: true } => "answer withheld, carried out".to_owned(),
            ProxyEffect::Withhold { carried_out: false } => "answer withheld, not carried out".to_owned(),
            ProxyEffect::Reset { carried_out: true } => "connection reset, carried out".to_owned(),
            ProxyEffect::Reset { carried_out: false } => "connection reset, not carried out".to_owned(),
            ProxyEffect::Delay(span) => format!("answer delayed by {span:?}"),
            ProxyEffect::Garbage => "garbage in place of the answer".to_owned(),
            ProxyEffect::Html => "an HTML page in place of the answer".to_owned(),
            ProxyEffect::HalfBody => "half of the answer".to_owned(),
        };
        FaultAccount {
            criterion: criterion.clone(),
            fault: format!("{effect}: {} {path}", method.as_deref().unwrap_or("*")),
            injected: *times,
            consumed: self.consumed,
        }
    }
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn patterns_fit_whole_paths() {
        assert!(matches("/v1/access/*/pin", "/v1/access/a-1/pin"));
        assert!(matches("*", "/anything") && matches("/a", "/a"));
        assert!(!matches("/v1/access/*/pin", "/v1/access/a-1") && !matches("/a", "/ab"));
    }

    #[test]
    fn an_endpoint_of_a_profile_becomes_a_pattern() {
        assert_eq!(ProxyFault::path_of("PUT /v1/users/{user.id}/x/{lock.id | int}"), "/v1/users/*/x/*");
    }
}
