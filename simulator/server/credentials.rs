//! The credentials of a request that fits no operation as a whole.
//!
//! A vendor looks at the credentials before it looks at the content. A request
//! without its `Authorization` fits the operation's example no more, so what
//! it does carry is read from the places where the example has a secret.

use crate::vendors::dialect::Operation;
use crate::vendors::vocabulary::{Datum, Facts, Field, Secret};
use crate::vendors::wire::WireRequest;

/// What a request carries in the places where the operation's example has a
/// secret in a header or in the query; `None` where one of them is empty.
pub fn carried(operation: &Operation, request: &WireRequest) -> Option<Facts> {
    let example = operation.request_example();
    let mut facts = Facts::new();
    for (name, shown) in example.headers.iter().filter(|(_, shown)| shown.contains(Secret::MASK)) {
        let sent = request.header(name)?;
        facts.set(Field::AuthToken, Datum::Secret(unwrap(shown, sent)?));
    }
    for (name, shown) in example.query.iter().filter(|(_, shown)| shown.contains(Secret::MASK)) {
        let (_, sent) = request.query.iter().find(|(key, _)| key == name)?;
        facts.set(Field::AuthToken, Datum::Secret(unwrap(shown, sent)?));
    }
    Some(facts)
}

fn unwrap(shown: &str, sent: &str) -> Option<Secret> {
    let (before, after) = shown.split_once(Secret::MASK)?;
    let secret = sent.strip_prefix(before)?.strip_suffix(after)?;
    (!secret.is_empty()).then(|| Secret::new(secret))
}
