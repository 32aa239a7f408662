//! Criteria as data: what is asked, how strictly, when it applies, and what it
//! takes to find out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::vendors::vocabulary::Function;

/// The id of a criterion: programme letters and a number, such as `LV-21`.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct CriterionId(String);

impl CriterionId {
    /// The id of that text, where it has the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let (letters, number) = text.split_once('-')?;
        let fits = !letters.is_empty()
            && letters.chars().all(|c| c.is_ascii_uppercase())
            && number.len() >= 2
            && number.chars().all(|c| c.is_ascii_digit());
        fits.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How strictly a criterion is asked for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Required for every certification (`R`).
    Required,
    /// Required for the full level only (`F`).
    Full,
    /// Preferred: told, never decisive (`P`).
    Preferred,
}

/// The certification level that is asked for or reached.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CertificationLevel {
    /// Not even the core.
    None,
    /// Every required criterion, without hold-open and return-to-normal.
    Core,
    /// Every criterion of Inlet's minimum acceptance list.
    Full,
}

/// One criterion of a programme, as data (`features/lock_vendor/criteria.toml`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// Its id; features carry it as their tag.
    pub id: CriterionId,
    /// What it asks, in one sentence.
    pub text: String,
    /// Where it comes from, in words for a reader.
    pub source: String,
    /// How strictly.
    pub level: Level,
    /// The function whose absence fails this criterion (the dagger in Inlet's
    /// list): "unsupported" is then a failure with the vendor's reason.
    pub main_for: Option<Function>,
    /// Every one must hold, or the criterion does not apply.
    pub applies_if: Vec<Condition>,
    /// What the subject must provide; without one the verdict is inconclusive.
    pub needs: Vec<Need>,
    /// Whether it is vouched for by a person and not observed.
    pub attested: bool,
    /// Whether a person's procedure, vouched for, stands in for what is observed of
    /// a partner that declares not to tell support by email.
    pub attested_without_email: bool,
    /// How an ambiguous sentence of the source was read, quoted in reports.
    pub reading: Option<String>,
    /// Whether it judges over the exchanges of all others, and so runs after them.
    pub runs_last: bool,
    /// Whether judging it is mostly waiting: where time cannot be moved, it is
    /// judged at the same time as others of the kind, after all that make haste.
    pub waits: bool,
    /// How many minutes of the subject's own time judging it takes at most, beside
    /// what it shares with others, where that is known beforehand.
    pub minutes: u32,
    /// What it rests on that is done once in a run, for all who do.
    pub shares: Vec<Shared>,
}

#[cfg(test)]
impl Criterion {
    /// A required one that says and needs nothing.
    pub(crate) fn bare(id: CriterionId) -> Self {
        Self {
            id,
            text: String::new(),
            source: String::new(),
            level: Level::Required,
            main_for: None,
            applies_if: Vec::new(),
            needs: Vec::new(),
            attested: false,
            attested_without_email: false,
            reading: None,
            runs_last: false,
            waits: false,
            minutes: 0,
            shares: Vec::new(),
        }
    }
}

/// What is done once in a run over a partner, and serves several criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shared {
    /// An ordinary stay is booked, and sent.
    Stay,
    /// The retry laboratory runs its course.
    Laboratory,
    /// Calls are refused, and what follows is watched.
    Refusals,
    /// A credential is withdrawn, and what follows is watched.
    Withdrawal,
    /// What may still follow of the calls has its time, before it is looked back on them.
    LookBack,
}

/// A condition on the capability statement or on the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// `supports:<function>`.
    Supports(Function),
    /// `tokens_expire`.
    TokensExpire,
    /// `target_not_loopback`.
    TargetNotLoopback,
    /// `door_declared`.
    DoorDeclared,
    /// `caller_chooses_pin`.
    CallerChoosesPin,
    /// `pins_sent_to_lock`.
    PinsSentToLock,
    /// `names_sent`.
    NamesSent,
    /// `rate_limit_documented`.
    RateLimitDocumented,
}

/// What a criterion needs of its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// A group with some but not all locks.
    PartialGroup,
    /// A group without locks.
    EmptyGroup,
    /// A lock that may be used freely (allow-listed for actuation).
    FreeLock,
    /// A second such lock.
    SecondFreeLock,
    /// A lock that cannot be reached.
    OfflineLock,
    /// A lock with a low battery.
    LowBatteryLock,
    /// A door that can be opened.
    Door,
    /// Somebody who types PINs: the simulated keypad, or a person.
    Keypad,
    /// Somebody who presents mobile keys: the simulated phone, or a person.
    Phone,
    /// The fault proxy, or the simulator's faults.
    FaultProxy,
    /// A person's address for invitations.
    TesterContact,
    /// Time that can be moved.
    MovableTime,
}
