//! The functions that Inlet asks of a lock system.

use serde::{Deserialize, Serialize};

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $title:literal, $required:literal;)+) => {
        /// A function of a lock system, in Inlet's words (requirements document,
        /// "Required Functions"), followed by the confirmations that some
        /// criteria rest on.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Function { $($(#[$doc])* $variant,)+ }

        impl Function {
            /// Every function, in declaration order.
            pub const ALL: &'static [Function] = &[$(Function::$variant,)+];

            /// The name used in profiles.
            pub fn as_str(self) -> &'static str {
                match self { $(Function::$variant => $name,)+ }
            }

            /// The name used in documents for people.
            pub fn title(self) -> &'static str {
                match self { $(Function::$variant => $title,)+ }
            }

            /// Whether Inlet's document asks for it; a profile must answer each
            /// of these, with a plan or with a reason.
            pub fn is_asked_for(self) -> bool {
                match self { $(Function::$variant => $required,)+ }
            }

            /// The function of that name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($name => Some(Function::$variant),)+ _ => None }
            }
        }
    };
}

functions! {
    /// Every group or area, with id and name.
    ListAccessGroups = "list_access_groups", "Fetch access groups / areas", true;
    /// Every lock, or those of one group.
    ListLocks = "list_locks", "Fetch locks / doors", true;
    /// Reachability, battery, door and bolt of one lock.
    GetLockStatus = "get_lock_status", "Retrieve lock status", true;
    /// A time-limited PIN.
    CreatePinAccess = "create_pin_access", "Create PIN access", true;
    /// Withdraws a PIN.
    RemovePinAccess = "remove_pin_access", "Remove PIN access", true;
    /// A key in the vendor's own app.
    CreateMobileAccess = "create_mobile_access", "Create mobile access", true;
    /// Withdraws a key.
    RemoveMobileAccess = "remove_mobile_access", "Remove mobile access", true;
    /// Opens for a moment; the door locks again by itself.
    Unlock = "unlock", "Remote unlock for a short period", true;
    /// Keeps the door unlocked for a period.
    HoldOpen = "hold_open", "Hold open", true;
    /// Ends a hold.
    ReturnToNormal = "return_to_normal", "Return to normal", true;
    /// A PIN computed without contact to the lock.
    AlgoPin = "algo_pin", "algoPIN", true;
    /// The PINs of a lock, to confirm a creation or a removal.
    ListPinAccess = "list_pin_access", "List PIN access", false;
    /// Changes the validity or scope of a PIN that exists.
    ChangePinAccess = "change_pin_access", "Change PIN access", false;
    /// The mobile keys, to confirm a creation or a removal.
    ListMobileAccess = "list_mobile_access", "List mobile access", false;
}
