//! Why a step is not possible.

use crate::harness::certification::NotCertifiable;
use crate::vendors::vocabulary::Instant;

/// A step that is refused, by name.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refused {
    /// Another stage allows it, this one does not.
    #[error("{step} is not possible while the certification is {stage}")]
    NotNow {
        /// The step.
        step: &'static str,
        /// Where the certification stands.
        stage: &'static str,
    },
    /// Items of the checklist that nobody vouches for.
    #[error("nobody vouches for {} yet", .0.join(", "))]
    Missing(Vec<String>),
    /// No such item.
    #[error("`{item}` is no item of the checklist at this stage; there are {}", .known.join(", "))]
    Item {
        /// What was named.
        item: String,
        /// What there is.
        known: Vec<String>,
    },
    /// Somebody vouches for tomorrow.
    #[error("nobody can vouch on {0}, which is still to come")]
    ToCome(jiff::civil::Date),
    /// A document without a digest, or with one that is none.
    #[error("a document is named with its SHA-256")]
    Digest,
    /// Issues without an answer.
    #[error("issues are open: {}", .0.iter().map(usize::to_string).collect::<Vec<_>>().join(", "))]
    Open(Vec<usize>),
    /// Feedback without an issue, or an issue that is none.
    #[error("feedback names at least one issue that must be corrected")]
    NoIssue,
    /// No such issue, or one that is answered.
    #[error("there is no open issue {0}")]
    Issue(usize),
    /// The run certifies nothing.
    #[error(transparent)]
    Run(#[from] NotCertifiable),
    /// The report is about somebody else.
    #[error("the report is about {found}, expected {expected}")]
    OtherSubject {
        /// Programme and subject of the report.
        found: String,
        /// Those of the certification.
        expected: String,
    },
    /// A report that an earlier certificate rests on.
    #[error("the report ({0}) is not newer than that of the last certificate; certify again")]
    OldReport(String),
    /// A report from the future.
    #[error("the report says that it was finished at {0}, which is still to come")]
    FutureReport(Instant),
    /// Who hands in does not review.
    #[error("{0} handed it in, and somebody else must review")]
    SamePerson(String),
    /// The certificate is not one over what was reviewed.
    #[error("the certificate does not fit what was reviewed")]
    OtherCertificate,
    /// Suspended, so nothing is approved.
    #[error("the certification is suspended; resume or revoke it first")]
    Suspended,
    /// Not suspended.
    #[error("the certification is not suspended")]
    NotSuspended,
    /// Nothing that could be suspended or revoked.
    #[error("no certificate holds, so there is none to {0}")]
    NothingHolds(&'static str),
    /// No name, no reason, or one that is too long.
    #[error("{what} is given in one line of at most {longest} characters")]
    Text {
        /// What.
        what: &'static str,
        /// The most characters.
        longest: usize,
    },
    /// No such programme.
    #[error("there is no programme `{0}`")]
    Programme(String),
    /// No short name.
    #[error("`{0}` is no short name of a subject: lower-case letters, digits, `-` and `_`, such as acme")]
    Subject(String),
    /// The clock stands before the last event.
    #[error("this clock stands at {now}, before the last step at {last}; set it right first")]
    Clock {
        /// What the clock says.
        now: Instant,
        /// When the last event was.
        last: Instant,
    },
}
