//! The certificate: what was tested and approved, for how long, signed.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::claims::{Claims, NotCertifiable};
use super::envelope::{self, EnvelopeError};
use super::key::{IssuerKey, PublicKey};
use crate::vendors::vocabulary::Instant;

/// The name and version of the certificate's schema.
pub const CERTIFICATE: &str = "lockstep.certificate/1";

/// The kind of the signed document.
const KIND: &str = "application/vnd.lockstep.certificate+json";

/// For how long a certificate may hold at most: a year, for Inlet "can ask you to
/// re-certify once a year" (integration guide, 4.3 step 4).
pub const LONGEST_VALIDITY: Duration = Duration::from_secs(366 * 24 * 3_600);

/// A certificate, once it has been signed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// Always [`CERTIFICATE`].
    pub schema: String,
    /// Its own number, by which the status list names it.
    pub serial: String,
    /// Who approved.
    pub approved_by: String,
    /// From when it holds.
    pub valid_from: Instant,
    /// From when it holds no more.
    pub valid_until: Instant,
    /// The abilities that were tested and approved; nothing else is certified.
    pub scope: Vec<String>,
    /// What the run showed.
    pub claims: Claims,
}

/// Why no certificate is made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotIssued {
    /// The run certifies nothing.
    #[error(transparent)]
    Claims(#[from] NotCertifiable),
    /// It would hold for no time, or for more than a year.
    #[error("a certificate holds for at least a day and at most 366 days")]
    Validity,
    /// A waiver that was used has ended by now.
    #[error("the waivers that the run made use of have expired")]
    WaiversExpired,
    /// An ability that was not tested.
    #[error("`{0}` was not tested and found there, so it cannot be certified; tested: {1}")]
    Untested(String, String),
    /// The scope would be empty.
    #[error("nothing was tested and found there that could be certified")]
    NoScope,
}

/// What an approval says beside the run.
#[derive(Clone, Debug)]
pub struct Approval {
    /// Who approves.
    pub by: String,
    /// From when on.
    pub from: Instant,
    /// For how long.
    pub validity: Duration,
    /// The abilities approved; all that were tested where none is named.
    pub scope: Option<Vec<String>>,
}

impl Certificate {
    /// A certificate over a run that passed. It ends at the latest with the first
    /// of the waivers that were used.
    pub fn new(claims: Claims, approval: Approval) -> Result<Self, NotIssued> {
        claims.passes()?;
        if approval.validity < Duration::from_secs(24 * 3_600) || approval.validity > LONGEST_VALIDITY {
            return Err(NotIssued::Validity);
        }
        let asked = approval.from + approval.validity;
        let valid_until = claims.waived_until().map_or(asked, |end| end.min(asked));
        if valid_until <= approval.from {
            return Err(NotIssued::WaiversExpired);
        }
        Ok(Self {
            schema: CERTIFICATE.to_owned(),
            serial: hex::encode(rand::random::<[u8; 16]>()),
            approved_by: approval.by,
            valid_from: approval.from,
            valid_until,
            scope: scope(&claims, approval.scope)?,
            claims,
        })
    }

    /// The signed document, as it is given away.
    pub fn sign(&self, key: &IssuerKey) -> Result<String, serde_json::Error> {
        envelope::seal(KIND, self, key)
    }

    /// Reads a signed document. Only that the key signed it is certain then; what
    /// else makes it valid is [`super::verify`]'s to say.
    pub fn open(text: &str, key: &PublicKey) -> Result<Self, EnvelopeError> {
        let certificate: Self = envelope::open(KIND, text, key)?;
        match certificate.schema == CERTIFICATE {
            true => Ok(certificate),
            false => Err(EnvelopeError::Unreadable(format!(
                "it is of the schema `{}`, expected `{CERTIFICATE}`",
                certificate.schema
            ))),
        }
    }
}

fn scope(claims: &Claims, asked: Option<Vec<String>>) -> Result<Vec<String>, NotIssued> {
    let tested: Vec<&str> = claims.tested().collect();
    let Some(asked) = asked else {
        return match tested.is_empty() {
            true => Err(NotIssued::NoScope),
            false => Ok(tested.into_iter().map(str::to_owned).collect()),
        };
    };
    if let Some(untested) = asked.iter().find(|ability| !tested.contains(&ability.as_str())) {
        return Err(NotIssued::Untested(untested.clone(), tested.join(", ")));
    }
    if asked.is_empty() { Err(NotIssued::NoScope) } else { Ok(asked) }
}
