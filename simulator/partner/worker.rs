//! A worker brings one access in line with the desk's wish, whatever it takes.

use std::sync::Arc;
use std::time::Duration;

use super::form::at_first;
use super::mail::{Trouble, tell};
use super::office::Office;
use super::quirk::Quirk;
use super::wire::{Answer, Call, due};
use super::wish::{Granted, Step};
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::{ExchangeId, Instant, Secret};

/// Between attempts, from the answer to the next start.
const GAP: Duration = Duration::from_secs(230);
/// When support is told, after the first attempt.
const TELL_AFTER: Duration = Duration::from_secs(1_830);
/// When no more attempts are made, after the first.
const GIVE_UP_AFTER: Duration = Duration::from_secs(2_100);
/// What is longer than Inlet grants is not sent.
const LONGEST: Duration = Duration::from_secs(367 * 86_400);

/// Works on one access until the office closes.
pub(super) async fn work(office: Arc<Office>, id: usize) {
    loop {
        let changed = office.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let step = office.step(id);
        let due = match &step {
            Step::Nothing => None,
            Step::Grant(wish) => Some(due(wish, office.quirk()).max(office.held_until(id))),
            Step::Pulse(_) | Step::Update(..) | Step::Revoke(_) => {
                Some(office.held_until(id).max(office.time.now()))
            }
        };
        match due {
            Some(at) if at <= office.time.now() => {
                attempts(&office, id, step).await;
            }
            Some(at) => tokio::select! {
                () = office.time.until(at) => {}
                () = changed => {}
            },
            None => changed.await,
        }
    }
}

/// What an answer leaves to be done.
enum Then {
    /// It is settled, one way or another.
    Settled,
    /// The same again, at that time at the latest.
    Again(Instant),
}

/// Attempts at one step, until it is settled or the desk wishes something else.
async fn attempts(office: &Arc<Office>, id: usize, step: Step) {
    let mut nth: u32 = 0;
    let mut refused = false;
    loop {
        let current = office.step(id);
        let step = if forgets(office, id) { &step } else { &current };
        let Some(mut call) = office.wire.call(step) else { return };
        match office.quirk() {
            Some(Quirk::NewContent) if nth > 0 && call.operation == Operation::GrantAccess => {
                reword(&mut call, nth);
            }
            Some(Quirk::KeepsTrying) if refused => reword(&mut call, nth),
            Some(Quirk::RepeatsReworded) if refused => call.blanks = nth as usize,
            Some(Quirk::EndsInstead) if refused && call.operation == Operation::RevokeAccess => {
                call = ended(call, office.time.now());
            }
            Some(Quirk::AsksForLink) if refused && call.operation == Operation::GrantAccess => {
                call.body.insert("operation".to_owned(), "urlkey".into());
            }
            _ => {}
        }
        if too_long(step) && !matches!(office.quirk(), Some(Quirk::TooLong | Quirk::LongUpdate)) {
            office.flag(id, "longer than Inlet grants");
            return;
        }
        let started = office.time.now();
        let Some(answer) = send(office, id, &call, nth).await else { return };
        refused |= matches!(answer, Answer::Refused(_));
        match settle(office, id, step, answer, started, nth).await {
            Then::Settled => {
                once_more(office, id, step, &call, nth).await;
                return;
            }
            Then::Again(at) => {
                nth += 1;
                if !wait_for_turn(office, id, step, at).await {
                    tell_all_the_same(office, id, step, started).await;
                    office.forget_attempts(id);
                    return;
                }
            }
        }
    }
}

/// Waits for the next attempt at a step; a wish that changes meanwhile ends the
/// wait. Says whether anything is left to be done.
async fn wait_for_turn(office: &Arc<Office>, id: usize, step: &Step, at: Instant) -> bool {
    let in_turn = office.quirk() == Some(Quirk::ChangesInTurn);
    loop {
        let changed = office.changed.notified();
        tokio::pin!(changed);
        changed.as_mut().enable();
        let next = office.step(id);
        if !forgets(office, id) && next != *step && (next == Step::Nothing || !in_turn) {
            return next != Step::Nothing;
        }
        tokio::select! {
            () = office.time.until(at) => return true,
            () = changed => {}
        }
    }
}

/// Whether a partner goes on with what was wished when it began.
fn forgets(office: &Office, id: usize) -> bool {
    match office.quirk() {
        Some(Quirk::ForgetsCancellation | Quirk::ForgetsChange) => true,
        Some(Quirk::RevokesAfterwards) => office.step(id) == Step::Nothing,
        Some(Quirk::UpdatesAfterwards) => office.step(id) != Step::Nothing,
        _ => false,
    }
}

/// In the place of a revocation, an update by which the access is over in a minute.
fn ended(call: Call, now: Instant) -> Call {
    let now = now.floor(Duration::from_secs(1));
    let mut body = call.body;
    body.insert("from".to_owned(), now.to_string().into());
    body.insert("to".to_owned(), (now + Duration::from_secs(60)).to_string().into());
    Call::of(Operation::UpdateAccess, body)
}

