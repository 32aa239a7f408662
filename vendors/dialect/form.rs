//! The compiled shape of one message: where its holes are, and how it is
//! filled and read as a whole.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::Mismatch;
use super::signature::Signature;
use super::template::{Decisive, Hole, Node, PathTemplate, Reader, Reading, Scope, Text, Unfilled, View};
use crate::vendors::vocabulary::{Cause, Datum, Facts, FailureKind, Field, FieldKind};
use crate::vendors::wire::{WireRequest, WireResponse};

/// The content of a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// None.
    Empty,
    /// JSON.
    Json(Node),
    /// A form.
    Form(Vec<(String, Text)>),
    /// A plain text.
    Text(Text),
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequestForm {
    pub method: String,
    /// The path as written.
    pub written: String,
    pub path: PathTemplate,
    pub query: Vec<(String, Text)>,
    pub headers: Vec<(String, Text)>,
    pub body: Body,
    /// The media type of the body, where it is not the usual one of its kind.
    pub content_type: Option<String>,
    /// Whether literal headers tell operations apart.
    pub match_headers: bool,
    /// The signatures that its holes name.
    pub signatures: Vec<Arc<Signature>>,
}

/// A documented answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AnswerForm {
    /// The statuses; empty for any success, or in an error for any at all.
    pub statuses: Vec<u16>,
    pub headers: Vec<(String, Text)>,
    pub body: Body,
    /// What must hold beside, as literals.
    pub predicate: Option<Node>,
    /// Literals that must be equal where they are there at all.
    pub if_there: Option<Node>,
}

/// A documented error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ErrorForm {
    pub kind: FailureKind,
    /// The one cause for which it is given; any of its kind unless said.
    pub cause: Option<Cause>,
    pub form: AnswerForm,
    /// Within which time the identical call succeeds, where it passes by itself.
    pub clears_within: Option<Duration>,
    /// Whether what was asked for was made all the same.
    pub leaves: bool,
    /// Literals that an answer of this error does not all have.
    pub unless: Option<Node>,
}

impl ErrorForm {
    /// Reads the error's facts; `None` where the answer is something else.
    pub fn read(&self, answer: &ParsedAnswer<'_>) -> Option<Facts> {
        let mut facts = Facts::new();
        self.form.read(answer, Reading::Shape, &Facts::new(), &mut facts).ok()?;
        let excepted = self.unless.as_ref().is_some_and(|node| answer.agrees_with(node));
        (!excepted).then_some(facts)
    }
}

/// Where a message could not be filled.
pub(crate) struct Unwritten {
    pub place: &'static str,
    pub why: Unfilled,
}

type Pairs = Vec<(String, String)>;

fn fill_pairs(
    pairs: &[(String, Text)],
    scope: &Scope<'_>,
    view: View,
    place: &'static str,
) -> Result<Pairs, Unwritten> {
    let mut out = Vec::with_capacity(pairs.len() + 1);
    for (name, text) in pairs {
        if let Some(value) = text.fill(scope, view).map_err(|why| Unwritten { place, why })? {
            out.push((name.clone(), value));
        }
    }
    Ok(out)
}

impl Body {
    /// Every hole.
    pub fn each_hole<'a>(&'a self, visit: &mut dyn FnMut(&'a Hole)) {
        match self {
            Self::Empty => {}
            Self::Json(node) => node.each_hole(visit),
            Self::Form(pairs) => pairs.iter().for_each(|(_, text)| text.each_hole(visit)),
            Self::Text(text) => text.each_hole(visit),
        }
    }

    fn fill(&self, scope: &Scope<'_>, view: View, headers: &mut Pairs) -> Result<Vec<u8>, Unwritten> {
        match self {
            Self::Empty => Ok(Vec::new()),
            Self::Json(node) => {
                announce(headers, "application/json");
                let mut out = String::with_capacity(256);
                node.fill(scope, view, &mut out).map_err(|why| Unwritten { place: "body", why })?;
                Ok(out.into_bytes())
            }
            Self::Text(text) => {
                announce(headers, "text/plain; charset=utf-8");
                let filled = text.fill(scope, view).map_err(|why| Unwritten { place: "body", why })?;
                Ok(filled.unwrap_or_default().into_bytes())
            }
            Self::Form(pairs) => {
                announce(headers, "application/x-www-form-urlencoded");
                let pairs = fill_pairs(pairs, scope, view, "body")?;
                if view == View::Shown {
                    let shown: Vec<String> =
                        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
                    return Ok(shown.join("&").into_bytes());
                }
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(pairs);
                Ok(form.finish().into_bytes())
            }
        }
    }
}

