//! The descriptions that the program carries.

/// Name and text of each.
const EMBEDDED: &[(&str, &str)] = &[
    ("own_integration", include_str!("../partners/own_integration.toml")),
    ("simulated_partner", include_str!("../partners/simulated_partner.toml")),
];

/// The names of the embedded descriptions.
pub fn embedded_names() -> impl Iterator<Item = &'static str> {
    EMBEDDED.iter().map(|(name, _)| *name)
}

/// The text of an embedded description.
pub(super) fn embedded(name: &str) -> Option<&'static str> {
    EMBEDDED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
