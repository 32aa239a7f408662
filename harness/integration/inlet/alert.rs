//! Critical issues: what somebody must look at now (API integration guide, 5.3).
//!
//! An issue is raised when it begins and stands until it is over; while it stands
//! the operator is told of it once. What stands is counted for monitoring systems.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;

use super::booking::BookingId;
use super::mail::{Letter, MailServer, Mailer};
use super::news::News;
use crate::vendors::vocabulary::{Clock, Instant};

/// The least time between two messages to the operator: what is raised meanwhile
/// is told with the next, and a message that could not be sent is tried again.
pub(super) const BETWEEN: Duration = Duration::from_secs(60);

/// What sort of issue it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlertKind {
    /// Inlet refuses the credential (401, 403); nothing more is sent for that customer.
    CredentialRefused,
    /// An access could not be brought to what is wanted, and is given up until
    /// somebody changes the booking or has it sent again.
    AccessGivenUp,
    /// Inlet's support cannot be told.
    SupportUnreachable,
    /// The ledger, in which stands what is wanted and under way, cannot be written.
    LedgerUnwritable,
    /// The booking system's own book cannot be written.
    BookUnwritable,
}

impl AlertKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::CredentialRefused,
        Self::AccessGivenUp,
        Self::SupportUnreachable,
        Self::LedgerUnwritable,
        Self::BookUnwritable,
    ];

    /// Its name for machines.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CredentialRefused => "credential_refused",
            Self::AccessGivenUp => "access_given_up",
            Self::SupportUnreachable => "support_unreachable",
            Self::LedgerUnwritable => "ledger_unwritable",
            Self::BookUnwritable => "book_unwritable",
        }
    }

    /// Whether it stands over a restart: what cannot be written cannot be kept.
    pub(super) fn is_kept(self) -> bool {
        !matches!(self, Self::LedgerUnwritable | Self::BookUnwritable)
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What it is and what to do, for the operator.
    fn told(self) -> &'static str {
        match self {
            Self::CredentialRefused => {
                "Inlet refuses the credential. Nothing more is sent until there is a new one: ask Inlet for it."
            }
            Self::AccessGivenUp => {
                "An access is given up. The guest may stand before a closed door: change the booking, or have it sent again."
            }
            Self::SupportUnreachable => {
                "Inlet's support cannot be told of an access that does not come. Look at the mail server, and write by hand."
            }
            Self::LedgerUnwritable => {
                "The ledger cannot be written, so nothing more is sent. Look at the disk, and start again."
            }
            Self::BookUnwritable => {
                "The book of stays cannot be written, so none can be booked, changed or cancelled. Look at the disk."
            }
        }
    }
}

/// An issue that stands. It holds nothing personal and no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// What sort it is.
    pub kind: AlertKind,
    /// Since when.
    pub at: Instant,
    /// The booking at which it showed, where it was one.
    pub booking: Option<BookingId>,
    /// Why, as the log tells it.
    pub why: String,
}

impl Alert {
    /// The booking that tells it from others of its kind. Of accesses several are
    /// given up; of the others one is enough.
    pub(super) fn of(&self) -> Option<&BookingId> {
        self.booking.as_ref().filter(|_| self.kind == AlertKind::AccessGivenUp)
    }

    /// What it is the only one of while it stands.
    fn key(&self) -> Key {
        (self.kind, self.of().cloned())
    }
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.kind.told())?;
        writeln!(f, "Kind: {}", self.kind.as_str())?;
        writeln!(f, "Time: {}", self.at)?;
        if let Some(booking) = &self.booking {
            writeln!(f, "Booking: {booking}")?;
        }
        writeln!(f, "Why: {}", self.why)
    }
}

/// Who runs the integration, and is told of what is critical.
pub trait Operator: Send + Sync {
    /// Tells of issues that began; an error where that failed, in words for a log.
    fn tell<'a>(&'a self, alerts: &'a [Alert]) -> BoxFuture<'a, Result<(), String>>;
}

/// The operator by email.
pub struct OperatorMail {
    mailer: Mailer,
    whose: String,
}

