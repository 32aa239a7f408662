//! What a certificate says of a run, and which runs it may say it of.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::digest;
use crate::harness::criterion::{CertificationLevel, CriterionId, Level};
use crate::harness::result::{Mode, Presence, Report, Subject, Suite, WaiverAccount};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Instant;

/// A report's account, without its exchanges: what stands in a certificate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// `lock-vendor`.
    pub programme: String,
    /// Who was judged, in which version, where.
    pub subject: Subject,
    /// By which criteria and features.
    pub suite: Suite,
    /// The name of the run.
    pub run: String,
    /// When it ended.
    pub finished: Instant,
    /// How free it was.
    pub mode: Mode,
    /// Whether it was a rehearsal.
    pub rehearsal: bool,
    /// Whether it was cut short.
    pub interrupted: bool,
    /// Criteria that it set out to judge.
    pub planned: usize,
    /// Criteria that were given a verdict.
    pub executed: usize,
    /// Its verdict.
    pub verdict: Verdict,
    /// Every exit code that applied.
    pub exit_codes: Vec<u8>,
    /// The level asked for.
    pub asked: CertificationLevel,
    /// The level reached.
    pub level: CertificationLevel,
    /// The capability statement, declared and observed.
    pub abilities: Vec<Ability>,
    /// Every criterion with its verdict.
    pub verdicts: Vec<VerdictLine>,
    /// What is put up with, by whom, why, and until when.
    pub waivers: Vec<WaiverAccount>,
    /// SHA-256 over the digests of all exchanges.
    pub evidence_root: String,
    /// How many exchanges there were.
    pub exchanges: usize,
    /// SHA-256 over the report.
    pub report_digest: String,
}

/// One ability of the subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ability {
    /// Its name (`unlock`, `battery`).
    pub ability: String,
    /// Whether the subject declares it.
    pub declared: Presence,
    /// Whether the run saw it.
    pub observed: Presence,
}

impl Ability {
    /// Whether it was tested and found there. Only that can be certified.
    pub fn is_tested(&self) -> bool {
        self.declared == Presence::Yes && self.observed == Presence::Yes
    }
}

/// One line of the verdict table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerdictLine {
    /// The criterion.
    pub id: CriterionId,
    /// How strictly it is asked.
    pub level: Level,
    /// Its verdict.
    pub verdict: Verdict,
}

/// Why a run certifies nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCertifiable {
    /// It was a rehearsal.
    #[error(
        "the report is that of a rehearsal against a simulation, which says nothing of the subject itself"
    )]
    Rehearsal,
    /// Somebody chose the criteria.
    #[error("the report is that of a free run; only `lockstep certify` judges by every criterion")]
    FreeRun,
    /// It did not come to its end.
    #[error("the run did not judge every criterion that it set out to judge")]
    Incomplete,
    /// The verdict is no pass, or an exit code stands against it.
    #[error("the run did not pass (verdict {}, exit codes {codes:?})", verdict.as_str())]
    NotPassed {
        /// Its verdict.
        verdict: Verdict,
        /// Its exit codes.
        codes: Vec<u8>,
    },
    /// The level asked for was not reached.
    #[error("the level that was asked for was not reached")]
    Level,
    /// No required criterion was seen to be met.
    #[error("no required criterion was seen to be met")]
    Vacuous,
    /// The parts do not support the total.
    #[error("the report contradicts itself: {0}")]
    Contradiction(String),
    /// Judged by other criteria than those of this version.
    #[error(
        "the report was made by another suite ({found}) than that of this version ({known}); certify again"
    )]
    Suite {
        /// First digits of the report's suite digest.
        found: String,
        /// First digits of this version's.
        known: String,
    },
}

/// The criteria whose scenarios are named after what a partner declares to do:
/// modes of access, changes of bookings, kinds of bookings.
const SCOPED: [&str; 3] = ["IP-04", "IP-62", "IP-63"];

