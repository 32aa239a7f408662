//! What can go wrong in a call, told apart.

use serde::{Deserialize, Serialize};

macro_rules! failures {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// Why a call failed, in the same words for every vendor. A profile maps
        /// each error shape of its vendor to one of these.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum FailureKind { $($(#[$doc])* $variant,)+ }

        impl FailureKind {
            /// Every kind, in declaration order.
            pub const ALL: &'static [FailureKind] = &[$(FailureKind::$variant,)+];

            /// The name used in profiles and reports.
            pub fn as_str(self) -> &'static str {
                match self { $(FailureKind::$variant => $name,)+ }
            }

            /// The kind of that name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($name => Some(FailureKind::$variant),)+ _ => None }
            }
        }
    };
}

failures! {
    /// Missing, wrong or expired credentials.
    Credentials = "credentials",
    /// Known, but not allowed to do this.
    Forbidden = "forbidden",
    /// The lock, group, user or access does not exist.
    NotFound = "not_found",
    /// The request breaks a rule of the vendor (window, PIN, name).
    Invalid = "invalid",
    /// It exists already, such as a PIN in use.
    Conflict = "conflict",
    /// No room for another one.
    Full = "full",
    /// The lock or its bridge cannot be reached.
    Offline = "offline",
    /// Occupied for the moment; the same call may succeed shortly.
    Busy = "busy",
    /// The vendor, or something behind it, did not answer in time.
    UpstreamTimeout = "upstream_timeout",
    /// Too many calls.
    RateLimited = "rate_limited",
    /// The vendor does not have this.
    Unsupported = "unsupported",
    /// A licence or a subscription is missing.
    Payment = "payment",
    /// The vendor's own failure.
    Server = "server",
    /// The answer is not what the vendor documents.
    Protocol = "protocol",
}
