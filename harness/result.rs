//! What a run found out: the one model that every report is a view of.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::criterion::{CertificationLevel, CriterionId, Level};
use super::verdict::Verdict;
use crate::vendors::vocabulary::{FailureKind, Function, Instant};

pub use crate::vendors::dialect::{Evidence, Origin, Origins, Part, Source};

/// The name and version of the report's schema.
pub const SCHEMA: &str = "lockstep.report/1";

/// A finished (or interrupted) run. Serialised as `report.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always [`SCHEMA`].
    pub schema: String,
    /// `lock-vendor`.
    pub programme: String,
    /// `certify` or `run`.
    pub mode: Mode,
    /// Whether the subject was the simulated vendor: a rehearsal never certifies.
    pub rehearsal: bool,
    /// The name of the run, borne by everything that it created.
    pub run: String,
    /// When it began and ended, on the machine's clock.
    #[schemars(with = "String")]
    pub started: Instant,
    /// See `started`.
    #[schemars(with = "String")]
    pub finished: Instant,
    /// The seed of everything random.
    pub seed: u64,
    /// Who was judged.
    pub subject: Subject,
    /// By what.
    pub suite: Suite,
    /// The worst that decides: what the exit code says.
    pub verdict: Verdict,
    /// The level asked for.
    pub asked: CertificationLevel,
    /// The level reached.
    pub level: CertificationLevel,
    /// The decision in one or two sentences for a business reader.
    pub decision: String,
    /// Every exit code that applies, the one returned first.
    pub exit_codes: Vec<u8>,
    /// Criteria that the run set out to judge.
    pub planned: usize,
    /// Criteria that were given a verdict: by running all their scenarios, or by
    /// the statement, an attestation, or what the subject lacks. Left out are
    /// those that nobody selected and those that an interruption cut off.
    pub executed: usize,
    /// Why the run ended early, where it did.
    pub interrupted: Option<String>,
    /// What the vendor says it can do, function by function.
    pub statement: Vec<FunctionAnswer>,
    /// What holds of it: function by function and ability by ability, declared
    /// against observed.
    #[serde(default)]
    pub capabilities: Vec<Capability>,
    /// Where the profile says that what it states of the vendor is from: nothing
    /// where it does not say so.
    #[serde(default)]
    pub origins: Origins,
    /// Locks that by their own data cannot do what others can.
    #[serde(default)]
    pub limited_locks: Vec<LimitedLock>,
    /// Every criterion, in order of id.
    pub criteria: Vec<CriterionResult>,
    /// Every exchange, in order of time, with secrets masked.
    pub exchanges: Vec<Exchange>,
    /// Things that the run created and could not remove.
    pub leftovers: Vec<Leftover>,
    /// Faults that were injected, and how often each took effect.
    pub faults: Vec<FaultAccount>,
    /// Shortcomings that somebody accepts for a time, and what became of each.
    #[serde(default)]
    pub waivers: Vec<WaiverAccount>,
    /// Readings taken where Inlet's document leaves room, quoted for the reader.
    pub readings: Vec<String>,
}

/// How free the run was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Locked: every applicable criterion, no filter.
    Certify,
    /// Free selection; never a certification.
    Run,
}

/// Who was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// The profile's short name.
    pub name: String,
    /// The product's name for people.
    pub title: String,
    /// Who makes it.
    pub vendor: String,
    /// The version of its API.
    pub version: String,
    /// Where it was reached: an address, or `embedded simulator`.
    pub target: String,
    /// SHA-256 of the profile.
    pub profile_digest: String,
}

/// By what it was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suite {
    /// Version of Lockstep.
    pub version: String,
    /// SHA-256 over criteria and features.
    pub digest: String,
}

/// The vendor's answer for one function, in Inlet's preferred form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionAnswer {
    /// Which function.
    pub function: Function,
    /// Whether it is supported.
    pub supported: bool,
    /// Why not, where it is not.
    pub reason: Option<String>,
    /// `METHOD /path` of each exchange, in order.
    pub endpoints: Vec<String>,
    /// How calls are authenticated.
    pub authentication: String,
    /// Request examples, in order.
    pub request_examples: Vec<String>,
    /// Response examples, in order.
    pub response_examples: Vec<String>,
    /// Error examples: kind and example.
    pub error_examples: Vec<String>,
    /// Notes on timing, delays and limits.
    pub notes: String,
}

