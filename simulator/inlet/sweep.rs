//! Withdraws what nobody has learnt of (chosen: `abandoned-grant`).

use std::sync::Arc;
use std::time::Duration;

use super::access::AccessState;
use super::sandbox::InletSandbox;
use crate::vendors::vocabulary::{FailureKind, Instant};

/// A withdrawal that failed is tried again after so long.
const AGAIN: Duration = Duration::from_secs(240);

/// Waits for grants that are given up, for as long as the simulation runs.
pub(super) async fn sweep(inlet: Arc<InletSandbox>) {
    let mut owed: Vec<(Instant, String)> = Vec::new();
    loop {
        let now = inlet.clock.now();
        let given_up = inlet.state().book.given_up(now);
        owed.extend(given_up.into_iter().map(|reference_id| (now, reference_id)));
        let (due, later): (Vec<_>, Vec<_>) = owed.into_iter().partition(|(at, _)| *at <= now);
        owed = later;
        for (_, reference_id) in due {
            if !withdraw(&inlet, &reference_id).await {
                owed.push((inlet.clock.now() + AGAIN, reference_id));
            }
        }
        let next = inlet.state().book.next_given_up();
        let next = owed.iter().map(|(at, _)| *at).chain(next).min();
        let planned = inlet.planned.notified();
        match next {
            Some(next) => {
                let span = next.since(inlet.clock.now());
                tokio::select! {
                    () = inlet.clock.wait_passively(span) => {}
                    () = planned => {}
                }
            }
            None => planned.await,
        }
    }
}

/// Whether there is nothing left to withdraw, or nothing that could be.
async fn withdraw(inlet: &InletSandbox, reference_id: &str) -> bool {
    let turn = inlet.state().book.get(reference_id).map(|access| access.turn.clone());
    let Some(turn) = turn else { return true };
    let _turn = turn.lock().await;
    let outcome = inlet.upstream.withdraw(reference_id).await;
    inlet.strike_out(&mut inlet.state(), reference_id, AccessState::Abandoned);
    !outcome.is_err_and(|failure| failure.kind != FailureKind::Unsupported)
}
