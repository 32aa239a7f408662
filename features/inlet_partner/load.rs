//! Load: IP-72.

use std::time::Duration;

use cucumber::step::Collection;

use super::SOON;
use super::world::InletPartner;
use crate::harness::partner::Arrival;
use crate::harness::trial::{Step, Stop};

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "the partner states a load" => states;
        when "that many stays are booked in that time" => books;
        then "each is granted once, and Inlet answered no call with an error" => granted_once;
    }
}

async fn states(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    if world.bench()?.description().declared.load.is_some() {
        return Ok(());
    }
    Err(Stop::Inconclusive("the partner states no load (`load` under [declares])".to_owned()))
}

async fn books(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let Some(load) = bench.description().declared.load else {
        return Err(Stop::Error("no load is stated".to_owned()));
    };
    world.before = bench.arrivals().len();
    // Hurried timers make nobody's machine faster: a load is stated in real time.
    let within = load.within.mul_f64(bench.pace().factor().unwrap_or(1.0));
    let between = within / load.bookings;
    let mut owed = Duration::ZERO;
    for _ in 0..load.bookings {
        let before = bench.now();
        world.many.push(bench.book(bench.stay()?).await?);
        // What booking itself took is part of the time.
        owed = (owed + between).saturating_sub(bench.now().since(before));
        if owed >= Duration::from_secs(1) {
            bench.pass(owed).await;
            owed = Duration::ZERO;
        }
    }
    let rooms: Vec<_> = world.many.iter().map(|booked| booked.room()).collect();
    bench.until(SOON, |bench| bench.standing_at(&rooms).len() >= rooms.len()).await;
    bench.pass(Duration::from_secs(60)).await;
    Ok(())
}

async fn granted_once(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let rooms: Vec<_> = world.many.iter().map(|booked| booked.room()).collect();
    let standing = bench.standing_at(&rooms).len();
    let since: Vec<Arrival> = bench.arrivals().into_iter().skip(world.before).collect();
    let errors = since.iter().filter(|one| one.status() != Some(200)).count();
    let about = |one: &&Arrival| rooms.iter().any(|room| one.doors.contains(&room.0));
    let calls = since.iter().filter(about).count();
    if standing == rooms.len() && errors == 0 && calls == rooms.len() {
        world.remark(format!("{standing} stays"));
        return Ok(());
    }
    Err(Stop::fail(
        "the stated load is not handled",
        format!("{} stays granted once each, without errors", rooms.len()),
        format!("{standing} accesses by {calls} calls, and {errors} calls without success"),
    ))
}
