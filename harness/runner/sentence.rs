//! The decision in one or two sentences for a business reader. Pure.

use super::decision::Grounds;
use crate::harness::criterion::CertificationLevel;
use crate::harness::result::{CriterionResult, Mode};
use crate::harness::verdict::Verdict;

fn level_name(level: CertificationLevel) -> &'static str {
    match level {
        CertificationLevel::None => "no",
        CertificationLevel::Core => "core",
        CertificationLevel::Full => "full",
    }
}

/// So long may what is said of one criterion be, in characters.
const REASON: usize = 110;

/// What is not met: first the functions that are not offered at all, in Inlet's
/// words, then what falls short among those that are, each with why.
fn failed(grounds: &Grounds<'_>, deciding: &[&CriterionResult]) -> String {
    let (mut lacking, mut short, mut functions) = (Vec::new(), Vec::new(), Vec::new());
    for result in deciding.iter().filter(|result| result.verdict == Verdict::Fail) {
        match grounds.lacking.iter().find(|(id, _)| *id == result.id) {
            Some((_, function)) => {
                lacking.push(result.id.as_str());
                let title = format!("“{}”", function.title());
                if !functions.contains(&title) {
                    functions.push(title);
                }
            }
            None => short.push(*result),
        }
    }
    let (subject, level) = (grounds.subject, level_name(grounds.asked));
    let short = shortcomings(&short);
    let Some(last) = functions.pop() else {
        return format!("{subject} does not meet the {level} level: {short}.");
    };
    let all = if functions.is_empty() { last } else { format!("{} and {last}", functions.join(", ")) };
    let mut text = format!(
        "{subject} cannot reach the {level} level, because it does not offer {all}, which that level requires ({}).",
        lacking.join(", ")
    );
    if !short.is_empty() {
        text.push_str(&format!(" Not met by what it does offer: {short}."));
    }
    text
}

/// Criteria that are not met, each with a few words why; those that fall short for
/// the same reason together.
fn shortcomings(results: &[&CriterionResult]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for result in results {
        let why = in_few_words(&result.reason);
        match groups.iter_mut().find(|(known, _)| *known == why) {
            Some((_, ids)) => ids.push(result.id.as_str()),
            None => groups.push((why, vec![result.id.as_str()])),
        }
    }
    let told: Vec<String> = groups
        .into_iter()
        .map(|(why, ids)| match why.as_str() {
            "" => format!("{} not met", ids.join(", ")),
            why => format!("{why} ({})", ids.join(", ")),
        })
        .collect();
    told.join("; ")
}

/// The first of the reasons, which ends at a word where it is long: the criterion's
/// own line tells all of them whole.
fn in_few_words(reason: &str) -> String {
    let first = reason.split("; ").next().unwrap_or_default().trim().trim_end_matches('.');
    if first.chars().count() <= REASON {
        return first.to_owned();
    }
    let cut: String = first.chars().take(REASON).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{} …", words.trim_end_matches([',', ':']))
}

/// What is said where the configuration kept the run from asking the subject
/// anything: its statement alone was judged.
fn blocked(grounds: &Grounds<'_>, deciding: &[&CriterionResult], why: &str) -> String {
    let subject = grounds.subject;
    if deciding.iter().any(|result| result.verdict == Verdict::Fail) {
        let by_statement = failed(grounds, deciding);
        return format!(
            "{by_statement} That is by its statement alone: nothing was asked of {subject}, for the configuration \
             stands in the way: {why}."
        );
    }
    format!("Nothing was asked of {subject}, for the configuration stands in the way: {why}.")
}

/// What is waived, with until when and by whom, told once for those that share it.
fn waived(grounds: &Grounds<'_>, deciding: &[&CriterionResult]) -> String {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for result in deciding.iter().filter(|result| result.verdict == Verdict::Waived) {
        let account = grounds.waivers.iter().find(|one| one.criterion == result.id && one.covers.is_some());
        let by = account
            .map_or_else(|| "by nobody".to_owned(), |one| format!("until {}, {}", one.expires, one.owner));
        match groups.iter_mut().find(|(known, _)| *known == by) {
            Some((_, ids)) => ids.push(result.id.as_str()),
            None => groups.push((by, vec![result.id.as_str()])),
        }
    }
    let told: Vec<String> =
        groups.into_iter().map(|(by, ids)| format!("{} ({by})", ids.join(", "))).collect();
    told.join("; ")
}

/// One or two sentences: what is decided, what it rests on, and what is open.
pub(super) fn sentence(
    grounds: &Grounds<'_>,
    verdict: Verdict,
    level: CertificationLevel,
    deciding: &[&CriterionResult],
    vacuous: bool,
) -> String {
    let subject = grounds.subject;
    let ids = |wanted: &dyn Fn(Verdict) -> bool| {
        let ids: Vec<&str> = deciding
            .iter()
            .filter(|result| wanted(result.verdict))
            .map(|result| result.id.as_str())
            .collect();
        ids.join(", ")
    };
    let mut text = match verdict {
        Verdict::Error => match grounds.defect {
            Some(why) => format!("Lockstep itself failed, so nothing is said of {subject}: {why}."),
            None => format!("Lockstep itself failed on a criterion, so nothing is decided about {subject}."),
        },
        Verdict::Fail | Verdict::Inconclusive if let Some((_, why)) = grounds.misconfigured => {
            blocked(grounds, deciding, why)
        }
        Verdict::Fail => failed(grounds, deciding),
        Verdict::Inconclusive if vacuous && grounds.interrupted.is_none() => {
            format!("Nothing was found out about {subject}: no required criterion was seen to be met.")
        }
        Verdict::Inconclusive => match grounds.interrupted {
            Some(why) => format!("The run over {subject} is incomplete: {why}."),
            None => format!(
                "It could not be told whether {subject} meets the {} level: {} could not be judged.",
                level_name(grounds.asked),
                ids(&Verdict::blocks)
            ),
        },
        _ if grounds.mode == Mode::Run => {
            format!(
                "{subject} meets every required criterion among those selected; a free run certifies nothing."
            )
        }
        _ => format!("{subject} meets the {} level of Inlet's requirements.", level_name(level)),
    };
    if verdict == Verdict::Fail && level == CertificationLevel::Core {
        text.push_str(" The core level is reached.");
    }
    let open = ids(&|v| v == Verdict::Inconclusive);
    if verdict == Verdict::Fail && !open.is_empty() && grounds.misconfigured.is_none() {
        text.push_str(&format!(" Could not be judged: {open}."));
    }
    let waived = waived(grounds, deciding);
    if !waived.is_empty() {
        text.push_str(&format!(" Waived: {waived}."));
    }
    let attested = ids(&|v| v == Verdict::Attested);
    if !attested.is_empty() {
        text.push_str(&format!(" Attested and not observed: {attested}."));
    }
    if !grounds.stale.is_empty() {
        text.push_str(&format!(" Stale: {}.", grounds.stale.join("; ")));
    }
    if !grounds.unused.is_empty() {
        text.push_str(&format!(" Answers that nothing asked for: {}.", grounds.unused.join("; ")));
    }
    if let Some(whom) = grounds.rehearsal {
        text.push_str(&format!(" This was a rehearsal against {whom} and certifies nothing."));
    }
    text
}
