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

/// The documents that they rest on, which stand in Lockstep's sources.
const DOCUMENTS: &[(&str, &str)] =
    &[("vendors/partners/own_integration.md", include_str!("../partners/own_integration.md"))];

/// Whether a path names a document that the program carries.
pub(super) fn is_embedded_document(path: &str) -> bool {
    DOCUMENTS.iter().any(|(known, text)| *known == path && !text.is_empty())
}
