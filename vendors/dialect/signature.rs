//! Signatures: a digest over several parts, made by the sender and made again
//! by the receiver to see whether it is the same.
//!
//! A signature stands in a message as `{signature.name}`. Its parts are a text
//! with holes of its own, so that a clock, a secret and other facts of the same
//! request can stand in it. One that is sealed is opened by the receiver instead,
//! who then reads what it says.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;

use super::secretbox;
use super::template::{Scope, Text, Unfilled, View};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field, FieldKind, Instant, Secret};

/// What the parts are put through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    /// MD5.
    Md5,
    /// SHA-256.
    Sha256,
    /// HMAC-SHA-256 under a secret.
    HmacSha256(Field),
    /// Sealed under a secret, so that the receiver can read it.
    Secretbox(Field),
}

impl Hash {
    /// The secret without which nobody can make it, where there is one.
    pub fn key(&self) -> Option<&Field> {
        match self {
            Self::Md5 | Self::Sha256 => None,
            Self::HmacSha256(key) | Self::Secretbox(key) => Some(key),
        }
    }
}

/// How the digest is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// Small hexadecimal digits.
    Hex,
    /// Base64 with padding.
    Base64,
}

/// A signature, compiled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Signature {
    /// The field under which it stands in a message.
    pub field: Field,
    /// The parts.
    pub text: Text,
    pub hash: Hash,
    pub spelling: Spelling,
    /// Characters that are kept, from the first; all unless given.
    pub keep: Option<usize>,
    /// How far the sender's clock may be from the receiver's.
    pub tolerance: Duration,
    /// What the receiver calls a wrong one.
    pub refused: FailureKind,
    /// What becomes of right ones after too many that were wrong.
    pub blocks: Option<Blocks>,
}

/// What becomes of every signature after too many wrong ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocks {
    /// So many wrong ones in a row are too many.
    pub after: u32,
    /// How long every one is refused then.
    pub lasts: Duration,
    /// What that is called.
    pub refused: FailureKind,
}

/// A signature that does not agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missigned {
    /// What the receiver calls it.
    pub refused: FailureKind,
    /// Whether none came at all.
    pub is_missing: bool,
}

impl Signature {
    /// How many characters it has on the wire; `None` where that depends on what
    /// is sealed.
    pub fn width(&self) -> Option<usize> {
        let bytes: usize = match self.hash {
            Hash::Md5 => 16,
            Hash::Sha256 | Hash::HmacSha256(_) => 32,
            Hash::Secretbox(_) => return None,
        };
        let whole = match self.spelling {
            Spelling::Hex => bytes * 2,
            Spelling::Base64 => bytes.div_ceil(3) * 4,
        };
        Some(self.keep.unwrap_or(whole).min(whole))
    }

    /// Whether one of its parts is the present.
    fn has_time(&self) -> bool {
        let mut any = false;
        self.text.each_hole(&mut |hole| any |= hole.field == Field::Now);
        any
    }

