//! What a callback can tell of.

use serde::{Deserialize, Serialize};

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What a vendor tells of by itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum EventKind { $($(#[$doc])* $variant,)+ }

        impl EventKind {
            /// Every kind, in declaration order.
            pub const ALL: &'static [EventKind] = &[$(EventKind::$variant,)+];

            /// The name used in profiles.
            pub fn as_str(self) -> &'static str {
                match self { $(EventKind::$variant => $name,)+ }
            }

            /// The kind of that name.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($name => Some(EventKind::$variant),)+ _ => None }
            }
        }
    };
}

events! {
    /// A bolt was thrown or drawn.
    Bolt = "bolt",
    /// A door was opened or shut.
    Door = "door",
    /// A lock went out of reach or came back.
    Reachability = "reachability",
    /// A battery's charge changed.
    Battery = "battery",
    /// A PIN reached its locks, left them, or never came there.
    Access = "access",
}
