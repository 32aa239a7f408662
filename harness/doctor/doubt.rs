//! Test locks and groups of which the subject tells something else than the
//! subject file says. Pure.

use crate::harness::criterion::Need;

/// One of the two is wrong, and nothing that was read tells which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// The part that the lock or group plays.
    pub(crate) need: Need,
    /// Its id.
    pub(crate) id: String,
    /// What the subject tells of it.
    pub(crate) told: String,
    /// Asks a person whether the subject file is right; yes means that it is.
    pub(crate) question: String,
}

impl Doubt {
    pub(super) fn new(need: Need, id: impl ToString, told: &str, question: String) -> Self {
        Self { need, id: id.to_string(), told: told.to_owned(), question }
    }
}
