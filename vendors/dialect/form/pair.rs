//! One named value of a message: a query parameter, a header, a form's field.

use serde_json::Value;

use super::body::Unwritten;
use crate::vendors::dialect::Mismatch;
use crate::vendors::dialect::codec::Raw;
use crate::vendors::dialect::template::{Node, Reader, Reading, Scope, Text, View};
use crate::vendors::vocabulary::{Facts, FieldKind};

pub(super) type Pairs = Vec<(String, String)>;

pub(super) fn fill_pairs(
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

/// Whether a text is a place for credentials.
pub(super) fn holds_secret(text: &Text) -> bool {
    let mut secret = false;
    text.each_hole(&mut |hole| secret |= hole.field.kind() == FieldKind::Secret);
    secret
}

/// Takes the credentials out of a value, where its place is one for credentials.
pub(super) fn take_credentials(
    text: &Text,
    value: impl FnOnce() -> Option<String>,
    known: &Facts,
    facts: &mut Facts,
) -> Option<()> {
    if !holds_secret(text) {
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

/// Reads a query parameter or header. A hole never decides; a literal, and what
/// is always sent, does where `literals` says so.
pub(super) fn read_pair(
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
    if text.is_constant() {
        let fits = value.map_or(!text.needs_values(), |value| text.read(value, known).is_ok());
        let wrong = literals && !fits;
        return if wrong { Err(pair_mismatch(place, name, text.to_string(), value, false)) } else { Ok(()) };
    }
    for (field, value) in value.and_then(|value| text.read(value, known).ok()).unwrap_or_default() {
        facts.gather(field, value);
    }
    Ok(())
}

pub(super) fn read_form_pair(
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

pub(super) fn pair_mismatch(
    place: &str,
    name: &str,
    expected: String,
    value: Option<&str>,
    hidden: bool,
) -> Mismatch {
    let found = match value {
        None => "nothing".to_owned(),
        Some(_) if hidden => "another text".to_owned(),
        Some(value) => Raw::Text(value).shown(),
    };
    Mismatch { at: format!("{place} {name}"), expected, found }
}
