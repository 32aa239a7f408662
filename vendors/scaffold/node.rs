//! A message as it will stand in the profile: JSON with holes.

use serde_json::Value;

/// A message under drafting.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// As it is.
    Literal(Value),
    /// What stands between the braces of a hole.
    Hole(String),
    Object(Vec<(String, Node)>),
    /// A list with one element that stands for all.
    List(Box<Node>),
    /// An object keyed by a hole.
    Keyed(String, Box<Node>),
}

impl Node {
    /// The message as it stands in the profile.
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.write_to(&mut out, 0);
        out
    }

    fn write_to(&self, out: &mut String, depth: usize) {
        match self {
            Self::Literal(value) => out.push_str(&doubled(value).to_string()),
            Self::Hole(inner) => out.push_str(&Value::String(format!("{{{inner}}}")).to_string()),
            Self::Object(members) => {
                let flat = self.flat();
                let pad = "  ".repeat(depth + 1);
                out.push('{');
                for (position, (name, node)) in members.iter().enumerate() {
                    out.push_str(if position > 0 { "," } else { "" });
                    out.push_str(&if flat { " ".to_owned() } else { format!("\n{pad}") });
                    out.push_str(&Value::String(name.clone()).to_string());
                    out.push_str(": ");
                    node.write_to(out, depth + 1);
                }
                out.push_str(&if flat { " }".to_owned() } else { format!("\n{}}}", "  ".repeat(depth)) });
            }
            Self::List(item) => {
                out.push('[');
                item.write_to(out, depth);
                out.push(']');
            }
            Self::Keyed(inner, item) => {
                out.push_str(&format!("{{ {}: ", Value::String(format!("{{{inner}}}"))));
                item.write_to(out, depth);
                out.push_str(" }");
            }
        }
    }

    /// Whether it fits on a line.
    fn flat(&self) -> bool {
        self.width() <= 90
    }

    fn width(&self) -> usize {
        match self {
            Self::Literal(value) => value.to_string().len(),
            Self::Hole(inner) => inner.len() + 4,
            Self::Object(members) => {
                members.iter().map(|(name, node)| name.len() + node.width() + 6).sum::<usize>() + 2
            }
            Self::List(item) => item.width() + 2,
            Self::Keyed(inner, item) => inner.len() + item.width() + 10,
        }
    }
}

/// Braces as such are written twice.
fn doubled(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('{', "{{").replace('}', "}}")),
        Value::Array(items) => Value::Array(items.iter().map(doubled).collect()),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), doubled(value))).collect())
        }
        other => other.clone(),
    }
}

/// Whether it says anything: a hole, or a value that was decided upon.
pub(super) fn has_hole_or_fixed(node: &Node) -> bool {
    match node {
        Node::Literal(value) => !value.is_object() && !value.is_array(),
        Node::Hole(_) | Node::Keyed(..) => true,
        Node::Object(members) => members.iter().any(|(_, node)| has_hole_or_fixed(node)),
        Node::List(item) => has_hole_or_fixed(item),
    }
}
