//! Inlet's watch: the state of locks, asked for at intervals, and what of it is told.

use std::sync::Arc;

use super::crowd::Entrance;
use super::under_way::Scene;
use crate::harness::integration::{CallFailure, LockStatus, Retries};
use crate::simulator::Notice;
use crate::vendors::vocabulary::{FailureKind, Word};

/// Locks that are asked for at the same time.
const LANES: usize = 8;

/// Looks in a row that must show a thing before it is told: a door may stand
/// open for a moment, and one question may go unanswered.
const IN_A_ROW: u32 = 2;

/// A battery is low below this charge where the vendor does not say it itself.
pub(super) const LOW: u8 = 20;

/// What was seen of a lock.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    is_asked: bool,
    is_gone: bool,
    is_low: bool,
    is_forced: bool,
    ajar: u32,
    silent: u32,
}

/// Asks for every watched lock, several at a time. A lock that was asked for
/// and has not answered yet is left alone.
pub(super) fn look(scene: &Arc<Scene>, entrance: &Entrance) {
    let Some(watch) = &scene.scenario.watch else { return };
    for lane in 0..LANES.min(watch.locks.len()) {
        let scene = Arc::clone(scene);
        entrance.join(async move {
            let locks = scene.scenario.watch.iter().flat_map(|watch| &watch.locks);
            for number in locks.skip(lane).step_by(LANES) {
                ask(&scene, *number).await;
            }
        });
    }
}

/// Asks for the state of a lock, and tells what is new.
pub(super) async fn ask(scene: &Scene, number: u32) {
    let Some(lock) = scene.stage.lock(number) else { return };
    let place = number as usize - 1;
    if std::mem::replace(&mut scene.seen()[place].is_asked, true) {
        return;
    }
    // The next look is the repetition.
    let outcome = scene.inlet.with_retries(Retries::Off).get_lock_status(lock).await;
    let notices = {
        let seen = &mut scene.seen()[place];
        seen.is_asked = false;
        seen.compare(&outcome)
    };
    for (notice, text) in notices {
        scene.tell_of_lock(notice, number, text);
    }
}

impl Seen {
    /// What is new, and is told.
    fn compare(&mut self, outcome: &Result<LockStatus, CallFailure>) -> Vec<(Notice, String)> {
        let mut news = Vec::new();
        let gone = match outcome {
            Ok(status) => status.reachable == Some(false),
            Err(failure) if failure.kind == FailureKind::Offline => true,
            Err(failure) => {
                self.silent += 1;
                if self.silent == IN_A_ROW {
                    news.push((Notice::NoState, failure.to_string()));
                }
                return news;
            }
        };
        self.silent = 0;
        if gone != std::mem::replace(&mut self.is_gone, gone) {
            news.push(if gone {
                (Notice::Unreachable, "the lock cannot be reached".to_owned())
            } else {
                (Notice::ReachableAgain, "the lock can be reached again".to_owned())
            });
        }
        // Of a lock that is gone the vendor knows what was, not what is.
        if let (Ok(status), false) = (outcome, gone) {
            self.compare_there(status, &mut news);
        }
        news
    }

    fn compare_there(&mut self, status: &LockStatus, news: &mut Vec<(Notice, String)>) {
        let low = status.battery_low.or(status.battery.map(|percent| percent < LOW));
        if let Some(low) = low
            && low != std::mem::replace(&mut self.is_low, low)
            && low
        {
            let charge = status.battery.map_or_else(|| "low".to_owned(), |percent| format!("at {percent} %"));
            news.push((Notice::BatteryLow, format!("the battery is {charge}")));
        }
        let forced = status.door == Some(Word::Forced);
        if forced && !std::mem::replace(&mut self.is_forced, forced) {
            news.push((Notice::DoorForced, "the door was forced".to_owned()));
        }
        self.is_forced = forced;
        let ajar = matches!(status.door, Some(Word::Ajar | Word::Open));
        self.ajar = if ajar { self.ajar + 1 } else { 0 };
        if self.ajar == IN_A_ROW {
            news.push((Notice::DoorAjar, "the door is left open".to_owned()));
        }
    }
}
