//! Changes of bookings: IP-61, IP-62, and the same of every kind: IP-63.

use std::time::Duration;

use cucumber::step::Collection;
use jiff::Zoned;

use super::SOON;
use super::wanted::{Wanted, all_stand, lacking, surplus};
use super::world::InletPartner;
use crate::harness::partner::{Booked, PartnerBench, Standing};
use crate::harness::trial::{Step, Stop};
use crate::vendors::inlet::Operation;
use crate::vendors::partner::{Act, Booking, Change, Room, Scope, Use};

const MINUTE: Duration = Duration::from_secs(60);

/// How long is looked on after what a change asks for has come: for what it does
/// not ask for.
const AFTERWARDS: Duration = Duration::from_secs(300);

/// How many hours a stay becomes longer or shorter.
const HOURS: i64 = 5;

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given r#"the partner declares the (?:change|scope) "(\w+)""# => declares;
        given "a stay that can still be changed was booked" => changeable;
        given "a stay that has begun was booked" => has_begun;
        given "a stay of each declared use was booked" => each_use;
        when "the guest's stay is made longer" => made_longer;
        when "the guest's stay is cancelled" => cancelled;
        when r#"the booking undergoes "(\w+)""# => undergoes;
        when "all of them are made longer" => all_longer;
        when "all of them are cancelled" => all_cancelled;
        then "Inlet received an update of that access" => updated;
        then "no second access was asked for" => no_second;
        then "Inlet received a revocation of that access" => revoked;
        then "no access of the stay exists" => no_access;
        then "whoever is to have access has it, at the right doors for the right time" => everybody;
        then "nobody else has" => nobody_else;
        then "no access stands at a door that nobody booked for its guest" => no_strays;
        then "every access that Inlet holds belongs to a booking of the run" => none_unbooked;
    }
}

/// The scope of that name.
pub(super) fn scope(name: &str) -> Result<Scope, Stop> {
    Scope::parse(name).ok_or_else(|| Stop::Error(format!("`{name}` is no scope")))
}

async fn declares(world: &mut InletPartner, name: String) -> Step {
    if world.bench()?.description().declared.scopes.contains(&scope(&name)?) {
        return Ok(());
    }
    Err(Stop::NotApplicable(format!("the partner does not declare the scope `{name}`")))
}

/// Books a stay and waits until it is granted.
pub(super) async fn granted(world: &mut InletPartner, booking: Booking) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let booked = bench.book(booking).await?;
    let room = booked.room();
    bench.until(SOON, |bench| !bench.standing_at(std::slice::from_ref(&room)).is_empty()).await;
    if bench.standing_at(std::slice::from_ref(&room)).len() != 1 {
        return Err(Stop::fail("the stay was not granted", "one access", "none within 15 minutes"));
    }
    world.before = bench.arrivals_at(&room).len();
    world.doors = vec![room];
    world.booked = Some(booked);
    Ok(())
}

async fn changeable(world: &mut InletPartner) -> Step {
    let booking = world.bench()?.stay()?;
    granted(world, booking).await
}

/// A guest who is there: checked in before the booked time, where the partner
/// knows of such a thing, for some systems check out only who has checked in.
async fn has_begun(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let mut booking = bench.stay()?;
    booking.from = bench.in_minutes(10);
    granted(world, booking).await?;
    let booked = world.stay()?;
    if bench.system().can(Act::CheckIn) {
        bench.change(&booked, &Change::CheckIn).await?;
        bench.pass(MINUTE).await;
    }
    let begins = super::instant(&booked.booking.from);
    bench.pass(begins.since(bench.now()) + MINUTE).await;
    Ok(())
}

/// A stay for each mode of access that lasts.
async fn each_use(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let uses = bench.description().declared.uses.iter().copied();
    for access in uses.filter(|access| *access != Use::Pulse) {
        add(world, &bench, Booking { access, ..bench.stay()? }).await?;
    }
    all_granted(world, &bench).await
}

/// Makes one of several bookings that are judged together.
pub(super) async fn add(world: &mut InletPartner, bench: &PartnerBench, booking: Booking) -> Step {
    world.doors.extend(booking.rooms.iter().chain(&booking.common_doors).cloned());
    world.wanted.extend(Wanted::of(&booking));
    world.many.push(bench.book(booking).await?);
    Ok(())
}

