//! Whether who answers at a server can be the subject at all.

use std::collections::{BTreeMap, BTreeSet};

use super::diagnosis::{Check, Heading};
use super::trouble::out_of_order;
use crate::harness::integration::status_of_nothing;
use crate::harness::result::{Exchange, Received};
use crate::harness::subject::{Given, Subject};
use crate::vendors::dialect::Dialect;

/// Reading calls that must all have failed before a server is doubted, where
/// another server answered as documented: one call alone may be the subject's
/// own fault, which the criteria judge.
const FEWEST: usize = 2;

/// So every server answers what it does not know. Where another server answered as
/// documented, and this one knows none of the paths that are its own, its address is
/// in doubt and not the subject.
const ABSENT: [u16; 3] = [404, 405, 410];

/// Whether this is an answer that only the subject would give: a success or a
/// refusal as the profile documents it. What is out of order tells nothing.
pub(super) fn is_documented(exchange: &Exchange) -> bool {
    matches!(&exchange.response, Received::Answer { status, undocumented: None, .. } if *status < 500)
}

/// A server that answered, and never as documented.
struct Suspect<'a> {
    server: &'a str,
    answers: Vec<(&'a Exchange, u16)>,
    /// Whether that is enough to doubt it.
    sure: bool,
}

impl Suspect<'_> {
    fn check(&self, given: Given) -> Check {
        let shown = self.answers.iter().map(|(exchange, _)| exchange.id.clone()).collect();
        told(&self.answers, given).of(format!("server {}", self.server)).shown_by(shown).stopping()
    }
}

/// The first server that is not the subject. Where a server has one reading call
/// alone, a path that nobody knows is asked for besides: who answers both alike
/// knows neither.
pub(super) async fn look(dialect: &Dialect, exchanges: &[Exchange], subject: &Subject) -> Option<Check> {
    let suspects = suspects(dialect, exchanges);
    if let Some(sure) = suspects.iter().find(|suspect| suspect.sure) {
        return Some(sure.check(subject.given));
    }
    for suspect in &suspects {
        let Some((exchange, status)) = suspect.answers.first() else { continue };
        if ABSENT.contains(status) {
            if suspect.answers.iter().all(|(_, status)| ABSENT.contains(status)) {
                return Some(suspect.check(subject.given).advising(one_for_all(dialect, subject)));
            }
            continue;
        }
        let (connect, wait) = (subject.timeouts.connect, subject.timeouts.read);
        let nothing = status_of_nothing(&exchange.request.url, connect, wait).await;
        if nothing == Some(*status) {
            let check = suspect.check(subject.given).advising(one_for_all(dialect, subject));
            return Some(check.adding("; a path that nobody knows is answered alike"));
        }
    }
    None
}

/// What a bare address cannot say: where each of several servers is.
fn one_for_all(dialect: &Dialect, subject: &Subject) -> Option<String> {
    (subject.given == Given::AsAddress && dialect.servers.len() > 1).then(|| {
        let names: Vec<&str> = dialect.servers.iter().map(|(name, _)| name.as_str()).collect();
        format!(
            "one address was taken for all servers of this vendor ({}): where they differ, write a subject file with \
             each under [servers], and give it with --subject",
            names.join(", ")
        )
    })
}

fn suspects<'a>(dialect: &'a Dialect, exchanges: &'a [Exchange]) -> Vec<Suspect<'a>> {
    let mut servers: BTreeMap<&str, Vec<(&Exchange, u16)>> = BTreeMap::new();
    for exchange in exchanges {
        if let (Some(operation), Received::Answer { status, .. }) =
            (dialect.operation(&exchange.operation), &exchange.response)
        {
            servers.entry(operation.server()).or_default().push((exchange, *status));
        }
    }
    let anywhere = exchanges.iter().any(is_documented);
    let strange = servers
        .into_iter()
        .filter(|(_, answers)| !answers.iter().any(|(exchange, _)| is_documented(exchange)));
    strange
        .map(|(server, answers)| {
            let calls: BTreeSet<&str> = answers.iter().map(|(one, _)| one.operation.as_str()).collect();
            Suspect { server, sure: !anywhere || calls.len() >= FEWEST, answers }
        })
        .collect()
}

fn told(answers: &[(&Exchange, u16)], given: Given) -> Check {
    let statuses: BTreeSet<String> = answers.iter().map(|(_, status)| status.to_string()).collect();
    let statuses = statuses.into_iter().collect::<Vec<_>>().join(", ");
    if answers.iter().all(|(_, status)| *status >= 500) {
        let seen =
            format!("out of order for the moment: every reading call was answered with status {statuses}");
        return out_of_order(seen, given);
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
