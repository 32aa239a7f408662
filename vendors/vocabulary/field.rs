//! The names of the holes in a message.
//!
//! A hole names a fact: `{lock.id}` stands where the vendor writes a lock's id.
//! The set is closed, so that both sides of the wire mean the same by a name;
//! four families are open and belong to the profile: `secret.*` (credentials),
//! `setting.*` (tenant, site, region), `own.*` (a value of the vendor that is
//! carried from one call to the next without being understood) and `signature.*`
//! (a digest over several parts).

use std::fmt;
use std::sync::Arc;

/// What sort of value a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// Text, ids included.
    Text,
    /// A whole number.
    Int,
    /// Yes or no.
    Bool,
    /// 0 to 100.
    Percent,
    /// A point in time.
    Instant,
    /// A span in whole seconds.
    Seconds,
    /// One of the canonical words.
    Word,
    /// The keys of a PIN; masked wherever people read.
    Pin,
    /// A credential; never shown.
    Secret,
    /// A text that opens a door to whoever has it, an invitation: masked
    /// wherever people read, and else a text.
    Invitation,
    /// Days of the week.
    Days,
    /// Read past, written as an example.
    Any,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal: $kind:ident,)+) => {
        /// The name of a fact.
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field {
            $($(#[$doc])* $variant,)+
            /// `secret.<name>`: a credential that the run is given.
            Secret(Arc<str>),
            /// `setting.<name>`: a plain value that the run is given.
            Setting(Arc<str>),
            /// `own.<name>`: a value of the vendor, carried along.
            Own(Arc<str>),
            /// `server.<name>`: the address of a server, told by the vendor.
            Server(Arc<str>),
            /// `signature.<name>`: a digest that the profile describes.
            Signature(Arc<str>),
        }

        impl Field {
            /// The fields with a fixed name, in declaration order.
            pub const FIXED: &'static [Field] = &[$(Field::$variant,)+];

            /// The field of that name.
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Field::$variant),)+
                    _ => {
                        let (family, rest) = name.split_once('.')?;
                        if rest.is_empty() || !rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                            return None;
                        }
                        match family {
                            "secret" => Some(Field::Secret(rest.into())),
                            "setting" => Some(Field::Setting(rest.into())),
                            "own" => Some(Field::Own(rest.into())),
                            "server" => Some(Field::Server(rest.into())),
                            "signature" => Some(Field::Signature(rest.into())),
                            _ => None,
                        }
                    }
                }
            }

            /// What sort of value it holds.
            pub fn kind(&self) -> FieldKind {
                match self {
                    $(Field::$variant => FieldKind::$kind,)+
                    Field::Secret(_) | Field::Signature(_) => FieldKind::Secret,
                    Field::Setting(_) | Field::Own(_) | Field::Server(_) => FieldKind::Text,
                }
            }
        }

        impl fmt::Display for Field {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Field::$variant => f.write_str($name),)+
                    Field::Secret(name) => write!(f, "secret.{name}"),
                    Field::Setting(name) => write!(f, "setting.{name}"),
                    Field::Own(name) => write!(f, "own.{name}"),
                    Field::Server(name) => write!(f, "server.{name}"),
                    Field::Signature(name) => write!(f, "signature.{name}"),
                }
            }
        }
    };
}

