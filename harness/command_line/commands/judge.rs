//! `lockstep certify` and `lockstep run`: judge a subject and write the report.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::super::arguments::{Certify, How, Output, Run, Whom};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::guard;
use super::super::kinds::Kind;
use super::super::progress::Teller;
use super::super::rooms::{Rooms, Unwritten};
use super::super::{partners, profiles, signals, targets};
use super::{in_one_thread, in_runtime, tell, tell_json, unprinted};
use crate::harness::bench::Bench;
use crate::harness::campaign::{self, CampaignPlan, Estimate, PartnerPlan, TimeLeft};
use crate::harness::criterion::{Criterion, CriterionId, Level};
use crate::harness::evidence::Secrets;
use crate::harness::partner::person_can_be_told;
use crate::harness::result::{CriterionResult, Mode, Report};
use crate::harness::runner::{Attach, Suite, Waiver, read_waivers};
use crate::harness::verdict::Verdict;
use crate::vendors::partner::Drive;
use crate::vendors::profile::read_text;
use crate::vendors::vocabulary::Instant;

/// From how many on criteria of one verdict and one reason are told together.
const MANY: usize = 4;

/// The folder for runs whose report nobody named a folder for.
const REPORTS: &str = "reports";

/// Judges by every criterion.
pub fn certify<W: Attach<Bench = Bench>>(
    arguments: &Certify,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    if let Some(partner) = partners::described(&arguments.whom, rooms.partner_criteria)? {
        let plan = partners::plan(partner, &arguments.whom, &arguments.how)?;
        if arguments.estimate {
            return tell_partner_estimate(&plan, &(rooms.partner_criteria)(), output);
        }
        return judge_partner(plan, &arguments.how, output, rooms);
    }
    let plan = plan(&arguments.whom, &arguments.how)?;
    if arguments.estimate {
        return tell_estimate(&plan, &(rooms.suite)(), output);
    }
    judge(plan, &arguments.how, output, rooms)
}

/// Judges by chosen criteria.
pub fn run<W: Attach<Bench = Bench>>(
    arguments: &Run,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    if let Some(partner) = partners::described(&arguments.whom, rooms.partner_criteria)? {
        let mut plan = partners::plan(partner, &arguments.whom, &arguments.how)?;
        plan.mode = Mode::Run;
        if !arguments.only.is_empty() {
            some_are_unknown(&arguments.only, &(rooms.partner_criteria)(), &arguments.whom.profile)?;
            plan.only = Some(arguments.only.clone());
        }
        return judge_partner(plan, &arguments.how, output, rooms);
    }
    let mut plan = plan(&arguments.whom, &arguments.how)?;
    plan.mode = Mode::Run;
    if !arguments.only.is_empty() {
        some_are_unknown(&arguments.only, &(rooms.suite)().criteria, &arguments.whom.profile)?;
        plan.only = Some(arguments.only.clone());
    }
    judge(plan, &arguments.how, output, rooms)
}

/// An unknown id in a selection is a slip of the pen: every one is named, with
/// the nearest that there is.
fn some_are_unknown(only: &[CriterionId], criteria: &[Arc<Criterion>], profile: &str) -> Result<(), Failure> {
    let known: Vec<&CriterionId> = criteria.iter().map(|criterion| &criterion.id).collect();
    let unknown: Vec<&CriterionId> = only.iter().filter(|id| !known.contains(id)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let said: Vec<String> = unknown
        .into_iter()
        .map(|id| match nearest(id, &known) {
            Some(near) => format!("{id} (did you mean {near}?)"),
            None => id.to_string(),
        })
        .collect();
    Err(Failure::usage(format!("there is no criterion {}", said.join(", ")))
        .help(format!("see `lockstep check {profile}` for all ids")))
}

/// The known id that is most like one that is not, if any is like it at all.
fn nearest<'a>(id: &CriterionId, known: &[&'a CriterionId]) -> Option<&'a CriterionId> {
    let likeness = |other: &CriterionId| strsim::jaro_winkler(id.as_str(), other.as_str());
    known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

fn plan(whom: &Whom, how: &How) -> Result<CampaignPlan, Failure> {
    let dialect = profiles::load(&whom.profile)?;
    let target = targets::target(&dialect, whom.at.subject.as_deref(), whom.at.target.as_deref())?;
    let seed = how.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let mut plan = CampaignPlan::certification(dialect, target, seed);
    plan.profile.clone_from(&whom.profile);
    plan.whom = targets::whom(whom.at.subject.as_deref(), whom.at.target.as_deref());
    plan.asked = how.level.into();
    plan.waivers = how.waivers.as_deref().map(waivers).transpose()?.unwrap_or_default();
    Ok(plan)
}

