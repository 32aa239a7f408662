//! Carrying requests out: the book, the lock system, the messages.

use std::time::Duration;

use super::access::{Access, AccessState};
use super::effects::put_off;
use super::exchange::{answer, refused};
use super::messages::{About, Occasion};
use super::sandbox::{InletSandbox, InletState};
use super::upstream::{Given, UpstreamFailure};
use super::wording::Keys;
use crate::vendors::inlet::{
    Done, ErrorAnswer, GrantAccess, Granted, Mode, Request, RevokeAccess, UpdateAccess, check_period,
};
use crate::vendors::vocabulary::{FailureKind, LockId};
use crate::vendors::wire::WireResponse;

/// A lock system that is busy for the moment is asked again after so long.
const BUSY: Duration = Duration::from_secs(60);

/// A request that was carried out or refused.
pub(super) struct Carried {
    /// The answer.
    pub response: WireResponse,
    /// The access whose grant the answer tells to have succeeded.
    pub granted: Option<String>,
}

impl Carried {
    /// A refusal.
    pub fn refused(error: &ErrorAnswer) -> Self {
        Self { response: refused(error), granted: None }
    }

    fn done(reference_id: Option<String>) -> Self {
        Self { response: answer(200, Done { reference_id }.body()), granted: None }
    }

    fn failed(failure: &UpstreamFailure) -> Self {
        let status = status_of(failure.kind);
        let error = match failure.kind {
            FailureKind::UpstreamTimeout => ErrorAnswer::upstream_timeout(&failure.message),
            _ => ErrorAnswer::new(status, format!("the lock system refused: {failure}")),
        };
        match status {
            503 => Self { response: put_off(&error, BUSY), granted: None },
            _ => Self::refused(&error),
        }
    }
}

/// The status that tells of a failure (chosen: `error-code`).
pub(super) fn status_of(kind: FailureKind) -> u16 {
    match kind {
        FailureKind::NotFound => 404,
        FailureKind::Invalid => 422,
        FailureKind::Offline | FailureKind::Full | FailureKind::Conflict | FailureKind::Unsupported => 409,
        FailureKind::Busy | FailureKind::RateLimited => 503,
        FailureKind::UpstreamTimeout => 504,
        // Inlet's own account with the vendor is no business of the partner's.
        FailureKind::Credentials
        | FailureKind::Forbidden
        | FailureKind::Payment
        | FailureKind::Server
        | FailureKind::Protocol => 502,
    }
}

impl InletSandbox {
    /// Carries a request out for a customer.
    pub async fn carry_out(&self, customer: &str, asked: Request) -> Carried {
        match asked {
            Request::Grant(grant) => self.grant(customer, grant).await,
            Request::Pulse(pulse) => match self.upstream.pulse(&LockId::new(pulse.lock_id)).await {
                Ok(()) => Carried::done(None),
                Err(failure) => Carried::failed(&failure),
            },
            Request::Update(update) => self.update(customer, update).await,
            Request::Revoke(revoke) => self.revoke(customer, revoke).await,
        }
    }

    async fn grant(&self, customer: &str, grant: GrantAccess) -> Carried {
        let now = self.clock.now();
        if let Err(unfit) = check_period(grant.from.instant(), grant.to.instant(), now) {
            return Carried::refused(&ErrorAnswer::new(422, unfit.to_string()));
        }
        let (reference_id, turn) = {
            let mut state = self.state();
            let reference_id = state.book.open(customer, &grant, now);
            let turn = state.book.get(&reference_id).map(|access| access.turn.clone()).unwrap_or_default();
            (reference_id, turn)
        };
        self.known.issue(&reference_id);
        let _in_hand = InHand { inlet: self, reference_id: &reference_id };
        let _turn = turn.lock().await;
        let made = match self.state().book.get(&reference_id) {
            Some(access) if access.state == AccessState::Active => Ok(None),
            Some(access) => Err(access.wanted()),
            None => Ok(None),
        };
        let given = match made {
            Ok(nothing) => nothing,
            Err(wanted) => match self.upstream.give(&wanted).await {
                Ok(given) => Some(given),
                Err(failure) => return Carried::failed(&failure),
            },
        };
        let mut state = self.state();
        if let Some(given) = given {
            self.enter(&mut state, &reference_id, given);
        }
        granted(&state, &reference_id)
    }

    /// Enters what was made into the book, and plans its messages.
    fn enter(&self, state: &mut InletState, reference_id: &str, given: Given) {
        if state.book.made(reference_id, given, &self.address) {
            self.plan(state, reference_id, &[Occasion::Created, Occasion::CheckIn, Occasion::CheckOut]);
        }
    }

    fn plan(&self, state: &mut InletState, reference_id: &str, occasions: &[Occasion]) {
        let Some(access) = state.book.get(reference_id) else { return };
        let about = About {
            reference_id,
            grant: &access.grant,
            keys: Keys {
                code: access.given.typed.as_ref(),
                invitation: access.given.invitation.as_ref(),
                link: access.url_key.as_ref(),
            },
            now: self.clock.now(),
            zone: &self.zone,
        };
        state.outbox.plan(&self.rules, &about, occasions);
    }

