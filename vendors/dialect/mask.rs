//! Messages as people may see them: what stands in a hole for a secret or a PIN
//! is masked by the hole's type. An answer is masked hole by hole; of a request
//! that came from elsewhere it is told how each is spelled.

use serde_json::Value;

use super::codec::Codec;
use super::form::{AnswerForm, Body};
use super::operation::Operation;
use super::template::{Hole, Node, Scope, Text, View, told};
use crate::vendors::vocabulary::Facts;
use crate::vendors::wire::WireResponse;

impl Operation {
    /// How the PINs and secrets of a request are spelled in it, each with what is
    /// shown instead: a PIN may go as a number without its leading zeros, or in
    /// base64, in which nobody would look for it.
    pub fn spelled_secrets(&self, asked: &Facts) -> Vec<(String, &'static str)> {
        let mut spelled = Vec::new();
        for facts in std::iter::once(asked).chain(&asked.items) {
            let scope = Scope::request(facts);
            for (place, hole) in self.request_holes() {
                let Some(mask) = hole.mask().filter(|_| place != "signature" && facts.has(&hole.field))
                else {
                    continue;
                };
                let mut text = String::new();
                if let Ok(Some(value)) = hole.fill(&scope, View::Exposed) {
                    value.write_text(&mut text);
                    // How many keys a PIN has is no spelling of it.
                    spelled.extend((hole.codec != Codec::Length).then_some((text, mask)));
                }
            }
        }
        spelled
    }

    /// Whether a documented answer, success or error, has a member of that name
    /// anywhere: then the name is the profile's own word.
    pub fn tells_member(&self, name: &str) -> bool {
        let errors = self.documented_errors().map(|error| &error.form);
        std::iter::once(&self.success).chain(errors).any(|form| {
            let shown = if let Body::Json(node) = &form.body { Some(node) } else { None };
            shown.into_iter().chain(&form.predicate).any(|node| has_member(node, name))
        })
    }
}

fn has_member(node: &Node, name: &str) -> bool {
    match node {
        Node::Literal(value) => has_literal_member(value, name),
        Node::Hole(_) | Node::Joined(_) | Node::Again(_) => false,
        Node::Object(members) => {
            members.iter().any(|member| member.key == name || has_member(&member.value, name))
        }
        Node::Array(nodes) | Node::Sorts(nodes) => nodes.iter().any(|node| has_member(node, name)),
        Node::Each(node) | Node::Keyed(_, node) => has_member(node, name),
    }
}

fn has_literal_member(value: &Value, name: &str) -> bool {
    match value {
        Value::Object(members) => {
            members.iter().any(|(key, value)| key == name || has_literal_member(value, name))
        }
        Value::Array(items) => items.iter().any(|item| has_literal_member(item, name)),
        _ => false,
    }
}

pub(super) fn masked(form: &AnswerForm, response: &WireResponse) -> WireResponse {
    let mut shown = response.clone();
    if let Body::Json(node) = &form.body
        && hides(node)
        && let Ok(mut value) = serde_json::from_slice::<Value>(&response.body)
    {
        mask_value(node, &mut value);
        shown.body = value.to_string().into_bytes();
    }
    if let Body::Text(text) = &form.body
        && let Some(mask) = text_mask(text)
        && !response.body.is_empty()
    {
        shown.body = mask.as_bytes().to_vec();
    }
    for (name, text) in &form.headers {
        if let Some(mask) = text_mask(text) {
            for (_, value) in shown.headers.iter_mut().filter(|(key, _)| key.eq_ignore_ascii_case(name)) {
                *value = mask.to_owned();
            }
        }
    }
    shown
}

fn hides(node: &Node) -> bool {
    let mut any = false;
    node.each_hole(&mut |hole| any |= hole.mask().is_some());
    any
}

fn text_mask(text: &Text) -> Option<&'static str> {
    let mut mask = None;
    text.each_hole(&mut |hole: &Hole| mask = mask.or(hole.mask()));
    mask
}

fn mask_value(node: &Node, value: &mut Value) {
    match (node, value) {
        (_, Value::Null) | (Node::Literal(_), _) => {}
        (Node::Hole(hole), value) => {
            if let Some(mask) = hole.mask() {
                *value = Value::String(mask.to_owned());
            }
        }
        (Node::Joined(text), value) => {
            if let Some(mask) = text_mask(text) {
                *value = Value::String(mask.to_owned());
            }
        }
        (Node::Object(members), Value::Object(object)) => {
            for member in members {
                if let Some(value) = object.get_mut(&member.key) {
                    mask_value(told(members, member), value);
                }
            }
        }
        (Node::Array(nodes), Value::Array(items)) => {
            nodes.iter().zip(items).for_each(|(node, item)| mask_value(node, item));
        }
        (Node::Sorts(sorts), Value::Array(items)) => {
            for item in items {
                if let Some(sort) = sorts.iter().find(|sort| sort.is_sort_of(item)) {
                    mask_value(sort, item);
                }
            }
        }
        (Node::Each(node), Value::Array(items)) => items.iter_mut().for_each(|item| mask_value(node, item)),
        (Node::Keyed(key, node), Value::Object(object)) => {
            object.values_mut().for_each(|item| mask_value(node, item));
            if let Some(mask) = key.mask() {
                let items: Vec<Value> = std::mem::take(object).into_iter().map(|(_, item)| item).collect();
                object.insert(mask.to_owned(), Value::Array(items));
            }
        }
        // Another shape than documented: nothing in it is known to be harmless.
        (_, value) => {
            if hides(node) {
                *value = Value::String("‹another shape›".to_owned());
            }
        }
    }
}
