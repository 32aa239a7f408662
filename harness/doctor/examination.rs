//! The course of an examination: the reads, and the checks that they lead to.

use std::sync::Arc;

use super::ask::{self, Round};
use super::diagnosis::{Check, Diagnosis, Heading};
use super::noted::{self, Noted};
use super::trouble::Trouble;
use super::{clock, fixtures, network, rate, settings, statics, stranger};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{Clocks, Connection, Integration, Retries};
use crate::harness::progress::Progress;
use crate::harness::result::Exchange;
use crate::harness::subject::{Given, Subject};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Clock, Instant, RunName};

/// The headings from the network inwards: each rests on those before it.
const LAYERS: [Heading; 11] = [
    Heading::Dns,
    Heading::Connection,
    Heading::Tls,
    Heading::Redirect,
    Heading::Page,
    Heading::RateLimit,
    Heading::BasePath,
    Heading::Credentials,
    Heading::Scope,
    Heading::Setting,
    Heading::Answers,
];

/// Examines a subject. Every exchange goes to `recorder`; nothing is created,
/// moved or removed. It takes as long as a dozen calls do, where nothing answers
/// one deadline, and never more than three; `watch` is told what is being asked.
pub async fn examine(
    dialect: &Arc<Dialect>,
    subject: &Subject,
    run: RunName,
    recorder: &Recorder,
    watch: &dyn Fn(Progress),
) -> Diagnosis {
    let clocks = Clocks { harness: Clock::stepped(Instant::wall()), subject: Clock::real() };
    match speaker(dialect, subject, clocks, run, recorder) {
        Ok(inlet) => examine_by(&inlet, subject, recorder, watch).await,
        Err(why) => {
            let target = subject.servers.get("api").cloned().unwrap_or_default();
            refused(&dialect.name, &target, &why, "see what is named, and give it")
        }
    }
}

/// The same by an integration that is already there.
pub(super) async fn examine_by(
    inlet: &Integration,
    subject: &Subject,
    recorder: &Recorder,
    watch: &dyn Fn(Progress),
) -> Diagnosis {
    let dialect = inlet.dialect();
    let target = subject.servers.get("api").cloned().unwrap_or_default();
    let particulars = format!("{} servers, {} credentials", subject.servers.len(), subject.secrets.len());
    let read = match subject.given {
        Given::InFile => format!("read; {particulars}"),
        Given::AsAddress => format!("none is needed for a bare address; {particulars}"),
    };
    let mut checks = vec![Check::ok(Heading::SubjectFile, read)];
    let mark = recorder.mark();
    let mut round = Round::make(inlet, subject, recorder, watch).await;
    let exchanges = recorder.since(mark);
    let stop = match obstacle(&mut round, &exchanges, subject).await {
        None => stranger::look(dialect, &exchanges, subject).await,
        stop => stop,
    };
    let answered = exchanges.iter().any(stranger::is_documented);
    checks.extend(layers(stop.as_ref(), &round, answered));
    if !exchanges.is_empty() && stop.as_ref().is_none_or(|stop| stop.heading != Heading::Clock) {
        checks.push(clock_of(stop.as_ref(), &exchanges));
    }
    match &stop {
        None => {
            checks.push(rate::look(dialect, &exchanges));
            checks.extend(fixtures::look(dialect, subject, &round));
        }
        Some(stop) => checks.push(Check::behind(Heading::Fixtures, stop)),
    }
    checks.push(match (statics::allow_list(dialect, subject), &stop) {
        (Some(check), _) => check,
        (None, Some(stop)) => Check::behind(Heading::AllowList, stop),
        (None, None) => fixtures::allowed(subject, &round),
    });
    checks.push(statics::tester(dialect, subject));
    checks.push(statics::time_limits(dialect, subject));
    Diagnosis::new(&dialect.name, &target, checks)
}

/// The diagnosis of a subject that could not even be read: everything else
/// could not be looked at.
pub fn refused(subject: &str, target: &str, why: &str, todo: &str) -> Diagnosis {
    let first = Check::wrong(Heading::SubjectFile, why, todo).stopping();
    let mut checks: Vec<Check> = Heading::ALL
        .iter()
        .filter(|heading| **heading != Heading::SubjectFile)
        .map(|heading| Check::behind(*heading, &first))
        .collect();
    checks.push(first);
    Diagnosis::new(subject, target, checks)
}

/// Who asks: nothing may be moved, and nothing is asked twice.
pub(super) fn speaker(
    dialect: &Arc<Dialect>,
    subject: &Subject,
    clocks: Clocks,
    run: RunName,
    recorder: &Recorder,
) -> Result<Integration, String> {
    let connection = Connection {
        servers: subject.servers.clone(),
        secrets: subject.secrets.clone(),
        settings: subject.settings.clone(),
    };
    let made =
        Integration::new(Arc::clone(dialect), connection, clocks, subject.timeouts, run, recorder.clone());
    let bound =
        |inlet: Integration| inlet.moving_only(Default::default()).with_retries(Retries::Off).impatient();
    made.map(bound).map_err(|failure| failure.to_string())
}