fn announce(headers: &mut Pairs, content_type: &str) {
    if !headers.iter().any(|(name, _)| name == "content-type") {
        headers.push(("content-type".to_owned(), content_type.to_owned()));
    }
}

/// The pairs of a form or query.
pub(crate) fn decode_form(bytes: &[u8]) -> Pairs {
    url::form_urlencoded::parse(bytes).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

impl RequestForm {
    /// Every hole with the place in which it stands.
    pub fn each_hole<'a>(&'a self, visit: &mut dyn FnMut(&'static str, &'a Hole)) {
        self.path.segments.iter().for_each(|text| text.each_hole(&mut |hole| visit("path", hole)));
        self.query.iter().for_each(|(_, text)| text.each_hole(&mut |hole| visit("query", hole)));
        self.headers.iter().for_each(|(_, text)| text.each_hole(&mut |hole| visit("headers", hole)));
        self.body.each_hole(&mut |hole| visit("body", hole));
        for signature in &self.signatures {
            signature.text.each_hole(&mut |hole| visit("signature", hole));
        }
    }

    /// How many parameters of query and form are literals.
    pub fn literals(&self) -> usize {
        let form = match &self.body {
            Body::Form(pairs) => &pairs[..],
            Body::Empty | Body::Json(_) | Body::Text(_) => &[],
        };
        self.query.iter().chain(form).filter(|(_, text)| text.as_literal().is_some()).count()
    }

    pub fn fill(&self, facts: &Facts, view: View) -> Result<WireRequest, Unwritten> {
        if self.signatures.is_empty() {
            return self.fill_signed(facts, view);
        }
        let mut signed = facts.clone();
        for signature in &self.signatures {
            let made = signature.make(facts).map_err(|why| Unwritten { place: "signature", why })?;
            signed.set(signature.field.clone(), Datum::Secret(made));
        }
        self.fill_signed(&signed, view)
    }

    fn fill_signed(&self, facts: &Facts, view: View) -> Result<WireRequest, Unwritten> {
        let scope = Scope::request(facts);
        let path = self.path.fill(&scope, view).map_err(|why| Unwritten { place: "path", why })?;
        let query = fill_pairs(&self.query, &scope, view, "query")?;
        let mut headers = fill_pairs(&self.headers, &scope, view, "headers")?;
        if let Some(declared) = &self.content_type {
            announce(&mut headers, declared);
        }
        let body = self.body.fill(&scope, view, &mut headers)?;
        Ok(WireRequest { method: self.method.clone(), path, query, headers, body })
    }

    /// Whether the body comes as the media type that the profile names; where it
    /// names none, any will do.
    pub fn takes_type_of(&self, request: &WireRequest) -> bool {
        let Some(declared) = &self.content_type else { return true };
        let sent = request.header("content-type").unwrap_or_default();
        sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(declared)
    }

    /// Reads everything but method and path, which the router has read.
    pub fn read(&self, request: &WireRequest, known: &Facts, facts: &mut Facts) -> Result<(), Mismatch> {
        for (at, (name, text)) in self.query.iter().enumerate() {
            // The nth of a name is the nth of that name.
            let nth = self.query[..at].iter().filter(|(earlier, _)| earlier == name).count();
            let mut values =
                request.query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
            read_pair("query", name, text, values.nth(nth), true, known, facts)?;
        }
        for (name, text) in &self.headers {
            read_pair("header", name, text, request.header(name), self.match_headers, known, facts)?;
        }
        self.read_body(request, known, facts)?;
        // A list of one says of the whole request what it says of its element.
        if let [only] = &facts.items[..] {
            facts.adopt(&only.clone());
        }
        Ok(())
    }

    /// The credentials that a request carries in headers, query and form, by the
    /// example's places; `None` where one of them is empty.
    pub fn carried(&self, request: &WireRequest, known: &Facts) -> Option<Facts> {
        let form = match &self.body {
            Body::Form(_) => decode_form(&request.body),
            Body::Empty | Body::Json(_) | Body::Text(_) => Vec::new(),
        };
        let found = |pairs: &[(String, String)], name: &str| {
            pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
        };
        let mut facts = Facts::new();
        for (name, text) in &self.query {
            take_credentials(text, || found(&request.query, name), known, &mut facts)?;
        }
        for (name, text) in &self.headers {
            take_credentials(text, || request.header(name).map(str::to_owned), known, &mut facts)?;
        }
        if let Body::Form(pairs) = &self.body {
            for (name, text) in pairs {
                take_credentials(text, || found(&form, name), known, &mut facts)?;
            }
        }
        Some(facts)
    }

    /// Holds the signatures of a request that was read against what is known.
    /// What they prove joins its facts; the kind of the first that does not
    /// agree is told.
    pub fn verify(&self, known: &Facts, facts: &mut Facts) -> Option<FailureKind> {
        let mut missigned = None;
        for signature in &self.signatures {
            let sent = facts.remove(&signature.field);
            let proven = sent
                .as_ref()
                .and_then(Datum::as_secret)
                .and_then(|sent| signature.verify(sent, facts, known));
            match proven {
                Some(proven) => facts.merge(&proven),
                None => missigned = missigned.or(Some(signature.refused)),
            }
        }
        missigned
    }

    fn read_body(&self, request: &WireRequest, known: &Facts, facts: &mut Facts) -> Result<(), Mismatch> {
        match &self.body {
            Body::Empty => Ok(()),
            Body::Json(node) => {
                let value = if request.body.is_empty() { None } else { Some(parse_json(&request.body)?) };
                Reader::new(Reading::Request, known).read(node, value.as_ref(), facts)
            }
            Body::Form(pairs) => {
                let form = decode_form(&request.body);
                for (name, text) in pairs {
                    let value = form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
                    read_form_pair(name, text, value, known, facts)?;
                }
                Ok(())
            }
            Body::Text(text) => read_text(text, &request.body, known, facts),
        }
    }
}

