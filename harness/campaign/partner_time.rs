//! How long a run over a partner takes at most, told beforehand from data and again
//! while it goes on.
//!
//! Nobody knows beforehand how soon a partner does what may take a quarter of an hour,
//! so what is told is the longest: who plans by it is never kept longer. What was not
//! needed is given back when the next criterion is taken up.

use std::collections::BTreeSet;
use std::time::Duration;

use super::PartnerPlan;
use crate::harness::criterion::{Criterion, CriterionId, Shared};
use crate::harness::partner::longest_shared;

const MINUTE: Duration = Duration::from_secs(60);
/// The criterion that plays the stated load.
const LOAD: &str = "IP-72";

/// When a criterion has its turn; see [`Course`](super::course::Course).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// One after the other.
    Hasty,
    /// All at the same time.
    Waiting,
    /// One after the other, when all others are over.
    Last,
}

/// A criterion that takes part.
#[derive(Clone, Debug)]
struct Part {
    turn: Turn,
    id: CriterionId,
    /// What it takes by itself at most, on the machine's clock.
    takes: Duration,
    shares: BTreeSet<Shared>,
}

/// How much of a run's time is left at most, on the machine's clock, beside what a
/// person does in it.
#[derive(Clone, Debug)]
pub struct TimeLeft {
    factor: f64,
    /// Every criterion, in the order in which they have their turns.
    parts: Vec<Part>,
    /// The first of those that are not over, and since when it has its turn.
    under_way: (usize, Duration),
}

