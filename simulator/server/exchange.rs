//! One exchange, from bytes to bytes. Nothing here waits.

use std::time::Duration;

use super::journal::Entry;
use super::known::{Known, base_path};
use super::reply::Reply;
use super::reshape::{add_members, remove_differing, reshape, turn_members};
use super::sandbox::{Sandbox, SandboxState};
use crate::simulator::Variation;
use crate::simulator::fault_plan::Target;
use crate::simulator::misbehaviour::Twist;
use crate::simulator::world::{Refusal, World};
use crate::vendors::dialect::{FillError, NearMiss, Operation, PagingBy, Routed};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, LockId, Meaning, Word};
use crate::vendors::wire::{WireRequest, WireResponse};

/// A request that means something here.
pub(super) struct Fitting<'a> {
    pub operation: &'a Operation,
    pub known: &'a Known,
    pub facts: Facts,
    /// What the vendor calls its signature, where that is wrong.
    pub missigned: Option<FailureKind>,
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
                (Some(fitting.known.name.clone()), self.carry_out(&mut state, &request, fitting))
            }
            None => (None, (Reply::answer(self.unmatched(&mut state, &request, &near)), None)),
        };
        let response = reply.response().cloned();
        state.journal.write(Entry { number: 0, at, operation, request, response, ended: None, note, near });
        drop(state);
        self.announce();
        reply
    }

    /// Finds the operation, below the base path of its server.
    pub(super) fn fit(&self, request: &WireRequest, near: &mut Vec<NearMiss>) -> Option<Fitting<'_>> {
        let known = self.known_facts();
        for base in &self.bases {
            let Some(path) = request.path.strip_prefix(&**base).filter(|path| path.starts_with('/')) else {
                continue;
            };
            let below = (!base.is_empty()).then(|| WireRequest { path: path.to_owned(), ..request.clone() });
            match self.route(below.as_ref().unwrap_or(request), &known) {
                Ok(routed) => {
                    let Routed { operation, facts, missigned } = routed;
                    let known = self.known_of(operation);
                    if let Some(known) = known.filter(|known| known.base == *base) {
                        return Some(Fitting { operation, known, facts, missigned });
                    }
                }
                Err(misses) => near.extend(misses),
            }
        }
        near.sort_by_key(|miss| !miss.same_route);
        None
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

    /// The cursor of the next page as an address, where the vendor links pages.
    fn link_next(&self, fitting: &Fitting<'_>, facts: &mut Facts) {
        let operation = fitting.operation;
        if !operation.paging().is_some_and(|paging| paging.by == PagingBy::Link) {
            return;
        }
        let base = facts.text(&Field::Server(operation.server().into())).unwrap_or_default().to_owned();
        let next = facts.get(&Field::PageNext).cloned();
        let asked = next.map(|next| fitting.facts.clone().with(Field::PageCursor, next));
        let Some(Ok(rendered)) = asked.map(|asked| operation.request(&asked)) else { return };
        let query: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&rendered.exposed.query)
            .finish();
        facts.set(Field::PageNext, Datum::text(format!("{base}{}?{query}", rendered.exposed.path)));
    }

    /// Finds the operation; one with local times is read again once it is known
    /// at which lock, and so in which zone.
    fn route(&self, request: &WireRequest, known: &Facts) -> Result<Routed<'_>, Vec<NearMiss>> {
        let routed = self.dialect().route_knowing(request, known)?;
        let unread = routed.operation.reads_by_zone() && !routed.facts.has(&Field::LockZone);
        let zone = unread.then(|| self.state().world.zone_of(&routed.facts)).flatten();
        match zone {
            Some(zone) => {
                let known = known.clone().with_text(Field::LockZone, zone);
                self.dialect().route_knowing(request, &known)
            }
            None => Ok(routed),
        }
    }

    /// What the vendor answers to somebody whom no world knows; `None` where it
    /// has no such route.
    pub fn answer_to_stranger(&self, request: &WireRequest) -> Option<WireResponse> {
        let mut near = Vec::new();
        let fitting = self.fit(request, &mut near);
        let meant = near.iter().find(|miss| miss.same_route);
        let operation = match fitting {
            Some(fitting) => fitting.operation,
            None => self.dialect().operation(&meant?.operation)?,
        };
        let refusal = Refusal::new(FailureKind::Credentials, "the credentials are unknown");
        Some(operation.refusal_for(refusal.kind, refusal.cause, &refusal.facts()))
    }

    fn known_of(&self, operation: &Operation) -> Option<&Known> {
        self.known.iter().find(|known| &*known.name == operation.name())
    }

    /// Method and path of an operation with content that does not fit are
    /// refused as the vendor refuses them; anything else is not there.
    fn unmatched(&self, state: &mut SandboxState, request: &WireRequest, near: &[NearMiss]) -> WireResponse {
        let meant = near.iter().find(|miss| miss.same_route);
        let operation = meant.and_then(|miss| self.dialect().operation(&miss.operation));
        let (Some(miss), Some(operation)) = (meant, operation) else {
            return WireResponse { status: 404, ..WireResponse::default() };
        };
        let refusal = self
            .refuse_carried(state, operation, request)
            .unwrap_or_else(|| Refusal::invalid(format!("the request does not fit: {}", miss.why)));
        operation.refusal_for(refusal.kind, refusal.cause, &refusal.facts())
    }

    fn refuse_carried(
        &self,
        state: &mut SandboxState,
        operation: &Operation,
        sent: &WireRequest,
    ) -> Option<Refusal> {
        if !operation.is_authenticated() {
            return None;
        }
        let missing = || Refusal::new(FailureKind::Credentials, "the credentials are missing");
        let known = self.known_of(operation)?;
        if operation.meaning() == Meaning::GetToken {
            return Some(missing());
        }
        match operation.carried(sent, &self.known_facts()) {
            None => state
                .world
                .admit(&Facts::new(), known.needs_token, &known.needs)
                .err()
                .or_else(|| Some(missing())),
            Some(facts) => {
                let found: Vec<Field> =
                    known.needs.iter().filter(|field| facts.has(field)).cloned().collect();
                state.world.admit(&facts, known.needs_token, &found).err()
            }
        }
    }

    fn carry_out(
        &self,
        state: &mut SandboxState,
        request: &WireRequest,
        fitting: Fitting<'_>,
    ) -> (Reply, Option<String>) {
        let Fitting { operation, known, facts, missigned } = fitting;
        if let Err(refusal) = state.world.admit(&facts, known.needs_token, &known.needs) {
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), None);
        }
        if let Some(kind) = missigned {
            let told = self.refuse(operation, &facts, &Refusal::new(kind, "the signature is wrong"));
            return (Reply::answer(self.dress(operation, told)), None);
        }
        if known.once
            && let Err(refusal) = admit_once(state, &facts)
        {
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), Some("replay".to_owned()));
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
        let counted = state.rate.counts_locks(operation.name());
        let locks = if counted { state.world.meant_locks(&facts) } else { Vec::new() };
        if let Err(wait) = state.rate.take(operation.name(), &locks, now) {
            let mut refusal = Refusal::new(FailureKind::RateLimited, "too many calls");
            refusal.retry_after = Some(wait);
            let facts = facts.with(Field::Now, Datum::Instant(now));
            let told = self.refuse(operation, &facts, &refusal);
            return (Reply::answer(self.dress(operation, told)), Some("rate limit".to_owned()));
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
        let locks: Vec<LockId> = state.world.meant_locks(&fitting.facts);
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
        let result = self.ask_world(&mut state.world, fitting);
        if let Some(job) = result.as_ref().ok().and_then(|told| told.text(&Field::JobId))
            && fitting.known.call.starts_job
        {
            state.starters.insert(job.to_owned(), fitting.known.name.clone());
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

    /// Fills the documented answer.
    pub(super) fn tell(
        &self,
        state: &mut SandboxState,
        fitting: &Fitting<'_>,
        told: Result<Facts, Refusal>,
    ) -> WireResponse {
        let operation = fitting.operation;
        let response = match told {
            Ok(told) => match failed_job(operation, &told, &state.world) {
                Some(refusal) => {
                    let mut facts = told.clone();
                    facts.merge(&refusal.facts());
                    operation.refusal_for(refusal.kind, refusal.cause, &facts)
                }
                None => self.fill(state, fitting, told),
            },
            Err(refusal) => self.refuse(operation, &fitting.facts, &refusal),
        };
        self.dress(operation, response)
    }

    fn fill(&self, state: &mut SandboxState, fitting: &Fitting<'_>, mut told: Facts) -> WireResponse {
        self.begin_session(state, fitting, &mut told);
        let mut facts = fitting.facts.clone();
        facts.merge(&state.own);
        facts.merge(&self.setting_facts());
        facts.set(Field::Now, Datum::Instant(state.world.shown_now()));
        facts.merge(&told);
        facts.items = told.items;
        self.link_next(fitting, &mut facts);
        if fitting.operation.is_versioned() {
            let version = state.world.revision().to_string();
            let same = fitting.facts.text(&Field::ListVersion) == Some(version.as_str());
            facts.set(Field::ListUnchanged, Datum::Bool(same));
            facts.set(Field::ListVersion, Datum::text(version));
        }
        for _ in 0..16 {
            match fitting.operation.answer(&facts) {
                Ok(response) => return self.hide(fitting.operation, &facts, response),
                Err(FillError::Missing { field: Field::Own(name), .. }) => {
                    let value = self.own_value(&name);
                    let field = Field::Own(name);
                    facts.set(field.clone(), value.clone());
                    state.own.set(field, value);
                }
                Err(error) => return self.defect(fitting.operation, &error.to_string()),
            }
        }
        self.defect(fitting.operation, "the answer asks for too many of the vendor's own values")
    }

    /// Leaves out the members that tell a field: those in which the answer
    /// differs from one with another value of that field.
    fn hide(&self, operation: &Operation, facts: &Facts, mut response: WireResponse) -> WireResponse {
        let Some(Twist::Hides(meaning, fields)) = self.options().misbehaviour.map(|one| one.twist) else {
            return response;
        };
        for field in fields.iter().filter(|_| meaning == operation.meaning()) {
            let mut other = facts.clone();
            other.set_some(field.clone(), facts.get(field).and_then(another));
            if let Some(other) =
                operation.answer(&other).ok().and_then(|other| serde_json::from_slice(&other.body).ok())
            {
                reshape(&mut response, |body| remove_differing(body, &other));
            }
        }
        response
    }

    /// The simulator cannot say what the profile documents. That is told, not
    /// hidden: a server error whose text names the hole.
    fn defect(&self, operation: &Operation, why: &str) -> WireResponse {
        let refusal = Refusal::new(FailureKind::Server, format!("the simulator cannot answer: {why}"));
        let mut response = operation.refusal(refusal.kind, &refusal.facts());
        response.status = response.status.max(500);
        response.headers.push(("lockstep-defect".to_owned(), why.replace(['\r', '\n'], " ")));
        response
    }

    fn refuse(&self, operation: &Operation, asked: &Facts, refusal: &Refusal) -> WireResponse {
        let mut facts = asked.clone();
        facts.merge(&refusal.facts());
        if let (Some(now), Some(wait)) = (asked.instant(&Field::Now), refusal.retry_after) {
            facts.set(Field::ErrorRetryAt, Datum::Instant((now + wait).ceil(Duration::from_secs(1))));
        }
        operation.refusal_for(refusal.kind, refusal.cause, &facts)
    }

    /// What a variation or a misbehaviour does to the bytes.
    fn dress(&self, operation: &Operation, mut response: WireResponse) -> WireResponse {
        match self.options().variation {
            Some(Variation::ExtraMembers) => reshape(&mut response, add_members),
            Some(Variation::OtherOrder) => reshape(&mut response, turn_members),
            _ => {}
        }
        if let Some(Twist::Answered(change)) =
            self.options().misbehaviour.map(|misbehaviour| misbehaviour.twist)
        {
            change(operation.meaning(), &mut response);
        }
        response
    }
}

/// A request that names itself is taken once: who has overheard it gains nothing.
fn admit_once(state: &mut SandboxState, facts: &Facts) -> Result<(), Refusal> {
    let refused = |why: &str| Err(Refusal::new(FailureKind::Credentials, why));
    match facts.text(&Field::Nonce).filter(|nonce| !nonce.is_empty()) {
        None => refused("the nonce is missing"),
        Some(nonce) if !state.nonces.insert(nonce.to_owned()) => refused("the nonce was used before"),
        Some(_) => Ok(()),
    }
}

/// The refusal of a job that failed, where the operation has its own words for
/// it: an error shape that is no HTTP failure, for the poll itself succeeded.
fn failed_job(operation: &Operation, told: &Facts, world: &World) -> Option<Refusal> {
    if operation.meaning() != Meaning::PollJob || told.word(&Field::JobState) != Some(Word::Failed) {
        return None;
    }
    let mut refusal = world.job_failure(told.text(&Field::JobId)?)?;
    refusal.kind = operation.failure_within_success(refusal.kind)?;
    Some(refusal)
}

/// Another value of the same sort.
fn another(value: &Datum) -> Option<Datum> {
    match value {
        Datum::Bool(answer) => Some(Datum::Bool(!answer)),
        Datum::Percent(percent) => Some(Datum::Percent(if *percent < 50 { 90 } else { 10 })),
        Datum::Int(number) => Some(Datum::Int(number + 1)),
        Datum::Text(text) => Some(Datum::text(format!("{text}-other"))),
        _ => None,
    }
}
