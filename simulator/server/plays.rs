//! The scenarios that play in a world.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// Most scenarios that are remembered, and most that play at once.
const MOST: usize = 20;

/// What became of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// What it is about.
    pub title: String,
    /// Whether everything in it has happened.
    pub over: bool,
}

/// Scenarios in the order in which they were begun. Dropped, they stop.
#[derive(Default)]
pub struct Plays(Mutex<Vec<Play>>);

struct Play {
    title: String,
    over: Arc<AtomicBool>,
    task: AbortHandle,
}

impl Plays {
    fn kept(&self) -> MutexGuard<'_, Vec<Play>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a scenario; `then` is told when it is over. False where too many
    /// play already.
    pub fn begin(
        &self,
        title: &str,
        play: impl Future<Output = ()> + Send + 'static,
        then: impl FnOnce() + Send + 'static,
    ) -> bool {
        let mut kept = self.kept();
        if kept.len() >= MOST {
            let Some(oldest) = kept.iter().position(Play::is_over) else { return false };
            kept.remove(oldest);
        }
        let over = Arc::new(AtomicBool::new(false));
        let ended = over.clone();
        let task = tokio::spawn(async move {
            play.await;
            ended.store(true, Ordering::SeqCst);
            then();
        });
        kept.push(Play { title: title.to_owned(), over, task: task.abort_handle() });
        true
    }

    /// What became of each.
    pub fn told(&self) -> Vec<Played> {
        self.kept().iter().map(|play| Played { title: play.title.clone(), over: play.is_over() }).collect()
    }

    /// Ends and forgets them all.
    pub fn stop(&self) {
        self.kept().drain(..).for_each(|play| play.task.abort());
    }
}

impl Play {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }
}

impl Drop for Plays {
    fn drop(&mut self) {
        self.stop();
    }
}
