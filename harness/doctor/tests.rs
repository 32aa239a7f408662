//! What the doctor makes of a healthy subject, and of one that is configured wrongly.

use std::sync::Arc;

use super::{Check, Diagnosis, Heading, Outcome, examine};
use crate::harness::evidence::Recorder;
use crate::harness::subject::{self, Subject};
use crate::simulator::{Fleet, Options, Simulator};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, RunName, Secret};

struct Bench {
    dialect: Arc<Dialect>,
    simulator: Simulator,
}

impl Bench {
    async fn new() -> Self {
        let dialect = profile::load("reference").unwrap();
        let options = Options {
            dialect: Arc::clone(&dialect),
            seed: 5,
            clock: Clock::real(),
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
        examine(&self.dialect, subject, RunName::new("doctor"), &Recorder::new()).await
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
