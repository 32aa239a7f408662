//! The profile as it is written: the TOML document, its checks and its schema.
//!
//! [`load`] reads a profile by path or by the name of an embedded one and
//! compiles it. Whatever is wrong is told at once, each with file, line,
//! column, what was expected and the nearest known name.

mod answers;
mod auth;
mod awaited;
mod callbacks;
mod compile;
mod document;
mod domains;
mod embedded;
mod functions;
mod guards;
mod ids;
mod inputs;
mod limits;
mod limits_section;
mod message;
mod operations;
mod overlap;
mod problem;
mod reachability;
mod references;
mod schema;
mod signatures;
mod sources;
mod span;
mod steps;
mod terms;
mod text_file;

#[cfg(test)]
mod tests;

pub use functions::VERBS;
pub use inputs::{ALWAYS, INPUTS, Inputs, inputs};
pub use limits::{
    AlgoLimits, Beyond, ChosenBy, CommandPolicy, Delays, Delivery, Limits, MobileLimits, OfflinePolicy,
    PendingLimit, PinLimits, PinRule, RateLimit, RateScope, Rounding, SameUser, ScopedRate, Uniqueness,
    WindowLimits,
};
pub use problem::{Problem, ProfileErrors, render};
pub(crate) use problem::{line_of, nearest};

pub use compile::{compile, embedded_names, load};
pub use schema::json_schema;
pub(crate) use span::parse_span;
pub use text_file::{LARGEST_TEXT, Unread, read_text};
