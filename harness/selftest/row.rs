//! One row of the detection matrix.

use serde::Serialize;

use super::unvouched::Unvouched;
use crate::harness::criterion::{CriterionId, Level};
use crate::harness::result::{CriterionResult, Report};
use crate::harness::verdict::Verdict;
use crate::simulator::{Misbehaviour, PartnerMisbehaviour, PartnerVariation, Variation};

/// Whom a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The vendor, or the partner, as it should be.
    WellBehaved,
    /// A vendor that breaks one criterion.
    Misbehaving(&'static Misbehaviour),
    /// A vendor that is unusual but right.
    Unusual(Variation),
    /// A partner that breaks one criterion.
    Partner(&'static PartnerMisbehaviour),
    /// A partner that is unusual but right.
    UnusualPartner(PartnerVariation),
    /// A partner as it should be, for whom nobody vouches in one thing.
    Unvouched(&'static Unvouched),
}

impl Subject {
    /// Its name in the matrix.
    pub fn name(&self) -> &'static str {
        match self {
            Self::WellBehaved => "well-behaved",
            Self::Misbehaving(misbehaviour) => misbehaviour.name,
            Self::Unusual(variation) => variation.as_str(),
            Self::Partner(misbehaviour) => misbehaviour.name,
            Self::UnusualPartner(variation) => variation.name,
            Self::Unvouched(unvouched) => unvouched.name,
        }
    }

    /// The criterion that it breaks.
    pub fn breaks(&self) -> Option<&'static str> {
        match self {
            Self::Misbehaving(misbehaviour) => Some(misbehaviour.breaks),
            Self::Partner(misbehaviour) => Some(misbehaviour.breaks),
            Self::WellBehaved | Self::Unusual(_) | Self::UnusualPartner(_) | Self::Unvouched(_) => None,
        }
    }

    /// What must fail with it, each with the reason.
    fn consequences(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Misbehaving(misbehaviour) => misbehaviour.follows,
            Self::Partner(misbehaviour) => misbehaviour.follows,
            Self::WellBehaved | Self::Unusual(_) | Self::UnusualPartner(_) | Self::Unvouched(_) => &[],
        }
    }

    /// What must be left open with it, each with the reason.
    fn untold(&self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Partner(misbehaviour) => misbehaviour.untold,
            Self::Unvouched(unvouched) => std::slice::from_ref(&unvouched.untold),
            Self::Misbehaving(_) | Self::WellBehaved | Self::Unusual(_) | Self::UnusualPartner(_) => &[],
        }
    }

    /// What it is unusual in: it must have been judged, and hold.
    fn unusual_for(&self) -> &'static [&'static str] {
        match self {
            Self::UnusualPartner(variation) => variation.unusual_for,
            _ => &[],
        }
    }

    fn follows(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.consequences().iter().map(|(id, _)| *id)
    }

    /// What it does, in one sentence.
    fn summary(&self) -> &'static str {
        match self {
            Self::Misbehaving(misbehaviour) => misbehaviour.summary,
            Self::Partner(misbehaviour) => misbehaviour.summary,
            Self::WellBehaved => "As it should be.",
            Self::Unusual(_) => "Unusual but right.",
            Self::UnusualPartner(variation) => variation.summary,
            Self::Unvouched(unvouched) => unvouched.summary,
        }
    }

    fn row(&self, cells: Vec<(CriterionId, Verdict)>, defects: Vec<String>) -> Row {
        let follows = self.consequences().iter();
        Row {
            subject: self.name().to_owned(),
            summary: self.summary().to_owned(),
            breaks: self.breaks().map(str::to_owned),
            follows: follows.map(|(id, why)| ((*id).to_owned(), (*why).to_owned())).collect(),
            untold: self.untold().iter().map(|(id, why)| ((*id).to_owned(), (*why).to_owned())).collect(),
            unusual_for: self.unusual_for().iter().map(|id| (*id).to_owned()).collect(),
            cells,
            defects,
        }
    }
}

/// How one subject came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The subject's name.
    pub subject: String,
    /// What it does, in one sentence.
    pub summary: String,
    /// The criterion that had to fail.
    pub breaks: Option<String>,
    /// What had to fail with it, each with the reason.
    pub follows: Vec<(String, String)>,
    /// What nobody could tell with it, each with the reason.
    pub untold: Vec<(String, String)>,
    /// What looks at that in which it is unusual but right, and had to hold.
    pub unusual_for: Vec<String>,
    /// Every criterion's verdict.
    pub cells: Vec<(CriterionId, Verdict)>,
    /// What is wrong with the judge, as this row shows it; empty when all is as
    /// it must be.
    pub defects: Vec<String>,
}

impl Row {
    /// A row that could not be run.
    pub(super) fn not_run(subject: Subject, why: String) -> Self {
        subject.row(Vec::new(), vec![why])
    }

    /// Compares a report with what the subject must come out as.
    pub fn judge(subject: Subject, report: &Report) -> Self {
        let mut defects = Vec::new();
        if let Some(why) = &report.interrupted {
            defects.push(format!("interrupted: {why}"));
        }
        if report.criteria.is_empty() {
            defects.push(report.decision.clone());
        }
        for result in &report.criteria {
            defects.extend(defect(subject, result));
        }
        let untold = subject.untold().iter().map(|(id, _)| *id);
        let unusual_for = subject.unusual_for().iter().copied();
        for id in subject.breaks().into_iter().chain(subject.follows()).chain(untold).chain(unusual_for) {
            if !report.criteria.iter().any(|result| result.id.as_str() == id) {
                defects.push(format!("{id} is no criterion of the suite"));
            }
        }
        let cells = report.criteria.iter().map(|result| (result.id.clone(), result.verdict)).collect();
        subject.row(cells, defects)
    }

