//! What the control API reads and writes. What is read says in its description
//! exactly what is understood.

use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::error::ControlError;
use crate::simulator::world::{Event, Only, Sought};
use crate::simulator::{DoorAnswer, FixtureView, GroupView, LockView};
use crate::vendors::members::Members;
use crate::vendors::vocabulary::Word;

/// Largest number that every language tells apart from its neighbours.
pub const LARGEST: u64 = 9_007_199_254_740_991;

/// The last page that can be asked for.
pub const LAST_PAGE: u32 = 1_000_000;

/// A new world. What is not given is taken from the certification fixture.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "name": "checkout-tests", "locks": 20, "groups": 2, "clock": "manual" }))]
pub struct NewWorld {
    /// Its name: letters, digits, `-` and `_`.
    #[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
    pub name: String,
    /// The profile by its name; the first one where it is not given.
    pub profile: Option<String>,
    /// Seed of everything random; made from the name where it is not given.
    #[schema(minimum = 0, maximum = 9007199254740991_i64)]
    pub seed: Option<u64>,
    /// Locks of a plain fleet.
    #[schema(minimum = 0, maximum = 1000000)]
    pub locks: Option<u32>,
    /// Groups of a plain fleet.
    #[schema(minimum = 0, maximum = 100000)]
    pub groups: Option<u32>,
    /// `real`, `manual` (which it is where it is not given), or `x10` for ten times as fast.
    #[schema(pattern = "^(real|manual|x[1-9][0-9]{0,5}([.][0-9]{1,3})?)$")]
    pub clock: Option<String>,
}

/// A world in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorldSummary {
    /// Its name.
    pub name: String,
    /// Its profile.
    pub profile: String,
    /// Its present (RFC 3339).
    #[schema(format = DateTime)]
    pub now: String,
    /// How many locks stand in it.
    pub locks: u32,
}

/// A name and a value.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// One exchange that the vendor has.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationBody {
    /// Its name in the profile, by which a fault finds it.
    pub name: String,
    /// What it means, such as `set_pin`.
    pub meaning: String,
    /// The kinds of failure for which the profile shows an answer.
    pub failures: Vec<String>,
}

/// A world with what is needed to call it.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorldDetail {
    /// The world.
    pub world: WorldSummary,
    /// Addresses by the profile's server names.
    pub servers: Vec<Named>,
    /// Credentials that it accepts; they are worth nothing anywhere else.
    pub secrets: Vec<Named>,
    /// Settings that the profile asks for.
    pub settings: Vec<Named>,
    /// The places that criteria need, by role.
    pub roles: Vec<Named>,
    /// What the vendor can be asked, in the profile's order.
    pub operations: Vec<OperationBody>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct Happened {
    /// Its number.
    pub number: u64,
    /// When (RFC 3339).
    #[schema(format = DateTime)]
    pub at: String,
    /// What, for people.
    pub what: String,
}

impl From<Event> for Happened {
    fn from(event: Event) -> Self {
        Self { number: event.number, at: event.at.to_string(), what: event.what }
    }
}

/// Where a bolt stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bolt {
    /// Drawn out: the door cannot be opened from outside.
    Locked,
    /// Drawn back.
    Unlocked,
    /// Somewhere in between, or not known.
    Unknown,
}

impl Bolt {
    /// In one word.
    pub fn told(&self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::Unknown => "unknown",
        }
    }
}

/// How a door stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Open.
    Open,
    /// Closed.
    Closed,
    /// Open for longer than it should be.
    Ajar,
    /// Opened by force.
    Forced,
}

impl Door {
    /// In one word.
    pub fn told(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Ajar => "ajar",
            Self::Forced => "forced",
        }
    }
}

/// A lock as it really is.
#[derive(Debug, Serialize, ToSchema)]
pub struct LockBody {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The groups that it is in.
    pub groups: Vec<String>,
    /// Whether it can be reached.
    pub reachable: bool,
    /// Charge in percent.
    #[schema(maximum = 100)]
    pub battery: u8,
    /// The bolt.
    pub bolt: Bolt,
    /// The door.
    pub door: Door,
    /// PINs that are given for it.
    pub pins: u32,
    /// Mobile credentials that are given for it.
    pub mobiles: u32,
}

impl LockBody {
    /// A lock with the numbers of its PINs and mobile credentials.
    pub fn of(lock: LockView, (pins, mobiles): (u32, u32)) -> Self {
        Self {
            id: lock.id.to_string(),
            name: lock.name,
            groups: lock.groups.iter().map(ToString::to_string).collect(),
            reachable: lock.reachable,
            battery: lock.battery,
            bolt: match lock.bolt {
                Word::Locked => Bolt::Locked,
                Word::Unlocked => Bolt::Unlocked,
                _ => Bolt::Unknown,
            },
            door: match lock.door {
                Word::Open => Door::Open,
                Word::Ajar => Door::Ajar,
                Word::Forced => Door::Forced,
                _ => Door::Closed,
            },
            pins,
            mobiles,
        }
    }
}

/// A group as it really is.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupBody {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its locks, in order.
    pub locks: Vec<String>,
}

impl From<GroupView> for GroupBody {
    fn from(group: GroupView) -> Self {
        let locks = group.locks.iter().map(ToString::to_string).collect();
        Self { id: group.id.to_string(), name: group.name, locks }
    }
}

