//! `[operations.…]` and `[[errors]]`: the exchanges.

use std::ops::Range;
use std::sync::Arc;

use toml::de::DeValue;

use super::auth::AuthSection;
use super::document::{Located, Section, integer};
use super::limits_section::positive;
use super::problem::nearest;
use super::signatures;
use crate::vendors::dialect::codec::Codec;
use crate::vendors::dialect::form::{AnswerForm, Body, ErrorForm, RequestForm};
use crate::vendors::dialect::signature::Signature;
use crate::vendors::dialect::template::{Hole, Node, PathTemplate, Text};
use crate::vendors::dialect::{Operation, Paging, PagingBy};
use crate::vendors::vocabulary::{Cause, FailureKind, Field, Meaning};

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
    let common: Arc<[ErrorForm]> = read_errors(root).into();
    let usual = root.section("success").map(read_predicates).unwrap_or_default();
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
    let unchanged = section.number("unchanged", 200..=399).and_then(|status| u16::try_from(status).ok());
    let unchanged_at = section.value("unchanged").map(toml::Spanned::span);
    let success = read_success(&section, around.usual);
    let errors = read_errors(&section);
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

fn lower_names(pairs: Vec<(String, Text)>) -> Vec<(String, Text)> {
    pairs.into_iter().map(|(name, text)| (name.to_ascii_lowercase(), text)).collect()
}

/// A table of texts with holes; numbers and booleans stand for their text.
pub(super) fn read_pairs(section: &Section<'_, '_>, key: &'static str) -> Vec<(String, Text)> {
    section.section(key).map_or_else(Vec::new, |table| read_pairs_of(&table))
}

/// The pairs of a table that is nothing else.
pub(super) fn read_pairs_of(table: &Section<'_, '_>) -> Vec<(String, Text)> {
    let mut pairs = Vec::new();
    for (name, value) in table.entries() {
        // A name may come several times, as in `type[]=lock&type[]=keypad`.
        let values = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        let texts = values.into_iter().filter_map(|value| read_pair(table, value));
        pairs.extend(texts.map(|text| (name.value.to_owned(), text)));
    }
    pairs
}

/// `{ json = '…' }`: JSON with holes in the place of a text.
fn read_json_value<'d, 't>(section: &Section<'d, 't>, value: &'d toml::Spanned<DeValue<'t>>) -> Option<Text> {
    let inner = section.section_of(value, "a value")?;
    if !inner.has("json") {
        inner.missing("json", "write a text, or `{ json = '[ \"{lock.id}\" ]' }`");
    }
    let node = read_json(&inner, "json");
    inner.finish();
    node.map(Text::json)
}

fn read_pair<'d, 't>(section: &Section<'d, 't>, value: &'d toml::Spanned<DeValue<'t>>) -> Option<Text> {
    match value.get_ref() {
        DeValue::String(text) => read_text(section, &Located { value: text.as_ref(), span: value.span() }),
        DeValue::Table(_) => read_json_value(section, value),
        DeValue::Boolean(answer) => Some(Text::literal(answer.to_string())),
        other => {
            let number = integer(other);
            if number.is_none() {
                section.wrong_type(value, "a text");
            }
            number.map(|number| Text::literal(number.to_string()))
        }
    }
}

pub(super) fn read_text(section: &Section<'_, '_>, text: &Located<&str>) -> Option<Text> {
    match Text::parse(text.value) {
        Ok(parsed) => Some(parsed),
        Err(errors) => {
            errors.into_iter().for_each(|error| section.doc.template_problem(text, error));
            None
        }
    }
}

fn read_json(section: &Section<'_, '_>, key: &'static str) -> Option<Node> {
    let text = section.text(key)?;
    match Node::parse(text.value) {
        Ok(node) => Some(node),
        Err(errors) => {
            errors.into_iter().for_each(|error| section.doc.template_problem(&text, error));
            None
        }
    }
}

