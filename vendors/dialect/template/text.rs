//! Text with holes in it: a path segment, a query value, a header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Hole, Node, Reader, Reading, Scope, TemplateError, Unfilled, View};
use crate::vendors::dialect::codec::Raw;
use crate::vendors::vocabulary::{Datum, Facts, Field};

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// As written.
    Literal(String),
    /// A fact.
    Hole(Hole),
    /// Base64 of a text with holes, up to the end (HTTP Basic).
    Base64(Text),
    /// JSON with holes, as the whole text: a list or an object in a form's field.
    Json(Box<Node>),
}

/// What was read, by field.
pub type Values = Vec<(Field, Datum)>;

/// A text that does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// What was expected.
    pub expected: String,
    /// Whether the text found may hold what nobody may see.
    pub hidden: bool,
}

impl Unread {
    fn hidden(expected: impl Into<String>) -> Self {
        Self { expected: expected.into(), hidden: true }
    }
}

/// A text with holes.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Text {
    /// The pieces, in order; no two holes touch, unless the first is of a known width.
    pub pieces: Vec<Piece>,
}

impl Text {
    /// Compiles a text; `{{` and `}}` stand for braces.
    pub fn parse(text: &str) -> Result<Self, Vec<TemplateError>> {
        Self::parse_pieces(text, false)
    }

    /// Compiles a text that is only ever written, never read, so that its holes
    /// may touch.
    pub fn parse_parts(text: &str) -> Result<Self, Vec<TemplateError>> {
        Self::parse_pieces(text, true)
    }

    fn parse_pieces(text: &str, may_touch: bool) -> Result<Self, Vec<TemplateError>> {
        let (mut pieces, mut errors) = (Vec::new(), Vec::new());
        let mut literal = String::new();
        let mut rest = 0;
        while let Some(found) = text[rest..].find(['{', '}']) {
            let at = rest + found;
            literal.push_str(&text[rest..at]);
            let brace = &text[at..=at];
            if text[at + 1..].starts_with(brace) {
                literal.push_str(brace);
                rest = at + 2;
                continue;
            }
            rest = match text[at..].find('}') {
                Some(length) if brace == "{" => {
                    add_hole(
                        &text[at + 1..at + length],
                        at,
                        may_touch,
                        &mut literal,
                        &mut pieces,
                        &mut errors,
                    );
                    at + length + 1
                }
                _ => {
                    let what = if brace == "{" {
                        "a hole that is not closed"
                    } else {
                        "a brace that closes nothing"
                    };
                    errors.push(TemplateError::new(
                        at..at + 1,
                        what,
                        "a brace that is meant as such is written twice",
                    ));
                    at + 1
                }
            };
        }
        literal.push_str(&text[rest..]);
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        if errors.is_empty() { Ok(Self { pieces }) } else { Err(errors) }
    }

    /// JSON as the whole text.
    pub fn json(node: Node) -> Self {
        Self { pieces: vec![Piece::Json(Box::new(node))] }
    }

    /// A text without holes.
    pub fn literal(text: impl Into<String>) -> Self {
        Self { pieces: vec![Piece::Literal(text.into())] }
    }

    /// The text, where it has no holes.
    pub fn as_literal(&self) -> Option<&str> {
        match &self.pieces[..] {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The hole, where the text is exactly one.
    pub fn as_hole(&self) -> Option<&Hole> {
        match &self.pieces[..] {
            [Piece::Hole(hole)] => Some(hole),
            _ => None,
        }
    }

    /// The JSON, where the text is nothing else.
    pub fn as_json(&self) -> Option<&Node> {
        match &self.pieces[..] {
            [Piece::Json(node)] => Some(node),
            _ => None,
        }
    }

    /// Whether no hole holds a value: what is sent is as it is written.
    pub fn is_constant(&self) -> bool {
        let (mut any, mut constant) = (false, true);
        self.each_hole(&mut |hole| (any, constant) = (true, constant && hole.codec.is_fixed()));
        any && constant
    }

    /// Every text that may stand here, where that is all that the example leaves
    /// open.
    pub fn choices(&self) -> Option<Vec<String>> {
        match self.as_hole() {
            Some(hole) => hole.choices(),
            None => self.as_literal().map(|literal| vec![literal.to_owned()]),
        }
    }

    /// Whether a literal must stand here: the one that is written, or one of
    /// several.
    pub fn must_be_literal(&self) -> bool {
        self.choices().is_some() && (self.as_literal().is_some() || self.needs_values())
    }

    /// Every hole.
    pub fn each_hole<'a>(&'a self, visit: &mut dyn FnMut(&'a Hole)) {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(_) => {}
                Piece::Hole(hole) => visit(hole),
                Piece::Base64(inner) => inner.each_hole(visit),
                Piece::Json(node) => node.each_hole(visit),
            }
        }
    }

    /// Whether a value must be had to write it.
    pub fn needs_values(&self) -> bool {
        let mut needs = false;
        self.each_hole(&mut |hole| needs |= !hole.optional);
        needs
    }

