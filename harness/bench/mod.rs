//! The test bench: a subject, Inlet's side of it, and the instruments around it.
//!
//! A step asks the bench for what it needs ("an offline lock", "somebody who
//! types this PIN"); the bench takes it from the simulated world or from the
//! subject file, or says what is missing. Steps never ask which it is.

mod created;
mod foreign;
mod person;
mod simulated;
mod unknown;
mod waited;

pub use created::{Created, Creations, clean, tidy};
pub use foreign::Foreign;
pub use simulated::SimulatedPlan;
pub use waited::Waited;

use created::Intent;
use person::{Question, Said};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::harness::evidence::Recorder;
use crate::harness::integration::{
    CallFailure, Connection, Integration, MobileAccess, MobileRequest, PinAccess, PinRequest,
};
use crate::harness::result::FaultAccount;
use crate::simulator::{Effect, Fault, Place, Schedule, Simulator};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{
    Clock, CredentialId, Function, GroupId, Instant, LockId, Pin, RunName, Word,
};

/// Something that a step needs and the subject does not have. The verdict is
/// then inconclusive, with this as its reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Missing(pub String);

/// What happened at a door when somebody tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Whether it opened.
    pub opened: bool,
    /// Why, or who says so.
    pub why: String,
}

/// How the answer to the next fitting call is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// No answer comes until the caller gives up.
    Withheld,
    /// The connection is reset.
    Reset,
}

/// A subject with everything around it, for one scenario.
pub struct Bench {
    inlet: Integration,
    recorder: Recorder,
    run: RunName,
    api_url: String,
    side: Side,
    names: AtomicU32,
    created: Creations,
}

/// The other side of the wire.
enum Side {
    /// A world of its own, thrown away with the bench.
    Simulated(Box<Simulator>),
    /// A target that outlives the scenario.
    Foreign(Box<Foreign>),
}

impl Bench {
    fn new(inlet: Integration, recorder: Recorder, run: RunName, api_url: String, side: Side) -> Self {
        Self { inlet, recorder, run, api_url, side, names: AtomicU32::new(0), created: Creations::default() }
    }

    /// Inlet's side, retries off.
    pub fn inlet(&self) -> &Integration {
        &self.inlet
    }

    /// What the vendor says of itself.
    pub fn dialect(&self) -> &Dialect {
        self.inlet.dialect()
    }

    /// The evidence so far.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The clock that the scenario's steps drive.
    pub fn clock(&self) -> &Clock {
        &self.inlet.clocks().harness
    }

    /// The present at the subject.
    pub fn now(&self) -> Instant {
        self.inlet.clocks().subject.now()
    }

