//! One hole: `{field}`, `{field?}`, `{field | codec(arguments) | codec}`.

use std::ops::Range;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::hole_words::{fitting, kind_phrase, unknown_field};
use super::{Scope, TemplateError, Unfilled, View};
use crate::vendors::dialect::codec::{
    Codec, Literal, Raw, Scalar, TextCodec, parse_absent, parse_codec, parse_step,
};
use crate::vendors::vocabulary::{Datum, Facts, Field, FieldKind, Pin, Secret};

/// A place in a message where a fact stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Hole {
    /// The fact.
    pub field: Field,
    /// Whether the message may go without it.
    pub optional: bool,
    /// How it is spelled.
    pub codec: Codec,
    /// What is done with the spelling.
    pub steps: Vec<TextCodec>,
    /// What is written in place of a value that is not there; it reads as none.
    pub absent: Option<Absent>,
    /// Whether a number may come as text and a text as a number.
    pub loose: bool,
    /// Whether of several places that tell yes or no one yes is enough.
    pub either: bool,
    /// Whether words that have no spelling here are left out.
    pub partial: bool,
    /// How many characters it has, where another hole may follow at once.
    pub width: Option<usize>,
}

/// What stands on the wire for no value; `None` is `null`.
pub type Absent = Option<Literal>;

impl Hole {
    /// A hole with its field's usual codec.
    pub fn plain(field: Field) -> Self {
        let codec = Codec::default_of(field.kind());
        Self {
            field,
            optional: false,
            codec,
            steps: Vec::new(),
            absent: None,
            loose: false,
            either: false,
            partial: false,
            width: None,
        }
    }

    /// Reads what stands between the braces; `offset` is its place in the template.
    pub fn parse(inner: &str, offset: usize) -> Result<Self, TemplateError> {
        let all = offset..offset + inner.len();
        let mut parts = split_pipes(inner, offset);
        let (mut name, name_at) = parts.remove(0);
        let mut optional = take_mark(&mut name);
        if let Some((last, _)) = parts.last_mut() {
            optional |= take_mark(last);
        }
        let name_at = name_at.start..name_at.start + name.len();
        let field = Field::parse(name).ok_or_else(|| unknown_field(name, name_at.clone(), &all))?;
        let mut hole = Self { optional, ..Self::plain(field) };
        for (position, (text, at)) in parts.into_iter().enumerate() {
            hole.add_codec(position, text, at)?;
        }
        // What is never sent may always be missing.
        hole.optional |= matches!(hole.codec, Codec::Takes(_));
        if hole.partial && !(hole.optional && matches!(hole.codec, Codec::Enum(_))) {
            return Err(TemplateError::new(
                all,
                "`partial` leaves words out of an optional `enum`",
                "write `{field? | enum(word=spelling) | partial}`",
            ));
        }
        if hole.codec.is_fixed() && (hole.absent.is_some() || !hole.steps.is_empty()) {
            return Err(TemplateError::new(
                all,
                "what is always sent is sent as it is written",
                "leave out what follows it, but for `loose`",
            ));
        }
        if hole.field.kind() == FieldKind::Secret && hole.codec != Codec::Text {
            return Err(TemplateError::new(
                all,
                "a secret is sent as text",
                "leave the codec out, or use a digest",
            ));
        }
        Ok(hole)
    }

    fn add_codec(&mut self, position: usize, text: &str, at: Range<usize>) -> Result<(), TemplateError> {
        let at = at.start..at.start + text.len();
        let (name, args) = split_args(text).ok_or_else(|| {
            TemplateError::new(
                at.clone(),
                format!("`{text}` is no codec"),
                "write `codec` or `codec(arguments)`",
            )
        })?;
        let located = |error: crate::vendors::dialect::codec::CodecError| TemplateError {
            at: at.clone(),
            what: error.what,
            help: error.help,
        };
        match (name, args) {
            ("absent", args) => {
                self.absent = Some(parse_absent(args).map_err(located)?);
                self.optional = true;
                return Ok(());
            }
            ("loose", None) => {
                self.loose = true;
                return Ok(());
            }
            ("either", None) if self.field.kind() == FieldKind::Bool => {
                self.either = true;
                return Ok(());
            }
            ("either", None) => {
                let what = format!("`either` does not fit `{}`", self.field);
                return Err(TemplateError::new(at, what, "it is for yes or no that several places tell"));
            }
            ("partial", None) => {
                self.partial = true;
                return Ok(());
            }
            _ => {}
        }
        if let Some(step) = parse_step(name, args) {
            self.steps.push(step.map_err(located)?);
            return Ok(());
        }
        let codec = parse_codec(name, args).map_err(located)?;
        if position > 0 {
            return Err(TemplateError::new(
                at,
                format!("`{name}` must come first"),
                "only text codecs may follow another codec",
            ));
        }
        let kind = self.field.kind();
        if !codec.fits(kind) {
            return Err(TemplateError::new(
                at,
                format!("`{name}` does not fit `{}`, which is {}", self.field, kind_phrase(kind)),
                format!("use {}", fitting(kind)),
            ));
        }
        self.codec = codec;
        Ok(())
    }