pub(in super::super) fn waivers(file: &Path) -> Result<Vec<Waiver>, Failure> {
    let place = file.display().to_string();
    let text = read_text(file).map_err(|why| {
        let help = why.todo.unwrap_or("check the path, or leave --waivers out");
        Failure::usage(format!("the waivers cannot be read: {why}")).at(&place).help(help)
    })?;
    read_waivers(&place, &text).map_err(|errors| profiles::explain(&errors, Kind::Waivers))
}

fn judge<W: Attach<Bench = Bench>>(
    mut plan: CampaignPlan,
    how: &How,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    let folder = folder(&plan.dialect.name, how, rooms)?;
    plan.report_path = folder.join("report.json").display().to_string();
    let secrets = plan.secrets.clone();
    let teller = Teller::new();
    let report = in_runtime(async {
        signals::stop_on_interrupt(plan.interrupt.clone());
        Ok(campaign::certify(plan, &(rooms.suite)(), &|event| teller.tell(event)).await)
    })?;
    hand_over(&report, &secrets, &folder, output, rooms)
}

/// The same over a partner.
fn judge_partner<W: Attach<Bench = Bench>>(
    mut plan: PartnerPlan,
    how: &How,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    if plan.description.drive == Drive::Person && !person_can_be_told() {
        let failure =
            Failure::usage("a person is to make the bookings, and there is no terminal to tell one at");
        let help =
            "run it at a terminal, or describe under [drive] how bookings are made by calls or commands";
        return Err(failure.at(&plan.profile).help(help));
    }
    let folder = folder(&plan.description.name, how, rooms)?;
    plan.report_path = folder.join("report.json").display().to_string();
    let secrets = plan.secrets.clone();
    let teller = Teller::new();
    let report = in_one_thread(async {
        signals::stop_on_interrupt(plan.interrupt.clone());
        Ok((rooms.certify_partner)(plan, &|event| teller.tell(event)).await)
    })?;
    hand_over(&report, &secrets, &folder, output, rooms)
}

/// Writes a report and tells what it came to.
fn hand_over<W: Attach<Bench = Bench>>(
    report: &Report,
    secrets: &Secrets,
    folder: &Path,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    let written = (rooms.write_report)(report, &secrets.all(), folder);
    if written.is_err() {
        // What was found out is not lost with the files.
        guard::print(&told(report)).map_err(unprinted)?;
    }
    written.map_err(|why| unwritten(why, folder))?;
    let page = folder.join("report.html");
    if output.json {
        tell_json(&summary(report, folder))?
    } else {
        tell(&format!("{}\nReport: {}\n", told(report), page.display()))?
    };
    Ok(exit_code(report))
}

/// Why there is no report, by what the writer says.
fn unwritten(why: Unwritten, folder: &Path) -> Failure {
    match why {
        Unwritten::Disk(why) => Failure::usage(format!("the report cannot be written: {why}"))
            .at(folder.display().to_string())
            .help("see to space and rights there, or name another folder with --out, and run again"),
        Unwritten::Defect(why) => Failure::defect(why),
    }
}

/// The folder of the report, made before anything is run.
fn folder<W: Attach<Bench = Bench>>(name: &str, how: &How, rooms: &Rooms<W>) -> Result<PathBuf, Failure> {
    let folder =
        how.out.clone().unwrap_or_else(|| (rooms.default_folder)(Path::new(REPORTS), name, Instant::wall()));
    let place = folder.display().to_string();
    std::fs::create_dir_all(&folder).map_err(|error| {
        Failure::usage(format!("the report's folder cannot be made: {error}"))
            .at(&place)
            .help("name another folder with --out")
    })?;
    writable(&folder).map_err(|error| {
        Failure::usage(format!("nothing can be written into the report's folder: {error}"))
            .at(&place)
            .help("see to space and rights there, or name another folder with --out; nothing was run")
    })?;
    Ok(folder)
}

/// Whether a file can be made in a folder; it is taken away at once.
fn writable(folder: &Path) -> std::io::Result<()> {
    let probe = folder.join(format!(".lockstep-{}-probe", std::process::id()));
    std::fs::write(&probe, b"\n").and_then(|()| std::fs::remove_file(&probe))
}

/// The exit code that comes first of all that apply.
fn exit_code(report: &Report) -> ExitCode {
    report.exit_codes.first().map_or(ExitCode::Defect, |number| ExitCode::from_number(*number))
}

