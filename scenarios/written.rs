//! A scenario as it is written: the one source of what the loader takes and of
//! the schema that editors use.

use schemars::JsonSchema;
use serde::Deserialize;

use super::at::{At, Text};
use super::expect::Notice;
use crate::vendors::vocabulary::{FailureKind, Meaning};

/// A scenario: a fleet, what happens in it, who comes, and what must have
/// happened in the end.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A scenario")]
pub(super) struct Document {
    /// Version of the language: `lockstep.scenario/1`.
    pub schema: Text,
    /// What it is about, in a few words.
    pub title: String,
    /// The story, for people.
    #[serde(default)]
    pub story: String,
    /// What a good integration does, in a sentence.
    #[serde(default)]
    pub good: String,
    /// Seed of everything random.
    pub seed: Option<u64>,
    /// The first instant, as date and time (`2027-03-27 09:00`).
    pub start: Option<Text>,
    /// When it is over; unless given, when the last thing written has happened.
    pub ends: Option<Text>,
    /// What stands there.
    pub fleet: Fleet,
    /// How this vendor differs from its profile.
    #[serde(default)]
    pub vendor: Vendor,
    /// What Inlet does beside booking.
    #[serde(default)]
    pub inlet: Inlet,
    /// What happens in the world.
    #[serde(default)]
    pub events: Vec<Event>,
    /// Who comes.
    #[serde(default)]
    pub guests: Vec<Guest>,
    /// What must have happened.
    #[serde(default)]
    pub expect: Vec<Expect>,
}

/// What stands there.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Fleet {
    /// Locks, numbered from 1.
    pub locks: At<u32>,
    /// Groups that the locks are spread over.
    pub groups: At<u32>,
    /// Locks that are left where the scenario is played small.
    pub small: Option<At<u32>>,
    /// Time zone in which times of day are meant; `UTC` unless given.
    pub zone: Option<Text>,
    /// PINs that one lock holds at most, where fewer than the vendor documents.
    pub codes_per_lock: Option<At<u32>>,
    /// Bridges, numbered from 1, each with the locks behind it (`3-12`).
    #[serde(default)]
    pub bridges: Vec<Text>,
}

/// How this vendor differs from its profile.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Vendor {
    /// By how much its clock is wrong: `5 min fast`, `5 min slow`.
    pub clock: Option<Text>,
    /// How long its tokens live.
    pub tokens: Option<Text>,
    /// Its rate limit, where stricter than documented.
    pub rate: Option<Rate>,
}

/// A rate limit.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Rate {
    /// Calls.
    pub calls: At<u32>,
    /// In this span.
    pub per: Text,
}

/// What Inlet does beside booking.
#[derive(Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Inlet {
    /// How often the state of each lock is asked for; never, unless given.
    pub watch: Option<Text>,
    /// The locks whose state is asked for; all, unless given.
    pub watched: Option<Text>,
    /// Whether the vendor's callbacks are listened to.
    #[serde(default)]
    pub listens: bool,
    /// After what time a booking that was refused is tried again; 5 min unless given.
    pub again: Option<Text>,
}

/// Something that happens at a moment, once or repeatedly.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    /// A span from the start.
    pub after: Option<Text>,
    /// A time of day, or a date with time.
    pub at: Option<Text>,
    /// Again after this span, and so on.
    pub every: Option<Text>,
    /// The moment after which it is not repeated.
    pub until: Option<Text>,
    /// What happens.
    pub then: At<Happening>,
}

/// What happens.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Happening {
    /// Locks can no longer be reached.
    GoOffline(Locks),
    /// Locks can be reached again.
    ComeBack(Locks),
    /// A bridge is cut off with every lock behind it.
    BridgeDies(Bridge),
    /// A bridge returns.
    BridgeReturns(Bridge),
    /// Batteries have this charge.
    Battery {
        /// One lock.
        lock: Option<At<u32>>,
        /// Several.
        locks: Option<Text>,
        /// The charge.
        percent: At<u8>,
    },
    /// Batteries lose charge.
    Drain {
        /// One lock.
        lock: Option<At<u32>>,
        /// Several.
        locks: Option<Text>,
        /// Points of percent.
        by: At<u8>,
    },
    /// Doors move.
    Door {
        /// One lock.
        lock: Option<At<u32>>,
        /// Several.
        locks: Option<Text>,
        /// `open`, `closed`, `ajar` or `forced`.
        is: Text,
    },
    /// Calls fail.
    Fault {
        /// Those of this operation of the profile.
        operation: Option<String>,
        /// Those that mean this.
        meaning: Option<Meaning>,
        /// Those that make an access: its assignment, or the PIN where the vendor
        /// makes both in one call.
        #[serde(default)]
        creation: bool,
        /// Those about this lock.
        lock: Option<At<u32>>,
        /// So many are let through first.
        skip: Option<u32>,
        /// So many fail; all, unless given.
        times: Option<u32>,
        /// For so long.
        lasts: Option<Text>,
        /// Chance for each, 0 to 1.
        chance: Option<At<f64>>,
        /// How.
        by: Disturbance,
    },
    /// Every fault ends.
    Mend {},
    /// Every token that was given out is void.
    ExpireTokens {},
    /// The vendor's callbacks are sent late from now on.
    CallbacksLate {
        /// So much later than the profile says.
        by: Text,
    },
    /// The vendor's callbacks are sent more than once from now on.
    CallbacksRepeat {
        /// So often beyond once.
        times: u32,
    },
    /// The vendor's clock differs from now on.
    VendorClock {
        /// `5 min fast`, `5 min slow` or `right`.
        is: Text,
    },
}

