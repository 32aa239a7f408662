//! What a report says as a whole, told the same way by every format.

use crate::harness::criterion::{CertificationLevel, Level};
use crate::harness::result::{CriterionResult, Mode, Report, SCHEMA};
use crate::harness::verdict::Verdict;

use super::words;

/// Whether a criterion takes part in the decision at the level asked for.
pub fn decides(report: &Report, criterion: &CriterionResult) -> bool {
    match criterion.level {
        Level::Required => true,
        Level::Full => report.asked == CertificationLevel::Full,
        Level::Preferred => false,
    }
}

/// How a criterion shows in a continuous integration, which knows red and green.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// Met.
    Passed,
    /// Neither: does not apply, was left out on purpose, is put up with, or does
    /// not count.
    Neutral,
    /// Not met, and it counts.
    Failed,
    /// Not known although it counts, or the harness failed.
    Broken,
}

/// A criterion's light. Red if and only if it would keep the exit code from
/// being 0: a failed criterion that is only preferred, or that belongs to a
/// level that was not asked for, is told but stays neutral. A harness error is
/// red at every level, because it ends the run with 70.
pub fn light(report: &Report, criterion: &CriterionResult) -> Light {
    let decides = decides(report, criterion);
    match criterion.verdict {
        Verdict::Pass | Verdict::Warning | Verdict::Attested => Light::Passed,
        // It counts as met, and never reads as passed.
        Verdict::Waived => Light::Neutral,
        Verdict::Error => Light::Broken,
        Verdict::Fail if decides => Light::Failed,
        Verdict::Inconclusive if decides => Light::Broken,
        Verdict::Skipped if decides && report.mode == Mode::Certify => Light::Broken,
        Verdict::NotApplicable | Verdict::Fail | Verdict::Inconclusive | Verdict::Skipped => Light::Neutral,
    }
}

/// Whether the run as a whole is good: what an exit code of 0 claims.
pub fn is_good(report: &Report) -> bool {
    report.exit_codes.first() == Some(&0) && contradictions(report).is_empty()
}

/// Where a report claims more than its parts support. Such a report comes from
/// a defect and is not written: a reader would trust its first line.
pub fn contradictions(report: &Report) -> Vec<String> {
    let mut found = Vec::new();
    let mut claim = |wrong: bool, what: &str| {
        if wrong {
            found.push(what.to_owned());
        }
    };
    let claims_good = report.exit_codes.first() == Some(&0);
    let red = report.criteria.iter().any(|c| matches!(light(report, c), Light::Failed | Light::Broken));
    claim(report.schema != SCHEMA, "the schema is not the one that this version writes");
    claim(report.exit_codes.is_empty(), "no exit code is given");
    claim(claims_good && red, "the exit code is 0 although a criterion that decides is not met");
    claim(claims_good && report.verdict.blocks(), "the exit code is 0 although the verdict is no pass");
    claim(claims_good && report.interrupted.is_some(), "the exit code is 0 although the run was interrupted");
    claim(
        claims_good && report.executed < report.planned,
        "the exit code is 0 although criteria were not reached",
    );
    claim(claims_good && report.executed == 0, "the exit code is 0 although nothing was judged");
    claim(
        claims_good && report.mode == Mode::Certify && report.level < report.asked,
        "the exit code is 0 although the level asked for was not reached",
    );
    claim(
        report.level >= CertificationLevel::Core && blocked(report, Level::Required),
        "the level core is claimed although a required criterion is not met",
    );
    claim(
        report.level == CertificationLevel::Full && blocked(report, Level::Full),
        "the level full is claimed although one of its criteria is not met",
    );
    found.extend(repeated(report));
    found.extend(unaccounted(report));
    found
}

/// A criterion that reads as waived although nobody answers for it, or an answer
/// for one that does not.
fn unaccounted(report: &Report) -> Option<String> {
    let covered: std::collections::BTreeSet<_> =
        report.waivers.iter().filter(|w| w.covers.is_some()).map(|w| &w.criterion).collect();
    let wrong = report.criteria.iter().find(|c| (c.verdict == Verdict::Waived) != covered.contains(&c.id))?;
    let id = super::text::line(wrong.id.as_str(), 40);
    Some(match wrong.verdict {
        Verdict::Waived => format!("criterion {id} is waived by nobody"),
        _ => format!("a waiver covers criterion {id}, which is not waived"),
    })
}

