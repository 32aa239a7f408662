//! What the parameters of paths are called.

use super::description::{Description, Part, Place};
use super::words::{Concept, concept, leading_concept, split};

/// The names of path parameters that stand before a lock's or a credential's
/// own id: what they name holds the locks, and is the same for every call.
pub(super) fn tenants(description: &Description) -> Vec<String> {
    let mut tenants = Vec::new();
    for endpoint in &description.endpoints {
        let names: Vec<(&str, Option<Concept>)> = endpoint
            .segments
            .iter()
            .enumerate()
            .filter_map(|(at, segment)| match &segment.0[..] {
                [Part::Parameter(name)] => {
                    let before = endpoint.segments[..at].iter().rev().find_map(|segment| segment.literal());
                    Some((name.as_str(), before.and_then(concept).map(|(concept, _)| concept)))
                }
                _ => None,
            })
            .collect();
        let lock = names.iter().rposition(|(_, concept)| {
            matches!(concept, Some(Concept::Lock | Concept::Pin | Concept::Mobile | Concept::Access))
        });
        for (name, _) in
            names[..lock.unwrap_or(0)].iter().filter(|(_, concept)| *concept == Some(Concept::Group))
        {
            if !tenants.contains(&(*name).to_owned()) {
                tenants.push((*name).to_owned());
            }
        }
    }
    tenants
}

/// The name under which most paths take a lock's id.
pub(super) fn lock_id_name(description: &Description) -> Option<String> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for endpoint in &description.endpoints {
        for parameter in endpoint.in_place(Place::Path) {
            let words = split(&parameter.name);
            let about = leading_concept(&words).is_some_and(|(concept, _)| concept == Concept::Lock);
            match counts.iter_mut().find(|(name, _)| *name == parameter.name) {
                Some((_, count)) => *count += 1,
                None if about => counts.push((parameter.name.clone(), 1)),
                None => {}
            }
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(name, _)| name)
}
