//! JUnit, for the tools that draw red and green.
//!
//! One suite for the programme, one case for every criterion, and one for the
//! run as a whole, which is red exactly when the exit code is not 0. A case is
//! red where its criterion keeps the exit code from being 0 (see
//! [`super::judgement::light`]); so a suite is green if and only if the run is:
//!
//! | verdict | it decides | it does not (preferred, or a level not asked for) |
//! |---|---|---|
//! | pass, warning, attested, waived | success | success |
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
