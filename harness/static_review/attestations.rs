//! What people may vouch for: the criteria that nobody can observe, and no others.

use std::sync::Arc;

use crate::harness::criterion::Criterion;
use crate::vendors::partner::{Attestation, Partner};
use crate::vendors::profile::{Problem, ProfileErrors, nearest};

/// The attestations of a description that would count for nothing: of criteria
/// that there are not, and of those that a run judges. `file` is how the
/// description was named.
pub fn misattested(file: &str, partner: &Partner, criteria: &[Arc<Criterion>]) -> Option<ProfileErrors> {
    let problem = |given: &Attestation| {
        let (what, help) = idle(given, partner, criteria)?;
        Some(Problem::at(file, &partner.source_text, given.at.clone(), what, Some(help)))
    };
    let problems: Vec<Problem> = partner.attestations.iter().filter_map(problem).collect();
    (!problems.is_empty()).then(|| ProfileErrors {
        file: file.to_owned(),
        source_text: partner.source_text.clone(),
        problems,
    })
}

/// Why nothing asks for an attestation, and what to do.
fn idle(given: &Attestation, partner: &Partner, criteria: &[Arc<Criterion>]) -> Option<(String, String)> {
    let id = &given.criterion;
    let Some(criterion) = criteria.iter().find(|criterion| criterion.id.as_str() == id) else {
        let vouched = || criteria.iter().filter(|one| one.attested).map(|one| one.id.as_str());
        let help = match nearest(id, vouched()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("people vouch for {}", vouched().collect::<Vec<_>>().join(", ")),
        };
        return Some((format!("there is no criterion `{id}`"), help));
    };
    if criterion.attested || criterion.attested_without_email && !partner.declared.escalates_by_email {
        return None;
    }
    let help = if criterion.attested_without_email {
        "leave the attestation out, or declare `escalates_by_email = false` where people tell support"
    } else {
        "leave the attestation out: only what a run sees counts here"
    };
    Some((format!("{id} is judged by what a run observes, and nobody can vouch for it"), help.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::criterion::CriterionId;
    use crate::vendors::partner::load;
    use crate::vendors::profile::render;

    fn criteria() -> Vec<Arc<Criterion>> {
        let known = |id: &str, attested: bool, without_email: bool| {
            let mut criterion = Criterion::bare(CriterionId::parse(id).unwrap());
            (criterion.attested, criterion.attested_without_email) = (attested, without_email);
            Arc::new(criterion)
        };
        vec![known("IP-20", false, false), known("IP-23", false, true), known("IP-70", true, false)]
    }

    /// The problems of our own description with one attestation, of that criterion.
    fn told(criterion: &str, escalates_by_email: bool) -> Option<String> {
        let mut partner = load("own_integration").unwrap();
        partner.declared.escalates_by_email = escalates_by_email;
        partner.attestations.truncate(1);
        partner.attestations[0].criterion = criterion.to_owned();
        misattested("own.toml", &partner, &criteria()).map(|errors| {
            let Problem { line, column, .. } = &errors.problems[0];
            assert_eq!(errors.source_text.lines().nth(line - 1), Some("criterion = \"IP-70\""));
            assert_eq!(*column, 13);
            render(&errors)
        })
    }

    #[test]
    fn people_vouch_for_what_nobody_can_observe() {
        assert_eq!(told("IP-70", true), None);
        // Where people tell support, no mail is to be observed.
        assert_eq!(told("IP-23", false), None);
        for (criterion, what, todo) in [
            ("IP-20", "judged by what a run observes", "leave the attestation out"),
            ("IP-23", "judged by what a run observes", "`escalates_by_email = false`"),
            ("IP-07", "there is no criterion `IP-07`", "did you mean `IP-70`?"),
            ("LV-21", "there is no criterion `LV-21`", "people vouch for IP-70"),
        ] {
            let told = told(criterion, true).unwrap();
            assert!(told.contains(what) && told.contains(todo), "{told}");
        }
    }
}
