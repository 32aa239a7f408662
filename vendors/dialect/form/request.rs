//! A request: filled and signed by who asks, read and verified by who is asked.

use std::sync::Arc;

use super::body::{Body, Unwritten, announce, decode_form, parse_json, read_text};
use super::pair::{fill_pairs, holds_secret, read_form_pair, read_pair, take_credentials};
use crate::vendors::dialect::Mismatch;
use crate::vendors::dialect::signature::{Missigned, Signature};
use crate::vendors::dialect::template::{Hole, PathTemplate, Reader, Reading, Scope, Text, View};
use crate::vendors::vocabulary::{Datum, Facts, FieldKind};
use crate::vendors::wire::WireRequest;

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
    /// Other names under which parameters of query and form come.
    pub also: Vec<(String, String)>,
    /// The signatures that its holes name.
    pub signatures: Vec<Arc<Signature>>,
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

    /// How many parameters of query and form must be literals.
    pub fn literals(&self) -> usize {
        let form = match &self.body {
            Body::Form(pairs) => &pairs[..],
            Body::Empty | Body::Json(_) | Body::Text(_) => &[],
        };
        self.query.iter().chain(form).filter(|(_, text)| text.must_be_literal()).count()
    }

    /// Whether a parameter of the query means something here.
    pub fn plays_parameter(&self, name: &str) -> bool {
        self.query.iter().any(|(known, _)| self.is_named(known, name))
    }

    /// Whether a parameter comes under a name that is found.
    fn is_named(&self, name: &str, found: &str) -> bool {
        name == found || self.also.iter().any(|(known, other)| known == name && other == found)
    }

    /// The first value of a parameter, under its name or another.
    fn found<'a>(&self, pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
        pairs.iter().find(|(key, _)| self.is_named(name, key)).map(|(_, value)| value.as_str())
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
            let named = request.query.iter().filter(|(key, _)| self.is_named(name, key));
            let mut values = named.map(|(_, value)| value.as_str());
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
        let found = |pairs: &[(String, String)], name: &str| self.found(pairs, name).map(str::to_owned);
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

    /// Whether a credential is missing in headers, query or form, by the example's
    /// places. In another body, a missing one is not told apart from a wrong one
    /// and counts as missing.
    pub fn lacks_credentials(&self, request: &WireRequest) -> bool {
        let lacks = |text: &Text, value: Option<&str>| holds_secret(text) && value.is_none_or(str::is_empty);
        self.query.iter().any(|(name, text)| lacks(text, self.found(&request.query, name)))
            || self.headers.iter().any(|(name, text)| lacks(text, request.header(name)))
            || match &self.body {
                Body::Empty => false,
                Body::Form(pairs) => {
                    let form = decode_form(&request.body);
                    pairs.iter().any(|(name, text)| lacks(text, self.found(&form, name)))
                }
                Body::Json(_) | Body::Text(_) => {
                    let mut secret = false;
                    self.body.each_hole(&mut |hole| secret |= hole.field.kind() == FieldKind::Secret);
                    secret
                }
            }
    }

    /// Holds the signatures of a request that was read against what is known.
    /// What they prove joins its facts; the first that does not agree is told.
    pub fn verify(&self, known: &Facts, facts: &mut Facts) -> Option<Missigned> {
        let mut missigned = None;
        for signature in &self.signatures {
            let sent = facts.remove(&signature.field);
            let proven = sent
                .as_ref()
                .and_then(Datum::as_secret)
                .and_then(|sent| signature.verify(sent, facts, known));
            match proven {
                Some(proven) => facts.merge(&proven),
                None => {
                    let is_missing = sent.is_none();
                    missigned = missigned.or(Some(Missigned { refused: signature.refused, is_missing }));
                }
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
                    read_form_pair(name, text, self.found(&form, name), known, facts)?;
                }
                Ok(())
            }
            Body::Text(text) => read_text(text, &request.body, known, facts),
        }
    }
}
