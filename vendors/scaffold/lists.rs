//! Which of the lists of an answer holds what is asked for.

use super::shape::{Kind, Shape};
use super::words::{Concept, concept, joined, split};

/// The list that holds what is asked for: by its name, else the first that
/// holds objects.
pub(super) fn best_list(shape: &Shape, subject: Concept) -> Option<Vec<String>> {
    let mut lists: Vec<(usize, Vec<String>)> = Vec::new();
    find_lists(shape, &mut Vec::new(), subject, &mut lists);
    lists.into_iter().min_by_key(|(rank, path)| (*rank, path.len())).map(|(_, path)| path)
}

fn find_lists(
    shape: &Shape,
    path: &mut Vec<String>,
    subject: Concept,
    lists: &mut Vec<(usize, Vec<String>)>,
) {
    const PLAIN: &[&str] =
        &["item", "data", "result", "payload", "list", "record", "content", "value", "entry", "object"];
    match &shape.kind {
        Kind::List(item) if !item.members().is_empty() => {
            let name = path.last().map(String::as_str).unwrap_or_default();
            let plain = PLAIN.iter().position(|known| *known == joined(&split(name)));
            let same = |found: Concept| {
                found == subject
                    || found == Concept::Access && matches!(subject, Concept::Pin | Concept::Mobile)
            };
            let rank = match concept(name) {
                _ if path.is_empty() => 0,
                Some((found, rank)) if same(found) => rank,
                _ => plain.map_or(60, |rank| 40 + rank),
            };
            lists.push((rank, path.clone()));
        }
        Kind::Keyed(item) if !item.members().is_empty() => lists.push((70, path.clone())),
        Kind::Object(members) if path.len() < 3 => {
            for member in members {
                path.push(member.name.clone());
                find_lists(&member.shape, path, subject, lists);
                path.pop();
            }
        }
        _ => {}
    }
}
