//! Exchanges without secrets and personal data.
//!
//! What is shown is chosen, not what is hidden. A partner may write anything
//! anywhere, also where an id, a word or a name of a member belongs: its words are
//! shown where they are Inlet's own, and times where they are times. Everything
//! else stands masked; ids and paths that are unknown are told apart by numbers.

use serde_json::{Map, Value};

use super::http_words::{header_name, header_value, method};
use super::known::{Known, Sort};
use crate::simulator::server::{Entry, Shown, ShownMessage};
use crate::vendors::inlet::{ANSWER_MEMBERS, Mode, Operation, REQUEST_MEMBERS, told};
use crate::vendors::json::{self, Flaw};
use crate::vendors::vocabulary::{Personal, Pin, Secret};

/// Who wrote a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// A partner, who may write anything anywhere.
    Theirs,
    /// The simulated Inlet.
    Ours,
}

/// An exchange as anybody may see it.
pub(super) fn shown(entry: &Entry, known: &Known) -> Shown {
    let request = &entry.request;
    let mut head = format!("{} {}", method(&request.method), path(&request.path, known));
    for (number, _) in request.query.iter().enumerate() {
        head.push(if number == 0 { '?' } else { '&' });
        head.push_str(Secret::MASK);
    }
    let asked = Body { known, whose: Whose::Theirs, hidden: Vec::new() };
    let answered = Body { known, whose: Whose::Ours, hidden: unknown_ids(&request.body, known) };
    Shown {
        request: ShownMessage {
            head,
            headers: headers(&request.headers, Whose::Theirs, request.body.len()),
            body: asked.shown(&request.body),
        },
        response: entry.response.as_ref().map(|response| ShownMessage {
            head: response.status.to_string(),
            headers: headers(&response.headers, Whose::Ours, response.body.len()),
            body: answered.shown(&response.body),
        }),
        near: Vec::new(),
    }
}

fn path(path: &str, known: &Known) -> String {
    if Operation::at(path).is_some() {
        return path.to_owned();
    }
    if path.starts_with("/key/") {
        return format!("/key/{}", Secret::MASK);
    }
    let meant = path.trim_matches('/');
    let near = Operation::ALL.into_iter().find(|one| one.as_str().eq_ignore_ascii_case(meant));
    let near = near.map(|one| format!(", spelled like {}", one.path())).unwrap_or_default();
    let told = known.unknown(Sort::Path, path);
    format!("/{}, {} characters{near}›", told.trim_end_matches('›'), path.chars().count())
}

fn headers(headers: &[(String, String)], whose: Whose, length: usize) -> Vec<(String, String)> {
    let shown = |(name, value): &(String, String)| {
        let shown = header_value(name, value, whose, length);
        (header_name(name, whose).to_owned(), shown.unwrap_or_else(|| Secret::MASK.to_owned()))
    };
    headers.iter().map(shown).collect()
}

/// The ids of a request that nobody knows, with what is shown in their place: a
/// refusal may repeat them.
fn unknown_ids(request: &[u8], known: &Known) -> Vec<(String, String)> {
    let Ok(Value::Object(members)) = serde_json::from_slice(request) else { return Vec::new() };
    let ids = members.into_iter().filter_map(|(name, value)| {
        let Value::String(id) = value else { return None };
        let shown = shown_id(&name, &id, known)?;
        (shown != id && !id.is_empty()).then_some((id, shown))
    });
    ids.collect()
}

/// An id as anybody may see it; nothing where the member holds none.
fn shown_id(name: &str, id: &str, known: &Known) -> Option<String> {
    match name {
        "lockId" => Some(known.lock(id)),
        "ReferenceId" => Some(known.access(id)),
        _ => None,
    }
}

/// How the bodies of one side are shown.
struct Body<'a> {
    known: &'a Known,
    whose: Whose,
    /// Texts that may be repeated in it, with what is shown in their place.
    hidden: Vec<(String, String)>,
}

