//! `[signatures.…]`: digests over several parts, and their place in requests.

use std::sync::Arc;
use std::time::Duration;

use super::document::{Located, Section};
use super::limits_section::positive;
use super::problem::nearest;
use super::sources;
use crate::vendors::dialect::form::{Body, RequestForm};
use crate::vendors::dialect::signature::{Blocks, Hash, Signature, Spelling};
use crate::vendors::dialect::template::{Piece, Text};
use crate::vendors::vocabulary::{FailureKind, Field};

/// A sender's clock may be off by this, where the profile says nothing.
const USUAL_TOLERANCE: Duration = Duration::from_secs(30);

/// The words for what the parts are put through.
#[derive(Clone, Copy)]
enum Way {
    Md5,
    Sha256,
    HmacSha256,
    Secretbox,
}

const HASHES: &[(&str, Way)] = &[
    ("md5", Way::Md5),
    ("sha256", Way::Sha256),
    ("hmac_sha256", Way::HmacSha256),
    ("secretbox", Way::Secretbox),
];

/// The signatures of a profile.
pub(super) fn read(root: &Section<'_, '_>, secrets: &[(String, String)]) -> Vec<Arc<Signature>> {
    let Some(section) = root.section("signatures") else { return Vec::new() };
    let mut signatures = Vec::new();
    for (name, value) in section.entries() {
        let Some(field) = Field::parse(&format!("signature.{}", name.value)) else {
            root.doc.problem(name.span, format!("`{}` is no name", name.value), "letters, digits and `_`");
            continue;
        };
        let Some(entry) = section.section_of(value, format!("signature `{}`", name.value)) else { continue };
        sources::cite(&entry, &entry.title, &[]);
        signatures.extend(read_one(entry, field, secrets).map(Arc::new));
    }
    signatures
}

