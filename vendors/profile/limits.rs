//! Limits as data: the criteria read them, the simulator enforces them.

use std::time::Duration;

/// What the vendor's system allows, and how long things take. Every value has
/// a default that limits nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Rules for PINs.
    pub pin: PinLimits,
    /// Rules for validity windows.
    pub window: WindowLimits,
    /// People that the account's subscription has room for.
    pub seats: Option<u32>,
    /// PINs that one lock can hold.
    pub codes_per_lock: Option<u32>,
    /// Longest name, in characters, that is kept whole.
    pub name_length: Option<u32>,
    /// Largest page that the vendor answers with.
    pub page_size: u32,
    /// Length of a momentary unlock.
    pub pulse: Duration,
    /// Longest hold.
    pub hold_max: Option<Duration>,
    /// How long things take at most, as documented.
    pub delays: Delays,
    /// The documented rate limit.
    pub rate: Option<RateLimit>,
    /// The description of computed PINs, where the vendor has them.
    pub algo_pin: Option<AlgoLimits>,
    /// Below this charge a battery is low, in percent.
    pub low_battery: u8,
}

/// Rules for PINs.
#[derive(Clone, Debug, PartialEq)]
pub struct PinLimits {
    /// Who chooses the PIN.
    pub chosen_by: ChosenBy,
    /// Allowed lengths, without prefix and suffix.
    pub min_length: u32,
    /// Longest PIN.
    pub max_length: u32,
    /// Allowed keys.
    pub alphabet: String,
    /// Further rules.
    pub rules: Vec<PinRule>,
    /// Keys typed before the PIN.
    pub prefix: String,
    /// Keys typed after the PIN.
    pub suffix: String,
    /// Whether a PIN can be withdrawn; `false` is written with a reason.
    pub irrevocable: Option<String>,
    /// How a PIN reaches the lock.
    pub delivery: Delivery,
    /// What happens while the lock is offline.
    pub offline: OfflinePolicy,
}

/// Who chooses a PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChosenBy {
    /// The caller sends it.
    Caller,
    /// The vendor's answer carries it.
    Vendor,
}

/// How a PIN reaches the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It is sent to the lock, which must be reachable.
    Lock,
    /// The lock asks the cloud, or computes it.
    Cloud,
}

/// What a creation does on an offline lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfflinePolicy {
    /// It fails.
    Refuse,
    /// It is kept, said to be pending, and takes effect when the lock returns.
    Defer,
}

/// Rules that a PIN must obey beyond length and alphabet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PinRule {
    /// No zero anywhere.
    NoZeros,
    /// Must not begin with `12`.
    CannotStartWith12,
    /// Not the same key throughout.
    NotAllSame,
    /// Not a run upwards or downwards.
    NoSequence,
    /// At least three different keys.
    ThreeUnique,
}

/// Rules for validity windows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WindowLimits {
    /// What windows are exact to; `None` to the second.
    pub unit: Option<Duration>,
    /// What happens to a window that is finer than the unit.
    pub rounding: Rounding,
    /// Longest window.
    pub max: Option<Duration>,
}

/// What a vendor does with a window finer than its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Refuses it.
    Reject,
    /// Drops the finer part of both ends.
    Truncate,
    /// Moves the start down and the end up.
    Widen,
}

/// How long things take at most, as the vendor documents.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delays {
    /// Until a created PIN opens.
    pub creation: Duration,
    /// Until a removed access opens no more.
    pub removal: Duration,
    /// Until a lock that is gone is told as unreachable.
    pub offline: Duration,
    /// Until an actuation is answered.
    pub actuation: Duration,
    /// How long an asynchronous command takes.
    pub job: Duration,
}

/// What the vendor says of PINs that are computed without contact to the lock.
#[derive(Clone, Debug, PartialEq)]
pub struct AlgoLimits {
    /// What the window is widened to.
    pub rounding: Option<Duration>,
    /// Longest window.
    pub max_validity: Option<Duration>,
    /// Within which time after its start the PIN must be used once.
    pub activate_within: Option<Duration>,
    /// Whether it can be withdrawn.
    pub revocable: Option<bool>,
    /// Whether the caller rounds; the vendor then refuses what is not whole.
    pub rounded_by_caller: bool,
    /// Windows of this length and more end at the hour at which they begin.
    pub equal_hours_from: Option<Duration>,
    /// How many PINs there are for one lock and window.
    pub variants: u32,
}

/// A documented rate limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Calls.
    pub calls: u32,
    /// In this span.
    pub per: Duration,
}
