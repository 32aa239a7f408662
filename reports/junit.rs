//! JUnit, for the tools that draw red and green.
//!
//! One suite for the programme, one case for every criterion, and one for the
//! run as a whole, which is red exactly when the exit code is not 0. A case is
//! red where its criterion keeps the exit code from being 0 (see
//! [`super::judgement::light`]); so a suite is green if and only if the run is:
//!
//! | verdict | it decides | it does not (preferred, or a level not asked for) |
//! |---|---|---|
//! | pass, warning, attested | success | success |
//! | waived | skipped, with owner, reason and expiry | skipped, with the same |
//! | fail | failure | skipped, with the reason |
//! | inconclusive | error | skipped, with the reason |
//! | skipped | error in `certify`, else skipped | skipped |
//! | not applicable | skipped | skipped |
//! | error | error | error |

use quick_junit::{NonSuccessKind, Report as Document, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::harness::result::{CriterionResult, Report};

use super::judgement::{Light, headline, light, notice};
use super::text::{clip, line};
use super::words;

/// The name of the case that stands for the whole run.
pub(super) const WHOLE: &str = "the run as a whole";

/// The report as JUnit.
pub fn junit(report: &Report) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new(line(&report.programme, 200));
    suite.set_time(report.finished.since(report.started));
    for (name, value) in [
        ("verdict", report.verdict.as_str()),
        ("level", words::certification(report.level)),
        ("asked", words::certification(report.asked)),
        ("rehearsal", if report.rehearsal { "true" } else { "false" }),
    ] {
        suite.add_property((name, value));
    }
    for (name, value) in [
        ("planned", report.planned.to_string()),
        ("executed", report.executed.to_string()),
        ("started", report.started.to_string()),
        ("seed", report.seed.to_string()),
        ("suite", line(&report.suite.digest, 200)),
        ("subject", line(&format!("{} {}", report.subject.title, report.subject.version), 200)),
    ] {
        suite.add_property((name, value.as_str()));
    }
    suite.add_test_case(whole(report));
    suite.add_test_cases(report.criteria.iter().map(|criterion| case(report, criterion)));
    let mut document = Document::new("lockstep");
    document.set_time(report.finished.since(report.started)).add_test_suite(suite);
    document.to_string()
}

fn whole(report: &Report) -> TestCase {
    let code = report.exit_codes.first();
    let mut status = match code {
        Some(0) => TestCaseStatus::success(),
        Some(1) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    let decision = format!("{}. {}", headline(report), report.decision);
    if code != Some(&0) {
        status.set_message(line(&decision, 1_000)).set_type(report.verdict.as_str());
    }
    let mut case = TestCase::new(WHOLE, status);
    case.set_classname(line(&report.programme, 200));
    let notice = notice(report).map(|notice| format!("{notice}\n")).unwrap_or_default();
    case.set_system_out(clip(&format!("{notice}{decision}"), 4_000).text);
    case
}

fn case(report: &Report, criterion: &CriterionResult) -> TestCase {
    let light = light(report, criterion);
    let mut status = match light {
        Light::Passed => TestCaseStatus::success(),
        Light::Neutral => TestCaseStatus::skipped(),
        Light::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Light::Broken => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    if light != Light::Passed {
        let reason = format!("{}: {}", words::verdict(criterion.verdict), criterion.reason);
        status.set_message(line(&reason, 1_000)).set_type(criterion.verdict.as_str());
        status.set_description(details(criterion));
    }
    let mut case = TestCase::new(line(&format!("{} {}", criterion.id, criterion.text), 400), status);
    case.set_classname(line(&report.programme, 200));
    case.add_property(("criterion", line(criterion.id.as_str(), 40).as_str()));
    case.add_property(("verdict", criterion.verdict.as_str()));
    case.add_property(("level", words::level(criterion.level)));
    if light == Light::Passed {
        case.set_system_out(clip(&criterion.reason, 4_000).text);
    }
    case
}

/// The findings, in the form expected / observed / sent.
fn details(criterion: &CriterionResult) -> String {
    let mut text = clip(&criterion.reason, 4_000).text;
    for finding in &criterion.findings {
        let of = |name: &str, value: &str| format!("\n  {name}: {}", line(value, 2_000));
        text += &format!("\n\n{} {}", line(&finding.id, 60), line(&finding.summary, 1_000));
        text += &of("expected", &finding.expected);
        text += &of("observed", &finding.observed);
        if let Some(sent) = &finding.sent {
            text += &of("sent", sent);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::harness::criterion::{CertificationLevel, Level};
    use crate::harness::result::Mode;
    use crate::harness::verdict::Verdict;

    /// The colour of one criterion in a run that is otherwise good.
    fn colour(verdict: Verdict, level: Level, asked: CertificationLevel, mode: Mode) -> &'static str {
        let mut report = samples::rehearsal();
        report.criteria.truncate(1);
        (report.criteria[0].verdict, report.criteria[0].level) = (verdict, level);
        (report.asked, report.mode) = (asked, mode);
        let document = Document::deserialize_from_str(&junit(&report).unwrap()).unwrap();
        match (document.failures, document.errors, document.skipped) {
            (1, 0, 0) => "failure",
            (0, 1, 0) => "error",
            (0, 0, 1) => "skipped",
            (0, 0, 0) => "success",
            _ => "several",
        }
    }

    #[test]
    fn every_verdict_has_its_colour() {
        use Verdict::{Attested, Error, Fail, Inconclusive, NotApplicable, Pass, Skipped, Waived, Warning};
        let check = |verdict, decides: &str, does_not: &str| {
            let (core, full, certify) = (CertificationLevel::Core, CertificationLevel::Full, Mode::Certify);
            assert_eq!(colour(verdict, Level::Required, core, certify), decides, "{verdict:?}");
            assert_eq!(colour(verdict, Level::Full, full, certify), decides, "{verdict:?}");
            assert_eq!(colour(verdict, Level::Full, core, certify), does_not, "{verdict:?}");
            assert_eq!(colour(verdict, Level::Preferred, full, certify), does_not, "{verdict:?}");
        };
        for verdict in [Pass, Warning, Attested] {
            check(verdict, "success", "success");
        }
        check(Waived, "skipped", "skipped");
        check(Fail, "failure", "skipped");
        check(Inconclusive, "error", "skipped");
        check(Skipped, "error", "skipped");
        check(NotApplicable, "skipped", "skipped");
        check(Error, "error", "error");
        assert_eq!(colour(Skipped, Level::Required, CertificationLevel::Core, Mode::Run), "skipped");
    }
}
