//! What the doctor makes of a healthy subject, and of one that is configured wrongly.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::examination::{examine_by, speaker};
use super::{Check, Diagnosis, Heading, Outcome, examine};
use crate::harness::evidence::Recorder;
use crate::harness::integration::Clocks;
use crate::harness::progress::Progress;
use crate::harness::subject::{self, Subject};
use crate::simulator::{Effect, Fault, Fleet, Options, Place, Schedule, Simulator};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, Instant, RunName, Secret};

struct Bench {
    dialect: Arc<Dialect>,
    simulator: Simulator,
}

impl Bench {
    async fn new() -> Self {
        Self::of(profile::load("reference").unwrap(), Clock::real()).await
    }

    async fn of(dialect: Arc<Dialect>, clock: Clock) -> Self {
        let options = Options {
            dialect: Arc::clone(&dialect),
            seed: 5,
            clock,
            fleet: Fleet::fixture(),
            misbehaviour: None,
            variation: None,
            listen: ([127, 0, 0, 1], 0).into(),
        };
        Self { dialect, simulator: Simulator::start(options).await.unwrap() }
    }

    /// The subject of a bare address, with the secrets of the simulated vendor.
    fn bare(&self) -> Subject {
        let secrets = self.simulator.control().secrets();
        let environment = |variable: &str| {
            let of = |name: &str| variable == format!("LOCKSTEP_SECRET_{}", name.to_uppercase());
            let found = secrets.iter().find(|(name, _)| of(name));
            found.map(|(_, secret)| secret.expose().to_owned())
        };
        subject::bare(&self.simulator.url("api"), &self.dialect, &environment).unwrap()
    }

    async fn examine(&self, subject: &Subject) -> Diagnosis {
        examine(&self.dialect, subject, RunName::new("doctor"), &Recorder::new(), &|_| {}).await
    }
}

fn under(diagnosis: &Diagnosis, heading: Heading) -> Vec<&Check> {
    diagnosis.checks.iter().filter(|check| check.heading == heading).collect()
}

#[tokio::test]
async fn a_bare_address_names_no_locks_which_is_no_fault() {
    let bench = Bench::new().await;
    let diagnosis = bench.examine(&bench.bare()).await;
    assert_eq!(diagnosis.wrong().collect::<Vec<_>>(), Vec::<&Check>::new());
    for heading in [Heading::Fixtures, Heading::AllowList, Heading::Tester] {
        let [check] = under(&diagnosis, heading)[..] else { panic!("{diagnosis:#?}") };
        assert_eq!(check.outcome, Outcome::NotLookedAt, "{check:?}");
        assert!(check.seen.contains("a bare address names no locks"), "{check:?}");
        assert!(check.todo.as_ref().is_some_and(|todo| todo.contains("write a subject file")), "{check:?}");
    }
    assert_eq!(diagnosis.exit_code(), 3);
}

#[tokio::test]
async fn advice_about_a_bare_address_names_the_option() {
    let bench = Bench::new().await;
    let at = |address: &str| {
        let mut subject = bench.bare();
        subject.servers.values_mut().for_each(|server| address.clone_into(server));
        subject
    };
    let mut stranger = bench.bare();
    stranger.secrets.values_mut().for_each(|secret| *secret = Secret::new("not-the-secret"));
    let beside = format!("{}/sandbox", bench.simulator.url("api"));
    for (subject, heading, place) in [
        (at("http://127.0.0.1:1"), Heading::Connection, "--target"),
        (at("http://api.lockstep.invalid"), Heading::Dns, "--target"),
        (at(&beside), Heading::BasePath, "--target"),
        (stranger, Heading::Credentials, "LOCKSTEP_SECRET_"),
    ] {
        let diagnosis = bench.examine(&subject).await;
        let stopper = diagnosis.stopper().expect("something is wrong");
        assert_eq!(stopper.heading, heading, "{diagnosis:#?}");
        let todo = stopper.todo.as_deref().unwrap_or_default();
        assert!(todo.contains(place) && !todo.contains('['), "{heading:?}: {todo}");
    }
}

