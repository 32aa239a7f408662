//! Use cases: IP-04, IP-64.

use std::time::Duration;

use cucumber::step::Collection;

use super::SOON;
use super::changes::everybody;
use super::wanted::Wanted;
use super::world::InletPartner;
use crate::harness::trial::{Step, Stop};
use crate::vendors::inlet::{Mode, Request};
use crate::vendors::partner::{Act, Use};

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given r#"the partner declares the use "(\w+)""# => declares;
        when r#"a guest's stay is booked that takes "(\w+)""# => books;
        then r#"Inlet received a request for "(\w+)" and carried it out"# => received;
        then r#"the guest can come in as "(\w+)" promises"# => comes_in;
        then "its access, where it makes one, is for the stay" => for_the_stay;
        then "the partner shows the code as Inlet formatted it" => shows_code;
    }
}

fn mode(name: &str) -> Result<Use, Stop> {
    Use::parse(name).ok_or_else(|| Stop::Error(format!("`{name}` is no mode of access")))
}

async fn declares(world: &mut InletPartner, name: String) -> Step {
    let mode = mode(&name)?;
    world.mode = Some(mode);
    if world.bench()?.description().declared.uses.contains(&mode) {
        return Ok(());
    }
    Err(Stop::NotApplicable(format!("the partner does not declare the use `{name}`")))
}

async fn books(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let mut booking = bench.stay()?;
    booking.access = mode(&name)?;
    booking.from = bench.in_minutes(5);
    booking.until = bench.in_minutes(65);
    world.since = Some(bench.now());
    let booked = bench.book(booking).await?;
    let room = booked.room();
    bench.until(SOON, |bench| bench.arrivals_at(&room).iter().any(|one| one.status() == Some(200))).await;
    world.booked = Some(booked);
    Ok(())
}

/// Whether a request asks for a mode.
fn asks_for(request: &Request, wanted: Use) -> bool {
    match request {
        Request::Pulse(_) => wanted == Use::Pulse,
        Request::Grant(grant) => {
            grant.operation
                == match wanted {
                    Use::Code => Mode::Code,
                    Use::Unlock => Mode::Unlock,
                    Use::MobileKey => Mode::MobileKey,
                    Use::UrlKey => Mode::UrlKey,
                    Use::Pulse => return false,
                }
        }
        Request::Update(_) | Request::Revoke(_) => false,
    }
}

async fn received(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let wanted = mode(&name)?;
    let arrivals = bench.arrivals_at(&world.stay()?.room());
    let asked: Vec<_> = arrivals
        .iter()
        .filter(|one| one.request().is_some_and(|request| asks_for(&request, wanted)))
        .collect();
    if asked.iter().any(|one| one.status() == Some(200)) {
        return Ok(());
    }
    let observed = match (arrivals.len(), asked.first()) {
        (0, _) => "nothing arrived about the guest's door".to_owned(),
        (_, None) => format!("{} calls arrived, none of which asks for it", arrivals.len()),
        (_, Some(one)) => match one.status() {
            Some(status) => format!("it was answered {status}"),
            None => "it was not answered".to_owned(),
        },
    };
    Err(Stop::fail(format!("the use “{name}” was not exercised"), "a request that is carried out", observed))
}

async fn comes_in(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let room = world.stay()?.room();
    let since = world.since.unwrap_or_else(|| bench.now());
    bench.pass(Duration::from_secs(7 * 60)).await;
    let opens = match mode(&name)? {
        Use::Code => {
            let standing = bench.standing_at(std::slice::from_ref(&room));
            standing.iter().filter_map(|access| access.code.as_ref()).any(|code| bench.opens(&room, code))
        }
        Use::Unlock => bench.bolt(&room) == Some("unlocked"),
        Use::Pulse => bench.bolt_moved_since(&room, since),
        // What a phone does with a key is the vendor's matter; that it stands is Inlet's.
        Use::MobileKey | Use::UrlKey => !bench.standing_at(std::slice::from_ref(&room)).is_empty(),
    };
    if opens {
        return Ok(());
    }
    Err(Stop::fail("the guest cannot come in", format!("the door opens by “{name}”"), "it does not"))
}

async fn for_the_stay(world: &mut InletPartner) -> Step {
    let booking = world.stay()?.booking;
    if booking.access == Use::Pulse {
        return Ok(());
    }
    world.doors.clone_from(&booking.rooms);
    world.wanted = Wanted::of(&booking);
    everybody(world).await
}

async fn shows_code(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    if !bench.system().can(Act::Show) {
        let why = "the partner does not tell how a booking is shown";
        return Err(Stop::NotApplicable(why.to_owned()));
    }
    let stay = world.stay()?;
    let standing = bench.standing_at(&[stay.room()]);
    let code = standing.into_iter().find_map(|access| access.code);
    let code = code.ok_or_else(|| Stop::Inconclusive("the stay was granted without a code".to_owned()))?;
    match bench.show(&stay).await? {
        (Some(shown), _) if shown == code => Ok(()),
        (Some(_), _) => Err(Stop::fail(
            "the code is not shown as Inlet formatted it",
            "`codeFormatted`, with the keys before and after the code",
            "other keys",
        )),
        (None, _) => {
            Err(Stop::fail("the code is not kept", "`codeFormatted` as a backup", "no code is shown"))
        }
    }
}
