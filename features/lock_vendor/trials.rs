//! Every supported function, each exchange of it in turn with credentials that
//! must be refused: LV-04.

use std::collections::BTreeSet;
use std::time::Duration;

use super::arrange::{HOUR, MINUTE, unit};
use super::expect;
use super::world::LockVendor;
use crate::harness::integration::{
    AccessChange, CallFailure, Integration, MobileAccess, PinAccess, Tampering,
};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Condition, Dialect, Operation, Step as PlanStep, Support};
use crate::vendors::vocabulary::{AccessId, Field, Function, GroupId, LockId, Meaning, Window, Word};

/// What the functions are tried on, made with valid credentials.
pub(super) struct Trials {
    lock: LockId,
    pin: Option<PinAccess>,
    mobile: Option<MobileAccess>,
    /// The accesses on the lock that are known to be there.
    known: Option<BTreeSet<AccessId>>,
    /// Operations that no call reached.
    unreached: BTreeSet<String>,
}

impl Trials {
    /// Makes an access of each kind that can be changed and removed.
    pub(super) async fn arranged(world: &mut LockVendor) -> Result<Self, Stop> {
        let bench = world.bench()?;
        let dialect = bench.dialect();
        let lock = bench.free_lock(0)?;
        world.lock = Some(lock.clone());
        let window = world.whole_window(MINUTE, 2 * HOUR)?;
        let mut trials =
            Self { lock: lock.clone(), pin: None, mobile: None, known: None, unreached: BTreeSet::new() };
        if dialect.supports(Function::CreatePinAccess) {
            let request = world.pin_request(&lock, window)?;
            trials.pin = world.ask_for(request).await?.ok();
            bench.pass(dialect.limits.delays.creation).await?;
        }
        if dialect.supports(Function::CreateMobileAccess) && bench.tester_email().is_ok() {
            let request = super::mobile::request(world, &lock, window)?;
            trials.mobile = bench.create_mobile(bench.inlet(), &request).await.ok();
        }
        trials.known = world.listed_ids(&lock).await?.map(BTreeSet::from_iter);
        Ok(trials)
    }

    /// Calls a function that uses the operation, tampered with, and keeps what
    /// came of it as one of the scenario's calls.
    pub(super) async fn try_operation(
        &mut self,
        world: &mut LockVendor,
        operation: &Operation,
        with: &Tampering,
        how: &str,
    ) -> Step {
        let bench = world.bench()?;
        let inlet = bench.inlet().with_tampering(operation.name(), with.clone());
        for function in users(bench.dialect(), operation) {
            let bare = matches!(with, Tampering::Bare) && !operation.is_authenticated();
            if bare && is_authenticated(bench.dialect(), function) {
                world.warn(
                    format!("`{}` carries no credential", operation.name()),
                    "a credential in every exchange",
                    format!("only other exchanges of “{}” carry one", function.title()),
                );
                return Ok(());
            }
            let mark = bench.recorder().mark();
            let Some(result) = self.call(world, &inlet, function, operation).await? else { continue };
            let reached = bench.recorder().since(mark);
            if !reached.iter().any(|exchange| exchange.operation == operation.name()) {
                // The door may be held open now, which is none of the next call's doing.
                back_to_normal(world, function).await?;
                continue;
            }
            self.unreached.remove(operation.name());
            let doing = format!("“{}” with `{}` sent {how}", function.title(), operation.name());
            let refused = result.is_err();
            world.calls.push((doing.clone(), result));
            self.nothing_came(world, operation, function, refused, &doing).await?;
            return self.nothing_moved(world, operation, function, refused, &doing).await;
        }
        self.unreached.insert(operation.name().to_owned());
        Ok(())
    }

    /// What could not be tried is said; nothing tried at all tells nothing.
    pub(super) fn finish(self, world: &LockVendor) -> Step {
        if !self.unreached.is_empty() {
            let names: Vec<String> = self.unreached.into_iter().collect();
            world.warn(
                "some exchanges could not be tried with wrong or missing credentials",
                "every exchange of every supported function",
                names.join(", "),
            );
        }
        if world.calls.is_empty() {
            return Err(Stop::Inconclusive("no exchange could be tried".to_owned()));
        }
        world.remark(format!("{} exchanges tried", world.calls.len()));
        Ok(())
    }

