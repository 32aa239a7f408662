//! Time that is driven, stopped, parked and relayed.

use super::*;

fn minutes(n: u64) -> Duration {
    Duration::from_secs(60 * n)
}

#[tokio::test]
async fn driving_moves_time_to_each_timer_in_order() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let seen = clock
        .drive(async {
            let mut seen = Vec::new();
            for _ in 0..9 {
                clock.sleep(minutes(4)).await;
                seen.push(clock.now().epoch_ms() / 60_000);
            }
            seen
        })
        .await;
    assert_eq!(seen, [4, 8, 12, 16, 20, 24, 28, 32, 36]);
}

#[tokio::test]
async fn who_waits_on_a_standing_clock_goes_on_when_it_runs() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let waiting = clock.clone();
    let told = tokio::spawn(async move { waiting.wait_passively(minutes(60)).await });
    while clock.next_timer().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!((clock.factor(), clock.next_timer()), (None, Some(Instant::from_epoch_ms(3_600_000))));
    clock.run(1_000_000.0);
    assert_eq!(clock.factor(), Some(1_000_000.0));
    assert!(told.await.is_ok() && clock.now().epoch_ms() >= 3_600_000);
}

#[tokio::test]
async fn who_waits_on_a_running_clock_stands_when_it_is_stopped() {
    let clock = Clock::real();
    let waiting = clock.clone();
    let told = tokio::spawn(async move { waiting.wait_passively(minutes(60)).await });
    tokio::task::yield_now().await;
    clock.stop();
    let stood = clock.now();
    while clock.next_timer().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!((clock.now(), told.is_finished()), (stood, false));
    assert_eq!(clock.advance(minutes(61)).await, 1);
    assert!(told.await.is_ok());
}

#[tokio::test]
async fn time_stands_still_while_an_exchange_is_under_way() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let guard = clock.begin(ExchangeId::new("x-1"));
    let other = clock.clone();
    let reader = tokio::spawn(async move {
        tokio::task::yield_now().await;
        let before = other.now();
        drop(guard);
        before
    });
    clock.drive(clock.sleep(minutes(1))).await;
    assert_eq!(reader.await.map(Instant::epoch_ms).ok(), Some(0));
    assert_eq!(clock.now().epoch_ms(), 60_000);
}

#[tokio::test]
async fn a_parked_exchange_lets_the_deadline_pass_first() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let exchange = ExchangeId::new("x-1");
    let server = clock.clone();
    let parked = exchange.clone();
    let guard = clock.begin(exchange);
    let handler = tokio::spawn(async move { server.park(&parked, Some(minutes(10))).await });
    clock.drive(clock.sleep(minutes(1))).await;
    assert_eq!(clock.now().epoch_ms(), 60_000);
    drop(guard);
    handler.abort();
}

/// A client with a deadline asks a service, which asks a service behind it.
async fn asked(clock: &Clock, deadline: u64, behind: u64) -> (bool, i64) {
    let outer = ExchangeId::new("outer");
    let guard = clock.begin(outer.clone());
    let serving = clock.clone();
    let (answer, answered) = oneshot::channel();
    let service = tokio::spawn(async move {
        serving
            .relay(&outer, async {
                for turn in 0..3 {
                    let inner = ExchangeId::new(format!("inner-{turn}"));
                    let guard = serving.begin(inner.clone());
                    let (clock, parked) = (serving.clone(), inner);
                    let vendor =
                        tokio::spawn(async move { clock.park(&parked, Some(minutes(behind))).await });
                    let _ = vendor.await;
                    drop(guard);
                    tokio::task::yield_now().await;
                }
            })
            .await;
        let _ = answer.send(());
    });
    let told = clock
        .drive(async {
            tokio::select! {
                _ = answered => true,
                () = clock.sleep(minutes(deadline)) => false,
            }
        })
        .await;
    drop(guard);
    service.abort();
    (told, clock.now().epoch_ms() / 60_000)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relayed_exchange_lets_time_pass_only_while_its_work_rests() {
    for _ in 0..200 {
        let clock = Clock::stepped(Instant::from_epoch_ms(0));
        assert_eq!(asked(&clock, 10, 2).await, (true, 6));
        let clock = Clock::stepped(Instant::from_epoch_ms(0));
        assert_eq!(asked(&clock, 5, 2).await, (false, 5));
    }
}

/// What a clock shows after it was driven by who only lets others have turns.
async fn after_turns(clock: &Clock) -> i64 {
    let turns = async {
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        clock.now().epoch_ms()
    };
    clock.drive(turns).await
}

#[tokio::test]
async fn who_waits_passively_moves_no_time_on() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let teller = clock.clone();
    let told = tokio::spawn(async move {
        teller.wait_passively(minutes(2)).await;
        teller.now().epoch_ms() / 60_000
    });
    assert_eq!((after_turns(&clock).await, told.is_finished()), (0, false));
    clock.drive(clock.sleep(minutes(5))).await;
    // Woken on the way; when its task runs is the scheduler's business.
    assert!(told.await.is_ok_and(|at| (2..=5).contains(&at)));
}