fn blocked(report: &Report, level: Level) -> bool {
    report.criteria.iter().any(|c| c.level == level && c.verdict.blocks())
}

fn repeated(report: &Report) -> Option<String> {
    let mut seen = std::collections::BTreeSet::new();
    let twice = report.criteria.iter().find(|c| !seen.insert(&c.id))?;
    Some(format!("criterion {} is judged twice", super::text::line(twice.id.as_str(), 40)))
}

/// The notice that nobody may overlook, where a pass certifies nothing.
pub fn notice(report: &Report) -> Option<&'static str> {
    match (report.rehearsal, report.mode) {
        (true, _) if report.is_of_partner() => {
            Some("Rehearsal against the simulated booking system — not a certification")
        }
        (true, _) => Some("Rehearsal against the simulated vendor — not a certification"),
        (false, Mode::Run) => Some("Free run of selected criteria — not a certification"),
        (false, Mode::Certify) => None,
    }
}

/// The decision as a headline.
pub fn headline(report: &Report) -> String {
    let asked = words::certification(report.asked);
    let kind = match (report.rehearsal, report.mode) {
        (true, _) => Some("Rehearsal"),
        (false, Mode::Run) => Some("Run"),
        (false, Mode::Certify) => None,
    };
    // A code of 0 that the parts do not support counts as none.
    let code = report.exit_codes.first().copied().filter(|code| *code != 0 || is_good(report));
    match (kind, code) {
        (Some("Rehearsal"), Some(0)) => format!("Rehearsal passed at the {asked} level"),
        (Some(kind), Some(0)) => format!("{kind} passed for the selected criteria"),
        (None, Some(0)) => format!("Meets the {asked} level"),
        (_, Some(70)) => "No decision: the harness itself failed".to_owned(),
        (Some(kind), _) if report.verdict == Verdict::Fail => {
            format!("{kind} failed: the {asked} level is not met")
        }
        (None, _) if report.verdict == Verdict::Fail => format!("Does not meet the {asked} level"),
        _ if report.interrupted.is_some() => "No decision: the run was interrupted".to_owned(),
        (_, Some(2)) => "No decision: the configuration is wrong".to_owned(),
        (_, Some(3)) => "No decision: something could not be told".to_owned(),
        (_, Some(4)) => "No decision: the run is incomplete".to_owned(),
        _ => "Not passed".to_owned(),
    }
}

/// What keeps the run from passing, in a sentence; nothing where it passes.
pub fn missing(report: &Report) -> Option<String> {
    let of = |wanted: &dyn Fn(&CriterionResult) -> bool| {
        let ids: Vec<_> = report
            .criteria
            .iter()
            .filter(|c| wanted(c))
            .map(|c| super::text::line(c.id.as_str(), 40))
            .collect();
        (!ids.is_empty()).then_some(ids)
    };
    let counts = |c: &CriterionResult| matches!(light(report, c), Light::Failed | Light::Broken);
    let mut parts = Vec::new();
    for (verdict, what) in [
        (Verdict::Fail, "not met"),
        (Verdict::Inconclusive, "could not be told"),
        (Verdict::Skipped, "not reached"),
        (Verdict::Error, "broken off by a failure of the harness"),
    ] {
        if let Some(ids) = of(&|c| counts(c) && c.verdict == verdict) {
            parts.push(format!("{what}: {}", list(&ids)));
        }
    }
    let left = report.planned.saturating_sub(report.executed);
    // What was not run is told above where it stands in the report.
    let unrun = |c: &CriterionResult| c.verdict == Verdict::Inconclusive && c.scenarios.is_empty();
    let told = report.criteria.iter().filter(|c| c.verdict == Verdict::Skipped || unrun(c)).count();
    if left > told {
        parts.push(format!("not reached: {}", words::count(left - told, "criterion more", "criteria more")));
    }
    if parts.is_empty() {
        return None;
    }
    Some(format!("Missing for the {} level — {}.", words::certification(report.asked), parts.join("; ")))
}