/// Decision, and what is not met.
fn told(report: &Report) -> String {
    let mut text = format!("{}\n", report.decision);
    let unmet = unmet(report);
    let same = |one: &CriterionResult| {
        let like = |other: &&CriterionResult| (other.verdict, &other.reason) == (one.verdict, &one.reason);
        unmet.iter().copied().filter(like).collect::<Vec<_>>()
    };
    if !unmet.is_empty() {
        text.push('\n');
    }
    let (alone, together): (Vec<&CriterionResult>, Vec<&CriterionResult>) =
        unmet.iter().partition(|criterion| same(criterion).len() < MANY);
    for criterion in alone {
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "  {:<6} {:<13} {:<10} {}",
            criterion.id,
            criterion.verdict.as_str(),
            level(criterion.level),
            criterion.reason
        );
    }
    for first in together.iter().filter(|criterion| same(criterion).first() == Some(criterion)) {
        let ids: Vec<&str> = same(first).iter().map(|criterion| criterion.id.as_str()).collect();
        let _ = writeln!(
            text,
            "  {} criteria are {}: {}\n    {}",
            ids.len(),
            first.verdict.as_str(),
            first.reason,
            ids.join(", ")
        );
    }
    text
}

/// What is not met; in a free run what nobody selected is no news.
fn unmet(report: &Report) -> Vec<&CriterionResult> {
    let left_out = |verdict| report.mode == Mode::Run && verdict == Verdict::Skipped;
    let unmet = report.criteria.iter().filter(|criterion| criterion.verdict.blocks());
    unmet.filter(|criterion| !left_out(criterion.verdict)).collect()
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Required => "required",
        Level::Full => "full",
        Level::Preferred => "preferred",
    }
}

/// What a script wants to know without reading the whole report.
fn summary(report: &Report, folder: &Path) -> serde_json::Value {
    let tally: serde_json::Map<String, serde_json::Value> = report
        .tally()
        .into_iter()
        .map(|(verdict, count)| (verdict.as_str().to_owned(), json!(count)))
        .collect();
    let not_met: Vec<serde_json::Value> = unmet(report)
        .into_iter()
        .map(|criterion| {
            json!({
                "id": criterion.id,
                "verdict": criterion.verdict,
                "level": criterion.level,
                "reason": criterion.reason,
            })
        })
        .collect();
    json!({
        "verdict": report.verdict,
        "decision": report.decision,
        "rehearsal": report.rehearsal,
        "asked": report.asked,
        "level": report.level,
        "exit_codes": report.exit_codes,
        "run": report.run,
        "seed": report.seed,
        "planned": report.planned,
        "executed": report.executed,
        "tally": tally,
        "not_met": not_met,
        "interrupted": report.interrupted,
        "leftovers": report.leftovers,
        "waivers": report.waivers,
        "report": folder.join("report.json").display().to_string(),
        "page": folder.join("report.html").display().to_string(),
    })
}

fn tell_estimate<W: Attach<Bench = Bench>>(
    plan: &CampaignPlan,
    suite: &Suite<W>,
    output: Output,
) -> Result<ExitCode, Failure> {
    let cases = suite
        .load()
        .map_err(|problems| Failure::defect(format!("the suite has problems: {}", problems.join("; "))))?;
    let Estimate { criteria, scenarios, actuations, time } =
        campaign::estimate(plan, &suite.criteria, &cases);
    let seconds = time.as_secs_f64();
    if output.json {
        return tell_json(&json!({
            "criteria": criteria, "scenarios": scenarios, "actuations": actuations, "seconds": seconds,
        }));
    }
    tell(&format!(
        "{criteria} criteria in {scenarios} scenarios, {actuations} of which move a bolt, in about {seconds:.0} s\n"
    ))
}

/// The same of a run over a partner, whose own time is what takes long.
fn tell_partner_estimate(
    plan: &PartnerPlan,
    criteria: &[Arc<Criterion>],
    output: Output,
) -> Result<ExitCode, Failure> {
    let observed = criteria.iter().filter(|criterion| !criterion.attested).count();
    let time = TimeLeft::of(plan, criteria.iter().map(Arc::as_ref)).map(|time| time.whole());
    if output.json {
        return tell_json(&json!({ "criteria": observed, "seconds": time.map(|time| time.as_secs_f64()) }));
    }
    let Some(time) = time else {
        let load = "some seconds, as time is moved; a large stated load takes longer";
        return tell(&format!("{observed} criteria in {load}\n"));
    };
    let by_hand = match plan.description.drive {
        Drive::Person => ", beside what a person does in it",
        _ => "",
    };
    tell(&format!("{observed} criteria in at most {:.0} s{by_hand}\n", time.as_secs_f64()))
}
