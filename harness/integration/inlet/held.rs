//! What Inlet holds for a booking, as it answered.

use serde::{Deserialize, Serialize};

use super::booking::Wanted;
use crate::vendors::inlet::Granted;
use crate::vendors::vocabulary::{Pin, Secret};

/// An access that Inlet has acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Held {
    /// Inlet's name for it.
    pub reference_id: String,
    /// The keys that the guest types, with those before and after the PIN; kept
    /// as the guest's backup.
    pub code_formatted: Option<Pin>,
    /// The invitation to a key in the guest's phone.
    pub mobile_key: Option<Secret>,
    /// The link that opens.
    pub url_key: Option<Secret>,
    /// What was asked for when Inlet acknowledged it.
    pub wanted: Wanted,
}

impl Held {
    /// What an answer says. A change may leave out what stays as it was.
    pub(super) fn after(answer: Granted, wanted: Wanted, before: Option<Self>) -> Self {
        let (code, mobile, url) =
            before.map_or((None, None, None), |held| (held.code_formatted, held.mobile_key, held.url_key));
        Self {
            reference_id: answer.reference_id,
            code_formatted: answer.code_formatted.or(code),
            mobile_key: answer.mobile_key.or(mobile),
            url_key: answer.url_key.or(url),
            wanted,
        }
    }
}

/// What the ledger keeps of it: the file is for its owner only.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    reference_id: String,
    code_formatted: Option<String>,
    mobile_key: Option<String>,
    url_key: Option<String>,
    wanted: Wanted,
}

impl From<Held> for Stored {
    fn from(held: Held) -> Self {
        let exposed = |secret: Option<Secret>| secret.map(|secret| secret.expose().to_owned());
        Self {
            reference_id: held.reference_id,
            code_formatted: held.code_formatted.map(|pin| pin.keys().to_owned()),
            mobile_key: exposed(held.mobile_key),
            url_key: exposed(held.url_key),
            wanted: held.wanted,
        }
    }
}

impl TryFrom<Stored> for Held {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let pin = stored.code_formatted.map(|keys| Pin::new(&keys)).transpose();
        Ok(Self {
            reference_id: stored.reference_id,
            code_formatted: pin.map_err(|error| error.to_string())?,
            mobile_key: stored.mobile_key.map(Secret::new),
            url_key: stored.url_key.map(Secret::new),
            wanted: stored.wanted,
        })
    }
}
