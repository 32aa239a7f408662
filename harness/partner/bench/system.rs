//! The partner's system, whichever it is.

use serde_json::json;

use super::own::Own;
use crate::harness::partner::driver::{Done, Driver, DriverError, Number};
use crate::harness::partner::process::Running;
use crate::simulator::{SimulatedPartner, Taken};
use crate::vendors::partner::{Act, Booking, Change};
use crate::vendors::vocabulary::Instant;

/// A system that bookings are made in.
pub enum System {
    /// The simulated one: a rehearsal.
    Simulated(Box<SimulatedPartner>),
    /// Our own integration.
    Own(Box<Own>),
    /// One that is not ours.
    Foreign(Box<Foreign>),
}

/// A partner's system that is not ours.
pub struct Foreign {
    /// How it is driven.
    pub driver: Driver,
    /// Its program, where it was started here.
    pub program: tokio::sync::Mutex<Option<Running>>,
}

impl System {
    /// Whether an act can be done.
    pub fn can(&self, act: Act) -> bool {
        match self {
            Self::Simulated(_) | Self::Own(_) => true,
            Self::Foreign(foreign) => foreign.driver.can(act),
        }
    }

    /// Whether a person makes the bookings, who takes the time that it takes.
    pub(super) fn is_driven_by_a_person(&self) -> bool {
        matches!(self, Self::Foreign(foreign) if matches!(foreign.driver, Driver::Person(_)))
    }

    /// Whether it can be restarted.
    pub async fn can_restart(&self) -> bool {
        match self {
            Self::Simulated(_) | Self::Own(_) => true,
            Self::Foreign(foreign) => foreign.program.lock().await.is_some(),
        }
    }

    pub(super) async fn book(&self, booking: &Booking) -> Result<Done, DriverError> {
        match self {
            Self::Simulated(partner) => Ok(match partner.book(booking).await {
                Taken::Booked(number) => Done::taken(Number(json!(number))),
                Taken::Refused(why) => Done::Refused(why),
            }),
            Self::Own(own) => own.book(booking).await,
            Self::Foreign(foreign) => foreign.driver.book(booking).await,
        }
    }

    pub(super) async fn change(
        &self,
        number: &Number,
        booking: &Booking,
        change: &Change,
    ) -> Result<Done, DriverError> {
        match self {
            Self::Simulated(partner) => Ok(match partner.change(plain(number), change) {
                Ok(()) => Done::taken(number.clone()),
                Err(why) => Done::Refused(why.to_owned()),
            }),
            Self::Own(own) => own.change(number, change).await,
            Self::Foreign(foreign) => foreign.driver.change(number, booking, change).await,
        }
    }

    pub(super) async fn cancel(&self, number: &Number, booking: &Booking) -> Result<Done, DriverError> {
        match self {
            Self::Simulated(partner) => {
                partner.cancel(plain(number));
                Ok(Done::taken(number.clone()))
            }
            Self::Own(own) => own.cancel(number).await,
            Self::Foreign(foreign) => foreign.driver.cancel(number, booking).await,
        }
    }

    pub(super) async fn show(&self, number: &Number, booking: &Booking) -> Result<Done, DriverError> {
        match self {
            Self::Simulated(partner) => {
                let shown = partner.show(plain(number));
                Ok(Done::Taken { number: number.clone(), code: shown.code, flagged: shown.flagged })
            }
            Self::Own(own) => own.show(number).await,
            Self::Foreign(foreign) => foreign.driver.show(number, booking).await,
        }
    }

    pub(super) async fn restart(&self, now: Instant) -> Result<(), DriverError> {
        match self {
            Self::Simulated(partner) => {
                partner.restart();
                Ok(())
            }
            Self::Own(own) => own.restart().await,
            Self::Foreign(foreign) => match foreign.program.lock().await.as_mut() {
                Some(running) => running.restart(now).await,
                None => Err(DriverError("it was not started here, so it cannot be restarted".to_owned())),
            },
        }
    }
}

/// The number as the simulated partner gave it.
fn plain(number: &Number) -> u32 {
    number.0.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default()
}
