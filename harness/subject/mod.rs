//! A foreign target: who it is, where it is, and what a run may do there.
//!
//! A subject file (TOML, described in `README.md` beside this file) is read
//! strictly: whatever is wrong is told with line, column and nearest known
//! name, and a credential that the environment does not hold ends the command
//! before anything is sent.

mod check;
mod file;
mod hidden;
mod read;

pub use check::unusable;
pub use read::{SubjectError, bare, load, names_somebody, parse};

use std::collections::BTreeMap;
use std::time::Duration;

use crate::harness::criterion::{CriterionId, Need};
use crate::harness::integration::Timeouts;
use crate::vendors::vocabulary::{GroupId, LockId, Secret};

/// The JSON Schema of a subject file, for editors.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(file::File).to_value()
}

/// Where the particulars of a subject are written, so that advice names the right place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// In a subject file.
    InFile,
    /// As a bare address: `--target`, and the environment by the profile's names.
    AsAddress,
}

impl Given {
    /// Where addresses are written.
    pub fn servers(self) -> &'static str {
        match self {
            Self::InFile => "[servers]",
            Self::AsAddress => "--target",
        }
    }

    /// Where credentials are read from.
    pub fn credentials(self) -> &'static str {
        match self {
            Self::InFile => "the variables named under [credentials]",
            Self::AsAddress => "the variables LOCKSTEP_SECRET_…",
        }
    }

    /// Where a setting of that name is written.
    pub fn setting(self, name: &str) -> String {
        match self {
            Self::InFile => format!("`{name}` under [settings]"),
            Self::AsAddress => format!("the variable LOCKSTEP_SETTING_{}", name.to_uppercase()),
        }
    }
}

/// A foreign target, ready to be used.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Where all this is written.
    pub given: Given,
    /// The version that the vendor says it runs.
    pub version: Option<String>,
    /// Address of each server of the profile; no slash at the end.
    pub servers: BTreeMap<String, String>,
    /// Secrets by the profile's names, from the environment.
    pub secrets: BTreeMap<String, Secret>,
    /// Settings by the profile's names.
    pub settings: BTreeMap<String, String>,
    /// Locks and groups by the part that they play.
    pub roles: Roles,
    /// Where an invitation may go.
    pub tester_email: Option<String>,
    /// How a person confirms what no API shows.
    pub confirm: Confirm,
    /// What people vouch for.
    pub attestations: Vec<Attestation>,
    /// Deadlines of one exchange.
    pub timeouts: Timeouts,
    /// The longest that a step may really wait for time to pass.
    pub wait_at_most: Duration,
    /// Whether one of Inlet's gaps of 3 to 5 minutes is really waited out before
    /// a creation whose answer was lost is sent again.
    pub real_retry_gaps: bool,
}

/// Locks and groups by the part that they play.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// A group with some but not all locks, and its locks where they are named.
    pub partial_group: Option<(GroupId, Option<Vec<LockId>>)>,
    /// A group without locks.
    pub empty_group: Option<GroupId>,
    /// Locks that may be used freely; each is allowed for actuation.
    pub free_locks: Vec<LockId>,
    /// A lock that cannot be reached.
    pub offline_lock: Option<LockId>,
    /// A lock with a low battery.
    pub low_battery_lock: Option<LockId>,
    /// Locks that may be actuated.
    pub actuation: Vec<LockId>,
}

impl Roles {
    /// Every lock that is named, in whatever part; some more than once.
    pub fn locks(&self) -> Vec<LockId> {
        let group = self.partial_group.iter().filter_map(|(_, locks)| locks.as_ref()).flatten();
        let alone = self.offline_lock.iter().chain(&self.low_battery_lock);
        self.free_locks.iter().chain(&self.actuation).chain(alone).chain(group).cloned().collect()
    }
}

/// How a person confirms what no API shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirm {
    /// Nobody does; what needs it is inconclusive.
    None,
    /// By answers at the terminal.
    Ask,
    /// By answers in a file, taken in order.
    File(Vec<Confirmation>),
}

/// One answer of a person, given beforehand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The criterion in whose course it is asked.
    pub criterion: CriterionId,
    /// One of [`QUESTIONS`].
    pub question: String,
    /// The answer.
    pub answer: Answer,
    /// Who says so.
    pub by: String,
    /// On which day.
    pub when: jiff::civil::Date,
}

/// What people are asked about: keys typed, a phone presented, a door moved,
/// a bolt looked at, a lock cut off or brought back, an opening watched, and
/// whether a test lock or group is truly as the file says.
pub const QUESTIONS: &[&str] = &["keypad", "phone", "door", "bolt", "reach", "watch", "fixture"];

/// An answer of a person. Nothing else is taken for one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// `yes` or `y`.
    Yes,
    /// `no` or `n`.
    No,
}

impl Answer {
    /// Reads an answer, in any case and with blanks around it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "y" | "yes" => Some(Self::Yes),
            "n" | "no" => Some(Self::No),
            _ => None,
        }
    }

    /// `yes` or `no`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

/// Something that a person vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// The criterion.
    pub criterion: CriterionId,
    /// Who.
    pub who: String,
    /// On which day.
    pub when: jiff::civil::Date,
    /// By which document.
    pub document: String,
}

impl Subject {
    /// Why a need cannot be met, where it cannot.
    pub fn missing(&self, need: Need) -> Option<String> {
        let roles = &self.roles;
        let person = self.confirm != Confirm::None;
        let (there, what) = match need {
            Need::PartialGroup => (roles.partial_group.is_some(), "a group with some locks (groups.partial)"),
            Need::EmptyGroup => (roles.empty_group.is_some(), "an empty group (groups.empty)"),
            Need::FreeLock => (!roles.free_locks.is_empty(), "a lock that may be used freely (locks.free)"),
            Need::SecondFreeLock => (roles.free_locks.len() > 1, "a second free lock (locks.free)"),
            Need::OfflineLock => (roles.offline_lock.is_some(), "an offline lock (locks.offline)"),
            Need::LowBatteryLock => {
                (roles.low_battery_lock.is_some(), "a lock with a low battery (locks.low_battery)")
            }
            Need::Door => (person, "somebody who moves a door (confirm)"),
            Need::Keypad => (person, "somebody who types PINs (confirm)"),
            Need::Phone => (person, "somebody who presents mobile keys (confirm)"),
            Need::FaultProxy => (true, "the fault proxy"),
            Need::TesterContact => (self.tester_email.is_some(), "a tester's address (tester.email)"),
            Need::MovableTime => (false, "time that can be moved, which only the simulated vendor has"),
        };
        (!there).then(|| format!("the subject file does not name {what}"))
    }
}

#[cfg(test)]
mod tests;
