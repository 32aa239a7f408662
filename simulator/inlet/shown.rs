//! Exchanges without secrets and personal data.
//!
//! What is shown is chosen, not what is hidden: the members of the API that
//! tell nothing of a guest. A value under any other name, a query, an unusual
//! path and a body that is no JSON may hold anything, and stand masked.

use serde_json::{Map, Value};

use crate::simulator::server::{Entry, Shown, ShownMessage};
use crate::vendors::inlet::Operation;
use crate::vendors::json::{self, Flaw};
use crate::vendors::vocabulary::{Personal, Pin, Secret};

/// Members that are shown as they are, where they have the form of such a member.
const PLAIN: [&str; 5] = ["operation", "lockId", "from", "to", "ReferenceId"];

/// Members of answers, which are ours, that are shown besides.
const ANSWERED: [&str; 3] = ["status", "code", "message"];

/// Headers that are shown.
const HEADERS: [&str; 11] = [
    "accept",
    "accept-encoding",
    "allow",
    "connection",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "transfer-encoding",
    "www-authenticate",
    "lockstep-exchange",
];

/// Longest plain value and path.
const LONGEST: usize = 100;

/// An exchange as anybody may see it.
pub(super) fn shown(entry: &Entry) -> Shown {
    let request = &entry.request;
    let mut head = format!("{} {}", plain_word(&request.method), path(&request.path));
    for (number, _) in request.query.iter().enumerate() {
        head.push(if number == 0 { '?' } else { '&' });
        head.push_str(Secret::MASK);
    }
    Shown {
        request: ShownMessage {
            head,
            headers: headers(&request.headers),
            body: body(&request.body, Whose::Theirs),
        },
        response: entry.response.as_ref().map(|response| ShownMessage {
            head: response.status.to_string(),
            headers: headers(&response.headers),
            body: body(&response.body, Whose::Ours),
        }),
        near: Vec::new(),
    }
}

fn path(path: &str) -> String {
    if Operation::at(path).is_some() {
        return path.to_owned();
    }
    if path.starts_with("/key/") {
        return format!("/key/{}", Secret::MASK);
    }
    let plain = path.len() <= 40
        && path.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '-' | '_' | '.'));
    if plain { path.to_owned() } else { format!("‹a path of {} characters›", path.chars().count()) }
}

fn plain_word(word: &str) -> String {
    if word.len() <= 10 && word.chars().all(|c| c.is_ascii_uppercase()) {
        word.to_owned()
    } else {
        "‹method›".to_owned()
    }
}

fn headers(headers: &[(String, String)]) -> Vec<(String, String)> {
    let shown = |(name, value): &(String, String)| {
        let here = name == "host" && is_this_machine(value);
        let plain = here || HEADERS.contains(&name.as_str());
        (name.clone(), if plain { value.chars().take(LONGEST).collect() } else { Secret::MASK.to_owned() })
    };
    headers.iter().map(shown).collect()
}

/// Whether a host is the machine that Lockstep runs on, by address or by name.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

/// Who wrote a message.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// A partner, who may write anything anywhere.
    Theirs,
    /// The simulated Inlet, whose refusals repeat no value.
    Ours,
}

fn body(bytes: &[u8], whose: Whose) -> String {
    if bytes.is_empty() {
        return String::new();
    }
    let (value, twice) = match json::read(bytes) {
        // Of members that stand several times the last is shown.
        Err(flaw @ Flaw::Twice { .. }) => (serde_json::from_slice(bytes).ok(), format!(" ‹{flaw}›")),
        read => (read.ok(), String::new()),
    };
    match value {
        Some(Value::Object(members)) => format!("{}{twice}", Value::Object(masked(members, whose))),
        Some(_) => format!("‹other JSON than an object›{twice}"),
        None => format!("‹{} bytes that are no JSON›", bytes.len()),
    }
}

fn masked(members: Map<String, Value>, whose: Whose) -> Map<String, Value> {
    // Names are the sender's too; an odd one may hold anything.
    let name = |name: String| {
        let plain = name.len() <= 32 && name.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        if plain { name } else { "‹a name›".to_owned() }
    };
    members.into_iter().map(|(key, value)| (name(key.clone()), member(&key, value, whose))).collect()
}

fn member(name: &str, value: Value, whose: Whose) -> Value {
    match (name, &value) {
        (_, Value::Null | Value::Bool(_)) => value,
        ("codeFormatted", _) => Pin::MASK.into(),
        ("mobileKey" | "urlKey", _) => Secret::MASK.into(),
        (name, Value::String(_)) if whose == Whose::Ours && ANSWERED.contains(&name) => value,
        (name, Value::String(text)) if PLAIN.contains(&name) && is_plain(text) => value,
        _ => Personal::MASK.into(),
    }
}

/// An id, a word or a time: no address of a person, and no prose.
fn is_plain(text: &str) -> bool {
    text.len() <= LONGEST
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':' | '+' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_tells_nothing_of_a_guest_is_shown() {
        let sent = br#"{"operation":"code","lockId":"L-1","from":"2027-03-01T18:50:00+01:00","phoneNumber":"+4798765432","email":"ada@example.org","reference":"Ada L.","e-mail":"ada@example.org","nested":{"email":"ada@example.org"},"to":"ada@example.org"}"#;
        let told = body(sent, Whose::Theirs);
        assert!(!told.contains("ada@") && !told.contains("98765432") && !told.contains("Ada"), "{told}");
        assert!(told.contains(r#""lockId":"L-1""#) && told.contains("18:50:00"), "{told}");
        let answer =
            br##"{"status":"OK","ReferenceId":"r1","codeFormatted":"#1234*","urlKey":"http://x/key/1"}"##;
        assert_eq!(
            body(answer, Whose::Ours),
            r#"{"status":"OK","ReferenceId":"r1","codeFormatted":"‹pin›","urlKey":"‹secret›"}"#
        );
        let prose = br#"{"message":"Dear Ada","code":"482137","status":"ada"}"#;
        let told = body(prose, Whose::Theirs);
        assert!(!told.contains("Ada") && !told.contains("482137") && !told.contains("ada"), "{told}");
        assert!(body(br#"{"code":"GS-1","message":"Not so."}"#, Whose::Ours).contains("Not so."));
        assert_eq!(body(b"ada@example.org", Whose::Theirs), "‹15 bytes that are no JSON›");
        let twice = br#"{"email":"ada@example.org","email":"bob@example.org"}"#;
        assert_eq!(
            body(twice, Whose::Theirs),
            r#"{"email":"‹personal›"} ‹`email`: expected one value, found several›"#
        );
    }

    #[test]
    fn paths_and_headers_are_shown_only_where_they_are_harmless() {
        assert_eq!(path("/GrantAcces"), "/GrantAcces");
        assert_eq!(path("/accesses/ada@example.org"), "‹a path of 25 characters›");
        assert_eq!(path("/key/0123"), "/key/‹secret›");
        let sent = [("authorization", "Bearer t"), ("content-type", "application/json"), ("x-guest", "Ada")];
        let sent = sent.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let values: Vec<String> = headers(&sent).into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, ["‹secret›", "application/json", "‹secret›"]);
        for (host, shown) in [
            ("127.0.0.1:46785", "127.0.0.1:46785"),
            ("localhost:46785", "localhost:46785"),
            ("[::1]:46785", "[::1]:46785"),
            ("ada.example.org", "‹secret›"),
            ("127.0.0.1:ada", "‹secret›"),
            ("localhost:4:ada", "‹secret›"),
        ] {
            let told = headers(&[("host".to_owned(), host.to_owned())]);
            assert_eq!(told[0].1, shown);
        }
    }
}
