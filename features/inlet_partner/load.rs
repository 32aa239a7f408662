//! Load: IP-72.

use std::collections::BTreeSet;
use std::future::Future;
use std::time::Duration;

use cucumber::step::Collection;
use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::SOON;
use super::world::InletPartner;
use crate::harness::partner::{Arrival, Booked, PartnerBench};
use crate::harness::trial::{Step, Stop};
use crate::vendors::inlet::Operation;
use crate::vendors::partner::{Booking, Drive, Load, Pace};
use crate::vendors::vocabulary::Instant;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "the partner states a load" => states;
        when "that many stays are booked in that time" => books;
        then "the bookings were taken in that time" => in_that_time;
        then "each is granted once, and Inlet answered no call with an error" => granted_once;
    }
}

/// How long booking took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Course {
    /// Until the last form was filled in.
    pub offered: Duration,
    /// Until the last form was answered.
    pub taken: Duration,
    /// How long the first form was answered, when nothing else was under way.
    pub first: Duration,
}

async fn states(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    if world.bench()?.description().declared.load.is_some() {
        return Ok(());
    }
    Err(Stop::Inconclusive("the partner states no load (`load` under [declares])".to_owned()))
}

fn load(bench: &PartnerBench) -> Result<Load, Stop> {
    bench.description().declared.load.ok_or_else(|| Stop::Error("no load is stated".to_owned()))
}

/// A form that was answered, and when.
struct Answered {
    booked: Booked,
    asked: Instant,
    at: Instant,
}

async fn fill_in(bench: &PartnerBench, booking: Booking) -> Result<Answered, Stop> {
    let asked = bench.now();
    let booked = bench.book(booking).await?;
    Ok(Answered { booked, asked, at: bench.now() })
}

/// Books at the stated rate, whether the forms before were answered or not: a
/// person alone fills in one after the other.
async fn books(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let load = load(&bench)?;
    world.before = bench.arrivals().len();
    // Hurried timers make nobody's machine faster: a load is stated in real time.
    let within = load.within.mul_f64(bench.pace().factor().unwrap_or(1.0));
    let began = bench.now();
    let mut forms = FuturesUnordered::new();
    let mut answered: Vec<Answered> = Vec::new();
    for nth in 0..load.bookings {
        let due = began + within.mul_f64(f64::from(nth) / f64::from(load.bookings));
        // Time is moved by whole seconds: what is due within one is booked at once.
        if due.since(bench.now()) >= SECOND {
            pass_until(&bench, due, &mut forms, &mut answered).await?;
        }
        forms.push(fill_in(&bench, bench.stay()?));
        if bench.description().drive == Drive::Person {
            finish(&bench, &mut forms, &mut answered).await?;
        }
    }
    finish(&bench, &mut forms, &mut answered).await?;
    drop(forms);
    let since = |at: Option<Instant>| at.map(|at| at.since(began)).unwrap_or_default();
    let first = answered.iter().min_by_key(|one| one.asked).map(|one| one.at.since(one.asked));
    world.load = Some(Course {
        offered: since(answered.iter().map(|one| one.asked).max()),
        taken: since(answered.iter().map(|one| one.at).max()),
        first: first.unwrap_or_default(),
    });
    world.many = answered.into_iter().map(|one| one.booked).collect();
    let rooms: Vec<_> = world.many.iter().map(|booked| booked.room()).collect();
    bench.until(SOON, |bench| bench.standing_at(&rooms).len() >= rooms.len()).await;
    bench.pass(MINUTE).await;
    Ok(())
}

type Forms<F> = FuturesUnordered<F>;

/// Lets time pass until an instant, and takes in what is answered meanwhile.
async fn pass_until<F>(
    bench: &PartnerBench,
    at: Instant,
    forms: &mut Forms<F>,
    answered: &mut Vec<Answered>,
) -> Step
where
    F: Future<Output = Result<Answered, Stop>>,
{
    let passed = bench.pass(at.since(bench.now()));
    tokio::pin!(passed);
    loop {
        tokio::select! {
            biased;
            Some(one) = forms.next() => answered.push(one?),
            () = &mut passed => return Ok(()),
        }
    }
}

