//! A request without any credential.
//!
//! Where a credential stands is part of an operation's compiled request, and a
//! signature spreads it further. So the request is filled twice with different
//! credentials: whatever differs between the two depends on them and is left out.

use serde_json::Value;

use crate::vendors::dialect::{FillError, Operation, Rendered};
use crate::vendors::vocabulary::{Datum, Facts, Field, FieldKind, Secret};
use crate::vendors::wire::WireRequest;

/// Fills the request and leaves out everything that depends on a credential.
/// What stands in the path cannot be left out; there a wrong value is sent.
pub(super) fn request(operation: &Operation, facts: &Facts) -> Result<Rendered, FillError> {
    let with = |text: &str| operation.request(&with_credentials(facts, text));
    let (one, other) = (with("10000000000000000001")?, with("20000000000000000002")?);
    let keep = Kept::between(&one.exposed, &other.exposed);
    Ok(Rendered { exposed: keep.of(&one.exposed), shown: keep.of(&one.shown) })
}

fn with_credentials(facts: &Facts, text: &str) -> Facts {
    let mut facts = facts.clone();
    let secrets: Vec<Field> = facts
        .iter()
        .map(|(field, _)| field.clone())
        .filter(|field| field.kind() == FieldKind::Secret)
        .collect();
    for field in secrets.into_iter().chain([Field::AuthToken, Field::AuthRefresh]) {
        facts.set(field, Datum::Secret(Secret::new(text)));
    }
    facts
}

/// Which parts do not depend on a credential, by their place.
struct Kept {
    query: Vec<bool>,
    headers: Vec<bool>,
    body: Body,
}

enum Body {
    Whole,
    /// The names of a form's fields that depend on a credential.
    WithoutFields(Vec<String>),
    /// The members of a JSON object that do, at its top.
    WithoutMembers(Vec<String>),
    Nothing,
}

impl Kept {
    fn between(one: &WireRequest, other: &WireRequest) -> Self {
        let same = |one: &[(String, String)], other: &[(String, String)]| {
            one.iter().enumerate().map(|(at, pair)| other.get(at) == Some(pair)).collect()
        };
        Self {
            query: same(&one.query, &other.query),
            headers: same(&one.headers, &other.headers),
            body: Body::between(&one.body, &other.body),
        }
    }

    fn of(&self, request: &WireRequest) -> WireRequest {
        let kept = |pairs: &[(String, String)], keep: &[bool]| {
            let pairs = pairs.iter().zip(keep.iter().chain(std::iter::repeat(&true)));
            pairs.filter(|(_, keep)| **keep).map(|(pair, _)| pair.clone()).collect()
        };
        WireRequest {
            method: request.method.clone(),
            path: request.path.clone(),
            query: kept(&request.query, &self.query),
            headers: kept(&request.headers, &self.headers),
            body: self.body.of(&request.body),
        }
    }
}

impl Body {
    fn between(one: &[u8], other: &[u8]) -> Self {
        if one == other {
            return Self::Whole;
        }
        if let (Ok(Value::Object(one)), Ok(Value::Object(other))) =
            (serde_json::from_slice(one), serde_json::from_slice(other))
        {
            let differs =
                |(name, value): (&String, &Value)| (other.get(name) != Some(value)).then(|| name.clone());
            return Self::WithoutMembers(one.iter().filter_map(differs).collect());
        }
        let (one, other) = (form(one), form(other));
        if one.len() != other.len() || one.is_empty() {
            return Self::Nothing;
        }
        let differing = one.iter().zip(&other).filter(|(one, other)| one != other);
        Self::WithoutFields(differing.map(|((name, _), _)| name.clone()).collect())
    }

    fn of(&self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Whole => body.to_vec(),
            Self::Nothing => Vec::new(),
            Self::WithoutFields(names) => {
                let kept = form(body).into_iter().filter(|(name, _)| !names.contains(name));
                url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish().into_bytes()
            }
            Self::WithoutMembers(names) => match serde_json::from_slice(body) {
                Ok(Value::Object(mut members)) => {
                    members.retain(|name, _| !names.contains(name));
                    Value::Object(members).to_string().into_bytes()
                }
                _ => Vec::new(),
            },
        }
    }
}

fn form(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(token: &str) -> WireRequest {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        WireRequest {
            method: "POST".into(),
            path: "/v1/x".into(),
            query: vec![pair("id", "7"), pair("accessToken", token)],
            headers: vec![pair("authorization", &format!("Bearer {token}")), pair("accept", "*/*")],
            body: format!("client_id={token}&grant=c").into_bytes(),
        }
    }

    #[test]
    fn whatever_depends_on_a_credential_is_left_out() {
        let kept = Kept::between(&filled("a"), &filled("b")).of(&filled("a"));
        assert_eq!(kept.query, [("id".to_owned(), "7".to_owned())]);
        assert_eq!(kept.headers, [("accept".to_owned(), "*/*".to_owned())]);
        assert_eq!(kept.body, b"grant=c");
    }

    #[test]
    fn members_of_a_json_body_are_left_out_too() {
        let body = Body::between(br#"{"key":"a","n":1}"#, br#"{"key":"b","n":1}"#);
        assert_eq!(body.of(br#"{"key":"a","n":1}"#), br#"{"n":1}"#);
    }
}