/// Locks that something happens to.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct Locks {
    /// One lock.
    pub lock: Option<At<u32>>,
    /// Several.
    pub locks: Option<Text>,
}

/// A bridge that something happens to.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct Bridge {
    /// Its number.
    pub bridge: At<u32>,
}

/// How a call fails.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Disturbance {
    /// The documented error of that kind.
    Refuse(FailureKind),
    /// A bare status.
    Status(u16),
    /// The right answer, so much later.
    Late(Text),
    /// One call too many, to be tried again after this span.
    RateLimit(Text),
    /// No answer, and not carried out.
    Silence,
    /// No answer, though carried out.
    LostAnswer,
    /// The documented timeout of something behind the vendor; not carried out.
    Timeout,
    /// The same, though carried out.
    TimeoutAfter,
    /// The connection is reset before it is carried out.
    Reset,
    /// The connection is reset after it was carried out.
    ResetAfter,
    /// Bytes that mean nothing.
    Garbage,
    /// A page for people.
    Html,
    /// The right answer, broken off in the middle.
    HalfBody,
    /// Numbers as text and text as numbers.
    WrongType,
    /// The answer from before the last change.
    Stale,
    /// The right answer; nothing is carried out.
    AcceptOnly,
    /// Carried out twice.
    Twice,
}

/// Guests: one, or a party of several with the same plans.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Guest {
    /// The name; guests of a party are numbered behind it.
    pub name: Text,
    /// How many; one for each lock, unless given.
    pub count: Option<At<u32>>,
    /// The lock.
    pub lock: Option<At<u32>>,
    /// The locks, one for each guest in turn.
    pub locks: Option<Text>,
    /// The group, for a stay that opens all of its locks.
    pub group: Option<At<u32>>,
    /// When Inlet hears of it; at the start, unless given.
    pub booked: Option<Text>,
    /// Between the bookings of one guest and the next.
    pub stagger: Option<Text>,
    /// When the stay begins.
    pub from: Text,
    /// When it ends.
    pub until: Text,
    /// When it is called off.
    pub cancelled: Option<Text>,
    /// When the PIN is typed at the door.
    #[serde(default)]
    pub types: Vec<Text>,
    /// A stay like this again after this span, and so on.
    pub every: Option<Text>,
    /// How many stays in all, with `every`.
    pub times: Option<At<u32>>,
}

/// Something that must have happened.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    /// What.
    pub that: At<Claim>,
}

/// What must have happened.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Claim {
    /// Each guest was given a PIN.
    Booked {
        /// Who.
        guest: Text,
        /// So soon after the booking at the latest.
        within: Option<Text>,
        /// Not sooner than this after the booking.
        not_before: Option<Text>,
    },
    /// No guest was given a PIN.
    NotBooked {
        /// Who.
        guest: Text,
        /// Why the last attempt failed.
        because: Option<FailureKind>,
    },
    /// Attempts to give a PIN failed in this way.
    Failed {
        /// Who.
        guest: Text,
        /// In which way.
        with: FailureKind,
        /// Exactly so often.
        times: Option<u64>,
        /// At least so often.
        at_least: Option<u64>,
        /// At most so often.
        at_most: Option<u64>,
    },
    /// The door opened for each guest.
    Opened(Door),
    /// The door stayed shut for each guest.
    StayedShut(Door),
    /// Inlet told somebody something.
    Told {
        /// What.
        notice: Notice,
        /// Of which lock.
        lock: Option<At<u32>>,
        /// Of whom.
        guest: Option<Text>,
        /// Exactly so often.
        times: Option<u64>,
        /// At least so often.
        at_least: Option<u64>,
        /// At most so often.
        at_most: Option<u64>,
        /// Not before this moment.
        not_before: Option<Text>,
        /// Not after this moment.
        by: Option<Text>,
    },
    /// The vendor was called.
    Calls {
        /// For this.
        meaning: Option<Meaning>,
        /// To make an access: its assignment, or the PIN where the vendor makes
        /// both in one call.
        #[serde(default)]
        creation: bool,
        /// So often for each guest of this name.
        for_each: Option<Text>,
        /// Exactly so often.
        times: Option<u64>,
        /// At least so often.
        at_least: Option<u64>,
        /// At most so often.
        at_most: Option<u64>,
    },
    /// Callbacks of the vendor were heard and believed.
    Heard {
        /// Exactly so often.
        times: Option<u64>,
        /// At least so often.
        at_least: Option<u64>,
        /// At most so often.
        at_most: Option<u64>,
    },
    /// PIN accesses stand at the vendor that are neither withdrawn nor over.
    Accesses {
        /// On this lock.
        lock: Option<At<u32>>,
        /// At this moment; at the end, unless given.
        at: Option<Text>,
        /// So many for each guest of this name.
        for_each: Option<Text>,
        /// Exactly so many.
        times: Option<u64>,
        /// At least so many.
        at_least: Option<u64>,
        /// At most so many.
        at_most: Option<u64>,
    },
}

/// What a door did for each guest.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct Door {
    /// Who.
    pub guest: Text,
    /// At this moment.
    pub at: Option<Text>,
    /// Exactly so often.
    pub times: Option<u64>,
    /// At least so often.
    pub at_least: Option<u64>,
    /// At most so often.
    pub at_most: Option<u64>,
}
