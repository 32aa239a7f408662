//! What can be said of a criterion. A verdict can only get worse.

use serde::{Deserialize, Serialize};

/// The judgement of one criterion, or of a whole run.
///
/// Ordered from best to worst: combining two verdicts takes the worse one, so
/// nothing that is found later can hide what was found before.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Observed to be met.
    Pass,
    /// Vouched for by a person, with who, when and which document.
    Attested,
    /// Accepted as it is, with owner, reason and expiry.
    Waived,
    /// Does not apply to what this subject declares; the reason says why.
    NotApplicable,
    /// Met, with something that a reader should know.
    Warning,
    /// Left out by the caller's choice; never in a certification.
    Skipped,
    /// Could not be told; the reason says what was missing.
    Inconclusive,
    /// Observed not to be met.
    Fail,
    /// The harness itself failed; nothing is said of the subject.
    Error,
}

impl Verdict {
    /// Every verdict, from best to worst.
    pub const ALL: &'static [Verdict] = &[
        Verdict::Pass,
        Verdict::Attested,
        Verdict::Waived,
        Verdict::NotApplicable,
        Verdict::Warning,
        Verdict::Skipped,
        Verdict::Inconclusive,
        Verdict::Fail,
        Verdict::Error,
    ];

    /// The worse of the two.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        self.max(other)
    }

    /// Whether a required criterion with this verdict counts as met.
    pub fn is_met(self) -> bool {
        matches!(self, Self::Pass | Self::Warning | Self::Attested | Self::Waived)
    }

    /// Whether the subject itself was seen to meet the criterion: neither a
    /// person's word nor a waiver stands in for it.
    pub fn is_observed(self) -> bool {
        matches!(self, Self::Pass | Self::Warning)
    }

    /// Whether a required criterion with this verdict keeps a run from passing.
    pub fn blocks(self) -> bool {
        matches!(self, Self::Skipped | Self::Inconclusive | Self::Fail | Self::Error)
    }

    /// The name used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Attested => "attested",
            Self::Waived => "waived",
            Self::NotApplicable => "not_applicable",
            Self::Warning => "warning",
            Self::Skipped => "skipped",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_verdict() -> impl Strategy<Value = Verdict> {
        proptest::sample::select(Verdict::ALL)
    }

    proptest! {
        #[test]
        fn a_verdict_only_worsens(found in proptest::collection::vec(any_verdict(), 0..20)) {
            let mut total = Verdict::Pass;
            for verdict in found {
                let after = total.worse(verdict);
                prop_assert!(after >= total && after >= verdict);
                total = after;
            }
        }
    }

    #[test]
    fn met_and_blocking_exclude_each_other() {
        for verdict in Verdict::ALL {
            assert!(!(verdict.is_met() && verdict.blocks()), "{verdict:?}");
        }
    }
}
