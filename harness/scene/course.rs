//! The course of a scenario: what falls due, in the order of its time.

use std::sync::Arc;
use std::time::Duration;

use super::crowd::{Crowd, Entrance};
use super::record::DoorTry;
use super::under_way::Scene;
use super::{desk, listen, watch};
use crate::simulator::{Claim, Happening};

/// Something that falls due. At the same moment the world comes first, then
/// whoever stands at a door, then who looks, then Inlet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// An event of the world, by place.
    World(usize),
    /// A guest types, by place.
    Door(usize),
    /// An expectation looks, by place.
    Count(usize),
    /// A stay is called off.
    Cancel(usize),
    /// A stay is booked.
    Book(usize),
    /// The states of locks are asked for.
    Look,
}

/// Runs the scenario to its end.
pub(super) async fn run(scene: Arc<Scene>) {
    let (crowd, entrance) = Crowd::new();
    let conductor = conduct(scene, entrance.clone());
    entrance.join(conductor);
    // The runtime's turns are no time of the world's: nobody yields to them.
    tokio::task::coop::unconstrained(crowd).await;
}

async fn conduct(scene: Arc<Scene>, entrance: Entrance) {
    // Kept to the end of the course.
    let _ear = if scene.scenario.listens {
        let opened = listen::open(&scene, &entrance).await;
        opened.map_err(|why| scene.record().is_deaf = Some(why)).ok()
    } else {
        None
    };
    for (at, due) in agenda(&scene) {
        scene.clock.sleep_until(scene.began + at).await;
        match due {
            Due::World(place) => happen(&scene, &scene.scenario.events[place].then),
            Due::Door(guest) => knock(&scene, guest),
            Due::Count(place) => count(&scene, place),
            Due::Cancel(guest) => entrance.join(desk::cancel(Arc::clone(&scene), guest)),
            Due::Book(guest) => entrance.join(desk::book(Arc::clone(&scene), guest)),
            Due::Look => watch::look(&scene, &entrance),
        }
    }
    scene.clock.sleep_until(scene.began + scene.scenario.ends).await;
    for (place, expectation) in scene.scenario.expect.iter().enumerate() {
        if matches!(expectation.that, Claim::Accesses { at: None, .. }) {
            count(&scene, place);
        }
    }
}

fn agenda(scene: &Scene) -> Vec<(Duration, Due)> {
    let scenario = &scene.scenario;
    let mut agenda: Vec<(Duration, Due)> = Vec::new();
    agenda.extend(scenario.events.iter().enumerate().map(|(place, event)| (event.after, Due::World(place))));
    for (place, guest) in scenario.guests.iter().enumerate() {
        agenda.push((guest.booked, Due::Book(place)));
        agenda.extend(guest.types.iter().map(|at| (*at, Due::Door(place))));
        agenda.extend(guest.cancelled.map(|at| (at, Due::Cancel(place))));
    }
    for (place, expectation) in scenario.expect.iter().enumerate() {
        if let Claim::Accesses { at: Some(at), .. } = expectation.that {
            agenda.push((at, Due::Count(place)));
        }
    }
    if let Some(watch) = &scenario.watch {
        let looks = std::iter::successors(Some(Duration::ZERO), |at| at.checked_add(watch.every));
        agenda.extend(looks.take_while(|at| *at <= scenario.ends).map(|at| (at, Due::Look)));
    }
    agenda.sort_unstable();
    agenda
}

fn happen(scene: &Scene, then: &Happening) {
    if *then == Happening::Mend {
        let mended = scene.stage.control().faults();
        scene.record().mended.extend(mended);
    }
    scene.stage.happen(then);
}

/// A guest types the PIN, as far as one was told.
fn knock(scene: &Scene, guest: usize) {
    let keys = {
        let record = scene.record();
        let access = record.bookings[guest].access.as_ref();
        access.and_then(|access| access.typed.as_ref()).map(|pin| pin.keys().to_owned())
    };
    let door = scene.stage.lock(scene.guest(guest).door);
    let (opened, why) = match (keys, door) {
        (Some(keys), Some(lock)) => {
            let answer = scene.stage.control().keypad(lock, &keys);
            (answer.opened, answer.why)
        }
        _ => (false, "the guest has no PIN".to_owned()),
    };
    let at = scene.elapsed();
    scene.record().doors.push(DoorTry { guest, at, opened, why });
}

/// Counts the accesses at the vendor for an expectation.
fn count(scene: &Scene, place: usize) {
    let Claim::Accesses { lock, .. } = scene.scenario.expect[place].that else { return };
    let control = scene.stage.control();
    let found = match lock {
        Some(number) => scene.stage.lock(number).map(|lock| control.accesses_on(lock)).unwrap_or_default(),
        None => control.accesses(),
    };
    scene.record().accesses.insert(place, found.len() as u64);
}
