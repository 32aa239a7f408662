//! Tells a desk at work that there may be something new to do, and lets no
//! time pass until it has looked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use super::under_way;
use crate::vendors::vocabulary::{Clock, ExchangeGuard};

/// What was told and not looked at yet.
pub(super) struct News {
    clock: Clock,
    told: Notify,
    /// Holds time that is moved by hand, while somebody is there to look.
    held: Mutex<Option<ExchangeGuard>>,
    listeners: AtomicUsize,
}

impl News {
    pub fn new(clock: Clock) -> Self {
        Self { clock, told: Notify::new(), held: Mutex::new(None), listeners: AtomicUsize::new(0) }
    }

    /// There may be something new to do.
    pub fn tell(&self) {
        if self.listeners.load(Ordering::SeqCst) > 0 {
            self.held().get_or_insert_with(|| self.clock.begin(under_way::name("news")));
        }
        self.told.notify_one();
    }

    /// Somebody looks from now on, until what is returned is dropped.
    pub fn listen(&self) -> Listener<'_> {
        self.listeners.fetch_add(1, Ordering::SeqCst);
        Listener(self)
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Option<ExchangeGuard>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who looks at what is told.
pub(super) struct Listener<'a>(&'a News);

impl Listener<'_> {
    /// Until something is told; at once where it was told before.
    pub async fn told(&self) {
        self.0.told.notified().await;
    }

    /// Takes over what holds time; dropped when everything was looked at.
    pub fn look(&self) -> Option<ExchangeGuard> {
        self.0.held().take()
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        if self.0.listeners.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.held().take();
        }
    }
}