impl Body<'_> {
    fn shown(&self, bytes: &[u8]) -> String {
        if bytes.is_empty() {
            return String::new();
        }
        let (value, twice) = match json::read(bytes) {
            // Of members that stand several times the last is shown.
            Err(flaw @ Flaw::Twice { .. }) => {
                (serde_json::from_slice(bytes).ok(), format!(" ‹{}›", told(&flaw)))
            }
            read => (read.ok(), String::new()),
        };
        match value {
            Some(Value::Object(members)) => format!("{}{twice}", Value::Object(self.members(members))),
            Some(_) => format!("‹other JSON than an object›{twice}"),
            None => format!("‹{} bytes that are no JSON›", bytes.len()),
        }
    }

    fn members(&self, members: Map<String, Value>) -> Map<String, Value> {
        let names: &[&str] = if self.whose == Whose::Ours { &ANSWER_MEMBERS } else { &REQUEST_MEMBERS };
        let mut unknown = 0;
        let mut name = |name: &str| {
            if names.contains(&name) {
                return name.to_owned();
            }
            unknown += 1;
            match unknown {
                1 => "‹unknown member›".to_owned(),
                nth => format!("‹unknown member {nth}›"),
            }
        };
        members.into_iter().map(|(key, value)| (name(&key), self.member(&key, value))).collect()
    }

    fn member(&self, name: &str, value: Value) -> Value {
        let ours = self.whose == Whose::Ours;
        let text = match (name, &value) {
            (_, Value::Null | Value::Bool(_)) => return value,
            ("codeFormatted", _) => return Pin::MASK.into(),
            ("mobileKey" | "urlKey", _) => return Secret::MASK.into(),
            (_, Value::String(text)) => text,
            _ => return Personal::MASK.into(),
        };
        match name {
            "status" | "code" if ours => value,
            "message" if ours => self.without_hidden(text).into(),
            "operation" if Mode::parse(text).is_some() => value,
            "from" | "to" if is_time(text) => value,
            _ => shown_id(name, text, self.known).unwrap_or_else(|| Personal::MASK.to_owned()).into(),
        }
    }

    fn without_hidden(&self, text: &str) -> String {
        self.hidden.iter().fold(text.to_owned(), |text, (id, shown)| text.replace(id, shown))
    }
}

