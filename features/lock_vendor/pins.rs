//! Creating PINs: LV-40, LV-41, LV-47, LV-99.

use cucumber::step::Collection;

use super::arrange::{HOUR, MINUTE, SECOND, documented};
use super::expect;
use super::world::LockVendor;
use crate::harness::integration::{Contact, PinAccess, PinRequest};
use crate::harness::trial::{Step, Stop};
use crate::vendors::dialect::{Dialect, Step as PlanStep, Support};
use crate::vendors::profile::{ChosenBy, OfflinePolicy};
use crate::vendors::vocabulary::{Function, LockId, Meaning, Window, Word};

pub(super) fn steps(collection: Collection<LockVendor>) -> Collection<LockVendor> {
    crate::steps! { collection;
        when "a PIN is created for the next two hours" => create_for_two_hours;
        then "the vendor confirms the PIN" => confirmed;
        then "the keys that the guest types are known" => keys_known;
        then "the validity that the vendor tells is the one asked for" => validity_told;
        given "the vendor declares how PINs are given" => model_declared;
        when "the same guest gets a second PIN" => second_pin;
        then "the PIN is in force on its lock" => last_in_force;
        then "both PINs are in force" => all_in_force;
        when "a PIN is created under a name in many scripts" => odd_name;
        when "a PIN is created under the longest documented name" => longest_name;
        then "the vendor keeps the name as it was" => name_kept;
        when "a PIN is created with an opaque reference and nothing else" => opaque_reference;
    }
}

async fn create_for_two_hours(world: &mut LockVendor) -> Step {
    world.create_for_two_hours().await.map(drop)
}

/// Listed, or confirmed by the command's own end, or by the door itself.
async fn confirmed(world: &mut LockVendor) -> Step {
    let access = world.pin(0)?;
    let lock = world.lock()?;
    let bench = world.bench()?;
    bench.pass(bench.dialect().limits.delays.creation).await?;
    if let Some(item) = settled(world, &access, &lock, world.request(0)?.window).await? {
        if item.state == Some(Word::Failed) {
            return Err(Stop::fail("the PIN is listed as failed", "a PIN in force", "state `failed`"));
        }
        world.remark("confirmed by the list of the lock's PINs");
        return Ok(());
    }
    if waits_for_confirmation(world)? || access.state == Some(Word::Active) {
        world.remark("confirmed by the vendor's answer");
        return Ok(());
    }
    let window = world.request(0)?.window;
    world.until_in_force(window).await?;
    let keys = world.keys(&access)?;
    world.must_open(&lock, &keys, "although the vendor had confirmed the PIN").await?;
    world.remark("confirmed at the door");
    Ok(())
}

/// The access as the lock's list has it once it can be pending no more: after
/// the documented time for a creation and, where it is pending then, after its
/// window has begun. `None` where the vendor lists no PINs.
async fn settled(
    world: &LockVendor,
    access: &PinAccess,
    lock: &LockId,
    window: Window,
) -> Result<Option<PinAccess>, Stop> {
    let Some(item) = listed_item(world, access, lock).await? else { return Ok(None) };
    if item.state != Some(Word::Pending) {
        return Ok(Some(item));
    }
    // A vendor may bring a PIN to its lock only when its window begins.
    let bench = world.bench()?;
    if bench.now() < window.from + SECOND {
        world.pass_until(window.from + SECOND).await?;
        bench.pass(bench.dialect().limits.delays.creation).await?;
    }
    let Some(item) = listed_item(world, access, lock).await? else { return Ok(None) };
    if item.state != Some(Word::Pending) {
        return Ok(Some(item));
    }
    if bench.dialect().limits.pin.offline == OfflinePolicy::Defer && !bench.is_simulated() {
        let dialect = bench.dialect();
        if dialect.supports(Function::GetLockStatus)
            && super::status::status_of(world, lock).await?.reachable == Some(false)
        {
            return Err(Stop::Inconclusive(
                "the test lock is offline, for which the vendor declares that PINs are deferred".to_owned(),
            ));
        }
    }
    Err(Stop::fail(
        "a PIN is still pending after the documented time for a creation",
        format!(
            "in force {} s after its creation or the start of its window",
            bench.dialect().limits.delays.creation.as_secs()
        ),
        "state `pending`",
    ))
}

