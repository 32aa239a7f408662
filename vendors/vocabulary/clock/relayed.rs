//! Work that answers an exchange and waits itself.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// Whether work that answers an exchange is at rest: it waits, and nothing has
/// woken it since.
pub(super) struct Relayed {
    resting: AtomicBool,
    woken: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Relayed {
    /// Not looked at yet.
    pub(super) fn new() -> Self {
        Self { resting: AtomicBool::new(false), woken: AtomicBool::new(true), task: Mutex::new(None) }
    }

    pub(super) fn is_woken(&self) -> bool {
        self.woken.load(Ordering::SeqCst)
    }

    pub(super) fn rests(&self) -> bool {
        self.resting.load(Ordering::SeqCst) && !self.is_woken()
    }

    /// The work is looked at; who wakes it from now on wakes `task`.
    pub(super) fn begin(self: &Arc<Self>, task: &Waker) -> Waker {
        self.resting.store(false, Ordering::SeqCst);
        self.woken.store(false, Ordering::SeqCst);
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.clone());
        Waker::from(Arc::clone(self))
    }

    pub(super) fn rest(&self) {
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
