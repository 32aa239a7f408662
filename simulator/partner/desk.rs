//! The desk: bookings are made, changed, cancelled and shown here.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Zoned;
use tokio::sync::Notify;

use super::form;
use super::journal::Journal;
use super::quirk::Quirk;
use super::wire::Wire;
use super::wish::{Access, Granted, Served, Step, Wish};
use super::worker::work;
use crate::vendors::partner::{Booking, Change, Kind, Scope};
use crate::vendors::vocabulary::{Clock, Instant, Secret};

/// So many grants within a minute are a burst.
const BUSY: usize = 20;
const MINUTE: Duration = Duration::from_secs(60);

/// How a simulated partner is set up.
pub struct PartnerOptions {
    /// Where Inlet is.
    pub inlet: String,
    /// Whom it serves; at least one.
    pub customers: Vec<Served>,
    /// Where mail to support goes.
    pub smtp: SocketAddr,
    /// Its clock.
    pub clock: Clock,
    /// What it does otherwise.
    pub quirk: Option<Quirk>,
}

/// What the desk made of a booking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was taken under that number.
    Booked(u32),
    /// The form refused it.
    Refused(String),
}

/// A booking as the desk shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The code of its first access, as the guest types it.
    pub code: Option<String>,
    /// Whether somebody has to look at it.
    pub flagged: bool,
}

/// A booking system; its workers end with it.
pub struct SimulatedPartner {
    office: Arc<Office>,
    workers: Mutex<tokio::task::JoinSet<()>>,
}

impl SimulatedPartner {
    /// Opens the office. Errors are a sentence for people.
    pub fn open(options: PartnerOptions) -> Result<Self, String> {
        // Another part of the program may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().no_proxy().build().map_err(|why| why.to_string())?;
        let PartnerOptions { inlet, customers, smtp, clock, quirk } = options;
        let office = Office {
            wire: Wire { client, inlet, clock, quirk },
            customers,
            smtp,
            journal: Journal::default(),
            changed: Notify::new(),
            state: Mutex::default(),
            locked_out: AtomicBool::new(false),
            calls: AtomicU64::new(0),
        };
        Ok(Self { office: Arc::new(office), workers: Mutex::default() })
    }

    /// Makes a booking.
    pub fn book(&self, booking: &Booking) -> Taken {
        let wishes = match wishes(booking, self.office.quirk()) {
            Ok(wishes) => wishes,
            Err(why) => return Taken::Refused(why),
        };
        let number = {
            let mut state = self.office.state();
            state.bookings += 1;
            state.bookings
        };
        self.office.log_guest(booking);
        self.wish(number, wishes);
        Taken::Booked(number)
    }

    fn wish(&self, number: u32, wishes: Vec<Wish>) {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        for wish in wishes {
            let id = {
                let mut state = self.office.state();
                state.accesses.push(Access::new(number, wish));
                state.accesses.len() - 1
            };
            workers.spawn(work(Arc::clone(&self.office), id));
        }
    }

    /// Changes a booking.
    pub fn change(&self, number: u32, change: &Change) {
        let quirk = self.office.quirk();
        let now = self.office.now();
        let mut added = Vec::new();
        {
            let mut state = self.office.state();
            for access in state.accesses.iter_mut().filter(|access| access.booking == number) {
                let Some(wish) = &mut access.wish else { continue };
                match change {
                    Change::Until(until) if quirk == Some(Quirk::KeepsLongStay) && *until < wish.until => {}
                    Change::Until(until) => wish.until = until.clone(),
                    Change::Move(_) if quirk == Some(Quirk::KeepsRoom) => {}
                    Change::Move(room) => wish.room.clone_from(&room.0),
                    Change::Split(at, room) => {
                        let mut second = wish.clone();
                        second.from = at.clone();
                        second.room.clone_from(&room.0);
                        wish.until = at.clone();
                        added.push(second);
                    }
                    Change::CheckIn => wish.from = in_zone(now, &wish.from),
                    Change::CheckOut if quirk == Some(Quirk::KeepsAfterCheckOut) => {}
                    Change::CheckOut => access.wish = None,
                }
                if quirk == Some(Quirk::GrantsAnew) {
                    access.granted = None;
                }
            }
        }
        self.wish(number, added);
        self.office.changed.notify_waiters();
    }

    /// Cancels a booking.
    pub fn cancel(&self, number: u32) {
        if self.office.quirk() == Some(Quirk::NeverRevokes) {
            return;
        }
        for access in self.office.state().accesses.iter_mut().filter(|access| access.booking == number) {
            access.wish = None;
        }
        self.office.changed.notify_waiters();
    }

    /// Shows a booking.
    pub fn show(&self, number: u32) -> Shown {
        let state = self.office.state();
        let of_booking = || state.accesses.iter().filter(|access| access.booking == number);
        let code = of_booking().find_map(|access| access.granted.as_ref()?.code.clone());
        let code = code.map(|code| match self.office.quirk() {
            Some(Quirk::BareCode) => code.trim_matches(['#', '*']).to_owned(),
            _ => code,
        });
        Shown { code, flagged: of_booking().any(|access| access.flagged.is_some()) }
    }

    /// Ends every worker and begins again with what is stored.
    pub fn restart(&self) {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        workers.abort_all();
        let mut state = self.office.state();
        for (id, access) in state.accesses.iter_mut().enumerate() {
            if self.office.quirk() == Some(Quirk::ForgetsOnRestart) && access.granted.is_none() {
                access.wish = None;
            }
            workers.spawn(work(Arc::clone(&self.office), id));
        }
    }

