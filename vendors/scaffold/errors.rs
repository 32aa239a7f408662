//! How calls are refused: documented answers that are no success.

use serde_json::Value;

use super::confidence::{Confidence, Guess};
use super::description::{Answer, Endpoint};
use super::node::Node;
use super::shape::{Kind, Shape};
use super::words::{joined, split};
use crate::vendors::vocabulary::FailureKind;

/// A refusal.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub status: u16,
    pub kind: FailureKind,
    pub body: Option<Node>,
    /// Whether its headers say after how long to come again.
    pub retry_after: bool,
    pub guess: Guess,
}

impl Refusal {
    /// Whether it says the same as another one.
    pub fn same(&self, other: &Refusal) -> bool {
        self.status == other.status
            && self.kind == other.kind
            && self.body == other.body
            && self.retry_after == other.retry_after
    }
}

/// What a status usually means.
const STATUSES: &[(u16, FailureKind, Confidence)] = &[
    (400, FailureKind::Invalid, Confidence::Likely),
    (401, FailureKind::Credentials, Confidence::Sure),
    (402, FailureKind::Payment, Confidence::Likely),
    (403, FailureKind::Forbidden, Confidence::Likely),
    (404, FailureKind::NotFound, Confidence::Sure),
    (405, FailureKind::Unsupported, Confidence::Likely),
    (406, FailureKind::Invalid, Confidence::Unsure),
    (408, FailureKind::UpstreamTimeout, Confidence::Likely),
    (409, FailureKind::Conflict, Confidence::Likely),
    (410, FailureKind::NotFound, Confidence::Likely),
    (412, FailureKind::Invalid, Confidence::Unsure),
    (415, FailureKind::Invalid, Confidence::Likely),
    (422, FailureKind::Invalid, Confidence::Sure),
    (423, FailureKind::Busy, Confidence::Likely),
    (425, FailureKind::Busy, Confidence::Likely),
    (428, FailureKind::Invalid, Confidence::Unsure),
    (429, FailureKind::RateLimited, Confidence::Sure),
    (500, FailureKind::Server, Confidence::Sure),
    (501, FailureKind::Unsupported, Confidence::Likely),
    (502, FailureKind::Server, Confidence::Likely),
    (503, FailureKind::Server, Confidence::Likely),
    (504, FailureKind::UpstreamTimeout, Confidence::Sure),
];

/// Words by which a refusal says what it means, joined.
const SAYINGS: &[(FailureKind, &[&str])] = &[
    (
        FailureKind::Offline,
        &["offline", "unreachable", "disconnected", "not connected", "cannot be reached", "no gateway"],
    ),
    (FailureKind::Busy, &["busy", "in progress", "another request", "already running"]),
    (
        FailureKind::Full,
        &[
            "no room",
            "no more room",
            "full",
            "limit of codes",
            "too many codes",
            "capacity",
            "maximum number",
        ],
    ),
    (FailureKind::Conflict, &["already exist", "exists", "duplicate", "in use", "conflict"]),
    (FailureKind::UpstreamTimeout, &["timed out", "timeout", "time out", "did not answer"]),
    (FailureKind::RateLimited, &["rate limit", "too many requests", "rate_limit"]),
    (FailureKind::Payment, &["payment", "licence", "license", "subscription", "quota"]),
];

/// The documented refusals of an exchange, those of one status together.
pub(super) fn refusals(endpoint: &Endpoint) -> Vec<Vec<Refusal>> {
    let mut groups = Vec::new();
    for answer in endpoint.answers.iter().filter(|answer| answer.status.is_some_and(|status| status >= 400)) {
        let group = of_answer(answer, answer.status.unwrap_or_default());
        if !group.is_empty() {
            groups.push(group);
        }
    }
    let any = endpoint.answers.iter().find(|answer| answer.status.is_none() && answer.content.is_some());
    if let Some(any) = any.filter(|_| groups.is_empty()) {
        // One answer for every refusal: the statuses that vendors use most.
        for status in [400, 401, 403, 404, 429, 500] {
            let mut group = of_answer(any, status);
            for refusal in &mut group {
                refusal.guess.confidence = Confidence::Unsure;
                refusal.guess.why =
                    "the description has one answer for every refusal, and tells no status".to_owned();
            }
            groups.extend((!group.is_empty()).then_some(group));
        }
    }
    groups
}

