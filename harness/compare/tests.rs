use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::harness::criterion::{CertificationLevel, CriterionId, Level};
use crate::harness::result::{Leftover, Mode, Presence, Report};
use crate::harness::sample::{criterion, finding, report};
use crate::harness::verdict::Verdict;

fn id(text: &str) -> CriterionId {
    CriterionId::parse(text).unwrap()
}

/// The counts of regressions, fixes and changes between the sample and a change
/// of it.
fn counts(change: impl Fn(&mut Report)) -> [usize; 3] {
    let (old, mut new) = (report(), report());
    change(&mut new);
    let found = compare(&old, &new).unwrap();
    [found.regressions.len(), found.fixes.len(), found.changes.len()]
}

fn set(report: &mut Report, name: &str, verdict: Verdict) {
    let criterion = report.criteria.iter_mut().find(|criterion| criterion.id == id(name)).unwrap();
    criterion.verdict = verdict;
    criterion.scenarios[0].verdict = verdict;
}

#[test]
fn what_every_run_draws_anew_is_no_difference() {
    let mut old = report();
    set(&mut old, "LV-21", Verdict::Fail);
    old.criteria[1].reason = "lock 90000123 of lockstep-20261121-120000-2a at 2026-11-21T12:00:04Z".into();
    old.criteria[1].findings =
        vec![finding("LV-21.1", "foreign locks", "in x-3 at http://127.0.0.1:40001/v1")];
    let mut new = old.clone();
    new.run = "lockstep-20261122-080000-3c".into();
    new.seed = 77;
    new.started = new.finished;
    new.subject.target = "https://api.acme.example".into();
    new.criteria[1].reason = "lock 77700321 of lockstep-20261122-080000-3c at 2026-11-22T08:00:09Z".into();
    new.criteria[1].findings =
        vec![finding("LV-21.1", "foreign locks", "in x-9 at http://127.0.0.1:51234/v1")];
    new.criteria.reverse();
    new.exchanges.reverse();
    let found = compare(&old, &new).unwrap();
    assert_eq!((&found.regressions, &found.fixes, &found.changes), (&vec![], &vec![], &vec![]), "{found:?}");
}

#[test]
fn what_got_worse_anywhere_is_a_regression() {
    assert_eq!(counts(|r| set(r, "LV-21", Verdict::Fail)), [1, 0, 0]);
    assert_eq!(counts(|r| set(r, "LV-21", Verdict::NotApplicable)), [1, 0, 0]);
    assert_eq!(counts(|r| set(r, "LV-21", Verdict::Waived)), [1, 0, 0]);
    assert_eq!(counts(|r| set(r, "LV-21", Verdict::Skipped)), [1, 0, 0]);
    assert_eq!(counts(|r| r.verdict = Verdict::Fail), [1, 0, 0]);
    assert_eq!(counts(|r| r.level = CertificationLevel::Core), [1, 0, 0]);
    assert_eq!(counts(|r| r.asked = CertificationLevel::Core), [1, 0, 0]);
    assert_eq!(counts(|r| r.mode = Mode::Run), [1, 0, 0]);
    assert_eq!(counts(|r| r.rehearsal = true), [1, 0, 0]);
    assert_eq!(counts(|r| r.interrupted = Some("Ctrl-C".into())), [1, 0, 0]);
    assert_eq!(counts(|r| r.statement[0].supported = false), [1, 0, 0]);
    assert_eq!(counts(|r| r.capabilities[0].effective = Presence::No), [1, 0, 0]);
    // The same suite that judges less has lost something.
    assert_eq!(counts(|r| drop(r.criteria.remove(1))), [1, 0, 0]);
    assert_eq!(counts(|r| r.criteria[1].scenarios.clear()), [1, 0, 0]);
    assert_eq!(counts(|r| r.criteria[1].scenarios[0].verdict = Verdict::Fail), [1, 0, 0]);
}

