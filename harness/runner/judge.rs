//! From scenarios to the verdict of a criterion. Pure.

use crate::harness::criterion::{Condition, Criterion};
use crate::harness::verdict::Verdict;
use crate::vendors::dialect::{Dialect, Support};
use crate::vendors::profile::{ChosenBy, Delivery};
use crate::vendors::vocabulary::{Field, Function};

/// What a criterion's declaration says before anything is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// Its scenarios are to be run.
    Applies,
    /// It does not apply; the reason names what the statement says.
    Not(String),
    /// The function that it is about is unsupported: it fails with the vendor's reason.
    Unsupported(String),
}

/// Whether a criterion applies to what the dialect declares and to a target
/// that is reached over loopback or not.
pub fn applicability(criterion: &Criterion, dialect: &Dialect, loopback: bool) -> Applicability {
    if let Some(function) = criterion.main_for
        && !dialect.supports(function)
    {
        return Applicability::Unsupported(unsupported(dialect, function));
    }
    for condition in &criterion.applies_if {
        if let Some(reason) = fails(*condition, dialect, loopback) {
            return Applicability::Not(reason);
        }
    }
    Applicability::Applies
}

fn unsupported(dialect: &Dialect, function: Function) -> String {
    match dialect.function(function) {
        Support::Unsupported { reason } => {
            format!("the vendor does not support “{}”: {reason}", function.title())
        }
        Support::Unmentioned => format!("the vendor's statement does not mention “{}”", function.title()),
        Support::Supported(_) => format!("the vendor supports “{}”", function.title()),
    }
}

/// Why a condition does not hold, where it does not.
fn fails(condition: Condition, dialect: &Dialect, loopback: bool) -> Option<String> {
    let (holds, reason) = match condition {
        Condition::Supports(function) => (dialect.supports(function), unsupported(dialect, function)),
        Condition::TokensExpire => {
            (tokens_expire(dialect), "the statement declares no token that expires".to_owned())
        }
        Condition::TargetNotLoopback => {
            (!loopback, "the target is reached over loopback, where no TLS is needed".to_owned())
        }
        Condition::DoorDeclared => (
            dialect.answers_with(Function::GetLockStatus, &Field::LockDoor),
            "the statement declares no door state".to_owned(),
        ),
        Condition::CallerChoosesPin => (
            dialect.limits.pin.chosen_by == ChosenBy::Caller,
            "the vendor chooses the PIN (limits.pin.chosen_by)".to_owned(),
        ),
        Condition::PinsSentToLock => (
            dialect.limits.pin.delivery == Delivery::Lock,
            "PINs are not sent to the lock (limits.pin.delivery)".to_owned(),
        ),
        Condition::NamesSent => (
            [Field::AccessName, Field::UserName]
                .iter()
                .any(|field| dialect.asks_with(Function::CreatePinAccess, field)),
            "creating an access sends no name".to_owned(),
        ),
        Condition::RateLimitDocumented => {
            let limits = &dialect.limits;
            let documented = limits.rate.is_some() || limits.refusing_rates().next().is_some();
            let why = if limits.rates.is_empty() {
                "the statement documents no rate limit (limits.rate)"
            } else {
                "calls beyond the documented rates wait for their turn and are not refused (limits.rates)"
            };
            (documented, why.to_owned())
        }
    };
    (!holds).then_some(reason)
}

fn tokens_expire(dialect: &Dialect) -> bool {
    let token = dialect.auth.token_operation.as_deref().and_then(|name| dialect.operation(name));
    token.is_some_and(|operation| operation.answers_with(&Field::AuthExpiresIn))
}

/// So many reasons are told where findings tell each.
const TOLD: usize = 3;

/// What became of one scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// How it ended.
    pub verdict: Verdict,
    /// Why, in sentences that are told once where several scenarios say the same; for
    /// a pass what was observed.
    pub reasons: Vec<String>,
    /// Whether it got as far as asserting something.
    pub asserted: bool,
}

impl Reached {
    /// The verdict that counts: a scenario that held and asserted nothing tells nothing.
    fn counted(&self) -> (Verdict, Vec<String>) {
        if self.verdict.is_met() && !self.asserted {
            return (Verdict::Inconclusive, vec!["a scenario ended without asserting anything".to_owned()]);
        }
        (self.verdict, self.reasons.clone())
    }
}

/// The verdict of a criterion over its scenarios, with the reason that decides.
///
/// The worst counts. A scenario that turned out not to apply is left out as
/// long as another one applied.
pub fn judge(scenarios: &[Reached]) -> (Verdict, String) {
    let counted: Vec<(Verdict, Vec<String>)> = scenarios.iter().map(Reached::counted).collect();
    let (not_applying, applying): (Vec<_>, Vec<_>) =
        counted.iter().partition(|(verdict, _)| *verdict == Verdict::NotApplicable);
    let not_applying: Vec<String> = not_applying.into_iter().map(|(_, reasons)| reasons.join("; ")).collect();
    let Some(worst) = applying.iter().map(|(verdict, _)| *verdict).max() else {
        return match counted.first() {
            Some((verdict, reasons)) => (*verdict, reasons.join("; ")),
            None => (Verdict::Inconclusive, "no scenario was run".to_owned()),
        };
    };
    let mut reasons: Vec<&str> = Vec::new();
    for reason in applying.iter().filter(|(verdict, _)| *verdict == worst).flat_map(|(_, reasons)| reasons) {
        if !reason.is_empty() && !reasons.contains(&reason.as_str()) {
            reasons.push(reason);
        }
    }
    let applied = counted.len() - not_applying.len();
    let reason = if reasons.is_empty() { held(applied, counted.len()) } else { joined(&reasons, worst) };
    match worst.is_met() && !not_applying.is_empty() {
        true => (worst, format!("{reason}; {}", left_out(&not_applying, counted.len()))),
        false => (worst, reason),
    }
}

