//! What a run leaves for its readers.
//!
//! One result model, [`crate::harness::result::Report`], and every format a view
//! of it: JSON with a published schema, one self-contained HTML page, JUnit,
//! the vendor's answer and a step summary in Markdown, and a badge. The writers
//! in [`render`] are pure. [`write`] renders everything in memory, refuses what
//! contradicts itself or holds a secret, and only then touches the disk.

mod answer;
mod badge;
mod html;
mod judgement;
mod junit;
mod leak;
mod read;
mod schema;
mod summary;
mod text;
mod words;
mod write;

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod sample_parts;
#[cfg(test)]
mod sample_wire;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod strategy;

/// The formats, each a pure function of the report.
pub mod render;

pub use leak::{Encoding, Leak, SHORTEST_SECRET};
pub use read::{ReadError, read};
pub use schema::schema;
pub use write::{WriteError, Written, default_folder, write};