#[test]
fn what_is_merely_different_is_a_change() {
    assert_eq!(counts(|r| r.criteria[1].level = Level::Preferred), [0, 0, 1]);
    assert_eq!(counts(|r| set(r, "LV-90", Verdict::Pass)), [0, 0, 1]);
    assert_eq!(counts(|r| r.subject.version = "2.5".into()), [0, 0, 1]);
    assert_eq!(counts(|r| r.suite.digest = "00".repeat(32)), [0, 0, 1]);
    assert_eq!(counts(|r| r.exit_codes = vec![5]), [0, 0, 1]);
    assert_eq!(counts(|r| r.statement[1].supported = true), [0, 0, 1]);
    assert_eq!(counts(|r| r.capabilities[0].effective = Presence::Unknown), [0, 0, 1]);
    assert_eq!(counts(|r| r.criteria[2].reason = "the battery is told in colours".into()), [0, 0, 1]);
    assert_eq!(
        counts(|r| r.criteria.push(criterion("LV-99", Level::Required, Verdict::Fail, "new"))),
        [0, 0, 1]
    );
    let leftover = |r: &mut Report| {
        let text = || "text".to_owned();
        r.leftovers.push(Leftover { what: "hold".into(), id: text(), place: text(), why: text() });
    };
    assert_eq!(counts(leftover), [0, 0, 1]);
    // How a criterion is met may vary.
    assert_eq!(counts(|r| r.criteria[1].reason = "the filter is kept, twice".into()), [0, 0, 0]);
}

#[test]
fn what_is_asked_no_more_is_not_mended() {
    let mut old = report();
    set(&mut old, "LV-21", Verdict::Fail);
    (old.verdict, old.level, old.exit_codes) = (Verdict::Fail, CertificationLevel::None, vec![1]);
    for change in [
        &(|new: &mut Report| set(new, "LV-21", Verdict::Waived)) as &dyn Fn(&mut Report),
        &|new| set(new, "LV-21", Verdict::NotApplicable),
        &|new| set(new, "LV-21", Verdict::Inconclusive),
        &|new| {
            new.suite.digest = "00".repeat(32);
            new.criteria.remove(1);
        },
    ] {
        let mut new = report();
        change(&mut new);
        let found = compare(&old, &new).unwrap();
        assert_eq!((found.regressions.len(), found.fixes.len()), (0, 0), "{found:?}");
    }
    let found = compare(&old, &report()).unwrap();
    assert_eq!((found.regressions.len(), found.fixes.len()), (0, 1), "{found:?}");
}

#[test]
fn reports_that_say_nothing_about_each_other_are_told_apart() {
    let check = |change: &dyn Fn(&mut Report), expected: &str| {
        let mut new = report();
        change(&mut new);
        assert!(compare(&report(), &new).unwrap_err().to_string().contains(expected), "{expected}");
    };
    check(&|r| r.programme = "inlet-partner".into(), "different programmes");
    check(&|r| r.subject.name = "other".into(), "different subjects: acme and other");
    check(&|r| r.criteria.push(r.criteria[0].clone()), "the newer report judges LV-10 twice");
    check(&|r| r.criteria.clear(), "no criterion in common");
}

