//! Identifiers. A vendor's ids are opaque: never parsed, only compared.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! opaque_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Box<str>);

        impl $name {
            /// Takes the vendor's text as it is.
            pub fn new(text: impl Into<Box<str>>) -> Self {
                Self(text.into())
            }

            /// The vendor's text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

opaque_id! {
    /// A group or area of locks in the vendor's system.
    GroupId;
    /// A lock or door in the vendor's system.
    LockId;
    /// A person known to the vendor's system.
    UserId;
    /// A PIN access in the vendor's system.
    AccessId;
    /// A mobile credential in the vendor's system.
    CredentialId;
    /// The name of one run; everything that it creates on a foreign target
    /// bears it.
    RunName;
}
