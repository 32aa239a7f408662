//! Locks, groups and doors: as they are told, and as they are changed.

use serde::Serialize;
use utoipa::ToSchema;

use crate::simulator::control_api::error::ControlError;
use crate::simulator::{DoorAnswer, GroupView, LockView};
use crate::vendors::members::Members;
use crate::vendors::vocabulary::Word;

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
