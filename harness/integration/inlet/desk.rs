//! The desk: takes bookings, and brings Inlet to what they want.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::channel::mpsc::UnboundedSender;
use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use super::booking::{BookingId, Faults, Typed};
use super::client::{Client, ClientError, PulseError};
use super::confirm::Confirmations;
use super::course::Outcome;
use super::held::Held;
use super::ledger::{Event, Ledger, LedgerError};
use super::news::News;
use super::record::Record;
use super::support::{Escalation, Support};
use super::under_way;
use crate::harness::integration::Timeouts;
use crate::harness::integration::retry::Schedule;
use crate::vendors::vocabulary::contact::{Ambiguity, FreeText};
use crate::vendors::vocabulary::{Clock, Instant, Personal, Secret};

/// Calls that are under way at once, at most.
const AT_ONCE: usize = 128;

/// How Inlet is spoken to.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address of Inlet's API.
    pub base: String,
    /// The customer's token.
    pub token: Secret,
    /// Deadlines of one call.
    pub timeouts: Timeouts,
    /// Seed of the jitter between attempts.
    pub seed: u64,
    /// What becomes of times that do not exist or come twice.
    pub ambiguity: Ambiguity,
}

/// Why the desk did not do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The booking is wrong; nothing was sent.
    #[error("the booking is not taken: {0}")]
    Faults(#[from] Faults),
    /// Inlet cannot be called.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// Where a booking stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// What Inlet holds for it.
    pub held: Option<Held>,
    /// Whether Inlet holds what is wanted, and nothing is left to do.
    pub settled: bool,
    /// When the next attempt is due.
    pub due: Option<Instant>,
    /// Attempts at the present call, and what the latest came to.
    pub attempts: Option<(u32, String)>,
    /// Why nothing more is sent until somebody changes it.
    pub stuck: Option<String>,
    /// When support was told.
    pub escalated: Option<Instant>,
}

/// A booking system's desk for Inlet.
pub struct Desk {
    client: Client,
    ledger: Ledger,
    clock: Clock,
    seed: u64,
    ambiguity: Ambiguity,
    support: Option<Arc<dyn Support>>,
    confirmations: Confirmations,
    /// Whether a call came to anything but refused credentials; until then one is
    /// made at a time, so that wrong ones are shown once.
    accepted: AtomicBool,
    news: News,
}

impl Desk {
    /// Opens the desk over the ledger of a file. Attempts whose outcome a
    /// restart swallowed are taken up where they were.
    ///
    /// # Errors
    /// Where the address of Inlet is no fit one, or the ledger cannot be used.
    pub async fn open(settings: Settings, ledger: &Path, clock: Clock) -> Result<Self, DeskError> {
        let Settings { base, token, timeouts, seed, ambiguity } = settings;
        let client = Client::new(&base, token, clock.clone(), timeouts)?;
        let ledger = Ledger::open(ledger, clock.clone()).await?;
        let news = News::new(clock.clone());
        let desk = Self {
            client,
            ledger,
            clock,
            seed,
            ambiguity,
            support: None,
            confirmations: Confirmations::default(),
            accepted: AtomicBool::new(false),
            news,
        };
        for id in desk.ledger.in_flight().await? {
            let now = desk.clock.now();
            let recover = |record: &mut Record| {
                let attempts = record.line.as_ref().map_or(0, |line| line.attempts);
                record.recover(now, desk.gap(&id, attempts, Duration::ZERO));
                ((), Some("taken up after a restart; the latest attempt counts as cut off".to_owned()))
            };
            desk.ledger.change(&id, recover).await?;
        }
        Ok(desk)
    }

    /// The same desk that tells support of what half an hour does not bring.
    #[must_use]
    pub fn with_support(self, support: Arc<dyn Support>) -> Self {
        Self { support: Some(support), ..self }
    }

    /// The same desk that has contact data confirmed before it takes a booking.
    #[must_use]
    pub fn with_confirmations(self, confirmations: Confirmations) -> Self {
        Self { confirmations, ..self }
    }

    /// Takes a booking, or a change of one. It is sent when it is due.
    ///
    /// # Errors
    /// Everything that is wrong with it; nothing was kept then.
    pub async fn put(&self, id: &BookingId, typed: &Typed) -> Result<(), DeskError> {
        let wanted = typed.check(self.ambiguity)?.named(id);
        let grant = wanted.grant();
        let denied = self.confirmations.denied(grant.phone_number.as_ref(), grant.email.as_ref()).await;
        if !denied.is_empty() {
            return Err(Faults(denied).into());
        }
        let now = self.clock.now();
        let want = |record: &mut Record| {
            record.want(Some(wanted), now);
            ((), Some("wanted as given".to_owned()))
        };
        self.ledger.change(id, want).await?;
        self.news.tell();
        Ok(())
    }