fn of_answer(answer: &Answer, status: u16) -> Vec<Refusal> {
    let retry_after = answer.headers.iter().any(|header| header.eq_ignore_ascii_case("retry-after"));
    let Some(shape) = answer.content.as_ref().map(|content| &content.shape) else {
        return kind_of(status, &answer.text)
            .map(|(kind, guess)| Refusal { status, kind, body: None, retry_after, guess })
            .into_iter()
            .collect();
    };
    let codes = codes(answer);
    if codes.len() < 2 {
        let said = format!("{} {}", answer.text, codes.first().map_or("", |(_, _, said)| said.as_str()));
        return kind_of(status, &said)
            .map(|(kind, guess)| Refusal { status, kind, body: body(shape, None), retry_after, guess })
            .into_iter()
            .collect();
    }
    // Several refusals under one status are told apart by their codes.
    codes
        .iter()
        .filter_map(|(name, code, said)| {
            let (kind, guess) = kind_of(status, &format!("{name} {said}"))?;
            Some(Refusal { status, kind, body: body(shape, Some(code)), retry_after, guess })
        })
        .collect()
}

/// The codes that the examples show: the example's name, the code, and all that
/// the example says.
fn codes(answer: &Answer) -> Vec<(String, Value, String)> {
    let mut codes: Vec<(String, Value, String)> = Vec::new();
    for (name, example) in &answer.examples {
        if let Some(code) =
            find_code(example).filter(|code| !codes.iter().any(|(_, known, _)| known == *code))
        {
            codes.push((name.clone(), code.clone(), example.to_string()));
        }
    }
    codes
}

const CODES: &[&str] = &["code", "errorcode", "errcode", "type", "errortype", "error", "key", "reason"];
const MESSAGES: &[&str] = &[
    "message",
    "errormessage",
    "detail",
    "detailmessage",
    "errordescription",
    "description",
    "msg",
    "errmsg",
    "title",
    "text",
    "errormsg",
];

fn find_code(example: &Value) -> Option<&Value> {
    let members = example.as_object()?;
    let leaf = |value: &&Value| value.is_string() || value.is_i64();
    let named = |names: &[&str]| {
        members
            .iter()
            .find(|(name, value)| names.contains(&joined(&split(name)).as_str()) && leaf(value))
            .map(|(_, value)| value)
    };
    named(CODES).or_else(|| members.values().find_map(find_code))
}

/// The body of a refusal: its words and its code, or the code that tells it apart.
fn body(shape: &Shape, code: Option<&Value>) -> Option<Node> {
    let mut seen = (false, false);
    build(shape, code, 0, &mut seen)
}

fn build(shape: &Shape, code: Option<&Value>, depth: usize, seen: &mut (bool, bool)) -> Option<Node> {
    let mut kept = Vec::new();
    let members = shape.members();
    let best = |names: &[&str]| {
        names.iter().find_map(|name| {
            members.iter().position(|member| {
                joined(&split(&member.name)) == *name
                    && matches!(member.shape.kind, Kind::Text | Kind::Number { whole: true })
            })
        })
    };
    let (code_at, message_at) = (best(CODES).filter(|_| !seen.1), best(MESSAGES).filter(|_| !seen.0));
    for (position, member) in members.iter().enumerate() {
        let whole = matches!(member.shape.kind, Kind::Number { .. });
        let node = if Some(position) == message_at && !whole {
            seen.0 = true;
            Some(Node::Hole("error.message?".to_owned()))
        } else if Some(position) == code_at {
            seen.1 = true;
            let hole = if whole { "error.code? | int" } else { "error.code?" };
            Some(code.map_or_else(|| Node::Hole(hole.to_owned()), |code| Node::Literal(code.clone())))
        } else if depth < 3 {
            build(&member.shape, code, depth + 1, seen)
        } else {
            None
        };
        kept.extend(node.map(|node| (member.name.clone(), node)));
    }
    (!kept.is_empty()).then_some(Node::Object(kept))
}

fn kind_of(status: u16, said: &str) -> Option<(FailureKind, Guess)> {
    let lower = said.to_lowercase().replace(['_', '-'], " ");
    let open =
        matches!(status, 400 | 403 | 404 | 406 | 408 | 409 | 412 | 422 | 423 | 424 | 428 | 500 | 502 | 503);
    let saying = SAYINGS
        .iter()
        .find_map(|(kind, words)| Some((*kind, words.iter().find(|word| lower.contains(**word))?)));
    if let Some((kind, word)) = saying.filter(|_| open) {
        let what = format!("{status} is {}", kind.as_str());
        return Some((kind, Guess::new(Confidence::Likely, what, format!("its words speak of `{word}`"))));
    }
    let usual = STATUSES
        .iter()
        .find(|(known, _, _)| *known == status)
        .map(|(_, kind, confidence)| (*kind, *confidence));
    let (kind, confidence) = usual.unwrap_or(if status >= 500 {
        (FailureKind::Server, Confidence::Unsure)
    } else {
        (FailureKind::Invalid, Confidence::Unsure)
    });
    Some((
        kind,
        Guess::new(confidence, format!("{status} is {}", kind.as_str()), "what this status usually means"),
    ))
}
