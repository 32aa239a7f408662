//! Changes and kinds of bookings: IP-61, IP-62, IP-63.

use std::time::Duration;

use cucumber::step::Collection;
use jiff::Zoned;

use super::world::{InletPartner, Wanted};
use super::{LEEWAY, SOON, within};
use crate::harness::partner::{Booked, PartnerBench, Standing};
use crate::harness::trial::{Step, Stop};
use crate::vendors::inlet::Operation;
use crate::vendors::partner::{Booking, Change, Kind, Room, Scope};
use crate::vendors::vocabulary::Instant;

const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given r#"the partner declares the (?:change|scope) "(\w+)""# => declares;
        given "a stay that can still be changed was booked" => changeable;
        when "the guest's stay is made longer" => made_longer;
        when "the guest's stay is cancelled" => cancelled;
        when r#"the booking undergoes "(\w+)""# => undergoes;
        when r#"a booking of the kind "(\w+)" is made"# => of_kind;
        then "Inlet received an update of that access" => updated;
        then "no second access was asked for" => no_second;
        then "Inlet received a revocation of that access" => revoked;
        then "no access of the stay exists" => no_access;
        then "whoever is to have access has it, at the right doors for the right time" => everybody;
        then "nobody else has" => nobody_else;
        then r#"messages go to whom "(\w+)" means them to"# => messages;
    }
}

fn scope(name: &str) -> Result<Scope, Stop> {
    Scope::parse(name).ok_or_else(|| Stop::Error(format!("`{name}` is no scope")))
}

async fn declares(world: &mut InletPartner, name: String) -> Step {
    if world.bench()?.description().declared.scopes.contains(&scope(&name)?) {
        return Ok(());
    }
    Err(Stop::NotApplicable(format!("the partner does not declare the scope `{name}`")))
}

