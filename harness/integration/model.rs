//! What Inlet asks for and gets, without any vendor's spelling.

use std::time::Duration;

use crate::vendors::vocabulary::{
    AccessId, CredentialId, Facts, GroupId, Instant, LockId, Pin, Secret, UserId, Window, Word,
};

/// A group or area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name, where the vendor gives one.
    pub name: Option<String>,
}

/// A lock or door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// Its id.
    pub id: LockId,
    /// Its name, where the vendor gives one.
    pub name: Option<String>,
    /// Its group, where the vendor says it.
    pub group: Option<GroupId>,
    /// Where it is, where the vendor says it.
    pub location: Option<String>,
    /// Whether PINs can be typed at it, where the vendor says it.
    pub keypad: Option<bool>,
    /// Whether a bridge or gateway joins it to the vendor, where the vendor says it.
    pub bridged: Option<bool>,
}

/// How a lock is; `None` where the vendor does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockStatus {
    /// The lock that the answer speaks of, where it says so.
    pub id: Option<LockId>,
    /// Whether it can be reached.
    pub reachable: Option<bool>,
    /// Charge in percent.
    pub battery: Option<u8>,
    /// Whether the vendor calls the battery low.
    pub battery_low: Option<bool>,
    /// The door.
    pub door: Option<Word>,
    /// The bolt.
    pub bolt: Option<Word>,
    /// When the vendor last heard of it.
    pub last_seen: Option<Instant>,
}

/// Where an access opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// These locks, at least one.
    Locks(Vec<LockId>),
    /// Every lock of a group.
    Group(GroupId),
}

/// Who gets an access. Inlet passes an opaque reference and no personal data;
/// name and address are for vendors that ask for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Our opaque reference.
    pub reference: String,
    /// A display name.
    pub name: Option<String>,
    /// Where an invitation goes: the tester's own on a foreign target.
    pub email: Option<String>,
}

/// A PIN that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinRequest {
    /// For whom.
    pub user: Contact,
    /// Where it opens.
    pub scope: Scope,
    /// When it opens.
    pub window: Window,
    /// The PIN; `None` lets the vendor choose, or the integration by the
    /// profile's rules where the vendor does not.
    pub pin: Option<Pin>,
    /// The name under which it is kept; bears the run's name.
    pub name: String,
}

/// A PIN that exists.
#[derive(Clone, Debug, PartialEq)]
pub struct PinAccess {
    /// Its id.
    pub id: AccessId,
    /// The name under which it is kept, where the vendor says it.
    pub name: Option<String>,
    /// The user that it belongs to, where the vendor says it.
    pub user: Option<UserId>,
    /// The PIN as the guest types it, with prefix and suffix keys; `None` where
    /// a listing does not show it.
    pub typed: Option<Pin>,
    /// The window that the vendor says is in force.
    pub window: Option<Window>,
    /// How it stands: pending, active, failed.
    pub state: Option<Word>,
    /// Everything that was captured on the way, for the calls that follow.
    pub facts: Facts,
}

/// A change of a PIN that exists.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AccessChange {
    /// The new window.
    pub window: Option<Window>,
    /// The new scope.
    pub scope: Option<Scope>,
}

/// A mobile key that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MobileRequest {
    /// For whom.
    pub user: Contact,
    /// Where it opens.
    pub scope: Scope,
    /// When it opens.
    pub window: Window,
    /// The name under which it is kept; bears the run's name.
    pub name: String,
}

/// A mobile key that exists.
#[derive(Clone, Debug, PartialEq)]
pub struct MobileAccess {
    /// Its id.
    pub id: CredentialId,
    /// The user that it belongs to, where the vendor says it.
    pub user: Option<UserId>,
    /// The invitation: a link or a code, which opens to whoever has it.
    pub invitation: Option<Secret>,
    /// The window that the vendor says is in force.
    pub window: Option<Window>,
    /// How it stands: pending, active.
    pub state: Option<Word>,
    /// Everything that was captured on the way, for the calls that follow.
    pub facts: Facts,
}

/// A lock that is being held open.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// The lock.
    pub lock: LockId,
    /// When it ends.
    pub until: Instant,
    /// How long it was asked for.
    pub period: Duration,
    /// Whether our own timer must end it.
    pub ends_by_us: bool,
    /// Everything that was captured on the way.
    pub facts: Facts,
}
