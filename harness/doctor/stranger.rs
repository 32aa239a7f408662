//! Whether who answers at a server can be the subject at all. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::diagnosis::{Check, Heading};
use crate::harness::result::{Exchange, Received};
use crate::harness::subject::Given;
use crate::vendors::dialect::Dialect;

/// Reading calls that must all have failed before a server is doubted, where
/// another server answered as documented: one call alone may be the subject's
/// own fault, which the criteria judge.
const FEWEST: usize = 2;

/// Whether this is an answer that only the subject would give: a success or a
/// refusal as the profile documents it. What is out of order tells nothing.
pub(super) fn is_documented(exchange: &Exchange) -> bool {
    matches!(&exchange.response, Received::Answer { status, undocumented: None, .. } if *status < 500)
}

/// The first server that answered, and never as documented.
pub(super) fn look(dialect: &Dialect, exchanges: &[Exchange], given: Given) -> Option<Check> {
    let mut servers: BTreeMap<&str, Vec<(&Exchange, u16)>> = BTreeMap::new();
    for exchange in exchanges {
        if let (Some(operation), Received::Answer { status, .. }) =
            (dialect.operation(&exchange.operation), &exchange.response)
        {
            servers.entry(operation.server()).or_default().push((exchange, *status));
        }
    }
    let anywhere = exchanges.iter().any(is_documented);
    let (server, answers) = servers.into_iter().find(|(_, answers)| {
        let calls: BTreeSet<&str> = answers.iter().map(|(exchange, _)| exchange.operation.as_str()).collect();
        let enough = !anywhere || calls.len() >= FEWEST;
        enough && !answers.iter().any(|(exchange, _)| is_documented(exchange))
    })?;
    let shown = answers.iter().map(|(exchange, _)| exchange.id.clone()).collect();
    Some(told(&answers, given).of(format!("server {server}")).shown_by(shown).stopping())
}

fn told(answers: &[(&Exchange, u16)], given: Given) -> Check {
    let statuses: BTreeSet<String> = answers.iter().map(|(_, status)| status.to_string()).collect();
    let statuses = statuses.into_iter().collect::<Vec<_>>().join(", ");
    if answers.iter().all(|(_, status)| *status >= 500) {
        let seen =
            format!("out of order for the moment: every reading call was answered with status {statuses}");
        let todo = format!(
            "ask the vendor when it is well again, and try then; where it is well, something before it answers: \
             check the address in {}",
            given.servers()
        );
        return Check::wrong(Heading::Connection, seen, todo);
    }
    let seen = format!(
        "something else answers here: no reading call was answered as the profile documents it (status {statuses})"
    );
    let todo = format!(
        "write the address of the API in {}, with its base path and version; where it is right, the profile \
         describes another API: compare its examples with what the exchanges show",
        given.servers()
    );
    Check::wrong(Heading::BasePath, seen, todo)
}
