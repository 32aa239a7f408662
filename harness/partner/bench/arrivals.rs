//! What arrived at Inlet, by the door that it is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use super::PartnerBench;
use super::stays::GUEST;
use crate::harness::result::{Exchange, Received as Answered, SentRequest, TransportFailure};
use crate::simulator::{AccessState, Received, Sent};
use crate::vendors::inlet::{Operation, Request};
use crate::vendors::partner::{Booking, Room};
use crate::vendors::vocabulary::{Instant, Personal, Window};

/// For how long a call may be under way: Inlet itself waits for a lock system no
/// longer.
pub(super) const UNDER_WAY: Duration = Duration::from_secs(120);

/// One call as it arrived. Its doors are those that it names itself, or that the
/// access which it is about was granted for.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The call.
    pub received: Received,
    /// The doors that it is about.
    pub doors: Vec<String>,
    /// Whether it follows a link that Inlet gave for a guest, which is no call.
    follows_link: bool,
}

/// Whom a grant is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The email address as it was sent.
    pub email: Option<Personal>,
    /// The phone number as it was sent.
    pub phone: Option<Personal>,
    /// Its country code, where it was sent beside.
    pub country_code: Option<Personal>,
    /// The free text.
    pub reference: Option<Personal>,
}

impl Contact {
    /// Whether this is a guest who was booked for, and never at that door. Only an
    /// ordinary guest is known by the address: others may have one in two spellings.
    fn is_elsewhere(&self, door: &str, typed: &[Booking]) -> bool {
        let Some(email) = self.email.as_ref().filter(|email| email.expose().starts_with(GUEST)) else {
            return false;
        };
        let is_of = |booking: &&Booking| {
            booking.guests.iter().any(|guest| guest.email.eq_ignore_ascii_case(email.expose()))
        };
        let mut own = typed.iter().filter(is_of).peekable();
        let is_there =
            |booking: &Booking| booking.rooms.iter().chain(&booking.common_doors).any(|room| room.0 == door);
        own.peek().is_some() && !own.any(is_there)
    }
}

/// An access that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Inlet's name of it.
    pub reference_id: String,
    /// The door.
    pub door: String,
    /// When.
    pub window: Window,
    /// Whom it was granted for.
    pub contact: Contact,
    /// The code as the guest types it.
    pub code: Option<String>,
}

impl Arrival {
    /// When it arrived.
    pub fn at(&self) -> Instant {
        self.received.at()
    }

    /// The call that its path names.
    pub fn operation(&self) -> Option<Operation> {
        self.received.operation()
    }

    /// What it asks for, where it can be understood.
    pub fn request(&self) -> Option<Request> {
        self.received.request().and_then(Result::ok)
    }

    /// The contact data that it holds.
    pub fn contact(&self) -> Option<Contact> {
        self.request().as_ref().map(contact)
    }

    /// The status that it was answered with.
    pub fn status(&self) -> Option<u16> {
        match self.received.sent() {
            Sent::Answer { status, .. } => Some(status),
            Sent::Unreadable | Sent::Nothing | Sent::Open => None,
        }
    }
}

/// The contact data of a request.
fn contact(request: &Request) -> Contact {
    match request {
        Request::Grant(grant) => Contact {
            email: grant.email.clone(),
            phone: grant.phone_number.clone(),
            country_code: grant.country_code.clone(),
            reference: grant.reference.clone(),
        },
        Request::Update(update) => Contact {
            email: update.email.clone(),
            phone: update.phone_number.clone(),
            country_code: update.country_code.clone(),
            reference: update.reference.clone(),
        },
        Request::Pulse(pulse) => Contact { reference: pulse.reference.clone(), ..Contact::default() },
        Request::Revoke(_) => Contact::default(),
    }
}

/// What was read of the arrivals that are over, so that none is read twice.
#[derive(Default)]
pub(super) struct Read {
    arrivals: Vec<Arrival>,
    /// The doors of each access.
    doors: BTreeMap<String, Vec<String>>,
    /// Whom each access was granted for, as told last.
    contacts: BTreeMap<String, Contact>,
    /// When each access was asked for first.
    asked: BTreeMap<String, Instant>,
    /// The paths of the links that were given.
    links: BTreeSet<String>,
}

