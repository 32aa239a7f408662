//! Stays that are booked, changed and cancelled.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

use super::PartnerBench;
use super::belonging::changed;
use crate::harness::partner::driver::{Done, DriverError, Number};
use crate::harness::trial::Stop;
use crate::vendors::partner::{Booking, Change, Guest, Kind, Room, Use};
use crate::vendors::vocabulary::Instant;

/// Where guests have their email addresses who are given no other domain.
const GUEST_DOMAIN: &str = "example.org";

/// How long an arrival may take that should come soon.
pub(super) const SOON: Duration = Duration::from_secs(900);

/// What the guest of the ordinary stay types beside: nothing is wrong with it.
const ORDINARY_TEXT: &str = "We come late, about 11 pm";
/// Acts that could not be done in a row, after which nothing more is tried.
const ACTS_BEFORE_DEAF: u32 = 3;
/// How long a person may take to do what is asked, others waiting before included.
const A_PERSON: Duration = Duration::from_secs(3_600);

/// A booking that the partner's system took.
#[derive(Clone, Debug, PartialEq)]
pub struct Booked {
    /// What was typed in.
    pub booking: Booking,
    /// When.
    pub at: Instant,
    /// The partner's own number of it.
    pub(in crate::harness::partner) number: Number,
}

impl Booked {
    /// Its first room.
    pub fn room(&self) -> Room {
        self.booking.rooms.first().cloned().unwrap_or(Room(String::new()))
    }

    /// The number under which the partner's system keeps it, where it told one.
    pub fn number(&self) -> Option<String> {
        self.number.text()
    }

    /// Its first guest.
    pub fn guest(&self) -> Guest {
        self.booking.guests.first().cloned().unwrap_or_default()
    }
}

/// The zone in which stays are booked: one that changes its clocks.
pub fn stay_zone() -> TimeZone {
    TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)
}

/// How the email address of an ordinary guest begins; each is of one guest alone.
pub(super) const GUEST: &str = "lockstep.guest-";

impl PartnerBench {
    /// Somebody whom nobody has booked for, with valid contact data.
    pub fn guest(&self) -> Guest {
        let nth = self.guests.fetch_add(1, Ordering::Relaxed);
        let domain = self.description.guest_domain.as_deref().unwrap_or(GUEST_DOMAIN);
        Guest {
            name: format!("Lockstep Guest-{nth}"),
            email: format!("{GUEST}{nth}@{domain}"),
            // A block of Norwegian mobile numbers.
            phone: format!("+47 412 {:02} {:03}", nth / 1_000 % 100, nth % 1_000),
            country: "NO".to_owned(),
        }
    }

    /// A moment so many minutes from now, on a whole minute.
    pub fn in_minutes(&self, minutes: i64) -> Zoned {
        let now = self.now().timestamp().to_zoned(stay_zone());
        let whole = now.round(jiff::Unit::Minute).unwrap_or(now);
        whole.checked_add(Span::new().minutes(minutes)).unwrap_or(whole)
    }

    /// A stay of a day in two hours, by a guest of its own in a room of its own.
    pub fn stay(&self) -> Result<Booking, Stop> {
        self.stay_of(0)
    }

    /// The same at a customer, by place.
    pub fn stay_of(&self, customer: usize) -> Result<Booking, Stop> {
        let room = self.room(customer)?;
        // A pulse is over at once, and has no time that could be judged.
        let uses = &self.description.declared.uses;
        let lasting = uses.iter().find(|one| **one != Use::Pulse);
        let access = lasting.or(uses.first()).copied().unwrap_or(Use::Code);
        // A pulse may be sent when the stay begins, and not before.
        let begins = if access == Use::Pulse { 5 } else { 120 };
        Ok(Booking {
            customer: customer + 1,
            guests: vec![self.guest()],
            rooms: vec![room],
            common_doors: Vec::new(),
            from: self.in_minutes(begins),
            until: self.in_minutes(begins + 24 * 60),
            access,
            kind: Kind::Single,
            text: String::new(),
            agency: None,
            messages: true,
        })
    }

