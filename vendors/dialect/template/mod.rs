//! Messages as examples with holes, compiled.
//!
//! Filling the holes makes the message; reading a message against the example
//! gives the values. Everything is resolved when the profile is loaded.

mod body;
mod compile;
mod hole;
mod hole_words;
mod json;
mod path;
mod read;
mod text;

pub use body::{Node, told};
pub use hole::Hole;
pub use path::PathTemplate;
pub use read::{Decisive, Reader, Reading};
pub use text::{Piece, Text};

use std::ops::Range;

use crate::vendors::vocabulary::{Facts, Field};

/// What is wrong in a template, by its place in the template's own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// Bytes of the template.
    pub at: Range<usize>,
    /// What is wrong.
    pub what: String,
    /// What to write.
    pub help: Option<String>,
}

impl TemplateError {
    pub(crate) fn new(at: Range<usize>, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { at, what: what.into(), help: Some(help.into()) }
    }
}

/// Whether a message is made for the wire or for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// With the secrets.
    Exposed,
    /// With masks in their place.
    Shown,
}

/// The facts from which holes are filled: the nearest list element first.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    facts: &'a Facts,
    outer: Option<&'a Scope<'a>>,
    /// Whether every outer fact may be used, or only those of the run.
    inherits: bool,
}

impl<'a> Scope<'a> {
    /// A request: elements of a list may use what the whole request says.
    pub fn request(facts: &'a Facts) -> Self {
        Self { facts, outer: None, inherits: true }
    }

    /// An answer: each element of a list speaks for itself.
    pub fn answer(facts: &'a Facts) -> Self {
        Self { facts, outer: None, inherits: false }
    }

    fn element(&'a self, facts: &'a Facts) -> Self {
        Self { facts, outer: Some(self), inherits: self.inherits }
    }

    /// The facts of the elements; a request without any speaks for itself.
    fn elements(&self) -> &'a [Facts] {
        if self.facts.items.is_empty() && self.inherits {
            std::slice::from_ref(self.facts)
        } else {
            &self.facts.items
        }
    }

    fn get(&self, field: &Field) -> Option<&'a crate::vendors::vocabulary::Datum> {
        self.facts.get(field).or_else(|| {
            let outer = self.outer?;
            let of_the_run =
                matches!(field, Field::Setting(_) | Field::Secret(_) | Field::Now | Field::LockZone);
            if self.inherits || of_the_run { outer.get(field) } else { None }
        })
    }
}

/// Why a template could not be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfilled {
    /// The hole.
    pub field: Field,
    /// Why its value cannot be spelled; `None` when it has none.
    pub why: Option<String>,
}
