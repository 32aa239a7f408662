//! Every course of answers, changes and cancellations keeps the rules, in a
//! simulated half day without network and disk.

use std::time::Duration;

use proptest::prelude::*;

use super::bench::{id, start, stay};
use crate::harness::integration::inlet::Typed;
use crate::harness::integration::inlet::course::{ESCALATE_AFTER, Outcome};
use crate::harness::integration::inlet::record::{Call, Record};
use crate::harness::integration::retry::Schedule;
use crate::vendors::inlet::{Granted, Operation};
use crate::vendors::vocabulary::Instant;
use crate::vendors::vocabulary::contact::Ambiguity;

#[derive(Clone, Debug)]
enum Happens {
    Extend,
    Cancel,
}

/// One thing that the desk did.
#[derive(Clone, Debug)]
struct Did {
    at: Instant,
    ended: Instant,
    call: Call,
    outcome: Outcome,
}

struct Course {
    did: Vec<Did>,
    mails: Vec<(Instant, Instant)>,
    record: Record,
}

fn granted() -> Outcome {
    let answer =
        Granted { reference_id: "acc-1".into(), code_formatted: None, mobile_key: None, url_key: None };
    Outcome::Granted(answer)
}

fn wanted(days: u32) -> crate::harness::integration::inlet::Wanted {
    let typed = Typed { to: format!("2027-03-{:02}T11:00:00+01:00", 12 + days), ..stay() };
    typed.check(Ambiguity::Refuse).expect("right")
}

/// Plays answers (the last for ever) and happenings against a record.
fn play(answers: &[(Outcome, u64)], happenings: &[(u64, Happens)], seed: u64) -> Course {
    let mut record = Record::new(id("b"));
    let (mut now, end) = (start(), start() + Duration::from_secs(12 * 3600));
    let mut course = Course { did: Vec::new(), mails: Vec::new(), record: record.clone() };
    let mut happenings: Vec<(Instant, Happens)> =
        happenings.iter().map(|(at, what)| (start() + Duration::from_secs(*at), what.clone())).collect();
    happenings.sort_by_key(|(at, _)| *at);
    let (mut answers, mut days) = (answers.iter().peekable(), 0);
    record.want(Some(wanted(0)), now);
    loop {
        let next = [record.due, record.escalate, happenings.first().map(|(at, _)| *at)];
        let Some(next) =
            next.into_iter().flatten().min().map(|next| next.max(now)).filter(|next| *next < end)
        else {
            break;
        };
        now = next;
        if happenings.first().is_some_and(|(at, _)| *at <= now) {
            match happenings.remove(0).1 {
                Happens::Extend => {
                    days += 1;
                    record.want(record.wanted.is_some().then(|| wanted(days)), now);
                }
                Happens::Cancel => record.want(None, now),
            }
            continue;
        }
        if record.escalation_is_due(now) {
            let first = record.line.as_ref().expect("a line to escalate").first;
            course.mails.push((first, now));
            record.escalation_told(Some(now), None);
            continue;
        }
        let Some(call) = record.begin(now) else { continue };
        let answer = if answers.len() > 1 { answers.next() } else { answers.peek().copied() };
        let (outcome, took) = answer.cloned().expect("an answer");
        // A grant is answered as one, a withdrawal as one.
        let outcome = match (outcome, call.request.operation()) {
            (Outcome::Granted(_), Operation::RevokeAccess) => Outcome::Withdrawn,
            (outcome, _) => outcome,
        };
        let ended = now + Duration::from_secs(took);
        // What happens while the call is under way.
        while happenings.first().is_some_and(|(at, _)| *at <= ended) {
            if let Happens::Cancel = happenings.remove(0).1 {
                record.want(None, ended);
            }
        }
        let gap = Schedule::new(seed, u64::from(call.attempt)).gap(Duration::from_secs(took));
        record.settle(&call, outcome.clone(), ended, gap);
        course.did.push(Did { at: now, ended, call, outcome });
        now = ended;
        assert!(course.did.len() < 400, "it hammers: {:?}", course.did.last());
    }
    course.record = record;
    course
}

fn cut_off() -> Outcome {
    Outcome::CutOff("504: Upstream timeout".into())
}