fields! {
    /// A group's id.
    GroupId = "group.id": Text,
    /// A group's name.
    GroupName = "group.name": Text,
    /// A lock's id.
    LockId = "lock.id": Text,
    /// A second id of the same lock.
    LockAlias = "lock.alias": Text,
    /// The lock's serial number, which stays whatever becomes of its ids.
    LockSerial = "lock.serial": Text,
    /// The bridge through which a lock is reached.
    BridgeId = "bridge.id": Text,
    /// A lock's name.
    LockName = "lock.name": Text,
    /// Where the lock is, in the vendor's words.
    LockLocation = "lock.location": Text,
    /// Whether the lock can be reached.
    LockReachable = "lock.reachable": Bool,
    /// Charge of the battery.
    LockBattery = "lock.battery": Percent,
    /// Whether the vendor calls the battery low.
    LockBatteryLow = "lock.battery_low": Bool,
    /// The door: open, closed, ajar, forced.
    LockDoor = "lock.door": Word,
    /// The bolt: locked, unlocked, moving, jammed, unknown.
    LockState = "lock.state": Word,
    /// When the vendor last heard of the lock.
    LockLastSeen = "lock.last_seen": Instant,
    /// Whether PINs can be typed at the lock.
    LockKeypad = "lock.keypad": Bool,
    /// Whether the lock is in touch with the vendor through a bridge or gateway,
    /// and can be commanded from afar.
    LockBridged = "lock.bridged": Bool,
    /// The lock's time zone, as in `Europe/Zurich`.
    LockZone = "lock.zone": Text,
    /// A user's id.
    UserId = "user.id": Text,
    /// Our opaque reference for a user.
    UserReference = "user.reference": Text,
    /// A user's display name.
    UserName = "user.name": Text,
    /// Where an invitation goes.
    UserEmail = "user.email": Text,
    /// A PIN access's id.
    AccessId = "access.id": Text,
    /// The name under which a PIN is kept.
    AccessName = "access.name": Text,
    /// The PIN, without prefix and suffix keys.
    AccessPin = "access.pin": Pin,
    /// The PIN as the guest types it.
    AccessTyped = "access.typed": Pin,
    /// Start of validity.
    AccessFrom = "access.from": Instant,
    /// End of validity.
    AccessUntil = "access.until": Instant,
    /// The weekdays on which it opens; every day where nothing is said.
    AccessDays = "access.days": Days,
    /// How the access stands: pending, active, failed, removing.
    AccessState = "access.state": Word,
    /// A mobile credential's id.
    MobileId = "mobile.id": Text,
    /// The invitation: a link or a code.
    MobileInvitation = "mobile.invitation": Invitation,
    /// Start of validity.
    MobileFrom = "mobile.from": Instant,
    /// End of validity.
    MobileUntil = "mobile.until": Instant,
    /// How the credential stands.
    MobileState = "mobile.state": Word,
    /// End of a hold.
    HoldUntil = "hold.until": Instant,
    /// Length of a hold.
    HoldSeconds = "hold.seconds": Seconds,
    /// Length of a momentary unlock.
    PulseSeconds = "pulse.seconds": Seconds,
    /// Which of the PINs that can be computed for one window, counted from 1.
    AlgoVariant = "algo.variant": Int,
    /// A computed PIN.
    AlgoPin = "algo.pin": Pin,
    /// A computed PIN's own id, which no call takes.
    AlgoId = "algo.id": Text,
    /// Start of the computed PIN's window.
    AlgoFrom = "algo.from": Instant,
    /// End of the computed PIN's window.
    AlgoUntil = "algo.until": Instant,
    /// Handle of an asynchronous command.
    JobId = "job.id": Text,
    /// How the command stands: pending, done, failed.
    JobState = "job.state": Word,
    /// Why the command failed, in the vendor's words (read by its error table).
    JobError = "job.error": Text,
    /// Page, counted from 1.
    PageNumber = "page.number": Int,
    /// Items per page.
    PageSize = "page.size": Int,
    /// Items skipped.
    PageOffset = "page.offset": Int,
    /// The cursor that is sent.
    PageCursor = "page.cursor": Text,
    /// The cursor for the next page; absent, null or empty at the end.
    PageNext = "page.next": Text,
    /// Items in all.
    PageTotal = "page.total": Int,
    /// Pages in all.
    PagePages = "page.pages": Int,
    /// Whether there is another page.
    PageMore = "page.more": Bool,
    /// Which state of a list it is.
    ListVersion = "list.version": Text,
    /// Whether a list is as it was in the version that was named.
    ListUnchanged = "list.unchanged": Bool,
    /// The token of a session.
    AuthToken = "auth.token": Secret,
    /// The token with which a new one is had.
    AuthRefresh = "auth.refresh": Secret,
    /// Life of the token.
    AuthExpiresIn = "auth.expires_in": Seconds,
    /// The present, on the sender's clock.
    Now = "now": Instant,
    /// A text that no other request bears.
    Nonce = "nonce": Text,
    /// A number that is drawn anew for every request, from 0 to 65535.
    Random = "random": Int,
    /// A key that stays the same when a request is repeated.
    RequestKey = "request.key": Text,
    /// Where the vendor's callbacks go.
    CallbackUrl = "callback.url": Text,
    /// The secret that signs callbacks, where it is agreed upon at their registration.
    CallbackSecret = "callback.secret": Secret,
    /// A callback's body as it was sent, for its signature.
    CallbackBody = "callback.body": Text,
    /// The name of what a callback tells, the same when it is sent again.
    EventId = "event.id": Text,
    /// When that happened.
    EventAt = "event.at": Instant,
    /// The vendor's words for an error.
    ErrorMessage = "error.message": Text,
    /// The vendor's code for an error.
    ErrorCode = "error.code": Text,
    /// Seconds after which a refused call may be sent again.
    ErrorRetryAfter = "error.retry_after": Seconds,
    /// The instant from which a refused call may be sent again.
    ErrorRetryAt = "error.retry_at": Instant,
    /// Anything: read past, never used.
    Any = "any": Any,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_parse_back() {
        for field in Field::FIXED {
            assert_eq!(Field::parse(&field.to_string()).as_ref(), Some(field));
        }
        for name in ["secret.api_key", "setting.site", "own.platform_id", "signature.otp"] {
            assert_eq!(Field::parse(name).map(|f| f.to_string()).as_deref(), Some(name));
        }
        for wrong in ["lock", "lock.idd", "secret.", "secret.a b", "other.x"] {
            assert_eq!(Field::parse(wrong), None, "{wrong}");
        }
    }
}
