//! Operations that share a route: a request may mean only one of them.

use super::document::Section;
use super::operations::ReadOperation;
use crate::vendors::dialect::form::{Body, RequestForm};
use crate::vendors::dialect::template::{Node, Text};
use crate::vendors::vocabulary::FieldKind;

/// Two operations that a request could mean both.
pub(super) fn check_overlap(root: &Section<'_, '_>, earlier: &[ReadOperation<'_>], read: &ReadOperation<'_>) {
    for other in earlier.iter().filter(|other| other.sound) {
        let (left, right) = (&other.operation.request, &read.operation.request);
        let by_job = other.operation.is_alternative_to(&read.operation)
            && !other.operation.of.iter().any(|name| read.operation.of.contains(name));
        if same_route(left, right) && !told_apart(left, right) && !by_job {
            root.doc.problem(
                read.request_at.clone(),
                format!("a request could mean both `{}` and `{}`", other.at.value, read.at.value),
                "operations that share method and path must differ in a literal of query or body",
            );
        }
    }
}

fn same_route(left: &RequestForm, right: &RequestForm) -> bool {
    let (l, r) = (&left.path.segments, &right.path.segments);
    left.method == right.method
        && l.len() == r.len()
        && l.iter().zip(r).all(|(l, r)| match (l.as_literal(), r.as_literal()) {
            (Some(l), Some(r)) => l == r,
            (None, None) => true,
            _ => false,
        })
}

fn told_apart(left: &RequestForm, right: &RequestForm) -> bool {
    pairs_differ(&left.query, &right.query)
        || says_more(&left.query, &right.query)
        || (left.match_headers && right.match_headers && pairs_differ(&left.headers, &right.headers))
        || match (&left.body, &right.body) {
            (Body::Json(left), Body::Json(right)) => nodes_differ(left, right),
            (Body::Form(left), Body::Form(right)) => pairs_differ(left, right) || says_more(left, right),
            // JSON is no form, and has none of the parameters that a form must have.
            (Body::Json(_), Body::Form(form)) | (Body::Form(form), Body::Json(_)) => {
                form.iter().any(|(_, text)| text.must_be_literal())
            }
            _ => false,
        }
}

fn pairs_differ(left: &[(String, Text)], right: &[(String, Text)]) -> bool {
    let repeated =
        |pairs: &[(String, Text)], name| pairs.iter().filter(|(other, _)| other == name).count() > 1;
    left.iter().filter(|(name, _)| !repeated(left, name) && !repeated(right, name)).any(|(name, l)| {
        right.iter().any(|(other, r)| {
            let required = l.must_be_literal() || r.must_be_literal();
            name == other && required && l.choices().zip(r.choices()).is_some_and(|(l, r)| are_apart(&l, &r))
        })
    })
}

/// Whether no spelling fits both.
fn are_apart(left: &[String], right: &[String]) -> bool {
    !left.iter().any(|spelling| right.contains(spelling))
}

/// Whether one of the two has a literal under a name that the other lacks, or
/// fills with any value: the one that says more is looked for first.
fn says_more(left: &[(String, Text)], right: &[(String, Text)]) -> bool {
    let more = |one: &[(String, Text)], other: &[(String, Text)]| {
        let chooses = |name| other.iter().any(|(known, text)| known == name && text.choices().is_some());
        one.iter().any(|(name, text)| text.must_be_literal() && !chooses(name))
    };
    more(left, right) != more(right, left)
}

fn nodes_differ(left: &Node, right: &Node) -> bool {
    match (left, right) {
        (Node::Literal(left), Node::Literal(right)) => left != right,
        (Node::Hole(none), Node::Hole(some)) | (Node::Hole(some), Node::Hole(none))
            if none.takes_none() && !some.optional && some.field.kind() != FieldKind::Text =>
        {
            true
        }
        (Node::Hole(left), Node::Hole(right)) => {
            let required = !left.optional || !right.optional;
            required && left.choices().zip(right.choices()).is_some_and(|(l, r)| are_apart(&l, &r))
        }
        (Node::Literal(literal), Node::Hole(hole)) | (Node::Hole(hole), Node::Literal(literal)) => {
            let spelled = literal.as_str().map_or_else(|| literal.to_string(), str::to_owned);
            hole.choices().is_some_and(|choices| !choices.contains(&spelled))
        }
        (Node::Object(left), Node::Object(right)) => {
            left.iter().any(|l| right.iter().any(|r| l.key == r.key && nodes_differ(&l.value, &r.value)))
        }
        (Node::Array(left), Node::Array(right)) => {
            left.len() != right.len() || left.iter().zip(right).any(|(l, r)| nodes_differ(l, r))
        }
        _ => false,
    }
}