pub(super) fn read_body(section: &Section<'_, '_>, key: &'static str) -> Body {
    let form = section.has("form").then(|| read_pairs(section, "form"));
    let json = section.has(key);
    match (json, form) {
        (true, Some(_)) => {
            section.doc.problem(
                section.span.clone(),
                format!("both `{key}` and `form`"),
                "a message has one body",
            );
            Body::Empty
        }
        (true, None) => read_json(section, key).map_or(Body::Empty, Body::Json),
        (false, Some(pairs)) => Body::Form(pairs),
        // Asked for, so that the key is known.
        (false, None) => {
            section.value(key);
            section.value("form");
            Body::Empty
        }
    }
}

/// What an answer holds: JSON under the one key, or a text under the other.
fn read_content(section: &Section<'_, '_>, json: &'static str, text: &'static str) -> Body {
    if section.has(json) && section.has(text) {
        let what = format!("both `{json}` and `{text}`");
        section.doc.problem(section.span.clone(), what, "a message has one body");
    }
    let body = read_json(section, json).map(Body::Json);
    let words = section.text(text).and_then(|words| self::read_text(section, &words)).map(Body::Text);
    body.or(words).unwrap_or(Body::Empty)
}

/// The media type of a body; parameters (`; charset=utf-8`) are none of it.
fn read_content_type(section: &Section<'_, '_>, body: &Body) -> Option<String> {
    let text = section.text("content_type")?;
    if matches!(body, Body::Empty) && !section.has("body") && !section.has("form") {
        section.doc.problem(
            text.span,
            "a content type without content",
            "write `body` or `form`, or leave it out",
        );
        return None;
    }
    let sign = |c: char| c.is_ascii_alphanumeric() || "!#$&^_.+-".contains(c);
    let is_part = |part: &str| !part.is_empty() && part.chars().all(sign);
    if text.value.split_once('/').is_some_and(|(kind, sort)| is_part(kind) && is_part(sort)) {
        return Some(text.value.to_ascii_lowercase());
    }
    let what = format!("`{}` is no media type", text.value);
    section.doc.problem(text.span, what, "write it as in `content_type = \"application/json-patch+json\"`");
    None
}

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

