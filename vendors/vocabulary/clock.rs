//! Time, as one thing that can be real, hurried or stepped by hand.
//!
//! Everything that waits in a world waits on its clock: timers, deadlines,
//! retries, delays, token lifetimes. On a *stepped* clock nothing passes by
//! itself. [`Clock::drive`] runs a future and moves time on exactly when that
//! future waits for time and for nothing else: no exchange is on the wire, or
//! each one that is has been *parked* by the side that withholds the answer.
//! So half an hour of retries takes milliseconds, over real sockets, and never
//! races with a message under way.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use super::Instant;

/// How long nothing may begin or end on the wire before a moved clock waits no longer.
const STILL: Duration = Duration::from_secs(1);
/// How long a moved clock waits for what is under way, whatever begins and ends.
const BUSY: Duration = Duration::from_secs(30);

/// How many turns the others get after one of them was woken.
const TURNS: u32 = 4;
/// How often a moved clock looks before it lets other threads go first.
const PATIENT: u32 = 64;

/// The name of one exchange on the wire, sent along as `Lockstep-Exchange`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExchangeId(Arc<str>);

impl ExchangeId {
    /// The header that carries it.
    pub const HEADER: &'static str = "lockstep-exchange";

    /// Takes the name as it is.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ExchangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A world's clock. Clones show the same time.
#[derive(Clone)]
pub struct Clock(Arc<Inner>, Waiting);

/// What waiting means to whoever holds a clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waiting {
    /// A stepped clock is moved on for it.
    Drives,
    /// It is left to others to move time on.
    Follows,
}

struct Inner {
    state: Mutex<State>,
    changed: Notify,
    /// Told when time begins to pass in another way, so that whoever waits
    /// counts anew.
    repaced: Notify,
}

struct State {
    pace: Pace,
    timers: BTreeMap<(Instant, u64), Timer>,
    next_timer: u64,
    /// Exchanges on the wire, and whether the other side withholds the answer.
    exchanges: HashMap<ExchangeId, Parked>,
    /// How many began or ended.
    turns: u64,
    /// Turns that are owed to who follows and was woken: only when it runs does it
    /// show whether it has something under way, and time must not pass it by.
    owed: u32,
}

#[derive(Clone, Copy)]
enum Pace {
    /// `origin` of world time at `started`, running `factor` times as fast.
    Running {
        started: tokio::time::Instant,
        origin: Instant,
        factor: f64,
    },
    Stepped {
        now: Instant,
    },
}

struct Timer {
    wake: oneshot::Sender<()>,
    /// A timer of the side that drives time; a parked answer's is not.
    driving: bool,
    parked: Option<ExchangeId>,
}

impl Timer {
    /// Whether its side neither drives time nor withholds an answer.
    fn follows(&self) -> bool {
        !self.driving && self.parked.is_none()
    }
}

#[derive(Clone)]
enum Parked {
    No,
    Yes,
    /// Answered by work that waits itself; parked while it rests.
    Resting(Arc<Relayed>),
}

impl Parked {
    fn holds_time(&self) -> bool {
        match self {
            Self::No => true,
            Self::Yes => false,
            Self::Resting(work) => !work.rests(),
        }
    }
}

impl Clock {
    /// The machine's time.
    pub fn real() -> Self {
        Self::accelerated(1.0)
    }

    /// Time that starts at the machine's and runs `factor` times as fast.
    pub fn accelerated(factor: f64) -> Self {
        Self::with_pace(Pace::Running {
            started: tokio::time::Instant::now(),
            origin: Instant::wall(),
            factor,
        })
    }

    /// Time that stands at `start` until it is moved.
    pub fn stepped(start: Instant) -> Self {
        Self::with_pace(Pace::Stepped { now: start })
    }

    fn with_pace(pace: Pace) -> Self {
        let state = State {
            pace,
            timers: BTreeMap::new(),
            next_timer: 0,
            exchanges: HashMap::new(),
            turns: 0,
            owed: 0,
        };
        let inner = Inner { state: Mutex::new(state), changed: Notify::new(), repaced: Notify::new() };
        Self(Arc::new(inner), Waiting::Drives)
    }

