//! Kinds of bookings: IP-63.

use cucumber::step::Collection;

use super::SOON;
use super::changes::{add, all_granted, scope, settle_wanted};
use super::wanted::Wanted;
use super::world::InletPartner;
use crate::harness::partner::PartnerBench;
use crate::harness::trial::{Step, Stop};
use crate::vendors::partner::{Booking, Kind, Scope};

/// The scopes that are kinds of bookings; the others are changes.
const KINDS: [Scope; 5] =
    [Scope::MultiRoom, Scope::Group, Scope::CommonDoor, Scope::Agency, Scope::SuppressedMessages];

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "a booking of each declared kind was made" => each_kind;
        when r#"a booking of the kind "(\w+)" is made"# => of_kind;
        then r#"messages go to whom "(\w+)" means them to"# => messages;
    }
}

/// A booking of a kind; its doors beside the first are those that matter from then on.
fn booking(world: &mut InletPartner, bench: &PartnerBench, scope: Scope) -> Result<Booking, Stop> {
    world.makes_accesses()?;
    let mut booking = bench.stay()?;
    booking.kind = Kind::Scoped(scope);
    match scope {
        Scope::MultiRoom => booking.rooms.push(world.new_door()?),
        Scope::Group => {
            booking.rooms.push(world.new_door()?);
            booking.guests.push(bench.guest());
        }
        Scope::CommonDoor => booking.common_doors.push(world.new_door()?),
        Scope::Agency => {
            let mut agency = bench.guest();
            agency.name = "Lockstep Travel".to_owned();
            booking.agency = Some(agency);
        }
        Scope::SuppressedMessages => booking.messages = false,
        other => return Err(Stop::Error(format!("`{}` is no kind of booking", other.as_str()))),
    }
    Ok(booking)
}

async fn of_kind(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let booking = booking(world, &bench, scope(&name)?)?;
    world.doors = booking.rooms.iter().chain(&booking.common_doors).cloned().collect();
    world.wanted = Wanted::of(&booking);
    world.booked = Some(bench.book(booking).await?);
    settle_wanted(world, &bench).await;
    Ok(())
}

async fn each_kind(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let declared = &bench.description().declared.scopes;
    let kinds: Vec<Scope> = KINDS.into_iter().filter(|kind| declared.contains(kind)).collect();
    if kinds.is_empty() {
        return Err(Stop::NotApplicable(
            "the partner declares no kind of booking but the plain one".to_owned(),
        ));
    }
    for kind in kinds {
        let booking = booking(world, &bench, kind)?;
        add(world, &bench, booking).await?;
    }
    world.doors.sort();
    world.doors.dedup();
    all_granted(world, &bench).await
}

async fn messages(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let scope = scope(&name)?;
    // Who sends contact data by an update has as long for it as for any change.
    bench.pass(SOON).await;
    let agency = world.stay()?.booking.agency.map(|agency| agency.email);
    let sent = bench.messages();
    let mut reached: Vec<&Wanted> = Vec::new();
    for access in bench.standing_at(&world.doors) {
        let Some(wanted) = world.wanted.iter().find(|wanted| wanted.room.0 == access.door) else { continue };
        for message in sent.iter().filter(|message| message.reference_id == access.reference_id) {
            let to = message.to.expose();
            if agency.as_deref() == Some(to) {
                return Err(Stop::fail(
                    "messages go to the agency",
                    "to the guest who stays",
                    "to the agency",
                ));
            }
            if scope == Scope::SuppressedMessages {
                return Err(Stop::fail("messages were not suppressed", "none", "at least one"));
            }
            if !wanted.is_reached_at(to) {
                let expected = "to the guest whose door it is";
                return Err(Stop::fail("a message went to somebody else", expected, "to another address"));
            }
            reached.push(wanted);
        }
    }
    // Who sends no contact data tells guests by messages of its own.
    let told = !bench.description().declared.contact.is_empty();
    let lacks =
        |wanted: &&Wanted| told && wanted.told && !reached.iter().any(|one| one.guest == wanted.guest);
    if world.wanted.iter().any(|wanted| lacks(&wanted)) {
        return Err(Stop::fail("a guest gets no message", "a message to each guest", "none to one of them"));
    }
    Ok(())
}