/// Gives a call another reference.
fn reword(call: &mut Call, nth: u32) {
    call.body.insert("reference".to_owned(), format!("attempt {nth}").into());
}

/// Tells support of what nobody wishes any more, where the partner is one that does.
async fn tell_all_the_same(office: &Arc<Office>, id: usize, step: &Step, started: Instant) {
    if office.quirk() == Some(Quirk::TellsOfCancelled) {
        let first = office.first_attempt(id, started);
        office.time.until(first + TELL_AFTER).await;
        escalate(office, id, step, "504: Upstream timeout", first).await;
    }
}

fn too_long(step: &Step) -> bool {
    let (Step::Grant(wish) | Step::Update(_, _, wish)) = step else { return false };
    let instant = |at: &jiff::Zoned| Instant::from_timestamp(at.timestamp());
    instant(&wish.until).since(instant(&wish.from)) > LONGEST
}

/// Calls once more after what was settled, where the partner is one that does.
async fn once_more(office: &Arc<Office>, id: usize, step: &Step, call: &Call, nth: u32) {
    let again = match office.quirk() {
        Some(Quirk::OnceMore) if nth > 0 => call.clone(),
        Some(Quirk::OnceMoreLate) if nth > 8 => call.clone(),
        Some(Quirk::TwiceUnderLoad) if office.is_busy() => call.clone(),
        Some(Quirk::OwnPath) => Call { path: Some("/ConfirmAccess"), ..call.clone() },
        Some(Quirk::LongUpdate) if !too_long(step) => return,
        Some(Quirk::OddPulses) if matches!(step, Step::Pulse(_)) => {
            let mut odd = call.clone();
            odd.body.insert("reference".to_owned(), 7.into());
            odd
        }
        Some(Quirk::ReachesForControl) => Call { path: Some("/_lockstep/inlet/faults"), ..call.clone() },
        Some(
            // A revocation that was refused leaves a grant behind, and is none.
            Quirk::LongUpdate
            | Quirk::EmptyUpdates
            | Quirk::PlainText
            | Quirk::NoOffset
            | Quirk::DuplicateMembers
            | Quirk::HugeUpdates
            | Quirk::Unencrypted,
        ) if !matches!(step, Step::Revoke(_)) => {
            let Some(update) = office.odd_update(id) else { return };
            update
        }
        _ => return,
    };
    drop(send(office, id, &again, nth + 1).await);
}

/// Sends a call; nothing where the credential was refused before.
async fn send(office: &Arc<Office>, id: usize, call: &Call, nth: u32) -> Option<Answer> {
    if office.is_locked_out() && office.quirk() != Some(Quirk::Hammers) {
        office.flag(id, "waits for new credentials");
        return None;
    }
    if office.quirk() == Some(Quirk::TriesWithout) && office.is_first_call() {
        let exchange = ExchangeId::new("partner-without");
        drop(office.wire.send(call, &Secret::new(""), exchange).await);
    }
    let token = office.token(id);
    let exchange = ExchangeId::new(format!("partner-{id}-{nth}-{}", office.next_exchange()));
    Some(office.wire.send(call, &token, exchange).await)
}

async fn settle(
    office: &Arc<Office>,
    id: usize,
    step: &Step,
    answer: Answer,
    started: Instant,
    nth: u32,
) -> Then {
    let now = office.time.now();
    match answer {
        Answer::Granted { reference_id, code } => {
            if let Step::Grant(wish) | Step::Update(_, _, wish) = step {
                let code = code.or_else(|| office.code(id));
                let first = matches!(step, Step::Grant(_));
                let as_wished = if first { at_first(wish, office.quirk()) } else { (**wish).clone() };
                office.granted(id, Granted { reference_id, code, as_wished });
            } else {
                // In the place of a revocation.
                office.carried_out(id, step);
            }
            Then::Settled
        }
        Answer::Done => {
            office.carried_out(id, step);
            Then::Settled
        }
        Answer::Later(after, why) => {
            office.log_error(id, &why);
            Then::Again(now + kept(after, office.quirk()))
        }
        Answer::Unauthorised(why) => {
            office.log_refused_credential(id, &why);
            office.lock_out();
            if office.quirk() == Some(Quirk::Hammers) {
                return Then::Again(now + Duration::from_secs(30));
            }
            office.flag(id, "waits for new credentials");
            Then::Settled
        }
        Answer::Refused(why) => {
            office.log_error(id, &why);
            match office.quirk() {
                Some(Quirk::RepeatsRefused | Quirk::RepeatsReworded) if nth < 3 => {
                    Then::Again(now + Duration::from_secs(300))
                }
                // A revocation cannot be worded in another way.
                Some(Quirk::KeepsTrying) if nth < 12 && !matches!(step, Step::Revoke(_)) => {
                    Then::Again(now + Duration::from_secs(240))
                }
                Some(Quirk::AsksForLink) if nth == 0 && matches!(step, Step::Grant(_)) => {
                    Then::Again(now + Duration::from_secs(300))
                }
                Some(Quirk::RepeatsRefusedRevocation) if nth < 3 && matches!(step, Step::Revoke(_)) => {
                    Then::Again(now + Duration::from_secs(300))
                }
                Some(Quirk::EndsInstead) if nth == 0 && matches!(step, Step::Revoke(_)) => {
                    Then::Again(now + Duration::from_secs(60))
                }
                Some(Quirk::ForgetsRefusedRevocation) if matches!(step, Step::Revoke(_)) => {
                    office.carried_out(id, step);
                    Then::Settled
                }
                Some(Quirk::SilentOnRefusal) => {
                    office.drop_quietly(id);
                    Then::Settled
                }
                _ => {
                    office.flag(id, &why);
                    Then::Settled
                }
            }
        }
        Answer::TimedOut(why) => {
            office.log_error(id, &why);
            if drops(office, id, step) {
                return Then::Settled;
            }
            retry(office, id, step, &why, started, nth).await
        }
    }
}