    /// Writes it; `None` where an optional hole has no value.
    pub fn fill(&self, scope: &Scope<'_>, view: View) -> Result<Option<String>, Unfilled> {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => out.push_str(text),
                Piece::Hole(hole) => match hole.fill(scope, view)? {
                    Some(value) => value.write_text(&mut out),
                    None => return Ok(None),
                },
                Piece::Base64(inner) => match inner.fill(scope, view)? {
                    Some(text) if view == View::Shown => out.push_str(&text),
                    Some(text) => out.push_str(&STANDARD.encode(text)),
                    None => return Ok(None),
                },
                Piece::Json(node) if !node.is_required() && node.is_left_out(scope) => return Ok(None),
                Piece::Json(node) => node.fill(scope, view, &mut out)?,
            }
        }
        Ok(Some(out))
    }

    /// Reads a text.
    pub fn read(&self, text: &str, known: &Facts) -> Result<Values, Unread> {
        let mut values = Vec::new();
        let mut rest = text;
        for (at, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Literal(literal) => {
                    rest = rest
                        .strip_prefix(literal.as_str())
                        .ok_or_else(|| Unread::hidden(format!("\"{literal}\"")))?;
                }
                Piece::Hole(hole) => {
                    let end = match self.pieces.get(at + 1) {
                        Some(Piece::Hole(_)) => hole.width.filter(|end| rest.is_char_boundary(*end)),
                        Some(Piece::Literal(next)) if at + 2 == self.pieces.len() => rest
                            .len()
                            .checked_sub(next.len())
                            .filter(|end| rest.is_char_boundary(*end) && rest.ends_with(next.as_str())),
                        Some(Piece::Literal(next)) => rest.find(next.as_str()),
                        _ => Some(rest.len()),
                    };
                    let end = end.ok_or_else(|| Unread::hidden(self.to_string()))?;
                    let value = hole
                        .read(Raw::Text(&rest[..end]), known)
                        .map_err(|expected| Unread { expected, hidden: hole.mask().is_some() })?;
                    values.extend(value.map(|value| (hole.field.clone(), value)));
                    rest = &rest[end..];
                }
                Piece::Base64(inner) => {
                    let decoded = STANDARD.decode(rest).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                    let decoded = decoded.ok_or_else(|| Unread::hidden("base64 of a text"))?;
                    values.extend(inner.read(&decoded, known)?);
                    rest = "";
                }
                Piece::Json(node) => {
                    values.extend(read_json(node, rest, known)?);
                    rest = "";
                }
            }
        }
        if rest.is_empty() { Ok(values) } else { Err(Unread::hidden(self.to_string())) }
    }
}

/// The facts of JSON within a text. A list of one says of the whole what it
/// says of its element; of a longer one only what stands outside it is known.
fn read_json(node: &Node, text: &str, known: &Facts) -> Result<Values, Unread> {
    let mut hides = false;
    node.each_hole(&mut |hole| hides |= hole.mask().is_some());
    let unread = |expected: String| Unread { expected, hidden: hides };
    let value: serde_json::Value = serde_json::from_str(text).map_err(|_| unread("JSON".to_owned()))?;
    let mut facts = Facts::new();
    Reader::new(Reading::Request, known)
        .read(node, Some(&value), &mut facts)
        .map_err(|mismatch| unread(format!("JSON with {} at {}", mismatch.expected, mismatch.at)))?;
    let mut inner = match &facts.items[..] {
        [only] => only.clone(),
        _ => Facts::new(),
    };
    inner.merge(&facts);
    Ok(inner.iter().map(|(field, value)| (field.clone(), value.clone())).collect())
}

fn add_hole(
    inner: &str,
    at: usize,
    may_touch: bool,
    literal: &mut String,
    pieces: &mut Vec<Piece>,
    errors: &mut Vec<TemplateError>,
) {
    if !literal.is_empty() {
        pieces.push(Piece::Literal(std::mem::take(literal)));
    }
    match Hole::parse(inner, at + 1) {
        Ok(hole) => {
            // A signature is always equally wide.
            let touches = matches!(pieces.last(), Some(Piece::Hole(before)) if !matches!(before.field, Field::Signature(_)));
            if touches && !may_touch {
                errors.push(TemplateError::new(
                    at..at + inner.len() + 2,
                    "two holes that touch cannot be told apart",
                    "put a text between them",
                ));
            }
            pieces.push(Piece::Hole(hole));
        }
        Err(error) => errors.push(error),
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) => f.write_str(text)?,
                Piece::Hole(hole) => match hole.codec.expects() {
                    Some(constant) => f.write_str(&constant)?,
                    None => write!(f, "{{{}}}", hole.field)?,
                },
                Piece::Base64(inner) => write!(f, "base64({inner})")?,
                Piece::Json(_) => f.write_str("JSON with holes")?,
            }
        }
        Ok(())
    }
}