/// Waits until all that was booked is granted; what is not is told.
pub(super) async fn all_granted(world: &mut InletPartner, bench: &PartnerBench) -> Step {
    let (doors, wanted) = (&world.doors, &world.wanted);
    bench.until(SOON, |bench| all_stand(&bench.standing_at(doors), wanted)).await;
    everybody(world).await
}

/// Waits until what a change asks for has come, and looks on for some time.
async fn settle(bench: &PartnerBench, has_come: impl Fn(&PartnerBench) -> bool) {
    bench.until(SOON, has_come).await;
    bench.pass(AFTERWARDS).await;
}

/// The same, where what is to come is all that is wanted.
pub(super) async fn settle_wanted(world: &InletPartner, bench: &PartnerBench) {
    settle(bench, |bench| all_stand(&bench.standing_at(&world.doors), &world.wanted)).await;
}

fn moved(at: &Zoned, hours: i64) -> Zoned {
    at.checked_add(jiff::Span::new().hours(hours)).unwrap_or_else(|_| at.clone())
}

async fn made_longer(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    bench.change(&booked, &Change::Until(moved(&booked.booking.until, HOURS))).await?;
    let (room, before) = (booked.room(), world.before);
    settle(&bench, |bench| since(bench, &room, before, Operation::UpdateAccess) > 0).await;
    Ok(())
}

async fn cancelled(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    bench.cancel(&booked).await?;
    let (room, before) = (booked.room(), world.before);
    settle(&bench, |bench| since(bench, &room, before, Operation::RevokeAccess) > 0).await;
    Ok(())
}

/// How many calls of a kind came about a door after so many others, and succeeded.
fn since(bench: &PartnerBench, room: &Room, before: usize, operation: Operation) -> usize {
    let arrivals = bench.arrivals_at(room);
    let fresh = arrivals.iter().skip(before).filter(|one| one.operation() == Some(operation));
    fresh.filter(|one| one.status() == Some(200)).count()
}

/// The same about the stay since the scenario began.
fn come(world: &InletPartner, operation: Operation) -> Result<usize, Stop> {
    Ok(since(&*world.bench()?, &world.stay()?.room(), world.before, operation))
}

async fn updated(world: &mut InletPartner) -> Step {
    match come(world, Operation::UpdateAccess)? {
        0 => {
            Err(Stop::fail("a change did not become an update", "an update by `ReferenceId`", "none arrived"))
        }
        _ => Ok(()),
    }
}

async fn no_second(world: &mut InletPartner) -> Step {
    match come(world, Operation::GrantAccess)? {
        0 => Ok(()),
        count => Err(Stop::fail(
            "a change was granted anew",
            "an update of the access that is there",
            format!("{count} grants"),
        )),
    }
}

async fn revoked(world: &mut InletPartner) -> Step {
    match come(world, Operation::RevokeAccess)? {
        0 => {
            Err(Stop::fail("a cancellation was not revoked", "a revocation by `ReferenceId`", "none arrived"))
        }
        _ => Ok(()),
    }
}

async fn no_access(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    match bench.standing_at(&[world.stay()?.room()]).len() {
        0 => Ok(()),
        count => Err(Stop::fail("a cancelled stay still has access", "none", format!("{count} accesses"))),
    }
}

