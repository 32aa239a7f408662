//! What a run created, and how it is taken back.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::harness::integration::{
    CallFailure, Integration, MAY_HAVE_BEEN_DONE, MobileAccess, PinAccess, Scope,
};
use crate::harness::result::Leftover;
use crate::vendors::vocabulary::{FailureKind, Function, LockId, UserId, Word};

/// The longest that taking one thing back may take on the machine's own clock.
const EACH_WITHIN: Duration = Duration::from_secs(60);

/// Something that must not outlive the run.
#[derive(Clone, Debug, PartialEq)]
pub enum Created {
    /// A user that was made for an access.
    User(UserId),
    /// A PIN.
    Pin(PinAccess),
    /// A mobile key.
    Mobile(MobileAccess),
    /// A lock that was unlocked or held open.
    Actuated(LockId),
}

/// A creation that is about to be sent, or whose end is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    what: &'static str,
    /// The name that it bears at the vendor.
    name: String,
    locks: Vec<LockId>,
    place: String,
    /// What was told of steps that could not be taken back.
    not_undone: Vec<String>,
}

impl Intent {
    pub(super) fn new(what: &'static str, name: String, scope: &Scope) -> Self {
        let (locks, place) = match scope {
            Scope::Locks(locks) => {
                let place = locks.iter().map(LockId::as_str).collect::<Vec<_>>().join(", ");
                (locks.clone(), place)
            }
            Scope::Group(group) => (Vec::new(), group.to_string()),
        };
        Self { what, name, locks, place, not_undone: Vec::new() }
    }

    fn left(&self, why: String) -> Leftover {
        Leftover { what: self.what.to_owned(), id: self.name.clone(), place: self.place.clone(), why }
    }
}

/// Everything that a run created or may have; clones share it.
#[derive(Clone, Default)]
pub struct Creations(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    created: Vec<Created>,
    /// What could not be taken back at once, and why; tried again at the end.
    stuck: Vec<Created>,
    intents: BTreeMap<u64, Intent>,
    intended: u64,
}

impl Creations {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps one in mind.
    pub fn add(&self, created: Created) {
        self.state().created.push(created);
    }

    /// Takes the youngest of its like out of mind.
    pub fn forget(&self, created: &Created) {
        let mut state = self.state();
        if let Some(at) = state.created.iter().rposition(|kept| kept == created) {
            state.created.remove(at);
        }
    }

    /// Keeps in mind what is about to be created.
    pub(super) fn intend(&self, intent: Intent) -> u64 {
        let mut state = self.state();
        state.intended += 1;
        let number = state.intended;
        state.intents.insert(number, intent);
        number
    }

    /// What was intended has come to be; its user is taken back after it.
    pub(super) fn became(&self, intent: u64, user: Option<UserId>, created: Created) {
        let mut state = self.state();
        state.intents.remove(&intent);
        state.created.extend(user.map(Created::User));
        state.created.push(created);
    }

    /// What was intended has failed: forgotten where nothing can be left of it.
    pub(super) fn failed(&self, intent: u64, failure: &CallFailure) {
        let mut state = self.state();
        if is_clear_refusal(failure) {
            state.intents.remove(&intent);
        } else if let Some(kept) = state.intents.get_mut(&intent) {
            kept.not_undone.clone_from(&failure.not_undone);
        }
    }

    /// Takes those since the last time, the youngest first.
    fn take(&self) -> Vec<Created> {
        let mut all = std::mem::take(&mut self.state().created);
        all.reverse();
        all.dedup();
        all
    }

    fn take_stuck(&self) -> Vec<Created> {
        std::mem::take(&mut self.state().stuck)
    }

    fn take_intents(&self) -> Vec<Intent> {
        std::mem::take(&mut self.state().intents).into_values().collect()
    }
}

/// Whether a failure says that nothing was carried out.
pub(super) fn is_clear_refusal(failure: &CallFailure) -> bool {
    use FailureKind as K;
    let refused = matches!(
        failure.kind,
        K::Credentials | K::Forbidden | K::NotFound | K::Invalid | K::Conflict | K::Full | K::Offline
    );
    (refused || failure.kind == K::Unsupported) && failure.not_undone.is_empty()
}

/// Takes back what was created since the last time; what could not be is kept
/// for the end.
pub async fn tidy(inlet: &Integration, creations: &Creations) {
    for created in creations.take() {
        if undone(inlet, &created).await.is_err() {
            let mut state = creations.state();
            if !state.stuck.contains(&created) {
                state.stuck.push(created);
            }
        }
    }
}

/// Takes back what was created; what could not be is listed with why.
pub async fn clean(inlet: &Integration, creations: &Creations) -> Vec<Leftover> {
    tidy(inlet, creations).await;
    let mut leftovers = Vec::new();
    for created in creations.take_stuck() {
        if let Err(why) = undone(inlet, &created).await {
            leftovers.push(left(&created, why));
        }
    }
    for intent in creations.take_intents() {
        leftovers.extend(resolved(inlet, &intent).await);
    }
    leftovers
}

async fn undone(inlet: &Integration, created: &Created) -> Result<(), String> {
    let work = inlet.clocks().harness.drive(undo(inlet, created));
    match tokio::time::timeout(EACH_WITHIN, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err("the vendor did not answer in time".to_owned()),
    }
}