#[test]
fn a_comparison_reads_as_published() {
    let (mut old, mut new) = (report(), report());
    set(&mut old, "LV-82", Verdict::Inconclusive);
    old.criteria[3].reason = "nobody looked at the door".into();
    set(&mut new, "LV-21", Verdict::Fail);
    new.criteria[1].reason = "locks of another group are listed".into();
    (new.verdict, new.level, new.exit_codes) = (Verdict::Fail, CertificationLevel::None, vec![1]);
    new.decision = "Acme Cloud does not meet the full level: LV-21 not met.".into();
    new.run = "lockstep-20261122-080000-3c".into();
    new.subject.version = "2.5".into();
    insta::assert_snapshot!(text(&compare(&old, &new).unwrap()), @"
    Acme Cloud: 3 regressions, 1 fix, 1 other change over 5 criteria
      before  lockstep-20261121-120000-2a
      after   lockstep-20261122-080000-3c

    Regressions
      LV-21          pass → fail               locks of another group are listed
      level reached  full → none
      verdict        pass → fail               Acme Cloud does not meet the full level: LV-21 not met.

    Fixes
      LV-82  inconclusive → pass       the door stayed open

    Changes
      subject's version  2.4 → 2.5
    ");
}

fn any_report() -> impl Strategy<Value = Report> {
    let level = select(&[Level::Required, Level::Full, Level::Preferred][..]);
    let one =
        (level, select(Verdict::ALL), proptest::collection::vec((0_usize..3, select(Verdict::ALL)), 0..4));
    let shape = (select(Verdict::ALL), any::<bool>(), any::<bool>(), any::<bool>());
    (proptest::collection::vec(one, 1..7), shape).prop_map(|(criteria, (verdict, rehearsal, free, core))| {
        let mut made = report();
        made.criteria = criteria
            .into_iter()
            .enumerate()
            .map(|(number, (level, verdict, scenarios))| {
                let mut made = criterion(&format!("LV-{number:02}"), level, verdict, "why");
                let of = |(name, verdict): (usize, Verdict)| {
                    let mut scenario = made.scenarios[0].clone();
                    (scenario.name, scenario.verdict) = (format!("Scenario {name}"), verdict);
                    scenario
                };
                made.scenarios = scenarios.into_iter().map(of).collect();
                made
            })
            .collect();
        (made.verdict, made.rehearsal) = (verdict, rehearsal);
        made.mode = if free { Mode::Run } else { Mode::Certify };
        made.asked = if core { CertificationLevel::Core } else { CertificationLevel::Full };
        made
    })
}

proptest! {
    #[test]
    fn a_report_does_not_differ_from_itself(one in any_report()) {
        let found = compare(&one, &one).unwrap();
        prop_assert_eq!((found.regressions.len(), found.fixes.len(), found.changes.len()), (0, 0, 0));
    }

    #[test]
    fn a_worsened_verdict_is_a_regression_and_never_a_fix(
        one in any_report(), at in any::<Index>(), worse in select(Verdict::ALL),
    ) {
        let mut new = one.clone();
        let at = at.index(new.criteria.len());
        let was = new.criteria[at].verdict;
        // By the verdicts' own words: met, observed, blocking.
        let is_worse = (was.is_met() && !worse.is_met())
            || (was.is_observed() && !worse.is_observed())
            || (!was.blocks() && worse.blocks());
        prop_assume!(is_worse);
        new.criteria[at].verdict = worse;
        let about = new.criteria[at].id.to_string();
        let found = compare(&one, &new).unwrap();
        prop_assert!(found.regressions.iter().any(|one| one.about == about), "{found:?}");
        prop_assert_eq!(found.fixes.len(), 0);
        // And the way back is never one.
        let back = compare(&new, &one).unwrap();
        prop_assert!(!back.regressions.iter().any(|one| one.about == about), "{back:?}");
    }

    #[test]
    fn a_worsened_scenario_is_a_regression(one in any_report(), at in any::<Index>(), of in any::<Index>()) {
        let mut new = one.clone();
        let at = at.index(new.criteria.len());
        let scenarios = &mut new.criteria[at].scenarios;
        prop_assume!(!scenarios.is_empty());
        let scenario = of.index(scenarios.len());
        prop_assume!(scenarios[scenario].verdict.is_met());
        scenarios[scenario].verdict = Verdict::Fail;
        prop_assert!(!compare(&one, &new).unwrap().regressions.is_empty());
    }

    #[test]
    fn order_says_nothing(old in any_report(), new in any_report(), by in any::<Index>()) {
        let mut turned = [old.clone(), new.clone()];
        for report in &mut turned {
            let by = by.index(report.criteria.len());
            report.criteria.rotate_left(by);
            report.criteria.iter_mut().for_each(|criterion| criterion.scenarios.reverse());
            report.statement.reverse();
            report.capabilities.reverse();
        }
        prop_assert_eq!(compare(&old, &new), compare(&turned[0], &turned[1]));
    }
}