/// One line of the effective capability statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capability {
    /// A function (`unlock`) or an ability within one (`battery`).
    pub ability: String,
    /// Its name for people.
    pub title: String,
    /// Whether the vendor declares it.
    pub declared: Presence,
    /// Whether the run saw it.
    pub observed: Presence,
    /// What holds, given both.
    pub effective: Presence,
    /// Why, in one sentence.
    pub note: String,
    /// Ids of exchanges that show it.
    pub evidence: Vec<String>,
}

impl Capability {
    /// A line; what holds follows from the two: what was seen counts, and what is
    /// not declared and was not seen is not relied on.
    pub fn new(
        ability: &str,
        title: &str,
        declared: Presence,
        observed: Presence,
        note: String,
        evidence: Vec<String>,
    ) -> Self {
        let effective = match (declared, observed) {
            (_, Presence::Yes) => Presence::Yes,
            (_, Presence::No) | (Presence::No, Presence::Unknown) => Presence::No,
            (_, Presence::Unknown) => Presence::Unknown,
        };
        Self {
            ability: ability.to_owned(),
            title: title.to_owned(),
            declared,
            observed,
            effective,
            note,
            evidence,
        }
    }

    /// The same line where what was seen of it does not serve: it is not relied
    /// on, for that reason.
    #[must_use]
    pub fn useless(mut self, reason: String) -> Self {
        self.effective = Presence::No;
        self.note = reason;
        self
    }

    /// How declaration and observation contradict each other, where they do.
    pub fn contradiction(&self) -> Option<&'static str> {
        match (self.declared, self.observed) {
            (Presence::Yes, Presence::No) => Some("declared but absent"),
            (Presence::No, Presence::Yes) => Some("present but undeclared"),
            _ => None,
        }
    }
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It was not said, or not seen.
    Unknown,
}

/// A lock that by its own data cannot do what others can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LimitedLock {
    /// Its id.
    pub lock: String,
    /// What it lacks: `keypad`, `bridge`.
    pub lacks: Vec<String>,
}

/// One criterion, judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionResult {
    /// Its id.
    pub id: CriterionId,
    /// What it asks, in one sentence.
    pub text: String,
    /// Where it comes from, in words for a reader ("Requirements, Retrieve Lock Status").
    pub source: String,
    /// How strictly.
    pub level: Level,
    /// The judgement.
    pub verdict: Verdict,
    /// Why, in one sentence; for a pass what was observed.
    pub reason: String,
    /// Each scenario that was run for it.
    pub scenarios: Vec<ScenarioResult>,
    /// What was found wrong or noteworthy.
    pub findings: Vec<Finding>,
    /// Ids of the exchanges that show it.
    pub evidence: Vec<String>,
    /// Retries that were made, for the timeline.
    pub timelines: Vec<Timeline>,
}

/// One scenario of a criterion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioResult {
    /// Its name in the feature.
    pub name: String,
    /// Its judgement.
    pub verdict: Verdict,
    /// The steps that were run, in words, each with whether it held.
    pub steps: Vec<StepResult>,
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StepResult {
    /// Keyword and text.
    pub text: String,
    /// Whether it held; `skipped` after one that did not.
    pub verdict: Verdict,
}

/// Something found wrong (or noteworthy), in a form that can be acted on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// `LV-21.1`: the criterion and a running number.
    pub id: String,
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found, in one sentence for a business reader.
    pub summary: String,
    /// What the criterion expects.
    pub expected: String,
    /// What was observed.
    pub observed: String,
    /// What we had sent, where something was sent.
    pub sent: Option<String>,
    /// The exchanges that show it.
    pub evidence: Vec<String>,
    /// Commands that show it again: `curl …`, `lockstep replay …`.
    pub reproduce: Vec<String>,
}

