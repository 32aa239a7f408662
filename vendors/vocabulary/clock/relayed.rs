//! Work that answers an exchange and waits itself.

use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Wake, Waker};

/// It waits.
const RESTING: u8 = 1;
/// It was woken, and not looked at since.
const WOKEN: u8 = 2;
/// No exchange on the wire waits for it, so that it holds no time.
const APART: u8 = 4;

/// Whether work that answers an exchange is at rest: it waits, and nothing has
/// woken it since.
pub(super) struct Relayed {
    state: AtomicU8,
    /// How many hold time, of all on a clock. Asked at every turn, it is counted
    /// and not searched for: thousands may be under way.
    holding: Arc<AtomicUsize>,
    task: Mutex<Option<Waker>>,
}

fn holds(state: u8) -> bool {
    state & APART == 0 && state != RESTING
}

impl Relayed {
    /// Not looked at yet, and no exchange waits for it.
    pub(super) fn new(holding: Arc<AtomicUsize>) -> Self {
        Self { state: AtomicU8::new(WOKEN | APART), holding, task: Mutex::new(None) }
    }

    pub(super) fn is_woken(&self) -> bool {
        self.state.load(Ordering::SeqCst) & WOKEN != 0
    }

    /// An exchange waits for it from now on.
    pub(super) fn enter(&self) {
        self.change(0, APART);
    }

    /// No exchange waits for it any more.
    pub(super) fn leave(&self) {
        self.change(APART, 0);
    }

    /// Whoever counts meanwhile counts one too many rather than one too few: time
    /// may stand a moment too long and never moves a moment too soon.
    fn change(&self, set: u8, cleared: u8) {
        self.holding.fetch_add(1, Ordering::SeqCst);
        let change = |state: u8| Some(state & !cleared | set);
        let before = self.state.fetch_update(Ordering::SeqCst, Ordering::SeqCst, change);
        // It is never refused.
        let before = before.unwrap_or_else(|state| state);
        let over = 1 + usize::from(holds(before)) - usize::from(holds(before & !cleared | set));
        self.holding.fetch_sub(over, Ordering::SeqCst);
    }

    /// The work is looked at; who wakes it from now on wakes `task`.
    pub(super) fn begin(self: &Arc<Self>, task: &Waker) -> Waker {
        self.change(0, RESTING | WOKEN);
        *self.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task.clone());
        Waker::from(Arc::clone(self))
    }

    pub(super) fn rest(&self) {
        self.change(RESTING, 0);
    }
}

impl Wake for Relayed {
    fn wake(self: Arc<Self>) {
        // A timer wakes while the clock's state is locked, so nothing but atoms is touched.
        self.change(WOKEN, 0);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).clone();
        task.iter().for_each(Waker::wake_by_ref);
    }
}
