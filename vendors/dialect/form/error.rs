//! A documented error: what it means, and what tells it from other answers.

use std::time::Duration;

use super::answer::{AnswerForm, ParsedAnswer};
use crate::vendors::dialect::template::{Node, Reading};
use crate::vendors::vocabulary::{Cause, Facts, FailureKind};

/// A documented error.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ErrorForm {
    pub kind: FailureKind,
    /// The one cause for which it is given; any of its kind unless said.
    pub cause: Option<Cause>,
    pub form: AnswerForm,
    /// Within which time the identical call succeeds, where it passes by itself.
    pub clears_within: Option<Duration>,
    /// Whether what was asked for was made all the same.
    pub leaves: bool,
    /// Literals that an answer of this error does not all have.
    pub unless: Option<Node>,
}

impl ErrorForm {
    /// Reads the error's facts; `None` where the answer is something else.
    pub fn read(&self, answer: &ParsedAnswer<'_>) -> Option<Facts> {
        let mut facts = Facts::new();
        self.form.read(answer, Reading::Shape, &Facts::new(), &mut facts).ok()?;
        let excepted = self.unless.as_ref().is_some_and(|node| answer.agrees_with(node));
        (!excepted).then_some(facts)
    }
}
