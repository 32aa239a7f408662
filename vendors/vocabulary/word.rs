//! Closed sets of words that vendors spell in their own way.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// A canonical word for a state. The profile says how the vendor spells
        /// it: `{lock.state | enum(locked=1, unlocked=3)}`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Word { $($(#[$doc])* $variant,)+ }

        impl Word {
            /// Every word, in declaration order.
            pub const ALL: &'static [Word] = &[$(Word::$variant,)+];

            /// The canonical spelling.
            pub fn as_str(self) -> &'static str {
                match self { $(Word::$variant => $name,)+ }
            }

            /// The word of that canonical spelling.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($name => Some(Word::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// A bolt that is thrown.
    Locked = "locked",
    /// A bolt that is drawn.
    Unlocked = "unlocked",
    /// A bolt on its way.
    Moving = "moving",
    /// A bolt that is stuck.
    Jammed = "jammed",
    /// A state that the vendor does not know.
    Unknown = "unknown",
    /// A door that stands open.
    Open = "open",
    /// A door that is shut.
    Closed = "closed",
    /// A door left open for too long.
    Ajar = "ajar",
    /// A door opened without a permission.
    Forced = "forced",
    /// Accepted, not yet carried out.
    Pending = "pending",
    /// Carried out.
    Done = "done",
    /// Given up.
    Failed = "failed",
    /// In force.
    Active = "active",
    /// On its way out.
    Removing = "removing",
    /// Withdrawn.
    Removed = "removed",
    /// A place that holds nothing.
    Free = "free",
}
