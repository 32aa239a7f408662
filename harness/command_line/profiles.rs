//! Loads profiles for commands, with errors as people read them.

use std::path::Path;
use std::sync::Arc;

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};

use super::failure::Failure;
use super::kinds::Kind;
use crate::vendors::dialect::Dialect;
use crate::vendors::partner;
use crate::vendors::profile::{self, Problem, ProfileErrors};

/// The profile of that name or path.
pub fn load(name_or_path: &str) -> Result<Arc<Dialect>, Failure> {
    if partner::embedded_names().any(|known| known == name_or_path) {
        return Err(Kind::Profile.not(name_or_path, Kind::Partner));
    }
    profile::load(name_or_path).map_err(|errors| {
        // Empty where it could not be read, which is told so; else it is read again.
        let text = profile::read_text(Path::new(&errors.file)).ok();
        let unlike = text.and_then(|text| Kind::Profile.unlike(&errors.file, &text));
        unlike.unwrap_or_else(|| explain(&errors, Kind::Profile))
    })
}

/// What is wrong with a document of the kind wanted, each with the place in its text.
pub fn explain(errors: &ProfileErrors, wanted: Kind) -> Failure {
    if let Some(mistaken) = wanted.mistaken(&errors.file, &errors.source_text) {
        return mistaken;
    }
    if errors.source_text.is_empty() {
        // It could not be read at all: there is no text to point into.
        let what = errors.problems.first().map_or_else(|| errors.to_string(), |problem| problem.what.clone());
        let failure = Failure::usage(what).at(&errors.file);
        return match errors.problems.first().and_then(|problem| problem.help.clone()) {
            Some(help) => failure.help(help),
            None => failure,
        };
    }
    let excerpts: Vec<String> =
        errors.problems.iter().map(|problem| excerpt(problem, &errors.source_text)).collect();
    Failure::usage(errors.to_string()).excerpt(excerpts.join("\n"))
}

/// The problem with a caret under its place.
fn excerpt(problem: &Problem, text: &str) -> String {
    let place = format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.what);
    let span = problem.span.start.min(text.len())..problem.span.end.min(text.len());
    let mut diagnostic = MietteDiagnostic::new(&place).with_label(LabeledSpan::at(span, "here"));
    diagnostic.help.clone_from(&problem.help);
    let report = Report::new(diagnostic).with_source_code(NamedSource::new(&problem.file, text.to_owned()));
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    let mut drawn = String::new();
    match handler.render_report(&mut drawn, report.as_ref()) {
        Ok(()) => drawn,
        Err(_) => place,
    }
}
