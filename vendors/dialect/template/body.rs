//! A JSON message with holes: compiled, and filled.

use std::ops::Range;

use serde_json::Value;

use super::compile::{check_lists, compile};
use super::json;
use super::{Hole, Scope, TemplateError, Text, Unfilled, View};
use crate::vendors::dialect::codec::{Codec, write_json_text};
use crate::vendors::vocabulary::Field;

/// A JSON value with holes.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A value as written.
    Literal(Value),
    /// A string that is exactly one hole.
    Hole(Hole),
    /// A text around holes.
    Joined(Text),
    /// An object.
    Object(Vec<Member>),
    /// An array of exactly these elements.
    Array(Vec<Node>),
    /// An array with one element for each item.
    Each(Box<Node>),
    /// The same with elements of several sorts, told apart by literals.
    Sorts(Vec<Node>),
    /// An object with one member for each item, keyed by a hole.
    Keyed(Hole, Box<Node>),
    /// In an object: the list that its member of that place tells, told once more.
    Again(usize),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// The key as JSON, with the colon.
    pub(super) written: String,
    /// The value.
    pub value: Node,
    /// Whether it holds what others are read by, so that it is read first.
    pub first: bool,
}

impl Node {
    /// Compiles a message. Every mistake is told, a mistake in the JSON alone
    /// ends the reading.
    pub fn parse(text: &str) -> Result<Self, Vec<TemplateError>> {
        let placed = json::parse(text).map_err(|error| vec![error])?;
        let mut errors = Vec::new();
        let node = compile(&placed, &mut errors);
        check_lists(&node, text.len(), &mut errors);
        if errors.is_empty() { Ok(node) } else { Err(errors) }
    }

    /// Every hole.
    pub fn each_hole<'a>(&'a self, visit: &mut dyn FnMut(&'a Hole)) {
        match self {
            Self::Literal(_) | Self::Again(_) => {}
            Self::Hole(hole) => visit(hole),
            Self::Joined(text) => text.each_hole(visit),
            Self::Object(members) => members.iter().for_each(|member| member.value.each_hole(visit)),
            Self::Array(items) | Self::Sorts(items) => items.iter().for_each(|item| item.each_hole(visit)),
            Self::Each(item) => item.each_hole(visit),
            Self::Keyed(key, value) => {
                visit(key);
                value.each_hole(visit);
            }
        }
    }

    /// Whether it holds any hole.
    pub fn has_holes(&self) -> bool {
        let mut any = false;
        self.each_hole(&mut |_| any = true);
        any
    }

    /// Whether a message without it says too little.
    pub fn is_required(&self) -> bool {
        let mut any = false;
        self.each_hole(&mut |hole| any |= !hole.optional);
        any
    }

    /// Whether it holds anything that is written as it is.
    pub fn has_literals(&self) -> bool {
        match self {
            Self::Literal(_) | Self::Again(_) => true,
            Self::Hole(_) | Self::Joined(_) => false,
            Self::Object(members) => members.iter().any(|member| member.value.has_literals()),
            Self::Array(items) | Self::Sorts(items) => items.iter().any(Node::has_literals),
            Self::Each(item) | Self::Keyed(_, item) => item.has_literals(),
        }
    }

    /// Whether the field stands in a list that is within another list.
    pub fn nests(&self, field: &Field, depth: usize) -> bool {
        match self {
            Self::Literal(_) | Self::Again(_) => false,
            Self::Hole(hole) => depth > 1 && hole.field == *field,
            Self::Joined(text) => {
                let mut any = false;
                text.each_hole(&mut |hole| any |= hole.field == *field);
                depth > 1 && any
            }
            Self::Object(members) => members.iter().any(|member| member.value.nests(field, depth)),
            Self::Array(items) => items.iter().any(|item| item.nests(field, depth)),
            Self::Each(item) => item.nests(field, depth + 1),
            Self::Sorts(sorts) => sorts.iter().any(|sort| sort.nests(field, depth + 1)),
            Self::Keyed(key, item) => depth > 0 && key.field == *field || item.nests(field, depth + 1),
        }
    }

    /// Whether other holes of the same element are read by one of its own: local
    /// times by the lock's zone, numbers by how many digits they had.
    pub(super) fn tells_how_to_read(&self) -> bool {
        match self {
            Self::Hole(hole) => hole.field == Field::LockZone || hole.codec == Codec::Length,
            Self::Object(members) => members.iter().any(|member| member.first),
            Self::Literal(_)
            | Self::Joined(_)
            | Self::Array(_)
            | Self::Each(_)
            | Self::Sorts(_)
            | Self::Again(_)
            | Self::Keyed(..) => false,
        }
    }

    /// How many lists stand at this level, not within another.
    pub(super) fn lists(&self) -> usize {
        match self {
            Self::Literal(_) | Self::Hole(_) | Self::Joined(_) | Self::Again(_) => 0,
            Self::Object(members) => members.iter().map(|member| member.value.lists()).sum(),
            Self::Array(items) => items.iter().map(Node::lists).sum(),
            Self::Each(_) | Self::Sorts(_) | Self::Keyed(..) => 1,
        }
    }

