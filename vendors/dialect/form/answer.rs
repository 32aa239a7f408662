//! A documented answer: which of its literals decide, how it is filled and read.

use serde_json::Value;

use super::body::{Body, Unwritten, parse_json, read_text};
use super::pair::{fill_pairs, pair_mismatch, read_pair};
use crate::vendors::dialect::Mismatch;
use crate::vendors::dialect::template::{Decisive, Hole, Node, Reader, Reading, Scope, Text, View};
use crate::vendors::vocabulary::{Datum, Facts, Field, FieldKind};
use crate::vendors::wire::WireResponse;

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
    pub(super) fn agrees_with(&self, node: &Node) -> bool {
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
