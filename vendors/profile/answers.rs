//! The documented answers of an operation: its success and `[[errors]]`.

use std::time::Duration;

use toml::de::DeValue;

use super::document::Section;
use super::limits_section::positive;
use super::message::{lower_names, read_content, read_json, read_pairs};
use crate::vendors::dialect::form::{AnswerForm, ErrorForm};
use crate::vendors::dialect::template::Node;
use crate::vendors::vocabulary::{Cause, FailureKind};

fn read_statuses(section: &Section<'_, '_>) -> Vec<u16> {
    let Some(value) = section.value("status") else { return Vec::new() };
    let items = match value.get_ref() {
        DeValue::Array(items) => items.iter().collect(),
        _ => vec![value],
    };
    let status =
        |item| section.number_of(item, 100..=599).and_then(|number| u16::try_from(number.value).ok());
    items.into_iter().filter_map(status).collect()
}

pub(super) fn read_success(section: &Section<'_, '_>, usual: &Predicates) -> AnswerForm {
    let statuses = read_statuses(section);
    let headers = lower_names(read_pairs(section, "response_headers"));
    let body = read_content(section, "response", "response_text");
    let own = section.section("success").map(read_predicates);
    let Predicates { body: predicate, if_there } = own.unwrap_or_else(|| usual.clone());
    AnswerForm { statuses, headers, body, predicate, if_there }
}

/// What makes an answer a success, as literals.
#[derive(Clone, Default)]
pub(super) struct Predicates {
    body: Option<Node>,
    if_there: Option<Node>,
}

/// `success`, of an operation or of the whole profile.
pub(super) fn read_predicates(section: Section<'_, '_>) -> Predicates {
    let (body, if_there) = (read_literals(&section, "body"), read_literals(&section, "if_there"));
    if !section.has("body") && !section.has("if_there") {
        section.missing("body", "write `success = { body = '{ \"ok\": true }' }`");
    }
    if if_there.as_ref().is_some_and(|node| !matches!(node, Node::Object(_))) {
        section.doc.problem(section.span.clone(), "`if_there` is no object", "write its members as literals");
    }
    section.finish();
    Predicates { body, if_there }
}

/// JSON that a message is compared with, without any hole.
fn read_literals(section: &Section<'_, '_>, key: &'static str) -> Option<Node> {
    let node = read_json(section, key)?;
    if node.has_holes() {
        let span = section.value(key).map_or(section.span.clone(), toml::Spanned::span);
        section.doc.problem(span, format!("a hole in `{key}`, which is compared"), "write literals only");
        return None;
    }
    Some(node)
}

/// Longest time in which a refusal may pass by itself. The call is repeated for as
/// long, so more would be a wait for something else.
const LONGEST_CLEARING: Duration = Duration::from_secs(10 * 60);

/// What a vendor may say of something that it does not know everywhere yet. Other
/// kinds have rules of their own for what is to be done, or do not pass.
const CLEARING: &[FailureKind] = &[
    FailureKind::NotFound,
    FailureKind::Forbidden,
    FailureKind::Invalid,
    FailureKind::Conflict,
    FailureKind::Busy,
];

fn read_clearing(entry: &Section<'_, '_>, kind: Option<FailureKind>) -> Option<Duration> {
    let span = positive(entry, "clears_within")?;
    let at = entry.value("clears_within").map_or(entry.span.clone(), toml::Spanned::span);
    if span > LONGEST_CLEARING {
        let what = format!("`clears_within` is longer than {} min", LONGEST_CLEARING.as_secs() / 60);
        entry.doc.problem(at, what, "write within which time the identical call succeeds, as documented");
        return None;
    }
    if let Some(kind) = kind.filter(|kind| !CLEARING.contains(kind)) {
        let kinds: Vec<&str> = CLEARING.iter().map(|kind| kind.as_str()).collect();
        let what = format!("a refusal as `{}` does not pass by itself", kind.as_str());
        let help = format!("leave `clears_within` out; it stands beside {}", kinds.join(", "));
        entry.doc.problem(at, what, help);
        return None;
    }
    Some(span)
}

/// Reads `[[errors]]`; `cite` notes where each is from, by its name for people.
pub(super) fn read_errors(section: &Section<'_, '_>, cite: fn(&Section<'_, '_>, &str)) -> Vec<ErrorForm> {
    let mut errors = Vec::new();
    for entry in section.sections("errors", "an error") {
        let kinds: Vec<(&'static str, FailureKind)> =
            FailureKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
        let kind = entry
            .required_text("is", "say what the error means: `is = \"not_found\"`")
            .and_then(|text| entry.choose(&text, &kinds));
        let said = kind.map_or("no kind", FailureKind::as_str);
        cite(&entry, &format!("error `{said}` of line {}", entry.doc.line_of(&entry.span)));
        let causes: Vec<(&'static str, Cause)> =
            Cause::ALL.iter().map(|cause| (cause.as_str(), *cause)).collect();
        let cause = entry.choice("cause", &causes);
        let statuses = read_statuses(&entry);
        let headers = lower_names(read_pairs(&entry, "headers"));
        let body = read_content(&entry, "body", "text");
        let unless = read_literals(&entry, "unless");
        if !entry.has("status") && !entry.has("body") && !entry.has("text") {
            entry.missing(
                "status",
                "write `status`, `body` or `text`, or several: what tells the error from a success",
            );
        }
        let clears_within = read_clearing(&entry, kind);
        let leaves = entry.flag("leaves").unwrap_or(false);
        if leaves && clears_within.is_some() {
            let what = "a refusal that passes by itself, and leaves what was asked for";
            let help = "keep one of `clears_within` and `leaves`: sent again, the call would make it twice";
            entry.doc.problem(entry.span.clone(), what, help);
        }
        entry.finish();
        let form = AnswerForm { statuses, headers, body, predicate: None, if_there: None };
        errors.extend(kind.map(|kind| ErrorForm { kind, cause, form, unless, clears_within, leaves }));
    }
    errors
}
