//! Inlet's desk: a PIN for each booking, however long it takes, and never two.

use std::sync::Arc;
use std::time::Duration;

use super::record::Booking;
use super::skew;
use super::under_way::Scene;
use crate::harness::integration::{CallFailure, Contact, PinAccess, PinRequest, Retries, Scope};
use crate::simulator::{Notice, Stay};
use crate::vendors::dialect::{Step, Support};
use crate::vendors::vocabulary::{FailureKind, Function, LockId, Window, Word};

/// Attempts after failures that another attempt at once can mend.
const AT_ONCE: u32 = 3;

/// A lock that is full gets room when a stay ends, which takes longer.
const FULL: u32 = 12;

/// What is done after a failure.
enum Next {
    /// Nothing that we could do helps.
    GiveUp,
    /// Another attempt, so much later.
    Again(Duration),
}

/// Makes the PIN of a guest, tells where it takes long, and tries again for as
/// long as the stay is not over.
pub(super) async fn book(scene: Arc<Scene>, guest: usize) {
    let Some(request) = request(&scene, guest) else { return };
    let mut inlet = scene.inlet.clone();
    let (mut at_once, mut is_unclear, mut is_told) = (0, false, false);
    while !is_over(&scene, guest) {
        if is_unclear && let Err(failure) = clear(&scene, guest).await {
            if failure.kind != FailureKind::Unsupported {
                scene.clock.sleep(scene.scenario.again).await;
                continue;
            }
            // A PIN that nobody has heard of harms less than a guest without one.
            if !std::mem::replace(&mut is_told, true) {
                let why = "it may have been made at the vendor, which shows no list to find it in; another one is made";
                scene.tell_of_guest(Notice::LeftBehind, guest, why.to_owned());
            }
        }
        let outcome = inlet.create_pin_access(&request).await;
        skew::compare(&scene);
        let failure = match outcome {
            Ok(access) => return made(&scene, guest, access).await,
            Err(failure) => failure,
        };
        is_unclear = !failure.not_undone.is_empty();
        note(&scene, guest, &failure);
        if failure.escalation.is_some() {
            // Support knows; from now on it is tried at intervals, and told no more.
            inlet = inlet.with_retries(Retries::Off);
        }
        at_once += u32::from(matches!(failure.kind, FailureKind::Conflict | FailureKind::Protocol));
        match next(&failure, at_once, scene.scenario.again) {
            Next::GiveUp => return,
            Next::Again(span) => scene.clock.sleep(span).await,
        }
    }
}

fn request(scene: &Scene, guest: usize) -> Option<PinRequest> {
    let known = scene.guest(guest);
    let scope = match known.stays {
        Stay::Lock(number) => Scope::Locks(vec![scene.stage.lock(number)?.clone()]),
        Stay::Group(number) => Scope::Group(scene.stage.group(number)?.clone()),
    };
    Some(PinRequest {
        user: Contact {
            reference: format!("guest-{}", guest + 1),
            name: Some(known.name.clone()),
            email: None,
        },
        scope,
        window: Window::new(scene.began + known.from, scene.began + known.until),
        pin: None,
        name: known.name.clone(),
    })
}

fn is_over(scene: &Scene, guest: usize) -> bool {
    scene.record().bookings[guest].is_cancelled || scene.elapsed() >= scene.guest(guest).until
}

/// Keeps a failure, and tells of it: of the first that there is no PIN yet, of
/// an escalation to support.
fn note(scene: &Scene, guest: usize, failure: &CallFailure) {
    let is_first = {
        let mut record = scene.record();
        let booking: &mut Booking = &mut record.bookings[guest];
        booking.failures.push((scene.elapsed(), failure.kind));
        booking.failures.len() == 1
    };
    if let Some(escalation) = &failure.escalation {
        scene.tell_of_guest(Notice::Escalation, guest, escalation.message.clone());
    }
    if is_first {
        scene.tell_of_guest(Notice::NoPin, guest, failure.to_string());
    }
}

fn next(failure: &CallFailure, at_once: u32, again: Duration) -> Next {
    match failure.kind {
        FailureKind::Offline
        | FailureKind::Busy
        | FailureKind::RateLimited
        | FailureKind::Server
        | FailureKind::UpstreamTimeout => Next::Again(failure.retry_after.unwrap_or_default().max(again)),
        FailureKind::Full => Next::Again(again * FULL),
        // The next attempt draws another PIN, or gets a whole answer.
        FailureKind::Conflict | FailureKind::Protocol if at_once <= AT_ONCE => Next::Again(Duration::ZERO),
        _ => Next::GiveUp,
    }
}