    /// The same clock for a side that only serves: none of its waits moves time
    /// on, [`Clock::sleep`] no more than [`Clock::wait_passively`].
    #[must_use]
    pub fn following(&self) -> Self {
        Self(Arc::clone(&self.0), Waiting::Follows)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present.
    pub fn now(&self) -> Instant {
        self.lock().now()
    }

    /// Whether time passes only when it is moved.
    pub fn is_stepped(&self) -> bool {
        matches!(self.lock().pace, Pace::Stepped { .. })
    }

    /// How many times as fast as the machine's this clock's time passes; `None`
    /// where it passes only when it is moved.
    pub fn factor(&self) -> Option<f64> {
        match self.lock().pace {
            Pace::Running { factor, .. } => Some(factor),
            Pace::Stepped { .. } => None,
        }
    }

    /// Lets time pass by itself from its present on, `factor` times as fast as
    /// the machine's. Whoever waits goes on waiting, at the new pace.
    pub fn run(&self, factor: f64) {
        self.repace(|now| Pace::Running { started: tokio::time::Instant::now(), origin: now, factor });
    }

    /// Lets time stand at its present until it is moved.
    pub fn stop(&self) {
        self.repace(|now| Pace::Stepped { now });
    }

    fn repace(&self, pace: impl FnOnce(Instant) -> Pace) {
        {
            let mut state = self.lock();
            state.pace = pace(state.now());
        }
        self.0.repaced.notify_waiters();
        self.0.changed.notify_waiters();
    }

    /// The earliest instant that somebody waits for on a clock that is moved by
    /// hand; `None` where nobody waits, and while time passes by itself.
    pub fn next_timer(&self) -> Option<Instant> {
        let state = self.lock();
        state.timers.keys().find(|(at, _)| *at > state.now()).map(|(at, _)| *at)
    }

    /// Waits for a span of this clock's time, as the side that drives time:
    /// under [`Clock::drive`] time moves on for it.
    pub async fn sleep(&self, span: Duration) {
        let until = self.now() + span;
        self.sleep_until(until).await;
    }

    /// Waits until an instant, as the side that drives time.
    pub async fn sleep_until(&self, until: Instant) {
        self.wait(until, self.1 == Waiting::Drives, None).await;
    }

    /// Waits for a span of this clock's time without moving it on, as a side that
    /// only serves or only tells what happens: on a stepped clock time passes
    /// for it when somebody who drives time waits longer.
    pub async fn wait_passively(&self, span: Duration) {
        let until = self.now() + span;
        self.wait(until, false, None).await;
    }

    /// Withholds the answer to `exchange` for a span. Time moves on for it only
    /// while somebody who drives time waits too. Without a span the answer is
    /// withheld for good; the future then ends only by being dropped.
    pub async fn park(&self, exchange: &ExchangeId, span: Option<Duration>) {
        match span {
            Some(span) => {
                // Parked by the wait itself: were it parked before its timer is set,
                // whoever drives time could move it past the answer.
                let _parked = ParkGuard { clock: self, exchange };
                let until = self.now() + span;
                self.wait(until, false, Some(exchange.clone())).await;
            }
            None => {
                let _parked = ParkGuard::new(self, exchange);
                std::future::pending().await
            }
        }
    }

    /// Does the work that an exchange's answer waits for, where that work waits
    /// on this clock and on other exchanges itself, as a service that asks a
    /// service behind it. Time moves on while the work rests, and holds from the
    /// moment at which it is woken.
    pub async fn relay<F: Future>(&self, exchange: &ExchangeId, work: F) -> F::Output {
        let relayed = Arc::new(Relayed::new());
        let _unpark = ParkGuard { clock: self, exchange };
        if let Some(parked) = self.lock().exchanges.get_mut(exchange) {
            *parked = Parked::Resting(Arc::clone(&relayed));
        }
        let mut work = pin!(work);
        let mut turn = None;
        std::future::poll_fn(|context| {
            if relayed.is_woken() {
                let waker = relayed.begin(context.waker());
                if let Poll::Ready(output) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Poll::Ready(output);
                }
                // Who yields is woken only after this task has been left: the
                // work rests once a turn has passed without its being woken.
                turn = Some(Box::pin(tokio::task::yield_now()));
            }
            if let Some(turn) = turn.as_mut() {
                ready!(turn.as_mut().poll(context));
            }
            turn = None;
            relayed.rest();
            self.0.changed.notify_waiters();
            Poll::Pending
        })
        .await
    }

