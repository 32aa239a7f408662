//! The status list: what has become of each certificate since it was signed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::envelope::{self, EnvelopeError};
use super::key::{IssuerKey, PublicKey};
use crate::vendors::vocabulary::Instant;

/// The name and version of the list's schema.
pub const STATUS_LIST: &str = "lockstep.status-list/1";

/// The kind of the signed document.
const KIND: &str = "application/vnd.lockstep.status-list+json";

/// A list of every certificate of a register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusList {
    /// Always [`STATUS_LIST`].
    pub schema: String,
    /// When it was made.
    pub issued: Instant,
    /// From when on it is too old to be relied on.
    pub next_update: Instant,
    /// Every certificate, in the order in which they were approved.
    pub certificates: Vec<StatusLine>,
}

/// One certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusLine {
    /// Its number.
    pub serial: String,
    /// How it stands.
    pub standing: Standing,
    /// Since when.
    pub since: Instant,
    /// Why, where it does not stand well.
    pub reason: String,
}

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It holds within its time.
    Good,
    /// It does not hold until it is resumed.
    Suspended,
    /// It holds never again.
    Revoked,
}

impl StatusList {
    /// A list as of now that can be relied on for a while.
    pub fn new(certificates: Vec<StatusLine>, now: Instant, lasting: Duration) -> Self {
        Self { schema: STATUS_LIST.to_owned(), issued: now, next_update: now + lasting, certificates }
    }

    /// The signed document, as it is published.
    pub fn sign(&self, key: &IssuerKey) -> Result<String, serde_json::Error> {
        envelope::seal(KIND, self, key)
    }

    /// Reads a signed document.
    pub fn open(text: &str, key: &PublicKey) -> Result<Self, EnvelopeError> {
        let list: Self = envelope::open(KIND, text, key)?;
        match list.schema == STATUS_LIST {
            true => Ok(list),
            false => Err(EnvelopeError::Unreadable(format!(
                "it is of the schema `{}`, expected `{STATUS_LIST}`",
                list.schema
            ))),
        }
    }
}
