//! What a vendor says it can do, and what holds of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::vendors::vocabulary::Function;

/// The vendor's answer for one function, in Inlet's preferred form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FunctionAnswer {
    /// Which function.
    pub function: Function,
    /// Whether it is supported.
    pub supported: bool,
    /// Why not, where it is not.
    pub reason: Option<String>,
    /// `METHOD /path` of each exchange, in order.
    pub endpoints: Vec<String>,
    /// How calls are authenticated.
    pub authentication: String,
    /// Request examples, in order.
    pub request_examples: Vec<String>,
    /// Response examples, in order.
    pub response_examples: Vec<String>,
    /// Error examples: kind and example.
    pub error_examples: Vec<String>,
    /// Notes on timing, delays and limits.
    pub notes: String,
}

/// One line of the effective capability statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Capability {
    /// A function (`unlock`) or an ability within one (`battery`).
    pub ability: String,
    /// Its name for people.
    pub title: String,
    /// Whether the vendor declares it.
    pub declared: Presence,
    /// Whether the run saw it.
    pub observed: Presence,
    /// What holds, given both.
    pub effective: Presence,
    /// Why, in one sentence.
    pub note: String,
    /// Ids of exchanges that show it.
    pub evidence: Vec<String>,
}

impl Capability {
    /// A line; what holds follows from the two: what was seen counts, and what is
    /// not declared and was not seen is not relied on.
    pub fn new(
        ability: &str,
        title: &str,
        declared: Presence,
        observed: Presence,
        note: String,
        evidence: Vec<String>,
    ) -> Self {
        let effective = match (declared, observed) {
            (_, Presence::Yes) => Presence::Yes,
            (_, Presence::No) | (Presence::No, Presence::Unknown) => Presence::No,
            (_, Presence::Unknown) => Presence::Unknown,
        };
        Self {
            ability: ability.to_owned(),
            title: title.to_owned(),
            declared,
            observed,
            effective,
            note,
            evidence,
        }
    }

    /// The same line where what was seen of it does not serve: it is not relied
    /// on, for that reason.
    #[must_use]
    pub fn useless(mut self, reason: String) -> Self {
        self.effective = Presence::No;
        self.note = reason;
        self
    }

    /// How declaration and observation contradict each other, where they do.
    pub fn contradiction(&self) -> Option<&'static str> {
        match (self.declared, self.observed) {
            (Presence::Yes, Presence::No) => Some("declared but absent"),
            (Presence::No, Presence::Yes) => Some("present but undeclared"),
            _ => None,
        }
    }
}

/// Whether something is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It was not said, or not seen.
    Unknown,
}

/// A lock that by its own data cannot do what others can.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LimitedLock {
    /// Its id.
    pub lock: String,
    /// What it lacks: `keypad`, `bridge`.
    pub lacks: Vec<String>,
}