    async fn wait(&self, until: Instant, driving: bool, parked: Option<ExchangeId>) {
        loop {
            let mut repaced = pin!(self.0.repaced.notified());
            repaced.as_mut().enable();
            let left = {
                let state = self.lock();
                if until <= state.now() {
                    return;
                }
                state.real_time_until(until)
            };
            match left {
                Some(left) => {
                    tokio::select! {
                        () = tokio::time::sleep(left) => {}
                        () = repaced => {}
                    }
                }
                None => {
                    tokio::select! {
                        biased;
                        () = self.timer(until, driving, parked.clone()) => return,
                        () = repaced => {}
                    }
                }
            }
        }
    }

    /// Waits to be woken when a stepped clock reaches an instant.
    async fn timer(&self, until: Instant, driving: bool, parked: Option<ExchangeId>) {
        let (key, receiver) = {
            let mut state = self.lock();
            let (wake, receiver) = oneshot::channel();
            let key = (until, state.next_timer);
            state.next_timer += 1;
            if let Some(parked) = parked.as_ref().and_then(|exchange| state.exchanges.get_mut(exchange)) {
                *parked = Parked::Yes;
            }
            state.timers.insert(key, Timer { wake, driving, parked });
            (key, receiver)
        };
        self.0.changed.notify_waiters();
        let _forget = TimerGuard { clock: self, key };
        // The sender is dropped only with the clock, which `self` keeps.
        let _ = receiver.await;
    }

    /// Announces an exchange that goes onto the wire. Until the guard is
    /// dropped, [`Clock::drive`] holds time still unless the exchange is parked.
    pub fn begin(&self, exchange: ExchangeId) -> ExchangeGuard {
        let mut state = self.lock();
        state.exchanges.insert(exchange.clone(), Parked::No);
        state.turns += 1;
        drop(state);
        ExchangeGuard { clock: self.clone(), exchange }
    }

    /// Moves a stepped clock on by `span`, waking what falls due in order.
    /// Returns how many timers fired; on a running clock nothing happens.
    pub async fn advance(&self, span: Duration) -> usize {
        let target = self.now() + span;
        let mut fired = 0;
        self.settle().await;
        while self.lock().fire_next(target) {
            fired += 1;
            self.settle().await;
        }
        self.lock().set_now(target);
        self.0.changed.notify_waiters();
        self.settle().await;
        fired
    }

