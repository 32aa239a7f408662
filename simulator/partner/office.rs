//! What the desk and its workers share.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Map;
use tokio::sync::Notify;

use super::journal::Journal;
use super::own_clock::OwnClock;
use super::quirk::Quirk;
use super::wire::{Call, Wire};
use super::wish::{Access, Granted, Served, Step};
use crate::vendors::inlet::{Moment, Operation};
use crate::vendors::partner::{Booking, Guest};
use crate::vendors::vocabulary::{Clock, Instant, Secret};

/// So many forms or grants within a minute are a burst.
const BUSY: usize = 20;
/// Characters of a text that is far too long.
const HUGE: usize = 100_000;
const MINUTE: Duration = Duration::from_secs(60);

/// The office behind the desk.
pub(super) struct Office {
    pub wire: Wire,
    pub smtp: SocketAddr,
    /// The clock that its workers go by.
    pub time: OwnClock,
    pub changed: Notify,
    customers: Vec<Served>,
    /// Whose lock it is, by the customer's place.
    whose: HashMap<String, usize>,
    pub journal: Journal,
    state: Mutex<State>,
    /// Whether the credential was refused.
    locked_out: AtomicBool,
    /// Whether support was ever told.
    told: AtomicBool,
    calls: AtomicU64,
}

/// What is booked, and how far it came.
#[derive(Default)]
pub(super) struct State {
    pub bookings: u32,
    pub accesses: Vec<Access>,
    /// The bookings whose guests have checked in.
    pub checked_in: BTreeSet<u32>,
    /// When forms were filled in.
    forms: BTreeSet<Instant>,
    /// When each was granted.
    grants: Vec<Instant>,
}