    /// Makes a booking; what the system refuses is told apart.
    pub async fn try_book(&self, booking: Booking) -> Result<Result<Booked, String>, Stop> {
        let at = self.now();
        self.first_form.get_or_init(|| at);
        self.typed.lock().unwrap_or_else(PoisonError::into_inner).push(booking.clone());
        match self.in_the_system(self.system.book(&booking)).await? {
            Done::Taken { number, .. } => {
                let booked = Booked { booking, at, number };
                self.booked.lock().unwrap_or_else(PoisonError::into_inner).push(booked.clone());
                Ok(Ok(booked))
            }
            Done::Refused(why) => Ok(Err(why)),
        }
    }

    /// Makes a booking that nothing is wrong with.
    pub async fn book(&self, booking: Booking) -> Result<Booked, Stop> {
        self.try_book(booking).await?.map_err(|why| {
            Stop::fail("an ordinary booking was refused", "the partner's system takes it", why)
        })
    }

    /// Changes a booking.
    pub async fn change(&self, booked: &Booked, change: &Change) -> Result<(), Stop> {
        let now = self.now().timestamp().to_zoned(stay_zone());
        let changed = changed(&booked.booking, change, &now);
        self.typed.lock().unwrap_or_else(PoisonError::into_inner).extend(changed);
        let act = self.system.change(&booked.number, &booked.booking, change);
        let done = self.in_the_system(act).await?;
        accepted(done, "a change")
    }

    /// Cancels a booking.
    pub async fn cancel(&self, booked: &Booked) -> Result<(), Stop> {
        accepted(self.cancelled(booked).await?, "a cancellation")
    }

    /// Cancels a booking; what the system refuses is told apart.
    pub async fn try_cancel(&self, booked: &Booked) -> Result<Result<(), String>, Stop> {
        Ok(match self.cancelled(booked).await? {
            Done::Taken { .. } => Ok(()),
            Done::Refused(why) => Err(why),
        })
    }

    async fn cancelled(&self, booked: &Booked) -> Result<Done, Stop> {
        self.in_the_system(self.system.cancel(&booked.number, &booked.booking)).await
    }

    /// Has a booking shown: its code, and whether it needs attention.
    pub async fn show(&self, booked: &Booked) -> Result<(Option<String>, bool), Stop> {
        match self.in_the_system(self.system.show(&booked.number, &booked.booking)).await? {
            Done::Taken { code, flagged, .. } => Ok((code, flagged)),
            Done::Refused(why) => Err(Stop::Inconclusive(format!("the booking is not shown: {why}"))),
        }
    }

    /// Does something in the partner's system. One that does nothing several times
    /// in a row is not asked any more: each further act would only wait.
    async fn in_the_system(
        &self,
        act: impl Future<Output = Result<Done, DriverError>>,
    ) -> Result<Done, Stop> {
        if self.undriven.load(Ordering::Relaxed) >= ACTS_BEFORE_DEAF {
            let why =
                format!("the partner's system did none of {ACTS_BEFORE_DEAF} acts, and is asked no more");
            return Err(Stop::Inconclusive(why));
        }
        let began = tokio::time::Instant::now();
        if self.system.is_driven_by_a_person() {
            self.scene.waited.grant(A_PERSON);
        }
        let done = act.await;
        if self.system.is_driven_by_a_person() {
            self.scene.waited.give_back(A_PERSON.saturating_sub(began.elapsed()));
        }
        match &done {
            Ok(_) => self.undriven.store(0, Ordering::Relaxed),
            Err(_) => drop(self.undriven.fetch_add(1, Ordering::Relaxed)),
        }
        done.map_err(driven)
    }

    /// A stay that was booked and sent, the same for every scenario of a run.
    pub async fn ordinary_stay(&self) -> Result<Booked, Stop> {
        let booked = self
            .ordinary
            .get_or_try_init(|| async {
                let stay = Booking { text: ORDINARY_TEXT.to_owned(), ..self.stay()? };
                let booked = self.book(stay).await?;
                let room = booked.room();
                self.until(SOON, |bench| !bench.arrivals_at(&room).is_empty()).await;
                self.pass(Duration::from_secs(60)).await;
                Ok::<_, Stop>(booked)
            })
            .await?;
        Ok(booked.clone())
    }
}

/// What could not be driven says nothing of the integration.
pub(super) fn driven(why: DriverError) -> Stop {
    Stop::Inconclusive(why.to_string())
}

fn accepted(done: Done, what: &str) -> Result<(), Stop> {
    match done {
        Done::Taken { .. } => Ok(()),
        Done::Refused(why) => {
            Err(Stop::fail(format!("{what} was refused"), "the partner's system takes what it declares", why))
        }
    }
}
