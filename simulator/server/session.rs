//! What a session begins with beside its token, and refusals that pass by
//! themselves: both belong to the vendor's ways more than to its world.

use super::exchange::Fitting;
use super::sandbox::{Sandbox, SandboxState};
use crate::simulator::Variation;
use crate::simulator::world::{Dice, Refusal};
use crate::vendors::dialect::Operation;
use crate::vendors::vocabulary::{Cause, Datum, Facts, FailureKind, Field, Meaning};
use crate::vendors::wire::WireResponse;

impl Sandbox {
    /// A value of the vendor's own, the same for as long as the sandbox stands.
    pub(super) fn own_value(&self, name: &str) -> Datum {
        let number = Dice::new(self.options().seed, &format!("own.{name}")).below(900_000) + 100_000;
        Datum::text(number.to_string())
    }

    /// Refuses a call that names another site than the session's, or that comes
    /// before the session was begun at the vendor.
    pub(super) fn check_session(
        &self,
        state: &SandboxState,
        operation: &Operation,
        needs_token: bool,
        facts: &Facts,
    ) -> Result<(), Refusal> {
        let Some(session) = &self.dialect().session else { return Ok(()) };
        if session.operations().contains(&operation.name()) {
            return Ok(());
        }
        for field in session.keeps.iter().filter(|field| operation.asks_with(field)) {
            let Field::Own(name) = field else { continue };
            if facts.get(field) != Some(&self.own_value(name)) {
                let named = facts.get(field);
                let refusal = Refusal::not_found("site", named.and_then(Datum::as_text).unwrap_or_default());
                let by_name = self.setting_facts().iter().any(|(_, name)| Some(name) == named);
                return Err(if by_name { refusal.because(Cause::SiteName) } else { refusal });
            }
        }
        let begun = facts.secret(&Field::AuthToken).is_some_and(|token| state.begun.get(token).is_some());
        if session.keeps.is_empty() && needs_token && !begun {
            return Err(Refusal::new(FailureKind::Forbidden, "the session has not been begun"));
        }
        Ok(())
    }

    /// Refuses a call that names another tenant or application than the simulated
    /// one, in what the profile calls a setting. Where it says who asks it is a
    /// credential; elsewhere it is somebody else's.
    pub(super) fn check_settings(&self, operation: &Operation, facts: &Facts) -> Result<(), Refusal> {
        for (field, own) in self.setting_facts().iter() {
            let named = |facts: &Facts| facts.get(field) == Some(own);
            if !operation.asks_with(field) || named(facts) || facts.items.iter().any(named) {
                continue;
            }
            let message = format!("the {field} is not one of this account");
            return Err(Refusal::new(self.stranger_to(operation), message));
        }
        Ok(())
    }

    /// How a call of an operation is refused that names a stranger.
    fn stranger_to(&self, operation: &Operation) -> FailureKind {
        let auth = &self.dialect().auth;
        let fetches = [&auth.token_operation, &auth.refresh_operation];
        let begins = |name| self.dialect().session.iter().any(|plan| plan.operations().contains(&name));
        if fetches.iter().any(|own| own.as_deref() == Some(operation.name()))
            || matches!(operation.meaning(), Meaning::GetToken | Meaning::RefreshToken)
        {
            FailureKind::Credentials
        } else if begins(operation.name()) {
            FailureKind::NotFound
        } else {
            FailureKind::Forbidden
        }
    }

    /// Takes note of a session that was begun, and fills its list: another place
    /// first, then the one that is meant.
    pub(super) fn begin_session(&self, state: &mut SandboxState, fitting: &Fitting<'_>, told: &mut Facts) {
        if fitting.known.call.meaning != Meaning::OpenSession {
            return;
        }
        if let Some(token) = fitting.facts.secret(&Field::AuthToken) {
            state.begun.keep(token.clone(), ());
        }
        let settings = self.setting_facts();
        let (mut other, mut meant) = (Facts::new(), Facts::new());
        for hole in fitting.operation.answer_holes() {
            let value = match &hole.field {
                Field::Own(name) => self.own_value(name),
                field => match settings.get(field) {
                    Some(value) => value.clone(),
                    None => continue,
                },
            };
            let strange = format!("other-{}", value.as_text().unwrap_or_default());
            other.set(hole.field.clone(), Datum::text(strange));
            meant.set(hole.field.clone(), value);
        }
        if !told.items.is_empty() {
            told.items = vec![other, meant];
        }
    }

    /// The refusal that a vendor gives for a while after something was made and
    /// that then passes by itself.
    pub(super) fn not_yet(&self, state: &SandboxState, fitting: &Fitting<'_>) -> Option<WireResponse> {
        let (kind, within) = fitting.operation.passing_refusal()?;
        let lasts = match self.options().variation {
            Some(Variation::SlowButLegal) => within.saturating_sub(std::time::Duration::from_secs(1)),
            _ => within / 4,
        };
        let young = state.world.age_of(&fitting.facts).is_some_and(|age| age < lasts);
        let refusal = Refusal::new(kind, "it is not known everywhere yet");
        let mut facts = fitting.facts.clone();
        facts.merge(&refusal.facts());
        young.then(|| fitting.operation.passing_answer(&facts)).flatten()
    }
}
