//! One exchange as it is documented: what it asks with and what it may answer.

use std::sync::Arc;

use super::codec::Codec;
use super::example;
use super::form::{AnswerForm, Body, ErrorForm, RequestForm};
use super::signature::Blocks;
use super::template::{Hole, View};
use super::terms::Terms;
use crate::vendors::vocabulary::{Datum, Field, FieldKind, Meaning, Word};
use crate::vendors::wire::{WireRequest, WireResponse};

/// One exchange with the vendor, compiled.
#[derive(Debug)]
pub struct Operation {
    pub(crate) name: String,
    pub(crate) meaning: Meaning,
    pub(crate) server: String,
    pub(crate) request: RequestForm,
    pub(crate) success: AnswerForm,
    pub(crate) errors: Vec<ErrorForm>,
    /// The profile's errors, which every operation shares.
    pub(crate) common_errors: Arc<[ErrorForm]>,
    pub(crate) paging: Option<Paging>,
    /// The operations whose jobs it tells of, where others on the same route tell
    /// of other jobs; empty where it tells of all.
    pub(crate) of: Vec<String>,
    /// Whether the vendor asks the lock itself before it answers.
    pub(crate) live: bool,
    /// Whether the vendor brings to the lock what is asked for.
    pub(crate) reaches_lock: bool,
    /// What it makes of what it is asked, beyond the vendor's usual rules.
    pub(crate) terms: Terms,
    /// Parameters that the vendor documents and that are not played, each with what
    /// that means.
    pub(crate) ignores: Vec<(String, String)>,
    /// The status that says that a list is as it was, without telling it again.
    pub(crate) unchanged: Option<u16>,
}

/// How a listing is read to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// What the next request says.
    pub by: PagingBy,
    /// Items per page that are asked for (`page.size`).
    pub size: u32,
    /// Most items that the vendor lists in all, where it lists no more.
    pub cap: Option<u32>,
}

/// What tells one page from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingBy {
    /// `page.number`, counted from 1.
    Page,
    /// `page.offset`, counted from 0.
    Offset,
    /// `page.cursor`, which is the answer's `page.next`.
    Cursor,
    /// The answer's `page.next`, which is the address of the next page.
    Link,
}

impl Operation {
    /// The name in the profile.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the exchange means.
    pub fn meaning(&self) -> Meaning {
        self.meaning
    }

    /// The name of the base address that it is sent to.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// `METHOD /path` as written, with its holes.
    pub fn endpoint(&self) -> String {
        format!("{} {}", self.request.method, self.request.written)
    }

    /// How the listing is read to its end; `None` where it has one page.
    pub fn paging(&self) -> Option<&Paging> {
        self.paging.as_ref()
    }

    /// Whether the vendor asks the lock itself before it answers, so that a lock
    /// that cannot be reached is refused as offline.
    pub fn is_live(&self) -> bool {
        self.live
    }

    /// Whether the vendor brings to the lock what is asked for; else it notes it as
    /// done, for whoever calls has another way to the lock.
    pub fn reaches_lock(&self) -> bool {
        self.reaches_lock
    }

    /// The first signature of the request that too many wrong ones block.
    pub fn blocks(&self) -> Option<(&Field, Blocks)> {
        let signatures = &self.request.signatures;
        signatures.iter().find_map(|signature| Some((&signature.field, signature.blocks?)))
    }

    /// What it makes of what it is asked, beyond the vendor's usual rules.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// Parameters that the vendor documents and that are not played, each with what
    /// that means.
    pub fn ignores(&self) -> &[(String, String)] {
        &self.ignores
    }

    /// What of a request is not played: the parameters of its query, documented or
    /// not, and the parts of its body that are documented.
    pub fn unplayed(&self, request: &WireRequest) -> Vec<String> {
        let names = request.query.iter().map(|(name, _)| name);
        let mut found: Vec<String> =
            names.filter(|name| !self.request.plays_parameter(name)).cloned().collect();
        if !self.ignores.is_empty() && !request.body.is_empty() {
            let in_body = self.request.body.names_in(&request.body);
            found.extend(
                in_body.into_iter().filter(|name| self.ignores.iter().any(|(known, _)| known == name)),
            );
        }
        found
    }

    /// Whether the documented success has the field in a list within a list.
    pub fn nests(&self, field: &Field) -> bool {
        match &self.success.body {
            Body::Json(node) => node.nests(field, 0),
            Body::Form(_) | Body::Text(_) | Body::Empty => false,
        }
    }