/// The arrivals that are in the evidence.
#[derive(Default)]
pub(super) struct Recorded {
    /// Up to this number all are.
    all_to: u64,
    /// Those beyond it.
    numbers: BTreeSet<u64>,
    /// Under which name each is there, and the doors that it is about.
    exchanges: Vec<(String, Vec<String>)>,
}

impl Recorded {
    /// Forgets single numbers where none before them is missing.
    fn close_up(&mut self) {
        while self.numbers.remove(&(self.all_to + 1)) {
            self.all_to += 1;
        }
    }
}

impl Read {
    /// Whom an access was granted for.
    pub(super) fn contact(&self, reference: &str) -> Option<&Contact> {
        self.contacts.get(reference)
    }

    /// When an access was asked for first, as far as its answer named it.
    pub(super) fn asked_at(&self, reference: &str) -> Option<Instant> {
        self.asked.get(reference).copied()
    }

    /// The number of the last arrival that was read.
    fn last(&self) -> u64 {
        self.arrivals.last().map_or(0, |arrival| arrival.received.number())
    }

    fn arrival(&mut self, received: &Received) -> Arrival {
        let request = received.request().and_then(Result::ok);
        let mut doors: Vec<String> =
            request.as_ref().and_then(Request::lock_id).map(str::to_owned).into_iter().collect();
        let about = match &request {
            Some(Request::Update(update)) => Some(&update.reference_id),
            Some(Request::Revoke(revoke)) => Some(&revoke.reference_id),
            _ => None,
        };
        if let Some(known) = about.and_then(|reference| self.doors.get(reference)) {
            doors.extend(known.iter().cloned());
        }
        if let Some(reference) = received.reference_id() {
            self.doors.insert(reference.clone(), doors.clone());
            self.asked.entry(reference.clone()).or_insert(received.at());
            if let Some(request) = &request {
                let told = contact(request);
                let known = self.contacts.entry(reference).or_default();
                known.email = told.email.or(known.email.take());
                known.phone = told.phone.or(known.phone.take());
                known.country_code = told.country_code.or(known.country_code.take());
                known.reference = told.reference.or(known.reference.take());
            }
        }
        self.links.extend(received.link());
        let request = received.exposed();
        let looks = matches!(request.method.as_str(), "GET" | "HEAD");
        let follows_link = looks && self.links.contains(&request.path);
        Arrival { received: received.clone(), doors, follows_link }
    }
}

