//! What may still follow of a booking after its access, and looking back for it.
//!
//! Contact data and texts may be sent by an update, and a call that times out is
//! repeated for half an hour. So whoever looks for what must not arrive looks back
//! from the end of the run, and what follows of the calls until then has had that
//! half hour, counted from when each was answered: a machine that is slow shortens
//! nothing.

use std::time::Duration;

use super::arrivals::UNDER_WAY;
use super::{Arrival, Booked, PartnerBench};
use crate::harness::criterion::CriterionId;
use crate::vendors::partner::Booking;

/// How long after a call something may still follow of it: the half hour for which
/// it may be repeated, and a gap.
const HORIZON: Duration = Duration::from_secs(35 * 60);

/// The longest that [`PartnerBench::let_follow`] takes, in the partner's time.
pub(super) const LONGEST_FOLLOW: Duration = Duration::from_secs(HORIZON.as_secs() + UNDER_WAY.as_secs());

impl PartnerBench {
    /// Gives what may still follow of the calls about the doors of some criteria its
    /// time: until none of them is under way, and for [`HORIZON`] after the last.
    pub async fn let_follow(&self, criteria: &[CriterionId]) {
        let about = |one: &Arrival| one.doors.iter().any(|door| self.is_door_of(door, criteria));
        let open = |one: &Arrival| one.received.ended().is_none() && about(one);
        self.until(UNDER_WAY, |bench| !bench.arrivals().iter().any(open)).await;
        let arrivals = self.arrivals();
        let called =
            arrivals.iter().filter(|one| about(one)).map(|one| one.received.ended().unwrap_or(one.at()));
        let booked = self.all_booked();
        let booked = booked
            .iter()
            .filter(|booked| doors(&booked.booking).any(|door| self.is_door_of(door, criteria)))
            .map(|booked| booked.at);
        if let Some(last) = called.chain(booked).max() {
            self.pass((last + HORIZON).since(self.now())).await;
        }
    }

    fn is_door_of(&self, door: &str, criteria: &[CriterionId]) -> bool {
        self.rooms.criterion_of(door).is_some_and(|criterion| criteria.contains(&criterion))
    }

    /// The forms that were filled in for the scenario's criterion, in whichever of its
    /// scenarios, of which some were taken.
    pub fn own_forms(&self) -> (Vec<Booking>, Vec<Booked>) {
        let own: Vec<CriterionId> = self.scene.criterion.iter().cloned().collect();
        let is_own = |booking: &Booking| doors(booking).any(|door| self.is_door_of(door, &own));
        let typed = self.all_typed().into_iter().filter(is_own).collect();
        let taken = self.all_booked().into_iter().filter(|booked| is_own(&booked.booking)).collect();
        (typed, taken)
    }
}

/// Every door of a booking.
pub(super) fn doors(booking: &Booking) -> impl Iterator<Item = &str> {
    booking.rooms.iter().chain(&booking.common_doors).map(|room| room.0.as_str())
}