/// Reasons as one. What is open is told whole, and what was seen where all is well,
/// for nothing else tells it.
fn joined(reasons: &[&str], worst: Verdict) -> String {
    let told_elsewhere = matches!(worst, Verdict::Warning | Verdict::Fail);
    if !told_elsewhere || reasons.len() <= TOLD + 1 {
        return reasons.join("; ");
    }
    format!("{}; and {} more", reasons[..TOLD].join("; "), reasons.len() - TOLD)
}

fn held(applied: usize, all: usize) -> String {
    match (applied, all) {
        (1, 1) => "the scenario held".to_owned(),
        (2, 2) => "both scenarios held".to_owned(),
        (many, all) if many == all => format!("all {many} scenarios held"),
        (1, _) => "one scenario held".to_owned(),
        (many, _) => format!("{many} scenarios held"),
    }
}

/// Which scenarios a verdict says nothing of, and why.
fn left_out(reasons: &[String], all: usize) -> String {
    let mut told: Vec<&str> = Vec::new();
    for reason in reasons.iter().map(String::as_str).filter(|reason| !reason.is_empty()) {
        if !told.contains(&reason) {
            told.push(reason);
        }
    }
    let (count, told) = (reasons.len(), told.join("; "));
    if told.is_empty() {
        format!("{count} of {all} did not apply")
    } else {
        format!("{count} of {all} did not apply: {told}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reached() -> impl Strategy<Value = Reached> {
        (proptest::sample::select(Verdict::ALL), any::<bool>(), "[a-z]{0,6}")
            .prop_map(|(verdict, asserted, reason)| Reached { verdict, reasons: vec![reason], asserted })
    }

    proptest! {
        #[test]
        fn nothing_met_without_an_assertion(scenarios in proptest::collection::vec(reached(), 0..8)) {
            let (verdict, _) = judge(&scenarios);
            if verdict.is_met() {
                prop_assert!(scenarios.iter().any(|s| s.verdict.is_met() && s.asserted));
            }
        }

        #[test]
        fn one_more_scenario_never_improves_what_was_judged(
            scenarios in proptest::collection::vec(reached(), 1..8), more in reached(),
        ) {
            let (before, _) = judge(&scenarios);
            let mut longer = scenarios.clone();
            longer.push(more);
            let (after, _) = judge(&longer);
            if before != Verdict::NotApplicable {
                prop_assert!(after >= before, "{before:?} became {after:?}");
            }
        }

        #[test]
        fn every_blocking_scenario_blocks(scenarios in proptest::collection::vec(reached(), 0..8)) {
            let (verdict, _) = judge(&scenarios);
            for scenario in &scenarios {
                if scenario.verdict.blocks() {
                    prop_assert!(verdict.blocks());
                    prop_assert!(verdict >= scenario.verdict);
                }
            }
        }
    }

    #[test]
    fn no_scenario_is_inconclusive() {
        assert_eq!(judge(&[]).0, Verdict::Inconclusive);
    }

    #[test]
    fn a_scenario_that_does_not_apply_hides_nothing() {
        let not = Reached { verdict: Verdict::NotApplicable, reasons: vec!["n".into()], asserted: false };
        let pass = Reached { verdict: Verdict::Pass, reasons: Vec::new(), asserted: true };
        let (verdict, reason) = judge(&[not.clone(), pass.clone(), not.clone()]);
        assert_eq!((verdict, reason.as_str()), (Verdict::Pass, "one scenario held; 2 of 3 did not apply: n"));
        let told = Reached { reasons: vec!["3 calls".into()], ..pass.clone() };
        assert_eq!(judge(&[not.clone(), told]).1, "3 calls; 1 of 2 did not apply: n");
        let fail = Reached { verdict: Verdict::Fail, reasons: vec!["f".into()], asserted: true };
        assert_eq!(judge(&[not.clone(), fail]).1, "f");
        assert_eq!(judge(&[pass.clone(), pass]).1, "both scenarios held");
        assert_eq!(judge(&[not]).0, Verdict::NotApplicable);
    }

    #[test]
    fn of_many_reasons_some_are_told_and_what_is_open_is_told_whole() {
        let told = |verdict, count: usize| {
            let reached =
                (0..count).map(|nth| Reached { verdict, reasons: vec![format!("r{nth}")], asserted: true });
            judge(&reached.collect::<Vec<_>>()).1
        };
        assert_eq!(told(Verdict::Fail, 9), "r0; r1; r2; and 6 more");
        assert_eq!(told(Verdict::Pass, 5), "r0; r1; r2; r3; r4");
        assert_eq!(told(Verdict::Fail, 4), "r0; r1; r2; r3");
        assert_eq!(told(Verdict::Inconclusive, 5), "r0; r1; r2; r3; r4");
    }

    #[test]
    fn what_several_scenarios_say_is_told_once() {
        let seen = |own: &str| Reached {
            verdict: Verdict::Pass,
            reasons: vec!["the rule".to_owned(), own.to_owned()],
            asserted: true,
        };
        assert_eq!(judge(&[seen("one"), seen("two"), seen("one")]).1, "the rule; one; two");
    }
}
