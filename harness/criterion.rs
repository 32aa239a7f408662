//! Criteria as data: what is asked, how strictly, when it applies, and what it
//! takes to find out.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a criterion: programme letters and a number, such as `LV-21`.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(transparent)]
pub struct CriterionId(String);

impl CriterionId {
    /// The id of that text, where it has the form of one.
    pub fn parse(text: &str) -> Option<Self> {
        let (letters, number) = text.split_once('-')?;
        let fits = !letters.is_empty()
            && letters.chars().all(|c| c.is_ascii_uppercase())
            && number.len() >= 2
            && number.chars().all(|c| c.is_ascii_digit());
        fits.then(|| Self(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How strictly a criterion is asked for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Required for every certification (`R`).
    Required,
    /// Required for the full level only (`F`).
    Full,
    /// Preferred: told, never decisive (`P`).
    Preferred,
}

/// The certification level that is asked for or reached.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum CertificationLevel {
    /// Not even the core.
    None,
    /// Every required criterion, without hold-open and return-to-normal.
    Core,
    /// Every criterion of Inlet's minimum acceptance list.
    Full,
}
