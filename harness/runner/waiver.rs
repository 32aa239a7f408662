//! Waivers: criteria that somebody accepts as they are, for a time.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::harness::criterion::CriterionId;
use crate::harness::result::{CriterionResult, WaiverAccount};
use crate::harness::verdict::Verdict;

/// One waiver, as it is written in a waiver file:
///
/// ```toml
/// [[waivers]]
/// criterion = "LV-46"
/// owner = "A. Reviewer"
/// reason = "firmware 4 is announced for March"
/// expires = "2027-03-31"
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The criterion.
    pub criterion: CriterionId,
    /// Who answers for it.
    pub owner: String,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub expires: jiff::civil::Date,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    waivers: Vec<Waiver>,
}

/// What became of the waivers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaiverState {
    /// Each waiver with what it covers, or why it is stale.
    pub accounts: Vec<WaiverAccount>,
    /// Why waivers are stale, in one sentence each.
    pub stale: Vec<String>,
}

/// Reads a waiver file; errors are for people.
pub fn read(text: &str) -> Result<Vec<Waiver>, String> {
    let file: File = toml::from_str(text).map_err(|why| why.to_string())?;
    let mut seen = BTreeSet::new();
    for waiver in &file.waivers {
        let id = &waiver.criterion;
        if CriterionId::parse(id.as_str()).is_none() {
            return Err(format!("`{id}` is no id of a criterion; write one such as LV-46"));
        }
        if waiver.owner.trim().is_empty() || waiver.reason.trim().is_empty() {
            return Err(format!("the waiver of {id} needs an owner and a reason"));
        }
        if !seen.insert(id) {
            return Err(format!("{id} is waived twice; one waiver says until when and why"));
        }
    }
    Ok(file.waivers)
}

/// Applies waivers as of `today`. Only "not met" and "could not be told" can be
/// waived, never a defect of the harness. A waiver is stale that has expired, or
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
            Some(_) if waiver.expires < today => {
                Some(format!("the waiver of {id} expired on {}", waiver.expires))
            }
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
    use super::*;
    use crate::harness::criterion::Level;
    use crate::harness::sample::criterion;

    const WAIVER: &str = "[[waivers]]\ncriterion = \"LV-46\"\nowner = \"A. Reviewer\"\nreason = \"firmware 4 comes in March\"\n";

    fn waiver(expires: &str) -> Vec<Waiver> {
        read(&format!("{WAIVER}expires = \"{expires}\"\n")).unwrap()
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

    #[test]
    fn mistakes_are_told() {
        let check = |text: &str, told: &str| {
            let why = read(text).unwrap_err();
            assert!(why.contains(told), "{why}");
        };
        check(WAIVER, "missing field `expires`");
        check(&format!("{WAIVER}expires = \"soon\"\n"), "expires");
        check(&format!("{WAIVER}expires = \"2026-12-31\"\nuntil = 1\n"), "unknown field `until`");
        check(&format!("{}expires = \"2026-12-31\"\n", WAIVER.replace("A. Reviewer", " ")), "needs an owner");
        check(
            &format!("{}expires = \"2026-12-31\"\n", WAIVER.replace("LV-46", "lv 46")),
            "no id of a criterion",
        );
        let twice = format!("{WAIVER}expires = \"2026-12-31\"\n");
        check(&format!("{twice}{twice}"), "LV-46 is waived twice");
    }
}
