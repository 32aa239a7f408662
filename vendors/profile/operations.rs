//! `[operations.…]`: the exchanges.

use std::ops::Range;
use std::sync::Arc;

use super::answers::{Predicates, read_errors, read_predicates, read_success};
use super::auth::AuthSection;
use super::document::{Located, Section};
use super::message::{lower_names, read_body, read_content_type, read_pairs};
use super::overlap::check_overlap;
use super::problem::nearest;
use super::signatures;
use super::sources;
use super::terms::{read_also, read_ignores, read_terms};
use crate::vendors::dialect::codec::Codec;
use crate::vendors::dialect::form::{Body, ErrorForm, RequestForm};
use crate::vendors::dialect::signature::Signature;
use crate::vendors::dialect::template::{Hole, PathTemplate, Text};
use crate::vendors::dialect::{Operation, Paging, PagingBy};
use crate::vendors::vocabulary::{Field, Meaning};

/// An operation with the places that later checks point at.
pub(super) struct ReadOperation<'d> {
    pub operation: Operation,
    /// Its name.
    pub at: Located<&'d str>,
    /// Its request line.
    pub request_at: Range<usize>,
    /// Whether it was read without a problem. What is found missing in a broken
    /// one is a mere consequence and not told.
    pub sound: bool,
}

impl ReadOperation<'_> {
    /// Whether the answer carries the field, as far as it could be read.
    pub fn may_answer_with(&self, field: &Field) -> bool {
        !self.sound || self.operation.answers_with(field)
    }
}

/// The operations, and the names of those that could not be read at all.
pub(super) struct ReadOperations<'d> {
    pub read: Vec<ReadOperation<'d>>,
    pub unreadable: Vec<&'d str>,
}

/// What stands around an operation.
struct Around<'a> {
    servers: &'a [(String, String)],
    auth: &'a AuthSection,
    signatures: &'a [Arc<Signature>],
    common: &'a Arc<[ErrorForm]>,
    usual: &'a Predicates,
    /// Headers that every operation sends.
    headers: &'a [(String, Text)],
}

const METHODS: &[(&str, ())] =
    &[("GET", ()), ("POST", ()), ("PUT", ()), ("PATCH", ()), ("DELETE", ()), ("HEAD", ())];

pub(super) fn read<'d>(
    root: &Section<'d, '_>,
    servers: &[(String, String)],
    auth: &AuthSection,
    signatures: &[Arc<Signature>],
) -> ReadOperations<'d> {
    let common: Arc<[ErrorForm]> = read_errors(root, |entry, name| sources::cite(entry, name, &[])).into();
    let usual = root.section("success");
    if let Some(section) = &usual {
        sources::cite(section, "success", &[]);
    }
    let usual = usual.map(read_predicates).unwrap_or_default();
    let headers = lower_names(read_pairs(root, "headers"));
    let Some(section) = root.section("operations") else {
        root.missing("operations", "write `[operations.name]` for each exchange");
        return ReadOperations { read: Vec::new(), unreadable: Vec::new() };
    };
    let mut operations: Vec<ReadOperation<'d>> = Vec::new();
    let mut unreadable = Vec::new();
    for (name, value) in section.entries() {
        let entry = section.section_of(value, format!("operation `{}`", name.value));
        let (key, before) = (name.value, root.doc.count());
        let around = Around { servers, auth, signatures, common: &common, usual: &usual, headers: &headers };
        match entry.and_then(|entry| read_operation(entry, name, &around)) {
            Some(mut read) => {
                read.sound = root.doc.count() == before;
                if read.sound {
                    check_overlap(root, &operations, &read);
                }
                operations.push(read);
            }
            None => unreadable.push(key),
        }
    }
    ReadOperations { read: operations, unreadable }
}