/// Takes the credentials out of a value, where its place is one for credentials.
fn take_credentials(
    text: &Text,
    value: impl FnOnce() -> Option<String>,
    known: &Facts,
    facts: &mut Facts,
) -> Option<()> {
    let mut secret = false;
    text.each_hole(&mut |hole| secret |= hole.field.kind() == FieldKind::Secret);
    if !secret {
        return Some(());
    }
    for (field, value) in text.read(&value()?, known).ok()? {
        if value.as_secret().is_some_and(|secret| secret.expose().is_empty()) {
            return None;
        }
        facts.set(field, value);
    }
    Some(())
}

/// Reads a query parameter or header. A hole never decides; a literal does
/// where `literals` says so.
fn read_pair(
    place: &str,
    name: &str,
    text: &Text,
    value: Option<&str>,
    literals: bool,
    known: &Facts,
    facts: &mut Facts,
) -> Result<(), Mismatch> {
    if let Some(literal) = text.as_literal() {
        if !literals || value == Some(literal) {
            return Ok(());
        }
        return Err(pair_mismatch(place, name, format!("\"{literal}\""), value, false));
    }
    for (field, value) in value.and_then(|value| text.read(value, known).ok()).unwrap_or_default() {
        facts.gather(field, value);
    }
    Ok(())
}

fn read_form_pair(
    name: &str,
    text: &Text,
    value: Option<&str>,
    known: &Facts,
    facts: &mut Facts,
) -> Result<(), Mismatch> {
    if text.as_literal().is_some() {
        return read_pair("form", name, text, value, true, known, facts);
    }
    if let (Some(node), Some(value)) = (text.as_json(), value) {
        return read_json_field(name, node, value, known, facts);
    }
    let (mut secret, mut optional) = (false, true);
    text.each_hole(&mut |hole| {
        secret |= hole.field.kind() == FieldKind::Secret;
        optional &= hole.optional;
    });
    match value.map(|value| text.read(value, known)) {
        Some(Ok(values)) => values.into_iter().for_each(|(field, value)| facts.gather(field, value)),
        // Credentials never decide; their absence is the server's business.
        _ if secret => {}
        None if optional => {}
        None => return Err(pair_mismatch("form", name, text.to_string(), None, false)),
        Some(Err(unread)) => return Err(pair_mismatch("form", name, unread.expected, value, unread.hidden)),
    }
    Ok(())
}

