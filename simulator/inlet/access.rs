//! One access in Inlet's book.

use std::sync::Arc;

use crate::vendors::inlet::{GrantAccess, Mode, Moment};
use crate::vendors::vocabulary::{Instant, LockId, Pin, Secret, Window};

use super::upstream::{Given, Wanted};

/// How an access stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessState {
    /// Asked for, and not known to be made.
    Pending,
    /// Made.
    Active,
    /// Revoked by the partner.
    Revoked,
    /// Withdrawn by Inlet, because its grant was never answered with success
    /// and not asked for again (chosen: `abandoned-grant`).
    Abandoned,
}

/// An access, for tests and for the judge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedView {
    /// Its name.
    pub reference_id: String,
    /// The customer that it belongs to.
    pub customer: String,
    /// How it opens.
    pub mode: Mode,
    /// Where.
    pub lock: LockId,
    /// When.
    pub window: Window,
    /// How it stands.
    pub state: AccessState,
    /// Whether its grant was answered with success.
    pub answered: bool,
    /// The PIN as the guest types it, where it has one.
    pub code: Option<Pin>,
}

/// An access with everything that Inlet keeps of it.
#[derive(Clone, Debug)]
pub(super) struct Access {
    pub reference_id: String,
    pub customer: String,
    pub grant: GrantAccess,
    pub state: AccessState,
    pub given: Given,
    /// The link that opens, for the mode `urlkey`.
    pub url_key: Option<Secret>,
    pub answered: bool,
    /// When it was last asked for.
    pub asked: Instant,
    /// Calls that are being carried out.
    pub in_hand: u32,
    /// Held while the lock system is asked about it, so that one call follows another.
    pub turn: Arc<tokio::sync::Mutex<()>>,
}

impl Access {
    pub fn window(&self) -> Window {
        window(self.grant.from, self.grant.to)
    }

    pub fn wanted(&self) -> Wanted {
        Wanted {
            reference: self.reference_id.clone(),
            mode: self.grant.operation,
            lock: LockId::new(self.grant.lock_id.as_str()),
            window: self.window(),
        }
    }

    pub fn view(&self) -> GrantedView {
        GrantedView {
            reference_id: self.reference_id.clone(),
            customer: self.customer.clone(),
            mode: self.grant.operation,
            lock: LockId::new(self.grant.lock_id.as_str()),
            window: self.window(),
            state: self.state,
            answered: self.answered,
            code: self.given.typed.clone(),
        }
    }
}

pub(super) fn window(from: Moment, to: Moment) -> Window {
    Window::new(from.instant(), to.instant())
}