#[tokio::test]
async fn a_following_clock_shows_the_same_time_and_moves_none_on() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let served = clock.following();
    let serving = tokio::spawn(async move {
        served.sleep(minutes(2)).await;
        served.now().epoch_ms() / 60_000
    });
    assert_eq!((after_turns(&clock).await, serving.is_finished()), (0, false));
    assert_eq!(clock.advance(minutes(5)).await, 1);
    assert!(serving.await.is_ok_and(|at| at == 2));
}

#[tokio::test]
async fn time_does_not_pass_by_who_follows_while_another_side_drives() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let served = clock.following();
    let serving = tokio::spawn(async move {
        let mut seen = Vec::new();
        for _ in 0..5 {
            served.sleep(minutes(2)).await;
            seen.push(served.now().epoch_ms() / 60_000);
        }
        seen
    });
    tokio::task::yield_now().await;
    clock.drive(clock.sleep(minutes(30))).await;
    assert_eq!(serving.await.ok(), Some(vec![2, 4, 6, 8, 10]));
}

#[tokio::test]
async fn advance_waits_for_an_exchange_under_way() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let guard = clock.begin(ExchangeId::new("x-1"));
    let other = clock.clone();
    let answered = tokio::spawn(async move {
        for _ in 0..40 {
            tokio::task::yield_now().await;
        }
        let at = other.now().epoch_ms();
        drop(guard);
        at
    });
    clock.advance(minutes(1)).await;
    assert_eq!(answered.await.ok(), Some(0));
}

#[tokio::test]
async fn advance_fires_what_is_due_and_no_more() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let (early, late) = (clock.clone(), clock.clone());
    let early = tokio::spawn(async move { early.sleep(minutes(2)).await });
    let late = tokio::spawn(async move { late.sleep(minutes(9)).await });
    tokio::task::yield_now().await;
    assert_eq!(clock.advance(minutes(5)).await, 1);
    assert!(early.is_finished() && !late.is_finished());
    assert_eq!(clock.now().epoch_ms(), 300_000);
}

/// Thousands of calls that wait cost each other nothing: were every one of them
/// looked at whenever one goes on, this would take many minutes.
#[tokio::test]
async fn of_thousands_that_wait_each_goes_on_in_its_turn() {
    const MANY: u64 = 20_000;
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    let began = std::time::Instant::now();
    let call = |number: u64| {
        let clock = clock.clone();
        async move {
            let exchange = ExchangeId::new(format!("x-{number}"));
            let _under_way = clock.begin(exchange.clone());
            clock.relay(&exchange, clock.sleep(Duration::from_secs(number + 1))).await;
            clock.now().epoch_ms() / 1_000
        }
    };
    let ended = clock.drive(futures::future::join_all((0..MANY).map(call))).await;
    assert!(ended.into_iter().eq(1..=20_000));
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
}

/// What is counted is what is under way, whatever becomes of it.
#[tokio::test]
async fn a_call_that_is_dropped_holds_no_time() {
    let clock = Clock::stepped(Instant::from_epoch_ms(0));
    for parked in [None, Some(minutes(9))] {
        let exchange = ExchangeId::new("x-1");
        let under_way = clock.begin(exchange.clone());
        let dropped = tokio::time::timeout(Duration::ZERO, clock.park(&exchange, parked)).await;
        assert!(dropped.is_err());
        let resting = clock.relay(&exchange, std::future::pending::<()>());
        assert!(tokio::time::timeout(Duration::ZERO, resting).await.is_err());
        assert!(clock.lock().is_under_way());
        // The same name once more is the same exchange.
        let again = clock.begin(exchange.clone());
        drop(under_way);
        assert!(!clock.lock().is_under_way());
        drop(again);
        assert!(!clock.lock().is_under_way());
    }
    let began = clock.now();
    clock.drive(clock.sleep(minutes(1))).await;
    assert_eq!(clock.now(), began + minutes(1));
}
