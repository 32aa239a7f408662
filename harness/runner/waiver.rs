//! Waivers: criteria that somebody accepts as they are, for a time.

use serde::Deserialize;

use crate::harness::criterion::CriterionId;
use crate::harness::result::CriterionResult;
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
    /// Those that were made use of.
    pub used: Vec<CriterionId>,
    /// Those that are stale, each with why.
    pub stale: Vec<String>,
}

/// Reads a waiver file; errors are for people.
pub fn read(text: &str) -> Result<Vec<Waiver>, String> {
    let file: File = toml::from_str(text).map_err(|why| why.to_string())?;
    for waiver in &file.waivers {
        if waiver.owner.trim().is_empty() || waiver.reason.trim().is_empty() {
            return Err(format!("the waiver of {} needs an owner and a reason", waiver.criterion));
        }
    }
    Ok(file.waivers)
}

/// Applies waivers as of `today`. Only "not met" and "could not be told" can be
/// waived, never a defect of the harness. A waiver that has expired, or that
/// covers nothing, is stale.
pub fn apply(waivers: &[Waiver], today: jiff::civil::Date, criteria: &mut [CriterionResult]) -> WaiverState {
    let mut state = WaiverState::default();
    for waiver in waivers {
        let id = &waiver.criterion;
        let Some(result) = criteria.iter_mut().find(|result| result.id == *id) else {
            state.stale.push(format!("the waiver of {id} names no criterion of this suite"));
            continue;
        };
        if waiver.expires < today {
            state.stale.push(format!("the waiver of {id} expired on {}", waiver.expires));
        } else if matches!(result.verdict, Verdict::Fail | Verdict::Inconclusive) {
            result.reason = format!(
                "waived by {} until {}: {} (it was {}: {})",
                waiver.owner,
                waiver.expires,
                waiver.reason,
                result.verdict.as_str(),
                result.reason
            );
            result.verdict = Verdict::Waived;
            state.used.push(id.clone());
        } else if result.verdict.is_met() {
            state.stale.push(format!("the waiver of {id} covers what is met; remove it"));
        }
    }
    state
}