    /// Calls a booking off.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn cancel(&self, id: &BookingId) -> Result<(), DeskError> {
        let now = self.clock.now();
        let cancel = |record: &mut Record| {
            record.want(None, now);
            ((), Some("called off".to_owned()))
        };
        self.ledger.change(id, cancel).await?;
        self.news.tell();
        Ok(())
    }

    /// Sends again what was refused or given up, unchanged: for staff who have
    /// learnt that the reason is gone.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn send_again(&self, id: &BookingId) -> Result<(), DeskError> {
        let now = self.clock.now();
        let again = |record: &mut Record| {
            record.send_again(now);
            ((), Some("to be sent again, by hand".to_owned()))
        };
        self.ledger.change(id, again).await?;
        self.news.tell();
        Ok(())
    }

    /// Opens a door once, now. It is sent once, whatever comes of it.
    ///
    /// # Errors
    /// Why the door was not opened, or why that is not known.
    pub async fn pulse(&self, lock: &str, reference: Option<&Personal>) -> Result<(), PulseError> {
        if let Ok(Some(why)) = self.stopped().await {
            return Err(PulseError::Stopped(why));
        }
        let words = reference.and_then(|words| FreeText::sanitised(words.expose()).ok());
        let words = words.filter(|words| !words.is_empty()).map(|words| Personal::new(words.expose()));
        let outcome = self.client.pulse(lock, words).await;
        if let Err(PulseError::Stopped(why)) = &outcome {
            // A ledger that fails here fails at the next booking too, where it is told.
            let _ = self.stop(why).await;
        }
        outcome
    }

    /// Where a booking stands; `None` where it is not known.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn standing(&self, id: &BookingId) -> Result<Option<Standing>, DeskError> {
        let record = self.ledger.record(id).await?;
        Ok(record.map(|record| Standing {
            settled: record.due.is_none() && record.stuck.is_none() && record.line.is_none(),
            held: record.held,
            due: record.due,
            attempts: record.line.map(|line| (line.attempts, line.error)),
            stuck: record.stuck,
            escalated: record.escalated,
        }))
    }

    /// The bookings that wait for somebody to change them.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn stuck(&self) -> Result<Vec<BookingId>, DeskError> {
        Ok(self.ledger.stuck().await?)
    }

    /// What happened, without secrets and without anything personal.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn log(&self) -> Result<Vec<Event>, DeskError> {
        Ok(self.ledger.log().await?)
    }

    /// Why calls have stopped, where they have.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn stopped(&self) -> Result<Option<String>, DeskError> {
        Ok(self.ledger.stopped(&self.fingerprint()).await?)
    }

    /// Goes on with new credentials.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn renew(&self, token: Secret) -> Result<(), DeskError> {
        self.client.renew(token);
        self.accepted.store(false, Ordering::Relaxed);
        self.ledger.tell("new credentials").await?;
        self.news.tell();
        Ok(())
    }

    /// Does everything that falls due until `end`, and waits for what is under way then.
    ///
    /// # Errors
    /// Where the ledger cannot be used; what was under way is taken up by the next.
    pub async fn run_until(&self, end: Instant) -> Result<(), DeskError> {
        let (ready, queue) = futures::channel::mpsc::unbounded();
        let under_way = Mutex::new(BTreeSet::new());
        // Both are always looked at: work that waits for the ledger must not be
        // kept waiting by a plan that waits for it too.
        let work = queue.map(Ok).try_for_each_concurrent(None, async |id: BookingId| {
            self.work(&id).await?;
            locked(&under_way).remove(&id);
            self.news.tell();
            Ok(())
        });
        futures::try_join!(work, self.plan(end, ready, &under_way)).map(|_| ())
    }

    /// Gives to `ready` what falls due, until `end` and until nothing is under way.
    async fn plan(
        &self,
        end: Instant,
        ready: UnboundedSender<BookingId>,
        under_way: &Mutex<BTreeSet<BookingId>>,
    ) -> Result<(), DeskError> {
        let listener = self.news.listen();
        loop {
            let look = listener.look();
            let now = self.clock.now();
            let calls = self.stopped().await?.is_none();
            let at_once = if self.accepted.load(Ordering::Relaxed) { AT_ONCE } else { 1 };
            for id in self.ledger.due(now, calls).await? {
                let mut under_way = locked(under_way);
                if now <= end && under_way.len() < at_once && under_way.insert(id.clone()) {
                    // The other end is there as long as this one is.
                    let _ = ready.unbounded_send(id);
                }
            }
            if now >= end && locked(under_way).is_empty() {
                return Ok(());
            }
            // What is due already is under way, or waits for a place.
            let next = self.ledger.next(now, calls).await?.map_or(end, |next| next.min(end));
            drop(look);
            tokio::select! {
                () = listener.told() => {}
                () = self.clock.sleep_until(next), if next > now => {}
            }
        }
    }

    /// Forgets the bookings whose access was over before an instant: what is not
    /// needed any more is not kept. Returns how many.
    ///
    /// # Errors
    /// Where the ledger cannot be used.
    pub async fn forget_over(&self, before: Instant) -> Result<u64, DeskError> {
        Ok(self.ledger.forget_over(before).await?)
    }

    /// Ends the desk and lets the ledger go.
    pub async fn close(self) {
        self.ledger.close().await;
    }

    /// Does what is due for one booking.
    async fn work(&self, id: &BookingId) -> Result<(), DeskError> {
        self.escalate(id).await?;
        if self.stopped().await?.is_some() {
            return Ok(());
        }
        let now = self.clock.now();
        let Some(call) = self.ledger.change(id, |record| (record.begin(now), None)).await? else {
            return Ok(());
        };
        let outcome = self.client.call(&call).await;
        if let Outcome::Stopped(why) = &outcome {
            self.stop(why).await?;
        } else {
            self.accepted.store(true, Ordering::Relaxed);
        }
        let ended = self.clock.now();
        let gap = self.gap(id, call.attempt, ended.since(call.started));
        let told = format!("{}, attempt {}: {}", call.request.operation(), call.attempt, told(&outcome));
        let settle = |record: &mut Record| {
            record.settle(&call, outcome, ended, gap);
            ((), Some(told))
        };
        Ok(self.ledger.change(id, settle).await?)
    }

    /// Tells support where that is due.
    async fn escalate(&self, id: &BookingId) -> Result<(), DeskError> {
        let now = self.clock.now();
        let Some(record) = self.ledger.record(id).await?.filter(|record| record.escalation_is_due(now))
        else {
            return Ok(());
        };
        let outcome = match (&self.support, Escalation::of(&record, now)) {
            (Some(support), Some(escalation)) => {
                let _on_the_wire = self.clock.begin(under_way::name("mail"));
                support.tell(&escalation).await
            }
            _ => Err("there is nobody to tell".to_owned()),
        };
        let told = match &outcome {
            Ok(()) => "support was told".to_owned(),
            Err(why) => format!("support could not be told: {why}"),
        };
        let again = outcome.is_err() && self.support.is_some();
        let note = |record: &mut Record| {
            record.escalation_told(outcome.is_ok().then_some(now), again.then_some(now));
            ((), Some(told))
        };
        Ok(self.ledger.change(id, note).await?)
    }

    async fn stop(&self, why: &str) -> Result<(), DeskError> {
        self.ledger.stop(&self.fingerprint(), why).await?;
        Ok(self.ledger.tell(&format!("calls have stopped until there are new credentials: {why}")).await?)
    }

    /// By which a refused token is known again, without being kept.
    fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.client.token().expose().as_bytes()))
    }

    /// From the start of an attempt to the start of the next, by the retry rule;
    /// the same again for the same booking and attempt.
    fn gap(&self, id: &BookingId, attempt: u32, took: Duration) -> Duration {
        let digest: [u8; 32] = Sha256::digest(id.as_str().as_bytes()).into();
        let own = digest.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
        Schedule::new(self.seed ^ own, u64::from(attempt)).gap(took)
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came of a call, for the log.
fn told(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Granted(granted) => format!("acknowledged as {}", granted.reference_id),
        Outcome::Withdrawn => "withdrawn".to_owned(),
        Outcome::CutOff(why) => format!("cut off: {why}"),
        Outcome::Busy(Some(wait), why) => format!("to be asked again in {} s: {why}", wait.as_secs()),
        Outcome::Busy(None, why) => format!("to be asked again: {why}"),
        Outcome::Stopped(why) => format!("credentials refused: {why}"),
        Outcome::Gone(why) => format!("not known to Inlet: {why}"),
        Outcome::Refused(why) => format!("refused: {why}"),
    }
}
