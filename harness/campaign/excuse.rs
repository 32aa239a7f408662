//! Failures over a foreign target that the configuration explains as well: they
//! are inconclusive, for what the subject would do otherwise was not seen.

use crate::harness::bench::Bench;
use crate::harness::criterion::{Criterion, Need};
use crate::harness::doctor::{Doubt, is_gateway_page, is_maintenance};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{CallFailure, Integration};
use crate::harness::result::{Exchange, Received, TransportFailure};
use crate::harness::runner::Instruments as _;
use crate::harness::subject::Subject;
use crate::harness::trial::{Shortfall, Stop};
use crate::vendors::vocabulary::{FailureKind, Function};

/// What is known of the configuration of a foreign target.
pub(super) struct Excuses<'a> {
    pub(super) subject: &'a Subject,
    pub(super) recorder: &'a Recorder,
    /// Fixtures that do not seem to be what the subject file says.
    pub(super) doubts: &'a [Doubt],
}

impl Excuses<'_> {
    /// The end of a scenario, with a failure that the configuration explains made
    /// inconclusive. `mark` is where its exchanges begin.
    pub(super) async fn weigh(
        &self,
        stop: Option<Stop>,
        criterion: &Criterion,
        bench: &Bench,
        mark: usize,
    ) -> Option<Stop> {
        let Some(Stop::Fail(shortfall)) = &stop else { return stop };
        let exchanges = self.recorder.since(mark);
        let why = if !self.recorder.has_heard() && !exchanges.is_empty() {
            Some("nothing was heard from the subject yet".to_owned())
        } else if let Some(doubt) = self.doubt(shortfall, criterion, &exchanges) {
            contested(doubt, bench).await
        } else if let Some(page) = gateway_page(shortfall, &exchanges) {
            self.out_of_order(page, bench).await
        } else {
            match shortfall.refused {
                Some(FailureKind::Credentials) => locked_out(bench).await,
                Some(FailureKind::Forbidden | FailureKind::Payment | FailureKind::Protocol) => {
                    self.without_rights(&exchanges)
                }
                Some(FailureKind::UpstreamTimeout) => self.impatient(&exchanges, bench),
                _ => None,
            }
        };
        match why {
            Some(why) => Some(Stop::Inconclusive(format!("{why}: {}", shortfall.observed))),
            None => stop,
        }
    }

    /// The doubt about a fixture that explains a failure, if one does.
    fn doubt(&self, shortfall: &Shortfall, criterion: &Criterion, exchanges: &[Exchange]) -> Option<&Doubt> {
        // What no fixture explains: an answer that the vendor does not document.
        if shortfall.refused == Some(FailureKind::Protocol) {
            return None;
        }
        let mut near = self.doubts.iter().filter(|doubt| is_about(doubt, exchanges));
        near.find(|doubt| match doubt.need {
            // Others may have been used: only a refusal as out of reach, or what a status tells, counts.
            Need::FreeLock => match shortfall.refused {
                Some(refused) => refused == FailureKind::Offline,
                None => criterion.main_for == Some(Function::GetLockStatus),
            },
            need => criterion.needs.contains(&need),
        })
    }

    /// Whether what was refused as forbidden never succeeded: then the rights of
    /// the run's credentials may be what is missing. So does a vendor answer, and
    /// a gateway before it, that documents no such refusal.
    fn without_rights(&self, exchanges: &[Exchange]) -> Option<String> {
        let refused = exchanges.iter().rev().find(|exchange| is_refusal_of_rights(&exchange.response))?;
        let succeeded = self.recorder.operations_with_success();
        (!succeeded.contains(&refused.operation)).then(|| {
            format!(
                "the credentials may not do `{}`: give them the rights (scopes, roles, licence) for it, or use others",
                refused.operation
            )
        })
    }

    /// Whether the subject was out of order rather than wrong: its page says so, or
    /// what it answered before is answered with such a page too.
    async fn out_of_order(&self, page: &Exchange, bench: &Bench) -> Option<String> {
        let told = |exchange: &Exchange| match &exchange.response {
            Received::Answer { status, headers, body, .. } => is_maintenance(*status, headers, body),
            Received::Nothing { .. } => false,
        };
        let mark = self.recorder.mark();
        let over_all = || async {
            // What it comes to stands in the exchange.
            let _ = bench.clock().drive(read(bench.inlet())).await;
            self.recorder.since(mark).last().is_some_and(is_gateway_answer)
        };
        (told(page) || over_all().await).then(|| {
            "the subject was out of order while it was asked (a page for people came from before it); run it again \
             when it is well"
                .to_owned()
        })
    }

    /// Whether the subject file gives up sooner than the profile says that an
    /// answer may take.
    fn impatient(&self, exchanges: &[Exchange], bench: &Bench) -> Option<String> {
        let documented = bench.dialect().limits.delays.actuation;
        let read = self.subject.timeouts.read;
        let late = exchanges.iter().any(|exchange| {
            matches!(exchange.response, Received::Nothing { why: TransportFailure::ReadTimeout, .. })
        });
        (late && read < documented).then(|| {
            format!(
                "timeouts.read_s gives up after {} s, while the profile says that an answer may take {} s",
                read.as_secs(),
                documented.as_secs()
            )
        })
    }
}