async fn changeable(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let booked = bench.book(bench.stay()?).await?;
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

/// Waits until the partner has sent what a change asks for.
async fn settle(bench: &PartnerBench) {
    bench.pass(6 * MINUTE).await;
}

fn moved(at: &Zoned, hours: i64) -> Zoned {
    at.checked_add(jiff::Span::new().hours(hours)).unwrap_or_else(|_| at.clone())
}

async fn made_longer(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    bench.change(&booked, &Change::Until(moved(&booked.booking.until, 5))).await?;
    settle(&bench).await;
    Ok(())
}

async fn cancelled(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    bench.cancel(&world.stay()?).await?;
    settle(&bench).await;
    Ok(())
}

/// How many calls of a kind came about the stay since the scenario began, and succeeded.
fn since(world: &InletPartner, operation: Operation) -> Result<usize, Stop> {
    let bench = world.bench()?;
    let arrivals = bench.arrivals_at(&world.stay()?.room());
    let fresh = arrivals.iter().skip(world.before).filter(|one| one.operation() == Some(operation));
    Ok(fresh.filter(|one| one.status() == Some(200)).count())
}

async fn updated(world: &mut InletPartner) -> Step {
    match since(world, Operation::UpdateAccess)? {
        0 => {
            Err(Stop::fail("a change did not become an update", "an update by `ReferenceId`", "none arrived"))
        }
        _ => Ok(()),
    }
}

async fn no_second(world: &mut InletPartner) -> Step {
    match since(world, Operation::GrantAccess)? {
        0 => Ok(()),
        count => Err(Stop::fail(
            "a change was granted anew",
            "an update of the access that is there",
            format!("{count} grants"),
        )),
    }
}

async fn revoked(world: &mut InletPartner) -> Step {
    match since(world, Operation::RevokeAccess)? {
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

fn instant(at: &Zoned) -> Instant {
    Instant::from_timestamp(at.timestamp())
}

/// What a booking grants as it stands.
fn wanted(booking: &Booking, room: &Room, from: &Zoned, until: &Zoned, guest: usize) -> Wanted {
    let email = booking.guests.get(guest).map(|guest| guest.email.clone());
    Wanted {
        room: room.clone(),
        email: email.filter(|_| booking.messages),
        from: instant(from),
        until: instant(until),
    }
}

async fn undergoes(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    let Booked { booking, .. } = &booked;
    let room = booked.room();
    let (from, until) = (&booking.from, &booking.until);
    let whole = |room: &Room, until: &Zoned| vec![wanted(booking, room, from, until, 0)];
    world.wanted = match scope(&name)? {
        Scope::Extend => {
            let later = moved(until, 5);
            bench.change(&booked, &Change::Until(later.clone())).await?;
            whole(&room, &later)
        }
        Scope::Shorten => {
            let sooner = moved(until, -5);
            bench.change(&booked, &Change::Until(sooner.clone())).await?;
            whole(&room, &sooner)
        }
        Scope::MoveRoom => {
            let other = other_room(world, &bench)?;
            bench.change(&booked, &Change::Move(other.clone())).await?;
            whole(&other, until)
        }
        Scope::Split => {
            let other = other_room(world, &bench)?;
            let at = moved(from, 12);
            bench.change(&booked, &Change::Split(at.clone(), other.clone())).await?;
            vec![wanted(booking, &room, from, &at, 0), wanted(booking, &other, &at, until, 0)]
        }
        Scope::Cancel => {
            bench.cancel(&booked).await?;
            Vec::new()
        }
        Scope::CheckIn => {
            let now = bench.in_minutes(0);
            bench.change(&booked, &Change::CheckIn).await?;
            vec![wanted(booking, &room, &now, until, 0)]
        }
        Scope::CheckOut => {
            bench.change(&booked, &Change::CheckOut).await?;
            Vec::new()
        }
        other => return Err(Stop::Error(format!("`{}` is no change", other.as_str()))),
    };
    settle(&bench).await;
    Ok(())
}

fn other_room(world: &mut InletPartner, bench: &PartnerBench) -> Result<Room, Stop> {
    let other = bench.room(0).ok_or_else(|| Stop::Error("all doors are used up".to_owned()))?;
    world.doors.push(other.clone());
    Ok(other)
}

async fn of_kind(world: &mut InletPartner, name: String) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    let scope = scope(&name)?;
    let mut booking = bench.stay()?;
    booking.kind = Kind::Scoped(scope);
    world.doors = booking.rooms.clone();
    match scope {
        Scope::MultiRoom => booking.rooms.push(other_room(world, &bench)?),
        Scope::Group => {
            booking.rooms.push(other_room(world, &bench)?);
            booking.guests.push(bench.guest());
        }
        Scope::CommonDoor => booking.common_doors.push(other_room(world, &bench)?),
        Scope::Agency => {
            let mut agency = bench.guest();
            agency.name = "Lockstep Travel".to_owned();
            booking.agency = Some(agency);
        }
        Scope::SuppressedMessages => booking.messages = false,
        other => return Err(Stop::Error(format!("`{}` is no kind of booking", other.as_str()))),
    }
    let group = scope == Scope::Group;
    let (from, until) = (booking.from.clone(), booking.until.clone());
    for (nth, room) in booking.rooms.iter().chain(&booking.common_doors).enumerate() {
        let guest = if group { nth.min(booking.guests.len() - 1) } else { 0 };
        world.wanted.push(wanted(&booking, room, &from, &until, guest));
    }
    let booked = bench.book(booking).await?;
    let count = world.wanted.len();
    let doors = world.doors.clone();
    bench.until(SOON, |bench| bench.standing_at(&doors).len() >= count).await;
    bench.pass(MINUTE).await;
    world.booked = Some(booked);
    Ok(())
}

/// Whether an access is what somebody is to have.
fn fits(standing: &Standing, wanted: &Wanted) -> bool {
    standing.door == wanted.room.0
        && within(standing.window.from, wanted.from, LEEWAY)
        && within(standing.window.until, wanted.until, LEEWAY)
}

async fn everybody(world: &mut InletPartner) -> Step {
    let standing = world.bench()?.standing_at(&world.doors);
    for wanted in &world.wanted {
        if !standing.iter().any(|one| fits(one, wanted)) {
            let there: Vec<String> = standing
                .iter()
                .map(|one| format!("{} from {} to {}", one.door, one.window.from, one.window.until))
                .collect();
            return Err(Stop::fail(
                "somebody has not the access that is booked",
                format!("{} from {} to {}", wanted.room.0, wanted.from, wanted.until),
                if there.is_empty() { "no access".to_owned() } else { there.join("; ") },
            ));
        }
    }
    Ok(())
}

async fn nobody_else(world: &mut InletPartner) -> Step {
    let standing = world.bench()?.standing_at(&world.doors);
    let surplus: Vec<&Standing> =
        standing.iter().filter(|one| !world.wanted.iter().any(|wanted| fits(one, wanted))).collect();
    if surplus.is_empty() && standing.len() == world.wanted.len() {
        return Ok(());
    }
    let there: Vec<String> = standing
        .iter()
        .map(|one| format!("{} from {} to {}", one.door, one.window.from, one.window.until))
        .collect();
    Err(Stop::fail(
        "somebody has access who should not",
        format!("{} accesses", world.wanted.len()),
        format!("{}: {}", standing.len(), there.join("; ")),
    ))
}

async fn messages(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    let standing = bench.standing_at(&world.doors);
    let mut told: Vec<String> = Vec::new();
    for access in &standing {
        let to = bench.messages().into_iter().filter(|message| message.reference_id == access.reference_id);
        told.extend(to.map(|message| message.to.expose().to_owned()));
    }
    let agency = booked.booking.agency.as_ref().map(|agency| agency.email.as_str());
    if agency.is_some_and(|agency| told.iter().any(|to| to == agency)) {
        return Err(Stop::fail("messages go to the agency", "to the guest who stays", "to the agency"));
    }
    if scope(&name)? == Scope::SuppressedMessages {
        return match told.len() {
            0 => Ok(()),
            count => Err(Stop::fail("messages were not suppressed", "none", format!("{count} messages"))),
        };
    }
    for wanted in &world.wanted {
        let Some(email) = &wanted.email else { continue };
        let phone = booked
            .booking
            .guests
            .iter()
            .find(|guest| guest.email == *email)
            .map(|guest| digits(&guest.phone));
        let reached = told.iter().any(|to| to == email || Some(digits(to)) == phone);
        if !reached {
            return Err(Stop::fail(
                "a guest gets no message",
                "a message to each guest",
                "none to one of them",
            ));
        }
    }
    Ok(())
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
