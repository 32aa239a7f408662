//! Comparing what was made or read with what is written.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::vendors::dialect::form::decode_form;
use crate::vendors::vocabulary::Facts;
use crate::vendors::wire::{WireRequest, WireResponse};

/// Headers that belong to the transport.
const TRANSPORT: &[&str] =
    &["host", "accept", "accept-encoding", "user-agent", "content-length", "connection", "date", "server"];

/// What a problem begins with that is about members which are left out.
pub(super) const UNMADE: &str = "server: written and not made";

/// The name under which a whole body is listed as not told.
const WHOLE: &str = "*";

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

/// Holds an answer that was made against one that is written, in both directions:
/// what is made must be written, and what is written must be made unless `untold`
/// lists it, which may list nothing else.
pub(super) fn same_answer(
    made: &WireResponse,
    written: &WireResponse,
    untold: &[String],
) -> Result<(), String> {
    if made.status != written.status {
        return Err(format!("server: the status is {}, written is {}", made.status, written.status));
    }
    let mut missing = BTreeSet::new();
    same_headers(made, written, &mut missing)?;
    same_body(made, written, &mut missing)?;
    let unlisted: Vec<&str> =
        missing.iter().filter(|name| !untold.contains(name)).map(String::as_str).collect();
    if !unlisted.is_empty() {
        let unlisted = unlisted.join(", ");
        return Err(format!(
            "{UNMADE}; make it, or list it as `untold:`, with a reason in the profile's notes: {unlisted}"
        ));
    }
    match untold.iter().find(|name| !missing.contains(*name)) {
        Some(name) => Err(format!("server: `{name}` is listed as `untold:`, but is made, or not written")),
        None => Ok(()),
    }
}

fn same_headers(
    made: &WireResponse,
    written: &WireResponse,
    missing: &mut BTreeSet<String>,
) -> Result<(), String> {
    for (name, value) in made.headers.iter().filter(|(name, _)| name != "content-type") {
        if written.header(name) != Some(value) {
            return Err(format!(
                "server: the header `{name}` is {value}, written is {:?}",
                written.header(name)
            ));
        }
    }
    let meant = |name: &String| !TRANSPORT.contains(&name.as_str()) && name != "content-type";
    let unmade = written
        .headers
        .iter()
        .map(|(name, _)| name)
        .filter(|name| meant(name) && made.header(name).is_none());
    missing.extend(unmade.map(|name| format!("header {name}")));
    Ok(())
}

fn same_body(
    made: &WireResponse,
    written: &WireResponse,
    missing: &mut BTreeSet<String>,
) -> Result<(), String> {
    if made.body.is_empty() {
        if !written.body.is_empty() {
            missing.insert(WHOLE.to_owned());
        }
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
    contains(&written, &made, "").map_err(|why| format!("server: {why}"))?;
    unmade(&written, &made, "", missing);
    Ok(())
}

/// Collects the members that are written and not made, each by its names from the
/// outside in; lists on the way have no name.
fn unmade(written: &Value, made: &Value, at: &str, missing: &mut BTreeSet<String>) {
    match (written, made) {
        (Value::Object(written), Value::Object(made)) => {
            for (key, written) in written {
                let at = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                match made.get(key) {
                    Some(made) => unmade(written, made, &at, missing),
                    None => {
                        missing.insert(at);
                    }
                }
            }
        }
        (Value::Array(written), Value::Array(made)) => {
            written.iter().zip(made).for_each(|(written, made)| unmade(written, made, at, missing));
        }
        _ => {}
    }
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
