//! From the shape of a message to an example with holes.

use serde_json::Value;

use super::codecs::spelling;
use super::confidence::{Confidence, Guess};
use super::drafted::{Course, Drafted, Found};
use super::fields::{Stand, signs, subject, subject_of_access};
use super::lists::best_list;
use super::node::Node;
use super::shape::{Kind, Member, Shape};
use super::words::{Concept, concept, joined, split};
use crate::vendors::vocabulary::{Field, Meaning};

/// The example of an answer.
pub(super) fn answer(shape: &Shape, course: Course<'_>) -> Drafted {
    if let Some(bare) = bare(shape, course) {
        return bare;
    }
    let listing = matches!(
        course.meaning,
        Meaning::ListGroups | Meaning::ListLocks | Meaning::ListPins | Meaning::ListMobile
    );
    let list = listing.then(|| best_list(shape, subject(course.meaning, true))).flatten();
    let mut found = Vec::new();
    let walk = Walk { course, answer: true, list: list.as_deref() };
    walk.collect(shape, &mut Vec::new(), walk.subject_at_top(shape), None, false, &mut found);
    let chosen = choose(found);
    let mut drafted = Drafted::default();
    let node = walk.build_answer(shape, &mut Vec::new(), true, &chosen, &mut drafted);
    drafted.node = node;
    let carries = !drafted.fields.is_empty();
    if !carries {
        drafted.node =
            drafted.node.filter(|_| drafted.guesses.iter().any(|guess| guess.what.contains("success")));
    }
    drafted
}

/// An answer that is one value alone: the PIN, or the token.
fn bare(shape: &Shape, course: Course<'_>) -> Option<Drafted> {
    let field = match course.meaning {
        Meaning::SetPin => Field::AccessTyped,
        Meaning::AlgoPin => Field::AlgoPin,
        Meaning::GetToken => Field::AuthToken,
        _ => return None,
    };
    let spelled = spelling(&field, "", shape, false)
        .filter(|_| matches!(shape.kind, Kind::Text | Kind::Number { .. }))?;
    let what = format!("the whole answer is {field}");
    Some(Drafted {
        node: Some(Node::Hole(format!("{field}{}", spelled.codec))),
        fields: vec![(field, false)],
        guesses: vec![Guess::new(
            Confidence::Likely,
            what,
            format!("{}, and the answer holds nothing else", spelled.why),
        )],
        ..Drafted::default()
    })
}

/// The example of a request's body.
pub(super) fn request(shape: &Shape, course: Course<'_>) -> Drafted {
    let mut found = Vec::new();
    let walk = Walk { course, answer: false, list: None };
    walk.collect(shape, &mut Vec::new(), subject(course.meaning, false), None, false, &mut found);
    let chosen = choose(found);
    let mut drafted = Drafted::default();
    drafted.node = walk.build_request(shape, &mut Vec::new(), &chosen, &mut drafted);
    drafted
}

/// Each field once, where its sign is best, apart within a list and around it;
/// and one hole for each member.
fn choose(mut found: Vec<Found>) -> Vec<Found> {
    // What lies deeper is the worse sign of two alike.
    found.sort_by_key(|one| one.sign.rank + 2 * one.path.len());
    let mut chosen: Vec<Found> = Vec::new();
    for one in found {
        let taken = chosen.iter().any(|other| {
            other.path == one.path || other.sign.field == one.sign.field && other.in_list == one.in_list
        });
        if !taken {
            chosen.push(one);
        }
    }
    chosen
}

pub(super) struct Walk<'a> {
    pub course: Course<'a>,
    pub answer: bool,
    /// The list that holds what is asked for.
    list: Option<&'a [String]>,
}

