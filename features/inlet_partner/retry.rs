//! The retry rule: IP-20 to IP-22, IP-25, IP-26.

use std::time::Duration;

use cucumber::step::Collection;

use super::escalation::mails_about;
use super::retry_rule::{Change, Course, Judgement, News, Outcome, Rule, Tolerance, attempts, judge};
use super::world::InletPartner;
use crate::harness::partner::{Arrival, Case, Overtaken, PartnerBench, Standing};
use crate::harness::trial::{Step, Stop};
use crate::harness::verdict::Verdict;
use crate::simulator::{Effect, Fault, Received, Schedule};
use crate::vendors::inlet::Request;
use crate::vendors::vocabulary::{Instant, LockId};

const MINUTE: Duration = Duration::from_secs(60);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        given "the retry laboratory has run its course" => laboratory;
        given "the partner's system can be restarted" => can_restart;
        when "it is restarted while a retry is pending" => restart;
        then r#"the gaps between the attempts of "(.+)" obey the rule"# => gaps;
        then r#"the attempts of "(.+)" go on for long enough"# => duration;
        then r#"no attempt of "(.+)" follows its success"# => success;
        then r#"exactly one access of "(.+)" exists in the end"# => one_access;
        then r#""(.+)" is granted once, where it is granted at all"# => granted_once;
        then r#"no attempt of "(.+)" follows its cancellation"# => nothing_stale;
        then r#"no attempt of "(.+)" asks for the stay as it was"# => nothing_stale;
        then r#"no access of "(.+)" exists in the end"# => no_access;
        then r#"the access of "(.+)" is for the changed stay"# => changed_stay;
        then "the retry goes on, and exactly one access exists in the end" => goes_on;
    }
}

async fn laboratory(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    let bench = world.bench()?;
    bench.laboratory().await.map(drop)
}

/// A case of the laboratory, with all that was observed of it.
pub(super) async fn case(bench: &PartnerBench, name: &str) -> Result<(Case, Instant), Stop> {
    let laboratory = bench.laboratory().await?;
    let case =
        laboratory.case(name).ok_or_else(|| Stop::Error(format!("no experiment is called “{name}”")))?;
    if let Some(why) = &case.unmade {
        return Err(Stop::NotApplicable(why.clone()));
    }
    if let Some(why) = case.unseen.clone().or_else(|| bench.slipped(case)) {
        return Err(Stop::Inconclusive(why));
    }
    Ok((case.clone(), laboratory.observed_until))
}

/// What arrived about a case's doors while it was observed.
fn received(bench: &PartnerBench, case: &Case, observed_until: Instant) -> Vec<Received> {
    let arrivals = case.doors.iter().flat_map(|door| bench.arrivals_at(door));
    let mut received: Vec<_> = arrivals.map(|arrival| arrival.received).collect();
    received.retain(|one| one.at() <= observed_until);
    received.sort_by_key(Received::number);
    received.dedup_by_key(|one| one.number());
    received
}

/// The calls of a case that are repeated, as the judge reads them: grants, or what
/// changes a granted access.
pub(super) fn judged_course(bench: &PartnerBench, case: &Case, observed_until: Instant) -> Course {
    let mut received = received(bench, case, observed_until);
    let standing = bench.standing_at(&case.doors).len();
    let changes = if case.experiment.once_granted {
        received.retain(|one| case.overtaken_at.is_some_and(|at| one.at() >= at));
        Vec::new()
    } else {
        changes(case)
    };
    let attempts = attempts(case.experiment.struck(), &received);
    let escalations = mails_about(bench, case).into_iter().map(|mail| mail.at).collect();
    Course::new(attempts, observed_until)
        .with_changes(changes)
        .with_escalations(escalations)
        .with_standing(u32::try_from(standing).unwrap_or(u32::MAX))
}

/// What became of the booking while its grant was attempted.
fn changes(case: &Case) -> Vec<Change> {
    let news = |at| Change {
        at,
        news: match case.experiment.overtaken {
            Overtaken::Cancelled => News::CalledOff,
            _ => News::Changed(None),
        },
    };
    case.overtaken_at.into_iter().map(news).collect()
}

/// The verdict on some parts of the rule for a case, as a step ends.
pub(super) fn hold(
    world: &InletPartner,
    name: &str,
    judgement: &Judgement,
    rules: &[Rule],
    expected: &str,
) -> Step {
    let judgement = judgement.on(rules);
    let worst = judgement.verdict();
    let deciding = judgement.findings().iter().filter(|finding| finding.verdict == worst);
    let why: Vec<&str> = deciding.clone().map(|finding| finding.why.as_str()).collect();
    let why = why.join("; ");
    match worst {
        Verdict::Fail | Verdict::Error => Err(of_case(name, Stop::fail(why.clone(), expected, why))),
        Verdict::Inconclusive => Err(Stop::Inconclusive(why)),
        Verdict::NotApplicable => Err(Stop::Inconclusive(format!("there was no occasion to see it: {why}"))),
        _ => {
            deciding.for_each(|finding| world.remark_of(name, &finding.why));
            Ok(())
        }
    }
}

