//! What the subject file alone tells. Pure.

use std::time::Duration;

use super::diagnosis::{Check, Heading};
use crate::harness::subject::{Given, Subject};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::Function;

/// Functions that move a bolt.
const MOVING: [Function; 3] = [Function::Unlock, Function::HoldOpen, Function::ReturnToNormal];

/// Whether locks may be moved at all, where the profile has something that moves them.
pub(super) fn allow_list(dialect: &Dialect, subject: &Subject) -> Option<Check> {
    let moves = MOVING.iter().any(|function| dialect.supports(*function));
    if !moves {
        return Some(Check::ok(Heading::AllowList, "the profile has nothing that moves a bolt"));
    }
    if subject.given == Given::AsAddress {
        return Some(nameless(Heading::AllowList));
    }
    subject.roles.actuation.is_empty().then(|| {
        let todo = "name the test locks that may be unlocked and held open: allow_actuation = [\"…\"], and among them \
                    those of locks.free";
        Check::wrong(Heading::AllowList, "allow_actuation names no lock, so nothing may be moved", todo)
    })
}

/// What only a subject file can name.
pub(super) fn nameless(heading: Heading) -> Check {
    let todo = "write a subject file and give it with --subject (`lockstep schema subject` tells what stands in one)";
    Check::unseen(heading, "a bare address names no locks, groups or tester").todo(todo)
}

/// Whether invitations have somebody to go to.
pub(super) fn tester(dialect: &Dialect, subject: &Subject) -> Check {
    if !dialect.supports(Function::CreateMobileAccess) {
        return Check::ok(Heading::Tester, "the profile sends no invitations");
    }
    if subject.given == Given::AsAddress {
        return nameless(Heading::Tester);
    }
    let todo = "name the only address that invitations may go to: [tester] email = \"…\"";
    match subject.tester_email.as_deref() {
        None => {
            Check::unseen(Heading::Tester, "no tester's address is given, so that no invitation can be sent")
                .todo(todo)
        }
        Some(email) if is_address(email) => Check::ok(Heading::Tester, format!("invitations go to {email}")),
        Some(email) => {
            Check::wrong(Heading::Tester, format!("`{email}` is no e-mail address"), todo).stopping()
        }
    }
}

/// Something before one `@`, and a host's name with a dot behind it.
fn is_address(email: &str) -> bool {
    let Some((local, host)) = email.rsplit_once('@') else { return false };
    let labels: Vec<&str> = host.split('.').collect();
    let blank = email.chars().any(|c| c.is_whitespace() || c.is_control());
    !local.is_empty()
        && !local.contains('@')
        && !blank
        && labels.len() > 1
        && labels.iter().all(|l| !l.is_empty())
}

/// Whether the limits of the subject file allow what the profile documents.
pub(super) fn time_limits(dialect: &Dialect, subject: &Subject) -> Check {
    let delays = &dialect.limits.delays;
    if subject.timeouts.read < delays.actuation {
        let seen = format!(
            "an answer may take {} s by the profile (limits.delays.actuation), and is given up after {} s",
            delays.actuation.as_secs(),
            subject.timeouts.read.as_secs()
        );
        let todo = format!("raise timeouts.read_s to {} at least", (delays.actuation + MARGIN).as_secs());
        return Check::wrong(Heading::TimeLimits, seen, todo);
    }
    let documented = [
        ("limits.delays.creation", delays.creation),
        ("limits.delays.removal", delays.removal),
        ("limits.delays.offline", delays.offline),
        ("limits.pulse", dialect.limits.pulse),
    ];
    let longer =
        documented.iter().filter(|(_, span)| *span > subject.wait_at_most).max_by_key(|(_, span)| *span);
    match longer {
        Some((name, span)) => Check::wrong(
            Heading::TimeLimits,
            format!(
                "{} s must really be waited by the profile ({name}), and {} s may be",
                span.as_secs(),
                subject.wait_at_most.as_secs()
            ),
            format!("raise timeouts.wait_at_most_s to {} at least", (*span + MARGIN).as_secs()),
        ),
        None => Check::ok(
            Heading::TimeLimits,
            format!(
                "an answer may take {} s, and {} s may really be waited: the profile asks for less",
                subject.timeouts.read.as_secs(),
                subject.wait_at_most.as_secs()
            ),
        ),
    }
}

/// Beyond what is documented, for the way there and back.
const MARGIN: Duration = Duration::from_secs(10);
