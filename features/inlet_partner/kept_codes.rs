//! A lock that keeps its codes until they end: IP-10 where a stay is cancelled.

use std::time::Duration;

use cucumber::step::Collection;

use super::SOON;
use super::changes::granted;
use super::world::InletPartner;
use crate::harness::partner::PartnerBench;
use crate::harness::trial::{Step, Stop};
use crate::simulator::{Effect, Fault, Place, Schedule};
use crate::vendors::partner::{Booking, Use};
use crate::vendors::vocabulary::{FailureKind, LockId, Meaning};

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "a stay was granted by a code that its lock does not let go of" => irrevocable;
        when "the stay is cancelled all the same" => cancels_there;
    }
}

/// A stay at a lock whose vendor says that it takes no code back.
async fn irrevocable(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    if !bench.description().declared.uses.contains(&Use::Code) {
        return Err(Stop::NotApplicable("the partner declares no use of codes".to_owned()));
    }
    let booking = Booking { access: Use::Code, ..bench.stay()? };
    granted(world, booking).await?;
    let place = Place {
        meaning: Some(Meaning::RemovePin),
        lock: world.doors.first().map(|door| LockId::new(door.0.as_str())),
        ..Place::default()
    };
    let effect = Effect::Refuse(FailureKind::Unsupported);
    bench.inject_upstream(Fault { place, schedule: Schedule::default(), effect });
    Ok(())
}

/// A partner that calls Inlet while its form waits may refuse the cancellation as
/// Inlet does: then whoever cancels was told.
async fn cancels_there(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let booked = world.stay()?;
    let (room, before) = (booked.room(), world.before);
    let refusal = bench.try_cancel(&booked).await?.err();
    let is_sent = |bench: &PartnerBench| bench.arrivals_at(&room).len() > before;
    match refusal {
        Some(why) if !is_sent(&bench) => {
            let expected = "the partner's system takes it, or asks Inlet first";
            return Err(Stop::fail("a cancellation was refused", expected, why));
        }
        Some(why) => world.refused.push((room.0.clone(), why)),
        None => world.many.push(booked),
    }
    bench.until(SOON, is_sent).await;
    bench.pass(Duration::from_secs(3_600)).await;
    Ok(())
}
