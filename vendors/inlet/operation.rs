//! What can be asked of Inlet, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The media type of every request and answer.
pub const CONTENT_TYPE: &str = "application/json";

/// One call of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Grants an access, of one of the modes (published).
    GrantAccess,
    /// Opens once, now (published).
    GrantPulseAccess,
    /// Changes an access (path chosen: `update-and-revoke`).
    UpdateAccess,
    /// Withdraws an access (path chosen: `update-and-revoke`).
    RevokeAccess,
}

impl Operation {
    /// Every call.
    pub const ALL: [Self; 4] =
        [Self::GrantAccess, Self::GrantPulseAccess, Self::UpdateAccess, Self::RevokeAccess];

    /// The method of every call (chosen for update and revoke).
    pub const METHOD: &'static str = "POST";

    /// Its name, which is its path without the slash.
    pub fn as_str(self) -> &'static str {
        self.path().trim_start_matches('/')
    }

    /// Its path below the base address.
    pub fn path(self) -> &'static str {
        match self {
            Self::GrantAccess => "/GrantAccess",
            Self::GrantPulseAccess => "/GrantPulseAccess",
            Self::UpdateAccess => "/UpdateAccess",
            Self::RevokeAccess => "/RevokeAccess",
        }
    }

    /// The call at that path. Paths are told apart by case (chosen: `paths`).
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.path() == path)
    }

    /// The call of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operation| operation.as_str() == name)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How a grant opens: the member `operation` of `/GrantAccess`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
pub enum Mode {
    /// A PIN for a guest (published).
    #[serde(rename = "code")]
    Code,
    /// The door is kept unlocked for the period (published).
    #[serde(rename = "unlock")]
    Unlock,
    /// A key in the guest's phone (word chosen: `keys`).
    #[serde(rename = "mobilekey")]
    MobileKey,
    /// A link that opens (word chosen: `keys`).
    #[serde(rename = "urlkey")]
    UrlKey,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::Code, Self::Unlock, Self::MobileKey, Self::UrlKey];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Unlock => "unlock",
            Self::MobileKey => "mobilekey",
            Self::UrlKey => "urlkey",
        }
    }

    /// The mode of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.as_str() == word)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
