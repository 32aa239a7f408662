//! What became of the criteria, and of the scenarios within them.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::Found;
use super::normal::normal;
use super::standing::{Turn, turn, weight};
use crate::harness::criterion::{CriterionId, Level};
use crate::harness::result::{CriterionResult, Report};
use crate::harness::verdict::Verdict;

/// The criteria of a report by id, or an id that is judged twice.
pub(super) fn by_id(report: &Report) -> Result<BTreeMap<&CriterionId, &CriterionResult>, &CriterionId> {
    let mut criteria = BTreeMap::new();
    for criterion in &report.criteria {
        if criteria.insert(&criterion.id, criterion).is_some() {
            return Err(&criterion.id);
        }
    }
    Ok(criteria)
}

/// A pair of reports whose criteria are compared.
pub(super) struct Pair<'a> {
    pub(super) old: &'a Report,
    pub(super) new: &'a Report,
}

impl Pair<'_> {
    /// Whether both were judged by the very same criteria and features.
    fn same_suite(&self) -> bool {
        self.old.suite.digest == self.new.suite.digest
    }

    /// A criterion that only the older report has. What was met is shown no more;
    /// what was not met has not been mended by asking no longer.
    pub(super) fn gone(&self, criterion: &CriterionResult, found: &mut Found) {
        let lost = criterion.verdict.is_met() || self.same_suite();
        let turn = if lost { Turn::Regression } else { Turn::Change };
        let why = "the newer report does not judge it";
        found.tell(turn, criterion.id.as_str(), word(criterion.verdict), "gone", why);
    }

    /// A criterion that only the newer report has. Nothing that was shown is
    /// lost; what it does to the decision is told there.
    pub(super) fn come(&self, criterion: &CriterionResult, found: &mut Found) {
        let why = format!("the older report does not judge it: {}", criterion.reason);
        found.tell(Turn::Change, criterion.id.as_str(), "new", word(criterion.verdict), why);
    }

    /// A criterion of both reports.
    pub(super) fn both(&self, before: &CriterionResult, after: &CriterionResult, found: &mut Found) {
        let id = before.id.as_str();
        let turned = turn(before.verdict, after.verdict);
        found.tell(turned, id, word(before.verdict), word(after.verdict), after.reason.as_str());
        if before.level != after.level {
            let why = "the criterion is asked more or less strictly than before";
            found.tell(Turn::Change, id, strictness(before.level), strictness(after.level), why);
        }
        // Where the criterion as a whole got worse, its scenarios say no more.
        if turned != Turn::Regression {
            self.scenarios(before, after, found);
        }
        if turned == Turn::Same && self.says(self.old, before) != self.says(self.new, after) {
            let why = format!("for another reason: {} (it was: {})", after.reason, before.reason);
            found.tell(Turn::Change, id, word(before.verdict), word(after.verdict), why);
        }
    }

    /// What is wrong or noteworthy with a criterion, without what every run draws
    /// anew. A criterion that is plainly met says nothing: how it is met may vary.
    fn says(&self, report: &Report, criterion: &CriterionResult) -> BTreeSet<[String; 3]> {
        let tells = criterion.verdict.blocks()
            || matches!(criterion.verdict, Verdict::Warning | Verdict::Waived | Verdict::Attested);
        if !tells {
            return BTreeSet::new();
        }
        let normal = |text: &str| normal(text, &report.run);
        let findings = criterion
            .findings
            .iter()
            .map(|finding| [normal(&finding.summary), normal(&finding.expected), normal(&finding.observed)]);
        findings.chain([[normal(&criterion.reason), String::new(), String::new()]]).collect()
    }

    /// The scenarios of a criterion by name. Several of one name, as examples
    /// make them, are held against each other from the worst on.
    fn scenarios(&self, before: &CriterionResult, after: &CriterionResult, found: &mut Found) {
        let (before, after, id) = (verdicts(before), verdicts(after), &before.id);
        for (name, old) in &before {
            let new = after.get(name).map(Vec::as_slice).unwrap_or_default();
            let about = format!("{id} “{name}”");
            for (old, new) in old.iter().zip(new) {
                // What is mended within is told with the criterion.
                if turn(*old, *new) == Turn::Regression {
                    let why = "this scenario of the criterion got worse";
                    found.tell(Turn::Regression, &about, word(*old), word(*new), why);
                }
            }
            let gone = old.iter().skip(new.len()).filter(|verdict| verdict.is_met() && self.same_suite());
            for verdict in gone {
                let why = "this scenario of the criterion was not run";
                found.tell(Turn::Regression, &about, word(*verdict), "gone", why);
            }
        }
    }
}

fn verdicts(criterion: &CriterionResult) -> BTreeMap<&str, Vec<Verdict>> {
    let mut verdicts: BTreeMap<&str, Vec<Verdict>> = BTreeMap::new();
    for scenario in &criterion.scenarios {
        verdicts.entry(&scenario.name).or_default().push(scenario.verdict);
    }
    for of_name in verdicts.values_mut() {
        of_name.sort_by_key(|verdict| std::cmp::Reverse(weight(*verdict)));
    }
    verdicts
}

/// A verdict as people read it.
pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotApplicable => "not applicable",
        other => other.as_str(),
    }
}

fn strictness(level: Level) -> &'static str {
    match level {
        Level::Required => "required",
        Level::Full => "full level",
        Level::Preferred => "preferred",
    }
}