    /// Runs `work`; whenever it waits for this clock and for nothing else, moves
    /// time on to the next timer. On a running clock it just runs `work`.
    pub async fn drive<F: Future>(&self, work: F) -> F::Output {
        if !self.is_stepped() {
            return work.await;
        }
        let mut work = pin!(work);
        loop {
            let changed = self.0.changed.notified();
            let mut changed = pin!(changed);
            changed.as_mut().enable();
            let done = std::future::poll_fn(|context| {
                if let Poll::Ready(output) = work.as_mut().poll(context) {
                    return Poll::Ready(Some(output));
                }
                let state = self.lock();
                if state.is_idle() || state.owed > 0 {
                    return Poll::Ready(None);
                }
                drop(state);
                changed.as_mut().poll(context).map(|()| None)
            })
            .await;
            if let Some(output) = done {
                return output;
            }
            if self.lock().fire_idle() {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Lets what was woken do its work: until no exchange is under way that is
    /// not parked, or a second of the machine's time has passed in which none
    /// began or ended, so that a slow machine is not taken for a hanging one.
    async fn settle(&self) {
        let began = tokio::time::Instant::now();
        let (mut moved, mut turns) = (began, self.lock().turns);
        let mut yields = 0;
        while yields < TURNS
            || (self.lock().is_under_way() && moved.elapsed() < STILL && began.elapsed() < BUSY)
        {
            tokio::task::yield_now().await;
            yields += 1;
            let now = self.lock().turns;
            if now != turns {
                (moved, turns) = (tokio::time::Instant::now(), now);
            } else if yields > PATIENT {
                // What is under way may be another thread's, which wants the processor.
                std::thread::yield_now();
            }
        }
    }
}

/// Whether work that answers an exchange is at rest: it waits, and nothing has
/// woken it since.
struct Relayed {
    resting: AtomicBool,
    woken: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Relayed {
    /// Not looked at yet.
    fn new() -> Self {
        Self { resting: AtomicBool::new(false), woken: AtomicBool::new(true), task: Mutex::new(None) }
    }

    fn is_woken(&self) -> bool {
        self.woken.load(Ordering::SeqCst)
    }

    fn rests(&self) -> bool {
        self.resting.load(Ordering::SeqCst) && !self.is_woken()
    }

    /// The work is looked at; who wakes it from now on wakes `task`.
    fn begin(self: &Arc<Self>, task: &Waker) -> Waker {
        self.resting.store(false, Ordering::SeqCst);
        self.woken.store(false, Ordering::SeqCst);
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.clone());
        Waker::from(Arc::clone(self))
    }

    fn rest(&self) {
        self.resting.store(true, Ordering::SeqCst);
    }
}

impl Wake for Relayed {
    fn wake(self: Arc<Self>) {
        // A timer wakes while the clock's state is locked, so nothing but this is touched.
        self.woken.store(true, Ordering::SeqCst);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).clone();
        task.iter().for_each(Waker::wake_by_ref);
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

impl State {
    fn now(&self) -> Instant {
        match self.pace {
            Pace::Stepped { now } => now,
            Pace::Running { started, origin, factor } => origin + started.elapsed().mul_f64(factor),
        }
    }

    fn set_now(&mut self, to: Instant) {
        if let Pace::Stepped { now } = &mut self.pace {
            *now = to.max(*now);
        }
    }

    /// How long the machine takes to reach `until`; `None` on a stepped clock.
    fn real_time_until(&self, until: Instant) -> Option<Duration> {
        match self.pace {
            Pace::Stepped { .. } => None,
            Pace::Running { factor, .. } => {
                let left = until.since(self.now()).as_secs_f64() / factor;
                // At a tiny factor it takes longer than can be told.
                Some(Duration::try_from_secs_f64(left).unwrap_or(Duration::MAX))
            }
        }
    }

    /// Whether somebody who drives time waits, and nothing is under way.
    fn is_idle(&self) -> bool {
        self.timers.values().any(|timer| timer.driving) && !self.is_under_way()
    }

    /// Whether an exchange is on the wire that nobody withholds.
    fn is_under_way(&self) -> bool {
        self.exchanges.values().any(Parked::holds_time)
    }

    /// Where only time is waited for, moves to the first timer and wakes it. Where
    /// a turn is owed to who follows, that comes first, and is said.
    fn fire_idle(&mut self) -> bool {
        if self.owed > 0 {
            self.owed -= 1;
            return true;
        }
        if self.is_idle() {
            self.fire_next(Instant::from_epoch_ms(i64::MAX));
        }
        false
    }

    /// Moves to the first timer not after `target` and wakes it.
    fn fire_next(&mut self, target: Instant) -> bool {
        let Some((&key, _)) = self.timers.first_key_value().filter(|((at, _), _)| *at <= target) else {
            return false;
        };
        self.set_now(key.0);
        if let Some(timer) = self.timers.remove(&key) {
            if timer.follows() {
                self.owed = TURNS;
            }
            if let Some(exchange) = &timer.parked {
                self.unpark(exchange);
            }
            // A receiver that is gone has nothing left to do at this time.
            let _ = timer.wake.send(());
        }
        true
    }

    fn unpark(&mut self, exchange: &ExchangeId) {
        if let Some(parked) = self.exchanges.get_mut(exchange) {
            *parked = Parked::No;
        }
    }
}

/// Keeps an exchange announced; dropped when its answer is read or given up.
pub struct ExchangeGuard {
    clock: Clock,
    exchange: ExchangeId,
}

impl Drop for ExchangeGuard {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        state.exchanges.remove(&self.exchange);
        state.turns += 1;
        drop(state);
        self.clock.0.changed.notify_waiters();
    }
}

struct ParkGuard<'a> {
    clock: &'a Clock,
    exchange: &'a ExchangeId,
}

impl<'a> ParkGuard<'a> {
    fn new(clock: &'a Clock, exchange: &'a ExchangeId) -> Self {
        if let Some(parked) = clock.lock().exchanges.get_mut(exchange) {
            *parked = Parked::Yes;
        }
        clock.0.changed.notify_waiters();
        Self { clock, exchange }
    }
}

impl Drop for ParkGuard<'_> {
    fn drop(&mut self) {
        self.clock.lock().unpark(self.exchange);
        self.clock.0.changed.notify_waiters();
    }
}

struct TimerGuard<'a> {
    clock: &'a Clock,
    key: (Instant, u64),
}

impl Drop for TimerGuard<'_> {
    fn drop(&mut self) {
        self.clock.lock().timers.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
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
}
