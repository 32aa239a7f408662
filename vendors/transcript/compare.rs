//! Comparing what was made or read with what is written.

use serde_json::Value;

use crate::vendors::dialect::form::decode_form;
use crate::vendors::vocabulary::Facts;
use crate::vendors::wire::{WireRequest, WireResponse};

/// Headers that belong to the transport.
const TRANSPORT: &[&str] =
    &["host", "accept", "accept-encoding", "user-agent", "content-length", "connection", "date", "server"];

/// How a request that was made differs from one that is written, but for the
/// order of what has none and the headers of the transport.
pub fn differences(made: &WireRequest, written: &WireRequest) -> Vec<String> {
    let mut problems = Vec::new();
    let mut compare = |what: &str, made: String, written: String| {
        if made != written {
            problems.push(format!("client: {what} is {made}, written is {written}"));
        }
    };
    compare("the method", made.method.clone(), written.method.clone());
    compare("the path", made.path.clone(), written.path.clone());
    compare("the query", sorted(&made.query), sorted(&written.query));
    // What a client accepts is the transport's business, unless the profile says it.
    let accepts = made.header("accept").is_some_and(|accept| accept != "*/*");
    compare("the set of headers", headers(&made.headers, accepts), headers(&written.headers, accepts));
    compare("the body", content(&made.headers, &made.body), content(&written.headers, &written.body));
    problems
}

fn sorted(pairs: &[(String, String)]) -> String {
    let mut pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.sort();
    pairs.join(" & ")
}

fn headers(pairs: &[(String, String)], accepts: bool) -> String {
    let meant = |name: &str| !TRANSPORT.contains(&name) || name == "accept" && accepts;
    let meant = pairs.iter().filter(|(name, _)| meant(name)).map(|(name, value)| {
        let bare = value.split(';').next().unwrap_or_default().trim();
        (name.clone(), if name == "content-type" { bare.to_owned() } else { value.clone() })
    });
    sorted(&meant.collect::<Vec<_>>())
}

/// A body in a form in which equal means the same.
fn content(headers: &[(String, String)], body: &[u8]) -> String {
    let form =
        headers.iter().any(|(name, value)| name == "content-type" && value.contains("form-urlencoded"));
    if form {
        return sorted(&decode_form(body));
    }
    serde_json::from_slice::<Value>(body)
        .map_or_else(|_| String::from_utf8_lossy(body).into_owned(), |value| ordered(&value).to_string())
}

fn ordered(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(ordered).collect()),
        Value::Object(members) => {
            let mut members: Vec<_> =
                members.iter().map(|(key, value)| (key.clone(), ordered(value))).collect();
            members.sort_by(|(left, _), (right, _)| left.cmp(right));
            Value::Object(members.into_iter().collect())
        }
        other => other.clone(),
    }
}

pub(super) fn same_answer(made: &WireResponse, written: &WireResponse) -> Result<(), String> {
    if made.status != written.status {
        return Err(format!("server: the status is {}, written is {}", made.status, written.status));
    }
    for (name, value) in made.headers.iter().filter(|(name, _)| name != "content-type") {
        if written.header(name) != Some(value) {
            return Err(format!(
                "server: the header `{name}` is {value}, written is {:?}",
                written.header(name)
            ));
        }
    }
    if made.body.is_empty() {
        return Ok(());
    }
    if made.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")) {
        let text = |body: &[u8]| String::from_utf8_lossy(body).trim().to_owned();
        let (made, written) = (text(&made.body), text(&written.body));
        return if made == written {
            Ok(())
        } else {
            Err(format!("server: the text is {made:?}, written is {written:?}"))
        };
    }
    let parse =
        |body: &[u8]| serde_json::from_slice::<Value>(body).map_err(|why| format!("server: no JSON, {why}"));
    let (made, written) = (parse(&made.body)?, parse(&written.body)?);
    contains(&written, &made, "").map_err(|why| format!("server: {why}"))
}

/// Whether `written` holds all that `made` holds.
fn contains(written: &Value, made: &Value, at: &str) -> Result<(), String> {
    match (written, made) {
        (Value::Object(written), Value::Object(made)) => made.iter().try_for_each(|(key, made)| {
            let at = format!("{at}/{key}");
            written
                .get(key)
                .ok_or(format!("{at} is made and not written"))
                .and_then(|written| contains(written, made, &at))
        }),
        (Value::Array(written), Value::Array(made)) if written.len() == made.len() => written
            .iter()
            .zip(made)
            .enumerate()
            .try_for_each(|(i, (w, m))| contains(w, m, &format!("{at}/{i}"))),
        (Value::Number(w), Value::Number(m)) if w == m || w.as_f64() == m.as_f64() => Ok(()),
        _ if written == made => Ok(()),
        _ => Err(format!("{at} is {made}, written is {written}")),
    }
}

pub(super) fn same_facts(what: &str, found: &Facts, expected: &Facts) -> Result<(), String> {
    for (field, value) in expected.iter() {
        match found.get(field) {
            Some(same) if same == value => {}
            Some(other) => return Err(format!("{what} says `{field}` is {other:?}, expected {value:?}")),
            None => return Err(format!("{what} does not say `{field}`, expected {value:?}")),
        }
    }
    if let Some((field, value)) = found.iter().find(|(field, _)| !expected.has(field)) {
        return Err(format!("{what} says `{field}` is {value:?}, which is not expected"));
    }
    if found.items.len() != expected.items.len() {
        return Err(format!("{what} has {} elements, expected {}", found.items.len(), expected.items.len()));
    }
    let pairs = found.items.iter().zip(&expected.items).enumerate();
    pairs
        .into_iter()
        .try_for_each(|(i, (found, expected))| same_facts(&format!("{what}, element {i},"), found, expected))
}
