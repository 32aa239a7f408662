//! Which operation a request is, and what is answered where it is none.

use super::exchange::Fitting;
use super::known::Known;
use super::sandbox::{Sandbox, SandboxState};
use crate::simulator::world::Refusal;
use crate::vendors::dialect::{NearMiss, Operation, Routed};
use crate::vendors::vocabulary::{Facts, FailureKind, Field, Meaning};
use crate::vendors::wire::{WireRequest, WireResponse};

impl Sandbox {
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

    pub(super) fn known_of(&self, operation: &Operation) -> Option<&Known> {
        self.known.iter().find(|known| &*known.name == operation.name())
    }

    /// Method and path of an operation with content that does not fit are
    /// refused as the vendor refuses them; anything else is not there.
    pub(super) fn unmatched(
        &self,
        state: &mut SandboxState,
        request: &WireRequest,
        near: &[NearMiss],
    ) -> WireResponse {
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
}