    /// Makes it from what is known.
    pub fn make(&self, facts: &Facts) -> Result<Secret, Unfilled> {
        let scope = Scope::request(facts);
        let missing = |field: &Field| Unfilled { field: field.clone(), why: None };
        let text = self.text.fill(&scope, View::Exposed)?.ok_or_else(|| missing(&self.field))?;
        let digest = match &self.hash {
            Hash::Md5 => Md5::digest(text.as_bytes()).to_vec(),
            Hash::Sha256 => Sha256::digest(text.as_bytes()).to_vec(),
            Hash::HmacSha256(key) => {
                let secret = facts.secret(key).ok_or_else(|| missing(key))?;
                let mac = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes());
                let mut mac =
                    mac.map_err(|why| Unfilled { field: key.clone(), why: Some(why.to_string()) })?;
                mac.update(text.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            Hash::Secretbox(key) => {
                let secret = facts.secret(key).ok_or_else(|| missing(key))?;
                let nonce = facts.text(&Field::Nonce).ok_or_else(|| missing(&Field::Nonce))?;
                secretbox::seal(secret, nonce, &text)
                    .map_err(|why| Unfilled { field: Field::Nonce, why: Some(why) })?
            }
        };
        let mut spelled = match self.spelling {
            Spelling::Hex => hex::encode(digest),
            Spelling::Base64 => STANDARD.encode(digest),
        };
        spelled.truncate(self.width().unwrap_or(spelled.len()));
        Ok(Secret::new(spelled))
    }

    /// Makes it again from what the request says and what the receiver knows.
    /// Where it is the same, the facts that only it proves (secrets, and the
    /// sender's time where the request does not tell it) join the request's.
    pub fn verify(&self, sent: &Secret, said: &Facts, known: &Facts) -> Option<Facts> {
        if let Hash::Secretbox(key) = &self.hash {
            return self.opened(key, sent, said, known);
        }
        let mut all = known.clone();
        all.merge(said);
        let here = known.instant(&Field::Now);
        let times = match (self.has_time(), said.instant(&Field::Now)) {
            (false, _) => vec![None],
            (true, Some(told)) => {
                let near = here.is_none_or(|here| apart(here, told) <= self.tolerance);
                if near { vec![Some(told)] } else { Vec::new() }
            }
            (true, None) => here.map(|here| around(here, self.tolerance)).unwrap_or_default(),
        };
        times.into_iter().find_map(|time| {
            all.set_some(Field::Now, time.map(Datum::Instant));
            let same = self.make(&all).ok().is_some_and(|made| self.is_same(&made, sent));
            same.then(|| self.proven(&all, time))
        })
    }

    /// Opens what was sealed. What it says joins the request's facts, where it
    /// does not gainsay them and is said in time.
    fn opened(&self, key: &Field, sent: &Secret, said: &Facts, known: &Facts) -> Option<Facts> {
        let sealed = match self.spelling {
            Spelling::Hex => hex::decode(sent.expose()).ok()?,
            Spelling::Base64 => STANDARD.decode(sent.expose()).ok()?,
        };
        let opened = secretbox::open(known.secret(key)?, said.text(&Field::Nonce)?, &sealed)?;
        let mut told = Facts::new();
        for (field, value) in self.text.read(&opened, known).ok()? {
            told.set(field, value);
        }
        let here = known.instant(&Field::Now);
        let in_time = |told: Instant| here.is_none_or(|here| apart(here, told) <= self.tolerance);
        let mut agrees = !self.has_time() || told.instant(&Field::Now).is_some_and(in_time);
        self.text.each_hole(&mut |hole| {
            let elsewhere = said.get(&hole.field).or_else(|| match &hole.field {
                // The receiver's own clock is near, not the same.
                Field::Now => None,
                field => known.get(field),
            });
            let same = |value: &Datum| told.get(&hole.field) == Some(&hole.codec.canon(value));
            agrees &= elsewhere.is_none_or(same);
        });
        told.set_some(key.clone(), known.get(key).cloned());
        agrees.then_some(told)
    }

    fn is_same(&self, made: &Secret, sent: &Secret) -> bool {
        match self.spelling {
            Spelling::Hex => made.expose().eq_ignore_ascii_case(sent.expose()),
            Spelling::Base64 => made == sent,
        }
    }

    fn proven(&self, all: &Facts, time: Option<Instant>) -> Facts {
        let mut facts = Facts::new();
        let mut keep = |field: &Field| {
            if field.kind() == FieldKind::Secret {
                facts.set_some(field.clone(), all.get(field).cloned());
            }
        };
        self.text.each_hole(&mut |hole| keep(&hole.field));
        if let Some(key) = self.hash.key() {
            keep(key);
        }
        facts.set_some(Field::Now, time.map(Datum::Instant));
        facts
    }
}

fn apart(one: Instant, other: Instant) -> Duration {
    one.since(other).max(other.since(one))
}

/// The whole seconds around an instant, the nearest first.
fn around(here: Instant, tolerance: Duration) -> Vec<Option<Instant>> {
    let second = Duration::from_secs(1);
    let whole = here.floor(second);
    let mut times = vec![Some(whole)];
    for seconds in 1..=tolerance.as_secs().min(600) {
        let span = second * u32::try_from(seconds).unwrap_or(u32::MAX);
        times.extend([Some(whole + span), Some(whole - span)]);
    }
    times
}
