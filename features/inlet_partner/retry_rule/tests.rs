use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Instant;

fn at(ms: u64) -> Instant {
    Instant::from_epoch_ms(1_803_891_600_000) + Duration::from_millis(ms)
}

fn attempt(arrived: u64, took: u64, outcome: Outcome) -> Attempt {
    Attempt { arrived: at(arrived), ended: Some(at(arrived + took)), outcome, content: Content::new("grant") }
}

/// Timeouts at these seconds, each answered after a second.
fn timeouts(seconds: impl IntoIterator<Item = u64>) -> Vec<Attempt> {
    seconds.into_iter().map(|second| attempt(second * 1_000, 1_000, Outcome::UpstreamTimeout)).collect()
}

fn every(gap: u64, until: u64) -> Vec<Attempt> {
    timeouts((0..=until).step_by(usize::try_from(gap).unwrap_or(1)))
}

fn observed(attempts: Vec<Attempt>) -> Course {
    let until = attempts.last().map_or(at(0), |last| last.arrived) + Duration::from_secs(6_000);
    Course::new(attempts, until)
}

fn on(course: &Course, rule: Rule) -> (Verdict, String) {
    let judgement = judge(course, Pace::Real);
    let found = judgement.on(&[rule]);
    let found = found.findings();
    assert_eq!(found.len(), 1, "{rule:?}");
    (found[0].verdict, found[0].why.clone())
}

fn verdict(course: &Course, rule: Rule) -> Verdict {
    on(course, rule).0
}

fn check(course: &Course, rule: Rule, verdict: Verdict, why: &str) {
    assert_eq!(on(course, rule), (verdict, why.to_owned()));
}

#[test]
fn the_tight_and_the_wide_schedule_obey() {
    let told = vec![at(1_900_000)];
    for gap in [180, 240, 300] {
        let course = observed(every(gap, 1_799 + gap)).with_escalations(told.clone());
        let judgement = judge(&course, Pace::Real);
        assert_eq!(judgement.verdict(), Verdict::Pass, "{judgement:#?}");
    }
    let six = observed(timeouts([0, 300, 600, 900, 1_200, 1_500, 1_795])).with_escalations(told);
    assert_eq!(judge(&six, Pace::Virtual).verdict(), Verdict::Pass);
}

#[test]
fn each_verdict_tells_its_numbers() {
    let course = observed(timeouts([0, 240, 400, 640]));
    check(
        &course,
        Rule::Gap,
        Verdict::Fail,
        "attempt 3 came 160 s after the start of attempt 2 and 159 s after its answer, too early: 180 s to 300 s are asked for (± 5 s)",
    );
    check(
        &course,
        Rule::Duration,
        Verdict::Fail,
        "the last attempt came 640 s after the first without success; 1,800 s are asked for",
    );
    check(&course, Rule::Number, Verdict::Fail, "4 attempts without success; at least 7 are asked for");
    check(
        &course,
        Rule::Escalation,
        Verdict::Fail,
        "no message to support, though the access was still not granted 1,800 s after its first attempt",
    );
    check(&course, Rule::Content, Verdict::Pass, "4 attempts with the same content");
    let hammered = observed(every(60, 1_800));
    check(
        &hammered,
        Rule::Number,
        Verdict::Fail,
        "31 attempts within the first 1,800 s; at most 11 are allowed",
    );
}

#[test]
fn a_gap_may_be_counted_from_the_answer() {
    let mut attempts = Vec::new();
    for number in 0..8 {
        attempts.push(attempt(number * 350_000, 60_000, Outcome::UpstreamTimeout));
    }
    assert_eq!(verdict(&observed(attempts.clone()), Rule::Gap), Verdict::Pass);
    for attempt in &mut attempts {
        attempt.ended = Some(attempt.arrived + Duration::from_secs(30));
    }
    assert_eq!(verdict(&observed(attempts), Rule::Gap), Verdict::Fail);
}

