//! What is known of each operation before any request comes.

use std::sync::Arc;

use crate::simulator::world::Call;
use crate::vendors::dialect::{Dialect, Operation, PagingBy};
use crate::vendors::vocabulary::{Field, Meaning};

/// One operation, as its server sees it.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its name, to be shared by journal entries.
    pub name: Arc<str>,
    /// What it asks of the world.
    pub call: Call,
    /// Whether it needs a session.
    pub needs_token: bool,
    /// The secrets that it needs, each in a place of its own.
    pub needs: Vec<Field>,
    /// Whether a request names itself, so that it can be known when it comes again.
    pub once: bool,
    /// Whether the answer tells where a server is.
    pub tells_address: bool,
    /// Path under which its server stands, without a slash at the end.
    pub base: Arc<str>,
}

/// Everything known of a dialect's operations, in their order.
pub fn known_operations(dialect: &Dialect) -> Vec<Known> {
    dialect.operations().iter().map(|operation| known(dialect, operation)).collect()
}

fn known(dialect: &Dialect, operation: &Operation) -> Known {
    let secret = |(name, _): &(String, String)| Field::Secret(name.as_str().into());
    Known {
        name: operation.name().into(),
        call: Call::of(operation),
        needs_token: operation.meaning() != Meaning::RefreshToken && operation.asks_with(&Field::AuthToken),
        needs: dialect.secrets.iter().map(secret).filter(|field| carries(operation, field)).collect(),
        tells_address: operation.paging().is_some_and(|paging| paging.by == PagingBy::Link)
            || operation.answer_holes().iter().any(|hole| matches!(hole.field, Field::Server(_))),
        once: operation.asks_with(&Field::Nonce),
        base: base_path(dialect, operation.server()).into(),
    }
}

/// Whether a field stands in the request itself, not as a part of a signature.
fn carries(operation: &Operation, field: &Field) -> bool {
    operation.request_holes().iter().any(|(place, hole)| *place != "signature" && hole.field == *field)
}

/// The path of a server's base address, without a slash at the end.
pub fn base_path(dialect: &Dialect, server: &str) -> String {
    let address =
        dialect.servers.iter().find(|(name, _)| name == server).map(|(_, address)| address.as_str());
    let path = address.and_then(|address| url::Url::parse(address).ok()).map(|url| url.path().to_owned());
    path.unwrap_or_default().trim_end_matches('/').to_owned()
}
