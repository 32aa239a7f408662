//! `lockstep doctor`: is it my configuration?

use std::fmt::Write as _;
use std::sync::Arc;

use super::super::arguments::{Doctor, Output};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::{profiles, targets};
use super::{in_runtime, tell, tell_json};
use crate::harness::campaign::Target;
use crate::harness::doctor::{self, Diagnosis, Outcome};
use crate::harness::evidence::Recorder;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::RunName;

/// Looks at everything that a run rests on, and tells what to do.
pub fn doctor(arguments: &Doctor, output: Output) -> Result<ExitCode, Failure> {
    let whom = &arguments.whom;
    let dialect = profiles::load(&whom.profile)?;
    let diagnosis = match targets::target(&dialect, whom.subject.as_deref(), whom.target.as_deref()) {
        Ok(Target::Foreign(subject)) => in_runtime(async {
            let run = RunName::new("lockstep-doctor");
            Ok(doctor::examine(&dialect, &subject, run, &Recorder::new()).await)
        })?,
        Ok(Target::Simulated { .. }) => {
            return Err(Failure::usage("there is nobody to examine")
                .expected("--subject FILE or --target URL")
                .help("the simulated vendor of a rehearsal needs no configuration"));
        }
        Err(failure) => unread(&dialect, arguments, &failure),
    };
    if output.json {
        tell_json(&diagnosis)?
    } else {
        tell(&text(&diagnosis))?
    };
    Ok(ExitCode::from_number(diagnosis.exit_code()))
}

/// The subject file, or what it names, cannot be used.
fn unread(dialect: &Arc<Dialect>, arguments: &Doctor, failure: &Failure) -> Diagnosis {
    let file = arguments.whom.subject.as_ref().map(|file| file.display().to_string());
    let target = file.or_else(|| arguments.whom.target.clone()).unwrap_or_default();
    let help = failure.lines.iter().find(|(word, _)| *word == "help").map(|(_, help)| help.as_str());
    let mut seen = failure.what.clone();
    if let Some(excerpt) = &failure.excerpt {
        let _ = write!(seen, "\n{excerpt}");
    }
    doctor::refused(&dialect.name, &target, &seen, help.unwrap_or("mend it as the place shows"))
}

fn text(diagnosis: &Diagnosis) -> String {
    let mut text = format!("{} at {}\n\n", diagnosis.subject, diagnosis.target);
    for check in &diagnosis.checks {
        let word = match check.outcome {
            Outcome::Ok => "ok",
            Outcome::Wrong => "WRONG",
            Outcome::NotLookedAt => "not looked at",
        };
        let of = check.of.as_ref().map(|of| format!("{of}: ")).unwrap_or_default();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {word:<13}  {:<13}  {of}{}", check.heading.title(), check.seen);
        if let Some(todo) = &check.todo {
            let _ = writeln!(text, "{:32}do: {todo}", "");
        }
    }
    let mut wrong: Vec<&str> = diagnosis.wrong().map(|check| check.heading.title()).collect();
    wrong.dedup();
    let conclusion = match (wrong.as_slice(), diagnosis.exit_code()) {
        ([], 0) => "The configuration is fine: what a run finds, it finds about the subject.".to_owned(),
        ([], _) => "Nothing wrong was seen, but not everything could be looked at.".to_owned(),
        (wrong, _) => format!("It is the configuration: {}.", wrong.join(", ")),
    };
    let _ = writeln!(text, "\n{conclusion}");
    text
}
