//! What support was told of accesses that were not granted: IP-23, IP-24.

use std::time::Duration;

use cucumber::step::Collection;
use jiff::tz::TimeZone;

use super::named::{names_booking, names_lock};
use super::retry::{case, hold, judged_course, of_case};
use super::retry_rule::{Rule, Tolerance, judge};
use super::told::{Facts, lacking};
use super::world::InletPartner;
use crate::harness::partner::{Case, Laboratory, PartnerBench, stay_zone};
use crate::harness::trial::{Step, Stop};
use crate::harness::verdict::Verdict;
use crate::simulator::Mail;
use crate::vendors::vocabulary::{Instant, Window};

/// When support is told at the soonest, after the first attempt.
const NOT_BEFORE: Duration = Duration::from_secs(1_800);
/// A time may be told to the minute.
const MINUTE: Duration = Duration::from_secs(60);
/// So long a partner's program may need until its own clock runs, on the machine's clock.
const START: Duration = Duration::from_secs(2);

pub(super) fn steps(collection: Collection<InletPartner>) -> Collection<InletPartner> {
    crate::steps! { collection;
        then r#"support was told of "(.+)" between 30 and 40 minutes after the first attempt"# => told_in_time;
        then r#"what support was told of "(.+)" names the time, the lock, the reference and the error"# => told_enough;
        then r#"support was not told of "(.+)""# => not_told;
        then "support was told nothing that could be about an access within its first 30 minutes" => nothing_early;
        then r#"an email to support about "(.+)" was received"# => told_by_mail;
    }
}

fn text(mail: &Mail) -> String {
    format!("{}\n{}", mail.subject, mail.text)
}

/// Mail to support about a case: it names the case's lock, or it names no lock and
/// the booking by its number.
pub(super) fn mails_about(bench: &PartnerBench, case: &Case) -> Vec<Mail> {
    let room = case.booked.room();
    let number = case.booked.number();
    let about = |mail: &Mail| {
        let text = text(mail);
        names_lock(&text, &room.0)
            || number
                .as_deref()
                .is_some_and(|number| !names_any_lock(bench, &text) && names_booking(&text, number))
    };
    bench.mails().into_iter().filter(about).collect()
}

fn names_any_lock(bench: &PartnerBench, text: &str) -> bool {
    let mut words = text.split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_'));
    words.any(|word| bench.customer_of(word).is_some())
}

/// Whether nobody's mail is to be judged: none is declared, and none came about
/// what failed.
async fn is_by_procedure(bench: &PartnerBench) -> Result<bool, Stop> {
    let laboratory = bench.laboratory().await?;
    let none_came = || laboratory.cases().iter().all(|case| mails_about(bench, case).is_empty());
    Ok(!bench.description().declared.escalates_by_email && none_came())
}

/// Where a person tells support by a procedure, somebody vouches for it.
fn by_procedure(bench: &PartnerBench) -> Step {
    let vouched = bench.description().attested("IP-23", Instant::wall().timestamp());
    let expected = "a message to support after 30 minutes, or an attested procedure";
    let given = vouched.map_err(|why| Stop::fail("nobody tells support", expected, why))?;
    bench.rest_on(format!("{} vouched for it on {} by “{}”", given.who, given.when, given.document));
    Ok(())
}

async fn told_in_time(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    if is_by_procedure(&bench).await? {
        return by_procedure(&bench);
    }
    let (case, observed_until) = case(&bench, &name).await?;
    let judgement = judge(&judged_course(&bench, &case, observed_until), bench.pace());
    if judgement.on(&[Rule::Escalation]).verdict() == Verdict::NotApplicable && was_granted(&bench, &case) {
        // Who attempts it late may find the upstream there again in time.
        world.remark("it was granted in time, and support was not told");
        return Ok(());
    }
    let expected = "one message to support, 30 to 40 minutes after the first attempt";
    hold(world, &name, &judgement, &[Rule::Escalation], expected)
}

fn was_granted(bench: &PartnerBench, case: &Case) -> bool {
    bench.arrivals_at(&case.booked.room()).iter().any(|one| one.status() == Some(200))
}

async fn told_enough(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    if is_by_procedure(&bench).await? {
        return by_procedure(&bench);
    }
    let (case, _) = case(&bench, &name).await?;
    let mails = mails_about(&bench, &case);
    let Some(mail) = mails.first() else {
        if was_granted(&bench, &case) {
            world.remark("it was granted, and support was not told");
            return Ok(());
        }
        return Err(Stop::fail(
            "support was told nothing that names the lock",
            "time, lock, reference, error",
            "no such message",
        ));
    };
    let message = text(mail);
    warn_of_personal_data(world, &case, &message);
    let lacking = lacking(&message, &facts(&bench, &case, mail.at));
    if lacking.is_empty() {
        return Ok(());
    }
    Err(Stop::fail(
        "support was not told enough to act on",
        "time, lock, reference, error",
        format!("the message lacks {}", lacking.join(", ")),
    ))
}

