//! `lockstep doctor`: is it my configuration?

use std::fmt::Write as _;
use std::sync::Arc;

use super::super::arguments::{Doctor, Output};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::progress::Teller;
use super::super::{profiles, targets};
use super::{in_runtime, tell, tell_json};
use crate::harness::campaign::Target;
use crate::harness::doctor::{self, Check, Diagnosis, Outcome};
use crate::harness::evidence::Recorder;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::RunName;

/// Looks at everything that a run rests on, and tells what to do.
pub fn doctor(arguments: &Doctor, output: Output) -> Result<ExitCode, Failure> {
    let at = &arguments.at;
    let dialect = profiles::load(&arguments.profile)?;
    let diagnosis = match targets::target(&dialect, at.subject.as_deref(), at.target.as_deref()) {
        Ok(Target::Foreign(subject)) => in_runtime(async {
            let run = RunName::new("lockstep-doctor");
            let teller = Teller::new();
            let watch = |event| teller.tell(event);
            Ok(doctor::examine(&dialect, &subject, run, &Recorder::new(), &watch).await)
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
    let file = arguments.at.subject.as_ref().map(|file| file.display().to_string());
    let target = file.or_else(|| arguments.at.target.clone()).unwrap_or_default();
    let line = |wanted: &str| {
        let found = failure.lines.iter().find(|(word, _)| *word == wanted);
        found.map(|(_, text)| text.as_str())
    };
    let mut seen = failure.what.clone();
    if let Some(found) = line("found") {
        // Writing to a text cannot fail.
        let _ = write!(seen, ": {found}");
    }
    let todo = match (line("help"), line("expected"), &failure.excerpt) {
        (Some(help), _, _) => help.to_owned(),
        (None, Some(expected), _) => format!("give {expected}"),
        (None, None, Some(_)) => "mend it as the place shows".to_owned(),
        (None, None, None) => "mend what is named".to_owned(),
    };
    if let Some(excerpt) = &failure.excerpt {
        let _ = write!(seen, "\n{excerpt}");
    }
    doctor::refused(&dialect.name, &target, &seen, &todo)
}

fn text(diagnosis: &Diagnosis) -> String {
    let mut text = format!("{} at {}\n\n", diagnosis.subject, diagnosis.target);
    let (behind, told): (Vec<&Check>, Vec<&Check>) =
        diagnosis.checks.iter().partition(|check| check.is_behind_another());
    for check in told {
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
    if let (Some(first), titles) = (behind.first(), titles(behind.iter().copied())) {
        let _ = writeln!(text, "  not looked at  {}\n{:32}{}", titles.join(", "), "", first.seen);
    }
    let _ = writeln!(text, "\n{}", conclusion(diagnosis));
    text
}

/// The headings of checks, each once.
fn titles<'a>(checks: impl Iterator<Item = &'a Check>) -> Vec<&'static str> {
    let mut titles: Vec<&str> = checks.map(|check| check.heading.title()).collect();
    titles.dedup();
    titles
}

fn conclusion(diagnosis: &Diagnosis) -> String {
    let wrong = titles(diagnosis.wrong()).join(", ");
    match (diagnosis.stopper(), diagnosis.exit_code()) {
        (Some(_), _) => {
            format!("It is the configuration: {wrong}. A run would find out nothing of the subject.")
        }
        (None, _) if !wrong.is_empty() => format!(
            "Something does not fit: {wrong}. A run judges the rest, and leaves inconclusive what rests on it."
        ),
        (None, 0) => "The configuration is fine: what a run finds, it finds about the subject.".to_owned(),
        (None, _) => {
            "Nothing wrong was seen, but not everything could be looked at: a run leaves inconclusive what \
                      rests on it."
                .to_owned()
        }
    }
}
