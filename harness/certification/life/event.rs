//! What happens to a certification: who did what, when and why.

use serde::{Deserialize, Serialize};

use super::refused::Refused;
use crate::harness::certification::{Certificate, Claims};
use crate::vendors::vocabulary::Instant;

/// The longest name or reason, in characters.
const LONGEST: usize = 500;

/// One event of a history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// Why.
    pub reason: String,
    /// What.
    pub step: Step,
}

impl Event {
    /// An event. Whoever acts gives a name and a reason, in one line each.
    pub fn new(at: Instant, actor: &str, reason: &str, step: Step) -> Result<Self, Refused> {
        Ok(Self { at, actor: line("the actor", actor)?, reason: line("the reason", reason)?, step })
    }
}

/// A text that somebody typed, in one line.
pub(super) fn line(what: &'static str, text: &str) -> Result<String, Refused> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(Refused::Text { what, longest: LONGEST }) }
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Step {
    /// The certification is begun.
    Prepare,
    /// Somebody vouches for an item of the checklist.
    Attest(Attestation),
    /// A run and the attested items are handed in.
    Submit {
        /// What the run's report claims.
        claims: Box<Claims>,
    },
    /// A reviewer begins.
    Review,
    /// The reviewer names what must be corrected.
    Feedback {
        /// Each in a sentence.
        issues: Vec<String>,
    },
    /// One of the issues is answered; the reason says how.
    Correct {
        /// Its number, from 1.
        issue: usize,
    },
    /// The reviewer approves, and a certificate is made.
    Approve {
        /// The certificate.
        certificate: Box<Certificate>,
        /// The same, signed, as it is given away.
        signed: String,
    },
    /// A new round is begun, as is due once a year.
    Renew,
    /// What was certified does not hold for now.
    Suspend,
    /// It holds again.
    Resume,
    /// It holds never again.
    Revoke,
}

impl Step {
    /// Its name, as it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Prepare => "prepare",
            Self::Attest(_) => "attest",
            Self::Submit { .. } => "submit",
            Self::Review => "review",
            Self::Feedback { .. } => "feedback",
            Self::Correct { .. } => "correct",
            Self::Approve { .. } => "approve",
            Self::Renew => "renew",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Revoke => "revoke",
        }
    }
}

/// That somebody vouches for something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The item of the checklist.
    pub item: String,
    /// Who vouches.
    pub who: String,
    /// On which day.
    pub when: jiff::civil::Date,
    /// The name of the document that shows it.
    pub document: String,
    /// SHA-256 over the document.
    pub digest: String,
}