/// Waits for every form that is under way.
async fn finish<F>(bench: &PartnerBench, forms: &mut Forms<F>, answered: &mut Vec<Answered>) -> Step
where
    F: Future<Output = Result<Answered, Stop>>,
{
    // Whoever answers none of them within a person's patience is told of as that.
    while !forms.is_empty() {
        pass_until(bench, bench.now() + SECOND, forms, answered).await?;
    }
    Ok(())
}

/// How much longer than stated may be told apart from the stated time.
fn tolerance(load: Load) -> Duration {
    (load.within / 10).max(Duration::from_secs(5))
}

/// Judges whether a load was offered, and taken, in the stated time, which is the
/// machine's and runs by that factor slower than the partner's.
fn judged(load: Load, pace: Pace, course: Course) -> Result<String, Stop> {
    let factor = pace.factor().unwrap_or(1.0);
    let real = |span: Duration| span.div_f64(factor);
    let (offered, taken) = (real(course.offered), real(course.taken));
    let allowed = load.within + tolerance(load);
    let stated = format!("{} bookings within {} s", load.bookings, load.within.as_secs());
    if offered > allowed {
        return Err(Stop::Inconclusive(format!(
            "the stated load, {stated}, could not be offered in that time: the last was typed in after {} s",
            offered.as_secs()
        )));
    }
    let told = format!("the last was taken after {} s", taken.as_secs());
    if taken <= allowed + real(course.first) {
        return Ok(told);
    }
    Err(Stop::fail("the stated load is not taken in the stated time", stated, told))
}

async fn in_that_time(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let course = world.load.ok_or_else(|| Stop::Error("nothing was booked".to_owned()))?;
    world.remark(judged(load(&bench)?, bench.pace(), course)?);
    Ok(())
}

async fn granted_once(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let rooms: Vec<_> = world.many.iter().map(|booked| booked.room()).collect();
    let standing = bench.standing_at(&rooms).len();
    let since: Vec<Arrival> = bench.arrivals().into_iter().skip(world.before).collect();
    let errors = since.iter().filter(|one| one.status() != Some(200)).count();
    let doors: BTreeSet<&str> = rooms.iter().map(|room| room.0.as_str()).collect();
    let about = |one: &&Arrival| one.doors.iter().any(|door| doors.contains(door.as_str()));
    let grants = |one: &&Arrival| one.operation() == Some(Operation::GrantAccess);
    let calls = since.iter().filter(about).filter(grants).count();
    if standing == rooms.len() && errors == 0 && calls == rooms.len() {
        world.remark(format!("{standing} stays"));
        return Ok(());
    }
    Err(Stop::fail(
        "the stated load is not handled",
        format!("{} stays granted once each, without errors", rooms.len()),
        format!("{standing} accesses by {calls} grants, and {errors} calls without success"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOAD: Load = Load { bookings: 20, within: MINUTE };

    /// A course on the machine's clock, told in the partner's time.
    fn at(pace: Pace, offered: u64, taken: u64, first: u64) -> Result<String, Stop> {
        let factor = pace.factor().unwrap_or(1.0);
        let seconds = |seconds| Duration::from_secs(seconds).mul_f64(factor);
        let course = Course { offered: seconds(offered), taken: seconds(taken), first: seconds(first) };
        judged(LOAD, pace, course)
    }

    const PACES: [Pace; 3] = [Pace::Virtual, Pace::Real, Pace::Accelerated(60.0)];

    #[test]
    fn what_is_taken_in_time_passes_at_every_pace() {
        for pace in PACES {
            assert!(at(pace, 57, 58, 1).is_ok(), "{pace:?}");
            // Each form takes a while, and they are taken side by side.
            assert!(at(pace, 57, 97, 40).is_ok(), "{pace:?}");
        }
    }

    #[test]
    fn what_queues_up_fails_at_every_pace() {
        for pace in PACES {
            assert!(matches!(at(pace, 57, 1_200, 60), Err(Stop::Fail(_))), "{pace:?}");
        }
    }

    #[test]
    fn a_load_that_was_not_offered_tells_nothing() {
        for pace in PACES {
            assert!(matches!(at(pace, 300, 301, 1), Err(Stop::Inconclusive(_))), "{pace:?}");
        }
    }
}
