//! The suite as it is loaded: criteria, and the scenarios that judge them.

use std::collections::BTreeMap;
use std::sync::Arc;

use cucumber::feature::Ext as _;
use cucumber::gherkin;
use sha2::{Digest as _, Sha256};

use super::lint;
use crate::harness::criterion::{Criterion, CriterionId};

/// The tag of a scenario that looks back over the whole run: it is judged after
/// everything else, once what may still follow has had its time.
const AFTERWARDS: &str = "afterwards";

/// Everything that judges one programme: handed to the runner by `main`.
pub struct Suite<W> {
    /// `lock-vendor`.
    pub programme: &'static str,
    /// The criteria, in order of id.
    pub criteria: Vec<Arc<Criterion>>,
    /// The features: file name and text.
    pub features: &'static [(&'static str, &'static str)],
    /// The step definitions.
    pub steps: super::Steps<W>,
}

impl<W> Clone for Suite<W> {
    fn clone(&self) -> Self {
        Self {
            programme: self.programme,
            criteria: self.criteria.clone(),
            features: self.features,
            steps: self.steps.clone(),
        }
    }
}

/// One scenario, ready to be run by itself.
#[derive(Clone, Debug)]
pub struct Case {
    /// The criterion that it judges.
    pub criterion: CriterionId,
    /// Its name.
    pub name: String,
    /// Where it stands: `file:line`.
    pub place: String,
    /// Whether it looks back over the whole run, and so is judged after everything.
    pub afterwards: bool,
    /// A feature that holds this scenario (with its backgrounds) and no other.
    pub(super) feature: gherkin::Feature,
}

impl Case {
    /// Its steps in the order in which they run, backgrounds first.
    pub(super) fn steps(&self) -> Vec<&gherkin::Step> {
        let feature = &self.feature;
        let mut steps: Vec<&gherkin::Step> = Vec::new();
        steps.extend(feature.background.iter().flat_map(|background| &background.steps));
        for rule in &feature.rules {
            steps.extend(rule.background.iter().flat_map(|background| &background.steps));
            steps.extend(rule.scenarios.iter().flat_map(|scenario| &scenario.steps));
        }
        steps.extend(feature.scenarios.iter().flat_map(|scenario| &scenario.steps));
        steps
    }
}

impl<W> Suite<W> {
    /// Everything that is wrong with the suite itself. A suite with a problem
    /// judges nobody: a scenario that cannot fail is a defect.
    pub fn lint(&self) -> Vec<String> {
        match self.load() {
            Ok(_) => Vec::new(),
            Err(problems) => problems,
        }
    }

    /// The scenarios by criterion, or everything that is wrong with the suite.
    pub fn load(&self) -> Result<BTreeMap<CriterionId, Vec<Case>>, Vec<String>> {
        let mut problems = lint::criteria(&self.criteria);
        let mut cases: BTreeMap<CriterionId, Vec<Case>> = BTreeMap::new();
        for (file, text) in self.features {
            match read(file, text) {
                Ok(feature) => {
                    problems.extend(lint::feature(file, &feature));
                    match feature.expand_examples() {
                        Ok(expanded) => {
                            let known: Vec<&CriterionId> =
                                self.criteria.iter().map(|criterion| &criterion.id).collect();
                            let (found, wrong) = split(file, &expanded, &known);
                            problems.extend(wrong);
                            for case in found {
                                problems.extend(lint::case(&case, &self.steps));
                                cases.entry(case.criterion.clone()).or_default().push(case);
                            }
                        }
                        Err(why) => problems.push(format!("{file}: {why}")),
                    }
                }
                Err(why) => problems.push(why),
            }
        }
        for criterion in self.criteria.iter().filter(|criterion| !criterion.attested) {
            if !cases.contains_key(&criterion.id) {
                problems.push(format!("{}: no scenario judges it", criterion.id));
            }
        }
        if problems.is_empty() { Ok(cases) } else { Err(problems) }
    }

    /// SHA-256 over criteria and features, for the report.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for criterion in &self.criteria {
            hash.update(format!("{criterion:?}\n"));
        }
        for (file, text) in self.features {
            hash.update(file.as_bytes());
            hash.update([0]);
            hash.update(text.as_bytes());
            hash.update([0]);
        }
        hex::encode(hash.finalize())
    }
}

fn read(file: &str, text: &str) -> Result<gherkin::Feature, String> {
    let mut feature = gherkin::Feature::parse(text, gherkin::GherkinEnv::default())
        .map_err(|why| format!("{file}: {why}"))?;
    feature.path = Some(file.into());
    Ok(feature)
}

/// One case for each scenario of a feature whose examples are filled in.
fn split(file: &str, feature: &gherkin::Feature, known: &[&CriterionId]) -> (Vec<Case>, Vec<String>) {
    let mut cases = Vec::new();
    let mut problems = Vec::new();
    let plain = feature.scenarios.iter().map(|scenario| (None, scenario));
    let ruled = feature
        .rules
        .iter()
        .flat_map(|rule| rule.scenarios.iter().map(move |scenario| (Some(rule), scenario)));
    for (rule, scenario) in plain.chain(ruled) {
        let place = format!("{file}:{}", scenario.position.line);
        let tags = feature
            .tags
            .iter()
            .chain(rule.iter().flat_map(|rule| &rule.tags))
            .chain(&scenario.tags)
            .map(String::as_str);
        let afterwards = tags.clone().any(|tag| tag == AFTERWARDS);
        match lint::criterion_of(tags.filter(|tag| *tag != AFTERWARDS), known) {
            Ok(criterion) => cases.push(Case {
                criterion,
                name: scenario.name.clone(),
                place,
                afterwards,
                feature: alone(feature, rule, scenario),
            }),
            Err(why) => problems.push(format!("{place}: {why}")),
        }
    }
    (cases, problems)
}

/// The feature with that scenario and no other.
fn alone(
    feature: &gherkin::Feature,
    rule: Option<&gherkin::Rule>,
    scenario: &gherkin::Scenario,
) -> gherkin::Feature {
    let mut only = feature.clone();
    only.scenarios.clear();
    only.rules.clear();
    match rule {
        Some(rule) => {
            let mut rule = rule.clone();
            rule.scenarios = vec![scenario.clone()];
            only.rules = vec![rule];
        }
        None => only.scenarios = vec![scenario.clone()],
    }
    only
}
