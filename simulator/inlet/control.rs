//! The door to a simulated Inlet for tests, for the harness, and for the control API.

use std::sync::Arc;
use std::time::Duration;

use super::access::GrantedView;
use super::customers::Customer;
use super::effects;
use super::messages::Message;
use super::received::Received;
use super::sandbox::InletSandbox;
use crate::simulator::{Account, Fault, FaultId};
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::{Clock, Secret};

/// A handle on one simulated Inlet; clones lead to the same one.
#[derive(Clone)]
pub struct InletControl {
    pub(super) inlet: Arc<InletSandbox>,
}

impl InletControl {
    /// Its clock.
    pub fn clock(&self) -> Clock {
        self.inlet.clock.clone()
    }

    /// Who may call.
    pub fn customers(&self) -> Vec<Customer> {
        self.inlet.state().customers.clone()
    }

    /// Lets a customer's partner call.
    pub fn add_customer(&self, customer: Customer) {
        self.inlet.state().customers.push(customer);
    }

    /// Gives a customer another token; the one before is void. False where
    /// there is no such customer.
    pub fn replace_token(&self, customer: &str, token: Secret) -> bool {
        let mut state = self.inlet.state();
        let found = state.customers.iter_mut().find(|known| known.name == customer);
        found.map(|known| known.token = token).is_some()
    }

    /// Every request that is kept, oldest first, right or wrong.
    pub fn received(&self) -> Vec<Received> {
        self.received_since(0)
    }

    /// Those after a number.
    pub fn received_since(&self, number: u64) -> Vec<Received> {
        let entries = self.inlet.state().journal.since(number, usize::MAX);
        let known = &self.inlet.known;
        entries.into_iter().map(|entry| Received::new(entry, Arc::clone(known))).collect()
    }

    /// How many older requests were dropped from the journal. A verdict on
    /// all of them is inconclusive where there are any.
    pub fn dropped(&self) -> u64 {
        self.inlet.state().journal.dropped()
    }

    /// Every access, by its name.
    pub fn accesses(&self) -> Vec<GrantedView> {
        self.inlet.state().book.iter().map(super::access::Access::view).collect()
    }

    /// The messages that went out to guests until now, in order.
    pub fn messages(&self) -> Vec<Message> {
        self.inlet.state().outbox.sent(self.inlet.clock.now())
    }

    /// The messages that are still to go out, in order.
    pub fn messages_to_come(&self) -> Vec<Message> {
        self.inlet.state().outbox.waiting(self.inlet.clock.now())
    }

    /// Installs a fault of Inlet's own. Refuses, for people, one that cannot
    /// strike here.
    pub fn inject(&self, fault: Fault) -> Result<FaultId, String> {
        effects::check(&fault.effect)?;
        if let Some(name) = fault.place.operation.as_deref().filter(|name| Operation::parse(name).is_none()) {
            let names = Operation::ALL.map(|operation| format!("`{operation}`")).join(", ");
            return Err(format!("Inlet has no operation `{name}`; there are {names}"));
        }
        let now = self.inlet.clock.now();
        Ok(self.inlet.state().faults.add(fault, now))
    }

    /// Takes a fault away; false where there is none of that name.
    pub fn clear_fault(&self, fault: FaultId) -> bool {
        self.inlet.state().faults.remove(fault)
    }

    /// Takes every fault away.
    pub fn clear_faults(&self) {
        self.inlet.state().faults.clear();
    }

    /// What was injected and what took effect.
    pub fn faults(&self) -> Vec<Account> {
        self.inlet.state().faults.accounts()
    }

    /// Moves the clock; on a running one it does nothing. Returns how many
    /// timers fired.
    pub async fn advance(&self, span: Duration) -> usize {
        self.inlet.clock.advance(span).await
    }
}
