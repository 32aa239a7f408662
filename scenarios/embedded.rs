//! The scenarios that the program carries within itself.

use super::Scenario;
use crate::vendors::profile::ProfileErrors;

/// File and text. A new scenario is one line here.
const EMBEDDED: &[(&str, &str)] =
    &[("scenarios/lock-goes-offline.toml", include_str!("lock-goes-offline.toml"))];

impl Scenario {
    /// The names of those that the program carries within itself.
    pub fn embedded_names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(file, _)| name(file))
    }

    /// The embedded scenario of that name.
    pub fn embedded(wanted: &str) -> Option<Result<Self, ProfileErrors>> {
        let (file, text) = EMBEDDED.iter().find(|(file, _)| name(file) == wanted)?;
        Some(Self::parse(file, text))
    }
}

fn name(file: &'static str) -> &'static str {
    file.trim_start_matches("scenarios/").trim_end_matches(".toml")
}