/// A refusal for want of rights or of payment, documented or, by its status, not.
fn is_refusal_of_rights(response: &Received) -> bool {
    let Received::Answer { status, failure, undocumented, .. } = response else { return false };
    match failure {
        Some(kind) => matches!(kind, FailureKind::Forbidden | FailureKind::Payment),
        None => undocumented.is_some() && matches!(status, 402 | 403),
    }
}

/// The answer on which a failure rests, where it is a gateway's page for people.
fn gateway_page<'e>(shortfall: &Shortfall, exchanges: &'e [Exchange]) -> Option<&'e Exchange> {
    shortfall.refused?;
    exchanges.last().filter(|exchange| is_gateway_answer(exchange))
}

fn is_gateway_answer(exchange: &Exchange) -> bool {
    match &exchange.response {
        Received::Answer { status, headers, body, .. } => is_gateway_page(*status, headers, body),
        Received::Nothing { .. } => false,
    }
}

/// Whether a scenario had to do with a fixture at all: its id stands in what was
/// asked or answered. What another lock or group did is its own affair.
fn is_about(doubt: &Doubt, exchanges: &[Exchange]) -> bool {
    let id = doubt.id.to_lowercase();
    let parts: Vec<&str> = id.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let names = |text: &str| {
        let text = text.to_lowercase();
        // An id of several parts may be written escaped, or its parts apart.
        text.contains(&id) || (!parts.is_empty() && parts.iter().all(|part| text.contains(part)))
    };
    exchanges.iter().any(|exchange| {
        let answered = matches!(&exchange.response, Received::Answer { body, .. } if names(body));
        answered || names(&exchange.request.url) || names(&exchange.request.body)
    })
}

/// Why a failure that rests on a fixture in doubt says nothing; `None` where
/// somebody vouches that the fixture is as the subject file says.
async fn contested(doubt: &Doubt, bench: &Bench) -> Option<String> {
    let told = &doubt.told;
    match bench.is_as_named(&doubt.id, &doubt.question).await {
        Ok(true) => None,
        Ok(false) => Some(format!("the subject file names it wrongly, as somebody says who looked ({told})")),
        Err(_) => Some(format!(
            "the subject file or the subject is wrong, and it cannot be told which ({told}); look at it, and mend the \
             file or say that it is right (confirm, question `fixture`)"
        )),
    }
}

/// Whether the run's own credentials are refused altogether, in a session of
/// their own: then they were withdrawn or have expired, which is no defect.
async fn locked_out(bench: &Bench) -> Option<String> {
    let inlet = bench.inlet().with_secrets(bench.inlet().secrets().clone());
    let failure = bench.clock().drive(read(&inlet)).await.err()?;
    (failure.kind == FailureKind::Credentials).then(|| {
        "the subject accepts no call with the credentials that the run was given; check them".to_owned()
    })
}

/// The cheapest call that needs credentials.
async fn read(inlet: &Integration) -> Result<(), CallFailure> {
    if inlet.dialect().supports(Function::ListAccessGroups) {
        inlet.list_access_groups().await.map(drop)
    } else if inlet.dialect().supports(Function::ListLocks) {
        inlet.list_locks(None).await.map(drop)
    } else if inlet.dialect().auth.token_operation.is_some() {
        inlet.with_frozen_session().await.map(drop)
    } else {
        Ok(())
    }
}
