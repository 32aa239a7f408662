//! Carries out a scenario in a world, on the world's clock.

use super::control::Control;
use super::fault::{Effect, Fault, Place, Schedule};
use crate::scenarios::{Disturbance, Happening, Scenario};

/// Lets everything happen that the scenario tells, each at its time, counted
/// from now. Returns when the last event has happened.
pub async fn play(control: &Control, scenario: &Scenario) {
    let clock = control.clock();
    let began = clock.now();
    for event in &scenario.events {
        clock.wait_passively((began + event.after).since(clock.now())).await;
        happen(control, &event.then);
    }
}

fn happen(control: &Control, then: &Happening) {
    let locks = control.locks();
    let nth = |number: u32| {
        usize::try_from(number).ok().and_then(|n| locks.get(n.checked_sub(1)?)).map(|lock| &lock.id)
    };
    match then {
        Happening::GoOffline { lock } => {
            nth(*lock.get_ref()).inspect(|lock| control.set_reachable(lock, false));
        }
        Happening::ComeBack { lock } => {
            nth(*lock.get_ref()).inspect(|lock| control.set_reachable(lock, true));
        }
        Happening::Battery { lock, percent } => {
            nth(*lock.get_ref()).inspect(|lock| control.set_battery(lock, *percent.get_ref()));
        }
        Happening::Door { lock, is } => {
            nth(*lock.get_ref()).inspect(|lock| control.set_door(lock, *is.get_ref()));
        }
        Happening::Fault { operation, times, by } => {
            control.inject(Fault {
                place: Place { operation: operation.clone(), ..Place::default() },
                schedule: Schedule { times: *times, ..Schedule::default() },
                effect: effect(*by),
            });
        }
    }
}

fn effect(by: Disturbance) -> Effect {
    match by {
        Disturbance::Refuse(kind) => Effect::Refuse(kind),
        Disturbance::Status(status) => Effect::Status(status),
        Disturbance::Silence => Effect::Withhold { carried_out: false },
        Disturbance::Reset => Effect::Reset { carried_out: false },
        Disturbance::Garbage => Effect::Garbage,
        Disturbance::HalfBody => Effect::HalfBody,
    }
}
