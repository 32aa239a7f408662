//! One difference between two reports.

use serde::Serialize;

use super::standing::Turn;

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Difference {
    /// What it is about: a criterion (`LV-21`), a scenario of one, an ability,
    /// or a circumstance of the run (`level`).
    pub about: String,
    /// How it was, in a word or two.
    pub before: String,
    /// How it is.
    pub after: String,
    /// Why, in one sentence.
    pub why: String,
}

/// Differences as they are found, each in its place.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub(super) regressions: Vec<Difference>,
    pub(super) fixes: Vec<Difference>,
    pub(super) changes: Vec<Difference>,
}

impl Found {
    /// Keeps a difference in the place that its turn names; none where nothing
    /// turned.
    pub(super) fn tell(
        &mut self,
        turn: Turn,
        about: &str,
        before: &str,
        after: &str,
        why: impl Into<String>,
    ) {
        let place = match turn {
            Turn::Same => return,
            Turn::Regression => &mut self.regressions,
            Turn::Fix => &mut self.fixes,
            Turn::Change => &mut self.changes,
        };
        place.push(Difference {
            about: about.to_owned(),
            before: before.to_owned(),
            after: after.to_owned(),
            why: why.into(),
        });
    }
}