fn read_operation<'d>(
    section: Section<'d, '_>,
    name: Located<&'d str>,
    around: &Around<'_>,
) -> Option<ReadOperation<'d>> {
    let meaning = read_meaning(&section, &name);
    let server = read_server(&section, around.servers);
    let request_at = section.value("request").map_or(section.span.clone(), toml::Spanned::span);
    let line = read_request_line(&section);
    let mut query = read_pairs(&section, "query");
    let mut headers = lower_names(read_pairs(&section, "headers"));
    let mut body = read_body(&section, "body");
    if section.flag("auth").unwrap_or(true) {
        around.auth.attach(name.value, &mut headers, &mut query, &mut body);
    }
    for (name, text) in around.headers {
        // What the operation writes itself stands.
        if !headers.iter().any(|(known, _)| known == name) {
            headers.push((name.clone(), text.clone()));
        }
    }
    let content_type = read_content_type(&section, &body);
    let match_headers = section.flag("match_headers").unwrap_or(false);
    let live = section.flag("live").unwrap_or(false);
    let unchanged = read_unchanged(&section);
    let reaches_lock = read_reaches_lock(&section, meaning);
    let terms = read_terms(&section, meaning);
    let also = read_also(&section, &query, &body);
    let ignores = read_ignores(&section, &query, &body);
    let unchanged_at = section.value("unchanged").map(toml::Spanned::span);
    sources::cite(&section, &section.title, &["errors"]);
    let success = read_success(&section, around.usual);
    let errors = read_errors(&section, sources::cite_below);
    let paging = read_paging(&section);
    let of = read_of(&section, meaning);
    let (paging_at, title) = (section.value("paging").map(toml::Spanned::span), section.title.clone());
    let doc = section.doc;
    let request = line.map(|(method, written, path)| {
        let signatures = Vec::new();
        let mut request = RequestForm {
            method,
            written,
            path,
            query,
            headers,
            body,
            content_type,
            match_headers,
            also,
            signatures,
        };
        signatures::attach(&section, &mut request, around.signatures);
        request
    });
    section.finish();
    let request = request?;
    let operation = Operation {
        name: name.value.to_owned(),
        meaning: meaning?,
        server,
        request,
        success,
        errors,
        of,
        common_errors: Arc::clone(around.common),
        paging,
        live,
        reaches_lock,
        terms,
        ignores,
        unchanged,
    };
    if let Some(at) = unchanged_at.filter(|_| !operation.is_versioned()) {
        doc.problem(
            at,
            format!("{title} can be unchanged, but names no version of its list"),
            "write `{list.version?}` into the request and `{list.version}` into the response",
        );
    }
    for hole in uncounted(&operation) {
        doc.problem(
            name.span.clone(),
            format!("`{{{} | numeric}}` in {title} has no length beside it", hole.field),
            format!("write `{{{} | length}}` into the same JSON message, or use `digits(6)`", hole.field),
        );
    }
    if let (Some(paging), Some(at)) = (&operation.paging, paging_at) {
        if paging.by == PagingBy::Link && !operation.secrets_in_address().is_empty() {
            doc.problem(
                at.clone(),
                format!("{title} is paged by links, which do not carry a credential of the query"),
                "send the credential in a header, or page by a cursor",
            );
        }
        for (missing, place) in missing_for_paging(&operation, paging.by) {
            doc.problem(
                at.clone(),
                format!("{title} is paged, but its {place} has no `{{{missing}}}`"),
                format!("write the hole into the {place}"),
            );
        }
    }
    Some(ReadOperation { operation, at: name, request_at, sound: true })
}

/// Numbers that stand for digits in a place that does not say how many.
fn uncounted(operation: &Operation) -> Vec<&Hole> {
    let counts = |hole: &&Hole, field: &Field| hole.codec == Codec::Length && hole.field == *field;
    let numeric = |hole: &&Hole| hole.codec == Codec::Numeric;
    let asked = operation.request_holes();
    let asked_counted = |hole: &Hole| asked.iter().any(|(_, other)| counts(other, &hole.field));
    let json = matches!(operation.request.body, Body::Json(_));
    let told = operation.answer_holes();
    let told_counted = |hole: &Hole| told.iter().any(|other| counts(other, &hole.field));
    let asked = asked
        .iter()
        .filter(|(place, hole)| numeric(hole) && !(json && *place == "body" && asked_counted(hole)));
    let asked = asked.map(|(_, hole)| *hole);
    asked.chain(told.iter().filter(|hole| numeric(hole) && !told_counted(hole)).copied()).collect()
}

fn missing_for_paging(operation: &Operation, by: PagingBy) -> Vec<(Field, &'static str)> {
    let asked = match by {
        PagingBy::Page => Field::PageNumber,
        PagingBy::Offset => Field::PageOffset,
        PagingBy::Cursor | PagingBy::Link => Field::PageCursor,
    };
    let mut missing = Vec::new();
    if !operation.asks_with(&asked) {
        missing.push((asked, "request"));
    }
    if matches!(by, PagingBy::Cursor | PagingBy::Link) && !operation.answers_with(&Field::PageNext) {
        missing.push((Field::PageNext, "response"));
    }
    missing
}

fn read_meaning(section: &Section<'_, '_>, name: &Located<&str>) -> Option<Meaning> {
    let written = section.text("meaning");
    let text = written.as_ref().unwrap_or(name);
    let meaning = Meaning::parse(text.value);
    if meaning.is_none() {
        let names = Meaning::ALL.iter().map(|meaning| meaning.as_str());
        let help = match nearest(text.value, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `meaning = \"…\"` with one of {}", names.collect::<Vec<_>>().join(", ")),
        };
        section.doc.problem(text.span.clone(), format!("`{}` is no meaning", text.value), help);
    }
    meaning
}

