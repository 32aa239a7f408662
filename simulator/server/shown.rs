//! Exchanges as people may see them: secrets and PINs masked.
//!
//! What fits an operation is masked by the type of its holes. Of a request that
//! fits none, whatever is named like a secret is masked. Either way the values
//! that were found are masked wherever else they stand, error texts included.

use serde_json::Value;

use super::journal::Entry;
use super::sandbox::Sandbox;
use crate::vendors::vocabulary::{Datum, Facts, Pin, Secret};
use crate::vendors::wire::WireRequest;

/// Headers that carry credentials, whoever sends them.
const DENIED: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key"];

/// Parts of names under which requests carry secrets.
const TELLING: [&str; 7] = ["pin", "code", "secret", "token", "pass", "key", "sign"];

/// An exchange without its secrets.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What came.
    pub request: ShownMessage,
    /// What was answered.
    pub response: Option<ShownMessage>,
    /// What came nearest, where it was no operation.
    pub near: Vec<String>,
}

/// One side of it.
#[derive(Clone, Debug)]
pub struct ShownMessage {
    /// Method and address with query, or the status.
    pub head: String,
    /// Headers, in order.
    pub headers: Vec<(String, String)>,
    /// The body as text.
    pub body: String,
}

impl Sandbox {
    /// An exchange of this world, without its secrets.
    pub fn shown(&self, entry: &Entry) -> Shown {
        let mut hidden = Hidden::default();
        match self.fit(&entry.request, &mut Vec::new()) {
            Some(fitting) => {
                hidden.take(&fitting.facts);
                for (spelling, mask) in fitting.operation.spelled_secrets(&fitting.facts) {
                    hidden.add(&spelling, mask);
                }
            }
            None => hidden.suspect(&entry.request),
        }
        hidden.take(&self.known_facts());
        let operation = entry.operation.as_deref().and_then(|name| self.dialect().operation(name));
        let response = entry.response.as_ref().map(|response| match operation {
            Some(operation) => operation.shown_answer(response),
            None => response.clone(),
        });
        Shown {
            request: hidden.request(&entry.request),
            response: response.map(|response| ShownMessage {
                head: response.status.to_string(),
                headers: hidden.headers(&response.headers),
                body: hidden.text(&String::from_utf8_lossy(&response.body)),
            }),
            near: entry
                .near
                .iter()
                .map(|miss| hidden.text(&format!("{}: {}", miss.operation, miss.why)))
                .collect(),
        }
    }
}

impl Entry {
    /// An exchange with its secrets.
    pub fn exposed(&self) -> Shown {
        let nothing = Hidden::default();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let request = nothing.request(&self.request);
        Shown {
            request: ShownMessage { headers: self.request.headers.clone(), ..request },
            response: self.response.as_ref().map(|response| ShownMessage {
                head: response.status.to_string(),
                headers: response.headers.clone(),
                body: text(&response.body),
            }),
            near: self.near.iter().map(|miss| format!("{}: {}", miss.operation, miss.why)).collect(),
        }
    }

    /// An exchange that belongs to no world, without its secrets.
    pub fn shown_to_strangers(&self) -> Shown {
        let mut hidden = Hidden::default();
        hidden.suspect(&self.request);
        Shown {
            request: hidden.request(&self.request),
            response: self.response.as_ref().map(|response| ShownMessage {
                head: response.status.to_string(),
                headers: hidden.headers(&response.headers),
                body: hidden.text(&String::from_utf8_lossy(&response.body)),
            }),
            near: Vec::new(),
        }
    }
}

/// Values that are not shown, each with what is shown instead.
#[derive(Default)]
struct Hidden(Vec<(String, &'static str)>);

impl Hidden {
    fn take(&mut self, facts: &Facts) {
        for (_, datum) in facts.iter() {
            match datum {
                Datum::Pin(pin) => self.add(pin.keys(), Pin::MASK),
                Datum::Secret(secret) => self.add(secret.expose(), Secret::MASK),
                _ => {}
            }
        }
        facts.items.iter().for_each(|item| self.take(item));
    }

    fn add(&mut self, value: &str, mask: &'static str) {
        use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

        let encoded = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
        let form: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
        for spelling in [value.to_owned(), encoded, form] {
            if !spelling.is_empty() && !self.0.iter().any(|(known, _)| *known == spelling) {
                self.0.push((spelling, mask));
            }
        }
        // The longest first, so that a secret inside another leaves no rest.
        self.0.sort_by_key(|(known, _)| std::cmp::Reverse(known.len()));
    }

    /// Takes whatever is named like a secret.
    fn suspect(&mut self, request: &WireRequest) {
        for (name, value) in &request.query {
            self.named(name, value);
        }
        match serde_json::from_slice::<Value>(&request.body) {
            Ok(value) => self.suspect_members("", &value),
            Err(_) => {
                for (name, value) in url::form_urlencoded::parse(&request.body) {
                    self.named(&name, &value);
                }
            }
        }
    }

    fn suspect_members(&mut self, name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| self.suspect_members(name, value));
            }
            Value::Array(items) => items.iter().for_each(|value| self.suspect_members(name, value)),
            Value::String(text) => self.named(name, text),
            Value::Number(number) => self.named(name, &number.to_string()),
            Value::Bool(_) | Value::Null => {}
        }
    }

    fn named(&mut self, name: &str, value: &str) {
        let name = name.to_ascii_lowercase();
        if TELLING.iter().any(|part| name.contains(part)) {
            self.add(value, if name.contains("pin") { Pin::MASK } else { Secret::MASK });
        }
    }

    fn request(&self, request: &WireRequest) -> ShownMessage {
        let mut head = format!("{} {}", request.method, self.text(&request.path));
        for (number, (name, value)) in request.query.iter().enumerate() {
            head.push(if number == 0 { '?' } else { '&' });
            head.push_str(&format!("{name}={}", self.text(value)));
        }
        ShownMessage {
            head,
            headers: self.headers(&request.headers),
            body: self.text(&String::from_utf8_lossy(&request.body)),
        }
    }

    fn headers(&self, headers: &[(String, String)]) -> Vec<(String, String)> {
        let shown = |(name, value): &(String, String)| {
            let denied = DENIED.iter().any(|denied| name.eq_ignore_ascii_case(denied));
            (name.clone(), if denied { Secret::MASK.to_owned() } else { self.text(value) })
        };
        headers.iter().map(shown).collect()
    }

    fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (value, mask)| hide(&text, value, mask))
    }
}

