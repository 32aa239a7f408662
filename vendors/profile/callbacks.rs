//! `[callbacks]`: what the vendor tells by itself.

use std::time::Duration;

use super::document::{Located, Section};
use super::limits_section::positive;
use super::message::{read_body, read_pairs, read_text};
use super::operations::ReadOperations;
use super::problem::nearest;
use super::sources;
use crate::vendors::dialect::callback::{CallbackEvent, Callbacks, Expected, Registration, Signature};
use crate::vendors::dialect::codec::TextCodec;
use crate::vendors::dialect::form::{Body, RequestForm};
use crate::vendors::dialect::template::{Hole, PathTemplate, Text};
use crate::vendors::vocabulary::{Datum, EventKind, Facts, Field, Meaning};

/// Where a vendor's names are declared.
pub(super) struct Declared<'a> {
    pub secrets: &'a [(String, String)],
    pub settings: &'a [(String, String)],
}

pub(super) fn read(
    root: &Section<'_, '_>,
    operations: &ReadOperations<'_>,
    declared: &Declared<'_>,
) -> Option<Callbacks> {
    let section = root.section("callbacks")?;
    let registration = read_registration(&section, operations);
    let delay = positive(&section, "delay").unwrap_or_default();
    let attempts = section.number("attempts", 1..=100).unwrap_or(1);
    let every = positive(&section, "every").unwrap_or(Duration::from_secs(60));
    let answer = read_answer(&section);
    let signature = section.section("signature").and_then(|signature| read_signature(signature, declared));
    let entries = section.sections("events", "an event");
    if entries.is_empty() {
        section.missing("events", "write `[[callbacks.events]]` for each event that is told");
    }
    let events = entries.into_iter().filter_map(|entry| read_event(entry, delay, declared)).collect();
    sources::cite(&section, "callbacks", &["events"]);
    section.finish();
    Some(Callbacks { registration: registration?, attempts, every, answer, signature, events })
}

fn read_registration(section: &Section<'_, '_>, operations: &ReadOperations<'_>) -> Option<Registration> {
    const HELP: &str =
        "write `register = \"the operation\"`, or `console = \"where a person enters the address\"`";
    match (section.text("register"), section.text("console")) {
        (Some(name), None) => {
            check_registration(section, &name, operations);
            Some(Registration::Operation(name.value.to_owned()))
        }
        (None, Some(words)) => Some(Registration::Console(words.value.to_owned())),
        (Some(_), Some(console)) => {
            section.doc.problem(console.span, "both `register` and `console`", HELP);
            None
        }
        (None, None) => {
            section.missing("register", HELP);
            None
        }
    }
}

fn check_registration(section: &Section<'_, '_>, name: &Located<&str>, operations: &ReadOperations<'_>) {
    let found = operations.read.iter().find(|read| read.operation.name() == name.value);
    let tell = |what: String, help: String| section.doc.problem(name.span.clone(), what, help);
    match found {
        Some(read) if !read.sound => {}
        Some(read) if read.operation.meaning() != Meaning::RegisterCallback => tell(
            format!("`{}` does not register callbacks", name.value),
            "write `meaning = \"register_callback\"` into it".to_owned(),
        ),
        Some(read) if !read.operation.asks_with(&Field::CallbackUrl) => tell(
            format!("the request of `{}` has no `{{callback.url}}`", name.value),
            "write the hole `{callback.url}` into it".to_owned(),
        ),
        Some(_) => {}
        None if operations.unreadable.contains(&name.value) => {}
        None => {
            let known = operations.read.iter().map(|read| read.operation.name());
            let help = match nearest(name.value, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write it under `[operations]`".to_owned(),
            };
            tell(format!("unknown operation `{}`", name.value), help);
        }
    }
}

fn read_answer(section: &Section<'_, '_>) -> Expected {
    let Some(answer) = section.section("answer") else { return Expected { status: None, body: None } };
    let status = answer.number("status", 100..=599).and_then(|status| u16::try_from(status).ok());
    let body = answer.string("body");
    answer.finish();
    Expected { status, body }
}

