//! Answers: what the world says, filled into what the profile documents.

use std::time::Duration;

use super::exchange::Fitting;
use super::reshape::{add_members, remove_differing, reshape, turn_members};
use super::sandbox::{Sandbox, SandboxState};
use crate::simulator::Variation;
use crate::simulator::misbehaviour::Twist;
use crate::simulator::world::{Refusal, World};
use crate::vendors::dialect::{FillError, Operation, PagingBy};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, Meaning, Word};
use crate::vendors::wire::WireResponse;

impl Sandbox {
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
                    state.count_refusal(refusal.kind);
                    let mut facts = told.clone();
                    facts.merge(&refusal.facts());
                    operation.refusal_for(refusal.kind, refusal.cause, &facts)
                }
                None => self.fill(state, fitting, told),
            },
            Err(refusal) => {
                state.count_refusal(refusal.kind);
                self.refuse(operation, &fitting.facts, &refusal)
            }
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

    pub(super) fn refuse(&self, operation: &Operation, asked: &Facts, refusal: &Refusal) -> WireResponse {
        let mut facts = asked.clone();
        facts.merge(&refusal.facts());
        if let (Some(now), Some(wait)) = (asked.instant(&Field::Now), refusal.retry_after) {
            facts.set(Field::ErrorRetryAt, Datum::Instant((now + wait).ceil(Duration::from_secs(1))));
        }
        operation.refusal_for(refusal.kind, refusal.cause, &facts)
    }

    /// What a variation or a misbehaviour does to the bytes.
    pub(super) fn dress(&self, operation: &Operation, mut response: WireResponse) -> WireResponse {
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