    /// Whether the row came out as it must.
    pub fn is_right(&self) -> bool {
        self.defects.is_empty()
    }
}

/// What is wrong with a criterion's verdict over a subject.
fn defect(subject: Subject, result: &CriterionResult) -> Option<String> {
    let id = result.id.as_str();
    let told = || format!("{id} is {}: {}", result.verdict.as_str(), result.reason);
    let must_fail = subject.breaks() == Some(id) || subject.follows().any(|follows| follows == id);
    if result.verdict == Verdict::Skipped && !must_fail {
        // It was not selected; a run that was cut short is told as such.
        return None;
    }
    if result.verdict == Verdict::Error {
        return Some(told());
    }
    if subject.breaks() == Some(id) {
        let noticed = result.verdict == Verdict::Fail
            || (result.level == Level::Preferred && result.verdict == Verdict::Warning);
        return (!noticed).then(|| format!("not found: {}", told()));
    }
    if subject.follows().any(|follows| follows == id) {
        return (result.verdict != Verdict::Fail).then(|| format!("does not follow: {}", told()));
    }
    if subject.untold().iter().any(|(untold, _)| *untold == id) {
        return (result.verdict != Verdict::Inconclusive).then(|| format!("not left open: {}", told()));
    }
    if subject.unusual_for().contains(&id) && result.verdict == Verdict::NotApplicable {
        return Some(format!("not looked at: {}", told()));
    }
    let required = result.level != Level::Preferred;
    let alarm = if required { result.verdict.blocks() } else { result.verdict == Verdict::Fail };
    // A misbehaviour may cost preferences beside the criterion that it breaks.
    let excused = !required && subject.breaks().is_some();
    (alarm && !excused).then(|| format!("false alarm: {}", told()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(id: &str, level: Level, verdict: Verdict) -> CriterionResult {
        CriterionResult {
            id: CriterionId::parse(id).unwrap(),
            text: String::new(),
            source: String::new(),
            level,
            verdict,
            reason: "r".to_owned(),
            scenarios: Vec::new(),
            findings: Vec::new(),
            evidence: Vec::new(),
            timelines: Vec::new(),
        }
    }

    #[test]
    fn a_well_behaved_vendor_must_pass() {
        let check = |level, verdict, wrong: bool| {
            let found = defect(Subject::WellBehaved, &result("LV-10", level, verdict));
            assert_eq!(found.is_some(), wrong, "{level:?} {verdict:?}");
            let found = defect(Subject::Unusual(Variation::OddIds), &result("LV-10", level, verdict));
            assert_eq!(found.is_some(), wrong, "{level:?} {verdict:?}");
        };
        check(Level::Required, Verdict::Pass, false);
        check(Level::Required, Verdict::NotApplicable, false);
        check(Level::Required, Verdict::Inconclusive, true);
        check(Level::Full, Verdict::Fail, true);
        check(Level::Preferred, Verdict::Inconclusive, false);
        check(Level::Preferred, Verdict::Fail, true);
        check(Level::Preferred, Verdict::Error, true);
    }

    #[test]
    fn a_misbehaviour_must_be_found_where_it_is() {
        for misbehaviour in crate::simulator::MISBEHAVIOURS {
            let subject = Subject::Misbehaving(misbehaviour);
            let aimed = |verdict| defect(subject, &result(misbehaviour.breaks, Level::Required, verdict));
            assert_eq!(aimed(Verdict::Fail), None);
            assert!(aimed(Verdict::Pass).is_some());
            assert!(aimed(Verdict::Inconclusive).is_some());
            assert!(defect(subject, &result("LV-00", Level::Required, Verdict::Fail)).is_some());
        }
    }

    #[test]
    fn what_an_unusual_partner_is_unusual_in_is_looked_at() {
        for variation in PartnerVariation::ALL {
            let subject = Subject::UnusualPartner(*variation);
            for id in variation.unusual_for {
                let seen = |verdict| defect(subject, &result(id, Level::Required, verdict));
                assert_eq!(seen(Verdict::Pass), None);
                assert!(seen(Verdict::NotApplicable).is_some());
                assert!(seen(Verdict::Fail).is_some());
            }
        }
    }

    #[test]
    fn what_nobody_vouches_for_is_open() {
        for unvouched in Unvouched::ALL {
            let subject = Subject::Unvouched(unvouched);
            let seen = |id: &str, verdict| defect(subject, &result(id, Level::Required, verdict));
            assert_eq!(seen(unvouched.criterion(), Verdict::Inconclusive), None);
            assert!(seen(unvouched.criterion(), Verdict::Attested).is_some());
            assert!(seen(unvouched.criterion(), Verdict::Pass).is_some());
            assert!(seen("IP-03", Verdict::Inconclusive).is_some());
        }
    }

    #[test]
    fn what_a_misbehaviour_hides_is_neither_passed_nor_failed() {
        let hiding = crate::simulator::PARTNER_MISBEHAVIOURS.iter().find(|one| !one.untold.is_empty());
        let hiding = hiding.expect("a misbehaviour that hides something");
        let untold =
            |verdict| defect(Subject::Partner(hiding), &result(hiding.untold[0].0, Level::Required, verdict));
        assert_eq!(untold(Verdict::Inconclusive), None);
        assert!(untold(Verdict::Pass).is_some());
        assert!(untold(Verdict::Fail).is_some());
    }
}
