//! A desk at work: what falls due is begun, sent and settled.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::channel::mpsc::UnboundedSender;
use futures::{FutureExt, StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use super::alert::AlertKind;
use super::booking::BookingId;
use super::course::Outcome;
use super::desk::{Desk, DeskError, Gaps};
use super::ledger::{Due, LedgerError};
use super::record::Record;
use super::support::Escalation;
use super::under_way;
use crate::harness::integration::retry::Schedule;
use crate::vendors::vocabulary::Instant;

/// Calls that are under way at once, at most.
const AT_ONCE: usize = 128;

impl Desk {
    /// Does everything that falls due, for as long as it is let.
    ///
    /// # Errors
    /// Where the ledger cannot be used; what was under way is taken up by the next.
    pub async fn run(&self) -> Result<(), DeskError> {
        self.run_until(Instant::from_epoch_ms(i64::MAX)).await
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
        let under_way = &under_way;
        let work = queue.map(Ok).try_for_each_concurrent(None, move |due: Due| async move {
            self.work(&due).await?;
            locked(under_way).remove(&due.id);
            self.news.tell();
            Ok::<_, LedgerError>(())
        });
        // Boxed, so that the compiler sees that a desk at work may change threads.
        let work = work.boxed();
        let run = async { futures::try_join!(work, self.plan(end, ready, under_way)).map(|_| ()) };
        let outcome = tokio::select! {
            biased;
            outcome = run => outcome,
            never = self.watch() => match never {},
        };
        // What was only read at the end says nothing of writing.
        let outcome = if outcome.is_err() { self.noted(outcome) } else { outcome };
        self.tell_operator().await;
        Ok(outcome?)
    }

    /// Gives to `ready` what falls due, until `end` and until nothing is under way.
    async fn plan(
        &self,
        end: Instant,
        ready: UnboundedSender<Due>,
        under_way: &Mutex<BTreeSet<BookingId>>,
    ) -> Result<(), LedgerError> {
        let listener = self.news.listen();
        loop {
            let look = listener.look();
            let now = self.clock.now();
            let calls = self.stopped().is_none();
            let at_once = if self.accepted.load(Ordering::Relaxed) { AT_ONCE } else { 1 };
            let busy = locked(under_way).len();
            if now <= end && busy < at_once {
                // Those that are under way may still be told as due.
                for due in self.ledger.due(now, calls, at_once + busy).await? {
                    let mut under_way = locked(under_way);
                    if under_way.len() < at_once && under_way.insert(due.id.clone()) {
                        // The other end is there as long as this one is.
                        let _ = ready.unbounded_send(due);
                    }
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

    /// Does what is due for one booking.
    async fn work(&self, Due { id, mail }: &Due) -> Result<(), LedgerError> {
        if *mail {
            self.escalate(id).await?;
        }
        if self.stopped().is_some() {
            return Ok(());
        }
        let now = self.clock.now();
        // Others may be told meanwhile that the credentials are refused: while this
        // one waits for the ledger, and while that writes.
        let begin = |record: &mut Record| match self.stopped() {
            Some(_) => (None, None),
            None => (record.begin(now), None),
        };
        let Some(call) = self.ledger.change(id, begin).await? else { return Ok(()) };
        if self.stopped().is_some() {
            let withhold = |record: &mut Record| (record.withhold(now), None);
            return self.ledger.change(id, withhold).await;
        }
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
            (record.stuck.clone(), Some(told))
        };
        let stuck = self.ledger.change(id, settle).await?;
        self.given_up(id, stuck.as_deref()).await;
        Ok(())
    }

    /// Tells support where that is due.
    async fn escalate(&self, id: &BookingId) -> Result<(), LedgerError> {
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
            Ok(()) => {
                self.over(AlertKind::SupportUnreachable, None).await;
                "support was told".to_owned()
            }
            Err(why) => {
                self.raise(AlertKind::SupportUnreachable, Some(id), why).await;
                format!("support could not be told: {why}")
            }
        };
        let again = outcome.is_err() && self.support.is_some();
        let note = |record: &mut Record| {
            record.escalation_told(outcome.is_ok().then_some(now), again.then_some(now));
            ((), Some(told))
        };
        self.ledger.change(id, note).await
    }

    pub(super) async fn stop(&self, why: &str) -> Result<(), LedgerError> {
        let stopped = self.ledger.stop(&self.fingerprint(), why).await;
        self.raise(AlertKind::CredentialRefused, None, why).await;
        stopped?;
        self.ledger.tell(&format!("calls have stopped until there are new credentials: {why}")).await
    }

    /// By which a refused token is known again, without being kept.
    pub(super) fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.client.token().expose().as_bytes()))
    }

    /// From the start of an attempt to the start of the next, by the retry rule
    /// unless it was set otherwise; the same again for the same booking and attempt.
    pub(super) fn gap(&self, id: &BookingId, attempt: u32, took: Duration) -> Duration {
        if let Gaps::Fixed(gap) = self.gaps {
            return gap;
        }
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