/// What a message about a case is held against.
fn facts(bench: &PartnerBench, case: &Case, told_at: Instant) -> Facts {
    let arrivals = bench.arrivals_at(&case.booked.room());
    let sent = arrivals.iter().filter_map(|one| one.contact()?.reference);
    let references = sent.map(|reference| reference.expose().to_owned()).chain(case.booked.number());
    let first = arrivals.first().map_or(case.booked.at, |first| first.at());
    Facts {
        lock: case.booked.room().0,
        references: references.collect(),
        statuses: arrivals.iter().filter_map(|one| one.status()).filter(|status| *status >= 400).collect(),
        windows: windows(bench, first, told_at),
        zones: vec![TimeZone::UTC, stay_zone(), TimeZone::system()],
    }
}

/// When the course of a case was, on Inlet's clock; and on the machine's, for a
/// partner whose timers alone are hurried.
fn windows(bench: &PartnerBench, first: Instant, told_at: Instant) -> Vec<Window> {
    let factor = bench.pace().factor().unwrap_or(1.0);
    let slack = MINUTE + if factor > 1.0 { START.mul_f64(factor) } else { Duration::ZERO };
    let mut windows = vec![Window::new(before(first, slack), told_at + slack)];
    if factor > 1.0 {
        let wall = Instant::wall();
        let ago = bench.now().since(first).div_f64(factor);
        windows.push(Window::new(before(wall, ago + MINUTE), wall + MINUTE));
    }
    windows
}

fn before(at: Instant, span: Duration) -> Instant {
    let span = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
    Instant::from_epoch_ms(at.epoch_ms().saturating_sub(span))
}

fn warn_of_personal_data(world: &InletPartner, case: &Case, message: &str) {
    let guest = case.booked.guest();
    let data = [guest.email, guest.phone, guest.name];
    if data.iter().any(|datum| !datum.is_empty() && message.contains(datum)) {
        world.warn(
            "the message to support holds personal data",
            "opaque references in messages to support",
            "the guest's name, address or number stands in it".to_owned(),
        );
    }
}

/// Who is told of a failure late, by a client that waits long for its answers, may
/// not have the access after half an hour, and then tells support rightly.
async fn not_told(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let (case, observed_until) = case(&bench, &name).await?;
    let count = mails_about(&bench, &case).len();
    if count == 0 {
        return Ok(());
    }
    let judgement = judge(&judged_course(&bench, &case, observed_until), bench.pace());
    if judgement.on(&[Rule::Escalation]).verdict() == Verdict::Pass {
        world.remark("support was told of what was not granted after 1,800 s");
        return Ok(());
    }
    let summary = "support was told of an access that was granted, changed or called off in time";
    Err(of_case(&name, Stop::fail(summary, "no message", format!("{count} messages"))))
}

/// Messages that name neither a lock nor a booking may be about any of the
/// laboratory's cases, unless something else failed that they may be about.
async fn nothing_early(world: &mut InletPartner) -> Step {
    let bench = world.bench()?;
    let laboratory = bench.laboratory().await?;
    let Some(early) = nameless(&bench, laboratory) else { return Ok(()) };
    if failed_elsewhere(&bench, laboratory, early) {
        let why = "support was told of something that names neither lock nor booking, and may be about \
                   another call than those of the laboratory";
        return Err(Stop::Inconclusive(why.to_owned()));
    }
    Err(Stop::fail(
        "support was told before 30 minutes of retries were over",
        "no message before, and later ones that name the lock",
        format!("a message {} s after the laboratory began", early.since(laboratory.began).as_secs()),
    ))
}

/// When the first message came that names nothing known, while every access of the
/// laboratory was within its first thirty minutes.
fn nameless(bench: &PartnerBench, laboratory: &Laboratory) -> Option<Instant> {
    let rooms = laboratory.cases().iter().map(|case| case.booked.room());
    let firsts = rooms.filter_map(|room| Some(bench.arrivals_at(&room).first()?.at()));
    let first = firsts.min()?;
    let span = Window::new(first, before(first + NOT_BEFORE, tolerance(bench)));
    let numbers: Vec<String> =
        bench.all_booked().iter().filter_map(crate::harness::partner::Booked::number).collect();
    let early = bench.mails().into_iter().filter(|mail| span.contains(mail.at));
    let unnamed = early.filter(|mail| {
        let text = text(mail);
        !names_any_lock(bench, &text) && !numbers.iter().any(|number| names_booking(&text, number))
    });
    unnamed.map(|mail| mail.at).min()
}

/// What the pace of the clock leaves open; beyond that much nothing is judged.
fn tolerance(bench: &PartnerBench) -> Duration {
    Tolerance::at(bench.pace()).map_or(NOT_BEFORE, |tolerance| tolerance.span())
}

/// Whether a call about another door had failed before a message came.
fn failed_elsewhere(bench: &PartnerBench, laboratory: &Laboratory, told: Instant) -> bool {
    let is_case =
        |door: &String| laboratory.cases().iter().any(|case| case.doors.iter().any(|of| of.0 == *door));
    let earlier = bench.arrivals().into_iter().filter(|one| one.at() <= told);
    earlier.filter(|one| one.status() != Some(200)).any(|one| !one.doors.iter().any(is_case))
}

async fn told_by_mail(world: &mut InletPartner, name: String) -> Step {
    let bench = world.bench()?;
    let (case, _) = case(&bench, &name).await?;
    match mails_about(&bench, &case).len() {
        0 => Err(Stop::fail("no email reached support", "an email to support@inlet.tech", "none")),
        _ => Ok(()),
    }
}
