//! What happens at a lock, and how it truly is: reachability, door, keypad,
//! phone, bolt.

use super::person::{Question, Said};
use super::{Bench, Missing, Side, Tried};
use crate::vendors::vocabulary::{CredentialId, Instant, LockId, Pin, Word};

impl Bench {
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

    /// Whether a lock or group is truly as the subject file says, where the
    /// subject tells otherwise: a person's word. In a simulated world all are.
    pub async fn is_as_named(&self, id: &str, question: &str) -> Result<bool, Missing> {
        let Side::Foreign(foreign) = &self.side else { return Ok(true) };
        let question = Question {
            what: "fixture",
            text: question.to_owned(),
            about: format!("{id} is as the subject file says"),
            at_once: false,
        };
        Ok(foreign.ask(self.recorder.criterion(), question).await?.is_yes())
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
}

/// What a person was asked to do is done, or missing.
fn done(said: Said) -> Result<(), Missing> {
    if said.is_yes() { Ok(()) } else { Err(Missing(said.source())) }
}