impl OperatorMail {
    /// Mail by a server, from one address to another, about the desk of `whose`.
    ///
    /// # Errors
    /// Where one of the addresses is none, or the server cannot be spoken to so.
    pub fn new(server: &MailServer, from: &str, to: &str, whose: impl Into<String>) -> Result<Self, String> {
        Ok(Self { mailer: Mailer::new(server, from, to)?, whose: whose.into() })
    }
}

impl Operator for OperatorMail {
    fn tell<'a>(&'a self, alerts: &'a [Alert]) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let Some(first) = alerts.first() else { return Ok(()) };
            let more = match alerts.len() {
                1 => String::new(),
                count => format!(" and {} more", count - 1),
            };
            let texts: Vec<String> = alerts.iter().map(Alert::to_string).collect();
            let named = first.booking.as_ref().map_or("", BookingId::as_str);
            let kind = first.kind.as_str();
            let letter = Letter {
                at: alerts.iter().map(|alert| alert.at).max().unwrap_or(first.at),
                name: format!("alert.{}.{kind}.{named}.{}", self.whose, first.at.epoch_ms()),
                subject: format!("Critical at {}: {kind}{more}", self.whose),
                text: texts.join("\n"),
            };
            self.mailer.send(letter).await
        })
    }
}

type Key = (AlertKind, Option<BookingId>);

struct Open {
    alert: Alert,
    /// Whether the operator knows.
    told: bool,
}

#[derive(Default)]
struct Book {
    open: BTreeMap<Key, Open>,
    raised: BTreeMap<AlertKind, u64>,
    /// When the operator was last written to.
    written: Option<Instant>,
}

/// The issues of a desk.
pub(super) struct Alerts {
    book: Mutex<Book>,
    pub news: News,
}

impl Alerts {
    /// Those that stood when the ledger was last written, and whether the operator
    /// was told of each.
    pub fn new(clock: Clock, known: Vec<(Alert, bool)>) -> Self {
        let open = known.into_iter().map(|(alert, told)| (alert.key(), Open { alert, told })).collect();
        let book = Book { open, ..Book::default() };
        Self { book: Mutex::new(book), news: News::new(clock) }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of an issue; false where it stands already.
    pub fn raise(&self, alert: Alert) -> bool {
        let mut book = self.book();
        let key = alert.key();
        if book.open.contains_key(&key) {
            return false;
        }
        *book.raised.entry(alert.kind).or_default() += 1;
        book.open.insert(key, Open { alert, told: false });
        drop(book);
        self.news.tell();
        true
    }

    /// Takes note that an issue is over; false where none stood.
    pub fn close(&self, kind: AlertKind, booking: Option<&BookingId>) -> bool {
        self.book().open.remove(&(kind, booking.cloned())).is_some()
    }

    /// Those that stand, oldest first.
    pub fn standing(&self) -> Vec<Alert> {
        self.those(|_| true)
    }

    /// How many of a kind began since the desk was opened.
    pub fn raised(&self, kind: AlertKind) -> u64 {
        self.book().raised.get(&kind).copied().unwrap_or_default()
    }

    /// Those that the operator is to be told of, oldest first.
    pub fn untold(&self) -> Vec<Alert> {
        self.those(|open| !open.told)
    }

    fn those(&self, wanted: impl Fn(&Open) -> bool) -> Vec<Alert> {
        let book = self.book();
        let open = book.open.values().filter(|open| wanted(open));
        let mut alerts: Vec<Alert> = open.map(|open| open.alert.clone()).collect();
        alerts.sort_by_key(|alert| alert.at);
        alerts
    }

    /// When the operator may be written to next.
    pub fn next_message(&self) -> Option<Instant> {
        self.book().written.map(|at| at + BETWEEN)
    }

    /// The operator is written to now.
    pub fn written(&self, now: Instant) {
        self.book().written = Some(now);
    }

    /// The operator knows of these.
    pub fn told(&self, alerts: &[Alert]) {
        let mut book = self.book();
        for alert in alerts {
            if let Some(open) = book.open.get_mut(&alert.key()).filter(|open| open.alert == *alert) {
                open.told = true;
            }
        }
    }
}