fn read_signature(section: Section<'_, '_>, declared: &Declared<'_>) -> Option<Signature> {
    let header = section.required_text("header", "name the header that bears it");
    let written =
        section.required_text("value", "write `value = \"{callback.body | hmac_sha256(secret.name)}\"`");
    let value = written.as_ref().and_then(|text| read_text(&section, text));
    if let (Some(value), Some(written)) = (&value, &written) {
        let mut signs = false;
        value.each_hole(&mut |hole| {
            signs |= hole.field == Field::CallbackBody && hole.is_one_way();
            check_declared(&section, written, hole, declared);
        });
        if !signs {
            section.doc.problem(
                written.span.clone(),
                "a signature that does not sign the body",
                "write `{callback.body | hmac_sha256(secret.name)}` into it",
            );
        }
    }
    section.finish();
    Some(Signature { header: header?.value.to_ascii_lowercase(), value: value? })
}

fn check_declared(section: &Section<'_, '_>, at: &Located<&str>, hole: &Hole, declared: &Declared<'_>) {
    let keys = hole.steps.iter().filter_map(|step| match step {
        TextCodec::HmacSha256(field) => Some(field),
        _ => None,
    });
    for field in keys.chain(std::iter::once(&hole.field)) {
        let (name, known, table) = match field {
            Field::Secret(name) => (name, declared.secrets, "secrets"),
            Field::Setting(name) => (name, declared.settings, "settings"),
            _ => continue,
        };
        if !known.iter().any(|(known, _)| **known == **name) {
            let help = format!("write `{name} = \"what it is\"` under `[{table}]`");
            section.doc.problem(at.span.clone(), format!("`{{{field}}}` is not declared"), help);
        }
    }
}

fn read_event(section: Section<'_, '_>, usual: Duration, declared: &Declared<'_>) -> Option<CallbackEvent> {
    let name = section.required_text("name", "write the event's name");
    let kinds = read_kinds(&section);
    sources::cite_below(&section, &format!("event `{}`", name.as_ref().map_or("", |name| name.value)));
    let delay = positive(&section, "delay").unwrap_or(usual);
    let means = read_means(&section);
    let headers: Vec<(String, Text)> = read_pairs(&section, "headers")
        .into_iter()
        .map(|(name, text)| (name.to_ascii_lowercase(), text))
        .collect();
    let body = read_body(&section, "body");
    if matches!(body, Body::Empty) {
        section.missing("body", "write its message as `body` (JSON) or `form`");
    }
    if let Some(name) = &name {
        body.each_hole(&mut |hole| check_declared(&section, name, hole, declared));
    }
    section.finish();
    let path = PathTemplate::parse("/").ok()?;
    let request = RequestForm {
        method: "POST".to_owned(),
        written: "/".to_owned(),
        path,
        query: Vec::new(),
        headers,
        body,
        match_headers: true,
        also: Vec::new(),
        content_type: None,
        signatures: Vec::new(),
    };
    Some(CallbackEvent { name: name?.value.to_owned(), kinds: kinds?, means, delay, request })
}

/// What an event tells of: one kind, or a list of those that its message tells
/// together, which is empty where it is read past.
fn read_kinds(section: &Section<'_, '_>) -> Option<Vec<EventKind>> {
    let names: Vec<(&'static str, EventKind)> =
        EventKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
    if !section.has("is") {
        section.missing("is", "say what it tells of: `is = \"bolt\"`, or `is = []` where that is nothing");
        return None;
    }
    let kinds: Vec<EventKind> =
        section.one_or_several("is").iter().filter_map(|text| section.choose(text, &names)).collect();
    Some(kinds)
}

/// What a message means without a hole: fields with canonical values.
fn read_means(section: &Section<'_, '_>) -> Facts {
    let mut facts = Facts::new();
    let Some(table) = section.section("means") else { return facts };
    for (name, value) in table.entries() {
        let Some(field) = Field::parse(name.value) else {
            let names: Vec<String> = Field::FIXED.iter().map(ToString::to_string).collect();
            let help = match nearest(name.value, names.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write a field, as in `\"lock.reachable\" = \"false\"`".to_owned(),
            };
            table.doc.problem(name.span, format!("unknown field `{}`", name.value), help);
            continue;
        };
        let Some(text) = table.text_of(value) else { continue };
        match Datum::parse(&field, text.value) {
            Some(datum) => facts.set(field, datum),
            None => table.doc.problem(
                text.span,
                format!("`{}` is no value of `{field}`", text.value),
                "write the canonical value: `true`, `locked`, `80`",
            ),
        }
    }
    facts
}
