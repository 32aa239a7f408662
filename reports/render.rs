use crate::harness::result::Report;

pub use super::answer::answer;
pub use super::badge::badge;
pub use super::html::html;
pub use super::junit::junit;
pub use super::summary::summary;

/// The report itself, indented, ending in a line break: the source of truth
/// that every other format can be made from again.
pub fn json(report: &Report) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(report).map(|text| text + "\n")
}