#[test]
fn going_on_after_the_thirty_minutes_is_allowed_at_a_longer_spacing_but_not_at_a_shorter_one() {
    let mut attempts = every(240, 1_920);
    attempts.extend(timeouts([2_820, 6_420]));
    assert_eq!(verdict(&observed(attempts.clone()), Rule::Gap), Verdict::Pass);
    attempts.extend(timeouts([6_430]));
    assert_eq!(verdict(&observed(attempts), Rule::Gap), Verdict::Fail);
}

#[test]
fn what_was_not_watched_for_long_enough_is_not_told() {
    let short = Course::new(every(240, 960), at(1_200_000));
    assert_eq!(verdict(&short, Rule::Duration), Verdict::Inconclusive);
    assert_eq!(verdict(&short, Rule::Number), Verdict::Inconclusive);
    assert_eq!(verdict(&short, Rule::Escalation), Verdict::Inconclusive);
    let granted = Course::new(vec![attempt(0, 10, Outcome::Success)], at(60_000));
    assert_eq!(verdict(&granted, Rule::Success), Verdict::Inconclusive);
    let mut open = every(240, 1_200);
    open.iter_mut().next_back().expect("attempts").ended = None;
    let half_an_hour_later = at(1_200_000 + 1_800_000);
    assert_eq!(verdict(&Course::new(open, half_an_hour_later), Rule::Duration), Verdict::Inconclusive);
}

#[test]
fn what_had_no_occasion_is_not_passed() {
    let course = observed(vec![attempt(0, 10, Outcome::Success)]);
    for rule in [
        Rule::Gap,
        Rule::Duration,
        Rule::Number,
        Rule::Standing,
        Rule::Repeats,
        Rule::Content,
        Rule::Escalation,
    ] {
        assert_eq!(verdict(&course, rule), Verdict::NotApplicable, "{rule:?}");
    }
    assert_eq!(judge(&Course::new(Vec::new(), at(0)), Pace::Real).verdict(), Verdict::Inconclusive);
    assert_eq!(judge(&course, Pace::Accelerated(1_000.0)).verdict(), Verdict::Inconclusive);
}

#[test]
fn an_attempt_that_crosses_the_success_is_none_after_it_and_a_doubled_one_is() {
    let mut attempts = every(240, 480);
    // It took long, and the next one was due as the answer left.
    attempts.push(attempt(720_000, 239_000, Outcome::Success));
    attempts.push(attempt(960_000, 10, Outcome::UpstreamTimeout));
    assert_eq!(verdict(&observed(attempts.clone()), Rule::Success), Verdict::Pass);
    attempts.pop();
    attempts.push(attempt(959_500, 10, Outcome::Success));
    let course = observed(attempts).with_standing(2);
    assert_eq!(verdict(&course, Rule::Standing), Verdict::Fail);
    let doubled = vec![attempt(0, 10, Outcome::Success), attempt(20, 10, Outcome::Success)];
    assert_eq!(verdict(&observed(doubled), Rule::Success), Verdict::Fail);
    let at_once = vec![attempt(0, 50, Outcome::Success), attempt(20, 10, Outcome::Success)];
    assert_eq!(verdict(&observed(at_once), Rule::Gap), Verdict::Fail);
}

#[test]
fn a_refusal_is_corrected_or_left_but_not_repeated() {
    let mut attempts = vec![attempt(0, 10, Outcome::Refused(422)), attempt(1_000, 10, Outcome::Refused(422))];
    check(
        &observed(attempts.clone()),
        Rule::Repeats,
        Verdict::Fail,
        "attempt 1: refused with 422, and repeated unchanged 1 s later",
    );
    attempts[1].content = Content::new("corrected");
    attempts[1].outcome = Outcome::Success;
    let corrected = observed(attempts.clone());
    assert_eq!(verdict(&corrected, Rule::Repeats), Verdict::Pass);
    assert_eq!(verdict(&corrected, Rule::Content), Verdict::Pass);
    attempts[0].outcome = Outcome::UpstreamTimeout;
    assert_eq!(verdict(&observed(attempts), Rule::Content), Verdict::Fail);
}

