//! Of all that could be meant, what is taken: one exchange for each meaning.

use super::description::Description;
use super::draft::{Around, Operation, operation};
use super::find::{Candidate, candidates};
use super::path_names::{lock_id_name, tenants};
use crate::vendors::vocabulary::Meaning;

/// How many candidates for one meaning are drafted and compared.
const COMPARED: usize = 4;
/// What has less is no candidate.
const LEAST: i32 = 25;

/// The best exchange for each meaning, in the order of the meanings. Those that
/// lack what their meaning needs are kept apart.
pub(super) struct Choice {
    pub taken: Vec<Operation>,
    pub unusable: Vec<(Operation, String)>,
}

/// Chooses.
pub(super) fn choose(description: &Description, recorded: bool) -> Choice {
    let (tenants, lock_id) = (tenants(description), lock_id_name(description));
    let around = Around { description, tenants: &tenants, lock_id: lock_id.as_deref(), recorded };
    let all = candidates(description);
    let mut choice = Choice { taken: Vec::new(), unusable: Vec::new() };
    for meaning in Meaning::ALL {
        let mut of_meaning: Vec<&Candidate> = all
            .iter()
            .filter(|candidate| candidate.meaning == *meaning && spoken(description, candidate))
            .collect();
        of_meaning.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
        let mut drafts: Vec<Operation> =
            of_meaning.iter().take(COMPARED).filter_map(|candidate| operation(candidate, &around)).collect();
        drafts.retain(|draft| draft.score + if draft.lacks().is_some() { 30 } else { 0 } >= LEAST);
        // The first of equals is kept: descriptions begin with what is usual.
        let Some(best) = drafts.iter().map(|draft| draft.score).max() else { continue };
        let Some(position) = drafts.iter().position(|draft| draft.score == best) else { continue };
        let mut taken = drafts.remove(position);
        taken.others = others(&taken, &drafts, &of_meaning, description);
        match taken.lacks() {
            None => choice.taken.push(taken),
            Some(lacks) => choice.unusable.push((taken, lacks)),
        }
    }
    choice
}

fn spoken(description: &Description, candidate: &Candidate) -> bool {
    description
        .endpoints
        .get(candidate.endpoint)
        .is_some_and(|endpoint| ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(&endpoint.method.as_str()))
}

/// Exchanges that might have been taken instead, with what speaks against them.
fn others(
    taken: &Operation,
    drafts: &[Operation],
    all: &[&Candidate],
    description: &Description,
) -> Vec<String> {
    let mut others: Vec<String> = Vec::new();
    for draft in drafts.iter().filter(|draft| draft.line != taken.line) {
        let against = draft.lacks().unwrap_or_else(|| {
            if draft.score == taken.score {
                "as much speaks for it, but it stands later".to_owned()
            } else {
                "less speaks for it".to_owned()
            }
        });
        let line = format!("`{}` ({against})", draft.line);
        if !others.contains(&line) {
            others.push(line);
        }
    }
    for candidate in all.iter().skip(COMPARED) {
        let line = description.endpoints.get(candidate.endpoint).map(super::description::Endpoint::line);
        if let Some(line) = line
            .filter(|line| *line != taken.line && !others.iter().any(|other| other.contains(line.as_str())))
        {
            others.push(format!("`{line}` (less speaks for it)"));
        }
    }
    others
}