    /// The literal that a member of an object is.
    pub(super) fn member_literal(&self, key: &str) -> Option<&Value> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|member| member.key == key).and_then(|member| match &member.value {
            Self::Literal(value) => Some(value),
            _ => None,
        })
    }

    /// Whether an element of a list is of this sort: every literal of its own
    /// level is there and equal.
    pub fn is_sort_of(&self, value: &Value) -> bool {
        let Self::Object(members) = self else { return false };
        members.iter().all(|member| match &member.value {
            Self::Literal(literal) => value.get(&member.key) == Some(literal),
            _ => true,
        })
    }

    /// Whether everything that this sort must say is known of an element itself.
    fn can_say(&self, scope: &Scope<'_>) -> bool {
        let Self::Object(members) = self else { return false };
        members.iter().all(|member| match &member.value {
            Self::Hole(hole) => {
                hole.optional
                    || hole.field == crate::vendors::vocabulary::Field::Any
                    || scope.get(&hole.field).is_some()
            }
            _ => true,
        })
    }

    /// Whether the member is left out: an optional hole without a value, or an
    /// object that holds nothing but such holes.
    pub(super) fn is_left_out(&self, scope: &Scope<'_>) -> bool {
        let lacks = |hole: &Hole| hole.lacks(scope);
        match self {
            Self::Hole(hole) => lacks(hole),
            Self::Joined(text) => {
                let mut out = false;
                text.each_hole(&mut |hole| out |= lacks(hole));
                out
            }
            Self::Object(members) => {
                !members.is_empty() && members.iter().all(|member| told(members, member).is_left_out(scope))
            }
            Self::Each(item) if !item.is_required() => {
                scope.elements().iter().all(|facts| item.is_left_out(&scope.element(facts)))
                    && scope.facts.items.is_empty()
            }
            _ => false,
        }
    }

    /// Writes the message.
    pub fn fill(&self, scope: &Scope<'_>, view: View, out: &mut String) -> Result<(), Unfilled> {
        match self {
            Self::Literal(value) => write_value(value, out),
            Self::Hole(hole) => match hole.fill(scope, view)? {
                Some(value) => value.write_json(out),
                None => out.push_str("null"),
            },
            Self::Joined(text) => match text.fill(scope, view)? {
                Some(text) => write_json_text(&text, out),
                None => out.push_str("null"),
            },
            Self::Object(members) => {
                out.push('{');
                let mut first = true;
                // An object has one list; where it is told again it is the same text.
                let mut list = None;
                for member in members.iter().filter(|member| !told(members, member).is_left_out(scope)) {
                    separate(&mut first, out);
                    out.push_str(&member.written);
                    let start = out.len();
                    match (&member.value, &list) {
                        (Self::Again(_), Some(range)) => out.extend_from_within(Range::clone(range)),
                        _ => told(members, member).fill(scope, view, out)?,
                    }
                    if matches!(member.value, Self::Each(_) | Self::Sorts(_)) {
                        list = Some(start..out.len());
                    }
                }
                out.push('}');
            }
            Self::Array(items) => fill_list(items.iter().map(|item| (item, *scope)), view, out)?,
            Self::Each(item) => {
                let elements = scope.elements().iter().map(|facts| (item.as_ref(), scope.element(facts)));
                fill_list(elements, view, out)?;
            }
            Self::Sorts(sorts) => {
                let elements = scope.elements().iter().map(|facts| {
                    let element = scope.element(facts);
                    (sorts.iter().find(|sort| sort.can_say(&element)).unwrap_or(&sorts[0]), element)
                });
                fill_list(elements, view, out)?;
            }
            // It stands in an object, which writes it.
            Self::Again(_) => out.push_str("[]"),
            Self::Keyed(key, value) => {
                out.push('{');
                let mut first = true;
                for facts in scope.elements() {
                    let element = scope.element(facts);
                    let Some(name) = key.fill(&element, view)? else { continue };
                    separate(&mut first, out);
                    write_json_text(&name.into_text(), out);
                    out.push(':');
                    value.fill(&element, view, out)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

/// What a member tells: its own value, or the list of which it is the second telling.
pub fn told<'a>(members: &'a [Member], member: &'a Member) -> &'a Node {
    match &member.value {
        Node::Again(place) => members.get(*place).map_or(&member.value, |first| &first.value),
        value => value,
    }
}

fn fill_list<'a>(
    items: impl Iterator<Item = (&'a Node, Scope<'a>)>,
    view: View,
    out: &mut String,
) -> Result<(), Unfilled> {
    out.push('[');
    let mut first = true;
    for (item, scope) in items {
        separate(&mut first, out);
        item.fill(&scope, view, out)?;
    }
    out.push(']');
    Ok(())
}

fn separate(first: &mut bool, out: &mut String) {
    if !std::mem::take(first) {
        out.push(',');
    }
}

fn write_value(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => write_json_text(text, out),
        other => out.push_str(&other.to_string()),
    }
}
