//! Whether a certificate holds: offline, and closed wherever something is
//! missing.

use std::time::Duration;

use super::certificate::Certificate;
use super::claims::{Claims, NotCertifiable};
use super::envelope::EnvelopeError;
use super::key::PublicKey;
use super::status_list::{Standing, StatusList};
use crate::harness::criterion::CertificationLevel;
use crate::vendors::vocabulary::Instant;

/// By how much the clocks of who signs and who checks may differ at the start of
/// something's validity. Its end is never stretched.
const CLOCK_SKEW: Duration = Duration::from_secs(120);

/// Why a certificate does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is none.
    #[error("there is no certificate: {0}")]
    Missing(String),
    /// What is there cannot be read as one.
    #[error("the certificate cannot be read: {0}")]
    Unreadable(String),
    /// A report, which anybody can write.
    #[error("that is a report{}, and no certificate", if *.rehearsal { " of a rehearsal" } else { "" })]
    Report {
        /// Whether it is that of a rehearsal.
        rehearsal: bool,
    },
    /// Another key signed it.
    #[error("the certificate is not from this issuer: {0}")]
    WrongKey(String),
    /// It was changed.
    #[error("the certificate was changed after it was signed")]
    Forged,
    /// Its time has not come.
    #[error("the certificate holds from {0} on only")]
    NotYet(Instant),
    /// Its time is over.
    #[error("the certificate expired at {0}")]
    Expired(Instant),
    /// It says of itself that it rests on a rehearsal.
    #[error("the certificate rests on a rehearsal, which certifies nothing")]
    Rehearsal,
    /// What it says does not support it.
    #[error("the certificate does not support what it certifies: {0}")]
    Unsupported(String),
    /// For another programme.
    #[error("the certificate is of the programme {found}, expected {expected}")]
    WrongProgramme {
        /// What it says.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// For another subject.
    #[error("the certificate is that of {found}, expected {expected}")]
    WrongSubject {
        /// What it says.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// For another version.
    #[error("the certificate is for version {found}, expected {expected}")]
    WrongVersion {
        /// What it says.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// For a lower level.
    #[error("the certificate is for a lower level than the {0} one")]
    WrongLevel(&'static str),
    /// An ability that is not certified.
    #[error("the certificate does not cover {0}")]
    OutOfScope(String),
    /// The report is not the one that was certified.
    #[error("the report is not the one that was certified: {} differ", .0.join(", "))]
    ReportDiffers(Vec<&'static str>),
    /// The status list is missing.
    #[error("there is no status list: {0}")]
    ListMissing(String),
    /// The status list cannot be relied on.
    #[error("the status list cannot be relied on: {0}")]
    ListUnreadable(String),
    /// The status list is too old.
    #[error("the status list is too old: it could be relied on until {0}")]
    ListTooOld(Instant),
    /// The status list is of another time.
    #[error("the status list is from {0}, which is still to come")]
    ListToCome(Instant),
    /// The status list does not know the certificate.
    #[error("the status list does not name the certificate, so nothing is known of it")]
    Unlisted,
    /// Suspended.
    #[error("the certificate is suspended since {since}: {reason}")]
    Suspended {
        /// Since when.
        since: Instant,
        /// Why.
        reason: String,
    },
    /// Revoked.
    #[error("the certificate is revoked since {since}: {reason}")]
    Revoked {
        /// Since when.
        since: Instant,
        /// Why.
        reason: String,
    },
}

impl Refusal {
    /// A short name for scripts.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Unreadable(_) => "unreadable",
            Self::Report { rehearsal: true } | Self::Rehearsal => "rehearsal",
            Self::Report { rehearsal: false } => "report",
            Self::WrongKey(_) => "wrong_key",
            Self::Forged => "forged",
            Self::NotYet(_) => "not_yet_valid",
            Self::Expired(_) => "expired",
            Self::Unsupported(_) => "unsupported",
            Self::WrongProgramme { .. } => "wrong_programme",
            Self::WrongSubject { .. } => "wrong_subject",
            Self::WrongVersion { .. } => "wrong_version",
            Self::WrongLevel(_) => "wrong_level",
            Self::OutOfScope(_) => "out_of_scope",
            Self::ReportDiffers(_) => "report_differs",
            Self::ListMissing(_) => "status_list_missing",
            Self::ListUnreadable(_) => "status_list_unreadable",
            Self::ListTooOld(_) => "status_list_too_old",
            Self::ListToCome(_) => "status_list_from_the_future",
            Self::Unlisted => "status_unknown",
            Self::Suspended { .. } => "suspended",
            Self::Revoked { .. } => "revoked",
        }
    }
}

/// What a certificate is held against.
#[derive(Clone, Debug, Default)]
pub struct Expected<'a> {
    /// The programme.
    pub programme: Option<&'a str>,
    /// The subject's short name.
    pub subject: Option<&'a str>,
    /// Its version.
    pub version: Option<&'a str>,
    /// The level that is needed at least.
    pub level: Option<CertificationLevel>,
    /// Abilities that must be certified.
    pub abilities: &'a [String],
}

/// Reads a certificate that the key has signed.
pub fn opened(text: &str, key: &PublicKey) -> Result<Certificate, Refusal> {
    Certificate::open(text, key).map_err(|why| match why {
        EnvelopeError::WrongKey { .. } => Refusal::WrongKey(why.to_string()),
        EnvelopeError::Forged => Refusal::Forged,
        other => match report_in(text) {
            Some(rehearsal) => Refusal::Report { rehearsal },
            None => Refusal::Unreadable(other.to_string()),
        },
    })
}

/// Whether a text is a report, and if so whether that of a rehearsal.
fn report_in(text: &str) -> Option<bool> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let is_report = value.get("schema")?.as_str()?.starts_with("lockstep.report/");
    // What does not say so is taken for one: nothing is certified by it either way.
    is_report.then(|| value.get("rehearsal").and_then(serde_json::Value::as_bool).unwrap_or(true))
}

