//! Many things under way at once in one task.
//!
//! A world's clock is moved on when the task that it drives waits. Whoever is
//! able to go on must therefore have gone on before that task says so; a set of
//! futures that yields now and then would let time pass too early.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

type Errand = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Errands under way; as a future it ends when the first one does.
pub(super) struct Crowd {
    members: Vec<Option<(Errand, Arc<Seat>)>>,
    shared: Arc<Shared>,
}

/// Where an errand joins a crowd.
#[derive(Clone)]
pub(super) struct Entrance(Arc<Shared>);

#[derive(Default)]
struct Shared(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    ready: VecDeque<usize>,
    joining: Vec<Errand>,
    task: Option<Waker>,
}

/// Wakes one member.
struct Seat {
    index: usize,
    is_ready: AtomicBool,
    shared: Arc<Shared>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Seat {
    fn wake(self: Arc<Self>) {
        if self.is_ready.swap(true, Ordering::AcqRel) {
            return;
        }
        let task = {
            let mut waiting = self.shared.lock();
            waiting.ready.push_back(self.index);
            waiting.task.clone()
        };
        if let Some(task) = task {
            task.wake();
        }
    }
}

impl Entrance {
    /// Takes up one more errand.
    pub fn join(&self, errand: impl Future<Output = ()> + Send + 'static) {
        let mut waiting = self.0.lock();
        waiting.joining.push(Box::pin(errand));
        if let Some(task) = &waiting.task {
            task.wake_by_ref();
        }
    }
}

impl Crowd {
    /// An empty crowd and its entrance. Whoever joins first decides its end.
    pub fn new() -> (Self, Entrance) {
        let shared = Arc::new(Shared::default());
        (Self { members: Vec::new(), shared: Arc::clone(&shared) }, Entrance(shared))
    }

    fn seat_newcomers(&mut self) {
        let joining = std::mem::take(&mut self.shared.lock().joining);
        for errand in joining {
            let index = self.members.len();
            let shared = Arc::clone(&self.shared);
            let seat = Arc::new(Seat { index, is_ready: AtomicBool::new(true), shared });
            self.members.push(Some((errand, seat)));
            self.shared.lock().ready.push_back(index);
        }
    }
}

impl Future for Crowd {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.shared.lock().task = Some(context.waker().clone());
        loop {
            self.seat_newcomers();
            let Some(index) = self.shared.lock().ready.pop_front() else { return Poll::Pending };
            let Some(Some((errand, seat))) = self.members.get_mut(index) else { continue };
            seat.is_ready.store(false, Ordering::Release);
            let waker = Waker::from(Arc::clone(seat));
            if errand.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
                self.members[index] = None;
                if index == 0 {
                    return Poll::Ready(());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::vendors::vocabulary::{Clock, Instant};

    #[tokio::test]
    async fn everybody_goes_on_before_time_does() {
        let clock = Clock::stepped(Instant::from_epoch_ms(0));
        let (crowd, entrance) = Crowd::new();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (first, door) = (clock.clone(), entrance.clone());
        let kept = Arc::clone(&seen);
        entrance.join(async move {
            for number in 0..500_u64 {
                let (clock, seen) = (first.clone(), Arc::clone(&kept));
                door.join(async move {
                    clock.sleep(Duration::from_secs(60)).await;
                    seen.lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((clock.now().epoch_ms(), number));
                });
            }
            first.sleep(Duration::from_secs(120)).await;
        });
        clock.drive(tokio::task::coop::unconstrained(crowd)).await;
        let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(seen.len(), 500);
        assert!(seen.iter().all(|(at, _)| *at == 60_000), "somebody was late");
    }
}
