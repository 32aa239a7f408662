//! One exchange, from bytes to bytes. Nothing here waits.

use super::journal::Entry;
use super::known::{Known, base_path};
use super::pending::{has_room, meant};
use super::reply::Reply;
use super::sandbox::{Sandbox, SandboxState};
use super::signed::check_signature;
use crate::simulator::fault_plan::Target;
use crate::simulator::misbehaviour::Twist;
use crate::simulator::world::{Refusal, World};
use crate::vendors::dialect::{Missigned, Operation};
use crate::vendors::vocabulary::{Cause, Datum, Facts, FailureKind, Field, LockId};
use crate::vendors::wire::{WireRequest, WireResponse};

/// A request that means something here.
pub(super) struct Fitting<'a> {
    pub operation: &'a Operation,
    pub known: &'a Known,
    pub facts: Facts,
    /// What the vendor calls its signature, where that is wrong or missing.
    pub missigned: Option<Missigned>,
}

impl Sandbox {
    /// Decides what becomes of a request, and writes both into the journal.
    /// `origin` is the address under which the vendor's servers were reached.
    pub fn exchange(&self, request: WireRequest, origin: &str) -> Reply {
        let mut near = Vec::new();
        let fitting = self.fit(&request, &mut near).map(|fitting| self.located(fitting, origin));
        let mut state = self.state();
        let at = state.world.now();
        let (operation, (reply, note)) = match fitting {
            Some(fitting) => {
                let fitting = self.telling_of_its_job(&state, fitting);
                let unplayed = unplayed(fitting.operation, &request);
                let name = fitting.known.name.clone();
                let (reply, note) = self.carry_out(&mut state, &request, fitting);
                let notes: Vec<String> = note.into_iter().chain(unplayed).collect();
                (Some(name), (reply, (!notes.is_empty()).then(|| notes.join("; "))))
            }
            None => (None, (Reply::answer(self.unmatched(&mut state, &request, &near)), None)),
        };
        let response = reply.response().cloned();
        state.journal.write(Entry { operation, response, note, near, ..Entry::of(request, at) });
        drop(state);
        self.announce();
        reply
    }

    /// The request as the operation that tells of the job which it names.
    fn telling_of_its_job<'a>(&'a self, state: &SandboxState, fitting: Fitting<'a>) -> Fitting<'a> {
        let starter = fitting.facts.text(&Field::JobId).and_then(|job| state.starters.get(job));
        let Some(starter) = starter else { return fitting };
        let operation = self.dialect().telling_of(fitting.operation, starter);
        match self.known_of(operation) {
            Some(known) => Fitting { operation, known, ..fitting },
            None => fitting,
        }
    }

