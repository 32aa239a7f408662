//! The example of a request's body: what is recognised becomes a hole, what must
//! be sent besides says what the description shows, or is asked of the run.

use serde_json::Value;

use super::confidence::{Confidence, Guess};
use super::drafted::{Drafted, Found};
use super::message::{Walk, is_leaf, setting_name, shown};
use super::node::{Node, has_hole_or_fixed};
use super::shape::{Kind, Member, Shape};
use super::words::{joined, split};
use crate::vendors::vocabulary::{Field, Meaning};

impl Walk<'_> {
    pub(super) fn build_request(
        &self,
        shape: &Shape,
        path: &mut Vec<String>,
        chosen: &[Found],
        drafted: &mut Drafted,
    ) -> Option<Node> {
        match &shape.kind {
            Kind::Object(members) => {
                let mut kept = Vec::new();
                for member in members {
                    path.push(member.name.clone());
                    let node = self.request_member(member, path, chosen, drafted);
                    match node {
                        Some(node) => kept.push((member.name.clone(), node)),
                        None => drafted.left_out.push(shown(path)),
                    }
                    path.pop();
                }
                (!kept.is_empty()).then_some(Node::Object(kept))
            }
            Kind::List(item) if self.enters(path) => {
                path.push("[]".to_owned());
                let node = match chosen.iter().find(|one| one.path == *path) {
                    Some(one) => Some(self.hole(one, true, drafted)),
                    None => self.build_request(item, path, chosen, drafted),
                };
                path.pop();
                node.map(|node| Node::List(Box::new(node)))
            }
            _ => None,
        }
    }

    fn request_member(
        &self,
        member: &Member,
        path: &mut Vec<String>,
        chosen: &[Found],
        drafted: &mut Drafted,
    ) -> Option<Node> {
        if let Some((_, value)) = self.course.fixed.filter(|(fixed, _)| fixed[..] == **path) {
            let what = format!("request `{}` says {value}", shown(path));
            drafted.guesses.push(Guess::new(Confidence::Likely, what, "it names what is done"));
            return Some(Node::Literal(value.clone()));
        }
        if let Some(one) = chosen.iter().find(|one| one.path == *path) {
            let always = self.is_always_sent(one, member, chosen);
            return Some(self.hole(one, always, drafted));
        }
        if let Some(node) = credential(self.course.meaning, member, drafted) {
            return Some(node);
        }
        let needed = member.required.unwrap_or(self.course.recorded);
        if !is_leaf(&member.shape) {
            let node = self.build_request(&member.shape, path, chosen, drafted).filter(has_hole_or_fixed);
            return match &member.shape.kind {
                Kind::List(item) if node.is_none() && needed => {
                    self.unknown_list(member, item, path, drafted)
                }
                _ => node,
            };
        }
        if needed { self.unknown_in_request(member, path, drafted) } else { None }
    }

    /// A list that must be sent and is not understood: what is shown of it.
    fn unknown_list(
        &self,
        member: &Member,
        item: &Shape,
        path: &[String],
        drafted: &mut Drafted,
    ) -> Option<Node> {
        if !is_leaf(item) {
            return Some(Node::Literal(Value::Array(Vec::new())));
        }
        let only = Member { name: member.name.clone(), shape: item.clone(), required: Some(true) };
        match self.unknown_in_request(&only, path, drafted)? {
            Node::Literal(value) => Some(Node::Literal(Value::Array(vec![value]))),
            node => Some(Node::List(Box::new(node))),
        }
    }

    /// Whether a value is sent in every request.
    fn is_always_sent(&self, one: &Found, member: &Member, chosen: &[Found]) -> bool {
        let field = &one.sign.field;
        let has = |field: &Field| chosen.iter().any(|other| other.sign.field == *field);
        let either =
            |left: Field, right: Field| (*field == left || *field == right) && has(&left) && has(&right);
        if either(Field::LockId, Field::GroupId)
            || either(Field::HoldUntil, Field::HoldSeconds)
            || member.shape.nullable
        {
            return false;
        }
        // What a caller need not give.
        let usual = !matches!(
            field,
            Field::UserName | Field::UserEmail | Field::PulseSeconds | Field::PageCursor | Field::GroupId
        );
        member.required.unwrap_or(self.course.recorded && usual) || is_essential_in_request(field)
    }

    fn unknown_in_request(&self, member: &Member, path: &[String], drafted: &mut Drafted) -> Option<Node> {
        let place = shown(path);
        let shape = &member.shape;
        if let Some(value) = shape.sample().filter(|value| !value.is_null()) {
            let only = shape.values.len() == 1;
            let (confidence, why) = if only {
                (Confidence::Sure, "it has one value")
            } else {
                (Confidence::Unsure, "the first value that is shown, sent every time")
            };
            drafted.guesses.push(Guess::new(confidence, format!("request `{place}` says {value}"), why));
            return Some(Node::Literal(value));
        }
        match shape.kind {
            Kind::Bool => {
                drafted.guesses.push(Guess::new(
                    Confidence::Unsure,
                    format!("request `{place}` says false"),
                    "it must be sent, and no value is shown",
                ));
                Some(Node::Literal(Value::Bool(false)))
            }
            Kind::Text | Kind::Number { whole: true } => {
                let name = setting_name(&member.name);
                let codec = if shape.kind == Kind::Text || self.course.form { "" } else { " | int" };
                drafted.guesses.push(Guess::new(
                    Confidence::Unsure,
                    format!("request `{place}` is setting.{name}"),
                    "it must be sent, it is not understood, and no value is shown",
                ));
                drafted.settings.push((
                    name.clone(),
                    shape.text.clone().unwrap_or_else(|| format!("The value of `{place}` in requests")),
                ));
                Some(Node::Hole(format!("setting.{name}{codec}")))
            }
            _ => None,
        }
    }
}

/// What a token is asked for with.
fn credential(meaning: Meaning, member: &Member, drafted: &mut Drafted) -> Option<Node> {
    if !matches!(meaning, Meaning::GetToken | Meaning::RefreshToken) {
        return None;
    }
    let name = joined(&split(&member.name));
    if name == "granttype" {
        let wanted: &[&str] = if meaning == Meaning::RefreshToken {
            &["refresh_token"]
        } else {
            &["client_credentials", "password"]
        };
        let shown: Vec<&str> =
            member.shape.values.iter().chain(&member.shape.example).filter_map(Value::as_str).collect();
        let grant = wanted.iter().find(|grant| shown.contains(*grant)).or(wanted.first())?;
        drafted.guesses.push(Guess::new(
            Confidence::Likely,
            format!("request `{}` says `{grant}`", member.name),
            "a run has no person who could agree",
        ));
        return Some(Node::Literal(Value::String((*grant).to_owned())));
    }
    let secret = match name.as_str() {
        "clientid" => "client_id",
        "clientsecret" => "client_secret",
        "username" | "user" | "login" | "email" => "username",
        "password" => "password",
        "apikey" | "key" => "api_key",
        "apisecret" | "secret" => "api_secret",
        _ => return None,
    };
    drafted.guesses.push(Guess::new(
        Confidence::Sure,
        format!("request `{}` is secret.{secret}", member.name),
        format!("named `{}`", member.name),
    ));
    Some(Node::Hole(format!("secret.{secret}")))
}

fn is_essential_in_request(field: &Field) -> bool {
    matches!(field, Field::AccessId | Field::MobileId | Field::JobId | Field::UserId)
}