async fn judged(world: &InletPartner, name: &str, rules: &[Rule], expected: &str) -> Step {
    let bench = world.bench()?;
    let (case, observed_until) = case(&bench, name).await?;
    let course = judged_course(&bench, &case, observed_until);
    let judgement = judge(&course, bench.pace());
    world.remark(format!("asked for: {expected}"));
    world.remark_of(name, course.told());
    hold(world, name, &judgement, rules, expected)
}

/// A shortfall with the case in which it was seen. What is short is told without it,
/// so that a criterion tells what is the same in many cases once.
pub(super) fn of_case(name: &str, stop: Stop) -> Stop {
    match stop {
        Stop::Fail(mut shortfall) => {
            shortfall.observed = format!("where {name}: {}", shortfall.observed);
            Stop::Fail(shortfall)
        }
        other => other,
    }
}

async fn gaps(world: &mut InletPartner, name: String) -> Step {
    let tolerance = Tolerance::at(world.bench()?.pace()).map_or(0.0, |one| one.span().as_secs_f64());
    let expected = format!(
        "180 s to 300 s between attempts, from start to start or from the answer to the next start (± {tolerance} s)"
    );
    judged(world, &name, &[Rule::Gap], &expected).await
}

async fn duration(world: &mut InletPartner, name: String) -> Step {
    let expected = "attempts for at least 30 minutes, or until success";
    let bench = world.bench()?;
    let (case, observed_until) = case(&bench, &name).await?;
    // Success would cut the attempts short that are counted.
    let rules: &[Rule] =
        if case.experiment.fails_throughout() { &[Rule::Duration, Rule::Number] } else { &[Rule::Duration] };
    let course = judged_course(&bench, &case, observed_until);
    let judgement = judge(&course, bench.pace());
    // What never failed had nothing to go on with.
    let ended = |outcome| course.attempts().iter().any(|attempt| attempt.outcome == outcome);
    if ended(Outcome::UpstreamTimeout)
        && ended(Outcome::Success)
        && judgement.on(rules).verdict() == Verdict::NotApplicable
    {
        world.remark_of(&name, "success ended it");
        return Ok(());
    }
    hold(world, &name, &judgement, rules, expected)
}

async fn success(world: &mut InletPartner, name: String) -> Step {
    judged(world, &name, &[Rule::Success, Rule::Content], "no attempt after success, and the same content")
        .await
}

/// The accesses of a case, looked at some time after the course.
async fn standing(world: &InletPartner, name: &str) -> Result<(Case, usize), Stop> {
    let bench = world.bench()?;
    let (case, _) = case(&bench, name).await?;
    let count = bench.standing_at(&case.doors).len();
    Ok((case, count))
}

async fn one_access(world: &mut InletPartner, name: String) -> Step {
    match standing(world, &name).await? {
        (_, 1) => {
            world.remark_of(&name, "one access exists in the end");
            Ok(())
        }
        (_, count) => Err(of_case(
            &name,
            Stop::fail(
                format!("{count} accesses exist instead of one"),
                "exactly one access in the end",
                format!("{count} accesses"),
            ),
        )),
    }
}

/// Who gave up after half an hour need not have an access; nobody has two.
async fn granted_once(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let (case, observed_until) = case(&bench, &name).await?;
    let course = judged_course(&bench, &case, observed_until);
    let granted = course.attempts().iter().any(|attempt| attempt.outcome == Outcome::Success);
    if granted {
        success(world, name.clone()).await?;
        return one_access(world, name).await;
    }
    if course.attempts().is_empty() {
        return Err(Stop::Inconclusive("nothing was attempted for this access".to_owned()));
    }
    world.remark_of(&name, course.told());
    world.remark_of(&name, "it was given up after half an hour, as it may be");
    match bench.standing_at(&case.doors).len() {
        0 | 1 => Ok(()),
        count => Err(Stop::fail(
            format!("{count} accesses exist for one booking"),
            "one access at most",
            format!("{count} accesses"),
        )),
    }
}

async fn no_access(world: &mut InletPartner, name: String) -> Step {
    match standing(world, &name).await? {
        (_, 0) => {
            world.remark_of(&name, "no access exists in the end");
            Ok(())
        }
        (_, count) => Err(Stop::fail(
            "an access exists for a booking that was cancelled",
            "no access in the end",
            format!("{count} accesses"),
        )),
    }
}