impl TimeLeft {
    /// That of a run which has not begun; nothing where the partner's time is moved.
    pub fn of<'a>(plan: &PartnerPlan, criteria: impl IntoIterator<Item = &'a Criterion>) -> Option<Self> {
        let factor = plan.description.pace.factor()?;
        let selected: Vec<&Criterion> =
            criteria.into_iter().filter(|criterion| plan.selects(criterion)).collect();
        // A load is stated in real time, and may take a tenth more.
        let is_played = selected.iter().any(|criterion| criterion.id.as_str() == LOAD);
        let load = plan.description.declared.load.filter(|_| is_played);
        let load = load.map(|load| load.within + load.within / 10).unwrap_or_default();
        Some(Self::over(factor, load, selected.into_iter()))
    }

    fn over<'a>(factor: f64, load: Duration, criteria: impl Iterator<Item = &'a Criterion>) -> Self {
        let part = |criterion: &Criterion| Part {
            turn: match (criterion.runs_last, criterion.waits) {
                (true, _) => Turn::Last,
                (false, true) => Turn::Waiting,
                (false, false) => Turn::Hasty,
            },
            id: criterion.id.clone(),
            takes: (MINUTE * criterion.minutes).div_f64(factor),
            shares: criterion.shares.iter().copied().collect(),
        };
        let mut parts: Vec<Part> = criteria.map(part).collect();
        parts.sort_by(|a, b| (a.turn, &a.id).cmp(&(b.turn, &b.id)));
        if let Some(last) = parts.iter_mut().rfind(|part| part.turn == Turn::Hasty) {
            last.takes += load;
        }
        Self { factor, parts, under_way: (0, Duration::ZERO) }
    }

    /// What the whole run takes at most.
    pub fn whole(&self) -> Duration {
        self.longest(0, self.parts.len())
    }

    /// Takes note that a criterion was taken up so long after the run began: what had
    /// its turn before is over.
    pub fn taken_up(&mut self, id: &CriterionId, elapsed: Duration) {
        let Some(nth) = self.parts.iter().position(|part| part.id == *id) else { return };
        // Those that wait together have one turn, which begins with the first.
        let turn = self.parts[nth].turn;
        let first = match turn {
            Turn::Waiting => self.parts.iter().position(|part| part.turn == turn).unwrap_or(nth),
            Turn::Hasty | Turn::Last => nth,
        };
        if first > self.under_way.0 {
            self.under_way = (first, elapsed);
        }
    }

    /// What is left so long after the run began, at most. What takes longer than it may
    /// is not counted any more, and all that comes after it still is.
    pub fn left(&self, elapsed: Duration) -> Duration {
        let (first, since) = self.under_way;
        let after = match self.parts.get(first).map(|part| part.turn) {
            Some(Turn::Waiting) => self.parts.iter().filter(|part| part.turn <= Turn::Waiting).count(),
            _ => (first + 1).min(self.parts.len()),
        };
        let later = self.longest(after, self.parts.len());
        let rest = self.longest(first, self.parts.len());
        rest.saturating_sub(elapsed.saturating_sub(since)).max(later)
    }

    /// What the parts from one to another take at most: the sum of what is judged in
    /// turn, the longest of what is waited for at once, and what is shared with those
    /// before them no more.
    fn longest(&self, from: usize, to: usize) -> Duration {
        let mut shared: BTreeSet<Shared> =
            self.parts[..from].iter().flat_map(|part| part.shares.iter().copied()).collect();
        let (mut sum, mut waiting) = (Duration::ZERO, Duration::ZERO);
        let (mut known, mut turn) = (shared.clone(), None);
        for part in &self.parts[from..to] {
            // Those that wait together all wait for what they share.
            if part.turn != Turn::Waiting || turn != Some(part.turn) {
                known.clone_from(&shared);
            }
            turn = Some(part.turn);
            let fresh: Vec<Shared> = part.shares.difference(&known).copied().collect();
            let takes = part.takes + fresh.iter().map(|one| self.shared(*one)).sum::<Duration>();
            match part.turn {
                Turn::Waiting => waiting = waiting.max(takes),
                Turn::Hasty | Turn::Last => sum += takes,
            }
            shared.extend(fresh);
        }
        sum + waiting + self.follows(from)
    }

    /// What is done once takes at most, in its place.
    fn shared(&self, shared: Shared) -> Duration {
        match shared {
            Shared::LookBack => Duration::ZERO,
            other => longest_shared(other).div_f64(self.factor),
        }
    }

    /// What is waited for between what waits and what comes last, where somebody looks
    /// back. What waits for long lets it pass meanwhile, but how long it waits is known
    /// at most and not at least.
    fn follows(&self, from: usize) -> Duration {
        let before_last = self.parts.get(from).is_some_and(|part| part.turn < Turn::Last);
        let looks_back = self.parts.iter().any(|part| part.shares.contains(&Shared::LookBack));
        let follows = before_last && looks_back;
        if follows { longest_shared(Shared::LookBack).div_f64(self.factor) } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn criterion(id: &str, turn: Turn, minutes: u32, shares: &[Shared]) -> Criterion {
        Criterion {
            runs_last: turn == Turn::Last,
            waits: turn == Turn::Waiting,
            minutes,
            shares: shares.to_vec(),
            ..Criterion::bare(CriterionId::parse(id).unwrap())
        }
    }

    /// Two that make haste, three that wait, two that judge over all others.
    fn criteria() -> Vec<Criterion> {
        vec![
            criterion("IP-01", Turn::Last, 15, &[Shared::Stay, Shared::Laboratory, Shared::Withdrawal]),
            criterion("IP-03", Turn::Hasty, 0, &[Shared::Stay]),
            criterion("IP-10", Turn::Waiting, 1, &[Shared::Refusals]),
            criterion("IP-12", Turn::Last, 0, &[Shared::Withdrawal]),
            criterion("IP-20", Turn::Waiting, 0, &[Shared::Laboratory]),
            criterion("IP-21", Turn::Waiting, 0, &[Shared::Laboratory]),
            criterion("IP-30", Turn::Hasty, 17, &[Shared::Stay, Shared::LookBack]),
        ]
    }

    fn minutes(count: u64) -> Duration {
        Duration::from_secs(60 * count)
    }

    fn time(factor: f64, load: Duration, criteria: &[Criterion]) -> TimeLeft {
        TimeLeft::over(factor, load, criteria.iter())
    }

    const STAY: u64 = 16;
    const LABORATORY: u64 = 84;
    const WITHDRAWAL: u64 = 51;
    const LOOK_BACK: u64 = 37;

    #[test]
    fn what_is_shared_takes_its_time_once_and_what_waits_waits_together() {
        let all = time(1.0, Duration::ZERO, &criteria());
        assert_eq!(all.whole(), minutes(STAY + 17 + LABORATORY + LOOK_BACK + 15 + WITHDRAWAL));
        // Alone it takes all that it rests on.
        let alone = time(1.0, Duration::ZERO, &criteria()[..1]);
        assert_eq!(alone.whole(), minutes(15 + STAY + LABORATORY + WITHDRAWAL));
        let refusals = time(1.0, Duration::ZERO, &criteria()[2..3]);
        assert_eq!(refusals.whole(), minutes(1 + 75));
        // Hurried timers hurry no load.
        let hurried = time(60.0, minutes(1), &criteria());
        assert_eq!(hurried.whole(), all.whole() / 60 + minutes(1));
    }

    /// A run in which everything takes as long as it may is never told to be shorter.
    #[test]
    fn what_is_left_is_never_told_too_short() {
        let mut time = time(1.0, Duration::ZERO, &criteria());
        let whole = time.whole();
        let mut elapsed = Duration::ZERO;
        for (ids, takes) in [
            (["IP-03"].as_slice(), STAY),
            (&["IP-30"], 17),
            (&["IP-10", "IP-20", "IP-21"], LABORATORY + LOOK_BACK),
            (&["IP-01"], 15 + WITHDRAWAL),
            (&["IP-12"], 0),
        ] {
            for id in ids {
                time.taken_up(&CriterionId::parse(id).unwrap(), elapsed);
            }
            for _ in 0..takes {
                assert_eq!(time.left(elapsed), whole - elapsed, "{ids:?}");
                elapsed += minutes(1);
            }
        }
        assert_eq!((elapsed, time.left(elapsed)), (whole, Duration::ZERO));
    }

    #[test]
    fn what_was_not_needed_is_given_back_and_what_takes_longer_hides_nothing_that_follows() {
        let mut time = time(1.0, Duration::ZERO, &criteria());
        let mut take_up = |id: &str, elapsed| {
            time.taken_up(&CriterionId::parse(id).unwrap(), elapsed);
            time.left(elapsed)
        };
        take_up("IP-03", Duration::ZERO);
        let rest = LABORATORY + LOOK_BACK + 15 + WITHDRAWAL;
        assert_eq!(take_up("IP-30", minutes(1)), minutes(17 + rest));
        assert_eq!(take_up("IP-20", minutes(2)), minutes(rest));
        // Those that wait at the same time are taken up at the same time.
        assert_eq!(take_up("IP-10", minutes(3)), minutes(rest - 1));
        let before_the_last = minutes(15 + WITHDRAWAL);
        assert_eq!(time.left(minutes(1_000)), before_the_last);
    }
}
