//! Waivers: criteria that somebody accepts as they are, for a time.

use crate::harness::result::{CriterionResult, WaiverAccount};
use crate::harness::verdict::Verdict;

use super::waiver_file::Waiver;

/// What became of the waivers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaiverState {
    /// Each waiver with what it covers, or why it is stale.
    pub accounts: Vec<WaiverAccount>,
    /// Why waivers are stale, in one sentence each.
    pub stale: Vec<String>,
}

/// Applies waivers as of `today`. Only "not met" and "could not be told" can be
/// waived, never a defect of the harness. A waiver is stale that has expired, that
/// is dated after today, wherever on earth, and so would last longer than it may, or
/// that covers nothing: what is met, what does not apply, what nobody judges. Of
/// a criterion that was left out or on which the harness failed nothing is known,
/// so its waiver is neither used nor stale.
pub fn apply(waivers: &[Waiver], today: jiff::civil::Date, criteria: &mut [CriterionResult]) -> WaiverState {
    let mut state = WaiverState::default();
    for waiver in waivers {
        let id = &waiver.criterion;
        let result = criteria.iter_mut().find(|result| result.id == *id);
        let verdict = result.as_ref().map(|result| result.verdict);
        let stale = match verdict {
            None => Some(format!("the waiver of {id} names no criterion of this suite")),
            Some(_) if !waiver.holds(today) => waiver.unheld(today),
            Some(verdict) if verdict.is_met() => {
                Some(format!("the waiver of {id} covers what is met; remove it"))
            }
            Some(Verdict::NotApplicable) => {
                Some(format!("the waiver of {id} covers what does not apply; remove it"))
            }
            Some(_) => None,
        };
        let covers = verdict.filter(|verdict| matches!(verdict, Verdict::Fail | Verdict::Inconclusive));
        let covers = covers.filter(|_| stale.is_none());
        if let (Some(result), Some(was)) = (result, covers) {
            result.reason = accepted(waiver, was, &result.reason);
            result.verdict = Verdict::Waived;
        }
        state.stale.extend(stale.clone());
        state.accounts.push(account(waiver, covers, stale));
    }
    state
}

/// The reason of a waived criterion: never without what is accepted.
fn accepted(waiver: &Waiver, was: Verdict, reason: &str) -> String {
    let Waiver { owner, reason: why, expires, .. } = waiver;
    format!("waived by {owner} until {expires}: {why} (it was {}: {reason})", was.as_str())
}

fn account(waiver: &Waiver, covers: Option<Verdict>, stale: Option<String>) -> WaiverAccount {
    WaiverAccount {
        criterion: waiver.criterion.clone(),
        owner: waiver.owner.clone(),
        reason: waiver.reason.clone(),
        expires: waiver.expires,
        covers,
        stale,
    }
}

#[cfg(test)]
mod tests {
    use super::super::waiver_file::read;
    use super::*;
    use crate::harness::criterion::Level;
    use crate::harness::sample::criterion;

    fn waiver(expires: &str) -> Vec<Waiver> {
        let text = format!(
            "[[waivers]]\ncriterion = \"LV-46\"\nowner = \"A. Reviewer\"\nreason = \"firmware 4 comes in March\"\n\
             decided = \"2026-01-31\"\nexpires = \"{expires}\"\n"
        );
        read("waivers.toml", &text).unwrap()
    }

    /// The verdict that the criterion has afterwards, what the waiver covers, and
    /// why it is stale.
    fn applied(waivers: &[Waiver], verdict: Verdict) -> (Verdict, Option<Verdict>, Option<String>) {
        let mut criteria = [criterion("LV-46", Level::Required, verdict, "the offline lock took the PIN")];
        let state = apply(waivers, jiff::civil::date(2026, 11, 22), &mut criteria);
        let account = state.accounts[0].clone();
        assert_eq!(account.stale.iter().collect::<Vec<_>>(), state.stale.iter().collect::<Vec<_>>());
        (criteria[0].verdict, account.covers, account.stale)
    }

    #[test]
    fn what_is_not_met_or_unknown_can_be_waived_and_nothing_else() {
        for verdict in Verdict::ALL {
            let (after, covers, stale) = applied(&waiver("2026-11-22"), *verdict);
            match verdict {
                Verdict::Fail | Verdict::Inconclusive => {
                    assert_eq!((after, covers, stale), (Verdict::Waived, Some(*verdict), None));
                }
                Verdict::Skipped | Verdict::Error => {
                    assert_eq!((after, covers, stale), (*verdict, None, None))
                }
                _ => assert!(after == *verdict && covers.is_none() && stale.is_some(), "{verdict:?}"),
            }
        }
    }

    #[test]
    fn an_expired_waiver_covers_nothing() {
        let (after, covers, stale) = applied(&waiver("2026-11-21"), Verdict::Fail);
        assert_eq!((after, covers), (Verdict::Fail, None));
        assert_eq!(stale.as_deref(), Some("the waiver of LV-46 expired on 2026-11-21"));
    }

    #[test]
    fn a_waiver_that_is_dated_after_today_covers_nothing_yet() {
        let dated = |day: i8| {
            let mut waivers = waiver("2026-12-31");
            waivers[0].decided = jiff::civil::date(2026, 11, day);
            applied(&waivers, Verdict::Fail)
        };
        // In the east it is the 23rd already.
        assert_eq!(dated(23), (Verdict::Waived, Some(Verdict::Fail), None));
        let (after, covers, stale) = dated(24);
        assert_eq!((after, covers), (Verdict::Fail, None));
        assert_eq!(
            stale.as_deref(),
            Some("the waiver of LV-46 is said to have been decided on 2026-11-24, a day to come")
        );
    }

    #[test]
    fn a_waived_criterion_says_what_is_accepted() {
        let mut criteria =
            [criterion("LV-46", Level::Required, Verdict::Fail, "the offline lock took the PIN")];
        apply(&waiver("2026-12-31"), jiff::civil::date(2026, 11, 22), &mut criteria);
        assert_eq!(
            criteria[0].reason,
            "waived by A. Reviewer until 2026-12-31: firmware 4 comes in March (it was fail: the offline lock took \
             the PIN)"
        );
        assert!(!criteria[0].verdict.is_observed());
    }
}