    /// Lets time pass at the subject: at once in a simulated world, really (and
    /// only up to a bound) on a foreign target, else missing.
    pub async fn pass(&self, span: Duration) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().advance(span).await;
                Ok(())
            }
            Side::Foreign(foreign) => foreign.pass(span).await,
        }
    }

    /// Every group there is, where the bench knows it better than the vendor
    /// says (the simulated world, or the subject file).
    pub fn known_groups(&self) -> Option<Vec<GroupId>> {
        match &self.side {
            Side::Simulated(simulator) => {
                Some(simulator.control().groups().into_iter().map(|group| group.id).collect())
            }
            Side::Foreign(_) => None,
        }
    }

    /// Every lock there is, likewise.
    pub fn known_locks(&self) -> Option<Vec<LockId>> {
        match &self.side {
            Side::Simulated(simulator) => {
                Some(simulator.control().locks().into_iter().map(|lock| lock.id).collect())
            }
            Side::Foreign(_) => None,
        }
    }

    /// A group with some but not all locks, and the locks that are truly in it
    /// where that is known (else what the vendor's own metadata says).
    pub fn partial_group(&self) -> Result<(GroupId, Option<Vec<LockId>>), Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                let id = simulator.control().fixture().partial_group;
                let group = simulator.control().groups().into_iter().find(|group| group.id == id);
                Ok((id, group.map(|group| group.locks)))
            }
            Side::Foreign(foreign) => {
                named(foreign.roles().partial_group.clone(), "a group with some locks (groups.partial)")
            }
        }
    }

    /// A group without locks.
    pub fn empty_group(&self) -> Result<GroupId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => Ok(simulator.control().fixture().empty_group),
            Side::Foreign(foreign) => {
                named(foreign.roles().empty_group.clone(), "an empty group (groups.empty)")
            }
        }
    }

    /// The `nth` lock (from 0) that may be used freely.
    pub fn free_lock(&self, nth: usize) -> Result<LockId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => simulator
                .control()
                .fixture()
                .free_locks
                .get(nth)
                .cloned()
                .ok_or_else(|| Missing(format!("the simulated world has no free lock number {nth}"))),
            Side::Foreign(foreign) => {
                named(foreign.roles().free_locks.get(nth).cloned(), "enough free locks (locks.free)")
            }
        }
    }

    /// A lock that cannot be reached.
    pub fn offline_lock(&self) -> Result<LockId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => Ok(simulator.control().fixture().offline_lock),
            Side::Foreign(foreign) => {
                named(foreign.roles().offline_lock.clone(), "an offline lock (locks.offline)")
            }
        }
    }

    /// A lock with a low battery.
    pub fn low_battery_lock(&self) -> Result<LockId, Missing> {
        match &self.side {
            Side::Simulated(simulator) => Ok(simulator.control().fixture().low_battery_lock),
            Side::Foreign(foreign) => named(
                foreign.roles().low_battery_lock.clone(),
                "a lock with a low battery (locks.low_battery)",
            ),
        }
    }

    /// An id that no lock of the subject has, in the form of those that it has.
    /// Missing where the subject does not show which locks it has.
    pub async fn unknown_lock(&self) -> Result<LockId, Missing> {
        let known = match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().locks().iter().map(|lock| lock.id.to_string()).collect()
            }
            Side::Foreign(foreign) => foreign.lock_ids(&self.inlet).await?,
        };
        unknown::unlike(&known).map(LockId::new).ok_or_else(|| not_unknown("lock"))
    }

    /// An id that no group of the subject has, likewise.
    pub async fn unknown_group(&self) -> Result<GroupId, Missing> {
        let known = match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().groups().iter().map(|group| group.id.to_string()).collect()
            }
            Side::Foreign(foreign) => foreign.group_ids(&self.inlet).await?,
        };
        unknown::unlike(&known).map(GroupId::new).ok_or_else(|| not_unknown("group"))
    }

    /// Cuts a lock off, or brings it back; on a foreign target a person does.
    pub async fn set_reachable(&self, lock: &LockId, reachable: bool) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().set_reachable(lock, reachable);
                Ok(())
            }
            Side::Foreign(foreign) => {
                let to = if reachable { "can be reached again" } else { "cannot be reached" };
                let question = Question {
                    what: "reach",
                    text: format!("Please see to it that lock {lock} {to}. Is it so?"),
                    about: format!("lock {lock} {to}"),
                    at_once: false,
                };
                done(foreign.ask(self.recorder.criterion(), question).await?)
            }
        }
    }

    /// Opens, closes, or leaves a door ajar.
    pub async fn set_door(&self, lock: &LockId, door: Word) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().set_door(lock, door);
                Ok(())
            }
            Side::Foreign(foreign) => {
                let door = door.as_str();
                let question = Question {
                    what: "door",
                    text: format!("Please bring the door of lock {lock} to this state: {door}. Is it so?"),
                    about: format!("the door of lock {lock} is {door}"),
                    at_once: false,
                };
                done(foreign.ask(self.recorder.criterion(), question).await?)
            }
        }
    }

    /// Whether somebody can type at a keypad at all, to be asked before time is
    /// spent on waiting for it.
    pub fn keypad(&self) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(_) => Ok(()),
            Side::Foreign(foreign) => foreign.person("keypad"),
        }
    }

    /// Somebody types keys at a lock.
    pub async fn type_keys(&self, lock: &LockId, keys: &Pin) -> Result<Tried, Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                let answer = simulator.control().keypad(lock, keys.keys());
                Ok(Tried { opened: answer.opened, why: answer.why })
            }
            Side::Foreign(foreign) => {
                let question = Question {
                    what: "keypad",
                    text: format!("Please type {} at lock {lock} now. Does it open?", keys.keys()),
                    about: format!("lock {lock} opens on its keypad"),
                    at_once: true,
                };
                let said = foreign.ask(self.recorder.criterion(), question).await?;
                Ok(Tried { opened: said.is_yes(), why: said.source() })
            }
        }
    }

    /// Somebody presents a mobile key at a lock.
    pub async fn present(&self, lock: &LockId, credential: &CredentialId) -> Result<Tried, Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                let answer = simulator.control().phone(lock, credential);
                Ok(Tried { opened: answer.opened, why: answer.why })
            }
            Side::Foreign(foreign) => {
                let question = Question {
                    what: "phone",
                    text: format!(
                        "Please present the mobile key {credential} at lock {lock} now. Does it open?"
                    ),
                    about: format!("lock {lock} opens for a phone"),
                    at_once: true,
                };
                let said = foreign.ask(self.recorder.criterion(), question).await?;
                Ok(Tried { opened: said.is_yes(), why: said.source() })
            }
        }
    }

    /// How the bolt truly is: the simulated world's truth, or a person's word.
    pub async fn bolt(&self, lock: &LockId) -> Result<Word, Missing> {
        match &self.side {
            Side::Simulated(simulator) => simulator
                .control()
                .lock(lock)
                .map(|view| view.bolt)
                .ok_or_else(|| Missing(format!("the simulated world has no lock {lock}"))),
            Side::Foreign(foreign) => {
                let question = Question {
                    what: "bolt",
                    text: format!("Is lock {lock} locked at this moment?"),
                    about: format!("lock {lock} is locked"),
                    at_once: true,
                };
                let said = foreign.ask(self.recorder.criterion(), question).await?;
                Ok(if said.is_yes() { Word::Locked } else { Word::Unlocked })
            }
        }
    }

    /// How the bolt truly was at an instant, and every change since, in order;
    /// `None` where no instrument keeps it.
    pub fn bolt_history(&self, lock: &LockId, since: Instant) -> Option<Vec<(Instant, Word)>> {
        match &self.side {
            Side::Simulated(simulator) => Some(simulator.control().bolt_history(lock, since)),
            Side::Foreign(_) => None,
        }
    }

    /// Has somebody watch a lock that is about to move; nothing where an
    /// instrument does.
    pub async fn watch(&self, lock: &LockId) -> Result<(), Missing> {
        let Side::Foreign(foreign) = &self.side else { return Ok(()) };
        let question = Question {
            what: "watch",
            text: format!("Lock {lock} is told to open as soon as you answer. Are you watching it?"),
            about: format!("lock {lock} was watched"),
            at_once: false,
        };
        done(foreign.ask(self.recorder.criterion(), question).await?)
    }

    /// What the person who watched a lock saw: whether it did `what`.
    pub async fn seen(&self, lock: &LockId, what: &str) -> Result<bool, Missing> {
        let Side::Foreign(foreign) = &self.side else {
            return Err(Missing("nobody watches a simulated lock but the world itself".to_owned()));
        };
        let question = Question {
            what: "watch",
            text: format!("Did lock {lock} {what}?"),
            about: format!("lock {lock} did {what}"),
            at_once: true,
        };
        Ok(foreign.ask(self.recorder.criterion(), question).await?.is_yes())
    }

    /// How far from the edge of a window something is tried: a second in a
    /// simulated world, minutes where a person has to be asked and to answer.
    pub fn margin(&self) -> Duration {
        match &self.side {
            Side::Simulated(_) => Duration::from_secs(1),
            Side::Foreign(_) => person::ANSWER_WITHIN + Duration::from_secs(60),
        }
    }

    /// Whether what is tried now is over before an instant: at once in a
    /// simulated world, after the longest time for an answer with a person.
    pub fn tried_before(&self, edge: Instant) -> Result<(), Missing> {
        match &self.side {
            Side::Foreign(_) if self.now() + person::ANSWER_WITHIN > edge => Err(Missing(format!(
                "it is too late to try something before {edge} by hand: earlier answers took too long"
            ))),
            _ => Ok(()),
        }
    }

    /// What people said in the scenario under way; a verdict that rests on it
    /// is attested. Each is told once.
    pub fn testimony(&self) -> Vec<String> {
        match &self.side {
            Side::Simulated(_) => Vec::new(),
            Side::Foreign(foreign) => foreign.testimony(),
        }
    }

    /// Answers of people that nothing has asked for.
    pub async fn unused_answers(&self) -> Vec<String> {
        match &self.side {
            Side::Simulated(_) => Vec::new(),
            Side::Foreign(foreign) => foreign.unused().await,
        }
    }

    /// How long was rightly waited, for the watchdog.
    pub fn waited(&self) -> Waited {
        match &self.side {
            Side::Simulated(_) => Waited::default(),
            Side::Foreign(foreign) => foreign.waited(),
        }
    }

    /// Whether the gaps between attempts at a creation really pass: in a
    /// simulated world all of them do, on its own clock.
    pub fn real_gaps(&self) -> bool {
        match &self.side {
            Side::Simulated(_) => true,
            Side::Foreign(foreign) => foreign.real_gaps(),
        }
    }

    /// Loses the answer to the next call of `operation`, after or before the
    /// vendor has carried it out. The returned integration must be used.
    pub async fn lose_answer(
        &self,
        operation: &str,
        loss: Loss,
        carried_out: bool,
    ) -> Result<Integration, Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().inject(Fault {
                    place: Place { operation: Some(operation.to_owned()), ..Place::default() },
                    schedule: Schedule { times: Some(1), ..Schedule::default() },
                    effect: match loss {
                        Loss::Withheld => Effect::Withhold { carried_out },
                        Loss::Reset => Effect::Reset { carried_out },
                    },
                });
                Ok(self.inlet.with_retries(crate::harness::integration::Retries::Off))
            }
            Side::Foreign(foreign) => foreign.lose_answer(&self.inlet, operation, loss, carried_out).await,
        }
    }

    /// What was injected in this scenario and what took effect.
    pub fn faults(&self) -> Vec<FaultAccount> {
        let criterion = self.recorder.criterion();
        match &self.side {
            Side::Simulated(simulator) => simulator
                .control()
                .faults()
                .iter()
                .map(|account| simulated::told(account, criterion.clone()))
                .collect(),
            Side::Foreign(foreign) => foreign.faults(criterion.as_ref()),
        }
    }

    /// Where an invitation may go.
    pub fn tester_email(&self) -> Result<String, Missing> {
        match &self.side {
            Side::Simulated(_) => Ok("tester@lockstep.example".to_owned()),
            Side::Foreign(foreign) => named(foreign.tester_email(), "a tester's address (tester.email)"),
        }
    }

    /// Whether the subject is the simulated vendor.
    pub fn is_simulated(&self) -> bool {
        matches!(self.side, Side::Simulated(_))
    }

    /// Whether the subject is reached over loopback.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.api_url)
    }

    /// The address that calls go to, for criteria on the connection.
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// Asks for a PIN by `inlet` (the bench's own, or one that repeats or loses
    /// answers). The creation is kept in mind before it is sent, so that it is
    /// taken back at the end whatever becomes of the call.
    pub async fn create_pin(
        &self,
        inlet: &Integration,
        request: &PinRequest,
    ) -> Result<PinAccess, CallFailure> {
        let intent = Intent::new("PIN access", inlet.name_sent(&request.name), &request.scope);
        let intent = self.created.intend(intent);
        let result = inlet.create_pin_access(request).await;
        match &result {
            Ok(access) => {
                let user = inlet.user_made(Function::CreatePinAccess, &access.facts);
                self.created.became(intent, user, Created::Pin(access.clone()));
            }
            Err(failure) => self.created.failed(intent, failure),
        }
        result
    }

    /// Likewise for a mobile key.
    pub async fn create_mobile(
        &self,
        inlet: &Integration,
        request: &MobileRequest,
    ) -> Result<MobileAccess, CallFailure> {
        let intent = Intent::new("mobile key", inlet.name_sent(&request.name), &request.scope);
        let intent = self.created.intend(intent);
        let result = inlet.create_mobile_access(request).await;
        match &result {
            Ok(access) => {
                let user = inlet.user_made(Function::CreateMobileAccess, &access.facts);
                self.created.became(intent, user, Created::Mobile(access.clone()));
            }
            Err(failure) => self.created.failed(intent, failure),
        }
        result
    }

    /// Keeps in mind that a change has led to another access.
    pub fn created_pin(&self, access: &PinAccess) {
        self.created.add(Created::Pin(access.clone()));
    }

    /// Unlocks a lock, and keeps in mind to bring it back to normal unless the
    /// vendor clearly refuses, which moves nothing.
    pub async fn unlock(&self, lock: &LockId) -> Result<(), CallFailure> {
        let moved = Created::Actuated(lock.clone());
        self.created.add(moved.clone());
        let result = self.inlet.unlock(lock).await;
        if result.as_ref().is_err_and(created::is_clear_refusal) {
            self.created.forget(&moved);
        }
        result
    }

    /// To be asked before a lock is unlocked, held open or returned to normal:
    /// whether that is allowed at all. Every lock of the simulated vendor may be
    /// moved, else those that the subject file names; the integration refuses
    /// to move another one, whoever asks.
    pub fn may_actuate(&self, lock: &LockId) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(_) => Ok(()),
            Side::Foreign(foreign) if foreign.roles().actuation.contains(lock) => Ok(()),
            Side::Foreign(_) => Err(Missing(format!(
                "lock {lock} may not be moved: add \"{lock}\" to allow_actuation in the subject file"
            ))),
        }
    }

    /// Likewise, and keeps in mind that the lock is brought back to normal.
    pub fn actuates(&self, lock: &LockId) -> Result<(), Missing> {
        self.may_actuate(lock)?;
        self.created.add(Created::Actuated(lock.clone()));
        Ok(())
    }

    /// A name for the `nth` thing of this scenario; bears the run's name.
    pub fn name(&self, what: &str) -> String {
        let nth = self.names.fetch_add(1, Ordering::Relaxed);
        match nth {
            0 => format!("{} {what}", self.run),
            more => format!("{} {what} {}", self.run, more + 1),
        }
    }
}

/// What a person was asked to do is done, or missing.
fn done(said: Said) -> Result<(), Missing> {
    if said.is_yes() { Ok(()) } else { Err(Missing(said.source())) }
}

fn not_unknown(what: &str) -> Missing {
    Missing(format!("no {what} id can be shown to be unknown to the subject, so none is tried"))
}

fn named<T>(value: Option<T>, what: &str) -> Result<T, Missing> {
    value.ok_or_else(|| Missing(format!("the subject file does not name {what}")))
}

/// Whether an address leads to this machine.
pub fn is_loopback(address: &str) -> bool {
    let Ok(url) = url::Url::parse(address) else { return false };
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}

/// The address of the server `api`, or of the first.
fn api_of(connection: &Connection) -> String {
    let api = connection.servers.get("api").or_else(|| connection.servers.values().next());
    api.cloned().unwrap_or_default()
}