#[test]
fn retry_after_is_followed() {
    let minute = Duration::from_secs(60);
    let course = |after: u64| {
        observed(vec![attempt(0, 0, Outcome::Later(minute)), attempt(after * 1_000, 10, Outcome::Success)])
    };
    assert_eq!(verdict(&course(54), Rule::Repeats), Verdict::Fail);
    assert_eq!(verdict(&course(56), Rule::Repeats), Verdict::Pass);
    assert_eq!(verdict(&course(600), Rule::Repeats), Verdict::Pass);
    let brief =
        vec![attempt(0, 0, Outcome::Later(Duration::from_secs(2))), attempt(100, 10, Outcome::Success)];
    assert_eq!(verdict(&observed(brief), Rule::Repeats), Verdict::Fail);
}

fn changed(ms: u64, to: Option<&str>) -> Change {
    Change { at: at(ms), news: News::Changed(to.map(Content::new)) }
}

#[test]
fn after_a_change_the_new_content_comes_at_once_or_when_it_was_due() {
    let with = |change_at: u64, next: u64, content: &str| {
        let mut attempts = every(240, 480);
        let mut more = timeouts((next..=next + 1_680).step_by(240));
        more.iter_mut().for_each(|attempt| attempt.content = Content::new(content));
        attempts.extend(more);
        observed(attempts).with_changes(vec![changed(change_at * 1_000, Some("moved"))])
    };
    for (next, content, gap, found) in [
        (501, "moved", Verdict::Pass, Verdict::Pass),
        (720, "moved", Verdict::Pass, Verdict::Pass),
        (800, "moved", Verdict::Pass, Verdict::Pass),
        (820, "moved", Verdict::Fail, Verdict::Pass),
        (720, "grant", Verdict::Pass, Verdict::Fail),
        (720, "other", Verdict::Pass, Verdict::Fail),
    ] {
        let course = with(500, next, content);
        assert_eq!(
            (verdict(&course, Rule::Gap), verdict(&course, Rule::Content)),
            (gap, found),
            "{next} {content}"
        );
    }
    // What was on its way when the change came is not stale.
    let crossing = with(718, 720, "grant");
    let (_, why) = on(&crossing, Rule::Content);
    assert!(why.starts_with("attempt 5"), "{why}");
    // In time that is moved by hand the new content may come at the very instant.
    assert_eq!(verdict(&with(500, 500, "moved"), Rule::Content), Verdict::Pass);
    let back_again = {
        let mut attempts = every(240, 480);
        attempts.extend(timeouts([500, 740]));
        attempts[3].content = Content::new("moved");
        observed(attempts).with_changes(vec![changed(500_000, None)])
    };
    assert_eq!(verdict(&back_again, Rule::Content), Verdict::Fail);
}

#[test]
fn nothing_comes_once_the_booking_was_called_off() {
    let off = vec![Change { at: at(500_000), news: News::CalledOff }];
    let right = observed(every(240, 480)).with_changes(off.clone());
    for rule in [Rule::Duration, Rule::Number, Rule::Escalation] {
        assert_eq!(verdict(&right, rule), Verdict::NotApplicable, "{rule:?}");
    }
    assert_eq!(verdict(&right, Rule::Content), Verdict::Pass);
    let stale = observed(every(240, 720)).with_changes(off.clone());
    assert_eq!(verdict(&stale, Rule::Content), Verdict::Fail);
    let told = right.with_escalations(vec![at(1_900_000)]);
    assert_eq!(verdict(&told, Rule::Escalation), Verdict::Fail);
}

