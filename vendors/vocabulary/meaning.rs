//! What one exchange with a vendor means.

use serde::{Deserialize, Serialize};

use super::Function;

macro_rules! meanings {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The meaning of one operation: the simulator carries it out, the
        /// integration asks for it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Meaning { $($(#[$doc])* $variant,)+ }

        impl Meaning {
            /// Every meaning, in declaration order.
            pub const ALL: &'static [Meaning] = &[$(Meaning::$variant,)+];

            /// The name used in profiles.
            pub fn as_str(self) -> &'static str {
                match self { $(Meaning::$variant => $name,)+ }
            }

            /// The meaning of that name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($name => Some(Meaning::$variant),)+ _ => None }
            }
        }
    };
}

meanings! {
    /// Exchanges credentials for a token.
    GetToken = "get_token",
    /// Exchanges a refresh token for a new token.
    RefreshToken = "refresh_token",
    /// Tells or sets what the calls of a session stand on: a site, a tenant.
    OpenSession = "open_session",
    /// Lists groups.
    ListGroups = "list_groups",
    /// Tells one group.
    GetGroup = "get_group",
    /// Makes a group.
    CreateGroup = "create_group",
    /// Puts a lock into a group.
    AddLock = "add_lock",
    /// Says at which times the accesses of a group hold; until then they reach no lock.
    SetSchedule = "set_schedule",
    /// Lists locks; those of `group.id`, and those whose names hold `lock.name`,
    /// where the request carries one.
    ListLocks = "list_locks",
    /// Tells one lock with its state.
    GetLock = "get_lock",
    /// Creates a user, or updates the one with the same `user.reference`.
    UpsertUser = "upsert_user",
    /// Deletes a user with everything that hangs on it.
    DeleteUser = "delete_user",
    /// Gives a user access to a lock or group for a window, without a PIN yet.
    AssignAccess = "assign_access",
    /// Sets the PIN of an assigned access, or makes an access with a PIN.
    SetPin = "set_pin",
    /// Lists the PINs of a lock.
    ListPins = "list_pins",
    /// Tells one PIN access.
    GetPin = "get_pin",
    /// Changes window or scope of a PIN access.
    UpdatePin = "update_pin",
    /// Withdraws a PIN access.
    RemovePin = "remove_pin",
    /// Creates and sends a mobile credential.
    CreateMobile = "create_mobile",
    /// Lists mobile credentials of a lock or user.
    ListMobile = "list_mobile",
    /// Withdraws a mobile credential.
    RemoveMobile = "remove_mobile",
    /// Opens; the lock relocks by itself.
    Unlock = "unlock",
    /// Throws the bolt.
    Lock = "lock",
    /// Keeps a lock open until `hold.until` (or until it is released, where the request names no end).
    HoldOpen = "hold_open",
    /// Ends a hold.
    ReleaseHold = "release_hold",
    /// Computes a PIN without contact to the lock.
    AlgoPin = "algo_pin",
    /// Tells how an asynchronous command stands.
    PollJob = "poll_job",
    /// Says where callbacks go (`callback.url`).
    RegisterCallback = "register_callback",
}

impl Meaning {
    /// The function that an exchange of that meaning serves by itself.
    pub fn serves(self) -> Option<Function> {
        match self {
            Self::ListGroups => Some(Function::ListAccessGroups),
            Self::ListLocks => Some(Function::ListLocks),
            Self::GetLock => Some(Function::GetLockStatus),
            Self::SetPin => Some(Function::CreatePinAccess),
            Self::RemovePin => Some(Function::RemovePinAccess),
            Self::CreateMobile => Some(Function::CreateMobileAccess),
            Self::RemoveMobile => Some(Function::RemoveMobileAccess),
            Self::Unlock => Some(Function::Unlock),
            Self::HoldOpen => Some(Function::HoldOpen),
            Self::ReleaseHold => Some(Function::ReturnToNormal),
            Self::AlgoPin => Some(Function::AlgoPin),
            Self::ListPins => Some(Function::ListPinAccess),
            Self::UpdatePin => Some(Function::ChangePinAccess),
            Self::ListMobile => Some(Function::ListMobileAccess),
            _ => None,
        }
    }
}
