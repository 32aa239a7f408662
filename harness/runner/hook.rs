//! Keeps the process's panic hook.
//!
//! cucumber-rs silences the hook while it runs and restores what it found, which
//! goes wrong when runs overlap or are dropped half-way: the silence then stays
//! for good. The first [`Quiet`] keeps the hook, the last one puts it back.

use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send + 'static>;

struct Kept {
    holders: usize,
    hook: Option<Hook>,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept { holders: 0, hook: None });

/// While one lives, the process's own panic hook is kept safe.
pub struct Quiet(());

impl Quiet {
    /// Keeps the hook, if nobody does so already.
    #[must_use]
    pub fn enter() -> Self {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.holders == 0 {
            kept.hook = Some(std::panic::take_hook());
            std::panic::set_hook(Box::new(|_| {}));
        }
        kept.holders += 1;
        Self(())
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.holders = kept.holders.saturating_sub(1);
        // The hook cannot be changed from a thread that is unwinding.
        if kept.holders == 0
            && !std::thread::panicking()
            && let Some(hook) = kept.hook.take()
        {
            std::panic::set_hook(hook);
        }
    }
}