/// Below this length a value is masked only where it stands as a word of its
/// own, because a short text occurs inside others by chance.
const WORD_BELOW: usize = 9;

fn hide(text: &str, value: &str, mask: &str) -> String {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(value) {
        let (before, found) = rest.split_at(at);
        let after = &found[value.len()..];
        shown.push_str(before);
        let part =
            value.len() < WORD_BELOW && (inside(shown.chars().next_back()) || inside(after.chars().next()));
        shown.push_str(if part { value } else { mask });
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_like_a_secret_is_masked_wherever_it_stands() {
        let mut hidden = Hidden::default();
        hidden.suspect(&WireRequest {
            body: br#"{"user": "Ada", "pinCode": 4821, "client_secret": "hunter2/and more"}"#.to_vec(),
            ..WireRequest::default()
        });
        let told = hidden.text("Ada: 4821 is taken, 148210 is not; hunter2%2Fand%20more hunter2/and more");
        assert_eq!(told, "Ada: ‹pin› is taken, 148210 is not; ‹secret› ‹secret›");
    }

    /// The body of a request for a PIN as the journal shows it, where the PIN is
    /// spelled so.
    fn shown_creation(spelling: &str) -> (String, String) {
        use crate::simulator::Fleet;
        use crate::simulator::server::SandboxOptions;
        use crate::vendors::profile;
        use crate::vendors::vocabulary::{Clock, Field, Instant};

        let text = include_str!("../../vendors/locks/test/hours.toml");
        let text = text.replace(r#""pin": "{access.pin}""#, &format!(r#""pin": {spelling}"#));
        let dialect = profile::compile("hours.toml", &text).expect("a right profile");
        let sandbox = Sandbox::new(SandboxOptions {
            name: "main".to_owned(),
            dialect: dialect.clone(),
            seed: 1,
            clock: Clock::stepped(Instant::from_epoch_ms(0)),
            fleet: Fleet::fixture(),
            misbehaviour: None,
            variation: None,
        });
        let mut facts = Facts::new()
            .with_text(Field::LockId, "l-1")
            .with_text(Field::AccessName, "stay")
            .with(Field::AccessPin, Datum::Pin(Pin::new("0471926").expect("a PIN")))
            .with(Field::AccessFrom, Datum::Instant(Instant::from_epoch_ms(3_600_000)))
            .with(Field::AccessUntil, Datum::Instant(Instant::from_epoch_ms(7_200_000)));
        for name in ["login", "password"] {
            facts.set(Field::Secret(name.into()), Datum::Secret(Secret::new(name)));
        }
        let request = dialect.operation("create_pin").expect("it is there").request(&facts);
        let request = request.expect("a whole request").exposed;
        let sent = String::from_utf8_lossy(&request.body).into_owned();
        sandbox.exchange(request, "http://127.0.0.1:1");
        let entries = sandbox.state().journal.since(0, 10);
        (sent, sandbox.shown(&entries[0]).request.body)
    }

    #[test]
    fn a_pin_is_masked_however_it_is_spelled() {
        for (spelling, plain) in [
            (r#""{access.pin}""#, "\"0471926\""),
            (r#""{access.pin | digits(7)}""#, "471926"),
            (r#""{access.pin | numeric}", "keys": "{access.pin | length}""#, "471926"),
            (r#""{access.pin | base64}""#, "\"MDQ3MTkyNg==\""),
        ] {
            let (sent, shown) = shown_creation(spelling);
            assert!(sent.contains(plain), "{sent}");
            assert!(!shown.contains(plain) && shown.contains(Pin::MASK), "{shown}");
        }
    }

    #[test]
    fn headers_with_credentials_are_masked_whatever_they_hold() {
        let headers = [("Authorization", "Bearer abc"), ("etag", "v1")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let shown: Vec<String> =
            Hidden::default().headers(&headers).into_iter().map(|(_, value)| value).collect();
        assert_eq!(shown, ["‹secret›", "v1"]);
    }
}