fn read_server(section: &Section<'_, '_>, servers: &[(String, String)]) -> String {
    let Some(server) = section.text("server") else { return "api".to_owned() };
    if !servers.iter().any(|(known, _)| known == server.value) {
        let names = servers.iter().map(|(name, _)| name.as_str());
        let help = match nearest(server.value, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("servers are {}", names.collect::<Vec<_>>().join(", ")),
        };
        section.doc.problem(server.span, format!("unknown server `{}`", server.value), help);
    }
    server.value.to_owned()
}

fn read_request_line(section: &Section<'_, '_>) -> Option<(String, String, PathTemplate)> {
    const HELP: &str = "write `request = \"GET /v1/locks\"`";
    let line = section.required_text("request", HELP)?;
    let Some((method, path)) = line.value.split_once(' ').filter(|(_, path)| path.starts_with('/')) else {
        section.doc.problem(line.span, format!("`{}` is no method and path", line.value), HELP);
        return None;
    };
    if !METHODS.iter().any(|(known, ())| *known == method) {
        let names = METHODS.iter().map(|(name, ())| *name).collect::<Vec<_>>().join(", ");
        section.doc.problem(line.span, format!("unknown method `{method}`"), format!("one of {names}"));
        return None;
    }
    if outside_holes(path, '?') {
        section.doc.problem(line.span, "a query in the path", "write it as `query = { name = \"value\" }`");
        return None;
    }
    match PathTemplate::parse(path) {
        Ok(template) => Some((method.to_owned(), path.to_owned(), template)),
        Err(errors) => {
            for mut error in errors {
                let offset = method.len() + 1;
                error.at = error.at.start + offset..error.at.end + offset;
                section.doc.template_problem(&line, error);
            }
            None
        }
    }
}

fn outside_holes(text: &str, wanted: char) -> bool {
    let mut inside = false;
    text.chars().any(|c| {
        inside = c == '{' || inside && c != '}';
        c == wanted && !inside
    })
}

fn read_paging(section: &Section<'_, '_>) -> Option<Paging> {
    let paging = section.section("paging")?;
    let ways = [
        ("page", PagingBy::Page),
        ("offset", PagingBy::Offset),
        ("cursor", PagingBy::Cursor),
        ("link", PagingBy::Link),
    ];
    let by = paging
        .required_text("by", "write `paging = { by = \"page\", size = 50 }`")
        .and_then(|text| paging.choose(&text, &ways));
    if !paging.has("size") {
        paging.missing("size", "write `paging = { by = \"page\", size = 50 }`");
    }
    let size = paging.number("size", 1..=100_000);
    let cap = paging.number("cap", 1..=u32::MAX);
    paging.finish();
    Some(Paging { by: by?, size: size?, cap })
}

/// Whether a PIN is brought to its lock, or only noted.
fn read_reaches_lock(section: &Section<'_, '_>, meaning: Option<Meaning>) -> bool {
    let reaches = section.flag("reaches_lock").unwrap_or(true);
    if let Some(value) =
        section.value("reaches_lock").filter(|_| !reaches && meaning != Some(Meaning::SetPin))
    {
        section.doc.problem(
            value.span(),
            "only a PIN can be noted without its lock",
            "leave `reaches_lock` out, or write `meaning = \"set_pin\"`",
        );
    }
    reaches
}

/// HTTP has one status that says that nothing has changed (RFC 9110, 15.4.5); any
/// other would make of a redirect, or of an answer, a list that was not told.
fn read_unchanged(section: &Section<'_, '_>) -> Option<u16> {
    const NOT_MODIFIED: u16 = 304;
    let status = section.number("unchanged", 100..=599)?;
    if status == u32::from(NOT_MODIFIED) {
        return Some(NOT_MODIFIED);
    }
    let span = section.value("unchanged").map_or(section.span.clone(), toml::Spanned::span);
    let what = format!("{status} does not say that a list is unchanged");
    section.doc.problem(span, what, "write `unchanged = 304`, or leave it out");
    None
}

/// The operations whose jobs a poll tells of.
fn read_of(section: &Section<'_, '_>, meaning: Option<Meaning>) -> Vec<String> {
    let names: Vec<String> = section.texts("of").iter().map(|name| name.value.to_owned()).collect();
    if section.has("of") && meaning != Some(Meaning::PollJob) {
        let span = section.value("of").map_or(section.span.clone(), toml::Spanned::span);
        section.doc.problem(
            span,
            "only a poll tells of jobs",
            "leave `of` out, or write `meaning = \"poll_job\"`",
        );
    }
    names
}
