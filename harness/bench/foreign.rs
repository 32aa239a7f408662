//! A bench over a target that is not the simulator.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::person::{self, Question, Said};
use super::waited::Waited;
use super::{Bench, Creations, Loss, Missing, Side, api_of};
use crate::harness::criterion::CriterionId;
use crate::harness::evidence::Recorder;
use crate::harness::integration::{CallFailure, Clocks, Connection, Integration, Retries};
use crate::harness::proxy::{FaultProxy, ProxyEffect, ProxyFault};
use crate::harness::result::FaultAccount;
use crate::harness::subject::{Confirm, Roles, Subject};
use crate::vendors::dialect::{Dialect, Operation};
use crate::vendors::vocabulary::{Clock, Instant, RunName};

/// How long a person may take to answer.
const PERSON: Duration = Duration::from_secs(3600);
/// A real gap between two attempts at a creation, inside Inlet's 3 to 5 minutes.
const REAL_GAP: Duration = Duration::from_secs(200);

/// A target that outlives each scenario.
pub struct Foreign {
    subject: Arc<Subject>,
    confirm: Arc<tokio::sync::Mutex<Confirm>>,
    /// What people said in the scenario under way.
    said: Mutex<Vec<String>>,
    /// How long was rightly waited.
    waited: Waited,
    /// The proxy, from the first lost answer on.
    proxy: tokio::sync::OnceCell<FaultProxy>,
    /// Ids of every lock and every group, as listed and as named; asked for once.
    lock_ids: tokio::sync::OnceCell<Vec<String>>,
    group_ids: tokio::sync::OnceCell<Vec<String>>,
    /// How often faults had been armed and struck when the criterion before ended.
    losses: Mutex<Vec<FaultAccount>>,
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
        .map_err(|failure| failure.to_string())?
        .moving_only(subject.roles.actuation.iter().cloned().collect());
        let foreign = Foreign {
            subject: Arc::clone(subject),
            confirm: Arc::new(tokio::sync::Mutex::new(subject.confirm.clone())),
            said: Mutex::default(),
            waited: Waited::default(),
            proxy: tokio::sync::OnceCell::new(),
            lock_ids: tokio::sync::OnceCell::new(),
            group_ids: tokio::sync::OnceCell::new(),
            losses: Mutex::default(),
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

    /// Every lock that the vendor lists or the subject file names.
    pub(super) async fn lock_ids(&self, inlet: &Integration) -> Result<Vec<String>, Missing> {
        let listed = self.lock_ids.get_or_try_init(|| async {
            let all = inlet.list_locks(None).await.map_err(|failure| unlisted("locks", &failure))?;
            let named = self.roles().locks();
            let ids = all.into_iter().map(|lock| lock.id).chain(named);
            Ok(ids.map(|id| id.to_string()).collect())
        });
        listed.await.cloned()
    }

    /// Every group that the vendor lists or the subject file names.
    pub(super) async fn group_ids(&self, inlet: &Integration) -> Result<Vec<String>, Missing> {
        let listed = self.group_ids.get_or_try_init(|| async {
            let all = inlet.list_access_groups().await.map_err(|failure| unlisted("groups", &failure))?;
            let roles = self.roles();
            let named = roles.partial_group.iter().map(|(id, _)| id).chain(&roles.empty_group).cloned();
            let ids = all.into_iter().map(|group| group.id).chain(named);
            Ok(ids.map(|id| id.to_string()).collect())
        });
        listed.await.cloned()
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
        self.waited.grant(span);
        tokio::time::sleep(span).await;
        Ok(())
    }

    /// Whether anybody answers what no API shows.
    pub(super) fn person(&self, what: &str) -> Result<(), Missing> {
        match self.subject.confirm {
            Confirm::None => Err(person::nobody(what)),
            Confirm::Ask | Confirm::File(_) => Ok(()),
        }
    }

    pub(super) async fn ask(
        &self,
        criterion: Option<CriterionId>,
        question: Question,
    ) -> Result<Said, Missing> {
        let mut confirm = self.confirm.lock().await;
        let began = std::time::Instant::now();
        self.waited.grant(PERSON);
        let said = person::ask(&mut confirm, criterion.as_ref(), &question).await;
        self.waited.give_back(PERSON.saturating_sub(began.elapsed()));
        let said = said?;
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(said.testimony(&question));
        Ok(said)
    }

    /// What people said since this was last asked.
    pub(super) fn testimony(&self) -> Vec<String> {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers that nothing has asked for, by criterion and question.
    pub(super) async fn unused(&self) -> Vec<String> {
        match &*self.confirm.lock().await {
            Confirm::File(left) => {
                left.iter().map(|answer| format!("{} {}", answer.criterion, answer.question)).collect()
            }
            Confirm::None | Confirm::Ask => Vec::new(),
        }
    }

    /// What is waited of.
    pub(super) fn waited(&self) -> Waited {
        self.waited.clone()
    }

    /// Whether the gaps between attempts at a creation really pass.
    pub(super) fn real_gaps(&self) -> bool {
        self.subject.real_retry_gaps
    }

    /// What really passes before a creation whose answer was lost is repeated:
    /// the time that the vendor documents until it can be found, and a whole
    /// gap where the subject file asks for it.
    fn settling(&self, documented: Duration) -> Result<Duration, Missing> {
        let bound = self.subject.wait_at_most;
        if documented > bound {
            return Err(Missing(format!(
                "a creation is documented to take {} s, the subject file allows to wait {} s (timeouts.wait_at_most_s)",
                documented.as_secs(),
                bound.as_secs()
            )));
        }
        Ok(if self.real_gaps() { documented.max(REAL_GAP) } else { documented })
    }

    /// Loses an answer in the fault proxy, which stands between from then on.
    pub(super) async fn lose_answer(
        &self,
        inlet: &Integration,
        operation: &str,
        loss: Loss,
        carried_out: bool,
    ) -> Result<Integration, Missing> {
        let settling = self.settling(inlet.dialect().limits.delays.creation)?;
        let known = inlet.dialect().operation(operation);
        let endpoint = known.map(Operation::endpoint).ok_or_else(|| {
            Missing(format!("the profile has no operation `{operation}` whose answer could be lost"))
        })?;
        let method = endpoint.split_whitespace().next().unwrap_or_default();
        let clock = inlet.clocks().harness.clone();
        let start = || FaultProxy::start(self.subject.servers.clone(), clock);
        let proxy = self
            .proxy
            .get_or_try_init(start)
            .await
            .map_err(|why| Missing(format!("the fault proxy could not be started: {why}")))?;
        let effect = match loss {
            Loss::Withheld => ProxyEffect::Withhold { carried_out },
            Loss::Reset => ProxyEffect::Reset { carried_out },
        };
        proxy.arm(ProxyFault::once(method, &ProxyFault::path_of(&endpoint), effect));
        self.waited.grant(settling);
        Ok(inlet.with_servers(proxy.servers()).with_retries(Retries::Off).with_settling(settling))
    }

    /// The faults that were armed since this was last asked, and takes away
    /// those that did not strike: one scenario's fault is not another's.
    pub(super) fn faults(&self, criterion: Option<&CriterionId>) -> Vec<FaultAccount> {
        let Some(proxy) = self.proxy.get() else { return Vec::new() };
        proxy.disarm();
        let accounts = proxy.accounts();
        let mut told = self.losses.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = accounts.iter().skip(told.len()).cloned();
        let fresh = fresh.map(|account| FaultAccount { criterion: criterion.cloned(), ..account }).collect();
        *told = accounts;
        fresh
    }
}

fn unlisted(what: &str, failure: &CallFailure) -> Missing {
    Missing(format!(
        "the subject's {what} could not be listed, so no id can be shown to be unknown: {failure}"
    ))
}
