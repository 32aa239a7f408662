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
    /// Shortest name, in characters, that is taken.
    pub name_min: Option<u32>,
    /// Whether the names of the PINs on one lock must differ.
    pub names_unique: bool,
    /// Largest page that the vendor answers with.
    pub page_size: u32,
    /// Length of a momentary unlock.
    pub pulse: Duration,
    /// Longest hold.
    pub hold_max: Option<Duration>,
    /// How long things take at most, as documented.
    pub delays: Delays,
    /// The documented rate limit of the whole account, over all calls.
    pub rate: Option<RateLimit>,
    /// Further documented rate limits, each of some calls or of one lock.
    pub rates: Vec<ScopedRate>,
    /// How many commands may be under way at once.
    pub pending: Vec<PendingLimit>,
    /// How far the sender's clock may be off in a request that carries its time.
    pub clock_skew: Option<Duration>,
    /// Rules for mobile credentials.
    pub mobile: MobileLimits,
    /// What becomes of a command to a lock that cannot be reached.
    pub command_offline: CommandPolicy,
    /// Whether a hold draws the bolt by itself, or keeps it drawn once it is.
    pub hold_opens: bool,
    /// The description of computed PINs, where the vendor has them.
    pub algo_pin: Option<AlgoLimits>,
    /// Below this charge a battery is low, in percent.
    pub low_battery: u8,
}

impl Limits {
    /// The limits of some calls beyond which a call is refused.
    pub fn refusing_rates(&self) -> impl Iterator<Item = &ScopedRate> {
        self.rates.iter().filter(|rate| rate.beyond == Beyond::Refuse)
    }

    /// The longest span over which a documented rate limit counts an operation:
    /// after it the operation is allowed again, whichever limit was hit.
    pub fn longest_span(&self, operation: &str) -> Option<Duration> {
        let scoped = self.rates.iter().filter(|rate| rate.counts(operation)).map(|rate| rate.limit.per);
        self.rate.map(|rate| rate.per).into_iter().chain(scoped).max()
    }
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
    /// The lengths that there are between the two, where not every one is.
    pub only_lengths: Vec<u32>,
    /// Allowed keys.
    pub alphabet: String,
    /// Further rules.
    pub rules: Vec<PinRule>,
    /// Where a PIN can stand once only.
    pub unique: Uniqueness,
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
    /// Numbered places for PINs on each lock, from 1, of which the caller chooses
    /// one; `None` where the vendor gives ids.
    pub slots: Option<u32>,
}

impl PinLimits {
    /// Whether a PIN may have so many keys.
    pub fn allows_length(&self, length: u32) -> bool {
        (self.min_length..=self.max_length).contains(&length)
            && (self.only_lengths.is_empty() || self.only_lengths.contains(&length))
    }

    /// The allowed length that is nearest to one that is wished for.
    pub fn length_near(&self, wished: u32) -> u32 {
        let nearest = self.only_lengths.iter().copied().min_by_key(|length| length.abs_diff(wished));
        nearest.unwrap_or_else(|| wished.clamp(self.min_length.min(self.max_length), self.max_length))
    }
}

/// Where a PIN can stand once only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// On each lock.
    Lock,
    /// In the whole account: what opens one lock is given for no other.
    Account,
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
    /// It is accepted and never carried out.
    Drop,
}

/// What becomes of a command to a lock that cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommandPolicy {
    /// It is refused as offline.
    Refuse,
    /// It is accepted and never carried out.
    Drop,
}

/// Rules for mobile credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MobileLimits {
    /// What a second credential of the same user on the same lock does.
    pub same_user: SameUser,
}

/// What a second credential of the same user on the same lock does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameUser {
    /// It stands beside the first.
    Add,
    /// It takes the first one's place without a word.
    Replace,
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
    /// No three neighbours that go up or down by one.
    NoTripleSequence,
    /// No two PINs on one lock begin with the same four keys.
    UniqueFirstFourDigits,
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
    /// Shortest window.
    pub min: Option<Duration>,
    /// Whether a window that began before it is asked for is refused.
    pub starts_in_future: bool,
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
    /// Until a created access is listed.
    pub listing: Duration,
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
    /// What the window is rounded to.
    pub rounding: Option<Duration>,
    /// What becomes of a finer window.
    pub rounded: Rounding,
    /// Longest window.
    pub max_validity: Option<Duration>,
    /// Within which time after its start the PIN must be used once.
    pub activate_within: Option<Duration>,
    /// Whether it can be withdrawn.
    pub revocable: Option<bool>,
    /// Windows of this length and more end at the hour at which they begin.
    pub equal_hours_from: Option<Duration>,
    /// How many PINs there are for one lock and window.
    pub variants: u32,
}

/// A rate limit of some calls.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopedRate {
    /// The limit.
    pub limit: RateLimit,
    /// What it is counted for.
    pub of: RateScope,
    /// The operations that it counts; all where none is named.
    pub operations: Vec<String>,
    /// What becomes of a call beyond it.
    pub beyond: Beyond,
}

/// What becomes of a call beyond a rate limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Beyond {
    /// It is refused as one too many.
    #[default]
    Refuse,
    /// It is taken, and its command waits for its turn.
    Wait,
}

impl ScopedRate {
    /// Whether it counts an operation.
    pub fn counts(&self, operation: &str) -> bool {
        self.operations.is_empty() || self.operations.iter().any(|name| name == operation)
    }
}

/// What a rate limit is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateScope {
    /// The account: all calls together.
    Account,
    /// Each lock apart; a call that names no lock is not counted.
    Lock,
    /// Each bridge apart; a call that names no bridge is not counted.
    Bridge,
}

/// How many commands may be under way at once.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingLimit {
    /// Commands; one more is refused as busy.
    pub jobs: u32,
    /// What they are counted for.
    pub of: RateScope,
    /// The operations whose commands are counted; all where none is named.
    pub operations: Vec<String>,
}

impl PendingLimit {
    /// Whether it counts the commands of an operation.
    pub fn counts(&self, operation: &str) -> bool {
        self.operations.is_empty() || self.operations.iter().any(|name| name == operation)
    }
}

/// A documented rate limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    /// Calls.
    pub calls: u32,
    /// In this span.
    pub per: Duration,
}