impl Office {
    pub fn new(wire: Wire, customers: Vec<Served>, smtp: SocketAddr) -> Self {
        let journal = Journal::default();
        if wire.quirk == Some(Quirk::LogsStart) {
            journal.note(wire.clock.now(), "service started, timeout=30s");
        }
        Self {
            time: OwnClock::new(wire.clock.clone(), wire.quirk),
            wire,
            whose: whose(&customers),
            customers,
            smtp,
            journal,
            changed: Notify::new(),
            state: Mutex::default(),
            locked_out: AtomicBool::new(false),
            told: AtomicBool::new(false),
            calls: AtomicU64::new(0),
        }
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with one access.
    fn with<T>(&self, id: usize, act: impl FnOnce(&mut Access) -> T) -> Option<T> {
        self.state().accesses.get_mut(id).map(act)
    }

    pub fn clock(&self) -> &Clock {
        &self.wire.clock
    }

    pub fn now(&self) -> Instant {
        self.clock().now()
    }

    pub fn quirk(&self) -> Option<Quirk> {
        self.wire.quirk
    }

    pub fn step(&self, id: usize) -> Step {
        self.with(id, |access| access.step()).unwrap_or(Step::Nothing)
    }

    pub fn booking(&self, id: usize) -> u32 {
        self.with(id, |access| access.booking).unwrap_or_default()
    }

    pub fn code(&self, id: usize) -> Option<String> {
        self.with(id, |access| access.granted.as_ref()?.code.clone()).flatten()
    }

    /// The credential of the customer whose lock an access is at.
    pub fn token(&self, id: usize) -> Secret {
        let room = self.with(id, |access| {
            let wish = access.wish.as_ref().or(access.granted.as_ref().map(|granted| &granted.as_wished));
            wish.map(|wish| wish.room.clone())
        });
        let room = room.flatten().unwrap_or_default();
        let own = self.whose.get(&room).and_then(|place| self.customers.get(*place));
        let own = if self.quirk() == Some(Quirk::OneTokenForAll) { None } else { own };
        let customer = own.or(self.customers.first());
        customer.map_or_else(|| Secret::new(""), |customer| customer.token.clone())
    }

    /// The door of the first customer that is booked first.
    pub fn first_door(&self) -> Option<String> {
        self.customers.first()?.locks.first().cloned()
    }

    /// The nth door of the first customer from the end.
    pub fn last_door(&self, nth: u32) -> Option<String> {
        let locks = &self.customers.first()?.locks;
        locks.iter().rev().nth(usize::try_from(nth).ok()?).cloned()
    }

    pub fn next_exchange(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    pub fn is_first_call(&self) -> bool {
        self.calls.load(Ordering::Relaxed) == 0
    }

    /// An update of a granted access as it should not be.
    pub fn odd_update(&self, id: usize) -> Option<Call> {
        let granted = self.with(id, |access| access.granted.clone()).flatten()?;
        let mut body = Map::from_iter([("ReferenceId".to_owned(), granted.reference_id.into())]);
        let until = &granted.as_wished.until;
        let whole = || Some(Moment::of(until).to_string());
        let quirk = self.quirk()?;
        let (time, form, twice) = match quirk {
            Quirk::EmptyUpdates => (None, None, None),
            Quirk::NoOffset => (Some(until.strftime("%Y-%m-%dT%H:%M:%S").to_string()), None, None),
            Quirk::DuplicateMembers => (whole(), None, Some("to")),
            Quirk::HugeUpdates | Quirk::Unencrypted | Quirk::LongUpdate => (whole(), None, None),
            _ => (whole(), Some("text/plain"), None),
        };
        body.extend(time.map(|time| ("to".to_owned(), time.into())));
        if quirk == Quirk::HugeUpdates {
            body.insert("reference".to_owned(), "x".repeat(HUGE).into());
        }
        let plain = quirk == Quirk::Unencrypted;
        Some(Call { form, plain, twice, ..Call::of(Operation::UpdateAccess, body) })
    }

    /// Until when what is to be sent of an access is kept back.
    pub fn held_until(&self, id: usize) -> Instant {
        self.with(id, |access| access.held_until).unwrap_or(Instant::from_epoch_ms(0))
    }

    pub fn is_busy(&self) -> bool {
        let now = self.now();
        let recent = |at: &&Instant| now.since(**at) <= MINUTE;
        self.state().grants.iter().rev().take_while(recent).count() >= BUSY
    }

    /// Whether a form that is filled in now is one of a burst, of which no two came
    /// at the same moment.
    pub fn is_form_of_burst(&self) -> bool {
        let now = self.now();
        let forms = &mut self.state().forms;
        forms.insert(now);
        forms.retain(|at| now.since(*at) <= MINUTE);
        forms.len() >= BUSY
    }

    pub fn is_locked_out(&self) -> bool {
        self.locked_out.load(Ordering::Relaxed)
    }

    pub fn lock_out(&self) {
        self.locked_out.store(true, Ordering::Relaxed);
    }

    pub fn granted(&self, id: usize, granted: Granted) {
        let forgets = matches!(self.quirk(), Some(Quirk::ForgetsCancellation | Quirk::ForgetsChange));
        let code = granted.code.clone();
        let later = self.quirk().and_then(Quirk::follows_after);
        let now = self.now();
        self.with(id, |access| {
            if forgets && access.first_attempt.is_some() {
                access.wish = Some(granted.as_wished.clone());
            }
            let lacks = access.wish.as_ref().is_some_and(|wish| *wish != granted.as_wished);
            if let Some(later) = later.filter(|_| access.granted.is_none() && lacks) {
                access.held_until = now + later;
            }
            access.granted = Some(granted);
            access.first_attempt = None;
        });
        self.state().grants.push(now);
        let token = self.logged_token(id);
        let code = match (self.quirk(), code) {
            (Some(Quirk::LogsCodes), Some(code)) => format!(", code {code}"),
            (Some(Quirk::LogsStart), _) => return,
            _ => String::new(),
        };
        self.journal.note(self.time.shown(), &format!("access {id}: granted{token}{code}"));
    }

    pub fn carried_out(&self, id: usize, step: &Step) {
        self.with(id, |access| match step {
            Step::Revoke(_) => access.granted = None,
            _ => access.over = true,
        });
    }

    pub fn flag(&self, id: usize, why: &str) {
        self.with(id, |access| access.flagged = Some(why.to_owned()));
    }

    pub fn drop_quietly(&self, id: usize) {
        self.with(id, |access| {
            access.wish = None;
            access.granted = None;
        });
    }

    pub fn forget_attempts(&self, id: usize) {
        self.with(id, |access| access.first_attempt = None);
    }

    /// When the first of the attempts under way was made.
    pub fn first_attempt(&self, id: usize, started: Instant) -> Instant {
        self.with(id, |access| *access.first_attempt.get_or_insert(started)).unwrap_or(started)
    }

    /// Whether support is told for the first time.
    pub fn first_escalation(&self, id: usize) -> bool {
        if self.quirk() == Some(Quirk::TellsOnce) && self.told.swap(true, Ordering::Relaxed) {
            return false;
        }
        self.with(id, |access| !std::mem::replace(&mut access.escalated, true)).unwrap_or(false)
    }

    pub fn log_error(&self, id: usize, why: &str) {
        let why = match self.quirk() {
            Some(Quirk::LogsNoErrors | Quirk::LogsStart) => return,
            Some(Quirk::LogsWords) => why.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':'),
            _ => why,
        };
        let token = self.logged_token(id);
        self.journal.note(self.time.shown(), &format!("access {id}: refused{token}: {why}"));
    }

    pub fn log_refused_credential(&self, id: usize, why: &str) {
        match self.quirk() {
            Some(Quirk::LogsRefusedCredential) => {
                self.log_error(id, &format!("{why}: {}", self.token(id).expose()));
            }
            _ => self.log_error(id, why),
        }
    }

    /// What a log must not hold, where the partner is one that logs it.
    fn logged_token(&self, id: usize) -> String {
        match self.quirk() {
            Some(Quirk::LogsToken) => format!(" with {}", self.token(id).expose()),
            _ => String::new(),
        }
    }

    pub fn log_refused_form(&self, booking: &Booking, why: &str) {
        if self.quirk() == Some(Quirk::LogsRefusedForms) {
            let of = |guest: &Guest| format!("{}, {}, {}", guest.name, guest.email, guest.phone);
            let guests: Vec<String> = booking.guests.iter().map(of).collect();
            self.journal.note(self.now(), &format!("form refused: {why}: {}", guests.join("; ")));
        }
    }

    pub fn log_guest(&self, booking: &Booking) {
        if self.quirk() == Some(Quirk::LogsGuests) {
            let emails: Vec<&str> = booking.guests.iter().map(|guest| guest.email.as_str()).collect();
            self.journal.note(self.now(), &format!("booked for {}", emails.join(", ")));
        }
    }
}

/// Whose each lock is, by the customer's place; of two who name it, the first's.
fn whose(customers: &[Served]) -> HashMap<String, usize> {
    let mut whose = HashMap::new();
    for (place, customer) in customers.iter().enumerate() {
        for lock in &customer.locks {
            whose.entry(lock.clone()).or_insert(place);
        }
    }
    whose
}
