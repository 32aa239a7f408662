//! Carries out a scenario in a world, on the world's clock.

use super::control::Control;
use super::fault::{Effect, Fault, Place, Schedule};
use crate::scenarios::{Disturbance, FaultPlan, Guest, Happening, Scenario};
use crate::vendors::vocabulary::{Clock, GroupId, Instant, LockId, Window};

/// A world as the place of a scenario: who has which number there.
pub struct Stage {
    control: Control,
    locks: Vec<LockId>,
    groups: Vec<GroupId>,
}

impl Stage {
    /// The world behind a control, whose locks and groups keep their numbers.
    pub fn new(control: Control) -> Self {
        let locks = control.locks().into_iter().map(|lock| lock.id).collect();
        let groups = control.groups().into_iter().map(|group| group.id).collect();
        Self { control, locks, groups }
    }

    /// The world's door.
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// The lock of that number, from 1.
    pub fn lock(&self, number: u32) -> Option<&LockId> {
        self.locks.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// The group of that number, from 1.
    pub fn group(&self, number: u32) -> Option<&GroupId> {
        self.groups.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// Lets something happen now. A lock that the world does not have is passed over.
    pub fn happen(&self, then: &Happening) {
        let control = &self.control;
        let each = |numbers: &[u32], change: &dyn Fn(&LockId)| {
            numbers.iter().filter_map(|number| self.lock(*number)).for_each(change);
        };
        match then {
            Happening::GoOffline(locks) => each(locks, &|lock| control.set_reachable(lock, false)),
            Happening::ComeBack(locks) => each(locks, &|lock| control.set_reachable(lock, true)),
            Happening::BridgeDies(bridge) => control.set_bridge(*bridge, false),
            Happening::BridgeReturns(bridge) => control.set_bridge(*bridge, true),
            Happening::Battery { locks, percent } => each(locks, &|lock| control.set_battery(lock, *percent)),
            Happening::Drain { locks, by } => each(locks, &|lock| control.drain_battery(lock, *by)),
            Happening::Door { locks, is } => each(locks, &|lock| control.set_door(lock, *is)),
            Happening::Fault(plan) => drop(control.inject(self.fault(plan))),
            Happening::Mend => control.clear_faults(),
            Happening::ExpireTokens => control.expire_tokens(),
            Happening::CallbacksLate(by) => control.delay_callbacks(*by),
            Happening::CallbacksRepeat(times) => control.repeat_callbacks(*times),
            Happening::VendorClock(error) => control.set_vendor_clock(*error),
        }
    }

    fn fault(&self, plan: &FaultPlan) -> Fault {
        Fault {
            place: Place {
                operation: plan.operation.clone(),
                meaning: plan.meaning.or_else(|| plan.creation.then(|| self.control.creation())),
                lock: plan.lock.and_then(|number| self.lock(number)).cloned(),
            },
            schedule: Schedule {
                skip: plan.skip,
                times: plan.times,
                lasts: plan.lasts,
                probability: plan.chance,
                ..Schedule::default()
            },
            effect: effect(plan.by),
        }
    }

    /// A guest comes to the door and types the PIN that somebody has made for
    /// the stay, if one did: any on that lock whose window touches the stay's.
    fn arrive(&self, guest: &Guest, began: Instant) {
        let stay = Window::new(began + guest.from, began + guest.until);
        let Some(door) = self.lock(guest.door) else { return };
        let touches = |window: &Window| window.from < stay.until && stay.from < window.until;
        let made = self.control.accesses_on(door).into_iter().find(|access| touches(&access.window));
        match made.and_then(|access| access.typed) {
            Some(keys) => drop(self.control.keypad(door, &keys)),
            None => self.control.note(format!("{} stands at lock {door} and has no PIN", guest.name)),
        }
    }
}

fn effect(by: Disturbance) -> Effect {
    match by {
        Disturbance::Refuse(kind) => Effect::Refuse(kind),
        Disturbance::Status(status) => Effect::Status(status),
        Disturbance::Late(span) => Effect::Delay(span),
        Disturbance::RateLimit(span) => Effect::RateLimit(span),
        Disturbance::Silence { carried_out } => Effect::Withhold { carried_out },
        Disturbance::Timeout { carried_out } => Effect::UpstreamTimeout { carried_out },
        Disturbance::Reset { carried_out } => Effect::Reset { carried_out },
        Disturbance::Garbage => Effect::Garbage,
        Disturbance::Html => Effect::Html,
        Disturbance::HalfBody => Effect::HalfBody,
        Disturbance::WrongType => Effect::WrongType,
        Disturbance::Stale => Effect::StaleRead,
        Disturbance::AcceptOnly => Effect::AcceptOnly,
        Disturbance::Twice => Effect::Twice,
    }
}

/// Lets everything happen that the scenario tells, each at its time, counted
/// from now. Nobody books for its guests here: each types the PIN that whoever
/// uses this world has made for that stay, and the world's log says so where
/// there is none. Returns when the last thing has happened.
pub async fn play(control: &Control, scenario: &Scenario) {
    let stage = Stage::new(control.clone());
    let clock: Clock = control.clock();
    let began = clock.now();
    let arrivals = scenario.guests.iter().flat_map(|guest| guest.types.iter().map(move |at| (*at, guest)));
    let mut arrivals: Vec<_> = arrivals.collect();
    arrivals.sort_by_key(|(at, _)| *at);
    let mut arrivals = arrivals.into_iter().peekable();
    let mut events = scenario.events.iter().peekable();
    loop {
        // At the same moment the world comes first.
        let event = events.peek().map(|event| event.after);
        let arrival = arrivals.peek().map(|(at, _)| *at);
        let Some(next) = event.into_iter().chain(arrival).min() else { return };
        clock.wait_passively((began + next).since(clock.now())).await;
        if event == Some(next) {
            events.next().into_iter().for_each(|event| stage.happen(&event.then));
        } else {
            arrivals.next().into_iter().for_each(|(_, guest)| stage.arrive(guest, began));
        }
    }
}
