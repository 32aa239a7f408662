//! What the exchanges of a run show of each operation.

use percent_encoding::percent_decode_str;

use crate::harness::result::{Exchange, Received};
use crate::vendors::vocabulary::FailureKind;

/// Exchanges that are shown for one statement at most.
const SHOWN: usize = 3;

/// The exchanges of a run, by operation.
pub(super) struct Seen<'a> {
    exchanges: &'a [Exchange],
    made_up: &'a [String],
}

impl<'a> Seen<'a> {
    pub(super) fn new(exchanges: &'a [Exchange], made_up: &'a [String]) -> Self {
        Self { exchanges, made_up }
    }

    /// Whether a request names what was made up to be nobody's.
    fn is_about_nothing(&self, exchange: &Exchange) -> bool {
        let request = &exchange.request;
        self.made_up.iter().any(|id| {
            request.body.contains(id.as_str())
                || percent_decode_str(&request.url).decode_utf8_lossy().contains(id.as_str())
        })
    }

    fn of(&self, operation: &str) -> impl Iterator<Item = &'a Exchange> {
        self.exchanges.iter().filter(move |exchange| exchange.operation == operation)
    }

    /// The answers that were the documented success.
    pub(super) fn successes(&self, operation: &str) -> impl Iterator<Item = &'a Exchange> {
        self.of(operation).filter(|exchange| is_success(exchange))
    }

    /// The answers that were a documented failure of that kind.
    pub(super) fn failures(&self, operation: &str, kind: FailureKind) -> Vec<&'a Exchange> {
        let failed = |exchange: &&Exchange| matches!(&exchange.response, Received::Answer { failure, .. } if *failure == Some(kind));
        self.of(operation).filter(failed).collect()
    }

    /// The body of every documented success.
    pub(super) fn bodies(&self, operation: &str) -> impl Iterator<Item = (&'a Exchange, &'a str)> {
        self.successes(operation).filter_map(|exchange| match &exchange.response {
            Received::Answer { body, .. } => Some((exchange, body.as_str())),
            Received::Nothing { .. } => None,
        })
    }

    /// The exchanges that show an operation to be absent: it was never answered
    /// otherwise than "there is no such thing". Refusals that say nothing of it,
    /// as those of wrong credentials, are left out.
    pub(super) fn absences(&self, operation: &str) -> Vec<&'a Exchange> {
        let telling: Vec<&Exchange> = self
            .of(operation)
            .filter(|exchange| is_telling(exchange) && !self.is_about_nothing(exchange))
            .collect();
        let absent = !telling.is_empty() && telling.iter().all(|exchange| is_absence(exchange));
        if absent { telling } else { Vec::new() }
    }
}

/// The ids of the first few.
pub(super) fn ids<'a>(exchanges: impl IntoIterator<Item = &'a Exchange>) -> Vec<String> {
    exchanges.into_iter().take(SHOWN).map(|exchange| exchange.id.clone()).collect()
}

fn is_success(exchange: &Exchange) -> bool {
    matches!(exchange.response, Received::Answer { failure: None, undocumented: None, .. })
}

fn is_telling(exchange: &Exchange) -> bool {
    let Received::Answer { status, failure, undocumented, .. } = &exchange.response else { return false };
    let credentials = matches!(failure, Some(FailureKind::Credentials | FailureKind::RateLimited))
        || (undocumented.is_some() && matches!(status, 401 | 403 | 429));
    !credentials
}

/// "Not found" alone says that a thing is not there, not that the call is not:
/// a documented one counts only beside nothing else.
fn is_absence(exchange: &Exchange) -> bool {
    let Received::Answer { status, failure, undocumented, .. } = &exchange.response else { return false };
    match failure {
        Some(kind) => matches!(kind, FailureKind::Unsupported | FailureKind::NotFound),
        None => undocumented.is_some() && matches!(status, 404 | 405 | 410 | 501),
    }
}