impl PartnerBench {
    /// Every call that arrived, oldest first. Whoever follows a link that Inlet gave
    /// for a guest, to see whether it is there, calls nothing.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals_that(|_| true)
    }

    /// What arrived about a door.
    pub fn arrivals_at(&self, room: &Room) -> Vec<Arrival> {
        self.scene.is_about(&room.0);
        self.arrivals_that(|arrival| arrival.doors.contains(&room.0))
    }

    fn arrivals_that(&self, wanted: impl Fn(&Arrival) -> bool) -> Vec<Arrival> {
        let mut read = self.read();
        let open = self.inlet.control().received_since(read.last());
        let open: Vec<Arrival> = open.iter().map(|one| read.arrival(one)).collect();
        read.arrivals
            .iter()
            .chain(&open)
            .filter(|arrival| !arrival.follows_link && wanted(arrival))
            .cloned()
            .collect()
    }

    /// What was read so far, up to the first that is not over yet.
    pub(super) fn read(&self) -> MutexGuard<'_, Read> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let received = self.inlet.control().received_since(read.last());
        for one in received.into_iter().take_while(|one| one.ended().is_some()) {
            let arrival = read.arrival(&one);
            read.arrivals.push(arrival);
        }
        read
    }

    /// Why not everything that arrived is known, where it is not.
    pub fn forgotten(&self) -> Option<String> {
        let dropped = self.inlet.control().dropped();
        (dropped > 0).then(|| format!("{dropped} calls were dropped from Inlet's journal"))
    }

    /// The accesses that stand at some doors.
    pub fn standing_at(&self, doors: &[Room]) -> Vec<Standing> {
        doors.iter().for_each(|room| self.scene.is_about(&room.0));
        let read = self.read();
        let contacts = &read.contacts;
        let doors: BTreeSet<&str> = doors.iter().map(|room| room.0.as_str()).collect();
        let here = |door: &str| doors.contains(door);
        let accesses = self.inlet.control().accesses().into_iter();
        accesses
            .filter(|access| access.state == AccessState::Active && here(access.lock.as_str()))
            .map(|access| Standing {
                contact: contacts.get(&access.reference_id).cloned().unwrap_or_default(),
                door: access.lock.as_str().to_owned(),
                window: access.window,
                code: access.code.as_ref().map(|code| code.keys().to_owned()),
                reference_id: access.reference_id,
            })
            .collect()
    }

    /// Doors at which an access stands though nothing was ever booked there, or for
    /// a guest for whom nobody booked it.
    pub fn strays(&self) -> Vec<String> {
        let typed = self.all_typed();
        let read = self.read();
        let accesses = self.inlet.control().accesses().into_iter();
        let standing = accesses.filter(|access| access.state == AccessState::Active);
        let strays = standing.filter_map(|access| {
            let door = access.lock.as_str();
            let contact = read.contacts.get(&access.reference_id);
            let is_stray =
                !self.rooms.is_taken(door) || contact.is_some_and(|one| one.is_elsewhere(door, &typed));
            is_stray.then(|| door.to_owned())
        });
        let strays: Vec<String> = strays.collect();
        strays.iter().for_each(|door| self.scene.is_about(door));
        strays
    }

    /// Takes what is over since the last call into the evidence; one that takes
    /// long keeps none back that came after it.
    pub fn keep_evidence(&self) {
        let mut read = self.read();
        let mut recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        for one in self.inlet.control().received_since(recorded.all_to) {
            if one.ended().is_some() && recorded.numbers.insert(one.number()) {
                let arrival = read.arrival(&one);
                let id = self.recorder.next_exchange();
                self.recorder.record(self.exchange(id.clone(), &arrival));
                recorded.exchanges.push((id, arrival.doors));
            }
        }
        recorded.close_up();
    }

    /// Lets what is still under way about the scenario's doors end, where time
    /// passes by itself: a scenario may be decided before its last answer is out.
    pub async fn let_end(&self) {
        if self.pace().factor().is_some() {
            let doors = self.scene.doors();
            let open = |one: &Arrival| {
                one.received.ended().is_none() && one.doors.iter().any(|door| doors.contains(door))
            };
            self.until(UNDER_WAY, |bench| bench.arrivals_that(open).is_empty()).await;
        }
    }

    /// The exchanges about the scenario's doors, of those that are in the evidence;
    /// nothing where it is about no door.
    pub fn evidence(&self) -> Option<Vec<Exchange>> {
        let doors = self.scene.doors();
        let recorded = self.recorded.lock().unwrap_or_else(PoisonError::into_inner);
        let about =
            recorded.exchanges.iter().filter(|(_, named)| named.iter().any(|door| doors.contains(door)));
        let about: BTreeSet<&str> = about.map(|(id, _)| id.as_str()).collect();
        let exchanges = self.recorder.exchanges().into_iter();
        (!doors.is_empty()).then(|| exchanges.filter(|one| about.contains(one.id.as_str())).collect())
    }

    fn exchange(&self, id: String, arrival: &Arrival) -> Exchange {
        let received = &arrival.received;
        let whose = arrival.doors.iter().find_map(|door| self.rooms.criterion_of(door));
        let took = received.ended().map(|ended| ended.since(received.at())).unwrap_or_default();
        let shown = received.shown();
        Exchange {
            id,
            criterion: whose.or_else(|| self.recorder.criterion()),
            operation: received
                .operation()
                .map_or_else(|| shown.path.clone(), |operation| operation.as_str().to_owned()),
            at: received.at(),
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            request: SentRequest {
                method: shown.method,
                url: format!("{}{}", self.inlet.url(), shown.path),
                headers: shown.headers,
                body: shown.body,
            },
            response: match shown.answer {
                Some((status, body)) => {
                    Answered::Answer { status, headers: Vec::new(), body, failure: None, undocumented: None }
                }
                None => Answered::Nothing {
                    why: TransportFailure::Reset,
                    detail: received.note().unwrap_or("the connection ended without an answer").to_owned(),
                },
            },
        }
    }
}
