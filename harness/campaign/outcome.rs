//! What a run came to, whomever it judged: decided, and as a report.

use super::course::Done;
use super::{Watch, readings};

use crate::harness::criterion::{CertificationLevel, CriterionId};
use crate::harness::progress::Progress;
use crate::harness::result::{Exchange, Mode, Origins, Report, SCHEMA, Subject, Suite as SuiteResult};
use crate::harness::runner::{Grounds, Suite, Waiver, apply_waivers, decide};
use crate::vendors::vocabulary::{Function, Instant, RunName};

/// Everything that a report of any programme says.
pub(super) struct Outcome<'a> {
    pub(super) mode: Mode,
    /// Whom a rehearsal was against; `None` where it was none.
    pub(super) rehearsal: Option<&'static str>,
    pub(super) run: &'a RunName,
    pub(super) seed: u64,
    pub(super) subject: Subject,
    pub(super) asked: CertificationLevel,
    /// When it began, on the machine's clock, and since then.
    pub(super) started: Instant,
    pub(super) began: std::time::Instant,
    pub(super) planned: usize,
    pub(super) done: Done,
    pub(super) exchanges: Vec<Exchange>,
    pub(super) interrupted: Option<String>,
    pub(super) waivers: &'a [Waiver],
    /// The present, by which waivers hold.
    pub(super) present: Instant,
    /// Functions that the subject does not offer, each with a criterion that is about it.
    pub(super) lacking: &'a [(CriterionId, Function)],
    /// Answers of people that nothing asked for.
    pub(super) unused: &'a [String],
    pub(super) defect: Option<String>,
    /// What in the configuration kept the run from judging anything.
    pub(super) misconfigured: Option<(u8, String)>,
}

impl Outcome<'_> {
    /// Decides and reports, without what one programme alone has to say.
    pub(super) fn report<W>(mut self, suite: &Suite<W>, watch: Watch<'_>) -> Report {
        let today = self.present.timestamp().to_zoned(jiff::tz::TimeZone::UTC).date();
        let waivers = apply_waivers(self.waivers, today, &mut self.done.criteria);
        let decided = decide(&Grounds {
            mode: self.mode,
            rehearsal: self.rehearsal,
            subject: &self.subject.title,
            asked: self.asked,
            criteria: &self.done.criteria,
            lacking: self.lacking,
            interrupted: self.interrupted.as_deref(),
            waivers: &waivers.accounts,
            stale: &waivers.stale,
            unused: self.unused,
            defect: self.defect.as_deref(),
            misconfigured: self.misconfigured.as_ref().map(|(code, why)| (*code, why.as_str())),
        });
        watch(Progress::Finished { verdict: decided.verdict, took: self.began.elapsed() });
        Report {
            schema: SCHEMA.to_owned(),
            programme: suite.programme.to_owned(),
            mode: self.mode,
            rehearsal: self.rehearsal.is_some(),
            run: self.run.to_string(),
            started: self.started,
            finished: Instant::wall(),
            seed: self.seed,
            subject: self.subject,
            suite: SuiteResult { version: env!("CARGO_PKG_VERSION").to_owned(), digest: suite.digest() },
            verdict: decided.verdict,
            asked: self.asked,
            level: decided.level,
            decision: decided.sentence,
            exit_codes: decided.exit_codes,
            planned: self.planned,
            executed: self.done.executed,
            interrupted: self.interrupted,
            statement: Vec::new(),
            capabilities: Vec::new(),
            origins: Origins::default(),
            limited_locks: Vec::new(),
            criteria: self.done.criteria,
            exchanges: self.exchanges,
            leftovers: Vec::new(),
            faults: self.done.faults,
            waivers: waivers.accounts,
            readings: readings(&suite.criteria),
        }
    }
}
