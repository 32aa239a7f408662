//! A campaign over a target that outlives its scenarios: what was created is
//! taken back at the end, also when the run is interrupted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::tests::{Tiny, criterion, run_with, suite_of};
use super::{CampaignPlan, Target};
use crate::harness::bench::{Bench, Loss};
use crate::harness::criterion::{Criterion, CriterionId, Need};
use crate::harness::evidence::Recorder;
use crate::harness::integration::{Contact, PinRequest, Retries, Scope, Timeouts};
use crate::harness::progress::Progress;
use crate::harness::result::LimitedLock;
use crate::harness::runner::Instruments as _;
use crate::harness::subject::{Answer, Confirm, Confirmation, Given, Roles, Subject};
use crate::harness::sweep::sweep;
use crate::harness::trial::{Step, Stop};
use crate::harness::verdict::Verdict;
use crate::simulator::{Effect, Fault, Fleet, Options, Place, Schedule, Simulator};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, FailureKind, Function, LockId, RunName, Window};

const CREATES: (&str, &str) = (
    "creates.feature",
    "@LV-40\nFeature: f\n  Scenario: s\n    When a PIN is created and left\n    Then it is there\n",
);
const CREATES_FIRST: (&str, &str) = (
    "creates_first.feature",
    "@LV-30\nFeature: f\n  Scenario: s\n    When a PIN is created and left\n    Then it is there\n",
);
const LOSES: (&str, &str) = (
    "loses.feature",
    "@LV-95\nFeature: f\n  Scenario: s\n    When an answer is lost\n    Then it is there\n",
);

const ASKS: (&str, &str) =
    ("asks.feature", "@LV-40\nFeature: f\n  Scenario: s\n    When somebody is asked\n    Then it is there\n");
const CUTS_OFF: (&str, &str) = (
    "cuts.feature",
    "@LV-40\nFeature: f\n  Scenario: s\n    When a creation is cut off\n    Then it is there\n",
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

pub(super) async fn asks(world: &mut Tiny) -> Step {
    let bench = Arc::clone(&world.trial()?.bench);
    let lock = bench.free_lock(0)?;
    bench.bolt(&lock).await?;
    Ok(())
}

pub(super) async fn cuts_off(world: &mut Tiny) -> Step {
    let bench = Arc::clone(&world.trial()?.bench);
    let lock = bench.free_lock(0)?;
    let from = bench.now().ceil(Duration::from_secs(3600));
    let request = PinRequest {
        user: Contact { reference: bench.name("guest"), name: None, email: None },
        scope: Scope::Locks(vec![lock]),
        window: Window::new(from, from + Duration::from_secs(3600)),
        pin: None,
        name: bench.name("PIN"),
    };
    let inlet = bench.lose_answer("assign_access", Loss::Reset, true).await?;
    match bench.create_pin(&inlet, &request).await {
        Err(_) => Ok(()),
        Ok(_) => Err(Stop::Error("the answer was not lost".to_owned())),
    }
}

pub(super) async fn is_there(world: &mut Tiny) -> Step {
    world.trial().map(|_| ())
}

async fn vendor() -> (Simulator, Arc<Subject>) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    vendor_speaking(&profile::load("reference").unwrap()).await
}