/// The access in the lock's list, where it must be.
async fn listed_item(
    world: &LockVendor,
    access: &PinAccess,
    lock: &LockId,
) -> Result<Option<PinAccess>, Stop> {
    let Some(listed) = world.listed(lock).await? else { return Ok(None) };
    let others = listed.len();
    match listed.into_iter().find(|item| item.id == access.id) {
        Some(item) => Ok(Some(item)),
        None => Err(Stop::fail(
            "a PIN was said to be created, but the lock's list does not hold it",
            format!("access `{}` in the list", access.id),
            format!("{others} others"),
        )),
    }
}

/// Whether the plan waits until the vendor says that it is done.
fn waits_for_confirmation(world: &LockVendor) -> Result<bool, Stop> {
    let bench = world.bench()?;
    Ok(match bench.dialect().function(Function::CreatePinAccess) {
        Support::Supported(plan) => plan.steps.iter().any(PlanStep::waits_until_done),
        _ => false,
    })
}

async fn keys_known(world: &mut LockVendor) -> Step {
    let access = world.pin(0)?;
    let keys = world.keys(&access)?;
    let bench = world.bench()?;
    let rules = &bench.dialect().limits.pin;
    let text = keys.keys();
    let framed = text.starts_with(rules.prefix.as_str()) && text.ends_with(rules.suffix.as_str());
    let bare =
        text.chars().count().saturating_sub(rules.prefix.chars().count() + rules.suffix.chars().count());
    if framed && bare > 0 {
        return Ok(());
    }
    Err(Stop::fail(
        "the PIN does not come with the keys around it that the keypad asks for",
        format!("`{}`, the PIN, `{}`", rules.prefix, rules.suffix),
        "other keys around it",
    ))
}

async fn validity_told(world: &mut LockVendor) -> Step {
    let access = world.pin(0)?;
    let asked = world.request(0)?.window;
    let lock = world.lock()?;
    let listed = world.listed(&lock).await?;
    let from_list = listed.and_then(|all| all.into_iter().find(|item| item.id == access.id));
    match from_list.and_then(|item| item.window).or(access.window) {
        Some(told) => same_window(world, told, asked),
        None => Err(Stop::NotApplicable(
            "the vendor tells no validity; that it holds is judged at the door (LV-42)".to_owned(),
        )),
    }
}

/// A told window must be the asked one, as the documented rounding makes it.
pub(super) fn same_window(world: &LockVendor, told: Window, asked: Window) -> Step {
    let bench = world.bench()?;
    let expected = documented(asked, &bench.dialect().limits).unwrap_or(asked);
    if told == expected {
        return Ok(());
    }
    Err(Stop::fail(
        "the validity that the vendor tells is not the one asked for",
        format!("{} to {}", expected.from, expected.until),
        format!("{} to {}", told.from, told.until),
    ))
}

async fn model_declared(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let dialect = bench.dialect();
    let names = dialect.function(Function::CreatePinAccess).operations();
    let has = |meaning: Meaning| {
        names
            .iter()
            .filter_map(|name| dialect.operation(name))
            .any(|operation| operation.meaning() == meaning)
    };
    if has(Meaning::UpsertUser) && (has(Meaning::AssignAccess) || has(Meaning::SetPin)) {
        world.remark("PINs belong to users (the preferred model)");
        return Ok(());
    }
    if has(Meaning::SetPin) || has(Meaning::AssignAccess) || has(Meaning::AlgoPin) {
        world.remark("PINs are set directly on a lock (the fallback)");
        return Ok(());
    }
    Err(Stop::fail(
        "the statement shows neither model of giving PINs",
        "a user with access and a PIN, or a PIN set directly on a lock",
        format!("the exchanges {}", expect::some_of(names)),
    ))
}

