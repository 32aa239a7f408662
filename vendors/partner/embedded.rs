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

/// The documents that they rest on, each by its path from the descriptions' folder.
const DOCUMENTS: &[(&str, &str)] = &[("own_integration.md", include_str!("../partners/own_integration.md"))];

/// The text of a document that the program carries.
pub(super) fn embedded_document(path: &str) -> Option<&'static str> {
    DOCUMENTS.iter().find(|(known, _)| *known == path).map(|(_, text)| *text)
}
