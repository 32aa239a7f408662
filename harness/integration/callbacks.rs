//! What a vendor tells by itself: believed only where it is signed as
//! documented, and told apart from what was heard before.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Integration;
use super::failure::{CallFailure, Failed};
use super::plan::Course;
use crate::vendors::dialect::{Callback, CallbackProblem, Registration, Repeat, Step};
use crate::vendors::vocabulary::{Datum, EventKind, Facts, FailureKind, Field, Instant, Secret};
use crate::vendors::wire::{WireRequest, WireResponse};

/// Most events that are remembered, so that one is known when it comes again.
const REMEMBERED: usize = 10_000;

/// One thing that a vendor told by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiding {
    /// The event's name in the profile.
    pub event: String,
    /// What it is about.
    pub kinds: Vec<EventKind>,
    /// What it says.
    pub facts: Facts,
    /// When it happened, where the vendor says so.
    pub at: Option<Instant>,
    /// Whether it is news.
    pub standing: Standing,
}

/// Whether a tiding is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    New,
    /// It was told before under the same name.
    Repeated,
    /// Something that happened later about the same was told before.
    Overtaken,
}

/// Where the callbacks of a vendor are to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The vendor was told.
    Told,
    /// Only a person can tell it; the sentence says where.
    ByHand(String),
}

/// What was agreed upon and heard; clones of an integration share it.
#[derive(Default)]
pub(super) struct CallbackDesk(Mutex<Desk>);

#[derive(Default)]
struct Desk {
    secret: Option<Secret>,
    heard: HashSet<String>,
    order: VecDeque<String>,
    latest: BTreeMap<(EventKind, String), Instant>,
}

impl CallbackDesk {
    fn open(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    fn standing(&mut self, kinds: &[EventKind], facts: &Facts) -> Standing {
        if let Some(id) = facts.text(&Field::EventId) {
            // What one message tells of several things bears one name.
            let about = about(facts);
            let name = format!("{id} {about}");
            if !self.heard.insert(name.clone()) {
                return Standing::Repeated;
            }
            self.order.push_back(name);
            if self.order.len() > REMEMBERED
                && let Some(oldest) = self.order.pop_front()
            {
                self.heard.remove(&oldest);
            }
        }
        let Some(at) = facts.instant(&Field::EventAt) else { return Standing::New };
        // What tells of several things is overtaken once each of them is.
        let mut overtaken = true;
        for kind in kinds {
            let latest = self.latest.entry((*kind, about(facts))).or_insert(at);
            overtaken &= at < *latest;
            *latest = at.max(*latest);
        }
        if overtaken { Standing::Overtaken } else { Standing::New }
    }
}

/// What an event is about: the access, else the lock.
fn about(facts: &Facts) -> String {
    let id = facts.text(&Field::AccessId).or_else(|| facts.text(&Field::LockId));
    id.unwrap_or_default().to_owned()
}

impl Integration {
    /// Tells the vendor where its callbacks are to go.
    pub async fn register_callbacks(&self, url: &str) -> Result<Registered, CallFailure> {
        let name = match self.shared.dialect.callbacks.as_ref().map(|callbacks| &callbacks.registration) {
            Some(Registration::Operation(name)) => name.clone(),
            Some(Registration::Console(words)) => return Ok(Registered::ByHand(words.clone())),
            None => {
                let why = "the vendor sends no callbacks";
                return Err(*Failed::unsent("", FailureKind::Unsupported, why).failure);
            }
        };
        let mut facts = self.base_facts().with_text(Field::CallbackUrl, url);
        let secret = self.shared.callbacks.open().secret.clone();
        facts.set_some(Field::CallbackSecret, secret.map(Datum::Secret));
        let call = Step::Call { operation: name, repeat: Repeat::Idempotent, undo: None, among: None };
        let course = self.run(&[call], Course::new(facts)).await?;
        if let Some(secret) = course.said.secret(&Field::CallbackSecret) {
            self.trust_callbacks(secret);
        }
        Ok(Registered::Told)
    }

    /// Agrees upon the secret that signs callbacks (`callback.secret`), where the
    /// vendor's console gave it.
    pub fn trust_callbacks(&self, secret: &Secret) {
        self.shared.learn(secret);
        self.shared.callbacks.open().secret = Some(secret.clone());
    }

    /// Verifies and reads what came to the address of callbacks. What is
    /// answered then is [`Integration::callback_answer`]; what is not believed
    /// is to be answered with an error.
    pub fn read_callback(&self, request: &WireRequest) -> Result<Vec<Tiding>, CallbackProblem> {
        let callbacks = self.shared.dialect.callbacks.as_ref().ok_or(CallbackProblem::Undocumented)?;
        let mut known = self.base_facts();
        let secret = self.shared.callbacks.open().secret.clone();
        known.set_some(Field::CallbackSecret, secret.map(Datum::Secret));
        let Callback { event, kinds, facts } = callbacks.read(request, &known)?;
        let mut desk = self.shared.callbacks.open();
        let tidings = facts.into_iter().map(|facts| Tiding {
            event: event.clone(),
            kinds: kinds.clone(),
            at: facts.instant(&Field::EventAt),
            standing: desk.standing(&kinds, &facts),
            facts,
        });
        Ok(tidings.collect())
    }

    /// The answer by which the vendor knows that a callback was taken.
    pub fn callback_answer(&self) -> WireResponse {
        let callbacks = self.shared.dialect.callbacks.as_ref();
        callbacks.map_or_else(WireResponse::default, |callbacks| callbacks.answer.response())
    }
}