/// What a partner's run covers: each mode, change and kind of booking that it
/// declares and that was seen to work, by the scenario of that name.
fn covered(report: &Report) -> impl Iterator<Item = Ability> + '_ {
    let of_partner = report.is_of_partner();
    let scoped = report.criteria.iter().filter(move |one| of_partner && SCOPED.contains(&one.id.as_str()));
    let seen = scoped.flat_map(|one| &one.scenarios).filter(|scenario| scenario.verdict == Verdict::Pass);
    let named = seen.filter(|scenario| !scenario.name.contains(' '));
    named.map(|scenario| Ability {
        ability: scenario.name.clone(),
        declared: Presence::Yes,
        observed: Presence::Yes,
    })
}

impl Claims {
    /// What a report claims. The digests are taken over `document`, the report's
    /// file as JSON: a later version of Lockstep, whose model of a report may know
    /// more, comes to the same ones.
    pub fn of(report: &Report, document: &Value) -> Self {
        let abilities = report.capabilities.iter().map(|line| Ability {
            ability: line.ability.clone(),
            declared: line.declared,
            observed: line.observed,
        });
        let verdicts = report.criteria.iter().map(|criterion| VerdictLine {
            id: criterion.id.clone(),
            level: criterion.level,
            verdict: criterion.verdict,
        });
        let none = Vec::new();
        let exchanges = document.get("exchanges").and_then(Value::as_array).unwrap_or(&none);
        Self {
            programme: report.programme.clone(),
            subject: report.subject.clone(),
            suite: report.suite.clone(),
            run: report.run.clone(),
            finished: report.finished,
            mode: report.mode,
            rehearsal: report.rehearsal,
            interrupted: report.interrupted.is_some(),
            planned: report.planned,
            executed: report.executed,
            verdict: report.verdict,
            exit_codes: report.exit_codes.clone(),
            asked: report.asked,
            level: report.level,
            abilities: abilities.chain(covered(report)).collect(),
            verdicts: verdicts.collect(),
            waivers: report.waivers.clone(),
            evidence_root: digest::evidence_root(exchanges),
            exchanges: exchanges.len(),
            report_digest: digest::of(document),
        }
    }

    /// Whether the run was made by the criteria of a suite.
    pub fn made_by(&self, digest: &str) -> Result<(), NotCertifiable> {
        let short = |digest: &str| digest.chars().take(12).collect();
        match self.suite.digest == digest {
            true => Ok(()),
            false => Err(NotCertifiable::Suite { found: short(&self.suite.digest), known: short(digest) }),
        }
    }

    /// Whether it was a locked judgement of the subject itself that came to its
    /// end, whatever its verdict.
    pub fn is_certification(&self) -> Result<(), NotCertifiable> {
        if self.rehearsal {
            return Err(NotCertifiable::Rehearsal);
        }
        if self.mode != Mode::Certify {
            return Err(NotCertifiable::FreeRun);
        }
        if self.interrupted || self.executed < self.planned || self.planned == 0 {
            return Err(NotCertifiable::Incomplete);
        }
        Ok(())
    }

    /// Whether the subject passed, at the level reached. The total is not taken
    /// at its word: every line of the verdict table must support it.
    pub fn passes(&self) -> Result<(), NotCertifiable> {
        self.is_certification()?;
        if self.verdict != Verdict::Pass || self.exit_codes != [0] {
            return Err(NotCertifiable::NotPassed { verdict: self.verdict, codes: self.exit_codes.clone() });
        }
        if self.level < self.asked || self.level == CertificationLevel::None {
            return Err(NotCertifiable::Level);
        }
        let mut required = self.verdicts.iter().filter(|line| line.level == Level::Required);
        if !required.any(|line| line.verdict.is_observed()) {
            return Err(NotCertifiable::Vacuous);
        }
        self.contradiction().map_or(Ok(()), |what| Err(NotCertifiable::Contradiction(what)))
    }

