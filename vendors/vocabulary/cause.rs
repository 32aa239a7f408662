//! Why a request is refused, more exactly than by its kind.

use serde::{Deserialize, Serialize};

macro_rules! causes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// The cause of a refusal, where vendors have an error of its own for it.
        /// It is what the simulator chooses an error by; whoever reads one looks
        /// at its kind alone.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Cause { $($(#[$doc])* $variant,)+ }

        impl Cause {
            /// Every cause, in declaration order.
            pub const ALL: &'static [Cause] = &[$(Cause::$variant,)+];

            /// The name used in profiles.
            pub fn as_str(self) -> &'static str {
                match self { $(Cause::$variant => $name,)+ }
            }
        }
    };
}

causes! {
    /// No token and no secret came with the request.
    CredentialsMissing = "credentials_missing",
    /// The signature that the request needs did not come with it.
    SignatureMissing = "signature_missing",
    /// The sender's clock is too far off.
    ClockSkew = "clock_skew",
    /// The PIN is too short or too long.
    PinLength = "pin_length",
    /// The PIN holds a key that it must not.
    PinKeys = "pin_keys",
    /// The PIN is too simple or breaks another rule.
    PinRule = "pin_rule",
    /// The validity window breaks a rule.
    Window = "window",
    /// There is no such lock.
    UnknownLock = "unknown_lock",
    /// There is no such group.
    UnknownGroup = "unknown_group",
    /// There is no such access.
    UnknownAccess = "unknown_access",
    /// There is no such mobile credential.
    UnknownMobile = "unknown_mobile",
    /// There is nobody of that name to whom something could be given.
    UnknownReceiver = "unknown_receiver",
    /// The site is named as people call it, where its id is wanted.
    SiteName = "site_name",
}