/// The check that stands in the way of all behind it.
async fn obstacle(round: &mut Round<'_>, exchanges: &[Exchange], subject: &Subject) -> Option<Check> {
    let dialect = round.inlet.dialect();
    if let Some((trouble, exchange)) = round.obstacle.take() {
        let shown = exchange.iter().map(|exchange| exchange.id.clone()).collect();
        let server = exchange.as_ref().and_then(|exchange| dialect.operation(&exchange.operation));
        let check = match trouble {
            Trouble::Gate(check) => *check,
            Trouble::Network(why, detail) => {
                let url = exchange.as_ref().map(|exchange| exchange.request.url.as_str()).unwrap_or_default();
                network::explain(url, why, &detail, subject).await
            }
            Trouble::NotThere(said) | Trouble::Forbidden(said, _) | Trouble::Unclear(said) => {
                wrong_path(said.whole(), subject.given)
            }
        };
        let check = if exchange.is_some() { check.shown_by(shown) } else { check };
        return Some(match server.filter(|_| check.of.is_none()) {
            Some(operation) => check.of(format!("server {}", operation.server())),
            None => check,
        });
    }
    if let Some(check) = settings::look(&round.not_there, exchanges, dialect, subject.given) {
        return Some(check);
    }
    let reads = round.fine.iter().filter(|what| **what != ask::TOKEN).count();
    if reads == 0 && round.forbidden.is_empty() && !round.not_there.is_empty() {
        let seen = format!("nothing is at any path: {}", noted::told(&round.not_there));
        let check = wrong_path(seen, subject.given).shown_by(noted::ids(&round.not_there));
        return Some(check.advising(settings::beside(&round.not_there, dialect, subject.given)));
    }
    if !round.forbidden.is_empty() {
        let usual = "give these credentials the rights (scopes, roles, licence) for it, or use others; what the \
                     profile declares, a run will ask for";
        let todo = noted::todo(&round.forbidden, usual);
        let check = Check::wrong(Heading::Scope, noted::told(&round.forbidden), todo);
        let check = check.shown_by(noted::ids(&round.forbidden)).stopping();
        return Some(check.advising(settings::beside(&round.forbidden, dialect, subject.given)));
    }
    None
}

fn wrong_path(seen: String, given: Given) -> Check {
    let todo = format!(
        "the host answers, but not at these paths: write the base path, version and environment of the API in {}; \
         the paths of the profile are put behind it",
        given.servers()
    );
    Check::wrong(Heading::BasePath, seen, todo).stopping()
}

/// What every layer comes to, given the first that is wrong, and whether any
/// call was answered as documented: without that, nobody knows whose paths are
/// there and who takes the credentials.
fn layers(stop: Option<&Check>, round: &Round<'_>, answered: bool) -> Vec<Check> {
    let place = |heading: Heading| LAYERS.iter().position(|layer| *layer == heading);
    let last = stop.and_then(|stop| place(stop.heading));
    let mut checks: Vec<Check> = Vec::new();
    for (number, heading) in LAYERS.iter().enumerate() {
        let stopped = match (stop, last) {
            (Some(stop), Some(last)) if number > last => Some(Check::behind(*heading, stop)),
            (Some(_), Some(last)) if number == last => None.or(stop.cloned()),
            // A refusal for the time says nothing of what is behind it.
            (Some(stop), None) if *heading >= Heading::Credentials => Some(Check::behind(*heading, stop)),
            _ => None,
        };
        match (stopped, heading) {
            (Some(check), _) => checks.push(check),
            (None, Heading::Answers) => checks.push(answers(round)),
            (None, Heading::RateLimit) if stop.is_none() => {}
            (None, Heading::BasePath | Heading::Credentials) if !answered => {
                checks.push(Check::unseen(*heading, "no call was answered as documented"));
            }
            (None, _) => checks.push(Check::ok(*heading, as_it_should(*heading, round))),
        }
    }
    if let (Some(stop), None) = (stop, last) {
        checks.push(stop.clone());
    }
    checks
}

fn as_it_should(heading: Heading, round: &Round<'_>) -> String {
    match heading {
        Heading::Dns => "every server's name has an address".to_owned(),
        Heading::Connection => "something listens and answers in time".to_owned(),
        Heading::Tls => "spoken as the addresses say".to_owned(),
        Heading::Redirect => "nobody sends us elsewhere".to_owned(),
        Heading::Page => "no web page and no proxy answered".to_owned(),
        Heading::RateLimit => "no call was refused as one too many".to_owned(),
        Heading::Scope => format!("{} kinds of reading calls were allowed", kinds(round)),
        Heading::Setting => settings::as_it_should(round.inlet.dialect()),
        Heading::Credentials if kinds(round) == 0 => "none were refused".to_owned(),
        Heading::Credentials => "accepted".to_owned(),
        _ => "the paths of the profile are there".to_owned(),
    }
}

fn kinds(round: &Round<'_>) -> usize {
    round.fine.iter().collect::<std::collections::BTreeSet<_>>().len()
}

/// What no configuration explains is left to the criteria.
fn answers(round: &Round<'_>) -> Check {
    let odd: Vec<&Noted> = round.unclear.iter().chain(&round.not_there).collect();
    let slow = round.budget.overrun();
    if odd.is_empty() {
        return match slow {
            Some(slow) => Check::unseen(Heading::Answers, slow).todo(SLOW),
            None => Check::ok(Heading::Answers, "every reading call was answered as documented"),
        };
    }
    let seen = format!("{}; no configuration explains it", noted::told(odd.iter().copied()));
    Check::unseen(Heading::Answers, seen)
        .adding(&slow.map_or_else(String::new, |slow| format!("; {slow}")))
        .shown_by(noted::ids(odd))
        .todo("`lockstep certify` judges it; compare the profile's example with what the exchange shows")
}

/// What to do about a subject that takes its time.
const SLOW: &str = "see why the subject is slow, or examine it when it is less busy: a run makes hundreds of calls, and \
                    what takes longer than timeouts.read_s is given up";

fn clock_of(stop: Option<&Check>, exchanges: &[Exchange]) -> Check {
    match stop {
        // Who answers is not the subject.
        Some(stop) if stop.heading < Heading::BasePath && stop.heading != Heading::RateLimit => {
            Check::behind(Heading::Clock, stop)
        }
        _ => clock::look(exchanges),
    }
}