/// Outcomes with how long they took, in seconds.
fn answers() -> impl Strategy<Value = Vec<(Outcome, u64)>> {
    let outcome = prop_oneof![
        6 => Just(cut_off()),
        2 => Just(granted()),
        1 => (1_u64..400).prop_map(|wait| Outcome::Busy(Some(Duration::from_secs(wait)), "503".into())),
        1 => Just(Outcome::Refused("422: no".into())),
        1 => Just(Outcome::Gone("404: no".into())),
    ];
    prop::collection::vec((outcome, 0_u64..45), 1..14)
}

fn happenings() -> impl Strategy<Value = Vec<(u64, Happens)>> {
    let what = prop_oneof![Just(Happens::Extend), Just(Happens::Cancel)];
    prop::collection::vec((0_u64..5_000, what), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn attempts_keep_the_gap_and_success_ends_them(answers in answers(), happenings in happenings(), seed: u64) {
        let course = play(&answers, &happenings, seed);
        for pair in course.did.windows(2) {
            let [before, after] = pair else { continue };
            let same = before.call.request.operation() == after.call.request.operation();
            let from_start = after.at.since(before.at).as_secs();
            let from_end = after.at.since(before.ended).as_secs();
            match &before.outcome {
                Outcome::CutOff(_) if same => {
                    prop_assert!((180..=300).contains(&from_start) || (180..=300).contains(&from_end), "{pair:?}");
                }
                Outcome::Busy(Some(wait), _) if same => {
                    prop_assert!(after.at.since(before.ended) >= *wait, "{pair:?}");
                }
                // What is refused is not repeated unchanged; what succeeded neither.
                Outcome::Refused(_) | Outcome::Granted(_) | Outcome::Withdrawn => {
                    prop_assert_ne!(&before.call.request, &after.call.request);
                }
                _ => {}
            }
        }
    }

    #[test]
    fn who_called_off_is_not_asked_for_again(answers in answers(), at in 0_u64..6_000, seed: u64) {
        let course = play(&answers, &[(at, Happens::Cancel)], seed);
        let called_off = start() + Duration::from_secs(at);
        for did in course.did.iter().filter(|did| did.at > called_off) {
            prop_assert_eq!(did.call.request.operation(), Operation::RevokeAccess);
        }
        prop_assert!(course.record.wanted.is_none());
        // Nothing pending is left but a withdrawal that does not succeed.
        prop_assert!(course.record.line.is_none() || course.record.held.is_some());
    }

    #[test]
    fn support_is_told_once_and_in_time(took in 0_u64..45, fails in 1_usize..40, seed: u64) {
        let mut answers = vec![(cut_off(), took); fails];
        answers.push((granted(), 1));
        let course = play(&answers, &[], seed);
        let first = course.did[0].at;
        let granted = course.did.iter().find(|did| matches!(did.outcome, Outcome::Granted(_)));
        let granted_at = granted.map(|did| did.ended);
        // What is under way when support is due to be told is awaited, and success ends it.
        let expected = granted.is_none_or(|did| did.at >= first + ESCALATE_AFTER);
        prop_assert_eq!(course.mails.len(), usize::from(expected), "{:?}", course.mails);
        for (since, at) in &course.mails {
            prop_assert!((1_800..=2_400).contains(&at.since(*since).as_secs()));
        }
        let early = course.did.iter().filter(|did| did.at.since(first).as_secs() <= 1_800).count();
        prop_assert!(granted_at.is_some_and(|at| at.since(first).as_secs() < 1_800) || (7..=11).contains(&early));
        if granted_at.is_none() {
            prop_assert!(course.did.last().is_some_and(|did| did.at.since(first).as_secs() >= 1_800));
            prop_assert!(course.record.stuck.is_some(), "it goes on for ever");
        }
    }
}

#[test]
fn an_unacknowledged_attempt_counts_as_cut_off_after_a_restart() {
    let mut record = Record::new(id("b"));
    record.want(Some(wanted(0)), start());
    let call = record.begin(start()).expect("due");
    assert_eq!((record.due, call.attempt), (None, 1));
    let restarted = start() + Duration::from_secs(40);
    record.recover(restarted, Duration::from_secs(240));
    assert_eq!(record.due, Some(start() + Duration::from_secs(240)));
    assert_eq!(record.escalate, Some(start() + ESCALATE_AFTER));
}
