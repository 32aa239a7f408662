//! The path of a request: segments with holes, percent-encoded on the wire.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{Scope, TemplateError, Text, Unfilled, View};
use crate::vendors::vocabulary::{Datum, Facts, Field};

/// Everything but what a path segment may hold as it is.
const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'@');

/// A path with holes.
#[derive(Clone, Debug, PartialEq)]
pub struct PathTemplate {
    /// The segments between the slashes.
    pub segments: Vec<Text>,
}

impl PathTemplate {
    /// Compiles a path that begins with `/`.
    pub fn parse(path: &str) -> Result<Self, Vec<TemplateError>> {
        let (mut segments, mut errors) = (Vec::new(), Vec::new());
        let mut offset = 1;
        for segment in split_segments(path.strip_prefix('/').unwrap_or(path)) {
            match Text::parse(segment) {
                Ok(text) => segments.push(text),
                Err(found) => errors.extend(found.into_iter().map(|mut error| {
                    error.at = error.at.start + offset..error.at.end + offset;
                    error
                })),
            }
            offset += segment.len() + 1;
        }
        if errors.is_empty() { Ok(Self { segments }) } else { Err(errors) }
    }

    /// Writes the path.
    pub fn fill(&self, scope: &Scope<'_>, view: View) -> Result<String, Unfilled> {
        let mut out = String::with_capacity(64);
        for segment in &self.segments {
            out.push('/');
            if let Some(literal) = segment.as_literal() {
                out.push_str(literal);
                continue;
            }
            let missing = || {
                first_field(segment)
                    .map(|field| Unfilled { field, why: Some("an empty path segment names nothing".into()) })
            };
            let text = segment.fill(scope, view)?.unwrap_or_default();
            if (text.is_empty() || text == "." || text == "..")
                && let Some(why) = missing()
            {
                return Err(why);
            }
            match view {
                View::Exposed => out.extend(utf8_percent_encode(&text, SEGMENT)),
                View::Shown => out.push_str(&text),
            }
        }
        Ok(out)
    }

    /// Reads a path that has as many segments; `None` when it does not fit.
    pub fn read(&self, segments: &[&str], known: &Facts, facts: &mut Facts) -> Option<()> {
        if segments.len() != self.segments.len() {
            return None;
        }
        let mut values: Vec<(Field, Datum)> = Vec::new();
        for (template, segment) in self.segments.iter().zip(segments) {
            if let Some(literal) = template.as_literal() {
                if literal != *segment {
                    return None;
                }
                continue;
            }
            let decoded = percent_decode_str(segment).decode_utf8().ok()?;
            if decoded.is_empty() {
                return None;
            }
            values.extend(template.read(&decoded, known).ok()?);
        }
        for (field, value) in values {
            facts.set(field, value);
        }
        Some(())
    }
}

fn first_field(segment: &Text) -> Option<Field> {
    let mut field = None;
    segment.each_hole(&mut |hole| field = field.take().or(Some(hole.field.clone())));
    field
}

/// Splits at slashes outside holes: a zone in a codec has one of its own.
fn split_segments(path: &str) -> Vec<&str> {
    let (mut segments, mut start, mut inside) = (Vec::new(), 0, false);
    for (at, byte) in path.bytes().enumerate() {
        match byte {
            b'{' => inside = true,
            b'}' => inside = false,
            b'/' if !inside => {
                segments.push(&path[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    segments.push(&path[start..]);
    segments
}