/// Whether a certificate holds by itself: in its time, for what is expected, and
/// over a run that supports it.
pub fn holds(certificate: &Certificate, expected: &Expected<'_>, now: Instant) -> Result<(), Refusal> {
    let claims = &certificate.claims;
    claims.passes().map_err(|why| match why {
        NotCertifiable::Rehearsal => Refusal::Rehearsal,
        other => Refusal::Unsupported(other.to_string()),
    })?;
    let differs = |found: &str, expected: Option<&str>| {
        let expected = expected.filter(|expected| *expected != found)?;
        Some((found.to_owned(), expected.to_owned()))
    };
    if let Some((found, expected)) = differs(&claims.programme, expected.programme) {
        return Err(Refusal::WrongProgramme { found, expected });
    }
    if let Some((found, expected)) = differs(&claims.subject.name, expected.subject) {
        return Err(Refusal::WrongSubject { found, expected });
    }
    if let Some((found, expected)) = differs(&claims.subject.version, expected.version) {
        return Err(Refusal::WrongVersion { found, expected });
    }
    match expected.level {
        Some(CertificationLevel::Full) if claims.level < CertificationLevel::Full => {
            return Err(Refusal::WrongLevel("full"));
        }
        Some(CertificationLevel::Core) if claims.level < CertificationLevel::Core => {
            return Err(Refusal::WrongLevel("core"));
        }
        _ => {}
    }
    if let Some(missing) = expected.abilities.iter().find(|ability| !certificate.scope.contains(ability)) {
        return Err(Refusal::OutOfScope(missing.clone()));
    }
    if now + CLOCK_SKEW < certificate.valid_from {
        return Err(Refusal::NotYet(certificate.valid_from));
    }
    if now >= certificate.valid_until {
        return Err(Refusal::Expired(certificate.valid_until));
    }
    Ok(())
}

/// Whether a signed status list can be relied on now and lets a certificate stand.
pub fn stands(certificate: &Certificate, list: &str, key: &PublicKey, now: Instant) -> Result<(), Refusal> {
    let list = StatusList::open(list, key).map_err(|why| Refusal::ListUnreadable(why.to_string()))?;
    if now + CLOCK_SKEW < list.issued {
        return Err(Refusal::ListToCome(list.issued));
    }
    let mut lines = list.certificates.iter().filter(|line| line.serial == certificate.serial);
    // Revoked is revoked, also by a list that is too old to say that all is well.
    let bad = lines.clone().find(|line| line.standing != Standing::Good);
    if let Some(line) = bad {
        let (since, reason) = (line.since, line.reason.clone());
        return Err(match line.standing {
            Standing::Revoked => Refusal::Revoked { since, reason },
            _ => Refusal::Suspended { since, reason },
        });
    }
    if now >= list.next_update {
        return Err(Refusal::ListTooOld(list.next_update));
    }
    if lines.next().is_none() { Err(Refusal::Unlisted) } else { Ok(()) }
}

/// Whether a report with these claims is the one that was certified; else what
/// differs.
pub fn rests_on(certificate: &Certificate, now: &Claims) -> Result<(), Refusal> {
    let then = &certificate.claims;
    let differing: Vec<&'static str> = [
        ("subject", then.subject != now.subject || then.programme != now.programme),
        ("suite", then.suite != now.suite),
        ("exchanges", then.evidence_root != now.evidence_root || then.exchanges != now.exchanges),
        ("verdicts", then.verdicts != now.verdicts || then.verdict != now.verdict || then.level != now.level),
        ("abilities", then.abilities != now.abilities),
        ("waivers", then.waivers != now.waivers),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect();
    match (differing.is_empty(), then.report_digest == now.report_digest) {
        (true, true) => Ok(()),
        (true, false) => Err(Refusal::ReportDiffers(vec!["other parts"])),
        (false, _) => Err(Refusal::ReportDiffers(differing)),
    }
}
