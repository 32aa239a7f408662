//! What was said on the wire, kept as evidence.
//!
//! Everything is masked when it is captured, by the type of the value and not
//! by searching for it afterwards; what a subject echoes without being asked is
//! masked by value besides.

mod curl;
mod mask;
mod secrets;

pub use curl::{curl, shell_word};
pub use mask::Mask;
pub use secrets::Secrets;

use std::sync::{Arc, Mutex, PoisonError};

use super::criterion::CriterionId;
use super::result::{Exchange, LimitedLock, Received, Timeline, TransportFailure};
use crate::vendors::dialect::Deviation;
use crate::vendors::vocabulary::{Pin, Secret};

/// Keys of the shortest PIN that is looked for beyond its own world.
pub const SHORTEST_PIN: usize = 6;

/// Collects the exchanges of a run; clones write to the same one.
#[derive(Clone, Default)]
pub struct Recorder {
    state: Arc<Mutex<State>>,
    secrets: Secrets,
    /// What was learnt in any world of the run.
    mask: Mask,
}

#[derive(Default)]
struct State {
    criterion: Option<CriterionId>,
    next: u64,
    /// Whether nothing is kept.
    forgets: bool,
    exchanges: Vec<Exchange>,
    heard: bool,
    deviations: Vec<(String, Deviation)>,
    operations_with_success: Vec<String>,
    timelines: Vec<(Option<CriterionId>, Timeline)>,
    limited_locks: Vec<LimitedLock>,
    made_up: Vec<String>,
}

impl Recorder {
    /// An empty recorder.
    pub fn new() -> Self {
        Self::default()
    }

    /// A recorder that keeps no exchange, for a service that runs for as long as
    /// somebody wants it and of which no report is made.
    pub fn forgetting() -> Self {
        let state = State { forgets: true, ..State::default() };
        Self { state: Arc::new(Mutex::new(state)), ..Self::default() }
    }

    /// An empty recorder that adds what it comes to know to `secrets`.
    pub fn keeping(secrets: Secrets) -> Self {
        Self { secrets, ..Self::default() }
    }

    /// Every secret that was in use, issued tokens included.
    pub fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Takes note of a secret, for the evidence at the end of the run and for the
    /// last look at its report.
    pub fn learn_secret(&self, secret: &Secret) {
        self.secrets.learn(secret);
        self.mask.learn_secret(secret);
    }

    /// Takes note of a PIN. One of fewer than [`SHORTEST_PIN`] keys is not looked
    /// for in other worlds' evidence, where its keys occur by chance.
    pub fn learn_pin(&self, pin: &Pin) {
        if pin.keys().len() >= SHORTEST_PIN {
            self.secrets.learn(&Secret::new(pin.keys()));
            self.mask.learn_pin(pin);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The criterion that exchanges from now on belong to.
    pub fn begin_criterion(&self, criterion: Option<CriterionId>) {
        self.state().criterion = criterion;
    }

    /// The criterion that exchanges belong to at present.
    pub fn criterion(&self) -> Option<CriterionId> {
        self.state().criterion.clone()
    }

    /// The id of the next exchange (`x-17`).
    pub fn next_exchange(&self) -> String {
        let mut state = self.state();
        state.next += 1;
        format!("x-{}", state.next)
    }

    /// Keeps an exchange that is over.
    pub fn record(&self, exchange: Exchange) {
        let mut state = self.state();
        state.heard |= is_heard(&exchange.response);
        if !state.forgets {
            state.exchanges.push(exchange);
        }
    }

    /// Whether anything at all was heard from the subject.
    pub fn has_heard(&self) -> bool {
        self.state().heard
    }

    /// Keeps where the meaning of an answer strays from what was asked for,
    /// though its form does not.
    pub fn record_deviation(&self, operation: &str, deviation: Deviation) {
        let mut state = self.state();
        if !state.forgets {
            state.deviations.push((operation.to_owned(), deviation));
        }
    }

    /// Keeps how a successful answer to `operation` strayed from its example.
    pub fn record_success(&self, operation: &str, deviations: Vec<Deviation>) {
        let mut state = self.state();
        if !state.operations_with_success.iter().any(|known| known == operation) {
            state.operations_with_success.push(operation.to_owned());
        }
        if state.forgets {
            return;
        }
        state.deviations.extend(deviations.into_iter().map(|deviation| (operation.to_owned(), deviation)));
    }

    /// Keeps that a lock says of itself what it lacks; each lock once.
    pub fn record_limited(&self, lock: LimitedLock) {
        let mut state = self.state();
        if !state.limited_locks.contains(&lock) {
            state.limited_locks.push(lock);
        }
    }

    /// Locks that say of themselves that they lack something.
    pub fn limited_locks(&self) -> Vec<LimitedLock> {
        self.state().limited_locks.clone()
    }

    /// Keeps an id that was made up to be nobody's: that it is not found says
    /// nothing of the call.
    pub fn record_made_up(&self, id: &str) {
        let mut state = self.state();
        if !state.made_up.iter().any(|known| known == id) {
            state.made_up.push(id.to_owned());
        }
    }

    /// Ids that were made up to be nobody's.
    pub fn made_up(&self) -> Vec<String> {
        self.state().made_up.clone()
    }

    /// Keeps the attempts of a call that was repeated, for the present criterion.
    pub fn record_timeline(&self, timeline: Timeline) {
        let mut state = self.state();
        let criterion = state.criterion.clone();
        state.timelines.push((criterion, timeline));
    }

    /// Every timeline so far, with the criterion in whose course it was made.
    pub fn timelines(&self) -> Vec<(Option<CriterionId>, Timeline)> {
        self.state().timelines.clone()
    }

    /// Every exchange so far, in the order in which they ended.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.state().exchanges.clone()
    }

    /// Every exchange as it may be published: masked once more with what was
    /// learnt after it was captured.
    pub fn evidence(&self) -> Vec<Exchange> {
        let mut exchanges = self.exchanges();
        let late = self.mask.again();
        for Exchange { request, response, .. } in &mut exchanges {
            late.own([&mut request.url, &mut request.body]);
            late.own(request.headers.iter_mut().map(|(_, value)| value));
            match response {
                Received::Answer { headers, body, undocumented, .. } => {
                    late.body(body);
                    late.own(undocumented);
                    late.texts(headers.iter_mut().map(|(_, value)| value));
                }
                Received::Nothing { detail, .. } => late.own([detail]),
            }
        }
        exchanges
    }

    /// How many exchanges are kept; with [`Recorder::since`] it marks a stretch.
    pub fn mark(&self) -> usize {
        self.state().exchanges.len()
    }

    /// The exchanges after a mark.
    pub fn since(&self, mark: usize) -> Vec<Exchange> {
        self.state().exchanges.get(mark..).map(<[Exchange]>::to_vec).unwrap_or_default()
    }

    /// How successful answers strayed from their examples, by operation.
    pub fn deviations(&self) -> Vec<(String, Deviation)> {
        self.state().deviations.clone()
    }

    /// The operations that were seen to succeed.
    pub fn operations_with_success(&self) -> Vec<String> {
        self.state().operations_with_success.clone()
    }
}

/// An answer, or something else that somebody must have said.
fn is_heard(response: &Received) -> bool {
    use TransportFailure as T;
    match response {
        Received::Answer { .. } => true,
        Received::Nothing { why, .. } => {
            matches!(why, T::Truncated | T::ForeignRedirect | T::NotHttp | T::TooLarge)
        }
    }
}