async fn vendor_speaking(dialect: &Arc<Dialect>) -> (Simulator, Arc<Subject>) {
    let simulator = Simulator::start(Options {
        dialect: Arc::clone(dialect),
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
        given: Given::InFile,
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
async fn what_a_real_lock_is_waited_for_is_part_of_the_estimate() {
    let (_simulator, subject) = vendor().await;
    let dialect = profile::load("reference").unwrap();
    let seconds = |need: Option<Need>| {
        let asked = Criterion { needs: need.into_iter().collect(), ..criterion("LV-40") };
        let suite = suite_of(&[CREATES], vec![asked]);
        let target = Target::Foreign(Arc::clone(&subject));
        let plan = CampaignPlan::certification(Arc::clone(&dialect), target, 7);
        super::estimate(&plan, &suite.criteria, &suite.load().unwrap()).time.as_secs()
    };
    // A creation takes 30 s by the profile, and three calls create.
    assert_eq!([None, Some(Need::FreeLock), Some(Need::FaultProxy)].map(seconds), [5, 35, 95]);
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

#[tokio::test]
async fn a_person_s_word_attests_and_unused_answers_are_told() {
    let (_simulator, subject) = vendor().await;
    let answer = Confirmation {
        criterion: CriterionId::parse("LV-40").unwrap(),
        question: "bolt".to_owned(),
        answer: Answer::Yes,
        by: "A. Tester".to_owned(),
        when: jiff::civil::date(2027, 1, 31),
    };
    let unused = Confirmation { question: "phone".to_owned(), ..answer.clone() };
    let subject = Arc::new(Subject { confirm: Confirm::File(vec![answer, unused]), ..(*subject).clone() });
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(dialect, Target::Foreign(subject), 7);
    let suite = suite_of(&[ASKS], vec![criterion("LV-40")]);
    let report = run_with(&suite, plan, &|_| {}).await;
    let judged = &report.criteria[0];
    assert_eq!(judged.verdict, Verdict::Attested, "{judged:#?}");
    assert!(judged.reason.contains("confirmed by A. Tester at the door on 2027-01-31"), "{}", judged.reason);
    assert!(report.decision.contains("nothing asked for: LV-40 phone"), "{}", report.decision);
    // Nothing at all was observed.
    assert_eq!(report.exit_codes, [4]);
}

#[tokio::test]
async fn a_creation_whose_end_is_not_known_is_looked_for_by_name() {
    let (_simulator, subject) = vendor().await;
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(Arc::clone(&dialect), Target::Foreign(Arc::clone(&subject)), 7);
    let suite = suite_of(&[CUTS_OFF], vec![criterion("LV-40")]);
    let report = run_with(&suite, plan, &|_| {}).await;
    assert_eq!(report.faults[0].consumed, 1, "{:?}", report.faults);
    assert!(report.leftovers.iter().all(|left| left.what != "PIN access"), "{:?}", report.leftovers);
    let swept = sweep(&dialect, &subject, true).await.unwrap();
    assert_eq!(swept.found, [], "{swept:?}");
}

#[tokio::test]
async fn only_allowed_locks_are_moved_and_unknown_ids_are_nobody_s() {
    let (simulator, subject) = vendor().await;
    let offline = simulator.control().fixture().offline_lock;
    let dialect = profile::load("reference").unwrap();
    let bench = Bench::foreign(&dialect, &subject, RunName::new("lockstep-r"), Recorder::new()).unwrap();
    assert!(bench.may_actuate(&offline).unwrap_err().to_string().contains("allow_actuation"));
    let clock = bench.clock().clone();
    let inlet = bench.inlet().with_retries(Retries::Off);
    let refusals = [
        clock.drive(inlet.unlock(&offline)).await.unwrap_err(),
        clock.drive(inlet.hold_open(&offline, Duration::from_secs(60))).await.unwrap_err(),
        clock.drive(inlet.return_to_normal(&offline)).await.unwrap_err(),
    ];
    for refusal in refusals {
        assert_eq!((refusal.kind, refusal.exchanges.len()), (FailureKind::Unsupported, 0), "{refusal:?}");
    }
    let lock = clock.drive(bench.unknown_lock()).await.unwrap();
    let group = clock.drive(bench.unknown_group()).await.unwrap();
    assert!(simulator.control().locks().iter().all(|known| known.id != lock));
    assert!(simulator.control().groups().iter().all(|known| known.id != group));
    assert!(bench.tried_before(bench.now()).is_err() && bench.margin() >= Duration::from_secs(60));

    drop(simulator);
    let alone = Bench::foreign(&dialect, &subject, RunName::new("lockstep-r"), Recorder::new()).unwrap();
    let missing = alone.clock().clone().drive(alone.unknown_lock()).await.unwrap_err();
    assert!(missing.to_string().contains("could not be listed"), "{missing}");
}

/// What becomes of creating a PIN where the vendor refuses it so from then on.
async fn refused_from_then_on(operation: Option<&str>, kind: FailureKind, before: bool) -> (Verdict, String) {
    let (simulator, subject) = vendor().await;
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(dialect, Target::Foreign(subject), 7);
    let suite = suite_of(&[CREATES_FIRST, CREATES], vec![criterion("LV-30"), criterion("LV-40")]);
    let from = if before { "LV-30" } else { "LV-40" };
    let report = run_with(&suite, plan, &|event| {
        if matches!(&event, Progress::CriterionStarted { id, .. } if id.as_str() == from) {
            let place = Place { operation: operation.map(str::to_owned), ..Place::default() };
            let effect = Effect::Refuse(kind);
            simulator.control().inject(Fault { place, schedule: Schedule::default(), effect });
        }
    })
    .await;
    let judged = report.criteria.iter().find(|judged| judged.id.as_str() == "LV-40").unwrap();
    (judged.verdict, judged.reason.clone())
}

#[tokio::test]
async fn credentials_that_are_withdrawn_in_mid_run_are_configuration() {
    let (verdict, reason) = refused_from_then_on(None, FailureKind::Credentials, false).await;
    assert_eq!(verdict, Verdict::Inconclusive, "{reason}");
    assert!(reason.contains("accepts no call with the credentials"), "{reason}");
    // One call that refuses credentials which others accept is the vendor's own fault.
    let (verdict, reason) =
        refused_from_then_on(Some("assign_access"), FailureKind::Credentials, false).await;
    assert_eq!(verdict, Verdict::Fail, "{reason}");
}

#[tokio::test]
async fn a_right_that_is_missing_is_configuration_and_one_that_was_there_is_not() {
    let forbidden = FailureKind::Forbidden;
    let (verdict, reason) = refused_from_then_on(Some("assign_access"), forbidden, true).await;
    assert_eq!(verdict, Verdict::Inconclusive, "{reason}");
    assert!(reason.contains("may not do `assign_access`"), "{reason}");
    let (verdict, reason) = refused_from_then_on(Some("assign_access"), forbidden, false).await;
    assert_eq!(verdict, Verdict::Fail, "{reason}");
}

#[tokio::test]
async fn credentials_that_are_refused_from_the_beginning_judge_nobody() {
    let (_simulator, subject) = vendor().await;
    let wrong = crate::vendors::vocabulary::Secret::new("not-the-secret");
    let mut subject = (*subject).clone();
    subject.secrets.insert("client_secret".to_owned(), wrong);
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(dialect, Target::Foreign(Arc::new(subject)), 7);
    let suite = suite_of(&[CREATES], vec![criterion("LV-40")]);
    let report = run_with(&suite, plan, &|_| {}).await;
    assert_eq!((report.criteria[0].verdict, report.exit_codes[0]), (Verdict::Inconclusive, 2));
    assert!(
        report.decision.contains("the configuration stands in the way: credentials"),
        "{}",
        report.decision
    );
    assert!(report.criteria[0].reason.contains("[credentials]"), "{}", report.criteria[0].reason);
}

#[tokio::test]
async fn a_lock_without_a_keypad_is_listed_and_gets_no_pin() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let shown = r#""group_id": "{group.id}", "location""#;
    let told =
        r#""group_id": "{group.id}", "keypad": "{lock.keypad}", "gateway": "{lock.bridged}", "location""#;
    let text = profile::load("reference").unwrap().source_text.clone();
    assert!(text.contains(shown));
    let dialect = profile::compile("reference.toml", &text.replace(shown, told)).unwrap();
    let (simulator, subject) = vendor_speaking(&dialect).await;
    let (mute, lone) = (subject.roles.free_locks[0].clone(), subject.roles.free_locks[5].clone());
    simulator.control().set_keypad(&mute, false);
    simulator.control().set_bridged(&lone, false);
    let plan = CampaignPlan::certification(dialect, Target::Foreign(Arc::clone(&subject)), 7);
    let suite = suite_of(&[CREATES], vec![criterion("LV-40")]);
    let report = run_with(&suite, plan, &|_| {}).await;
    // The first free lock would refuse the PIN; the second takes it.
    assert_eq!(report.criteria[0].verdict, Verdict::Pass, "{:#?}", report.criteria);
    let lacking =
        |lock: &LockId, what: &str| LimitedLock { lock: lock.to_string(), lacks: vec![what.to_owned()] };
    let mut expected = vec![lacking(&mute, "keypad"), lacking(&lone, "bridge")];
    expected.sort_by(|a, b| a.lock.cmp(&b.lock));
    assert_eq!(report.limited_locks, expected);
    assert!(!simulator.control().keypad(&mute, "1234#").opened);
}

#[tokio::test]
async fn a_declared_function_that_is_not_there_fails_its_criterion_however_far_that_came() {
    let (simulator, subject) = vendor().await;
    let gone = |operation: &str| Fault {
        place: Place { operation: Some(operation.to_owned()), ..Place::default() },
        schedule: Schedule::default(),
        effect: Effect::Status(501),
    };
    simulator.control().inject(gone("list_groups"));
    let dialect = profile::load("reference").unwrap();
    let plan = CampaignPlan::certification(dialect, Target::Foreign(subject), 7);
    // Nobody answers its question, so that the criterion by itself cannot be judged.
    let mut asked = criterion("LV-40");
    asked.main_for = Some(Function::ListAccessGroups);
    let suite = suite_of(&[ASKS], vec![asked]);
    let report = run_with(&suite, plan, &|_| {}).await;
    let judged = &report.criteria[0];
    assert_eq!(judged.verdict, Verdict::Fail, "{judged:#?}");
    assert!(judged.reason.contains("is declared, and it is not there"), "{}", judged.reason);
    assert!(!judged.findings[0].evidence.is_empty());
    assert_eq!(report.exit_codes[0], 1);
    let line = report.capabilities.iter().find(|line| line.ability == "list_access_groups").unwrap();
    assert_eq!(line.contradiction(), Some("declared but absent"));
}
