//! Each scenario against the reference vendor: what was told to whom, which
//! doors opened when, what was left behind, and how many calls it took.

use super::bench::{held, made, opened, plan, scenario, told};
use crate::harness::scene::{Holding, run};
use crate::simulator::Notice;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pin_is_made_when_its_lock_returns() {
    let outcome = held("lock-goes-offline").await;
    for guest in [0, 1] {
        let told = outcome.record.notices.iter().filter(|told| told.guest == Some(guest));
        let told: Vec<(u64, Notice)> = told.map(|told| (told.at.as_secs() / 60, told.notice)).collect();
        let kinds: Vec<Notice> = told.iter().map(|(_, notice)| *notice).collect();
        assert_eq!(kinds, [Notice::NoPin, Notice::PinMade], "guest {guest}");
        assert!(told[1].0 >= 16, "{told:?}");
    }
    assert_eq!(opened(&outcome), [(0, 65), (1, 65), (0, 179)]);
    assert!(outcome.calls <= 80, "{} calls", outcome.calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_low_battery_is_told_once_in_a_week() {
    let outcome = held("battery-runs-down").await;
    assert_eq!(told(&outcome).len(), 1, "{:?}", told(&outcome));
    let text = &outcome.record.notices[0].text;
    assert!(text.contains('%'), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_door_left_ajar_is_told_and_one_opened_for_a_moment_is_not() {
    let outcome = held("door-left-ajar").await;
    let told: Vec<(Option<u32>, Notice)> =
        outcome.record.notices.iter().map(|told| (told.lock, told.notice)).collect();
    assert_eq!(told, [(Some(1), Notice::DoorAjar)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forced_door_is_told_once_and_is_not_taken_for_one_left_open() {
    let outcome = held("door-is-forced").await;
    let told: Vec<(Option<u32>, Notice)> =
        outcome.record.notices.iter().map(|told| (told.lock, told.notice)).collect();
    assert_eq!(told, [(Some(3), Notice::DoorForced)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bridge_takes_its_ten_locks_with_it_and_no_other() {
    let outcome = held("bridge-dies").await;
    let gone: Vec<u32> = outcome
        .record
        .notices
        .iter()
        .filter(|told| told.notice == Notice::Unreachable)
        .filter_map(|told| told.lock)
        .collect();
    assert_eq!(gone.len(), 10);
    assert!(gone.iter().all(|lock| (1..=10).contains(lock)), "{gone:?}");
    assert_eq!(opened(&outcome), [(0, 150), (1, 275), (2, 275)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_twenty_minutes_without_upstream_nobody_was_told_and_one_access_stands() {
    let outcome = held("upstream-out-for-20-minutes").await;
    assert_eq!(told(&outcome), []);
    let took = made(&outcome, 0).map(|at| at.as_secs() / 60);
    assert!(took.is_some_and(|minutes| (30..=36).contains(&minutes)), "{took:?}");
    assert!(outcome.calls <= 20, "{} calls", outcome.calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_half_an_hour_without_upstream_support_is_told_once() {
    let outcome = held("upstream-out-for-40-minutes").await;
    let to_support: Vec<u64> =
        told(&outcome).into_iter().filter(|(_, to, _)| *to == "support").map(|(at, ..)| at).collect();
    assert_eq!(to_support.len(), 1);
    let text = &outcome.record.notices[0].text;
    for part in ["did not succeed in", "lock", "reference guest-1", "last error"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(outcome.calls <= 60, "{} calls", outcome.calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_token_is_replaced_within_the_plan() {
    let outcome = held("token-expires-mid-plan").await;
    assert_eq!(told(&outcome), []);
    assert!(made(&outcome, 0).is_some_and(|at| at.as_secs() < 11 * 60 + 15));
    assert!(outcome.calls <= 20, "{} calls", outcome.calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failed_step_leaves_nothing_half_made() {
    let outcome = held("step-in-the-middle-fails").await;
    let kinds: Vec<Notice> = told(&outcome).into_iter().map(|(_, _, notice)| notice).collect();
    assert_eq!(kinds, [Notice::NoPin, Notice::PinMade]);
    assert_eq!(opened(&outcome).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_clock_is_told_before_anybody_stands_at_the_door() {
    let outcome = held("clock-five-minutes-slow").await;
    let told = told(&outcome);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        outcome.record.notices[0].text.contains("300 s") || outcome.record.notices[0].text.contains("301 s")
    );
    assert_eq!(opened(&outcome), [(0, 366), (0, 603), (1, 1559)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eleven_is_eleven_on_both_sides_of_a_clock_change() {
    let outcome = held("clocks-change-inside-a-stay").await;
    assert_eq!(told(&outcome), []);
    assert_eq!(opened(&outcome).len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_lock_is_told_and_gets_its_pin_when_there_is_room() {
    let outcome = held("lock-is-full").await;
    let kinds: Vec<Notice> = told(&outcome).into_iter().map(|(_, _, notice)| notice).collect();
    assert_eq!(kinds, [Notice::NoPin, Notice::PinMade]);
    assert_eq!(opened(&outcome).len(), 5);
    assert!(outcome.calls <= 120, "{} calls", outcome.calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_too_many_costs_time_and_nothing_else() {
    let outcome = held("rate-limit-is-hit").await;
    assert_eq!(opened(&outcome).len(), 10);
    assert_eq!(told(&outcome), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_doors_open_at_three() {
    let outcome = held("five-hundred-arrive-at-three").await;
    assert_eq!(told(&outcome), []);
    let opened = opened(&outcome);
    assert_eq!(opened.len(), 500);
    assert!(opened.iter().all(|(_, at)| *at == 360));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_answer_makes_no_second_access() {
    let outcome = held("answers-are-lost").await;
    assert_eq!(told(&outcome), []);
    assert_eq!(opened(&outcome).len(), 3);
    assert!(outcome.calls <= 30, "{} calls", outcome.calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_late_callback_raises_no_false_alarm() {
    let of_other = run(scenario("webhook-tells-late"), &plan("callbacks")).await.expect("a simulated vendor");
    assert_eq!(of_other.holding, Holding::Held, "{:#?}", of_other.record);
    for outcome in [held("webhook-tells-late").await, of_other] {
        let of_first = outcome.record.notices.iter().filter(|told| told.lock == Some(1));
        let of_first: Vec<Notice> = of_first.map(|told| told.notice).collect();
        assert_eq!(of_first, [Notice::Unreachable, Notice::ReachableAgain]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stay_that_is_called_off_ends_without_a_pin() {
    let outcome = held("stay-is-called-off").await;
    assert_eq!(opened(&outcome), [(0, 120)]);
}