#[test]
fn support_is_told_once_and_for_a_reason() {
    let with =
        |told: &[u64]| observed(every(240, 1_920)).with_escalations(told.iter().map(|ms| at(*ms)).collect());
    for (told, expected) in [
        (&[1_794_000][..], Verdict::Fail),
        (&[1_795_000], Verdict::Pass),
        (&[1_800_000], Verdict::Pass),
        (&[2_405_000], Verdict::Pass),
        (&[2_405_001], Verdict::Fail),
        (&[], Verdict::Fail),
        (&[1_900_000, 1_910_000], Verdict::Fail),
        (&[60_000, 1_900_000], Verdict::Fail),
    ] {
        assert_eq!(verdict(&with(told), Rule::Escalation), expected, "{told:?}");
    }
    let mut granted = every(240, 960);
    granted.push(attempt(1_200_000, 10, Outcome::Success));
    let granted = observed(granted);
    assert_eq!(verdict(&granted, Rule::Escalation), Verdict::NotApplicable);
    let needless = granted.with_escalations(vec![at(1_900_000)]);
    assert_eq!(verdict(&needless, Rule::Escalation), Verdict::Fail);
    let mut last_moment = every(240, 1_680);
    last_moment.push(attempt(1_799_000, 2_000, Outcome::Success));
    let last_moment = observed(last_moment).with_escalations(vec![at(1_800_000)]);
    assert_eq!(verdict(&last_moment, Rule::Escalation), Verdict::Pass);
}

#[test]
fn a_content_does_not_show() {
    assert_eq!(format!("{:?}", Content::new("ada@example.org")), "‹request›");
}

/// One attempt and the wait after it.
#[derive(Clone, Debug)]
struct Turn {
    gap: u64,
    took: u64,
    from_answer: bool,
}

/// A schedule that obeys the rule.
#[derive(Clone, Debug)]
struct Obeying {
    turns: Vec<Turn>,
    succeeds: Option<usize>,
    goes_on: usize,
    told: u64,
}

/// Attempts until the schedule may stop, and whether support has to be told.
fn play(plan: &Obeying) -> (Vec<Attempt>, bool) {
    let (mut now, mut beyond) = (0, 0);
    let mut attempts = Vec::new();
    for (number, turn) in plan.turns.iter().enumerate() {
        let succeeds = plan.succeeds == Some(number);
        let outcome = if succeeds { Outcome::Success } else { Outcome::UpstreamTimeout };
        attempts.push(attempt(now, turn.took, outcome));
        if succeeds {
            return (attempts, now > 1_805_000);
        }
        if now >= 1_800_000 && attempts.len() >= 7 {
            beyond += 1;
            if beyond > plan.goes_on {
                break;
            }
        }
        now += turn.gap + if turn.from_answer { turn.took } else { 0 };
    }
    (attempts, true)
}

fn course(attempts: Vec<Attempt>, told: Option<u64>) -> Course {
    observed(attempts).with_escalations(told.map(at).into_iter().collect())
}

fn obeying() -> impl Strategy<Value = Obeying> {
    let turn = (180_000_u64..=300_000, 0_u64..=60_000, any::<bool>())
        .prop_map(|(gap, took, from_answer)| Turn { gap, took, from_answer });
    let turns = proptest::collection::vec(turn, 20);
    (turns, proptest::option::of(0_usize..12), 0_usize..4, 1_800_000_u64..=2_400_000)
        .prop_map(|(turns, succeeds, goes_on, told)| Obeying { turns, succeeds, goes_on, told })
}

/// A way of breaking the rule by more than the tolerance.
#[derive(Clone, Debug)]
enum Breach {
    Early(u64),
    Late(u64),
    StopsEarly(usize),
    Continues(u64),
    OtherContent,
    ToldEarly(u64),
    ToldLate(u64),
    NotTold,
    ToldTwice,
    RepeatsRefusal,
    IgnoresRetryAfter(u64),
}

