//! The desk: bookings are made, changed, cancelled and shown here.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Zoned;

use super::form;
use super::journal::Journal;
use super::office::Office;
use super::quirk::Quirk;
use super::wire::Wire;
use super::wish::{Access, Served, Wish};
use super::worker::work;
use crate::vendors::partner::{Booking, Change, Kind, Scope, Use};
use crate::vendors::vocabulary::contact::SENT_BEFORE;
use crate::vendors::vocabulary::{Clock, Instant};

/// How long slow changes take to be sent.
const SLOW: Duration = Duration::from_secs(480);
/// How long a form takes that takes its time.
const SLOW_FORM: Duration = Duration::from_secs(30);
/// How long a form takes under load that does not queue.
const SECONDS: Duration = Duration::from_secs(5);
/// How long after check-in who is let in late can enter.
const LATE_IN: Duration = Duration::from_secs(55 * 60);
/// How late what is sent late comes.
const LATE: Duration = Duration::from_secs(60);

/// How often what was booked is sent in batches, in milliseconds: 9.5 minutes.
const BATCH_MS: i64 = 570_000;

/// How a simulated partner is set up.
pub struct PartnerOptions {
    /// Where Inlet is.
    pub inlet: String,
    /// The certificate (PEM) of whoever vouches for Inlet's, where it encrypts.
    pub authority: Option<String>,
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
    /// Whoever fills in a form that takes its time.
    form: tokio::sync::Mutex<()>,
}

impl SimulatedPartner {
    /// Opens the office. Errors are a sentence for people.
    pub fn open(options: PartnerOptions) -> Result<Self, String> {
        // Another part of the program may have installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let PartnerOptions { inlet, authority, customers, smtp, clock, quirk } = options;
        let authority = authority.map(|pem| reqwest::Certificate::from_pem(pem.as_bytes())).transpose();
        let trusted = authority.map_err(|why| why.to_string())?;
        let client = reqwest::Client::builder().no_proxy().tls_certs_only(trusted);
        let client = match quirk {
            Some(Quirk::NewConnections) => client.pool_max_idle_per_host(0),
            Some(Quirk::OtherCase) => client.http1_title_case_headers(),
            _ => client,
        };
        let client = client.build().map_err(|why| why.to_string())?;
        let wire = Wire { client, inlet, clock, quirk };
        let office = Office::new(wire, customers, smtp);
        Ok(Self { office: Arc::new(office), workers: Mutex::default(), form: tokio::sync::Mutex::default() })
    }

    /// Makes a booking.
    pub async fn book(&self, booking: &Booking) -> Taken {
        let of_burst = self.office.is_form_of_burst();
        match self.office.quirk() {
            Some(Quirk::QueuesUnderLoad) if of_burst => {
                let _turn = self.form.lock().await;
                self.office.clock().wait_passively(SLOW_FORM).await;
            }
            Some(Quirk::TakesSeconds) if of_burst => self.office.clock().wait_passively(SECONDS).await,
            Some(Quirk::ClosesDesk) if self.office.is_locked_out() => {
                return Taken::Refused("no bookings are taken at present".to_owned());
            }
            _ => {}
        }
        let wishes = match wishes(booking, self.office.quirk()) {
            Ok(wishes) => wishes,
            Err(why) => {
                self.office.log_refused_form(booking, &why);
                return Taken::Refused(why);
            }
        };
        let number = {
            let mut state = self.office.state();
            state.bookings += 1;
            state.bookings
        };
        self.office.log_guest(booking);
        let other = match self.office.quirk() {
            Some(Quirk::OtherDoorToo) => self.office.last_door(number),
            Some(Quirk::FirstDoorToo) if number > 1 => self.office.first_door(),
            Some(Quirk::FirstDoorOnce) if number == 2 => self.office.first_door(),
            _ => None,
        };
        if let ([wish], Some(other)) = (wishes.as_slice(), other) {
            let wish = match self.office.quirk() {
                Some(Quirk::FirstDoorOnce) => Wish { reference: None, ..wish.without_contact() },
                _ => wish.clone(),
            };
            // Under no booking, so nothing ever changes it.
            self.wish(0, vec![Wish { room: other, ..wish }]);
        }
        self.wish(number, wishes);
        Taken::Booked(number)
    }