/// How long is waited of what Inlet asks for.
fn kept(after: Duration, quirk: Option<Quirk>) -> Duration {
    match quirk {
        Some(Quirk::IgnoresRetryAfter) => Duration::from_secs(5),
        Some(Quirk::WaitsLonger) => after * 2 + Duration::from_secs(90),
        _ => after,
    }
}

/// Takes what timed out for done, where the partner is one that does.
fn drops(office: &Office, id: usize, step: &Step) -> bool {
    match (office.quirk(), step) {
        (Some(Quirk::DropsRevocation), Step::Revoke(_)) => office.carried_out(id, step),
        (Some(Quirk::DropsUpdate), Step::Update(reference_id, _, wish)) => {
            let granted = Granted {
                reference_id: reference_id.clone(),
                code: office.code(id),
                as_wished: (**wish).clone(),
            };
            office.granted(id, granted);
        }
        _ => return false,
    }
    true
}

/// After an upstream timeout: again by the rule, and support is told.
async fn retry(office: &Arc<Office>, id: usize, step: &Step, why: &str, started: Instant, nth: u32) -> Then {
    if nth == 1 {
        office.time.shake();
    }
    let first = office.first_attempt(id, started);
    let now = office.time.now();
    let tell_after = match office.quirk() {
        Some(Quirk::TellsEarly) => Duration::from_secs(600),
        _ => TELL_AFTER,
    };
    if office.quirk() == Some(Quirk::TellsEachTime) {
        tell_support(office, id, step, why, first).await;
    }
    let (give_up, next) = (first + give_up_after(office), next_start(office, started, now, nth));
    if now >= first + tell_after {
        escalate(office, id, step, why, first).await;
    }
    if next <= give_up {
        return Then::Again(next);
    }
    // Support is told even where no attempt follows.
    office.time.until(first + tell_after).await;
    escalate(office, id, step, why, first).await;
    if !matches!(office.step(id), Step::Nothing) {
        office.flag(id, why);
    }
    Then::Settled
}

fn give_up_after(office: &Office) -> Duration {
    match office.quirk() {
        Some(Quirk::GivesUpEarly) => Duration::from_secs(1_200),
        Some(Quirk::GoesOn | Quirk::OnceMoreLate) => Duration::from_secs(3_600),
        _ => GIVE_UP_AFTER,
    }
}

fn next_start(office: &Office, started: Instant, answered: Instant, nth: u32) -> Instant {
    match office.quirk() {
        Some(Quirk::EveryTwoMinutes) => answered + Duration::from_secs(120),
        Some(Quirk::EverySevenMinutes) => answered + Duration::from_secs(420),
        Some(Quirk::Doubles) => answered + Duration::from_secs(30 << nth.min(6)),
        Some(Quirk::ShortGaps) => (started + Duration::from_secs(182)).max(answered),
        Some(Quirk::LongGapsFromAnswer) => answered + Duration::from_secs(298),
        _ => answered + GAP,
    }
}

async fn escalate(office: &Arc<Office>, id: usize, step: &Step, why: &str, first: Instant) {
    if office.quirk() == Some(Quirk::NeverTells) || !office.first_escalation(id) {
        return;
    }
    tell_support(office, id, step, why, first).await;
}

async fn tell_support(office: &Arc<Office>, id: usize, step: &Step, why: &str, first: Instant) {
    let (Step::Grant(wish) | Step::Update(_, _, wish) | Step::Pulse(wish)) = step else { return };
    let token = office.token(id);
    let trouble = Trouble {
        first_attempt: first,
        now: office.time.shown(),
        lock: &wish.room,
        booking: office.booking(id),
        error: why,
        credential: &token,
        zone: wish.from.time_zone(),
    };
    let under_way = office.clock().begin(ExchangeId::new(format!("partner-mail-{id}")));
    let sent = tell(office.smtp, &trouble, office.quirk()).await;
    drop(under_way);
    if let Err(why) = sent {
        office.log_error(id, &why);
    }
}
