//! What is found of each part of the rule.

use std::time::Duration;

use crate::harness::verdict::Verdict;

/// A part of the rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// 180 to 300 seconds between attempts (IP-20).
    Gap,
    /// For at least 1,800 seconds while none succeeds (IP-21).
    Duration,
    /// At least 7 attempts, and at most 11 within the first 1,800 seconds (IP-21).
    Number,
    /// Success ends it (IP-22).
    Success,
    /// Once one was granted: one access in the end, none where the booking was
    /// called off (IP-22, IP-25).
    Standing,
    /// Refusals are not repeated unchanged, and `Retry-After` is followed (IP-10).
    Repeats,
    /// The same content, unless the booking changed (IP-25).
    Content,
    /// One message to support, 1,800 to 2,400 seconds after the first attempt (IP-23).
    Escalation,
}

impl Rule {
    /// Every part.
    pub const ALL: [Self; 8] = [
        Self::Gap,
        Self::Duration,
        Self::Number,
        Self::Success,
        Self::Standing,
        Self::Repeats,
        Self::Content,
        Self::Escalation,
    ];
}

/// The verdict on one part, in a sentence with its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The part.
    pub rule: Rule,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, for people.
    pub why: String,
}

impl Finding {
    pub(super) fn pass(rule: Rule, why: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::Pass, why: why.into() }
    }

    pub(super) fn fail(rule: Rule, why: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::Fail, why: why.into() }
    }

    pub(super) fn inconclusive(rule: Rule, why: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::Inconclusive, why: why.into() }
    }

    /// The course gave no occasion to see this part.
    pub(super) fn no_occasion(rule: Rule, why: impl Into<String>) -> Self {
        Self { rule, verdict: Verdict::NotApplicable, why: why.into() }
    }
}

/// What is found of every part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    findings: Vec<Finding>,
}

impl Judgement {
    pub(super) fn new(findings: Vec<Finding>) -> Self {
        Self { findings }
    }

    /// Nothing can be told, for one reason.
    pub(super) fn inconclusive(why: &str) -> Self {
        Self::new(Rule::ALL.map(|rule| Finding::inconclusive(rule, why)).into())
    }

    /// Every finding, in the order of the parts.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What is found of some parts, for the criteria that rest on them.
    #[must_use]
    pub fn on(&self, rules: &[Rule]) -> Self {
        Self::new(self.findings.iter().filter(|finding| rules.contains(&finding.rule)).cloned().collect())
    }

    /// The worst of them. A part that had no occasion says nothing beside one
    /// that had; where none had, nothing was judged.
    pub fn verdict(&self) -> Verdict {
        let judged = self.findings.iter().map(|finding| finding.verdict);
        judged
            .filter(|verdict| *verdict != Verdict::NotApplicable)
            .reduce(Verdict::worse)
            .unwrap_or(Verdict::NotApplicable)
    }

    /// Both together, as for several accesses. Nothing gets better by it.
    #[cfg(test)]
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.findings.extend(other.findings);
        self
    }
}

/// A span in seconds, to the tenth where it is not whole.
pub(super) fn s(span: Duration) -> String {
    let tenths = (span.as_millis() + 50) / 100;
    match tenths % 10 {
        0 => format!("{} s", grouped(tenths / 10)),
        rest => format!("{}.{rest} s", grouped(tenths / 10)),
    }
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_in_seconds() {
        let told = |ms| s(Duration::from_millis(ms));
        assert_eq!(
            [told(0), told(185_000), told(179_940), told(2_400_360)],
            ["0 s", "185 s", "179.9 s", "2,400.4 s"]
        );
        assert_eq!(told(1_234_567_000), "1,234,567 s");
    }
}