    /// Whether it cannot be written without a value.
    pub fn needs_value(&self) -> bool {
        !self.optional && self.codec.constant().is_none()
    }

    /// Whether nothing may stand here but `null`, which says that there is nothing.
    pub fn takes_none(&self) -> bool {
        matches!(&self.codec, Codec::Takes(literals) if *literals == [Literal::Text("null".to_owned())])
    }

    /// Every spelling that may stand here, where they are counted.
    pub fn choices(&self) -> Option<Vec<String>> {
        let (Codec::OneOf(literals) | Codec::Takes(literals)) = &self.codec else { return None };
        Some(literals.iter().map(|literal| literal.to_scalar().into_text()).collect())
    }

    /// Whether the value is computed and verified, never read.
    pub fn is_one_way(&self) -> bool {
        self.steps.iter().any(TextCodec::is_one_way)
    }

    /// Whether nobody may see the value, or what to show instead.
    pub fn mask(&self) -> Option<&'static str> {
        match self.field.kind() {
            FieldKind::Secret | FieldKind::Invitation => Some(Secret::MASK),
            FieldKind::Pin => Some(Pin::MASK),
            _ => None,
        }
    }

    /// The value as it goes onto the wire; `None` where an optional hole has none.
    pub fn fill<'a>(&self, scope: &Scope<'a>, view: View) -> Result<Option<Scalar<'a>>, Unfilled> {
        if let Some(constant) = self.codec.constant() {
            return Ok(Some(constant));
        }
        if self.field == Field::Any {
            return Ok((!self.optional).then_some(Scalar::Text("any".into())));
        }
        let Some(value) = self.value_in(scope) else {
            return match &self.absent {
                Some(None) => Ok(Some(Scalar::Null)),
                Some(Some(literal)) => Ok(Some(literal.to_scalar())),
                None if self.optional => Ok(None),
                None => Err(Unfilled { field: self.field.clone(), why: None }),
            };
        };
        let filled =
            self.spell(value, scope).map_err(|why| Unfilled { field: self.field.clone(), why: Some(why) })?;
        Ok(Some(match (view, self.mask()) {
            (View::Shown, Some(mask)) => Scalar::Text(mask.into()),
            _ => filled,
        }))
    }

    fn spell<'a>(&self, value: &'a Datum, scope: &Scope<'_>) -> Result<Scalar<'a>, String> {
        let scalar = match &self.codec {
            Codec::LockLocal => in_zone(scope.get(&Field::LockZone))?.encode(value)?,
            codec => codec.encode(value)?,
        };
        if self.steps.is_empty() {
            return if self.absent_literal().is_some_and(|literal| literal.to_scalar() == scalar) {
                Err("it would mean that there is none".to_owned())
            } else {
                Ok(scalar)
            };
        }
        let key = |field: &Field| scope.get(field)?.as_secret().map(|secret| secret.expose().to_owned());
        let mut text = scalar.into_text();
        for step in &self.steps {
            text = step.encode(&text, key)?;
        }
        Ok(Scalar::Text(text.into()))
    }

    /// Whether the field goes without a value here, so that nothing is written.
    pub fn lacks(&self, scope: &Scope<'_>) -> bool {
        let written = self.absent.is_some() || self.codec.constant().is_some();
        self.optional && !written && self.value_in(scope).is_none()
    }

    /// The value to be told; none where the message may go without it and the
    /// vendor has no word for it.
    fn value_in<'a>(&self, scope: &Scope<'a>) -> Option<&'a Datum> {
        let has_word = |value: &Datum| {
            self.codec.has_word_for(value) && (!self.partial || self.codec.encode(value).is_ok())
        };
        scope.get(&self.field).filter(|value| !self.optional || has_word(value))
    }

    fn absent_literal(&self) -> Option<&Literal> {
        self.absent.as_ref().and_then(Option::as_ref)
    }

    /// Reads a value; `Ok(None)` for a digest of something unknown, and for what
    /// stands for no value. The error says what was expected.
    pub fn read(&self, raw: Raw<'_>, known: &Facts) -> Result<Option<Datum>, String> {
        let read = self.read_as(raw, known);
        let drifted = match raw {
            Raw::Json(Value::String(text)) => text.clone(),
            Raw::Json(value @ (Value::Number(_) | Value::Bool(_))) => value.to_string(),
            _ => return read,
        };
        if self.loose && read.is_err() { self.read_as(Raw::Text(&drifted), known).or(read) } else { read }
    }

    fn read_as(&self, raw: Raw<'_>, known: &Facts) -> Result<Option<Datum>, String> {
        if self.absent_literal().is_some_and(|literal| literal.is(raw)) {
            return Ok(None);
        }
        if self.codec == Codec::LockLocal && self.steps.is_empty() {
            let zone = known.get(&Field::LockZone);
            // The side that serves learns the lock from the request, and its zone after that.
            if zone.and_then(Datum::as_text) == Some("") {
                return Ok(None);
            }
            return in_zone(zone)?.decode(raw, self.field.kind()).map(Some);
        }
        if self.is_one_way() {
            return self.verify(raw, known);
        }
        if self.codec.is_fixed() {
            return self.codec.decode(raw, self.field.kind()).map(|_| None);
        }
        // A PIN has a key at least, so an empty text is none.
        if self.optional && self.field.kind() == FieldKind::Pin && raw.text() == Some("") {
            return Ok(None);
        }
        if self.steps.is_empty() {
            return self.codec.decode(raw, self.field.kind()).map(Some);
        }
        let mut text = raw.text().ok_or("a text")?.to_owned();
        for step in self.steps.iter().rev() {
            text = step.decode(&text)?;
        }
        self.codec.decode(Raw::Text(&text), self.field.kind()).map(Some)
    }

    fn verify(&self, raw: Raw<'_>, known: &Facts) -> Result<Option<Datum>, String> {
        let found = raw.text().ok_or("a digest")?;
        let Some(value) = known.get(&self.field) else { return Ok(None) };
        let computed = self.spell(value, &Scope::request(known)).map(Scalar::into_text);
        if computed.is_ok_and(|computed| computed.eq_ignore_ascii_case(found)) {
            return Ok(Some(value.clone()));
        }
        Err("the digest of what is known".to_owned())
    }

    /// What a message without it lacks, for people.
    pub fn expected(&self) -> String {
        self.codec.expects().unwrap_or_else(|| format!("`{{{}}}`", self.field))
    }

    /// The field as people see it in a message: what it holds, without secrets.
    pub fn shown(&self, raw: Raw<'_>) -> String {
        if self.mask().is_some() { raw.type_name().to_owned() } else { raw.shown() }
    }
}

