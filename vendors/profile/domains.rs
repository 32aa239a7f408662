//! `domains` of a session: where the servers are whose addresses the vendor tells.

use super::document::Section;
use crate::vendors::vocabulary::Field;

/// The domains, in small letters. Without an address that the session keeps they
/// would say nothing.
pub(super) fn read(section: &Section<'_, '_>, keeps: &[Field]) -> Vec<String> {
    let texts = section.texts("domains");
    let learns = keeps.iter().any(|field| matches!(field, Field::Server(_)));
    if let Some(first) = texts.first().filter(|_| !learns) {
        let help = "keep one, as in `keeps = [\"server.api\"]`, or leave `domains` out";
        section.doc.problem(first.span.clone(), "domains of addresses that the session does not keep", help);
    }
    let mut domains = Vec::new();
    for text in texts {
        if is_domain(text.value) {
            domains.push(text.value.to_ascii_lowercase());
        } else {
            let what = format!("`{}` is no domain of one party", text.value);
            let help = "write a name with a dot, without scheme, port and path: `eu.acme.example`";
            section.doc.problem(text.span.clone(), what, help);
        }
    }
    domains
}

/// Whether it is a name of at least two labels, so that not half the world is in it.
fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let inside = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        !label.is_empty() && inside && !label.starts_with('-') && !label.ends_with('-')
    };
    let labels: Vec<&str> = text.split('.').collect();
    let numbers = labels.last().is_some_and(|last| last.chars().all(|c| c.is_ascii_digit()));
    labels.len() >= 2 && labels.iter().all(|one| label(one)) && !numbers
}