impl Walk<'_> {
    /// What plain names at the top are about: of an answer to a command, the
    /// command, where it says how the command stands.
    fn subject_at_top(&self, shape: &Shape) -> Concept {
        let usual = subject(self.course.meaning, true);
        let stands = |member: &Member| {
            ["status", "state"].contains(&joined(&split(&member.name)).as_str())
                && spelling(&Field::JobState, &member.name, &member.shape, false).is_some()
        };
        if usual == Concept::Action && shape.members().iter().any(stands) { Concept::Job } else { usual }
    }

    fn collect(
        &self,
        shape: &Shape,
        path: &mut Vec<String>,
        subject: Concept,
        parent: Option<&str>,
        in_list: bool,
        found: &mut Vec<Found>,
    ) {
        match &shape.kind {
            Kind::Object(members) => {
                for member in members {
                    path.push(member.name.clone());
                    let stand =
                        Stand { meaning: self.course.meaning, answer: self.answer, subject, parent, in_list };
                    self.leaf(member, path, stand, found);
                    let (inner, name) = (self.inner_subject(member, subject), member.name.as_str());
                    self.collect(&member.shape, path, inner, Some(name), in_list, found);
                    path.pop();
                }
            }
            Kind::List(item) | Kind::Keyed(item) if self.enters(path) => {
                path.push("[]".to_owned());
                // An element is what the list is of, not what holds the list.
                let element =
                    if self.answer { super::fields::subject(self.course.meaning, true) } else { subject };
                let name = path.iter().rev().nth(1).cloned();
                self.scalar_element(item, path, name.as_deref(), subject, found);
                self.collect(item, path, element, None, self.answer, found);
                path.pop();
            }
            _ => {}
        }
    }

    pub(super) fn enters(&self, path: &[String]) -> bool {
        if self.answer { self.list == Some(path) } else { !path.iter().any(|name| name == "[]") }
    }

    /// `lockIds: ["…"]`: the name of the list says what its elements are.
    fn scalar_element(
        &self,
        item: &Shape,
        path: &[String],
        name: Option<&str>,
        subject: Concept,
        found: &mut Vec<Found>,
    ) {
        if self.answer || !item.members().is_empty() {
            return;
        }
        let Some(name) = name else { return };
        let stand =
            Stand { meaning: self.course.meaning, answer: false, subject, parent: None, in_list: true };
        self.add(name, item, path, stand, found);
    }

    fn leaf(&self, member: &Member, path: &[String], stand: Stand<'_>, found: &mut Vec<Found>) {
        if matches!(member.shape.kind, Kind::Object(_) | Kind::List(_) | Kind::Keyed(_)) {
            return;
        }
        if self.course.fixed.is_some_and(|(fixed, _)| fixed[..] == *path) {
            return;
        }
        self.add(&member.name, &member.shape, path, stand, found);
    }

    fn add(&self, name: &str, shape: &Shape, path: &[String], stand: Stand<'_>, found: &mut Vec<Found>) {
        for mut sign in signs(name, stand) {
            if sign.field == Field::LockId && self.course.lock_id == Some(name) {
                sign.rank = 0;
                sign.why = format!("named `{name}`, as the paths name a lock's id");
            }
            let Some(spelled) = spelling(&sign.field, name, shape, self.course.form) else { continue };
            let named = if sign.rank < 6 {
                Confidence::Sure
            } else if sign.rank < 30 {
                Confidence::Likely
            } else {
                Confidence::Unsure
            };
            found.push(Found {
                path: path.to_vec(),
                sign,
                codec: spelled.codec,
                seen: spelled.why,
                confidence: named.min(spelled.confidence),
                in_list: stand.in_list && self.answer,
            });
        }
    }

    /// What plain names within a member are about.
    fn inner_subject(&self, member: &Member, outer: Concept) -> Concept {
        let Some((inner, _)) = concept(&member.name) else { return outer };
        let inner = if inner == Concept::Access { subject_of_access(self.course.meaning) } else { inner };
        let ours = matches!(
            inner,
            Concept::Lock
                | Concept::Group
                | Concept::User
                | Concept::Pin
                | Concept::Mobile
                | Concept::Job
                | Concept::Hold
                | Concept::Algo
        );
        // `properties` and `state` hold what is said of the thing itself.
        let identified = member.shape.members().iter().any(|member| {
            let name = joined(&split(&member.name));
            name == "id" || name == "uuid" || name.ends_with("id") || !self.answer && name == "email"
        });
        if ours && identified { inner } else { outer }
    }

    fn build_answer(
        &self,
        shape: &Shape,
        path: &mut Vec<String>,
        required: bool,
        chosen: &[Found],
        drafted: &mut Drafted,
    ) -> Option<Node> {
        match &shape.kind {
            Kind::Object(members) => {
                let mut kept = Vec::new();
                for member in members {
                    path.push(member.name.clone());
                    let always = required && member.required == Some(true) && !member.shape.nullable;
                    let node = match chosen.iter().find(|one| one.path == *path) {
                        Some(one) => Some(self.hole(one, always, drafted)),
                        None if is_leaf(&member.shape) => self.unknown_in_answer(member, path, drafted),
                        None => self.build_answer(&member.shape, path, always, chosen, drafted),
                    };
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
                let node = self.build_answer(item, path, true, chosen, drafted);
                path.pop();
                node.map(|node| Node::List(Box::new(node)))
            }
            Kind::Keyed(item) if self.enters(path) => {
                path.push("[]".to_owned());
                let node = self.build_answer(item, path, true, chosen, drafted);
                path.pop();
                let id = keyed_by(self.course.meaning).filter(|id| !drafted.has(id))?;
                drafted.guesses.push(Guess::new(
                    Confidence::Unsure,
                    format!("the keys of `{}` are {id}", shown(path)),
                    "the objects within bear no id",
                ));
                drafted.fields.push((id.clone(), false));
                node.map(|node| Node::Keyed(id.to_string(), Box::new(node)))
            }
            _ => chosen.iter().find(|one| one.path == *path).map(|one| self.hole(one, true, drafted)),
        }
    }

    pub(super) fn hole(&self, one: &Found, always: bool, drafted: &mut Drafted) -> Node {
        let field = &one.sign.field;
        let optional =
            if self.answer { !always && !is_essential(field, self.course.meaning) } else { !always };
        let inner = format!("{field}{}{}", if optional { "?" } else { "" }, one.codec);
        let what = format!("{} `{}` is {field}", self.side(), shown(&one.path));
        let why = format!("{}, {}", one.sign.why, one.seen);
        drafted.guesses.push(Guess::new(one.confidence, what, why));
        drafted.fields.push((field.clone(), optional));
        Node::Hole(inner)
    }

    fn side(&self) -> &'static str {
        if self.answer { "answer" } else { "request" }
    }

    /// A value of an answer that is none of ours: shown where it is always
    /// there, but never so that it decides by accident.
    fn unknown_in_answer(&self, member: &Member, path: &[String], drafted: &mut Drafted) -> Option<Node> {
        let name = joined(&split(&member.name));
        let outside = !path.iter().any(|name| name == "[]");
        let shape = &member.shape;
        let flag = ["ok", "success", "succeeded", "issuccess"].contains(&name.as_str());
        if outside && flag && shape.kind == Kind::Bool && shape.example != Some(Value::Bool(false)) {
            let what = format!("answer `{}` is true of a success alone", shown(path));
            drafted.guesses.push(Guess::new(
                Confidence::Likely,
                what,
                format!("named `{}`, yes or no", member.name),
            ));
            return Some(Node::Literal(Value::Bool(true)));
        }
        let code = ["errcode", "errorcode", "resultcode", "retcode"].contains(&name.as_str());
        if path.len() == 1 && code && shape.example == Some(Value::from(0)) {
            let what = format!("answer `{}` is 0 of a success alone", shown(path));
            drafted.guesses.push(Guess::new(
                Confidence::Likely,
                what,
                format!("named `{}`, and the example shows 0", member.name),
            ));
            drafted.success = Some(Node::Object(vec![(member.name.clone(), Node::Literal(Value::from(0)))]));
            return Some(Node::Literal(Value::from(0)));
        }
        let always = member.required == Some(true) && !shape.nullable;
        match shape.sample().filter(|_| always) {
            Some(Value::Bool(_)) if outside => Some(Node::Hole("any".to_owned())),
            Some(value @ (Value::Bool(_) | Value::Number(_) | Value::String(_))) => {
                Some(Node::Literal(short(value)))
            }
            _ => None,
        }
    }
}

