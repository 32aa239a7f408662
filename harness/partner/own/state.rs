//! What the office and its workers share: desks, doors and the book.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::book::{Book, BookError};
use super::kept::{Access, Kept, Opening};
use super::office::OfficeError;
use crate::harness::integration::inlet::{Alert, Desk};
use crate::vendors::vocabulary::Clock;

/// What the office and its workers share.
pub(super) struct State {
    pub clock: Clock,
    /// One for each customer, by name.
    pub desks: BTreeMap<String, Desk>,
    /// Whose lock it is.
    pub doors: BTreeMap<String, String>,
    pub book: tokio::sync::Mutex<Book>,
    /// Told when an opening may have changed.
    pub changed: Notify,
    /// Why the workers have stopped, where they have.
    pub stopped: Mutex<Option<String>>,
}

impl State {
    /// Fails once a desk has stopped: what is taken then would never be sent.
    pub fn works(&self) -> Result<(), OfficeError> {
        self.stopped().map_or(Ok(()), |why| Err(OfficeError::Stopped(why)))
    }

    pub fn stopped(&self) -> Option<String> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn stop(&self, why: String) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(why);
    }

    /// The critical issues that stand, with the customer of each, oldest first.
    pub fn alerts(&self) -> Vec<(String, Alert)> {
        let of = |(customer, desk): (&String, &Desk)| {
            let customer = customer.clone();
            desk.alerts().into_iter().map(move |alert| (customer.clone(), alert))
        };
        let mut alerts: Vec<(String, Alert)> = self.desks.iter().flat_map(of).collect();
        alerts.sort_by_key(|(_, alert)| alert.at);
        alerts
    }

    pub fn desk(&self, customer: &str) -> Result<&Desk, OfficeError> {
        let missing = || OfficeError::Settings(format!("the customer `{customer}` is served no more"));
        self.desks.get(customer).ok_or_else(missing)
    }

    /// Whose the doors of a booking are.
    pub fn customer<'a>(&self, doors: impl Iterator<Item = &'a str>) -> Result<String, OfficeError> {
        let mut whose: Option<&String> = None;
        for door in doors {
            let no_room = || OfficeError::Refused(format!("there is no room {door}"));
            let customer = self.doors.get(door).ok_or_else(no_room)?;
            if *whose.get_or_insert(customer) != customer {
                return Err(OfficeError::Refused("the rooms are in two houses".to_owned()));
            }
        }
        whose.cloned().ok_or_else(|| OfficeError::Refused("no room is booked".to_owned()))
    }

    /// Writes a booking down and tells its desk what is new of it.
    pub async fn carry_out(&self, book: &mut Book, kept: Kept) -> Result<(), OfficeError> {
        let before = book.get(kept.number).cloned();
        self.write(book, kept.clone())?;
        let known = before.map(|before| before.accesses).unwrap_or_default();
        self.tell_desk(&kept, &known).await?;
        self.changed.notify_waiters();
        Ok(())
    }

    /// Writes a booking down; its desk takes note of whether that can be done.
    fn write(&self, book: &mut Book, kept: Kept) -> Result<(), BookError> {
        let desk = self.desks.get(&kept.customer);
        let written = book.write(kept);
        if let Some(desk) = desk {
            desk.book_written(written.is_ok());
        }
        written
    }

    /// Forgets everything of stays that are over for longer than that, but for
    /// the numbers of the bookings.
    pub async fn forget(&self, remembers: Duration) -> Result<(), OfficeError> {
        let before = self.clock.now() - remembers;
        let mut book = self.book.lock().await;
        let over: Vec<Kept> = book.all().filter(|kept| kept.was_over(before)).map(Kept::forgotten).collect();
        for kept in over {
            self.write(&mut book, kept)?;
        }
        for desk in self.desks.values() {
            desk.forget_over(before).await?;
        }
        Ok(())
    }

    /// Tells every desk of the whole book: what it knows already changes nothing,
    /// and what it was not told before the office was cut off is made good.
    pub async fn tell_desks(&self) -> Result<(), OfficeError> {
        let book = self.book.lock().await;
        for kept in book.all() {
            self.tell_desk(kept, &[]).await?;
        }
        Ok(())
    }

    async fn tell_desk(&self, kept: &Kept, known: &[Access]) -> Result<(), OfficeError> {
        let desk = self.desk(&kept.customer)?;
        for (place, access) in kept.accesses.iter().enumerate() {
            if access.opening.is_some() || known.get(place) == Some(access) {
                continue;
            }
            let id = kept.id(place)?;
            if access.called_off {
                desk.cancel(&id).await?;
            } else {
                desk.want(&id, access.wanted.clone()).await?;
            }
        }
        Ok(())
    }

    /// Notes how far an opening is.
    pub fn note(&self, book: &mut Book, number: u64, place: usize, opening: Opening) {
        let Some(mut kept) = book.get(number).cloned() else { return };
        if let Some(access) = kept.accesses.get_mut(place) {
            access.opening = Some(opening);
        }
        if let Err(why) = self.write(book, kept) {
            self.stop(why.to_string());
        }
    }
}
