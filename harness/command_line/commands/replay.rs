//! `lockstep replay`: shows one finding of a report again.

use std::fmt::Write as _;

use serde_json::json;

use super::super::arguments::{Output, Replay};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::progress::Teller;
use super::super::rooms::Rooms;
use super::super::{profiles, signals, targets};
use super::{in_runtime, tell, tell_json};
use crate::harness::bench::Bench;
use crate::harness::campaign::{CampaignPlan, Target};
use crate::harness::replay::{self, Replay as Shown};
use crate::harness::result::Report;
use crate::harness::runner::Attach;
use crate::harness::verdict::Verdict;

/// Judges the finding's criterion once more and tells what is found now. Writes
/// no report.
pub fn replay<W: Attach<Bench = Bench>>(
    arguments: &Replay,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    let report = (rooms.read_report)(&arguments.report).map_err(|why| {
        Failure::usage(format!("the report cannot be read: {why}"))
            .at(arguments.report.display().to_string())
            .help("name the report.json of a run, or its folder")
    })?;
    if report.is_of_partner() {
        return Err(Failure::usage(
            "the report is about a partner, whose findings are judged again by `run`",
        )
        .at(arguments.report.display().to_string())
        .help(format!("lockstep run DESCRIPTION --only {}", criterion(&arguments.finding))));
    }
    let dialect = profiles::load(arguments.profile.as_deref().unwrap_or(&report.subject.name))
        .map_err(|failure| failure.help("name the profile that the report was made with by --profile"))?;
    let target = targets::target(&dialect, arguments.subject.as_deref(), arguments.target.as_deref())?;
    same_kind_of_target(&report, &target)?;
    let plan = CampaignPlan::certification(dialect, target, report.seed);
    let teller = Teller::new();
    let shown = in_runtime(async {
        signals::stop_on_interrupt(plan.interrupt.clone());
        let suite = (rooms.suite)();
        replay::replay(&report, &arguments.finding, plan, &suite, &|event| teller.tell(event))
            .await
            .map_err(|why| Failure::usage(why.to_string()).at(arguments.report.display().to_string()))
    })?;
    if output.json {
        tell_json(&summary(&shown))?
    } else {
        tell(&text(&report, &shown))?
    };
    Ok(exit_code(&shown))
}

/// The criterion of a finding: `LV-21` of `LV-21.1`.
fn criterion(finding: &str) -> &str {
    finding.split('.').next().unwrap_or(finding)
}

/// A finding is shown again where it was found: nothing is sent elsewhere.
fn same_kind_of_target(report: &Report, target: &Target) -> Result<(), Failure> {
    let rehearsal = matches!(target, Target::Simulated { .. });
    match (report.rehearsal, rehearsal) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => Err(Failure::usage("the report is that of a rehearsal")
            .help("leave --subject and --target out to replay it against the simulated vendor")),
        (false, true) => Err(Failure::usage(format!("the report is about {}", report.subject.target))
            .help("name the same target again with --subject or --target")),
    }
}

/// The finding shows again: not met. Else what the criterion comes to now.
fn exit_code(shown: &Shown) -> ExitCode {
    let first = shown.report.exit_codes.first().map_or(ExitCode::Defect, |code| ExitCode::from_number(*code));
    match first {
        ExitCode::Done if shown.is_reproduced() => ExitCode::NotMet,
        code => code,
    }
}

/// The criterion's verdict and its reason, as they are now.
fn now(shown: &Shown) -> (Verdict, &str) {
    let executed = shown.report.criteria.iter().find(|criterion| criterion.verdict != Verdict::Skipped);
    executed.map_or((Verdict::Skipped, shown.report.decision.as_str()), |criterion| {
        (criterion.verdict, criterion.reason.as_str())
    })
}

fn text(report: &Report, shown: &Shown) -> String {
    let before = &shown.before;
    let (verdict, reason) = now(shown);
    let word = if shown.is_reproduced() { "shows again" } else { "does not show again" };
    let mut text = format!("{} {word}: {}\n\n", before.id, before.summary);
    // Writing to a text cannot fail.
    let _ = writeln!(text, "  expected  {}", before.expected);
    let _ = writeln!(text, "  then      {}", before.observed);
    match &shown.after {
        Some(after) => {
            let _ = writeln!(text, "  now       {}", after.observed);
        }
        None => {
            let _ = writeln!(text, "  now       {}: {reason}", verdict.as_str());
        }
    }
    for difference in shown.differences.iter().filter(|_| shown.is_reproduced()) {
        let _ = writeln!(text, "  differs   {difference}");
    }
    for (what, then, now) in [
        ("target", &report.subject.target, &shown.report.subject.target),
        ("profile", &report.subject.profile_digest, &shown.report.subject.profile_digest),
        ("suite", &report.suite.digest, &shown.report.suite.digest),
    ] {
        if then != now {
            let _ = writeln!(text, "  note      the {what} has changed since the report was made");
        }
    }
    text
}

fn summary(shown: &Shown) -> serde_json::Value {
    let (verdict, reason) = now(shown);
    json!({
        "finding": shown.before.id,
        "reproduced": shown.is_reproduced(),
        "expected": shown.before.expected,
        "then": shown.before.observed,
        "now": shown.after.as_ref().map(|after| &after.observed),
        "verdict": verdict,
        "reason": reason,
        "differences": shown.differences,
        "exit_codes": shown.report.exit_codes,
    })
}
