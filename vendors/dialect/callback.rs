//! Callbacks: what a vendor tells by itself, in both directions.
//!
//! The simulator fills an event's message and signs it; the integration
//! verifies the signature over the bytes that came and reads the message back.

use std::time::Duration;

use super::form::RequestForm;
use super::template::{Scope, Text, View};
use crate::vendors::vocabulary::{Datum, EventKind, Facts, Field};
use crate::vendors::wire::{WireRequest, WireResponse};

/// How a vendor calls back.
#[derive(Debug)]
pub struct Callbacks {
    /// How it comes to know where to.
    pub registration: Registration,
    /// How often an event is sent at most, until it is taken.
    pub attempts: u32,
    /// Time between two attempts.
    pub every: Duration,
    /// The answer by which the vendor knows that an event was taken.
    pub answer: Expected,
    pub(crate) signature: Option<Signature>,
    pub(crate) events: Vec<CallbackEvent>,
}

/// How a vendor comes to know where its callbacks go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Registration {
    /// By an operation.
    Operation(String),
    /// By a person in the vendor's console; the sentence says where.
    Console(String),
}

/// The answer that a vendor waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its status; any success where it is not given.
    pub status: Option<u16>,
    /// Its body, but for spaces around it; any where it is not given.
    pub body: Option<String>,
}

/// Where the signature stands, and how it is made.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    /// The header, in small letters.
    pub header: String,
    /// The signature, with `{callback.body}` in it.
    pub value: Text,
}

/// One event with its message.
#[derive(Debug)]
pub(crate) struct CallbackEvent {
    pub name: String,
    /// What its message tells of; nothing where it is read past.
    pub kinds: Vec<EventKind>,
    /// What the message means without saying it in a hole.
    pub means: Facts,
    /// How long after it happened it is sent.
    pub delay: Duration,
    pub request: RequestForm,
}

/// What a callback tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The event's name in the profile.
    pub event: String,
    /// What it tells of; nothing where the profile knows it and makes nothing of it.
    pub kinds: Vec<EventKind>,
    /// What it says; where it tells of several things at once, of each.
    pub facts: Vec<Facts>,
}

/// Why a callback is not believed, or not understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallbackProblem {
    /// The vendor calls back about nothing.
    #[error("the vendor documents no callbacks")]
    Undocumented,
    /// It bears no signature.
    #[error("it is not signed: the header `{0}` is missing")]
    Unsigned(String),
    /// It bears another signature than its content should.
    #[error("its signature is wrong")]
    WrongSignature,
    /// It is of no documented event.
    #[error("it fits no documented event ({0})")]
    Unknown(String),
}

/// A callback ready to be sent.
#[derive(Clone, Debug)]
pub struct Filled<'a> {
    /// The event's name.
    pub event: &'a str,
    /// How long after it happened it is sent.
    pub delay: Duration,
    /// The message, without an address.
    pub request: WireRequest,
}

impl Callbacks {
    /// The names of the events, with what they tell of.
    pub fn events(&self) -> impl Iterator<Item = (&str, &[EventKind])> {
        self.events.iter().map(|event| (event.name.as_str(), event.kinds.as_slice()))
    }

    /// Whether callbacks are signed.
    pub fn is_signed(&self) -> bool {
        self.signature.is_some()
    }

    /// Fills the message of the first event that tells this; `None` where the
    /// vendor tells it by no event. `facts` hold the secret that signs, and as
    /// `now` the time of sending, to which the event's delay is added.
    pub fn fill(&self, kind: EventKind, facts: &Facts) -> Option<Filled<'_>> {
        let says = |event: &&CallbackEvent| {
            event.kinds.contains(&kind)
                && event.means.iter().all(|(field, value)| facts.get(field) == Some(value))
        };
        self.events.iter().filter(says).find_map(|event| {
            let request = self.signed(event, facts)?;
            Some(Filled { event: &event.name, delay: event.delay, request })
        })
    }

    fn signed(&self, event: &CallbackEvent, facts: &Facts) -> Option<WireRequest> {
        let mut facts = facts.clone();
        let sent = facts.instant(&Field::Now).map(|now| Datum::Instant(now + event.delay));
        facts.set_some(Field::Now, sent);
        let mut request = event.request.fill(&facts, View::Exposed).ok()?;
        if let Some(signature) = &self.signature {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            let facts = facts.with_text(Field::CallbackBody, body);
            let value = signature.value.fill(&Scope::request(&facts), View::Exposed).ok()??;
            request.headers.push((signature.header.clone(), value));
        }
        Some(request)
    }

    /// Verifies and reads a callback. `known` holds the secret that signs.
    pub fn read(&self, request: &WireRequest, known: &Facts) -> Result<Callback, CallbackProblem> {
        self.verify(request, known)?;
        let mut why = Vec::new();
        for event in &self.events {
            let mut facts = Facts::new();
            match event.request.read(request, known, &mut facts) {
                Ok(()) => return Ok(event.told(facts)),
                Err(mismatch) => why.push(format!("{}: {mismatch}", event.name)),
            }
        }
        Err(CallbackProblem::Unknown(why.join("; ")))
    }

    /// Holds the signature against the bytes that came.
    fn verify(&self, request: &WireRequest, known: &Facts) -> Result<(), CallbackProblem> {
        let Some(signature) = &self.signature else { return Ok(()) };
        let found = request.header(&signature.header);
        let found = found.ok_or_else(|| CallbackProblem::Unsigned(signature.header.clone()))?;
        let body = std::str::from_utf8(&request.body).map_err(|_| CallbackProblem::WrongSignature)?;
        let known = known.clone().with_text(Field::CallbackBody, body);
        let read = signature.value.read(found, &known).map_err(|_| CallbackProblem::WrongSignature)?;
        // A digest of something unknown is passed over by reading; here it must have been computed.
        let computed = read.iter().any(|(field, _)| *field == Field::CallbackBody);
        if computed { Ok(()) } else { Err(CallbackProblem::WrongSignature) }
    }
}

impl CallbackEvent {
    fn told(&self, facts: Facts) -> Callback {
        let mut whole = Facts::new();
        whole.merge(&facts);
        let complete = |part: &Facts| {
            let mut all = whole.clone();
            all.merge(&self.means);
            all.merge(part);
            all
        };
        let told = if self.kinds.is_empty() {
            Vec::new()
        } else if facts.items.is_empty() {
            vec![complete(&Facts::new())]
        } else {
            facts.items.iter().map(complete).collect()
        };
        Callback { event: self.name.clone(), kinds: self.kinds.clone(), facts: told }
    }
}

impl Expected {
    /// Whether an answer is the one that the vendor waits for.
    pub fn is(&self, answer: &WireResponse) -> bool {
        let status = match self.status {
            Some(status) => answer.status == status,
            None => (200..300).contains(&answer.status),
        };
        let body = |expected: &String| String::from_utf8_lossy(&answer.body).trim() == expected.trim();
        status && self.body.as_ref().is_none_or(body)
    }

    /// The answer that is given.
    pub fn response(&self) -> WireResponse {
        let body = self.body.clone().unwrap_or_default().into_bytes();
        let mut headers = Vec::new();
        if !body.is_empty() {
            headers.push(("content-type".to_owned(), "text/plain".to_owned()));
        }
        WireResponse { status: self.status.unwrap_or(200), headers, body }
    }
}