fn read_success(section: &Section<'_, '_>, usual: &Predicates) -> AnswerForm {
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
fn read_predicates(section: Section<'_, '_>) -> Predicates {
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

fn read_errors(section: &Section<'_, '_>) -> Vec<ErrorForm> {
    let mut errors = Vec::new();
    for entry in section.sections("errors", "an error") {
        let kinds: Vec<(&'static str, FailureKind)> =
            FailureKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
        let kind = entry
            .required_text("is", "say what the error means: `is = \"not_found\"`")
            .and_then(|text| entry.choose(&text, &kinds));
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
        let clears_within = positive(&entry, "clears_within");
        let leaves = entry.flag("leaves").unwrap_or(false);
        entry.finish();
        let form = AnswerForm { statuses, headers, body, predicate: None, if_there: None };
        errors.extend(kind.map(|kind| ErrorForm { kind, cause, form, unless, clears_within, leaves }));
    }
    errors
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

/// Checks that the operations whose jobs are told of are there and begin jobs.
pub(super) fn check_jobs(root: &Section<'_, '_>, operations: &ReadOperations<'_>) {
    for read in operations.read.iter().filter(|read| read.sound) {
        for name in &read.operation.of {
            let starter = operations.read.iter().find(|other| other.operation.name() == name);
            let what = match starter {
                Some(other) if !other.sound || other.operation.answers_with(&Field::JobId) => continue,
                Some(_) => {
                    format!("the answer of `{name}` has no `{{job.id}}`, so there is no job to tell of")
                }
                None if operations.unreadable.contains(&name.as_str()) => continue,
                None => format!("unknown operation `{name}`"),
            };
            let span = root.doc.find_in_section(read.at.span.start, &format!("\"{name}\""));
            let help = "`of` names the operations that begin the jobs which this one tells of";
            root.doc.problem(span.unwrap_or(read.at.span.clone()), what, help);
        }
    }
}

/// Checks that every `{secret.…}` and `{setting.…}` is declared.
pub(super) fn check_run_values(
    operations: &[ReadOperation<'_>],
    root: &Section<'_, '_>,
    secrets: &[(String, String)],
    settings: &[(String, String)],
    servers: &[(String, String)],
) {
    for read in operations {
        let holes = read.operation.request_holes().into_iter().map(|(_, hole)| hole);
        for hole in holes.chain(read.operation.answer_holes()) {
            check_declared(root, read, hole, (secrets, settings, servers));
        }
    }
}

/// Names with what they are.
type Names = [(String, String)];

fn check_declared(
    root: &Section<'_, '_>,
    read: &ReadOperation<'_>,
    hole: &Hole,
    (secrets, settings, servers): (&Names, &Names, &Names),
) {
    let (name, declared, table) = match &hole.field {
        Field::Secret(name) => (name, secrets, "secrets"),
        Field::Setting(name) => (name, settings, "settings"),
        Field::Server(name) => (name, servers, "servers"),
        _ => return,
    };
    if declared.iter().any(|(known, _)| **known == **name) {
        return;
    }
    let help = match nearest(name, declared.iter().map(|(known, _)| known.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write `{name} = \"what it is\"` under `[{table}]`"),
    };
    let span =
        root.doc.find_in_section(read.at.span.start, &hole.field.to_string()).unwrap_or(read.at.span.clone());
    root.doc.problem(span, format!("`{{{}}}` is not declared", hole.field), help);
}

/// Two operations that a request could mean both.
fn check_overlap(root: &Section<'_, '_>, earlier: &[ReadOperation<'_>], read: &ReadOperation<'_>) {
    for other in earlier.iter().filter(|other| other.sound) {
        let (left, right) = (&other.operation.request, &read.operation.request);
        let by_job = other.operation.is_alternative_to(&read.operation)
            && !other.operation.of.iter().any(|name| read.operation.of.contains(name));
        if same_route(left, right) && !told_apart(left, right) && !by_job {
            root.doc.problem(
                read.request_at.clone(),
                format!("a request could mean both `{}` and `{}`", other.at.value, read.at.value),
                "operations that share method and path must differ in a literal of query or body",
            );
        }
    }
}

fn same_route(left: &RequestForm, right: &RequestForm) -> bool {
    let (l, r) = (&left.path.segments, &right.path.segments);
    left.method == right.method
        && l.len() == r.len()
        && l.iter().zip(r).all(|(l, r)| match (l.as_literal(), r.as_literal()) {
            (Some(l), Some(r)) => l == r,
            (None, None) => true,
            _ => false,
        })
}

fn told_apart(left: &RequestForm, right: &RequestForm) -> bool {
    pairs_differ(&left.query, &right.query)
        || says_more(&left.query, &right.query)
        || (left.match_headers && right.match_headers && pairs_differ(&left.headers, &right.headers))
        || match (&left.body, &right.body) {
            (Body::Json(left), Body::Json(right)) => nodes_differ(left, right),
            (Body::Form(left), Body::Form(right)) => pairs_differ(left, right) || says_more(left, right),
            _ => false,
        }
}

fn pairs_differ(left: &[(String, Text)], right: &[(String, Text)]) -> bool {
    let repeated =
        |pairs: &[(String, Text)], name| pairs.iter().filter(|(other, _)| other == name).count() > 1;
    left.iter().filter(|(name, _)| !repeated(left, name) && !repeated(right, name)).any(|(name, l)| {
        right.iter().any(|(other, r)| {
            name == other && l.as_literal().zip(r.as_literal()).is_some_and(|(l, r)| l != r)
        })
    })
}

/// Whether one of the two has a literal under a name that the other lacks: the
/// one that says more is looked for first.
fn says_more(left: &[(String, Text)], right: &[(String, Text)]) -> bool {
    let more = |one: &[(String, Text)], other: &[(String, Text)]| {
        one.iter()
            .any(|(name, text)| text.as_literal().is_some() && !other.iter().any(|(known, _)| known == name))
    };
    more(left, right) != more(right, left)
}

fn nodes_differ(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Literal(left), Node::Literal(right)) => left != right,
        (Node::Object(left), Node::Object(right)) => {
            left.iter().any(|l| right.iter().any(|r| l.key == r.key && nodes_differ(&l.value, &r.value)))
        }
        (Node::Array(left), Node::Array(right)) => {
            left.len() != right.len() || left.iter().zip(right).any(|(l, r)| nodes_differ(l, r))
        }
        _ => false,
    }
}
