//! Shows a run under way: a bar on a terminal, else a line for each criterion.

use std::io::{IsTerminal, Write};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::harness::progress::Progress;

const MINUTE: Duration = Duration::from_secs(60);
/// How often a spinner moves.
const TICK: Duration = Duration::from_millis(200);

/// Tells on standard error what a run is doing.
#[derive(Debug)]
pub struct Teller {
    bar: OnceLock<ProgressBar>,
    terminal: bool,
    /// What was told last of the time left, where there is no terminal.
    told: Mutex<Option<Duration>>,
}

impl Teller {
    /// For standard error as it is.
    pub fn new() -> Self {
        Self { bar: OnceLock::new(), terminal: std::io::stderr().is_terminal(), told: Mutex::new(None) }
    }

    /// Tells one event.
    pub fn tell(&self, event: Progress) {
        match (&event, self.terminal) {
            (Progress::Started { planned, .. }, true) => {
                self.bar.get_or_init(|| bar(*planned));
            }
            (Progress::Examining { .. }, true) => {
                self.bar.get_or_init(spinner);
                self.draw(&event);
            }
            (_, true) => self.draw(&event),
            (Progress::Waiting { left, .. }, false) if !self.is_news(*left) => {}
            (_, false) => {
                if let Some(line) = line(&event) {
                    // Standard error may be closed; the run goes on all the same.
                    let _ = writeln!(std::io::stderr(), "{line}");
                }
            }
        }
    }

    /// Whether the time left is to be told in a line of its own: at first, and
    /// whenever a minute and a tenth of it have passed.
    fn is_news(&self, left: Duration) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let news = told.is_none_or(|before| {
            let passed = before.saturating_sub(left);
            passed >= MINUTE && passed >= before / 10
        });
        if news {
            *told = Some(left);
        }
        news
    }

    fn draw(&self, event: &Progress) {
        let Some(bar) = self.bar.get() else { return };
        match event {
            Progress::CriterionStarted { id, text } => bar.set_message(format!("{id} {text}")),
            Progress::CriterionEnded { verdict, .. } => {
                if verdict.blocks()
                    && let Some(line) = line(event)
                {
                    bar.println(line);
                }
                bar.inc(1);
            }
            Progress::Waiting { .. } => bar.set_prefix(line(event).unwrap_or_default()),
            Progress::Blocked { .. } | Progress::Interrupted { .. } => {
                bar.println(line(event).unwrap_or_default());
            }
            Progress::CleaningUp => bar.set_message("removing what the run created"),
            Progress::Examining { what } => bar.set_message(format!("looking at the configuration: {what}")),
            // A run goes on after that, whose length is known.
            Progress::Examined if bar.length().is_some() => bar.set_message(""),
            Progress::Examined | Progress::Finished { .. } => bar.finish_and_clear(),
            Progress::Started { .. } | Progress::ScenarioEnded { .. } => {}
        }
    }
}

/// Shows that something is under way of which nobody knows how long it takes.
fn spinner() -> ProgressBar {
    let spinner = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(TICK);
    spinner
}

fn bar(planned: usize) -> ProgressBar {
    let planned = u64::try_from(planned).unwrap_or(u64::MAX);
    let bar = ProgressBar::with_draw_target(Some(planned), ProgressDrawTarget::stderr());
    // A template that cannot be read leaves the bar in its plain form.
    if let Ok(style) = ProgressStyle::with_template("{pos:>3}/{len} {bar:30.green} {prefix:.dim} {wide_msg}")
    {
        bar.set_style(style);
    }
    bar
}

/// What is told of an event where there is no terminal.
fn line(event: &Progress) -> Option<String> {
    match event {
        Progress::Started { run, planned } => Some(format!("{run}: {planned} criteria")),
        Progress::CriterionEnded { id, verdict, reason } => {
            Some(format!("{id}  {:<14}  {reason}", verdict.as_str()))
        }
        Progress::Waiting { left, .. } => Some(time_left(*left)),
        Progress::Examining { what } => Some(format!("looking at the configuration: {what}")),
        Progress::Blocked { why } => Some(format!("the configuration stands in the way: {why}")),
        Progress::Interrupted { why } => Some(format!("stopping: {why}; interrupt again to abort at once")),
        Progress::Finished { verdict, took } => {
            Some(format!("{} after {:.1} s", verdict.as_str(), took.as_secs_f64()))
        }
        Progress::Examined
        | Progress::CriterionStarted { .. }
        | Progress::ScenarioEnded { .. }
        | Progress::CleaningUp => None,
    }
}

/// The time left in words.
fn time_left(left: Duration) -> String {
    match left.as_secs() {
        0 => "about to end".to_owned(),
        seconds @ 1..=89 => format!("at most {seconds} s left"),
        seconds => format!("at most {} min left", seconds.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::criterion::CriterionId;
    use crate::harness::verdict::Verdict;

    #[test]
    fn a_judged_criterion_is_one_line() {
        let id = CriterionId::parse("LV-21").expect("an id");
        let event = Progress::CriterionEnded { id, verdict: Verdict::Fail, reason: "a lock too many".into() };
        assert_eq!(line(&event).as_deref(), Some("LV-21  fail            a lock too many"));
    }

    #[test]
    fn the_time_left_is_told_in_words() {
        let told = |seconds| time_left(Duration::from_secs(seconds));
        assert_eq!(
            [told(0), told(89), told(90), told(7_260)],
            ["about to end", "at most 89 s left", "at most 2 min left", "at most 121 min left"]
        );
    }

    #[test]
    fn without_a_terminal_the_time_left_is_told_now_and_then() {
        let teller = Teller { bar: OnceLock::new(), terminal: false, told: Mutex::new(None) };
        let news = |left| teller.is_news(Duration::from_secs(left));
        let told: Vec<u64> = (0..=7_200).rev().filter(|left| news(*left)).collect();
        assert_eq!(told[..3], [7_200, 6_480, 5_832]);
        assert!(told.windows(2).all(|two| two[0] - two[1] >= 60), "{told:?}");
    }
}