    async fn update(&self, customer: &str, update: UpdateAccess) -> Carried {
        let reference_id = update.reference_id.clone();
        let Some(turn) = self.turn(customer, &reference_id) else { return unknown() };
        let _turn = turn.lock().await;
        let (before, after) = {
            let mut state = self.state();
            let Some(access) = state.book.own(customer, &reference_id) else { return unknown() };
            if access.state != AccessState::Active {
                let why = format!("the access {reference_id} is no longer in force and cannot be updated");
                return Carried::refused(&ErrorAnswer::new(409, why));
            }
            (access.clone(), changed(access, &update))
        };
        let (from, to) = (after.grant.from.instant(), after.grant.to.instant());
        if let Err(unfit) = check_period(from, to, self.clock.now()) {
            return Carried::refused(&ErrorAnswer::new(422, unfit.to_string()));
        }
        let given = if before.wanted() == after.wanted() {
            before.given
        } else {
            match self.upstream.change(&after.wanted()).await {
                Ok(given) => given,
                Err(failure) => return Carried::failed(&failure),
            }
        };
        let mut state = self.state();
        let now = self.clock.now();
        if let Some(access) = state.book.get_mut(&reference_id) {
            access.grant = after.grant;
            access.given = given;
        }
        state.outbox.call_off(&reference_id, now);
        self.plan(&mut state, &reference_id, &[Occasion::Updated, Occasion::CheckIn, Occasion::CheckOut]);
        Carried { granted: None, ..granted(&state, &reference_id) }
    }

    async fn revoke(&self, customer: &str, revoke: RevokeAccess) -> Carried {
        let reference_id = revoke.reference_id;
        let Some(turn) = self.turn(customer, &reference_id) else { return unknown() };
        let _turn = turn.lock().await;
        let stands = {
            let mut state = self.state();
            let access = state.book.own(customer, &reference_id);
            access.is_some_and(|access| matches!(access.state, AccessState::Active | AccessState::Pending))
        };
        if stands {
            if let Err(failure) = self.upstream.withdraw(&reference_id).await {
                return Carried::failed(&failure);
            }
            let mut state = self.state();
            self.strike_out(&mut state, &reference_id, AccessState::Revoked);
            self.plan(&mut state, &reference_id, &[Occasion::Revoked]);
        }
        Carried::done(Some(reference_id))
    }

    /// Ends an access in the book; what was still to be sent is not.
    pub(super) fn strike_out(&self, state: &mut InletState, reference_id: &str, as_what: AccessState) {
        let now = self.clock.now();
        if let Some(access) = state.book.get_mut(reference_id) {
            access.state = as_what;
        }
        state.book.close(reference_id);
        state.outbox.call_off(reference_id, now);
    }

    fn turn(&self, customer: &str, reference_id: &str) -> Option<std::sync::Arc<tokio::sync::Mutex<()>>> {
        self.state().book.own(customer, reference_id).map(|access| access.turn.clone())
    }

    /// Opens by a link, for as long as its access holds.
    pub async fn open_by_link(&self, link: &str) -> WireResponse {
        let now = self.clock.now();
        let lock = {
            let state = self.state();
            let access = state.book.linked(link);
            let holds =
                |access: &&Access| access.state == AccessState::Active && access.window().contains(now);
            access.filter(holds).map(|access| LockId::new(access.grant.lock_id.as_str()))
        };
        let Some(lock) = lock else {
            return refused(&ErrorAnswer::new(404, "this link opens nothing, or not now"));
        };
        match self.upstream.pulse(&lock).await {
            Ok(()) => Carried::done(None).response,
            Err(failure) => Carried::failed(&failure).response,
        }
    }
}

/// Counts a grant as being carried out until it is dropped.
struct InHand<'a> {
    inlet: &'a InletSandbox,
    reference_id: &'a str,
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        self.inlet.state().book.let_go(self.reference_id);
        self.inlet.planned.notify_one();
    }
}

/// The answer to a grant or an update, out of the book.
fn granted(state: &InletState, reference_id: &str) -> Carried {
    let Some(access) = state.book.get(reference_id) else { return unknown() };
    let is = |mode: Mode| access.grant.operation == mode;
    let granted = Granted {
        reference_id: reference_id.to_owned(),
        code_formatted: access.given.typed.clone().filter(|_| is(Mode::Code)),
        mobile_key: access.given.invitation.clone().filter(|_| is(Mode::MobileKey)),
        url_key: access.url_key.clone(),
    };
    Carried { response: answer(200, granted.body()), granted: Some(reference_id.to_owned()) }
}

/// What an access is after a change.
fn changed(access: &Access, update: &UpdateAccess) -> Access {
    let mut after = access.clone();
    let grant = &mut after.grant;
    if let Some(lock) = &update.lock_id {
        grant.lock_id.clone_from(lock);
    }
    grant.from = update.from.unwrap_or(grant.from);
    grant.to = update.to.unwrap_or(grant.to);
    let pairs = [
        (&mut grant.phone_number, &update.phone_number),
        (&mut grant.country_code, &update.country_code),
        (&mut grant.email, &update.email),
        (&mut grant.reference, &update.reference),
    ];
    for (own, new) in pairs {
        if new.is_some() {
            own.clone_from(new);
        }
    }
    after
}

/// The id is the caller's own word: it is not repeated, for it may be anything.
fn unknown() -> Carried {
    Carried::refused(&ErrorAnswer::new(404, "`ReferenceId`: there is no access of this name"))
}
