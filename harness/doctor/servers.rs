//! Servers that nothing was asked of yet: each is asked once, so that a wrong
//! address of one that only some functions use does not wait for a run.

use std::collections::BTreeSet;

use super::ask::Round;
use super::network;
use super::trouble::Trouble;
use crate::harness::integration::{Knock, knock};
use crate::harness::subject::Subject;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::Function;

/// What is looked up at a server's bare origin.
const KNOCKING: &str = "looking whether a server answers";

impl Round<'_> {
    /// Asks every server that was not asked yet: by a reading call of any lock
    /// where one goes there, else by a bare request without credentials.
    pub(super) async fn other_servers(&mut self, subject: &Subject) {
        let dialect = self.inlet.dialect();
        let first = self.locks.iter().flatten().next().map(|lock| lock.id.clone());
        if let Some(lock) = first {
            if self.leads_on(Function::GetLockStatus) && !self.states.contains_key(&lock) {
                self.state_of(&lock).await;
            }
            if self.leads_on(Function::ListPinAccess) {
                self.pins_of(&lock).await;
            }
        }
        for server in unasked(dialect, &self.asked()) {
            if self.obstacle.is_some() {
                return;
            }
            self.knock_at(server, subject).await;
        }
    }

    /// Whether a function asks a server that nothing was asked of yet.
    fn leads_on(&self, function: Function) -> bool {
        let dialect = self.inlet.dialect();
        let asked = self.asked();
        let new = unasked(dialect, &asked);
        let mut operations =
            dialect.function(function).operations().into_iter().filter_map(|name| dialect.operation(name));
        self.may(function) && operations.any(|operation| new.contains(&operation.server()))
    }

    fn asked(&self) -> BTreeSet<String> {
        let exchanges = self.recorder.exchanges().into_iter();
        let operation = |name: &str| self.inlet.dialect().operation(name);
        exchanges.filter_map(|one| Some(operation(&one.operation)?.server().to_owned())).collect()
    }

    async fn knock_at(&mut self, server: &str, subject: &Subject) {
        let Some(address) = subject.servers.get(server) else { return };
        if !self.budget.lasts() {
            self.budget.leave_out(KNOCKING);
            return;
        }
        let (connect, wait) =
            (subject.timeouts.connect, subject.timeouts.read.min(subject.timeouts.watchdog));
        if let Knock::Failed { why, detail, .. } = knock(address, connect, wait).await {
            let check = network::explain(address, why, &detail, subject).await.of(format!("server {server}"));
            self.obstacle = Some((Trouble::Gate(Box::new(check)), None));
        }
    }
}

fn unasked<'d>(dialect: &'d Dialect, asked: &BTreeSet<String>) -> Vec<&'d str> {
    dialect.servers.iter().map(|(name, _)| name.as_str()).filter(|name| !asked.contains(*name)).collect()
}