/// What was attempted after the booking was overtaken. Whatever asks for it as it
/// was has come from a system that knew better.
async fn nothing_stale(world: &mut InletPartner, name: String) -> Step {
    judged(world, &name, &[Rule::Content], "from then on no attempt at the booking as it was").await?;
    let bench = world.bench()?;
    let (case, _) = case(&bench, &name).await?;
    let Some(at) = case.overtaken_at else { return Ok(()) };
    let known = at + Tolerance::at(bench.pace()).map_err(Stop::Inconclusive)?.span();
    let arrivals = case.doors.iter().flat_map(|door| bench.arrivals_at(door));
    let stale = arrivals.filter(|one| one.at() > known && asks_as_it_was(&case, one)).map(|one| one.at());
    match stale.min() {
        None => Ok(()),
        Some(late) => Err(Stop::fail(
            "a changed booking was attempted as it was",
            "attempts at the stay as it is now",
            format!("one at what it was came {} s after the change", late.since(at).as_secs()),
        )),
    }
}

/// Whether a call asks for a changed booking as it was before.
fn asks_as_it_was(case: &Case, arrival: &Arrival) -> bool {
    let Some(Request::Grant(grant)) = arrival.request() else { return false };
    let until = super::instant(&case.booked.booking.until);
    match case.experiment.overtaken {
        Overtaken::No | Overtaken::Cancelled => false,
        Overtaken::Changed => grant.to.instant() < until,
        Overtaken::Shortened => grant.to.instant() > until + super::LEEWAY,
        Overtaken::Moved => grant.lock_id != case.booked.room().0,
    }
}

async fn changed_stay(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let (case, _) = case(&bench, &name).await?;
    let booking = &case.booked.booking;
    let (room, standing) = (case.booked.room(), bench.standing_at(&case.doors));
    if standing.iter().any(|access| access.door == room.0 && super::covers(access.window, booking)) {
        world.remark_of(&name, "it is for the stay as it was changed");
        return Ok(());
    }
    let told = |one: &Standing| format!("at {} from {} to {}", one.door, one.window.from, one.window.until);
    let periods: Vec<String> = standing.iter().map(told).collect();
    let (from, until) = (super::instant(&booking.from), super::instant(&booking.until));
    Err(Stop::fail(
        "the access is not for the stay as it was changed",
        format!("an access at {} from {from} until {until}, or up to an hour more at either end", room.0),
        format!("accesses {}", periods.join(", ")),
    ))
}

async fn can_restart(world: &mut InletPartner) -> Step {
    world.makes_accesses()?;
    if world.bench()?.system().can_restart().await {
        return Ok(());
    }
    let why = "the partner's system is not started here, so it cannot be restarted";
    Err(Stop::Inconclusive(why.to_owned()))
}

async fn restart(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let booking = bench.stay()?;
    let door = booking.rooms.first().ok_or_else(|| Stop::Error("a stay has no room".to_owned()))?;
    let schedule = Schedule::lasting_from_first_strike(6 * MINUTE);
    let silent = Effect::Withhold { carried_out: false };
    bench.inject_upstream(Fault::at(LockId::new(door.0.as_str()), schedule, silent));
    let booked = bench.book(booking).await?;
    let room = booked.room();
    bench.until(super::SOON, |bench| !bench.arrivals_at(&room).is_empty()).await;
    bench.pass(MINUTE).await;
    world.before = bench.arrivals_at(&room).len();
    if !bench.standing_at(std::slice::from_ref(&room)).is_empty() {
        let why = "the access was granted before the restart, so no retry was pending";
        return Err(Stop::Inconclusive(why.to_owned()));
    }
    bench.restart().await?;
    world.booked = Some(booked);
    // Four retries in all, at the longest gap; then one more that would be too many.
    let granted = |bench: &PartnerBench| !bench.standing_at(std::slice::from_ref(&room)).is_empty();
    bench.until(20 * MINUTE, granted).await;
    bench.pass(6 * MINUTE).await;
    Ok(())
}

async fn goes_on(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let room = world.stay()?.room();
    if world.before == 0 {
        return Err(Stop::Inconclusive("no attempt was made before the restart".to_owned()));
    }
    let standing = bench.standing_at(std::slice::from_ref(&room)).len();
    if standing == 1 {
        return Ok(());
    }
    let attempts = bench.arrivals_at(&room).len();
    Err(Stop::fail(
        "a pending retry did not survive a restart",
        "the retry goes on until the access is granted",
        format!("{} attempts before it, {} in all, {standing} accesses", world.before, attempts),
    ))
}