    /// Whether the request sends the session's token or a secret (`{auth.token}`, `{secret.…}`).
    pub fn is_authenticated(&self) -> bool {
        let mut any = false;
        self.request.each_hole(&mut |_, hole| any |= hole.field.kind() == FieldKind::Secret);
        any |= self.request.signatures.iter().any(|signature| signature.hash.key().is_some());
        any
    }

    /// Whether a request means this one or the other by the job that it names,
    /// and by nothing else.
    pub fn is_alternative_to(&self, other: &Operation) -> bool {
        !self.of.is_empty()
            && !other.of.is_empty()
            && self.server == other.server
            && self.request.method == other.request.method
            && self.request.path == other.request.path
    }

    /// Whether a request carries the field.
    pub fn asks_with(&self, field: &Field) -> bool {
        let mut any = false;
        self.request.each_hole(&mut |_, hole| any |= hole.field == *field);
        any
    }

    /// Whether the documented success carries the field.
    pub fn answers_with(&self, field: &Field) -> bool {
        let mut any = false;
        self.success.each_hole(&mut |hole| any |= hole.field == *field);
        any
    }

    /// Whether the list is told anew only where it has changed.
    pub fn is_versioned(&self) -> bool {
        self.asks_with(&Field::ListVersion) && self.answers_with(&Field::ListVersion)
    }

    /// Whether the request has times in the zone of a lock, which who serves it
    /// must know before it can read them.
    pub fn reads_by_zone(&self) -> bool {
        let mut any = false;
        self.request.each_hole(&mut |_, hole| any |= hole.codec == Codec::LockLocal);
        any
    }

    /// The holes of the request, with `path`, `query`, `headers`, `body` or,
    /// for the parts of a signature, `signature`.
    pub(crate) fn request_holes(&self) -> Vec<(&'static str, &Hole)> {
        let mut holes = Vec::new();
        self.request.each_hole(&mut |place, hole| holes.push((place, hole)));
        holes
    }

    /// The holes of the documented success.
    pub(crate) fn answer_holes(&self) -> Vec<&Hole> {
        let mut holes = Vec::new();
        self.success.each_hole(&mut |hole| holes.push(hole));
        holes
    }

    /// Fields that a secret or token takes in the address (path or query).
    pub fn secrets_in_address(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        for (place, hole) in self.request_holes() {
            // A signature is made from a credential and does not tell it.
            let secret = hole.field.kind() == FieldKind::Secret && !matches!(hole.field, Field::Signature(_));
            if secret && matches!(place, "path" | "query") && !fields.contains(&hole.field) {
                fields.push(hole.field.clone());
            }
        }
        fields
    }

    /// Whether the documented success can say exactly this word in a field.
    pub fn can_answer_with(&self, field: &Field, word: Word) -> bool {
        let said = Datum::Word(word);
        self.answer_holes().into_iter().any(|hole| {
            hole.field == *field && hole.codec.encode(&said).is_ok() && hole.codec.canon(&said) == said
        })
    }

    /// Whether the documented success can say that a battery has this charge, in
    /// percent, or less.
    pub fn can_answer_with_charge(&self, most: u8) -> bool {
        let empty = Datum::Percent(0);
        self.answer_holes().into_iter().any(|hole| match hole.field {
            Field::LockBatteryLow => true,
            Field::LockBattery => hole.codec.canon(&empty).as_percent().is_some_and(|told| told <= most),
            _ => false,
        })
    }

    /// A request example for documents, filled with sample values, secrets masked.
    pub fn request_example(&self) -> WireRequest {
        let facts = example::request_facts(self);
        self.request.fill(&facts, View::Shown).unwrap_or_default()
    }

    /// An answer example for documents.
    pub fn answer_example(&self) -> WireResponse {
        let facts = example::answer_facts(self);
        self.success.fill(&facts, 200, View::Shown).unwrap_or_default()
    }

    /// Whether the profile shows what a success looks like: a body, a header, or
    /// as its first an explicit status that goes without content (204 and 205,
    /// RFC 9110).
    pub fn documents_answer(&self) -> bool {
        let form = &self.success;
        let without_content = |status: &u16| matches!(status, 204 | 205);
        !matches!(form.body, Body::Empty)
            || !form.headers.is_empty()
            || form.statuses.first().is_some_and(without_content)
    }
}