/// Whether a plan makes people first, who then get PINs.
fn makes_users(dialect: &Dialect) -> bool {
    let names = dialect.function(Function::CreatePinAccess).operations();
    let mut operations = names.iter().filter_map(|name| dialect.operation(name));
    operations.any(|operation| operation.meaning() == Meaning::UpsertUser)
}

async fn second_pin(world: &mut LockVendor) -> Step {
    world.create_for_two_hours().await?;
    let first = world.request(0)?;
    let bench = world.bench()?;
    let lock = bench.free_lock(1).or_else(|_| bench.free_lock(0))?;
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let mut request = world.pin_request(&lock, window)?;
    let other_lock = request.scope != first.scope;
    request.user = first.user;
    world.create(request).await?;
    let (first, second) = (world.pin(0)?, world.pin(1)?);
    // Where a PIN stands for itself, whatever person the vendor keeps behind it
    // is the PIN's, not the guest's.
    let has_users = makes_users(world.bench()?.dialect());
    match (&first.user, &second.user) {
        (Some(one), Some(other)) if has_users && one != other => Err(Stop::fail(
            "a returning guest became a second user",
            format!("user `{one}` again"),
            format!("user `{other}`"),
        )),
        // The number of a place says nothing beyond its lock.
        _ if first.id == second.id && !(bench.dialect().limits.pin.slots.is_some() && other_lock) => {
            Err(Stop::fail(
                "the second PIN took the place of the first",
                "two accesses",
                format!("the same id `{}` twice", first.id),
            ))
        }
        _ => Ok(()),
    }
}

/// The PIN opens its lock; where nobody can type, the vendor lists it.
async fn in_force(world: &mut LockVendor, nth: usize) -> Step {
    let (access, request) = (world.pin(nth)?, world.request(nth)?);
    let lock = scope_lock(&request.scope)?;
    world.until_in_force(request.window).await?;
    let bench = world.bench()?;
    let keys = world.keys(&access)?;
    match bench.type_keys(&lock, &keys).await {
        Ok(tried) if tried.opened => Ok(()),
        Ok(tried) => Err(Stop::fail("a PIN that was created does not open", "the door opens", tried.why)),
        Err(missing) => listed_in_force(world, &access, &request, &lock, &missing.to_string()).await,
    }
}

/// Without a keypad: in force is what the vendor's list calls active, or lists
/// without a state.
async fn listed_in_force(
    world: &LockVendor,
    access: &PinAccess,
    request: &PinRequest,
    lock: &LockId,
    missing: &str,
) -> Step {
    let Some(item) = settled(world, access, lock, request.window).await? else {
        return Err(Stop::Inconclusive(missing.to_owned()));
    };
    match item.state {
        None | Some(Word::Active) => {
            world.remark(format!("judged by the vendor's list: {missing}"));
            Ok(())
        }
        Some(Word::Failed) => Err(Stop::fail(
            "a PIN that was created is reported as failed",
            "a PIN in force",
            "state `failed`",
        )),
        Some(other) => {
            Err(Stop::Inconclusive(format!("the vendor lists the PIN as {}, and {missing}", other.as_str())))
        }
    }
}

/// The one lock of a request's scope.
pub(super) fn scope_lock(scope: &crate::harness::integration::Scope) -> Result<LockId, Stop> {
    match scope {
        crate::harness::integration::Scope::Locks(locks) => locks.first().cloned(),
        crate::harness::integration::Scope::Group(_) => None,
    }
    .ok_or_else(|| Stop::Error("the request names no lock".to_owned()))
}

async fn last_in_force(world: &mut LockVendor) -> Step {
    let last = world.pins.len().checked_sub(1).ok_or_else(|| Stop::Error("no PIN was created".to_owned()))?;
    in_force(world, last).await
}