    /// One call; `None` where what it needs is not there.
    async fn call(
        &self,
        world: &mut LockVendor,
        inlet: &Integration,
        function: Function,
        operation: &Operation,
    ) -> Result<Option<Result<(), CallFailure>>, Stop> {
        let bench = world.bench()?;
        let lock = &self.lock;
        let commands = matches!(function, Function::Unlock | Function::HoldOpen | Function::ReturnToNormal);
        if commands && bench.actuates(lock).is_err() {
            return Ok(None);
        }
        Ok(Some(match function {
            Function::ListAccessGroups => inlet.list_access_groups().await.map(drop),
            Function::ListLocks => {
                let group = of_group(world, operation).await?;
                inlet.list_locks(group.as_ref()).await.map(drop)
            }
            Function::GetLockStatus => inlet.get_lock_status(lock).await.map(drop),
            Function::CreatePinAccess => {
                let window = world.whole_window(MINUTE, 2 * HOUR)?;
                bench.create_pin(inlet, &world.pin_request(lock, window)?).await.map(drop)
            }
            Function::ListPinAccess => inlet.list_pin_access(lock).await.map(drop),
            Function::ChangePinAccess => {
                let Some(access) = &self.pin else { return Ok(None) };
                let window = world.whole_window(MINUTE, 3 * HOUR + unit(&bench.dialect().limits))?;
                let change = AccessChange { window: Some(window), scope: None };
                inlet.change_pin_access(access, &change).await.map(drop)
            }
            Function::RemovePinAccess => {
                let Some(access) = &self.pin else { return Ok(None) };
                inlet.remove_pin_access(access).await
            }
            Function::CreateMobileAccess => {
                if bench.tester_email().is_err() {
                    return Ok(None);
                }
                let window = world.whole_window(MINUTE, 2 * HOUR)?;
                let request = super::mobile::request(world, lock, window)?;
                bench.create_mobile(inlet, &request).await.map(drop)
            }
            Function::ListMobileAccess => {
                let Some(access) = &self.mobile else { return Ok(None) };
                inlet.list_mobile_access(access).await.map(drop)
            }
            Function::RemoveMobileAccess => {
                let Some(access) = &self.mobile else { return Ok(None) };
                inlet.remove_mobile_access(access).await
            }
            Function::Unlock => inlet.unlock(lock).await,
            Function::HoldOpen => {
                let longest = bench.dialect().limits.hold_max.unwrap_or(10 * MINUTE);
                inlet.hold_open(lock, longest.min(10 * MINUTE)).await.map(drop)
            }
            Function::ReturnToNormal => inlet.return_to_normal(lock).await,
            Function::AlgoPin => {
                let limits = bench.dialect().limits.algo_pin.as_ref();
                let unit = limits.and_then(|limits| limits.rounding).unwrap_or(HOUR);
                let from = (bench.now() + MINUTE).ceil(unit);
                let span = algo_span(bench.dialect(), operation).unwrap_or(2 * unit);
                inlet.algo_pin(lock, Window::new(from, from + span)).await.map(drop)
            }
        }))
    }

    /// A refused creation must leave nothing on the lock. Only the exchange that
    /// creates is answerable for that; whatever appears is taken back in the end.
    async fn nothing_came(
        &mut self,
        world: &LockVendor,
        operation: &Operation,
        function: Function,
        refused: bool,
        doing: &str,
    ) -> Step {
        let Some(known) = &mut self.known else { return Ok(()) };
        if function != Function::CreatePinAccess {
            return Ok(());
        }
        let bench = world.bench()?;
        bench.pass(bench.dialect().limits.delays.creation).await?;
        let listed = world.listed(&self.lock).await?.unwrap_or_default();
        let fresh: Vec<PinAccess> = listed.into_iter().filter(|item| !known.contains(&item.id)).collect();
        for access in &fresh {
            bench.created_pin(access);
            known.insert(access.id.clone());
        }
        let begins = first_creation(bench.dialect()) == Some(operation.name());
        match fresh.first() {
            Some(access) if refused && begins => Err(Stop::fail(
                format!("{doing} was refused and carried out all the same"),
                "nothing is created",
                format!("access `{}` on the lock", access.id),
            )),
            _ => Ok(()),
        }
    }

