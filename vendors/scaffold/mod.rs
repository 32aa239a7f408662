//! A first profile, drafted from what a vendor has published.
//!
//! ```text
//! text ─► source ─► openapi │ postman ─► description
//!                                            │ words: which exchange means what
//!                                            ▼
//!   profile's text ◄─ write ◄─ draft: operations, auth, errors, plans
//!          └─► loaded once; what the loader refuses is left out and told as a gap
//! ```
//!
//! Everything is guessed from names, types and examples by one table of words,
//! [`words`]; no vendor is known here. Each guess is marked in the file with
//! its reason and with how sure it is, and what could not be guessed is a
//! [`Gap`]. Pure: text in, text out.

mod assemble;
mod auth;
mod choice;
mod codecs;
mod confidence;
mod description;
mod draft;
mod drafted;
mod errors;
mod field_names;
mod fields;
mod find;
mod gap;
mod instants;
mod intent;
mod limits;
mod lists;
mod message;
mod node;
mod openapi;
mod paging;
mod parameters;
mod path_names;
mod plans;
mod postman;
mod reference;
mod repair;
mod request;
mod schema;
mod shape;
mod source;
#[cfg(test)]
mod tests;
mod values;
mod words;
mod write;

pub use gap::{Gap, GapKind};
pub use repair::{Scaffold, from_openapi, from_postman, is_name, skeleton};
pub use source::{LARGEST, Trouble};