    fn wish(&self, number: u32, wishes: Vec<Wish>) {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        for wish in wishes {
            let id = {
                let mut state = self.office.state();
                let held_until = held_until(&wish, self.office.now(), self.office.quirk());
                state.accesses.push(Access::new(number, wish, held_until));
                state.accesses.len() - 1
            };
            workers.spawn(work(Arc::clone(&self.office), id));
        }
    }

    /// Changes a booking. The error is what the desk says.
    pub fn change(&self, number: u32, change: &Change) -> Result<(), &'static str> {
        let quirk = self.office.quirk();
        let now = self.office.now();
        let mut added = Vec::new();
        {
            let mut state = self.office.state();
            if *change == Change::CheckIn {
                state.checked_in.insert(number);
            }
            let strict = quirk == Some(Quirk::StrictDesk);
            if strict && *change == Change::CheckOut && !state.checked_in.contains(&number) {
                return Err("nobody has checked in");
            }
            for access in state.accesses.iter_mut().filter(|access| access.booking == number) {
                let Some(wish) = &mut access.wish else { continue };
                match change {
                    Change::Until(until) if quirk == Some(Quirk::KeepsLongStay) && *until < wish.until => {}
                    Change::Until(until) => wish.until = until.clone(),
                    Change::Move(_) if quirk == Some(Quirk::KeepsRoom) => {}
                    Change::Move(room) if quirk == Some(Quirk::MovesByGrant) && access.granted.is_some() => {
                        added.push(Wish { room: room.0.clone(), ..wish.clone() });
                        access.wish = None;
                    }
                    Change::Move(room) => wish.room.clone_from(&room.0),
                    Change::Split(at, room) => {
                        let mut second = wish.clone();
                        second.from = at.clone();
                        second.room.clone_from(&room.0);
                        wish.until = at.clone();
                        added.push(second);
                    }
                    Change::CheckIn if quirk == Some(Quirk::ChecksInLate) => {
                        wish.from = in_zone(now + LATE_IN, &wish.from);
                    }
                    Change::CheckIn => wish.from = in_zone(now, &wish.from),
                    Change::CheckOut if quirk == Some(Quirk::KeepsAfterCheckOut) => {}
                    Change::CheckOut => access.wish = None,
                }
                if quirk == Some(Quirk::GrantsAnew) {
                    access.granted = None;
                }
                if quirk == Some(Quirk::SlowChanges) {
                    access.held_until = now + SLOW;
                }
            }
        }
        self.wish(number, added);
        self.office.changed.notify_waiters();
        Ok(())
    }

    /// Cancels a booking.
    pub fn cancel(&self, number: u32) {
        if self.office.quirk() == Some(Quirk::NeverRevokes) {
            return;
        }
        let (quirk, now) = (self.office.quirk(), self.office.now());
        let mut state = self.office.state();
        let accesses = state.accesses.iter_mut().filter(|access| access.booking == number);
        for (nth, access) in accesses.enumerate() {
            let is_code = access.wish.as_ref().is_some_and(|wish| wish.mode == Use::Code);
            let kept = match quirk {
                Some(Quirk::CancelsFirstAlone) => nth > 0,
                Some(Quirk::RevokesCodesAlone) => !is_code,
                _ => false,
            };
            if quirk == Some(Quirk::SlowChanges) {
                access.held_until = now + SLOW;
            }
            if !kept {
                access.wish = None;
            }
        }
        drop(state);
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

/// Who sends late keeps back what begins in days until it has begun; who sends in
/// batches keeps everything back until the next one.
fn held_until(wish: &Wish, now: Instant, quirk: Option<Quirk>) -> Instant {
    if quirk == Some(Quirk::SendsInBatches) {
        return Instant::from_epoch_ms((now.epoch_ms() / BATCH_MS + 1) * BATCH_MS);
    }
    let begins = Instant::from_timestamp(wish.from.timestamp());
    let late = quirk == Some(Quirk::SendsLate) && begins.since(now) > SENT_BEFORE;
    if late { begins + LATE } else { Instant::from_epoch_ms(0) }
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
        let nth = nth + usize::from(quirk == Some(Quirk::SwapsGuests));
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