/// Whether a text is a date with a time, in a form that partners write, right or
/// wrong: with seconds and an offset or without. Nothing else has a place in it.
fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let Some(rest) = shape.strip_prefix("0000-00-00") else { return false };
    let Some(rest) = rest.strip_prefix(['T', 't', ' ']).and_then(|rest| rest.strip_prefix("00:00")) else {
        return false;
    };
    let rest = rest.strip_prefix(":00").map_or(rest, |rest| match rest.strip_prefix('.') {
        // So few digits are no phone number.
        Some(fraction) => {
            let zeros = fraction.len() - fraction.trim_start_matches('0').len();
            if (1..=6).contains(&zeros) { &fraction[zeros..] } else { "." }
        }
        None => rest,
    });
    matches!(rest, "" | "Z" | "z" | "+00:00" | "-00:00" | "+0000" | "-0000" | "+00" | "-00")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::vendors::vocabulary::{Instant, LockId};
    use crate::vendors::wire::{WireRequest, WireResponse};

    fn known() -> Known {
        let known = Known::new(Arc::new(|lock: &LockId| lock.as_str() == "L-1"));
        known.issue("r1");
        known
    }

    fn theirs(bytes: &[u8]) -> String {
        Body { known: &known(), whose: Whose::Theirs, hidden: Vec::new() }.shown(bytes)
    }

    fn ours(bytes: &[u8]) -> String {
        Body { known: &known(), whose: Whose::Ours, hidden: Vec::new() }.shown(bytes)
    }

    #[test]
    fn only_what_tells_nothing_of_a_guest_is_shown() {
        let sent = br#"{"operation":"code","lockId":"L-1","from":"2027-03-01T18:50:00+01:00","phoneNumber":"+4798765432","email":"ada@example.org","reference":"Ada L.","e-mail":"ada@example.org","nested":{"email":"ada@example.org"},"to":"ada@example.org"}"#;
        let told = theirs(sent);
        assert!(!told.contains("ada@") && !told.contains("98765432") && !told.contains("Ada"), "{told}");
        assert!(told.contains(r#""lockId":"L-1""#) && told.contains("18:50:00"), "{told}");
        let answer =
            br##"{"status":"OK","ReferenceId":"r1","codeFormatted":"#1234*","urlKey":"http://x/key/1"}"##;
        assert_eq!(
            ours(answer),
            r#"{"status":"OK","ReferenceId":"r1","codeFormatted":"‹pin›","urlKey":"‹secret›"}"#
        );
        let prose = br#"{"message":"Dear Ada","code":"482137","status":"ada"}"#;
        let told = theirs(prose);
        assert!(!told.contains("Ada") && !told.contains("482137") && !told.contains("ada"), "{told}");
        assert!(ours(br#"{"code":"GS-1","message":"Not so."}"#).contains("Not so."));
        assert_eq!(theirs(b"ada@example.org"), "‹15 bytes that are no JSON›");
        let twice = br#"{"email":"ada@example.org","email":"bob@example.org"}"#;
        assert_eq!(theirs(twice), r#"{"email":"‹personal›"} ‹`email`: expected one value, found several›"#);
    }

    #[test]
    fn an_id_that_nobody_knows_is_told_apart_and_not_shown() {
        assert_eq!(theirs(br#"{"lockId":"Lovelace"}"#), r#"{"lockId":"‹unknown lock 1›"}"#);
        assert_eq!(theirs(br#"{"ReferenceId":"98765432"}"#), r#"{"ReferenceId":"‹unknown access 1›"}"#);
        assert_eq!(theirs(br#"{"ReferenceId":"r1"}"#), r#"{"ReferenceId":"r1"}"#);
        let known = known();
        let all = Body { known: &known, whose: Whose::Theirs, hidden: Vec::new() };
        let told = ["ada", "bob", "ada"].map(|id| all.shown(format!(r#"{{"lockId":"{id}"}}"#).as_bytes()));
        assert!(told[0] == told[2] && told[0] != told[1], "{told:?}");
    }

    #[test]
    fn a_name_that_the_api_does_not_know_is_not_shown() {
        assert_eq!(
            theirs(br#"{"Lovelace":true,"ada_l":"x","to":"98765432"}"#),
            r#"{"‹unknown member›":true,"‹unknown member 2›":"‹personal›","to":"‹personal›"}"#
        );
        let told = theirs(br#"{"Lovelace":1,"Lovelace":2}"#);
        assert!(!told.contains("Lovelace") && told.contains("found several"), "{told}");
        assert_eq!(theirs(br#"{"operation":"Lovelace"}"#), r#"{"operation":"‹personal›"}"#);
    }

    #[test]
    fn a_time_is_shown_where_it_is_one_right_or_wrong() {
        for time in [
            "2027-03-01T18:50:00+01:00",
            "2027-03-01T18:50:00Z",
            "2027-03-01T18:50:00.250Z",
            "2027-03-01 18:50",
            "2027-13-41T25:61:00",
        ] {
            assert!(is_time(time), "{time}");
        }
        for other in [
            "98765432",
            "+4798765432",
            "2027-03-01",
            "9876-54-32",
            "2027-03-01T18:50+4798765432",
            "2027-03-01T18:50:00.98765432Z",
            "2027-03-01T18:50:00.",
            "2027-03-01T18:50:00 Ada",
            "ada.lovelace",
        ] {
            assert!(!is_time(other), "{other}");
        }
    }

    #[test]
    fn a_refusal_that_repeats_an_unknown_id_is_shown_without_it() {
        let request = WireRequest {
            method: "POST".to_owned(),
            path: "/GrantAccess".to_owned(),
            body: br#"{"lockId":"Lovelace","email":"ada@example.org"}"#.to_vec(),
            ..WireRequest::default()
        };
        let message = br#"{"code":"404","message":"lock Lovelace: there is none"}"#.to_vec();
        let response = WireResponse { status: 404, body: message, ..WireResponse::default() };
        let entry = Entry { response: Some(response), ..Entry::of(request, Instant::from_epoch_ms(0)) };
        let told = format!("{:?}", shown(&entry, &known()));
        assert!(!told.contains("Lovelace"), "{told}");
        assert!(told.contains("lock ‹unknown lock 1›: there is none"), "{told}");
    }

    #[test]
    fn paths_are_shown_only_where_they_are_inlets_own() {
        let known = known();
        assert_eq!(path("/GrantAccess", &known), "/GrantAccess");
        assert_eq!(path("/Lovelace", &known), "/‹unknown path 1, 9 characters›");
        assert_eq!(path("/accesses/ada@example.org", &known), "/‹unknown path 2, 25 characters›");
        let near = "/‹unknown path 3, 13 characters, spelled like /GrantAccess›";
        assert_eq!(path("/grantaccess/", &known), near);
        assert_eq!(path("/key/0123", &known), "/key/‹secret›");
    }
}