pub(super) fn is_leaf(shape: &Shape) -> bool {
    !matches!(shape.kind, Kind::Object(_) | Kind::List(_) | Kind::Keyed(_))
}

fn keyed_by(meaning: Meaning) -> Option<Field> {
    match meaning {
        Meaning::ListGroups => Some(Field::GroupId),
        Meaning::ListLocks => Some(Field::LockId),
        Meaning::ListPins => Some(Field::AccessId),
        Meaning::ListMobile => Some(Field::MobileId),
        _ => None,
    }
}

/// Without these an answer says too little to go on.
fn is_essential(field: &Field, meaning: Meaning) -> bool {
    match meaning {
        Meaning::ListGroups => *field == Field::GroupId,
        Meaning::ListLocks | Meaning::GetLock => *field == Field::LockId,
        Meaning::ListMobile | Meaning::CreateMobile => *field == Field::MobileId,
        Meaning::AlgoPin => *field == Field::AlgoPin,
        Meaning::GetToken | Meaning::RefreshToken => *field == Field::AuthToken,
        Meaning::UpsertUser => *field == Field::UserId,
        Meaning::PollJob => *field == Field::JobState,
        _ => matches!(field, Field::AccessId | Field::JobId),
    }
}

/// A path as people read it.
pub(super) fn shown(path: &[String]) -> String {
    let mut text = String::new();
    for name in path {
        if name == "[]" {
            text.push_str("[]");
        } else {
            if !text.is_empty() {
                text.push('.');
            }
            text.extend(name.chars().map(|c| if c.is_control() || c == '`' { ' ' } else { c }));
        }
    }
    if text.is_empty() { "the whole".to_owned() } else { text }
}

/// A name that a setting may have.
pub(super) fn setting_name(name: &str) -> String {
    let words = split(name).join("_");
    let plain: String = words.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if plain.is_empty() { "value".to_owned() } else { plain.chars().take(60).collect() }
}

fn short(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.chars().take(80).collect()),
        other => other,
    }
}