/// Looks by its name for what may have been created, and removes it.
async fn resolved(inlet: &Integration, intent: &Intent) -> Vec<Leftover> {
    let looked = inlet.clocks().harness.drive(look_for(inlet, intent));
    let found = match tokio::time::timeout(EACH_WITHIN, looked).await {
        Ok(found) => found,
        Err(_) => Err("the vendor did not answer in time".to_owned()),
    };
    let mut leftovers = Vec::new();
    match found {
        Ok(found) => {
            for pin in found {
                let created = Created::Pin(pin);
                if let Err(why) = undone(inlet, &created).await {
                    leftovers.push(left(&created, why));
                }
            }
        }
        Err(why) => {
            leftovers
                .push(intent.left(format!("its creation was cut off and may have been carried out; {why}")));
        }
    }
    // What a compensation could not take back is no access that a list shows.
    let told = intent.not_undone.iter().filter(|line| !line.contains(MAY_HAVE_BEEN_DONE));
    leftovers.extend(told.map(|line| intent.left(line.clone())));
    leftovers
}

async fn look_for(inlet: &Integration, intent: &Intent) -> Result<Vec<PinAccess>, String> {
    let listable = intent.what == "PIN access" && inlet.dialect().supports(Function::ListPinAccess);
    if !listable || intent.locks.is_empty() {
        return Err("the vendor does not list it by its lock".to_owned());
    }
    let mut found = Vec::new();
    for lock in &intent.locks {
        let listed = inlet.list_pin_access(lock).await.map_err(|failure| failure.to_string())?;
        if !listed.is_empty() && listed.iter().all(|pin| pin.name.is_none()) {
            return Err("the vendor lists no names, so it cannot be found".to_owned());
        }
        found.extend(listed.into_iter().filter(|pin| pin.name.as_deref() == Some(&intent.name)));
    }
    Ok(found)
}

async fn undo(inlet: &Integration, created: &Created) -> Result<(), String> {
    match created {
        Created::User(user) => gone(inlet.remove_user(user).await),
        Created::Pin(access) => gone(inlet.remove_pin_access(access).await),
        Created::Mobile(access) => gone(inlet.remove_mobile_access(access).await),
        Created::Actuated(lock) => back_to_normal(inlet, lock).await,
    }
}

/// Removed, or not there any more.
fn gone(outcome: Result<(), CallFailure>) -> Result<(), String> {
    match outcome {
        Ok(()) => Ok(()),
        Err(failure) if failure.kind == FailureKind::NotFound => Ok(()),
        Err(failure) => Err(failure.to_string()),
    }
}

async fn back_to_normal(inlet: &Integration, lock: &LockId) -> Result<(), String> {
    if inlet.dialect().supports(Function::ReturnToNormal) {
        match inlet.return_to_normal(lock).await {
            Ok(()) => return Ok(()),
            // A lock that says that it is locked needs nothing more.
            Err(failure) if !is_locked(inlet, lock).await => return Err(failure.to_string()),
            Err(_) => return Ok(()),
        }
    }
    match inlet.get_lock_status(lock).await {
        Ok(status) if status.bolt == Some(Word::Locked) => Ok(()),
        Ok(_) => Err("the vendor has no return to normal and does not say that it is locked".to_owned()),
        Err(failure) => Err(failure.to_string()),
    }
}

async fn is_locked(inlet: &Integration, lock: &LockId) -> bool {
    inlet.get_lock_status(lock).await.is_ok_and(|status| status.bolt == Some(Word::Locked))
}

fn left(created: &Created, why: String) -> Leftover {
    let (what, id, place) = match created {
        Created::User(user) => ("user", user.to_string(), None),
        Created::Pin(access) => ("PIN access", access.id.to_string(), access.name.clone()),
        Created::Mobile(access) => ("mobile key", access.id.to_string(), None),
        Created::Actuated(lock) => ("hold", lock.to_string(), Some(lock.to_string())),
    };
    Leftover { what: what.to_owned(), id, place: place.unwrap_or_default(), why }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent() -> Intent {
        Intent::new("PIN access", "r7 pin".to_owned(), &Scope::Locks(vec![LockId::new("1")]))
    }

    fn failure(kind: FailureKind, not_undone: &[&str]) -> CallFailure {
        CallFailure {
            kind,
            message: String::new(),
            operation: "assign_access".to_owned(),
            exchanges: Vec::new(),
            transport: None,
            mismatch: None,
            retry_after: None,
            escalation: None,
            not_undone: not_undone.iter().map(|line| (*line).to_owned()).collect(),
            unfinished: false,
            unsent: false,
        }
    }

    #[test]
    fn only_a_clear_refusal_is_forgotten() {
        let check = |failure: &CallFailure, kept: usize| {
            let creations = Creations::default();
            let number = creations.intend(intent());
            creations.failed(number, failure);
            assert_eq!(creations.take_intents().len(), kept, "{failure:?}");
        };
        check(&failure(FailureKind::Invalid, &[]), 0);
        check(&failure(FailureKind::Offline, &[]), 0);
        check(&failure(FailureKind::Offline, &["upsert_user: busy"]), 1);
        check(&failure(FailureKind::UpstreamTimeout, &[]), 1);
        check(&failure(FailureKind::Protocol, &[]), 1);
    }

    #[test]
    fn an_interrupted_creation_stays_intended_and_a_user_goes_after_its_access() {
        let creations = Creations::default();
        creations.intend(intent());
        let number = creations.intend(intent());
        let moved = Created::Actuated(LockId::new("1"));
        creations.became(number, Some(UserId::new("7")), moved.clone());
        assert_eq!(creations.take_intents().len(), 1);
        creations.add(moved.clone());
        creations.forget(&moved);
        assert_eq!(creations.take(), [moved, Created::User(UserId::new("7"))]);
    }
}