/// One exchange, with secrets and PINs masked when it was captured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Exchange {
    /// `x-17`.
    pub id: String,
    /// The criterion in whose course it was made.
    pub criterion: Option<CriterionId>,
    /// The operation of the profile.
    pub operation: String,
    /// When it was sent, on the subject's clock.
    #[schemars(with = "String")]
    pub at: Instant,
    /// How long it took on that clock, in milliseconds.
    pub took_ms: u64,
    /// What was sent.
    pub request: SentRequest,
    /// What came back.
    pub response: Received,
}

/// A request as it was sent, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SentRequest {
    /// Method.
    pub method: String,
    /// Whole address.
    pub url: String,
    /// Headers in order.
    pub headers: Vec<(String, String)>,
    /// Body as text; bytes that are not UTF-8 as replacement characters.
    pub body: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Received {
    /// An HTTP answer, masked.
    Answer {
        /// Status code.
        status: u16,
        /// Headers in order.
        headers: Vec<(String, String)>,
        /// Body as text.
        body: String,
        /// The documented error that it is, if it is one.
        failure: Option<FailureKind>,
        /// Why it is neither the documented success nor a documented error, if
        /// it is neither. Told when it was captured, before anything was masked.
        undocumented: Option<String>,
    },
    /// No answer, or none that could be read.
    Nothing {
        /// What happened instead.
        why: TransportFailure,
        /// The same in words, with details.
        detail: String,
    },
}

/// Why there was no readable answer; each is told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransportFailure {
    /// The name has no address.
    Unresolved,
    /// The connection was refused.
    Refused,
    /// The connection was reset or closed before an answer.
    Reset,
    /// The connection was not made in time.
    ConnectTimeout,
    /// The answer did not come in time.
    ReadTimeout,
    /// The answer broke off in the middle.
    Truncated,
    /// The certificate is not valid.
    Certificate,
    /// The answer sends us to another host.
    ForeignRedirect,
    /// What came is no HTTP.
    NotHttp,
    /// Larger than we are willing to read.
    TooLarge,
}

/// A thing that the run created and could not remove.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Leftover {
    /// `PIN access`, `mobile key`, `user`, `hold`.
    pub what: String,
    /// The vendor's id.
    pub id: String,
    /// Where: the lock or group.
    pub place: String,
    /// Why it is still there.
    pub why: String,
}

/// A fault that was injected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FaultAccount {
    /// The criterion that asked for it.
    pub criterion: Option<CriterionId>,
    /// What it does and where.
    pub fault: String,
    /// How often it was to take effect.
    pub injected: u32,
    /// How often it did.
    pub consumed: u32,
}

/// A shortcoming that somebody accepts for a time, as the run was told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WaiverAccount {
    /// The criterion.
    pub criterion: CriterionId,
    /// Who answers for it.
    pub owner: String,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it holds, in UTC.
    #[schemars(with = "String")]
    pub expires: jiff::civil::Date,
    /// The verdict in whose place “waived” stands; none where it covered nothing.
    pub covers: Option<Verdict>,
    /// Why it is stale, where it is.
    pub stale: Option<String>,
}

/// Attempts along time, for a drawing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Timeline {
    /// What was tried.
    pub title: String,
    /// The attempts, by seconds since the first.
    pub attempts: Vec<Attempt>,
    /// When support was told, in seconds since the first attempt.
    pub escalated_at_s: Option<u64>,
}

/// One attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attempt {
    /// Seconds since the first attempt.
    pub at_s: u64,
    /// How it ended: `done`, or the failure's name.
    pub outcome: String,
    /// The exchange that shows it.
    pub exchange: Option<String>,
}

/// The programme by which partners are judged.
pub const PARTNERS: &str = "inlet-partner";

impl Report {
    /// Whether it is about a partner and not about a lock vendor.
    pub fn is_of_partner(&self) -> bool {
        self.programme == PARTNERS
    }

    /// How many criteria have each verdict.
    pub fn tally(&self) -> BTreeMap<Verdict, usize> {
        let mut tally = BTreeMap::new();
        for criterion in &self.criteria {
            *tally.entry(criterion.verdict).or_default() += 1;
        }
        tally
    }
}
