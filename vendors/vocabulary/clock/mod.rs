//! Time, as one thing that can be real, hurried or stepped by hand.
//!
//! Everything that waits in a world waits on its clock: timers, deadlines,
//! retries, delays, token lifetimes. On a *stepped* clock nothing passes by
//! itself. [`Clock::drive`] runs a future and moves time on exactly when that
//! future waits for time and for nothing else: no exchange is on the wire, or
//! each one that is has been *parked* by the side that withholds the answer.
//! So half an hour of retries takes milliseconds, over real sockets, and never
//! races with a message under way.

mod exchange;
mod guards;
mod relayed;
mod state;

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use guards::{ParkGuard, TimerGuard};
use relayed::Relayed;
use state::{Pace, Parked, State, TURNS, Timer};

use super::Instant;

pub use exchange::ExchangeId;
pub use guards::ExchangeGuard;

/// How long nothing may begin or end on the wire before a moved clock waits no longer.
const STILL: Duration = Duration::from_secs(1);
/// How long a moved clock waits for what is under way, whatever begins and ends.
const BUSY: Duration = Duration::from_secs(30);

/// How often a moved clock looks before it lets other threads go first.
const PATIENT: u32 = 64;

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
        let inner =
            Inner { state: Mutex::new(State::new(pace)), changed: Notify::new(), repaced: Notify::new() };
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
        let _unpark = ParkGuard { clock: self, exchange };
        let relayed = {
            let mut state = self.lock();
            let relayed = Arc::new(Relayed::new(Arc::clone(&state.relayed)));
            state.park(exchange, Parked::Resting(Arc::clone(&relayed)));
            relayed
        };
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
            if let Some(exchange) = &parked {
                state.park(exchange, Parked::Yes);
            }
            state.set_timer(key, Timer { wake, driving, parked });
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
        self.lock().begin(exchange.clone());
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

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

#[cfg(test)]
mod tests;
