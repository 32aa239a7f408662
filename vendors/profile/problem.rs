//! What is wrong in a profile, and how people see it.

use std::ops::Range;

/// One thing that is wrong in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// Byte range in the file, for a caret.
    pub span: Range<usize>,
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// What was expected, and what to do.
    pub help: Option<String>,
}

impl Problem {
    /// What is wrong at a byte range of a text, with its line and column. A range
    /// that the text does not have is taken for the nearest that it has.
    pub fn at(file: &str, text: &str, span: Range<usize>, what: String, help: Option<String>) -> Self {
        let start = (0..=span.start.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Self {
            file: file.to_owned(),
            line: line_of(text, start),
            column: before[line_start..].chars().count() + 1,
            span: start..span.end.clamp(start, text.len()),
            what,
            help,
        }
    }
}

/// The line of a place in a text, from 1.
pub(crate) fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count() + 1
}

/// Everything that is wrong in a profile, in the order of its lines.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{} in {file}", if problems.len() == 1 { "1 problem".to_owned() } else { format!("{} problems", problems.len()) })]
pub struct ProfileErrors {
    /// The file as it was named.
    pub file: String,
    /// The text of the file, for carets; empty where it could not be read.
    pub source_text: String,
    /// The problems.
    pub problems: Vec<Problem>,
}

/// The problems as people see them: place, what is wrong with a caret under
/// it, what to do. Without colours.
pub fn render(errors: &ProfileErrors) -> String {
    let handler = miette::GraphicalReportHandler::new_themed(miette::GraphicalTheme::unicode_nocolor())
        .with_width(110)
        .with_context_lines(1);
    let mut out = String::new();
    for problem in &errors.problems {
        if errors.source_text.is_empty() {
            out.push_str(&format!(
                "{}:{}:{}: {}\n",
                problem.file, problem.line, problem.column, problem.what
            ));
            if let Some(help) = &problem.help {
                out.push_str(&format!("  help: {help}\n"));
            }
            continue;
        }
        let mut diagnostic = miette::MietteDiagnostic::new(problem.what.clone())
            .with_label(miette::LabeledSpan::at(problem.span.clone(), "here"));
        if let Some(help) = &problem.help {
            diagnostic = diagnostic.with_help(help.clone());
        }
        let source = miette::NamedSource::new(&problem.file, errors.source_text.clone());
        let report = miette::Report::new(diagnostic).with_source_code(source);
        // Writing to a string cannot fail.
        let _ = handler.render_report(&mut out, report.as_ref());
    }
    out
}

/// The known name that a mistyped one is nearest to, if any is near.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}

/// The known names, each once, the nearest to a mistyped one first.
pub(super) fn by_likeness<'a>(name: &str, known: &[&'a str]) -> Vec<&'a str> {
    let mut names = known.to_vec();
    names.sort_unstable();
    names.dedup();
    let likeness = |candidate: &str| strsim::jaro_winkler(name, candidate);
    names.sort_by(|left, right| likeness(right).total_cmp(&likeness(left)));
    names
}
