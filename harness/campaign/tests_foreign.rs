//! A campaign over a target that outlives its scenarios: what was created is
//! taken back at the end, also when the run is interrupted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::tests::{Tiny, criterion, run_with, suite_of};
use super::{CampaignPlan, Target};
use crate::harness::bench::Loss;
use crate::harness::integration::{Contact, PinRequest, Retries, Scope, Timeouts};
use crate::harness::progress::Progress;
use crate::harness::subject::{Confirm, Roles, Subject};
use crate::harness::sweep::sweep;
use crate::harness::trial::{Step, Stop};
use crate::harness::verdict::Verdict;
use crate::simulator::{Fleet, Options, Simulator};
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, Window};

const CREATES: (&str, &str) = (
    "creates.feature",
    "@LV-40\nFeature: f\n  Scenario: s\n    When a PIN is created and left\n    Then it is there\n",
);
const LOSES: (&str, &str) = (
    "loses.feature",
    "@LV-95\nFeature: f\n  Scenario: s\n    When an answer is lost\n    Then it is there\n",
);

pub(super) async fn creates(world: &mut Tiny) -> Step {
    let bench = Arc::clone(&world.trial()?.bench);
    let lock = bench.free_lock(0)?;
    bench.may_actuate(&lock)?;
    let from = bench.now().ceil(Duration::from_secs(3600));
    let request = PinRequest {
        user: Contact { reference: bench.name("guest"), name: None, email: None },
        scope: Scope::Locks(vec![lock]),
        window: Window::new(from, from + Duration::from_secs(3600)),
        pin: None,
        name: bench.name("PIN"),
    };
    let made = bench.create_pin(bench.inlet(), &request).await;
    made.map(drop).map_err(|failure| Stop::unexpected("creating", &failure))
}

pub(super) async fn loses(world: &mut Tiny) -> Step {
    let bench = Arc::clone(&world.trial()?.bench);
    let inlet = bench.lose_answer("list_groups", Loss::Reset, true).await?;
    let first = inlet.list_access_groups().await;
    if first.is_ok() {
        return Err(Stop::Error("the answer was not lost".to_owned()));
    }
    let again = inlet.with_retries(Retries::Off).list_access_groups().await;
    again.map(|_| ()).map_err(|failure| Stop::unexpected("listing", &failure))
}

pub(super) async fn is_there(world: &mut Tiny) -> Step {
    world.trial().map(|_| ())
}

async fn vendor() -> (Simulator, Arc<Subject>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let dialect = profile::load("reference").unwrap();
    let simulator = Simulator::start(Options {
        dialect: Arc::clone(&dialect),
        seed: 5,
        clock: Clock::real(),
        fleet: Fleet::fixture(),
        misbehaviour: None,
        variation: None,
        listen: ([127, 0, 0, 1], 0).into(),
    })
    .await
    .unwrap();
    let fixture = simulator.control().fixture();
    let subject = Subject {
        version: None,
        servers: dialect.servers.iter().map(|(name, _)| (name.clone(), simulator.url(name))).collect(),
        secrets: simulator.control().secrets().into_iter().collect::<BTreeMap<_, _>>(),
        settings: BTreeMap::new(),
        roles: Roles {
            free_locks: fixture.free_locks.clone(),
            actuation: fixture.free_locks,
            ..Roles::default()
        },
        tester_email: None,
        confirm: Confirm::None,
        attestations: Vec::new(),
        timeouts: Timeouts::default(),
        wait_at_most: Duration::from_secs(60),
        real_retry_gaps: false,
    };
    (simulator, Arc::new(subject))
}

#[tokio::test]
async fn a_foreign_target_is_left_as_it_was() {
    let (_simulator, subject) = vendor().await;
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(Arc::clone(&dialect), Target::Foreign(Arc::clone(&subject)), 7);
    let interrupt = plan.interrupt.clone();
    let suite = suite_of(&[CREATES, LOSES], vec![criterion("LV-40"), criterion("LV-95")]);
    let report = run_with(&suite, plan, &|event| {
        if matches!(&event, Progress::CriterionEnded { id, .. } if id.as_str() == "LV-40") {
            interrupt.raise("Ctrl-C");
        }
    })
    .await;
    assert_eq!(report.criteria[0].verdict, Verdict::Pass, "{:#?}", report.criteria);
    assert_eq!(report.criteria[1].verdict, Verdict::Skipped);
    assert!(!report.rehearsal);
    // The reference profile has no call that removes a user, and says so once.
    let left: Vec<&str> = report.leftovers.iter().map(|left| left.what.as_str()).collect();
    assert_eq!(left, ["user"], "{:?}", report.leftovers);
    assert!(report.leftovers[0].why.contains("no call that removes a user"));
    let swept = sweep(&dialect, &subject, true).await.unwrap();
    assert_eq!((swept.found.len(), swept.unseen.len()), (0, 0), "{swept:?}");
}

#[tokio::test]
async fn an_answer_is_lost_on_a_foreign_target_by_the_proxy() {
    let (_simulator, subject) = vendor().await;
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(dialect, Target::Foreign(subject), 7);
    let suite = suite_of(&[LOSES], vec![criterion("LV-95")]);
    let report = run_with(&suite, plan, &|_| {}).await;
    assert_eq!(report.criteria[0].verdict, Verdict::Pass, "{:#?}", report.criteria);
    assert_eq!(report.faults.len(), 1);
    assert_eq!((report.faults[0].injected, report.faults[0].consumed), (1, 1));
}

#[tokio::test]
async fn a_target_that_is_not_there_is_inconclusive() {
    let (simulator, subject) = vendor().await;
    drop(simulator);
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(dialect, Target::Foreign(subject), 7);
    let suite = suite_of(&[CREATES], vec![criterion("LV-40")]);
    let report = run_with(&suite, plan, &|_| {}).await;
    assert_eq!(report.criteria[0].verdict, Verdict::Inconclusive, "{:#?}", report.criteria);
    assert_eq!(report.exit_codes[0], 3);
}