async fn all_in_force(world: &mut LockVendor) -> Step {
    if world.pins.len() < 2 {
        return Err(Stop::Error("two PINs were to be created".to_owned()));
    }
    for nth in 0..world.pins.len() {
        in_force(world, nth).await?;
    }
    Ok(())
}

async fn create_named(world: &mut LockVendor, name: String) -> Step {
    let lock = world.bench()?.free_lock(0)?;
    world.lock = Some(lock.clone());
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let mut request = world.pin_request(&lock, window)?;
    request.user.name = Some(name.clone());
    request.name = name;
    world.create(request).await.map(drop)
}

/// Signs of several scripts, with a combining accent and one beyond 16 bits.
const MANY_SCRIPTS: &str = "Ærlig Ñ Ωμ Дом 北京 e\u{301} 🗝";

/// A name by which a sweep still finds what a run has left.
const SHORT_NAME: &str = "lockstep-n";

/// A name that bears the run's: what does not is renamed on its way out, so
/// that it can be swept.
fn named_after_run(world: &mut LockVendor, longest: usize) -> Result<String, Stop> {
    let whole = world.fresh_name("n")?;
    // Where the run's name would fill the vendor's, its first word alone is swept by.
    let name = if whole.chars().count() > longest { SHORT_NAME.to_owned() } else { whole };
    if name.chars().count() > longest {
        return Err(Stop::Inconclusive(format!(
            "names of {longest} signs are too short for the name of the run, by which it is swept"
        )));
    }
    Ok(name)
}

async fn odd_name(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let longest = bench.dialect().limits.name_length.map_or(usize::MAX, |length| length as usize);
    let name = named_after_run(world, longest)?;
    let name: String = format!("{name} {MANY_SCRIPTS}").chars().take(longest).collect();
    create_named(world, name.trim_end().to_owned()).await
}

async fn longest_name(world: &mut LockVendor) -> Step {
    let bench = world.bench()?;
    let Some(longest) = bench.dialect().limits.name_length else {
        return Err(Stop::NotApplicable("the vendor documents no longest name".to_owned()));
    };
    let longest = longest as usize;
    let mut name = named_after_run(world, longest)?;
    while name.chars().count() < longest {
        name.push('é');
    }
    create_named(world, name).await
}

async fn name_kept(world: &mut LockVendor) -> Step {
    let (access, asked) = (world.pin(0)?, world.bench()?.inlet().name_sent(&world.request(0)?.name));
    let lock = world.lock()?;
    let listed = world.listed(&lock).await?;
    let item = listed.and_then(|all| all.into_iter().find(|item| item.id == access.id));
    match item.and_then(|item| item.name).or(access.name) {
        Some(kept) if kept == asked => Ok(()),
        Some(kept) => Err(Stop::fail("the vendor changed a name", asked, kept)),
        None => Err(Stop::Inconclusive("the vendor tells the name nowhere".to_owned())),
    }
}

async fn opaque_reference(world: &mut LockVendor) -> Step {
    let lock = world.bench()?.free_lock(0)?;
    world.lock = Some(lock.clone());
    let window = world.whole_window(MINUTE, 2 * HOUR)?;
    let mut request = world.pin_request(&lock, window)?;
    request.user = Contact { reference: request.user.reference, name: None, email: None };
    if world.bench()?.dialect().limits.pin.chosen_by == ChosenBy::Vendor {
        request.pin = None;
    }
    let result = world.ask_for(request.clone()).await?;
    match result {
        Ok(access) => {
            world.requests.push(request);
            world.pins.push(access);
            Ok(())
        }
        Err(failure) if failure.unsent => Err(Stop::fail(
            "the vendor's request cannot be sent without personal data",
            "an opaque reference is enough",
            failure.to_string(),
        )),
        Err(failure) => Err(Stop::unexpected("creating a PIN with an opaque reference alone", &failure)),
    }
}
