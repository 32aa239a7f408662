//! A desk that raises critical issues, closes them, and tells its operator.

use std::convert::Infallible;

use super::alert::{Alert, AlertKind, BETWEEN};
use super::booking::BookingId;
use super::desk::Desk;
use super::discreet::discreet;
use super::ledger::LedgerError;
use super::under_way;
use crate::vendors::vocabulary::Instant;

impl Desk {
    /// The critical issues that stand, oldest first.
    pub fn alerts(&self) -> Vec<Alert> {
        self.alerts.standing()
    }

    /// How many issues of a kind began since the desk was opened.
    pub fn raised(&self, kind: AlertKind) -> u64 {
        self.alerts.raised(kind)
    }

    /// Takes note of whether the booking system's own book can be written.
    pub fn book_written(&self, written: bool) {
        match written {
            true => drop(self.alerts.close(AlertKind::BookUnwritable, None)),
            false => self.unwritable(AlertKind::BookUnwritable, "its file cannot be written"),
        }
    }

    /// Takes note of a door that was not opened for a booking when it was to be.
    pub async fn not_opened(&self, id: &BookingId, why: &str) {
        self.raise(AlertKind::AccessGivenUp, Some(id), why).await;
    }

    /// Raises what cannot be kept, because nothing can be written.
    fn unwritable(&self, kind: AlertKind, why: &str) {
        let (at, why) = (self.clock.now(), why.to_owned());
        self.alerts.raise(Alert { kind, at, booking: None, why });
    }

    /// Tells the operator of what begins, for as long as it is let. [`Desk::run`]
    /// does this too; it is for when that has ended.
    pub async fn watch(&self) -> Infallible {
        let listener = self.alerts.news.listen();
        loop {
            let look = listener.look();
            let next = self.tell_operator().await;
            drop(look);
            match next {
                None => listener.told().await,
                Some(at) => tokio::select! {
                    () = listener.told() => {}
                    () = self.clock.sleep_until(at) => {}
                },
            }
        }
    }

    /// Tells the operator what is to be told now; when there is more to tell.
    pub(super) async fn tell_operator(&self) -> Option<Instant> {
        let operator = self.operator.as_ref()?;
        let untold = self.alerts.untold();
        if untold.is_empty() {
            return None;
        }
        let now = self.clock.now();
        if let Some(at) = self.alerts.next_message().filter(|at| *at > now) {
            return Some(at);
        }
        self.alerts.written(now);
        let outcome = {
            let _on_the_wire = self.clock.begin(under_way::name("alert"));
            operator.tell(&untold).await
        };
        let told = match outcome {
            Ok(()) => {
                self.alerts.told(&untold);
                self.keep_told(&untold).await;
                format!("the operator was told of {} critical issues", untold.len())
            }
            Err(why) => format!("the operator could not be told: {}", discreet(&why, std::iter::empty())),
        };
        let _ = self.noted(self.ledger.tell(&told).await);
        (!self.alerts.untold().is_empty()).then(|| now + BETWEEN)
    }

    async fn keep_told(&self, alerts: &[Alert]) {
        for alert in alerts.iter().filter(|alert| alert.kind.is_kept()) {
            let _ = self.noted(self.ledger.keep_alert(alert, true).await);
        }
    }

    /// Raises an issue; one that stands already is not raised again.
    pub(super) async fn raise(&self, kind: AlertKind, booking: Option<&BookingId>, why: &str) {
        let alert = Alert {
            kind,
            at: self.clock.now(),
            booking: booking.cloned(),
            why: discreet(why, std::iter::empty()),
        };
        if self.alerts.raise(alert.clone()) {
            let _ = self.noted(self.ledger.keep_alert(&alert, false).await);
        }
    }

    /// An issue is over, where it stood.
    pub(super) async fn over(&self, kind: AlertKind, booking: Option<&BookingId>) {
        if self.alerts.close(kind, booking) {
            let _ = self.noted(self.ledger.drop_alert(kind, booking).await);
        }
    }

    /// A booking for which nothing more is sent, or is again.
    pub(super) async fn given_up(&self, id: &BookingId, stuck: Option<&str>) {
        match stuck {
            Some(why) => self.raise(AlertKind::AccessGivenUp, Some(id), why).await,
            None => self.over(AlertKind::AccessGivenUp, Some(id)).await,
        }
    }

    /// Takes note of whether the ledger could be written. The words of a database
    /// may hold what stands in it, so only the sort of failure is told on.
    pub(super) fn noted<T>(&self, outcome: Result<T, LedgerError>) -> Result<T, LedgerError> {
        let failed = |why: &str| self.unwritable(AlertKind::LedgerUnwritable, why);
        match &outcome {
            Ok(_) => drop(self.alerts.close(AlertKind::LedgerUnwritable, None)),
            Err(LedgerError::Unreadable { booking, .. }) => {
                failed(&format!("booking {booking} is unreadable"))
            }
            Err(LedgerError::Database(_)) => failed("its database refuses"),
            Err(LedgerError::Version(_)) => failed("it is of another version"),
            Err(LedgerError::File(_)) => failed("its file cannot be made"),
        }
        outcome
    }

    /// Brings the issues that were known when the ledger was last written to how
    /// things stand now.
    pub(super) async fn take_up_alerts(&self) -> Result<(), LedgerError> {
        let stuck = self.ledger.stuck().await?;
        for alert in self.alerts.standing() {
            let stands = match alert.kind {
                AlertKind::CredentialRefused => self.stopped().is_some(),
                AlertKind::AccessGivenUp => alert.booking.as_ref().is_some_and(|id| stuck.contains(id)),
                AlertKind::SupportUnreachable => true,
                AlertKind::LedgerUnwritable | AlertKind::BookUnwritable => false,
            };
            if !stands {
                self.over(alert.kind, alert.of()).await;
            }
        }
        if let Some(why) = self.stopped() {
            self.raise(AlertKind::CredentialRefused, None, &why).await;
        }
        for id in &stuck {
            let why = self.ledger.record(id).await?.and_then(|record| record.stuck);
            self.given_up(id, why.as_deref()).await;
        }
        Ok(())
    }
}