/// Reads JSON in a form's field. A list of one says of the whole message what it
/// says of its element; of a longer one every element is kept.
fn read_json_field(
    name: &str,
    node: &Node,
    value: &str,
    known: &Facts,
    facts: &mut Facts,
) -> Result<(), Mismatch> {
    let json: Value = serde_json::from_str(value)
        .map_err(|_| pair_mismatch("form", name, "JSON".to_owned(), Some(value), true))?;
    let mut inner = Facts::new();
    Reader::new(Reading::Request, known).read(node, Some(&json), &mut inner)?;
    if let [only] = &inner.items[..] {
        let only = only.clone();
        inner.items.clear();
        inner.merge(&only);
    }
    for (field, value) in inner.iter() {
        facts.gather(field.clone(), value.clone());
    }
    facts.items.append(&mut inner.items);
    Ok(())
}

fn pair_mismatch(place: &str, name: &str, expected: String, value: Option<&str>, hidden: bool) -> Mismatch {
    let found = match value {
        None => "nothing".to_owned(),
        Some(_) if hidden => "another text".to_owned(),
        Some(value) => super::codec::Raw::Text(value).shown(),
    };
    Mismatch { at: format!("{place} {name}"), expected, found }
}

/// Reads a body that is a text; spaces around it say nothing.
fn read_text(text: &Text, body: &[u8], known: &Facts, facts: &mut Facts) -> Result<(), Mismatch> {
    let body = std::str::from_utf8(body).map_err(|_| unlike_text(text))?;
    for (field, value) in text.read(body.trim(), known).map_err(|_| unlike_text(text))? {
        facts.set(field, value);
    }
    Ok(())
}

fn unlike_text(text: &Text) -> Mismatch {
    Mismatch {
        at: "the message".to_owned(),
        expected: format!("\"{text}\""),
        found: "another text".to_owned(),
    }
}

fn parse_json(bytes: &[u8]) -> Result<Value, Mismatch> {
    serde_json::from_slice(bytes).map_err(|why| Mismatch {
        at: "the message".to_owned(),
        expected: "JSON".to_owned(),
        found: instead_of_json(bytes, &why).to_owned(),
    })
}

/// What came in the place of JSON, told by its kind: it may hold anything, so it
/// is not shown.
fn instead_of_json(bytes: &[u8], why: &serde_json::Error) -> &'static str {
    let begins = |text: &str| {
        let start = bytes.trim_ascii_start();
        start.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
    };
    match () {
        () if bytes.is_empty() => "an empty body",
        () if begins("<!doctype html") || begins("<html") => "an HTML page",
        () if begins("<") => "XML",
        () if why.is_eof() => "JSON that breaks off",
        () => "bytes that are no JSON",
    }
}

/// An answer's body, parsed once for all the shapes that it is held against.
pub(crate) struct ParsedAnswer<'a> {
    pub response: &'a WireResponse,
    json: Result<Value, Mismatch>,
}

impl<'a> ParsedAnswer<'a> {
    pub fn new(response: &'a WireResponse) -> Self {
        Self { response, json: parse_json(&response.body) }
    }

    /// Whether every literal of `node` is there as it is written.
    fn agrees_with(&self, node: &Node) -> bool {
        let known = Facts::new();
        let value = self.json.as_ref().ok();
        value.is_some_and(|value| {
            Reader::new(Reading::Shape, &known).read(node, Some(value), &mut Facts::new()).is_ok()
        })
    }
}

impl AnswerForm {
    pub fn each_hole<'a>(&'a self, visit: &mut dyn FnMut(&'a Hole)) {
        self.headers.iter().for_each(|(_, text)| text.each_hole(visit));
        self.body.each_hole(visit);
    }

    pub fn fill(&self, facts: &Facts, status: u16, view: View) -> Result<WireResponse, Unwritten> {
        self.fill_from(&Scope::answer(facts), status, view)
    }

    /// Fills an error; a list in it is written with one element.
    pub fn fill_error(&self, facts: &Facts, status: u16, view: View) -> Result<WireResponse, Unwritten> {
        let mut whole = Facts::new();
        whole.merge(facts);
        self.fill_from(&Scope::request(&whole), status, view)
    }

    fn fill_from(&self, scope: &Scope<'_>, status: u16, view: View) -> Result<WireResponse, Unwritten> {
        let mut headers = fill_pairs(&self.headers, scope, view, "headers")?;
        let body = self.body.fill(scope, view, &mut headers)?;
        Ok(WireResponse { status: self.statuses.first().copied().unwrap_or(status), headers, body })
    }

    /// How the documented success is read: which of its literals decide.
    pub fn reading(&self) -> Reading {
        let mut carries = false;
        self.body.each_hole(&mut |hole| carries |= hole.field.kind() != FieldKind::Any);
        Reading::Answer(match (&self.predicate, carries) {
            (Some(_), _) => Decisive::None,
            (None, true) => Decisive::Flags,
            (None, false) => Decisive::All,
        })
    }