/// Ids in a sentence; a long list is counted instead of spelled out.
fn list(ids: &[String]) -> String {
    match ids {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] if ids.len() <= 8 => format!("{} and {last}", most.join(", ")),
        _ => format!("{} and {} more", ids[..6].join(", "), ids.len() - 6),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn the_headline_says_what_was_decided() {
        let check = |change: &dyn Fn(&mut Report), expected: &str| {
            let mut report = samples::rehearsal();
            report.rehearsal = false;
            change(&mut report);
            assert_eq!(headline(&report), expected);
        };
        check(&|_| {}, "Meets the full level");
        check(&|r| r.rehearsal = true, "Rehearsal passed at the full level");
        check(&|r| r.mode = Mode::Run, "Run passed for the selected criteria");
        check(&|r| (r.verdict, r.exit_codes) = (Verdict::Fail, vec![1]), "Does not meet the full level");
        check(
            &|r| (r.rehearsal, r.verdict, r.exit_codes) = (true, Verdict::Fail, vec![1]),
            "Rehearsal failed: the full level is not met",
        );
        check(
            &|r| (r.verdict, r.exit_codes) = (Verdict::Inconclusive, vec![3]),
            "No decision: something could not be told",
        );
        check(
            &|r| (r.verdict, r.exit_codes) = (Verdict::Error, vec![70]),
            "No decision: the harness itself failed",
        );
        check(&|r| r.exit_codes = vec![4], "No decision: the run is incomplete");
        check(&|r| r.exit_codes = vec![6], "Not passed");
        // Whatever a wrong report claims, it gets no good headline.
        check(&|r| r.executed = 0, "Not passed");
        check(&|r| (r.rehearsal, r.executed) = (true, 0), "Not passed");
    }

    #[test]
    fn each_claim_is_held_against_the_parts() {
        let check = |change: &dyn Fn(&mut Report), expected: &str| {
            let mut report = samples::rehearsal();
            change(&mut report);
            let found = contradictions(&report).join("; ");
            assert!(found.contains(expected), "{found:?} lacks {expected:?}");
        };
        check(&|r| r.schema = "other".into(), "schema");
        check(&|r| r.exit_codes.clear(), "no exit code");
        check(&|r| r.criteria[0].verdict = Verdict::Inconclusive, "a criterion that decides is not met");
        check(&|r| r.criteria[0].verdict = Verdict::Skipped, "the level core is claimed");
        check(&|r| r.verdict = Verdict::Inconclusive, "the verdict is no pass");
        check(&|r| r.interrupted = Some("stopped".into()), "interrupted");
        check(&|r| r.planned += 1, "not reached");
        check(&|r| r.executed = 0, "nothing was judged");
        check(&|r| r.level = CertificationLevel::Core, "the level asked for was not reached");
        check(&|r| r.criteria.push(r.criteria[0].clone()), "criterion LV-01 is judged twice");
        check(&|r| r.criteria[0].verdict = Verdict::Waived, "criterion LV-01 is waived by nobody");
        let answer = samples::failing().waivers;
        check(&|r| r.waivers = answer.clone(), "a waiver covers criterion LV-82, which is not waived");
        let hold = |r: &mut Report| {
            (r.asked, r.exit_codes) = (CertificationLevel::Core, vec![0]);
            r.criteria.iter_mut().find(|c| c.level == Level::Full).unwrap().verdict = Verdict::Fail;
        };
        check(&hold, "the level full is claimed");
        assert_eq!(contradictions(&samples::rehearsal()), Vec::<String>::new());
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(missing(&samples::rehearsal()), None);
        assert_eq!(
            missing(&samples::failing()).unwrap(),
            "Missing for the full level — not met: LV-21, LV-46, LV-60 and LV-70; could not be told: LV-31 and LV-95."
        );
        assert!(missing(&samples::interrupted()).unwrap().contains("not reached: LV-31"));
    }
}