    fn contradiction(&self) -> Option<String> {
        let mut seen = BTreeSet::new();
        for line in &self.verdicts {
            let id = &line.id;
            let asked = line.level == Level::Required
                || (line.level == Level::Full && self.level == CertificationLevel::Full);
            if !seen.insert(id) {
                return Some(format!("{id} is judged twice"));
            }
            if (asked && line.verdict.blocks()) || line.verdict == Verdict::Error {
                return Some(format!("{id} is {}, and the total is a pass", line.verdict.as_str()));
            }
            let covered =
                self.waivers.iter().any(|waiver| waiver.criterion == *id && waiver.covers.is_some());
            if covered != (line.verdict == Verdict::Waived) {
                return Some(format!("{id} is {}, which its waiver does not say", line.verdict.as_str()));
            }
        }
        let stale = self.waivers.iter().find(|waiver| waiver.stale.is_some())?;
        Some(format!("the waiver of {} is stale, and the run ended with 0", stale.criterion))
    }

    /// The last instant to which the waivers that were used hold, exclusive.
    pub fn waived_until(&self) -> Option<Instant> {
        let used = self.waivers.iter().filter(|waiver| waiver.covers.is_some());
        let ends = used.filter_map(|waiver| {
            let next_day = waiver.expires.tomorrow().ok()?;
            let end = next_day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
            Some(Instant::from_timestamp(end.timestamp()))
        });
        ends.min()
    }

    /// The abilities that were tested and found there.
    pub fn tested(&self) -> impl Iterator<Item = &str> {
        self.abilities.iter().filter(|ability| ability.is_tested()).map(|ability| ability.ability.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::sample::{criterion, report};

    fn claims(report: &Report) -> Claims {
        Claims::of(report, &serde_json::to_value(report).unwrap())
    }

    fn refusal(change: impl Fn(&mut Report)) -> Option<String> {
        let mut report = report();
        change(&mut report);
        claims(&report).passes().err().map(|why| why.to_string())
    }

    #[test]
    fn only_a_passing_certification_of_the_subject_itself_passes() {
        assert_eq!(refusal(|_| {}), None);
        let check = |change: &dyn Fn(&mut Report), expected: &str| {
            let told = refusal(change).unwrap();
            assert!(told.contains(expected), "{told}");
        };
        check(&|r| r.rehearsal = true, "rehearsal");
        check(&|r| r.mode = Mode::Run, "free run");
        check(&|r| r.interrupted = Some("Ctrl-C".into()), "did not judge every criterion");
        check(&|r| r.executed -= 1, "did not judge every criterion");
        check(&|r| (r.planned, r.executed) = (0, 0), "did not judge every criterion");
        check(&|r| (r.verdict, r.exit_codes) = (Verdict::Fail, vec![1]), "verdict fail, exit codes [1]");
        check(&|r| r.exit_codes = vec![5], "exit codes [5]");
        check(&|r| r.exit_codes = vec![], "did not pass");
        check(&|r| r.verdict = Verdict::Inconclusive, "verdict inconclusive");
        check(&|r| r.level = CertificationLevel::Core, "level");
        check(&|r| (r.asked, r.level) = (CertificationLevel::None, CertificationLevel::None), "level");
        check(&|r| r.criteria.clear(), "no required criterion");
        check(&|r| r.criteria.push(r.criteria[0].clone()), "LV-10 is judged twice");
        check(&|r| r.criteria[1].verdict = Verdict::Fail, "LV-21 is fail, and the total is a pass");
        check(&|r| r.criteria[3].verdict = Verdict::Inconclusive, "LV-82 is inconclusive");
        check(&|r| r.criteria[1].verdict = Verdict::Waived, "LV-21 is waived, which its waiver does not say");
    }

    #[test]
    fn a_core_certification_passes_without_the_full_level() {
        let core = |r: &mut Report| {
            (r.asked, r.level) = (CertificationLevel::Core, CertificationLevel::Core);
            r.criteria[3].verdict = Verdict::Fail;
            r.criteria.push(criterion("LV-99", Level::Preferred, Verdict::Fail, "told only"));
        };
        assert_eq!(refusal(core), None);
    }

    #[test]
    fn another_suite_certifies_nothing_here() {
        let claims = claims(&report());
        assert_eq!(claims.made_by(&"9c".repeat(32)), Ok(()));
        assert!(claims.made_by(&"9d".repeat(32)).is_err());
    }

    #[test]
    fn only_what_was_declared_and_seen_is_tested() {
        let claims = claims(&report());
        assert_eq!(claims.tested().collect::<Vec<_>>(), ["list_locks"]);
    }
}