    /// Its log.
    pub fn journal(&self) -> &Journal {
        &self.office.journal
    }
}

fn in_zone(now: Instant, like: &Zoned) -> Zoned {
    now.timestamp().to_zoned(like.time_zone().clone())
}

/// The accesses that a booking asks for. The error is what the form says.
fn wishes(booking: &Booking, quirk: Option<Quirk>) -> Result<Vec<Wish>, String> {
    let first = booking.guests.first().ok_or("nobody comes")?;
    let reference = form::reference(&booking.text, quirk)?;
    let mut wishes = Vec::new();
    let mut wish = |room: &str, guest: &crate::vendors::partner::Guest| -> Result<(), String> {
        let told = match (&booking.agency, quirk) {
            (Some(agency), Some(Quirk::TellsAgency)) => agency,
            _ => guest,
        };
        let contact = form::contact(told, quirk)?;
        let silent = !booking.messages && quirk != Some(Quirk::MessagesAll);
        let contact = if silent { form::Contact::default() } else { contact };
        wishes.push(Wish {
            room: room.to_owned(),
            from: booking.from.clone(),
            until: booking.until.clone(),
            mode: booking.access,
            email: contact.email,
            phone: contact.phone,
            country_code: contact.country_code,
            reference: reference.clone(),
        });
        Ok(())
    };
    let grouped = booking.kind == Kind::Scoped(Scope::Group);
    for (nth, room) in booking.rooms.iter().enumerate() {
        if nth > 0 && quirk == Some(Quirk::FirstRoomOnly) {
            break;
        }
        let guest = if grouped { booking.guests.get(nth).unwrap_or(first) } else { first };
        wish(&room.0, guest)?;
    }
    if quirk != Some(Quirk::NoCommonDoor) {
        let guests = if grouped { booking.guests.as_slice() } else { std::slice::from_ref(first) };
        for door in &booking.common_doors {
            guests.iter().try_for_each(|guest| wish(&door.0, guest))?;
        }
    }
    Ok(wishes)
}

/// What the desk and its workers share.
pub(super) struct Office {
    pub wire: Wire,
    pub smtp: SocketAddr,
    pub changed: Notify,
    customers: Vec<Served>,
    journal: Journal,
    state: Mutex<State>,
    /// Whether the credential was refused.
    locked_out: AtomicBool,
    calls: AtomicU64,
}

#[derive(Default)]
struct State {
    bookings: u32,
    accesses: Vec<Access>,
    /// When each was granted.
    grants: Vec<Instant>,
}

impl Office {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with one access.
    fn with<T>(&self, id: usize, act: impl FnOnce(&mut Access) -> T) -> Option<T> {
        self.state().accesses.get_mut(id).map(act)
    }

    pub fn clock(&self) -> &Clock {
        &self.wire.clock
    }

    fn now(&self) -> Instant {
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
        let own = self.customers.iter().find(|customer| customer.locks.contains(&room));
        let own = if self.quirk() == Some(Quirk::OneTokenForAll) { None } else { own };
        let customer = own.or(self.customers.first());
        customer.map_or_else(|| Secret::new(""), |customer| customer.token.clone())
    }

    pub fn next_exchange(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::Relaxed)
    }

    pub fn is_first_call(&self) -> bool {
        self.calls.load(Ordering::Relaxed) == 0
    }

    pub fn reference_id(&self, id: usize) -> Option<String> {
        self.with(id, |access| Some(access.granted.as_ref()?.reference_id.clone())).flatten()
    }

    pub fn is_busy(&self) -> bool {
        let now = self.now();
        let recent = |at: &&Instant| now.since(**at) <= MINUTE;
        self.state().grants.iter().rev().take_while(recent).count() >= BUSY
    }

    pub fn is_locked_out(&self) -> bool {
        self.locked_out.load(Ordering::Relaxed)
    }

    pub fn lock_out(&self) {
        self.locked_out.store(true, Ordering::Relaxed);
    }

    pub fn granted(&self, id: usize, granted: Granted) {
        let forgets = matches!(self.quirk(), Some(Quirk::ForgetsCancellation | Quirk::ForgetsChange));
        self.with(id, |access| {
            if forgets && access.first_attempt.is_some() {
                access.wish = Some(granted.as_wished.clone());
            }
            access.granted = Some(granted);
            access.first_attempt = None;
        });
        let now = self.now();
        self.state().grants.push(now);
        let token = self.logged_token(id);
        self.journal.note(now, &format!("access {id}: granted{token}"));
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
        self.with(id, |access| !std::mem::replace(&mut access.escalated, true)).unwrap_or(false)
    }

    pub fn log_error(&self, id: usize, why: &str) {
        if self.quirk() == Some(Quirk::LogsNoErrors) {
            return;
        }
        let token = self.logged_token(id);
        self.journal.note(self.now(), &format!("access {id}: refused{token}: {why}"));
    }

    /// What a log must not hold, where the partner is one that logs it.
    fn logged_token(&self, id: usize) -> String {
        match self.quirk() {
            Some(Quirk::LogsToken) => format!(" with {}", self.token(id).expose()),
            _ => String::new(),
        }
    }

    fn log_guest(&self, booking: &Booking) {
        if self.quirk() == Some(Quirk::LogsGuests) {
            let emails: Vec<&str> = booking.guests.iter().map(|guest| guest.email.as_str()).collect();
            self.journal.note(self.now(), &format!("booked for {}", emails.join(", ")));
        }
    }
}
