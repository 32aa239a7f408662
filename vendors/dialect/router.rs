//! Which operation a request means: a tree over path segments, literal
//! segments before holes, then the literals in query and body.

use std::collections::HashMap;

use super::form::RequestForm;
use super::{Dialect, NearMiss, Operation, Routed};
use crate::vendors::vocabulary::Facts;
use crate::vendors::wire::WireRequest;

/// How many near misses are told.
const NEAR_MISSES: usize = 3;

/// The paths of all operations.
#[derive(Debug, Default)]
pub(crate) struct Router {
    root: Branch,
}

#[derive(Debug, Default)]
struct Branch {
    literal: HashMap<String, Branch>,
    hole: Option<Box<Branch>>,
    /// Operations whose path ends here.
    ends: Vec<usize>,
}

impl Router {
    /// Takes the paths of the operations, by their position.
    pub fn new<'a>(requests: impl Iterator<Item = &'a RequestForm>) -> Self {
        let mut router = Self::default();
        let requests: Vec<&RequestForm> = requests.collect();
        for (position, request) in requests.iter().enumerate() {
            let mut branch = &mut router.root;
            for segment in &request.path.segments {
                branch = match segment.as_literal() {
                    Some(literal) => branch.literal.entry(literal.to_owned()).or_default(),
                    None => branch.hole.get_or_insert_default(),
                };
            }
            branch.ends.push(position);
        }
        let literals: Vec<usize> = requests.iter().map(|request| request.literals()).collect();
        router.root.say_more_first(&literals);
        router
    }

    /// The operations whose path may fit, the most literal first.
    fn candidates(&self, segments: &[&str]) -> Vec<usize> {
        let mut found = Vec::new();
        self.root.collect(segments, &mut found);
        found
    }
}

impl Branch {
    /// Orders operations on one path by how many literals they have, so that the
    /// one that says more is tried first.
    fn say_more_first(&mut self, literals: &[usize]) {
        self.ends.sort_by_key(|end| std::cmp::Reverse(literals.get(*end).copied().unwrap_or_default()));
        self.literal.values_mut().for_each(|branch| branch.say_more_first(literals));
        if let Some(branch) = &mut self.hole {
            branch.say_more_first(literals);
        }
    }

    fn collect(&self, segments: &[&str], found: &mut Vec<usize>) {
        let Some((first, rest)) = segments.split_first() else {
            found.extend(&self.ends);
            return;
        };
        if let Some(branch) = self.literal.get(*first) {
            branch.collect(rest, found);
        }
        if let Some(branch) = self.hole.as_deref().filter(|_| !first.is_empty()) {
            branch.collect(rest, found);
        }
    }
}

impl Dialect {
    /// Finds the operation that a request means. Without one, tells what came
    /// nearest and why it did not fit (nearest first).
    pub fn route(&self, request: &WireRequest) -> Result<Routed<'_>, Vec<NearMiss>> {
        self.route_knowing(request, &Facts::new())
    }

    /// The same, with values that a digest in the request is verified against:
    /// where it agrees, the known value is among the request's facts.
    pub fn route_knowing(&self, request: &WireRequest, known: &Facts) -> Result<Routed<'_>, Vec<NearMiss>> {
        let segments: Vec<&str> =
            request.path.strip_prefix('/').unwrap_or(&request.path).split('/').collect();
        let mut misses = Vec::new();
        for position in self.router.candidates(&segments) {
            let Some(operation) = self.operations.get(position) else { continue };
            let mut facts = Facts::new();
            if operation.request.path.read(&segments, known, &mut facts).is_none() {
                continue;
            }
            if operation.request.method != request.method {
                misses.push(other_method(operation, request));
                continue;
            }
            match operation.request.read(request, known, &mut facts) {
                Ok(()) => {
                    let missigned = operation.request.verify(known, &mut facts);
                    return Ok(Routed { operation, facts, missigned });
                }
                Err(mismatch) => misses.push(NearMiss {
                    operation: operation.name.clone(),
                    why: mismatch.to_string(),
                    same_route: true,
                }),
            }
        }
        // The right route with wrong content is nearer than a wrong method.
        misses.sort_by_key(|miss| !miss.same_route);
        if misses.is_empty() {
            misses = self.nearest_paths(request);
        }
        Err(misses)
    }

    fn nearest_paths(&self, request: &WireRequest) -> Vec<NearMiss> {
        let sent = format!("{} {}", request.method, request.path);
        let mut scored: Vec<(f64, &Operation)> = self
            .operations
            .iter()
            .map(|operation| (strsim::normalized_levenshtein(&sent, &operation.endpoint()), operation))
            .collect();
        scored.sort_by(|(left, _), (right, _)| right.total_cmp(left));
        let miss = |operation: &Operation| NearMiss {
            operation: operation.name.clone(),
            why: format!("its path is `{}`", operation.request.written),
            same_route: false,
        };
        scored.into_iter().take(NEAR_MISSES).map(|(_, operation)| miss(operation)).collect()
    }
}

fn other_method(operation: &Operation, request: &WireRequest) -> NearMiss {
    NearMiss {
        operation: operation.name.clone(),
        why: format!("it is `{}`, not `{}`", operation.request.method, request.method),
        same_route: false,
    }
}
