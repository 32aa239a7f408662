//! A bench over a target that is not the simulator.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::person::{self, Said};
use super::{Bench, Creations, Loss, Missing, Side, api_of};
use crate::harness::criterion::CriterionId;
use crate::harness::evidence::Recorder;
use crate::harness::integration::{Clocks, Connection, Integration};
use crate::harness::result::FaultAccount;
use crate::harness::subject::{Confirm, Roles, Subject};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Clock, Instant, RunName};

/// A target that outlives each scenario.
pub struct Foreign {
    subject: Arc<Subject>,
    confirm: Arc<tokio::sync::Mutex<Confirm>>,
    losses: Arc<Mutex<Vec<FaultAccount>>>,
}

impl Bench {
    /// The bench of a foreign target; `clone_for_scenario` gives each scenario its own.
    pub fn foreign(
        dialect: &Arc<Dialect>,
        subject: &Arc<Subject>,
        run: RunName,
        recorder: Recorder,
    ) -> Result<Self, String> {
        let connection = Connection {
            servers: subject.servers.clone(),
            secrets: subject.secrets.clone(),
            settings: subject.settings.clone(),
        };
        let api_url = api_of(&connection);
        let clocks = Clocks { harness: Clock::stepped(Instant::wall()), subject: Clock::real() };
        let inlet = Integration::new(
            Arc::clone(dialect),
            connection,
            clocks,
            subject.timeouts,
            run.clone(),
            recorder.clone(),
        )
        .map_err(|failure| failure.to_string())?;
        let foreign = Foreign {
            subject: Arc::clone(subject),
            confirm: Arc::new(tokio::sync::Mutex::new(subject.confirm.clone())),
            losses: Arc::default(),
        };
        Ok(Self::new(inlet, recorder, run, api_url, Side::Foreign(Box::new(foreign))))
    }

    /// Everything that was created so far and must be taken back.
    pub fn creations(&self) -> &Creations {
        &self.created
    }
}

impl Foreign {
    pub(super) fn roles(&self) -> &Roles {
        &self.subject.roles
    }

    pub(super) fn tester_email(&self) -> Option<String> {
        self.subject.tester_email.clone()
    }

    /// Really waits, within the subject file's bound.
    pub(super) async fn pass(&self, span: Duration) -> Result<(), Missing> {
        let bound = self.subject.wait_at_most;
        if span > bound {
            return Err(Missing(format!(
                "{} s would really have to pass, the subject file allows {} s (timeouts.wait_at_most_s)",
                span.as_secs(),
                bound.as_secs()
            )));
        }
        tokio::time::sleep(span).await;
        Ok(())
    }

    pub(super) async fn ask(
        &self,
        criterion: Option<CriterionId>,
        what: &str,
        question: &str,
    ) -> Result<Said, Missing> {
        let mut confirm = self.confirm.lock().await;
        person::ask(&mut confirm, criterion.as_ref(), what, question).await
    }

    /// Loses an answer in the fault proxy.
    pub(super) async fn lose_answer(
        &self,
        inlet: &Integration,
        operation: &str,
        loss: Loss,
        carried_out: bool,
    ) -> Result<Integration, Missing> {
        let _ = (inlet, loss, carried_out);
        Err(Missing(format!("the fault proxy cannot lose the answer to `{operation}` yet")))
    }

    /// The faults that were asked for under a criterion.
    pub(super) fn faults(&self, criterion: Option<&CriterionId>) -> Vec<FaultAccount> {
        let losses = self.losses.lock().unwrap_or_else(PoisonError::into_inner);
        losses.iter().filter(|loss| loss.criterion.as_ref() == criterion).cloned().collect()
    }
}
