//! Carrying out what a request means.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Facts, FailureKind, Field, Instant, LockId, Meaning};

/// Answers to requests that named a key, so that a repetition gets the same
/// answer and does nothing. The oldest are forgotten.
#[derive(Clone, Debug, Default)]
pub struct Remembered {
    answers: HashMap<(Meaning, String), Remembrance>,
    order: VecDeque<(Meaning, String)>,
}

#[derive(Clone, Debug)]
struct Remembrance {
    asked: Facts,
    answer: Facts,
    at: Instant,
}

impl Remembered {
    /// Most keys that are kept.
    const KEPT: usize = 10_000;

    fn keep(&mut self, key: (Meaning, String), remembrance: Remembrance) {
        if self.order.len() == Self::KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.answers.remove(&oldest);
        }
        self.order.push_back(key.clone());
        self.answers.insert(key, remembrance);
    }
}

impl World {
    /// Carries out a call and answers with facts.
    pub fn perform(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        let named = self.with_lock_id(asked);
        let mut told = self.perform_once(call, named.as_ref().unwrap_or(asked))?;
        if call.reissues {
            told.merge(&self.reissue());
        }
        Ok(told)
    }

    fn perform_once(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        self.settle();
        let forgets = self.is(Quirk::ForgetsRequestKeys)
            || (self.is(Quirk::ForgetsMobileKeys) && call.meaning == Meaning::CreateMobile);
        let Some(key) = asked.text(&Field::RequestKey).filter(|_| !forgets) else {
            return self.carry_out(call, asked);
        };
        let key = (call.meaning, key.to_owned());
        let content = without_credentials(asked);
        if let Some(known) = self.remembered.answers.get(&key).filter(|known| !self.is_forgotten(known)) {
            let refused = known.asked != content || self.is(Quirk::RefusesRepeats);
            return if refused {
                Err(Refusal::new(FailureKind::Conflict, "the request key was used already"))
            } else {
                Ok(known.answer.clone())
            };
        }
        let answer = self.carry_out(call, asked)?;
        self.remembered.keep(key, Remembrance { asked: content, answer: answer.clone(), at: self.now });
        Ok(answer)
    }

    fn is_forgotten(&self, known: &Remembrance) -> bool {
        self.is(Quirk::ForgetsKeysQuickly) && self.now.since(known.at).as_secs() >= 60
    }

    /// Whether a meaning changes nothing.
    pub fn is_read(meaning: Meaning) -> bool {
        matches!(
            meaning,
            Meaning::ListGroups
                | Meaning::GetGroup
                | Meaning::ListLocks
                | Meaning::GetLock
                | Meaning::ListPins
                | Meaning::GetPin
                | Meaning::ListMobile
                | Meaning::PollJob
        )
    }

    /// The locks that a request means, by name or by its access or group.
    pub fn meant_locks(&self, asked: &Facts) -> Vec<LockId> {
        let named = self.with_lock_id(asked);
        let asked = named.as_ref().unwrap_or(asked);
        let scope = match self.known_id(asked).and_then(|id| self.accesses.find(&id)) {
            Some(index) => self.accesses.get(index).map(|access| access.scope),
            None => self.asked_scope(asked).ok(),
        };
        let locks = scope.map(|scope| self.locks_in(scope)).unwrap_or_default();
        locks.into_iter().map(|lock| LockId::new(&*self.lock_name(lock))).collect()
    }

    /// The bridges through which that goes: the one that the request names, else
    /// those of its locks.
    pub fn meant_bridges(&self, asked: &Facts) -> Vec<String> {
        if let Some(bridge) = asked.text(&Field::BridgeId) {
            return vec![bridge.to_owned()];
        }
        let locks = self.meant_locks(asked);
        let locks = locks.iter().filter_map(|lock| self.lock_index(lock));
        let bridges: BTreeSet<String> = locks.map(|lock| self.bridge_of(lock).to_string()).collect();
        bridges.into_iter().collect()
    }

    pub(super) fn carry_out(&mut self, call: Call, asked: &Facts) -> Result<Facts, Refusal> {
        if !Self::is_read(call.meaning) {
            self.revision += 1;
        }
        self.check_terms(call, asked)?;
        if call.starts_job && asks_lock(call.meaning) {
            return self.begin_asking(call, asked);
        }
        match call.meaning {
            Meaning::GetToken => self.get_token(),
            Meaning::RefreshToken => self.refresh_token(asked),
            Meaning::OpenSession => Ok(self.open_session(asked)),
            Meaning::CreateGroup => Ok(self.create_group(asked)),
            Meaning::AddLock => self.add_lock(asked),
            Meaning::SetSchedule => self.set_schedule(asked),
            Meaning::ListGroups => self.list_groups(call, asked),
            Meaning::GetGroup => self.get_group(asked),
            Meaning::ListLocks => self.list_locks(call, asked),
            Meaning::GetLock => self.get_lock(call, asked),
            Meaning::UpsertUser => self.upsert_user(asked),
            Meaning::DeleteUser => self.delete_user(asked),
            Meaning::AssignAccess => self.assign_access(call, asked),
            Meaning::SetPin => self.set_pin(call, asked),
            Meaning::ListPins => self.list_pins(call, asked),
            Meaning::GetPin => self.get_pin(asked),
            Meaning::UpdatePin => self.update_pin(asked),
            Meaning::RemovePin => self.remove_pin(asked),
            Meaning::CreateMobile => self.create_mobile(call, asked),
            Meaning::ListMobile => self.list_mobile(call, asked),
            Meaning::RemoveMobile => self.remove_mobile(call, asked),
            Meaning::Unlock | Meaning::Lock | Meaning::HoldOpen | Meaning::ReleaseHold => {
                self.actuate(call, asked)
            }
            Meaning::AlgoPin => self.algo_pin(call, asked),
            Meaning::PollJob => self.poll_job(asked),
            Meaning::RegisterCallback => self.register_callback(asked),
        }
    }
}

/// Whether a command with that meaning does no more than a call without one, but
/// at the lock and later.
fn asks_lock(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::GetLock | Meaning::ListPins | Meaning::GetPin | Meaning::UpdatePin | Meaning::RemovePin
    )
}

/// What a request asks for, whoever asks and whenever.
fn without_credentials(asked: &Facts) -> Facts {
    let mut content = asked.clone();
    let fields: Vec<Field> = content.iter().map(|(field, _)| field.clone()).collect();
    for field in fields {
        if matches!(
            field,
            Field::Secret(_)
                | Field::AuthToken
                | Field::AuthRefresh
                | Field::Now
                | Field::Nonce
                | Field::Random
        ) {
            content.remove(&field);
        }
    }
    content
}