/// Changes the stay that the scenario is about, and takes down what is wanted then.
async fn undergoes(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    let Booked { booking, .. } = &booked;
    let (from, until) = (&booking.from, &booking.until);
    let all = || Wanted::of(booking).into_iter();
    let (change, wanted): (_, Vec<Wanted>) = match scope(&name)? {
        Scope::Extend => {
            let later = moved(until, HOURS);
            (Some(Change::Until(later.clone())), all().map(|one| one.until(&later)).collect())
        }
        Scope::Shorten => {
            let sooner = moved(until, -HOURS);
            (Some(Change::Until(sooner.clone())), all().map(|one| one.until(&sooner)).collect())
        }
        Scope::MoveRoom => {
            let other = world.new_door()?;
            (Some(Change::Move(other.clone())), all().map(|one| one.at(other.clone())).collect())
        }
        Scope::Split => {
            let (other, at) = (world.new_door()?, moved(from, 12));
            let first = all().map(|one| one.until(&at));
            let second = all().map(|one| one.at(other.clone()).from(&at));
            (Some(Change::Split(at.clone(), other.clone())), first.chain(second).collect())
        }
        Scope::CheckIn => {
            let now = bench.now();
            (Some(Change::CheckIn), all().map(|one| one.starting_at(now)).collect())
        }
        Scope::CheckOut => (Some(Change::CheckOut), Vec::new()),
        Scope::Cancel => (None, Vec::new()),
        other => return Err(Stop::Error(format!("`{}` is no change", other.as_str()))),
    };
    match change {
        Some(change) => bench.change(&booked, &change).await?,
        None => bench.cancel(&booked).await?,
    }
    world.wanted = wanted;
    settle_wanted(world, &bench).await;
    Ok(())
}

async fn all_longer(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    world.wanted.clear();
    for booked in &world.many {
        let later = moved(&booked.booking.until, HOURS);
        bench.change(booked, &Change::Until(later.clone())).await?;
        world.wanted.extend(Wanted::of(&booked.booking).into_iter().map(|one| one.until(&later)));
    }
    settle_wanted(world, &bench).await;
    Ok(())
}

async fn all_cancelled(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    for booked in &world.many {
        bench.cancel(booked).await?;
    }
    world.wanted.clear();
    settle_wanted(world, &bench).await;
    Ok(())
}

fn described(standing: &[Standing]) -> String {
    let described =
        standing.iter().map(|one| format!("{} from {} to {}", one.door, one.window.from, one.window.until));
    described.collect::<Vec<_>>().join("; ")
}

pub(super) async fn everybody(world: &mut InletPartner) -> Step {
    let standing = world.bench()?.standing_at(&world.doors);
    let Some(wanted) = lacking(&standing, &world.wanted) else { return Ok(()) };
    let there: Vec<String> = standing
        .iter()
        .filter(|one| one.door == wanted.room.0)
        .filter_map(|one| Some((one, wanted.misfit(one)?)))
        .map(|(one, why)| format!("{}, which {why}", described(std::slice::from_ref(one))))
        .collect();
    Err(Stop::fail(
        "somebody has not the access that is booked",
        format!("for this guest {} from {} to {}", wanted.room.0, wanted.from, wanted.until),
        if there.is_empty() { "no access at this door".to_owned() } else { there.join("; ") },
    ))
}

async fn no_strays(world: &mut InletPartner) -> Step {
    let strays = world.bench()?.strays();
    if strays.is_empty() {
        return Ok(());
    }
    let shown: Vec<&str> = strays.iter().take(5).map(String::as_str).collect();
    Err(Stop::fail(
        "an access stands at a door that nobody booked for its guest",
        "accesses at booked doors alone",
        format!("{} accesses, at {}", strays.len(), shown.join(", ")),
    ))
}

async fn none_unbooked(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    if bench.all_booked().is_empty() {
        return Err(Stop::Inconclusive("no booking was taken in the run".to_owned()));
    }
    let unbooked = bench.unbooked();
    if unbooked.is_empty() {
        world.remark(format!("in the end {} accesses, each of a booking", bench.held()));
        return Ok(());
    }
    let shown: Vec<&str> = unbooked.iter().take(5).map(String::as_str).collect();
    Err(Stop::fail(
        "an access belongs to no booking",
        "at each door one access for each guest who booked it, for the time of the stay",
        format!("{} accesses beyond that: {}", unbooked.len(), shown.join("; ")),
    ))
}

async fn nobody_else(world: &mut InletPartner) -> Step {
    no_strays(world).await?;
    let standing = world.bench()?.standing_at(&world.doors);
    if surplus(&standing, &world.wanted) == 0 && standing.len() == world.wanted.len() {
        return Ok(());
    }
    Err(Stop::fail(
        "somebody has access who should not",
        format!("{} accesses", world.wanted.len()),
        format!("{}: {}", standing.len(), described(&standing)),
    ))
}
