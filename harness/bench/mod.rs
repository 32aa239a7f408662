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

pub use created::{Created, Creations, clean};
pub use foreign::Foreign;
pub use simulated::SimulatedPlan;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::harness::evidence::Recorder;
use crate::harness::integration::{Connection, Integration};
use crate::harness::result::FaultAccount;
use crate::simulator::{Effect, Fault, Place, Schedule, Simulator};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Clock, CredentialId, GroupId, Instant, LockId, Pin, RunName, Word};

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

    /// Cuts a free lock off, or brings it back; missing on a foreign target.
    pub async fn set_reachable(&self, lock: &LockId, reachable: bool) -> Result<(), Missing> {
        match &self.side {
            Side::Simulated(simulator) => {
                simulator.control().set_reachable(lock, reachable);
                Ok(())
            }
            Side::Foreign(_) => {
                Err(Missing("only the simulated vendor's locks can be cut off and brought back".to_owned()))
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
                let done = foreign
                    .ask(
                        self.recorder.criterion(),
                        "door",
                        &format!(
                            "Please bring the door of lock {lock} to this state: {}. Is it so?",
                            door.as_str()
                        ),
                    )
                    .await?;
                if done.is_yes() {
                    return Ok(());
                }
                Err(Missing(format!("nobody brought the door of lock {lock} to {}", door.as_str())))
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
                let question = format!("Please type {} at lock {lock} now. Does it open?", keys.keys());
                let said = foreign.ask(self.recorder.criterion(), "keypad", &question).await?;
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
                let question =
                    format!("Please present the mobile key {credential} at lock {lock} now. Does it open?");
                let said = foreign.ask(self.recorder.criterion(), "phone", &question).await?;
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
                let question = format!("Is lock {lock} locked at this moment?");
                let said = foreign.ask(self.recorder.criterion(), "bolt", &question).await?;
                Ok(said.word().unwrap_or(if said.is_yes() { Word::Locked } else { Word::Unlocked }))
            }
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

    /// Keeps in mind that something was created, so that it is removed at the
    /// end whatever happens, by the function that removes it.
    pub fn created_pin(&self, access: &crate::harness::integration::PinAccess) {
        self.created.add(Created::Pin(access.clone()));
    }

    /// Likewise for a mobile key.
    pub fn created_mobile(&self, access: &crate::harness::integration::MobileAccess) {
        self.created.add(Created::Mobile(access.clone()));
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
