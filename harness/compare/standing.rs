//! How two verdicts over the same thing stand to each other.

use crate::harness::verdict::Verdict;

/// What became of something between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Nothing.
    Same,
    /// What was shown is shown no more, or what was unknown is known to be wrong.
    Regression,
    /// It was not as it should be, and now it is.
    Fix,
    /// Neither: it stopped or began to be asked, judged or accepted.
    Change,
}

/// How much a verdict shows of the subject, the most first. Not the order in
/// which verdicts are combined ([`Verdict`]'s own): there a warning must not
/// vanish behind what does not apply, here what was seen weighs more than what
/// a person vouches for or accepts.
const BY_WEIGHT: [Verdict; 9] = [
    Verdict::Pass,
    Verdict::Warning,
    Verdict::Attested,
    Verdict::Waived,
    Verdict::NotApplicable,
    Verdict::Skipped,
    Verdict::Inconclusive,
    Verdict::Fail,
    Verdict::Error,
];

/// The place in [`BY_WEIGHT`]: the higher, the worse.
pub(super) fn weight(verdict: Verdict) -> usize {
    BY_WEIGHT.iter().position(|one| *one == verdict).unwrap_or(BY_WEIGHT.len())
}

/// What the step from one verdict to the other is.
pub(super) fn turn(before: Verdict, after: Verdict) -> Turn {
    // What did not apply, or was left out, was not broken.
    let was_at_fault = !matches!(before, Verdict::NotApplicable | Verdict::Skipped);
    let is_met_now = after.is_met() && after != Verdict::Waived;
    match weight(after).cmp(&weight(before)) {
        std::cmp::Ordering::Equal => Turn::Same,
        std::cmp::Ordering::Greater => Turn::Regression,
        std::cmp::Ordering::Less if was_at_fault && is_met_now => Turn::Fix,
        std::cmp::Ordering::Less => Turn::Change,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every step there is: rows are before, columns after, both in the order of
    /// weight.
    #[test]
    fn every_step_is_told_as_argued() {
        let row = |before: &Verdict| -> String {
            let letter = |after: &Verdict| match turn(*before, *after) {
                Turn::Same => '=',
                Turn::Regression => 'R',
                Turn::Fix => 'F',
                Turn::Change => '.',
            };
            format!("{:<15}{}\n", before.as_str(), BY_WEIGHT.iter().map(letter).collect::<String>())
        };
        let table: String = BY_WEIGHT.iter().map(row).collect();
        insta::assert_snapshot!(table, @r"
        pass           =RRRRRRRR
        warning        F=RRRRRRR
        attested       FF=RRRRRR
        waived         FFF=RRRRR
        not_applicable ....=RRRR
        skipped        .....=RRR
        inconclusive   FFF...=RR
        fail           FFF....=R
        error          FFF.....=
        ");
    }

    #[test]
    fn every_verdict_has_a_place() {
        for verdict in Verdict::ALL {
            assert!(weight(*verdict) < BY_WEIGHT.len(), "{verdict:?}");
        }
    }

    #[test]
    fn what_was_met_or_seen_and_is_so_no_more_is_a_regression() {
        for before in Verdict::ALL {
            for after in Verdict::ALL {
                let lost = (before.is_met() && !after.is_met())
                    || (before.is_observed() && !after.is_observed())
                    || (!before.blocks() && after.blocks());
                assert!(!lost || turn(*before, *after) == Turn::Regression, "{before:?} to {after:?}");
            }
        }
    }
}