    /// The same with the addresses of the vendor's servers, where the answer tells one.
    fn located<'a>(&self, mut fitting: Fitting<'a>, origin: &str) -> Fitting<'a> {
        if fitting.known.tells_address {
            for (name, _) in &self.dialect().servers {
                let address = format!("{origin}{}", base_path(self.dialect(), name));
                fitting.facts.set(Field::Server(name.as_str().into()), Datum::text(address));
            }
        }
        fitting
    }

    fn carry_out(
        &self,
        state: &mut SandboxState,
        request: &WireRequest,
        fitting: Fitting<'_>,
    ) -> (Reply, Option<String>) {
        let Fitting { operation, known, facts, missigned } = fitting;
        if let Err(refusal) = state.world.admit(&facts, known.needs_token, &known.needs) {
            let refusal = missing_or_wrong(refusal, operation, request);
            state.count_refusal(refusal.kind);
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), None);
        }
        if let Err(refusal) = check_signature(state, operation, missigned) {
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), None);
        }
        if known.once
            && let Err(refusal) = admit_once(state, &facts)
        {
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), Some("replay".to_owned()));
        }
        if let Err(refusal) = self.check_settings(operation, &facts) {
            state.count_refusal(refusal.kind);
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), None);
        }
        if let Err(refusal) = self.check_session(state, operation, known.needs_token, &facts) {
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), None);
        }
        let now = state.world.now();
        if let Err(refusal) = state.world.check_clock(&facts, operation.asks_with(&Field::Now)) {
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), None);
        }
        let meant = meant(state, operation, &facts);
        if let Err(wait) = state.rate.take(operation.name(), &meant, now) {
            let mut refusal = Refusal::new(FailureKind::RateLimited, "too many calls");
            refusal.retry_after = Some(wait);
            state.count_refusal(refusal.kind);
            let facts = facts.with(Field::Now, Datum::Instant(now));
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), Some("rate limit".to_owned()));
        }
        if known.call.starts_job && !has_room(state, operation, &meant) {
            let refusal = Refusal::new(FailureKind::Busy, "so many commands are under way already");
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), Some("commands under way".to_owned()));
        }
        if !operation.takes_type_of(request) {
            let told = operation.refusal_of_type();
            return (Reply::answer(self.dress(operation, told)), Some("another media type".to_owned()));
        }
        let fitting = Fitting { operation, known, facts, missigned };
        let struck = (!state.faults.is_empty()).then(|| self.strike(state, &fitting)).flatten();
        match struck {
            Some(effect) => {
                let note = format!("fault: {effect}");
                (self.suffer(state, request, &fitting, effect), Some(note))
            }
            None => (Reply::answer(self.perform(state, request, &fitting)), None),
        }
    }

    fn strike(&self, state: &mut SandboxState, fitting: &Fitting<'_>) -> Option<crate::simulator::Effect> {
        let mut locks: Vec<LockId> = state.world.meant_locks(&fitting.facts);
        if locks.is_empty() {
            locks = state.world.locks_of_mobile(&fitting.facts);
        }
        let now = state.world.now();
        let target =
            Target { operation: &fitting.known.name, meaning: fitting.known.call.meaning, locks: &locks };
        state.faults.strike(&target, now)
    }

    /// Carries a request out and fills its answer.
    pub(super) fn perform(
        &self,
        state: &mut SandboxState,
        request: &WireRequest,
        fitting: &Fitting<'_>,
    ) -> WireResponse {
        if let Some(refusal) = self.not_yet(state, fitting) {
            return self.dress(fitting.operation, refusal);
        }
        let (name, now) = (fitting.operation.name(), state.world.now());
        // Only a command stands in a queue.
        let devices = fitting.known.call.starts_job.then(|| meant(state, fitting.operation, &fitting.facts));
        let turn = devices.as_ref().map(|devices| state.rate.turn(name, devices, now));
        state.world.turn = turn.unwrap_or_default();
        let result = self.ask_world(&mut state.world, fitting);
        if let Some(job) = result.as_ref().ok().and_then(|told| told.text(&Field::JobId))
            && let Some(devices) = &devices
        {
            state.starters.keep(job.to_owned(), fitting.known.name.clone());
            state.rate.queue(name, devices, now);
            state.under_way.begin(name, devices, job);
        }
        let response = self.tell(state, fitting, result);
        state.remember_read(request, fitting.known.call.meaning, &response);
        response
    }

    /// The world's answer, with whatever the misbehaviour does to it.
    pub(super) fn ask_world(&self, world: &mut World, fitting: &Fitting<'_>) -> Result<Facts, Refusal> {
        let call = fitting.known.call;
        let twist = self.options().misbehaviour.map(|misbehaviour| misbehaviour.twist);
        match twist {
            Some(Twist::Asked(change)) => {
                let mut asked = fitting.facts.clone();
                change(world, call, &mut asked);
                world.perform(call, &asked)
            }
            Some(Twist::Told(change)) => {
                let mut told = world.perform(call, &fitting.facts);
                change(world, call, &fitting.facts, &mut told);
                told
            }
            _ => world.perform(call, &fitting.facts),
        }
    }
}

/// Of a digest nothing is read that is not right, so that a wrong one looks like
/// none; the request itself tells them apart.
fn missing_or_wrong(refusal: Refusal, operation: &Operation, request: &WireRequest) -> Refusal {
    let missing = refusal.cause == Some(Cause::CredentialsMissing);
    if missing && !operation.lacks_credentials(request) {
        return Refusal::new(refusal.kind, "the credentials are wrong");
    }
    refusal
}

/// What a request asks for and does not get: what the profile says is not played,
/// and what of its query it does not know.
fn unplayed(operation: &Operation, request: &WireRequest) -> Option<String> {
    let told = |name: String| match operation.ignores().iter().find(|(known, _)| *known == name) {
        Some((_, why)) => format!("`{name}` is not played: {why}"),
        None => format!("`{name}` is not in the profile"),
    };
    let told: Vec<String> = operation.unplayed(request).into_iter().map(told).collect();
    (!told.is_empty()).then(|| format!("ignored: {}", told.join(", ")))
}

/// A request that names itself is taken once: who has overheard it gains nothing.
fn admit_once(state: &mut SandboxState, facts: &Facts) -> Result<(), Refusal> {
    let refused = |why: &str| Err(Refusal::new(FailureKind::Credentials, why));
    match facts.text(&Field::Nonce).filter(|nonce| !nonce.is_empty()) {
        None => refused("the nonce is missing"),
        Some(nonce) if !state.nonces.keep(nonce.to_owned(), ()) => refused("the nonce was used before"),
        Some(_) => Ok(()),
    }
}