fn read_one(section: Section<'_, '_>, field: Field, secrets: &[(String, String)]) -> Option<Signature> {
    let hash = section
        .required_text("hash", "write `md5`, `sha256`, `hmac_sha256` or `secretbox`")
        .and_then(|text| section.choose(&text, HASHES))
        .and_then(|word| match word {
            Way::Md5 => Some(Hash::Md5),
            Way::Sha256 => Some(Hash::Sha256),
            Way::HmacSha256 => read_key(&section, secrets).map(Hash::HmacSha256),
            Way::Secretbox => read_key(&section, secrets).map(Hash::Secretbox),
        });
    let sealed = matches!(hash, Some(Hash::Secretbox(_)));
    let text = section
        .required_text("text", "write what is signed: `text = \"{now | epoch_s}{secret.key}\"`")
        .and_then(|text| read_parts(&section, &text, sealed));
    section.value("key");
    let spelling = section.choice("spelling", &[("hex", Spelling::Hex), ("base64", Spelling::Base64)]);
    if let Some(keep) = section.value("keep").filter(|_| sealed) {
        let help = "leave `keep` out: what is sealed is opened as a whole";
        section.doc.problem(keep.span(), "a part of what is sealed, which nobody can open", help);
    }
    let keep = section.number("keep", 1..=128).and_then(|keep| usize::try_from(keep).ok());
    let tolerance = section.duration("tolerance").map_or(USUAL_TOLERANCE, |span| span.value);
    let kinds: Vec<(&'static str, FailureKind)> =
        FailureKind::ALL.iter().map(|kind| (kind.as_str(), *kind)).collect();
    let refused = section.choice("refused_as", &kinds).unwrap_or(FailureKind::Credentials);
    let blocks = section.section("blocks").and_then(|blocks| read_blocks(blocks, &kinds));
    section.finish();
    let spelling = spelling.unwrap_or(Spelling::Hex);
    Some(Signature { field, text: text?, hash: hash?, spelling, keep, tolerance, refused, blocks })
}

/// After how many wrong ones, for how long and how every one is refused; all
/// three are needed, for none of them can be guessed.
fn read_blocks(section: Section<'_, '_>, kinds: &[(&'static str, FailureKind)]) -> Option<Blocks> {
    const HELP: &str = "write `blocks = { after = 8, for = \"10 min\", refused_as = \"forbidden\" }`";
    let (after, lasts) = (section.number("after", 1..=1_000), positive(&section, "for"));
    let refused = section.choice("refused_as", kinds);
    for key in ["after", "for", "refused_as"] {
        if !section.has(key) {
            section.missing(key, HELP);
        }
    }
    section.finish();
    Some(Blocks { after: after?, lasts: lasts?, refused: refused? })
}

fn read_parts(section: &Section<'_, '_>, text: &Located<&str>, sealed: bool) -> Option<Text> {
    let parse = if sealed { Text::parse } else { Text::parse_parts };
    let parts = match parse(text.value) {
        Ok(parts) => parts,
        Err(errors) => {
            errors.into_iter().for_each(|error| section.doc.template_problem(text, error));
            return None;
        }
    };
    let mut wrong = None;
    parts.each_hole(&mut |hole| {
        // The receiver cannot know which session's token it is before it has verified it.
        let unknowable = matches!(hole.field, Field::Signature(_) | Field::AuthToken | Field::AuthRefresh);
        if unknowable || hole.optional {
            wrong = wrong.take().or(Some(hole.field.clone()));
        }
    });
    let mut unread = None;
    parts.each_hole(&mut |hole| {
        if sealed && hole.is_one_way() {
            unread = unread.take().or(Some(hole.field.clone()));
        }
    });
    if let Some(field) = unread {
        let what = format!("a digest of `{{{field}}}` cannot be read when the seal is opened");
        section.doc.problem(text.span.clone(), what, "seal the value itself");
        return None;
    }
    if let Some(field) = wrong {
        let what = format!("`{{{field}}}` cannot be part of a signature");
        let help = "parts are secrets, settings, `now` and what the same request says, none of them optional";
        section.doc.problem(text.span.clone(), what, help);
        return None;
    }
    Some(parts)
}

fn read_key(section: &Section<'_, '_>, secrets: &[(String, String)]) -> Option<Field> {
    let name = section.required_text("key", "name the secret that signs")?;
    if secrets.iter().any(|(known, _)| known == name.value) {
        return Some(Field::Secret(name.value.into()));
    }
    let help = match nearest(name.value, secrets.iter().map(|(known, _)| known.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write `{} = \"what it is\"` under `[secrets]`", name.value),
    };
    section.doc.problem(name.span, format!("unknown secret `{}`", name.value), help);
    None
}

/// Gives a request the signatures that its holes name.
pub(super) fn attach(section: &Section<'_, '_>, request: &mut RequestForm, signatures: &[Arc<Signature>]) {
    let mut named: Vec<Field> = Vec::new();
    request.each_hole(&mut |_, hole| {
        if matches!(hole.field, Field::Signature(_)) && !named.contains(&hole.field) {
            named.push(hole.field.clone());
        }
    });
    for field in named {
        match signatures.iter().find(|signature| signature.field == field) {
            Some(signature) => {
                bound(request, signature);
                check_seal(section, request, signature);
                request.signatures.push(Arc::clone(signature));
            }
            None => {
                let name = field.to_string();
                let name = name.trim_start_matches("signature.");
                let help = format!("write `[signatures.{name}]` with `text` and `hash`");
                section.doc.problem(section.span.clone(), format!("`{{{field}}}` is not declared"), help);
            }
        }
    }
}

/// What is sealed can be opened only by the nonce that stands beside it, and only
/// where its end is known.
fn check_seal(section: &Section<'_, '_>, request: &RequestForm, signature: &Signature) {
    if !matches!(signature.hash, Hash::Secretbox(_)) {
        return;
    }
    let mut has_nonce = false;
    request.each_hole(&mut |place, hole| has_nonce |= place != "signature" && hole.field == Field::Nonce);
    let field = &signature.field;
    if !has_nonce {
        let help = "write `{nonce}` into the query, a header or the body of the same request";
        let what = format!("`{{{field}}}` is sealed with a nonce that the request does not carry");
        section.doc.problem(section.span.clone(), what, help);
    }
    let form = match &request.body {
        Body::Form(pairs) => pairs.as_slice(),
        _ => &[],
    };
    let texts = request.query.iter().chain(&request.headers).chain(form).map(|(_, text)| text);
    let touched = texts
        .flat_map(|text| text.pieces.windows(2))
        .any(|pair| matches!(pair, [Piece::Hole(seal), Piece::Hole(_)] if seal.field == *field));
    if touched {
        let what = format!("a hole follows `{{{field}}}` at once, whose end nobody knows");
        section.doc.problem(section.span.clone(), what, "put a text between them");
    }
}

/// Tells the holes of a signature how wide they are, so that another hole may
/// follow at once.
fn bound(request: &mut RequestForm, signature: &Signature) {
    let form = match &mut request.body {
        Body::Form(pairs) => pairs.as_mut_slice(),
        _ => &mut [],
    };
    for (_, text) in request.query.iter_mut().chain(&mut request.headers).chain(form) {
        for piece in &mut text.pieces {
            if let Piece::Hole(hole) = piece
                && hole.field == signature.field
            {
                hole.width = signature.width();
            }
        }
    }
}