    /// Reads the documented success; an error shape if `reading` is a shape.
    pub fn read<'a>(
        &'a self,
        answer: &'a ParsedAnswer<'a>,
        reading: Reading,
        known: &'a Facts,
        facts: &mut Facts,
    ) -> Result<Vec<Mismatch>, Mismatch> {
        self.read_status(answer.response.status, reading)?;
        let mut deviations = Vec::new();
        if let Some(predicate) = &self.predicate {
            let value = answer.json.as_ref().map_err(Clone::clone)?;
            Reader::new(Reading::Shape, known).read(predicate, Some(value), &mut Facts::new())?;
        }
        if let Some(node) = &self.if_there
            && let Ok(value) = &answer.json
        {
            agree_where_there(node, value)?;
        }
        match &self.body {
            Body::Json(node) => {
                let value = answer.json.as_ref().map_err(Clone::clone)?;
                let mut reader = Reader::new(reading, known);
                reader.read(node, Some(value), facts)?;
                deviations = reader.deviations;
            }
            Body::Text(text) => read_text(text, &answer.response.body, known, facts)?,
            Body::Empty | Body::Form(_) => {}
        }
        if reading == Reading::Shape {
            gather_words(facts);
        }
        for (name, text) in &self.headers {
            self.read_header(name, text, answer.response, reading, facts)?;
        }
        Ok(deviations)
    }

    fn read_header(
        &self,
        name: &str,
        text: &Text,
        response: &WireResponse,
        reading: Reading,
        facts: &mut Facts,
    ) -> Result<(), Mismatch> {
        let value = response.header(name);
        let required = matches!(reading, Reading::Answer(_)) && text.needs_values();
        if required && value.is_none_or(|value| text.read(value, &Facts::new()).is_err()) {
            return Err(pair_mismatch("header", name, text.to_string(), value, true));
        }
        read_pair("header", name, text, value, false, &Facts::new(), facts)
    }

    fn read_status(&self, status: u16, reading: Reading) -> Result<(), Mismatch> {
        let fits = match &self.statuses[..] {
            [] => reading == Reading::Shape || (200..300).contains(&status),
            some => some.contains(&status),
        };
        if fits {
            return Ok(());
        }
        let expected = if self.statuses.is_empty() {
            "a success (2xx)".to_owned()
        } else {
            self.statuses.iter().map(u16::to_string).collect::<Vec<_>>().join(" or ")
        };
        Err(Mismatch { at: "status".to_owned(), expected, found: status.to_string() })
    }
}

/// Whether each literal of an object is equal where the message has it.
fn agree_where_there(node: &Node, value: &Value) -> Result<(), Mismatch> {
    let (Node::Object(members), Value::Object(object)) = (node, value) else { return Ok(()) };
    for member in members {
        let Some(found) = object.get(&member.key) else { continue };
        let known = Facts::new();
        Reader::new(Reading::Shape, &known)
            .read(&member.value, Some(found), &mut Facts::new())
            .map_err(|mismatch| Mismatch { at: format!("/{}", member.key), ..mismatch })?;
    }
    Ok(())
}

/// The words of an error that stand in a list: all of them are told as one.
fn gather_words(facts: &mut Facts) {
    let items = std::mem::take(&mut facts.items);
    for field in [Field::ErrorMessage, Field::ErrorCode] {
        let mut words = Vec::new();
        items.iter().for_each(|item| collect_words(item, &field, &mut words));
        if !facts.has(&field) && !words.is_empty() {
            facts.set(field, Datum::text(words.join("; ")));
        }
    }
}

fn collect_words(item: &Facts, field: &Field, words: &mut Vec<String>) {
    words.extend(item.text(field).map(str::to_owned));
    item.items.iter().for_each(|inner| collect_words(inner, field, words));
}

#[cfg(test)]
mod tests {
    use super::parse_json;

    #[test]
    fn what_comes_instead_of_json_is_told_apart() {
        for (body, found) in [
            ("", "an empty body"),
            (" <!DOCTYPE html><p>hello", "an HTML page"),
            ("<?xml version='1.0'?>", "XML"),
            ("{\"locks\": [", "JSON that breaks off"),
            ("%PDF-1.7", "bytes that are no JSON"),
        ] {
            assert_eq!(parse_json(body.as_bytes()).unwrap_err().found, found, "{body}");
        }
    }
}