fn breach() -> impl Strategy<Value = Breach> {
    prop_oneof![
        (0_u64..175_000).prop_map(Breach::Early),
        (305_001_u64..3_000_000).prop_map(Breach::Late),
        (1_usize..=5).prop_map(Breach::StopsEarly),
        (0_u64..400_000).prop_map(Breach::Continues),
        Just(Breach::OtherContent),
        (0_u64..1_795_000).prop_map(Breach::ToldEarly),
        (2_405_001_u64..5_000_000).prop_map(Breach::ToldLate),
        Just(Breach::NotTold),
        Just(Breach::ToldTwice),
        Just(Breach::RepeatsRefusal),
        (0_u64..55_000).prop_map(Breach::IgnoresRetryAfter),
    ]
}

/// A schedule that never succeeds, broken at an attempt within the thirty minutes.
fn broken(mut plan: Obeying, breach: &Breach, place: usize) -> (Course, Rule) {
    plan.succeeds = None;
    let place = place % 4;
    let told = Some(plan.told);
    if let Breach::Early(gap) | Breach::Late(gap) = *breach {
        let late = matches!(breach, Breach::Late(_));
        plan.turns[place] = Turn { gap, took: plan.turns[place].took.min(gap), from_answer: late };
        return (course(play(&plan).0, told), Rule::Gap);
    }
    let mut attempts = play(&plan).0;
    let last = attempts.last().map_or(at(0), |last| last.arrived);
    match breach {
        Breach::StopsEarly(left) => {
            attempts.truncate(*left);
            (course(attempts, told), Rule::Duration)
        }
        Breach::Continues(after) => {
            let next = attempts[place + 1].arrived;
            attempts.truncate(place + 1);
            attempts.push(Attempt { arrived: next, ended: Some(next), ..attempt(0, 0, Outcome::Success) });
            let again = next + Duration::from_millis(1 + after);
            // One that was due and crossed the success within the tolerance is allowed.
            attempts.push(Attempt { arrived: again, ended: Some(again), ..attempt(0, 0, Outcome::Success) });
            (course(attempts, None), Rule::Success)
        }
        Breach::OtherContent => {
            attempts[place + 1].content = Content::new("other");
            (course(attempts, told), Rule::Content)
        }
        Breach::ToldEarly(ms) => (course(attempts, Some(*ms)), Rule::Escalation),
        Breach::ToldLate(ms) => (course(attempts, Some(*ms)), Rule::Escalation),
        Breach::NotTold => (course(attempts, None), Rule::Escalation),
        Breach::ToldTwice => {
            let told = vec![at(plan.told), at(plan.told) + Duration::from_secs(1)];
            (
                Course::new(attempts, last + Duration::from_secs(6_000)).with_escalations(told),
                Rule::Escalation,
            )
        }
        Breach::RepeatsRefusal => {
            attempts[place].outcome = Outcome::Refused(409);
            (course(attempts, told), Rule::Repeats)
        }
        Breach::IgnoresRetryAfter(after) => {
            let ended = attempts[place].ended.unwrap_or(last);
            attempts[place].outcome = Outcome::Later(Duration::from_secs(60));
            attempts[place + 1].arrived = ended + Duration::from_millis(*after);
            attempts[place + 1].ended = Some(attempts[place + 1].arrived);
            (course(attempts, told), Rule::Repeats)
        }
        Breach::Early(_) | Breach::Late(_) => (course(attempts, told), Rule::Gap),
    }
}

/// How fast an accelerated clock runs that is still judged.
fn pace() -> impl Strategy<Value = Pace> {
    prop_oneof![Just(Pace::Virtual), Just(Pace::Real), (1.0_f64..=50.0).prop_map(Pace::Accelerated)]
}