/// The codec of local times in a lock's zone.
fn in_zone(zone: Option<&Datum>) -> Result<Codec, String> {
    let zone = zone.and_then(Datum::as_text).ok_or("a local time in the lock's zone, which nothing tells")?;
    let zone =
        TimeZone::get(zone).map_err(|_| format!("a local time in the zone `{zone}`, which is none"))?;
    Ok(Codec::Local(zone))
}

fn take_mark(text: &mut &str) -> bool {
    match text.strip_suffix('?') {
        Some(rest) => {
            *text = rest.trim_end();
            true
        }
        None => false,
    }
}

/// Splits at `|` outside brackets, trimmed, each part with its place.
fn split_pipes(inner: &str, offset: usize) -> Vec<(&str, Range<usize>)> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0_usize);
    let mut push = |from: usize, to: usize| {
        let part = &inner[from..to];
        let lead = part.len() - part.trim_start().len();
        let trimmed = part.trim();
        parts.push((trimmed, offset + from + lead..offset + from + lead + trimmed.len()));
    };
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => {
                push(start, at);
                start = at + 1;
            }
            _ => {}
        }
    }
    push(start, inner.len());
    parts
}

fn split_args(text: &str) -> Option<(&str, Option<&str>)> {
    let Some((name, rest)) = text.split_once('(') else {
        let plain = !text.is_empty() && !text.contains([')', ' ']);
        return plain.then_some((text, None));
    };
    rest.strip_suffix(')').map(|args| (name.trim(), Some(args)))
}
