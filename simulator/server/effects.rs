//! What a fault does to an exchange.

use std::time::Duration;

use super::exchange::Fitting;
use super::reply::{Reply, Wire};
use super::reshape::{reshape, swap_types};
use super::sandbox::{ReadAnswers, Sandbox, SandboxState};
use crate::simulator::Effect;
use crate::simulator::world::{Refusal, World};
use crate::vendors::vocabulary::{Datum, FailureKind, Field, Meaning};
use crate::vendors::wire::{WireRequest, WireResponse};

impl Sandbox {
    /// Lets a fault have its effect.
    pub(super) fn suffer(
        &self,
        state: &mut SandboxState,
        request: &WireRequest,
        fitting: &Fitting<'_>,
        effect: Effect,
    ) -> Reply {
        match effect {
            Effect::Refuse(kind) => {
                self.refused(fitting, Refusal::new(kind, "the vendor refuses for the moment"))
            }
            Effect::Status(status) => Reply::answer(WireResponse { status, ..WireResponse::default() }),
            Effect::Delay(span) => {
                let response = self.perform(state, request, fitting);
                Reply { after: Some(span), wire: Wire::Answer(response) }
            }
            Effect::Withhold { carried_out } => {
                self.lose(state, request, fitting, carried_out, Wire::Silence)
            }
            Effect::Reset { carried_out } => self.lose(state, request, fitting, carried_out, Wire::Reset),
            Effect::UpstreamTimeout { carried_out } => {
                if carried_out {
                    self.perform(state, request, fitting);
                }
                self.refused(
                    fitting,
                    Refusal::new(FailureKind::UpstreamTimeout, "the lock did not answer in time"),
                )
            }
            Effect::Garbage => {
                Reply::answer(bytes("application/octet-stream", b"\x00\x9f\x92\x96}{]\"garbage"))
            }
            Effect::Html => Reply::answer(bytes(
                "text/html",
                b"<!doctype html><title>Be right back</title><p>Maintenance",
            )),
            Effect::HalfBody => {
                let response = self.perform(state, request, fitting);
                Reply { after: None, wire: Wire::Half(response) }
            }
            Effect::WrongType => {
                let mut response = self.perform(state, request, fitting);
                reshape(&mut response, swap_types);
                Reply::answer(response)
            }
            Effect::RateLimit(span) => {
                let mut refusal = Refusal::new(FailureKind::RateLimited, "too many calls");
                refusal.retry_after = Some(span.max(Duration::from_secs(1)));
                self.refused(fitting, refusal)
            }
            Effect::Unavailable(span) => Reply::answer(WireResponse {
                status: 503,
                headers: vec![("retry-after".to_owned(), span.as_secs().max(1).to_string())],
                body: Vec::new(),
            }),
            Effect::CarriedOut(effect) => {
                self.perform(state, request, fitting);
                self.suffer(state, request, fitting, *effect)
            }
            Effect::StaleRead => Reply::answer(self.stale(state, request, fitting)),
            Effect::AcceptOnly => {
                // The answer is had from a copy of the world, which is then forgotten.
                let mut copy: World = state.world.clone();
                let told = self.ask_world(&mut copy, fitting);
                Reply::answer(self.tell(state, fitting, told))
            }
            Effect::Twice => {
                let response = self.perform(state, request, fitting);
                let again = Fitting { facts: without_key(fitting), ..*fitting };
                // The second one may be refused; that is the point of doing it.
                let _ = self.ask_world(&mut state.world, &again);
                Reply::answer(response)
            }
            Effect::Redirect(to) => Reply::answer(WireResponse {
                status: 307,
                headers: vec![("location".to_owned(), to)],
                body: Vec::new(),
            }),
        }
    }

    fn lose(
        &self,
        state: &mut SandboxState,
        request: &WireRequest,
        fitting: &Fitting<'_>,
        carried_out: bool,
        wire: Wire,
    ) -> Reply {
        if carried_out {
            self.perform(state, request, fitting);
        }
        Reply { after: None, wire }
    }

    fn refused(&self, fitting: &Fitting<'_>, refusal: Refusal) -> Reply {
        let mut facts = fitting.facts.clone();
        facts.merge(&refusal.facts());
        let wait = refusal.retry_after.unwrap_or(Duration::from_secs(1));
        facts.set(Field::ErrorRetryAfter, Datum::Seconds(wait));
        let at = (self.clock().now() + wait).ceil(Duration::from_secs(1));
        facts.set(Field::ErrorRetryAt, Datum::Instant(at));
        Reply::answer(fitting.operation.refusal(refusal.kind, &facts))
    }

    fn stale(&self, state: &mut SandboxState, request: &WireRequest, fitting: &Fitting<'_>) -> WireResponse {
        let fresh = self.perform(state, request, fitting);
        let kept = state.reads.get(&read_key(request));
        kept.and_then(|kept| kept.before.clone()).unwrap_or(fresh)
    }
}

impl SandboxState {
    /// Keeps what a read answered, and what it answered before the last change.
    pub(super) fn remember_read(&mut self, request: &WireRequest, meaning: Meaning, response: &WireResponse) {
        const MOST: usize = 1_000;
        if !World::is_read(meaning) || self.faults.is_empty() && self.reads.len() >= MOST {
            return;
        }
        let revision = self.world.revision();
        if self.reads.len() >= MOST {
            self.reads.clear();
        }
        let key = read_key(request);
        match self.reads.get_mut(&key) {
            Some(kept) if kept.revision == revision => {}
            Some(kept) => {
                kept.revision = revision;
                kept.before = Some(std::mem::replace(&mut kept.latest, response.clone()));
            }
            None => {
                self.reads.insert(key, ReadAnswers { revision, latest: response.clone(), before: None });
            }
        }
    }
}

fn read_key(request: &WireRequest) -> String {
    let mut key = request.path.clone();
    for (name, value) in &request.query {
        key.push('&');
        key.push_str(name);
        key.push('=');
        key.push_str(value);
    }
    key.push(' ');
    key.push_str(&String::from_utf8_lossy(&request.body));
    key
}

fn without_key(fitting: &Fitting<'_>) -> crate::vendors::vocabulary::Facts {
    let mut facts = fitting.facts.clone();
    facts.remove(&Field::RequestKey);
    facts
}

fn bytes(kind: &str, body: &[u8]) -> WireResponse {
    WireResponse {
        status: 200,
        headers: vec![("content-type".to_owned(), kind.to_owned())],
        body: body.to_vec(),
    }
}