proptest! {
    #[test]
    fn every_schedule_that_obeys_passes(plan in obeying(), pace in pace()) {
        let (attempts, due) = play(&plan);
        let course = course(attempts, due.then_some(plan.told)).with_standing(1);
        let judgement = judge(&course, pace);
        let judged = judgement.findings().iter().filter(|finding| finding.verdict == Verdict::Pass).count();
        prop_assert_eq!(judgement.verdict(), Verdict::Pass, "{:#?}", judgement);
        prop_assert!(judged > 0);
    }

    #[test]
    fn a_schedule_that_is_observed_inexactly_still_passes(
        plan in obeying(), shifts in proptest::collection::vec(0_u64..=2_499, 24)
    ) {
        let (mut attempts, due) = play(&plan);
        for (attempt, shift) in attempts.iter_mut().skip(1).zip(shifts) {
            let shift = Duration::from_millis(shift);
            let (early, ended) = (attempt.arrived - shift, attempt.ended.unwrap_or(attempt.arrived) - shift);
            (attempt.arrived, attempt.ended) = (early, Some(ended));
        }
        let judgement = judge(&course(attempts, due.then_some(plan.told)), Pace::Real);
        prop_assert_eq!(judgement.verdict(), Verdict::Pass, "{:#?}", judgement);
    }

    #[test]
    fn every_schedule_that_breaks_the_rule_fails(
        plan in obeying(), breach in breach(), place in 0_usize..4, pace in pace()
    ) {
        let (course, rule) = broken(plan, &breach, place);
        let judgement = judge(&course, pace);
        prop_assert_eq!(judgement.verdict(), Verdict::Fail, "{:#?}", judgement);
        let found: Vec<Verdict> = judgement.on(&[rule]).findings().iter().map(|finding| finding.verdict).collect();
        prop_assert_eq!(found, vec![Verdict::Fail], "{:?}: {:#?}", rule, judgement);
    }

    #[test]
    fn combining_judgements_only_worsens(
        one in obeying(), other in obeying(), breach in breach(), place in 0_usize..4
    ) {
        let (attempts, due) = play(&one);
        let right = judge(&course(attempts, due.then_some(one.told)), Pace::Real);
        let wrong = judge(&broken(other, &breach, place).0, Pace::Real);
        let worst = right.verdict().worse(wrong.verdict());
        prop_assert_eq!(right.clone().and(wrong.clone()).verdict(), worst);
        prop_assert_eq!(wrong.and(right).verdict(), worst);
    }

    #[test]
    fn whatever_was_observed_is_judged(
        times in proptest::collection::vec((0_u64..5_000_000, proptest::option::of(0_u64..900_000), 0_u8..5), 0..30),
        changes in proptest::collection::vec((0_u64..5_000_000, any::<bool>()), 0..4),
        told in proptest::collection::vec(0_u64..5_000_000, 0..3),
        until in 0_u64..9_000_000,
    ) {
        let attempts = times.into_iter().map(|(arrived, took, kind)| Attempt {
            arrived: at(arrived),
            ended: took.map(|took| at(arrived + took)),
            outcome: match kind {
                0 => Outcome::Success,
                1 => Outcome::Later(Duration::from_secs(60)),
                2 => Outcome::Refused(422),
                3 => Outcome::Broken,
                _ => Outcome::UpstreamTimeout,
            },
            content: Content::new("grant"),
        });
        let changes = changes.into_iter().map(|(ms, off)| match off {
            true => Change { at: at(ms), news: News::CalledOff },
            false => changed(ms, None),
        });
        let course = Course::new(attempts.collect(), at(until))
            .with_changes(changes.collect())
            .with_escalations(told.into_iter().map(at).collect());
        let judgement = judge(&course, Pace::Real);
        prop_assert_eq!(judgement.findings().len(), Rule::ALL.len());
        prop_assert!(judgement.findings().iter().all(|finding| !finding.why.is_empty()));
    }
}

#[test]
fn who_waits_for_one_answer_without_end_has_stopped_repeating() {
    let mut waits = every(240, 240);
    for attempt in waits.iter_mut().skip(1) {
        attempt.ended = None;
    }
    let until = |seconds: u64| Course::new(waits.clone(), at(240_000) + Duration::from_secs(seconds));
    assert_eq!(verdict(&until(1_800), Rule::Duration), Verdict::Inconclusive, "the answer may be waited for");
    assert_eq!(verdict(&until(2_200), Rule::Duration), Verdict::Fail);
}