/// A change of a lock; what is not given stays.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "reachable": false, "battery": 4, "door": "ajar" }))]
pub struct LockChange {
    /// Whether it can be reached.
    pub reachable: Option<bool>,
    /// Charge in percent.
    #[schema(minimum = 0, maximum = 100)]
    pub battery: Option<u8>,
    /// The door.
    #[schema(value_type = Option<Door>)]
    pub door: Option<Word>,
}

impl LockChange {
    /// Reads it.
    pub fn read(mut members: Members) -> Result<Self, ControlError> {
        let door = |text: &str| {
            Word::parse(text)
                .filter(|word| matches!(word, Word::Open | Word::Closed | Word::Ajar | Word::Forced))
        };
        let change = Self {
            reachable: members.flag("reachable")?,
            battery: members.small("battery", 0..=100)?.and_then(|percent| u8::try_from(percent).ok()),
            door: members.word("door", "`open`, `closed`, `ajar` or `forced`", door)?,
        };
        members.done()?;
        Ok(change)
    }
}

/// Keys at a keypad.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "keys": "482137#" }))]
pub struct Keys {
    /// Everything that is typed, prefix and suffix included.
    pub keys: String,
}

impl Keys {
    /// Reads it.
    pub fn read(mut members: Members) -> Result<Self, ControlError> {
        let keys = members.text("keys")?;
        let keys = members.required("keys", keys, "the keys that are typed")?;
        members.done()?;
        Ok(Self { keys })
    }
}

/// A credential at a lock.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "credential": "531201877" }))]
pub struct Presented {
    /// The mobile credential's id.
    pub credential: String,
}

impl Presented {
    /// Reads it.
    pub fn read(mut members: Members) -> Result<Self, ControlError> {
        let credential = members.text("credential")?;
        let credential = members.required("credential", credential, "a mobile credential's id")?;
        members.done()?;
        Ok(Self { credential })
    }
}

/// What happened at a door.
#[derive(Debug, Serialize, ToSchema)]
pub struct DoorBody {
    /// Whether it opened.
    pub opened: bool,
    /// Why, for people.
    pub why: String,
}

impl From<DoorAnswer> for DoorBody {
    fn from(answer: DoorAnswer) -> Self {
        Self { opened: answer.opened, why: answer.why }
    }
}

/// Roles as names and values.
pub fn roles(fixture: Option<FixtureView>) -> Vec<Named> {
    let Some(fixture) = fixture else { return Vec::new() };
    let named = |name: &str, value: String| Named { name: name.to_owned(), value };
    let mut roles = vec![
        named("partial_group", fixture.partial_group.to_string()),
        named("empty_group", fixture.empty_group.to_string()),
        named("offline_lock", fixture.offline_lock.to_string()),
        named("low_battery_lock", fixture.low_battery_lock.to_string()),
    ];
    roles.extend(fixture.free_locks.iter().map(|lock| named("free_lock", lock.to_string())));
    roles
}

/// A part of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Items after this number, or skipped.
    #[param(minimum = 0, maximum = 9007199254740991_i64)]
    pub since: Option<u64>,
    /// Most items; 100 where not given.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

impl Part {
    /// Reads it, and leaves what else is asked.
    pub fn take(asked: &mut Members) -> Result<Self, ControlError> {
        Ok(Self { since: asked.whole("since", 0..=LARGEST)?, limit: asked.small("limit", 1..=1_000)? })
    }

    /// How many items are answered.
    pub fn most(&self) -> usize {
        self.limit.unwrap_or(100) as usize
    }

    /// Where they begin.
    pub fn since(&self) -> u64 {
        self.since.unwrap_or(0)
    }

    /// How many are left out first.
    pub fn skip(&self) -> usize {
        usize::try_from(self.since()).unwrap_or(usize::MAX)
    }
}

/// Locks that need a look.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what is read as a word")]
pub enum Trouble {
    /// They cannot be reached.
    Unreachable,
    /// Their battery is what the vendor calls low.
    LowBattery,
    /// Their door is not closed.
    DoorNotClosed,
    /// Their bolt is drawn back.
    Unlocked,
}

/// Which locks are sought; what is not given fits everything.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct Filter {
    /// A part of the lock's name or id, or of its group's name.
    pub text: Option<String>,
    /// The group's id.
    pub group: Option<String>,
    /// Only locks that need such a look.
    #[param(value_type = Option<Trouble>)]
    pub only: Option<Only>,
}

impl Filter {
    /// Reads it, and leaves what else is asked.
    pub fn take(asked: &mut Members) -> Result<Sought, ControlError> {
        let only = |text: &str| match text {
            "unreachable" => Some(Only::Unreachable),
            "low_battery" => Some(Only::LowBattery),
            "door_not_closed" => Some(Only::DoorNotClosed),
            "unlocked" => Some(Only::Unlocked),
            _ => None,
        };
        let words = "`unreachable`, `low_battery`, `door_not_closed` or `unlocked`";
        Ok(Sought {
            text: asked.text("text")?.unwrap_or_default(),
            group: asked.text("group")?,
            only: asked.word("only", words, only)?,
        })
    }
}
