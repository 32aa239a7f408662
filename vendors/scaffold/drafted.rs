//! What a drafted message is, and what its drafting is told.

use super::confidence::{Confidence, Guess};
use super::fields::Sign;
use super::find::Fixed;
use super::node::Node;
use crate::vendors::vocabulary::{Field, Meaning};

/// A drafted message.
#[derive(Clone, Debug, Default)]
pub(super) struct Drafted {
    /// `None` where nothing is to be said.
    pub node: Option<Node>,
    /// The fields of its holes, and whether they may be absent.
    pub fields: Vec<(Field, bool)>,
    pub guesses: Vec<Guess>,
    /// Names of members that were not understood.
    pub left_out: Vec<String>,
    /// Values that a run must be given because nothing is known of them.
    pub settings: Vec<(String, String)>,
    /// Literals that decide whether an answer is a success.
    pub success: Option<Node>,
}

impl Drafted {
    pub fn has(&self, field: &Field) -> bool {
        self.fields.iter().any(|(known, _)| known == field)
    }
}

/// What the drafting of a message is told beside its shape.
#[derive(Clone, Copy)]
pub(super) struct Course<'a> {
    pub meaning: Meaning,
    /// The name under which paths take a lock's id.
    pub lock_id: Option<&'a str>,
    /// What the request must say for its meaning.
    pub fixed: Option<&'a Fixed>,
    /// Whether every value is a text on the wire.
    pub form: bool,
    /// Whether all that is shown is sent, as in a recorded request.
    pub recorded: bool,
}

/// A sign with its place.
pub(super) struct Found {
    pub path: Vec<String>,
    pub sign: Sign,
    pub codec: String,
    pub seen: String,
    pub confidence: Confidence,
    pub in_list: bool,
}
