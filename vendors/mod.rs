//! How a counterpart speaks.
//!
//! A *profile* is the vendor's answer to Inlet's questions, written as one
//! TOML document. The *dialect* is that document compiled: it turns what we
//! mean into the vendor's bytes and the vendor's bytes into what they mean, in
//! both directions, so that the integration and the simulator speak through
//! the same text and neither contains a vendor's name.

pub mod dialect;
pub mod inlet;
pub mod json;
pub mod members;
pub mod partner;
pub mod profile;
pub mod scaffold;
pub mod transcript;
pub mod vocabulary;
pub mod wire;