/// Withdraws what an attempt may have left, so that the next makes no second one.
async fn clear(scene: &Scene, guest: usize) -> Result<(), CallFailure> {
    let Some(lock) = scene.stage.lock(scene.guest(guest).door) else { return Ok(()) };
    let inlet = scene.inlet.with_retries(Retries::Off);
    let name = inlet.name_sent(&scene.guest(guest).name);
    for access in inlet.list_pin_access(lock).await? {
        if access.name.as_deref() == Some(name.as_str()) {
            inlet.remove_pin_access(&access).await?;
        }
    }
    Ok(())
}

/// A PIN was had. One that the vendor tells to be on its way is made once it is
/// told to be there.
async fn made(scene: &Scene, guest: usize, access: PinAccess) {
    let (mut was_told, is_cancelled) = {
        let mut record = scene.record();
        let booking = &mut record.bookings[guest];
        booking.access = Some(access.clone());
        (!booking.failures.is_empty(), booking.is_cancelled)
    };
    if is_cancelled {
        return withdraw(scene, guest).await;
    }
    if is_on_its_way(scene, &access) && !follow(scene, guest, &access, &mut was_told).await {
        return;
    }
    scene.record().bookings[guest].made = Some(scene.elapsed());
    if was_told {
        scene.tell_of_guest(Notice::PinMade, guest, "the PIN is made".to_owned());
    }
}

/// Whether the vendor told so, of a PIN that no step of its plan has waited for
/// and that can be looked at.
fn is_on_its_way(scene: &Scene, access: &PinAccess) -> bool {
    let dialect = scene.inlet.dialect();
    let waited = match dialect.function(Function::CreatePinAccess) {
        Support::Supported(plan) => plan.steps.iter().any(Step::waits_until_done),
        _ => false,
    };
    access.state == Some(Word::Pending) && !waited && dialect.supports(Function::ListPinAccess)
}

/// Looks at a PIN on its way after the documented time and then at intervals,
/// and tells that there is none yet. False where the stay was over before.
async fn follow(scene: &Scene, guest: usize, access: &PinAccess, was_told: &mut bool) -> bool {
    let Some(lock) = scene.stage.lock(scene.guest(guest).door) else { return true };
    let mut wait = scene.inlet.dialect().limits.delays.creation;
    loop {
        scene.clock.sleep(wait).await;
        if is_over(scene, guest) {
            return false;
        }
        if stands(scene, lock, access).await {
            return true;
        }
        if !std::mem::replace(was_told, true) {
            let why = "the vendor has taken the PIN, and it is not on the lock yet";
            scene.tell_of_guest(Notice::NoPin, guest, why.to_owned());
        }
        wait = scene.scenario.again;
    }
}

/// Whether the vendor tells that a PIN is on its lock. A look that fails shows nothing.
async fn stands(scene: &Scene, lock: &LockId, access: &PinAccess) -> bool {
    let listed = scene.inlet.with_retries(Retries::Off).list_pin_access(lock).await;
    let is_there = |one: &PinAccess| one.id == access.id && one.state == Some(Word::Active);
    listed.is_ok_and(|all| all.iter().any(is_there))
}

/// A stay is called off: its PIN is withdrawn, whenever that succeeds.
pub(super) async fn cancel(scene: Arc<Scene>, guest: usize) {
    scene.record().bookings[guest].is_cancelled = true;
    withdraw(&scene, guest).await;
}

async fn withdraw(scene: &Scene, guest: usize) {
    let access = scene.record().bookings[guest].access.clone();
    let Some(access) = access else { return };
    if !scene.inlet.dialect().supports(Function::RemovePinAccess) {
        return scene.tell_of_guest(Notice::LeftBehind, guest, "the vendor cannot withdraw a PIN".to_owned());
    }
    let mut is_first = true;
    while scene.elapsed() < scene.guest(guest).until {
        let failure = match scene.inlet.remove_pin_access(&access).await {
            Ok(()) => return,
            Err(failure) if failure.kind == FailureKind::NotFound => return,
            Err(failure) => failure,
        };
        if let Some(escalation) = &failure.escalation {
            scene.tell_of_guest(Notice::Escalation, guest, escalation.message.clone());
        }
        if std::mem::take(&mut is_first) {
            scene.tell_of_guest(Notice::LeftBehind, guest, failure.to_string());
        }
        match next(&failure, AT_ONCE, scene.scenario.again) {
            Next::GiveUp => return,
            Next::Again(span) => scene.clock.sleep(span.max(scene.scenario.again)).await,
        }
    }
}
