//! The names of exchanges.

use std::fmt;
use std::sync::Arc;

/// The name of one exchange on the wire, sent along as `Lockstep-Exchange`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExchangeId(Arc<str>);

impl ExchangeId {
    /// The header that carries it.
    pub const HEADER: &'static str = "lockstep-exchange";

    /// Takes the name as it is.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExchangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