/// A subject that takes 20 s for each answer, where 30 s are allowed: after three
/// deadlines no more is asked, and what was not looked at is said to be so.
#[tokio::test]
async fn a_slow_subject_is_not_asked_for_ever_and_what_is_asked_is_told() {
    let clock = Clock::stepped(Instant::from_epoch_ms(1_767_261_600_000));
    let bench = Bench::of(profile::load("reference").unwrap(), clock.clone()).await;
    let ask = async |slow: bool| {
        let control = bench.simulator.control();
        control.clear_faults();
        if slow {
            let effect = Effect::Delay(Duration::from_secs(20));
            control.inject(Fault { place: Place::default(), schedule: Schedule::default(), effect });
        }
        let fixture = control.fixture();
        let mut subject = bench.bare();
        subject.roles.offline_lock = Some(fixture.offline_lock);
        subject.roles.free_locks = fixture.free_locks;
        let (clocks, recorder) = (Clocks { harness: clock.clone(), subject: clock.clone() }, Recorder::new());
        let inlet = speaker(&bench.dialect, &subject, clocks, RunName::new("doctor"), &recorder).unwrap();
        let told = Mutex::new(Vec::new());
        let watch = |event| told.lock().unwrap().push(event);
        let began = clock.now();
        let diagnosis = examine_by(&inlet, &subject, &recorder, &watch).await;
        (diagnosis, told.into_inner().unwrap(), clock.now().since(began))
    };
    let (diagnosis, told, took) = ask(true).await;
    let [answers] = under(&diagnosis, Heading::Answers)[..] else { panic!("{diagnosis:#?}") };
    assert_eq!(answers.outcome, Outcome::NotLookedAt, "{answers:?}");
    // The call under way is cut when the clock has moved past the budget, to the next answer.
    assert!(
        answers.seen.contains("2 reading calls took 100 s, and no more is asked after 90 s"),
        "{answers:?}"
    );
    assert!(answers.seen.ends_with("not done: listing locks, reading the state of a lock"), "{answers:?}");
    assert_eq!((took, diagnosis.wrong().count()), (Duration::from_secs(100), 0), "{diagnosis:#?}");
    assert_eq!(told.first(), Some(&Progress::Examining { what: "fetching a token".to_owned() }));
    assert_eq!((told.len(), told.last()), (4, Some(&Progress::Examined)), "{told:?}");
    let (diagnosis, _, _) = ask(false).await;
    let [answers] = under(&diagnosis, Heading::Answers)[..] else { panic!("{diagnosis:#?}") };
    assert_eq!(answers.outcome, Outcome::Ok, "{answers:?}");
}

/// A vendor that has one reading call only, behind a token server of its own.
fn one_reading_call() -> Arc<Dialect> {
    let mut text = include_str!("../../vendors/locks/reference.toml").to_owned();
    for (function, plan) in [
        ("list_access_groups", "[\"list_groups\"]"),
        ("get_lock_status", "[\"get_lock\"]"),
        ("list_pin_access", "[\"list_pins\"]"),
        ("list_mobile_access", "[\"list_mobile\"]"),
    ] {
        let line = format!("\n{function} = {plan}\n");
        assert!(text.contains(&line), "{line}");
        text = text.replace(&line, &format!("\n{function} = {{ unsupported = \"It has no such call.\" }}\n"));
    }
    profile::compile("one.toml", &text).unwrap_or_else(|errors| panic!("{}", profile::render(&errors)))
}

#[tokio::test]
async fn a_wrong_host_behind_a_right_token_server_is_told_by_what_it_says_of_nothing() {
    let bench = Bench::of(one_reading_call(), Clock::real()).await;
    let answer = || ResponseTemplate::new(200).set_body_json(json!({ "ok": true }));
    // Another host, and the subject with an answer that strays.
    let (stranger, strays) = (MockServer::start().await, MockServer::start().await);
    Mock::given(any()).respond_with(answer()).mount(&stranger).await;
    Mock::given(path("/v1/locks")).respond_with(answer()).mount(&strays).await;
    for (host, wrong) in [(&stranger, true), (&strays, false)] {
        let mut subject = bench.bare();
        subject.servers.insert("api".to_owned(), host.uri());
        subject.servers.insert("identity".to_owned(), bench.simulator.url("identity"));
        let diagnosis = bench.examine(&subject).await;
        let found: Vec<Heading> = diagnosis.wrong().map(|check| check.heading).collect();
        assert_eq!(found, if wrong { vec![Heading::BasePath] } else { Vec::new() }, "{diagnosis:#?}");
        assert_eq!(diagnosis.stopper().is_some(), wrong);
    }
}
