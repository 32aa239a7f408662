//! The profile as it is written: the TOML document, its checks and its schema.
//!
//! [`load`] reads a profile by path or by the name of an embedded one and
//! compiles it. Whatever is wrong is told at once, each with file, line,
//! column, what was expected and the nearest known name.

mod limits;

pub use limits::{
    AlgoLimits, ChosenBy, Delays, Delivery, Limits, OfflinePolicy, PinLimits, PinRule, RateLimit, Rounding,
    WindowLimits,
};

use std::sync::Arc;

use super::dialect::Dialect;

/// One thing that is wrong in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// Byte range in the file, for a caret.
    pub span: std::ops::Range<usize>,
    /// What is wrong, as a lower-case fragment.
    pub what: String,
    /// What was expected, and what to do.
    pub help: Option<String>,
}

/// Everything that is wrong in a profile, in the order of its lines.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{} in {file}", if problems.len() == 1 { "1 problem".to_owned() } else { format!("{} problems", problems.len()) })]
pub struct ProfileErrors {
    /// The file as it was named.
    pub file: String,
    /// The text of the file, for carets; empty where it could not be read.
    pub source_text: String,
    /// The problems.
    pub problems: Vec<Problem>,
}

/// Loads a profile by path, or by the name of an embedded one (`reference`).
pub fn load(name_or_path: &str) -> Result<Arc<Dialect>, ProfileErrors> {
    let _ = name_or_path;
    todo!()
}

/// Compiles a profile's text; `file` is its name in messages.
pub fn compile(file: &str, text: &str) -> Result<Arc<Dialect>, ProfileErrors> {
    let _ = (file, text);
    todo!()
}

/// The names of the embedded profiles.
pub fn embedded_names() -> Vec<&'static str> {
    todo!()
}

/// The JSON Schema of a profile, for editors.
pub fn json_schema() -> serde_json::Value {
    todo!()
}