    /// A refused command must not move the bolt. A person is not asked for each.
    async fn nothing_moved(
        &self,
        world: &LockVendor,
        operation: &Operation,
        function: Function,
        refused: bool,
        doing: &str,
    ) -> Step {
        let bench = world.bench()?;
        let dialect = bench.dialect();
        let command = matches!(operation.meaning(), Meaning::Unlock | Meaning::HoldOpen);
        if command && refused && bench.is_simulated() {
            bench.pass(dialect.limits.delays.actuation).await?;
            if bench.bolt(&self.lock).await? == Word::Unlocked {
                return Err(Stop::fail(
                    format!("{doing} was refused and carried out all the same"),
                    "the bolt stays thrown",
                    Word::Unlocked.as_str(),
                ));
            }
        }
        // Where another exchange of the plan was tampered with, the door was opened
        // rightly, or an earlier one has begun to bring it back.
        let names = dialect.function(function).operations();
        let begun = function == Function::ReturnToNormal && names.first() != Some(&operation.name());
        if function == Function::HoldOpen && !command {
            return back_to_normal(world, function).await;
        }
        if begun {
            return back_to_normal(world, Function::HoldOpen).await;
        }
        Ok(())
    }
}

/// Ends a hold that a call has begun.
async fn back_to_normal(world: &LockVendor, function: Function) -> Step {
    let bench = world.bench()?;
    if function != Function::HoldOpen || !bench.dialect().supports(Function::ReturnToNormal) {
        return Ok(());
    }
    bench
        .inlet()
        .return_to_normal(&world.lock()?)
        .await
        .map_err(|failure| Stop::Inconclusive(format!("the lock could not be returned to normal: {failure}")))
}

/// A group, where the operation is for the locks of one only.
async fn of_group(world: &LockVendor, operation: &Operation) -> Result<Option<GroupId>, Stop> {
    let bench = world.bench()?;
    let needs =
        operation.request_holes().iter().any(|(_, hole)| hole.field == Field::GroupId && !hole.optional);
    if !needs {
        return Ok(None);
    }
    let groups = expect::success("listing the groups", bench.inlet().list_access_groups().await)?;
    Ok(groups.into_iter().next().map(|group| group.id))
}

/// The shortest window for which a computed PIN is asked for by the operation,
/// where that depends on the window.
fn algo_span(dialect: &Dialect, operation: &Operation) -> Option<Duration> {
    let Support::Supported(plan) = dialect.function(Function::AlgoPin) else { return None };
    plan.steps.iter().find_map(|step| match step {
        PlanStep::Guarded { guard, step } => match (&guard.when, step.as_ref()) {
            (Some(Condition::Window { at_least, .. }), PlanStep::Call { operation: name, .. })
                if name == operation.name() =>
            {
                *at_least
            }
            _ => None,
        },
        _ => None,
    })
}

/// The supported functions that send the operation; for a token operation those
/// that send a token.
fn users(dialect: &Dialect, operation: &Operation) -> Vec<Function> {
    let is_token = dialect.auth.token_operation.as_deref() == Some(operation.name());
    let uses = |function: &Function| {
        let names = dialect.function(*function).operations();
        names.contains(&operation.name()) || (is_token && dialect.asks_with(*function, &Field::AuthToken))
    };
    Function::ALL.iter().copied().filter(uses).collect()
}

fn is_authenticated(dialect: &Dialect, function: Function) -> bool {
    let names = dialect.function(function).operations();
    names.iter().filter_map(|name| dialect.operation(name)).any(Operation::is_authenticated)
}

fn creates(meaning: Meaning) -> bool {
    matches!(meaning, Meaning::AssignAccess | Meaning::SetPin)
}

/// The exchange before which a PIN's plan has created nothing on a lock.
fn first_creation(dialect: &Dialect) -> Option<&str> {
    let names = dialect.function(Function::CreatePinAccess).operations();
    names.into_iter().find(|name| dialect.operation(name).is_some_and(|known| creates(known.meaning())))
}
