//! From JSON with holes to nodes.

use serde_json::{Number, Value};

use super::body::Member;
use super::json::{Json, Placed};
use super::{Node, TemplateError, Text};
use crate::vendors::dialect::codec::write_json_text;

pub(super) fn compile(placed: &Placed, errors: &mut Vec<TemplateError>) -> Node {
    match &placed.value {
        Json::Null => Node::Literal(Value::Null),
        Json::Bool(answer) => Node::Literal(Value::Bool(*answer)),
        Json::Number(number) => Node::Literal(Value::Number(Number::clone(number))),
        Json::Text(text, exact) => compile_text(text, *exact, placed, errors),
        Json::Array(items) => compile_array(items, errors),
        Json::Object(members) => compile_object(members, errors),
    }
}

fn compile_text(text: &str, exact: bool, placed: &Placed, errors: &mut Vec<TemplateError>) -> Node {
    match Text::parse(text) {
        Ok(parsed) => match (parsed.as_literal(), parsed.as_hole()) {
            (Some(literal), _) => Node::Literal(Value::String(literal.to_owned())),
            (_, Some(hole)) => Node::Hole(hole.clone()),
            _ => Node::Joined(parsed),
        },
        Err(found) => {
            errors.extend(found.into_iter().map(|error| relocate(error, placed.at, placed.end, exact)));
            Node::Literal(Value::Null)
        }
    }
}

/// Moves a mistake from its place in a string to its place in the message. With
/// escapes in the string the place is the whole string.
fn relocate(mut error: TemplateError, at: usize, end: usize, exact: bool) -> TemplateError {
    error.at = if exact { at + 1 + error.at.start..at + 1 + error.at.end } else { at..end };
    error
}

fn compile_array(items: &[Placed], errors: &mut Vec<TemplateError>) -> Node {
    let mut nodes: Vec<Node> = items.iter().map(|item| compile(item, errors)).collect();
    match nodes.pop() {
        Some(only) if nodes.is_empty() && only.has_holes() => Node::Each(Box::new(only)),
        Some(last) => {
            nodes.push(last);
            if are_sorts(&nodes) {
                return Node::Sorts(nodes);
            }
            Node::Array(nodes)
        }
        None => Node::Array(nodes),
    }
}

/// Whether elements are several sorts of one list: objects with holes that all
/// differ in a literal of the same name.
fn are_sorts(nodes: &[Node]) -> bool {
    let [Node::Object(members), ..] = nodes else { return false };
    let differ = |key: &str| {
        let literals: Vec<Option<&Value>> = nodes.iter().map(|node| node.member_literal(key)).collect();
        literals
            .iter()
            .enumerate()
            .all(|(at, literal)| literal.is_some() && !literals[..at].contains(literal))
    };
    nodes.len() > 1 && nodes.iter().all(Node::has_holes) && members.iter().any(|member| differ(&member.key))
}

fn compile_object(members: &[(String, usize, Placed)], errors: &mut Vec<TemplateError>) -> Node {
    if let [(key, at, value)] = members
        && key.starts_with('{')
        && !key.starts_with("{{")
    {
        return compile_keyed(key, *at, value, errors);
    }
    let compiled = members.iter().map(|(key, _, value)| {
        let mut written = String::new();
        write_json_text(key, &mut written);
        written.push(':');
        let value = compile(value, errors);
        Member { key: key.clone(), written, first: value.tells_how_to_read(), value }
    });
    let mut compiled: Vec<Member> = compiled.collect();
    for place in 1..compiled.len() {
        let (before, rest) = compiled.split_at_mut(place);
        let is_list = matches!(rest[0].value, Node::Each(_) | Node::Sorts(_));
        if is_list && let Some(first) = before.iter().position(|member| member.value == rest[0].value) {
            rest[0].value = Node::Again(first);
        }
    }
    Node::Object(compiled)
}

fn compile_keyed(key: &str, at: usize, value: &Placed, errors: &mut Vec<TemplateError>) -> Node {
    let value = compile(value, errors);
    let end = at + key.len() + 2;
    match Text::parse(key) {
        Ok(text) => match text.as_hole() {
            Some(hole) => return Node::Keyed(hole.clone(), Box::new(value)),
            None => errors.push(TemplateError::new(
                at..end,
                "a key is one hole or none",
                "write `{\"{lock.id}\": …}`",
            )),
        },
        Err(found) => errors.extend(found.into_iter().map(|error| relocate(error, at, end, true))),
    }
    Node::Literal(Value::Null)
}

pub(super) fn check_lists(node: &Node, length: usize, errors: &mut Vec<TemplateError>) {
    if node.lists() > 1 {
        errors.push(TemplateError::new(
            0..length,
            "two lists side by side would hold the same items",
            "keep the list that is needed and leave the other out of the example, or write both alike: then the first is told again",
        ));
    }
    match node {
        Node::Object(members) if node.lists() <= 1 => {
            members.iter().for_each(|member| check_lists(&member.value, length, errors));
        }
        Node::Each(item) | Node::Keyed(_, item) => check_lists(item, length, errors),
        Node::Sorts(sorts) => sorts.iter().for_each(|sort| check_lists(sort, length, errors)),
        _ => {}
    }
}
