//! The subject file as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

/// The whole file. Every table but `servers` may be left out.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) schema: String,
    pub(super) version: Option<String>,
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) servers: BTreeMap<String, Spanned<String>>,
    /// The vendor's environment, by the profile's name for it.
    pub(super) environment: Option<String>,
    /// Secret name to the name of an environment variable.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, String>")]
    pub(super) credentials: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) settings: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) locks: Locks,
    #[serde(default)]
    pub(super) groups: Groups,
    #[serde(default)]
    pub(super) allow_actuation: Vec<String>,
    pub(super) tester: Option<Tester>,
    #[serde(default)]
    pub(super) confirm: ConfirmBy,
    pub(super) answers_file: Option<String>,
    #[serde(default)]
    pub(super) attestations: Vec<Attested>,
    #[serde(default)]
    pub(super) timeouts: Seconds,
    #[serde(default)]
    pub(super) real_retry_gaps: bool,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Locks {
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub(super) free: Vec<Spanned<String>>,
    pub(super) offline: Option<String>,
    pub(super) low_battery: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Groups {
    pub(super) partial: Option<Partial>,
    pub(super) empty: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Partial {
    pub(super) id: String,
    pub(super) locks: Option<Vec<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Tester {
    pub(super) email: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum ConfirmBy {
    #[default]
    None,
    Ask,
    File,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Attested {
    pub(super) criterion: String,
    pub(super) who: String,
    #[schemars(with = "String", extend("format" = "date"))]
    pub(super) when: jiff::civil::Date,
    pub(super) document: String,
}

/// All in seconds.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Seconds {
    #[schemars(with = "Option<u64>")]
    pub(super) connect_s: Option<Spanned<u64>>,
    #[schemars(with = "Option<u64>")]
    pub(super) read_s: Option<Spanned<u64>>,
    pub(super) wait_at_most_s: Option<u64>,
}

/// The file of answers that people gave beforehand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answers {
    #[serde(default)]
    pub(super) answers: Vec<Answered>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answered {
    pub(super) criterion: Spanned<String>,
    pub(super) question: Spanned<String>,
    pub(super) answer: Spanned<String>,
    pub(super) by: Spanned<String>,
    pub(super) when: jiff::civil::Date,
}
