//! How calls are authenticated, from the described schemes.

use super::confidence::{Confidence, Guess};
use super::description::{Description, Scheme, SchemeKind};
use super::draft::Operation;
use super::gap::{Gap, GapKind};
use super::node::Node;
use crate::vendors::vocabulary::{Field, Meaning};

/// One table under `[auth]`.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub name: &'static str,
    pub entries: Vec<(&'static str, String)>,
    pub guess: Guess,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub(super) struct Auth {
    pub tables: Vec<Table>,
    /// Secrets that a run is given: name and what it is.
    pub secrets: Vec<(String, String)>,
    /// The exchange that gets a token, where a scheme tells it and no path does.
    pub token: Option<Operation>,
    pub gaps: Vec<Gap>,
}

impl Auth {
    fn table(&mut self, name: &'static str, entries: &[(&'static str, &str)], guess: Guess) {
        if self.tables.iter().any(|table| table.name == name) {
            return self.gap(format!("a second scheme of the kind `{name}` is described; a profile has one"));
        }
        let entries = entries.iter().map(|(key, value)| (*key, (*value).to_owned())).collect();
        self.tables.push(Table { name, entries, guess });
    }

    fn secret(&mut self, name: &str, text: &str) {
        if !self.secrets.iter().any(|(known, _)| known == name) {
            self.secrets.push((name.to_owned(), text.to_owned()));
        }
    }

    fn gap(&mut self, text: impl Into<String>) {
        self.gaps.push(Gap::new(GapKind::Authentication, "auth", text));
    }
}

/// Drafts the tables; `operations` are those that were chosen.
pub(super) fn auth(description: &Description, operations: &[Operation]) -> Auth {
    let mut auth = Auth::default();
    let token = operations.iter().find(|operation| operation.meaning == Meaning::GetToken);
    for scheme in &description.schemes {
        of_scheme(scheme, token, operations, &mut auth);
    }
    if description.schemes.is_empty() {
        match token {
            Some(token) => {
                let why = format!("`{}` answers with a token; how it is sent is not described", token.line);
                with_token(operations, Guess::new(Confidence::Unsure, "calls bear the token of an exchange", why), &mut auth);
                auth.gap("the description names no scheme; a token after `Bearer` is taken");
            }
            None => auth.gap("the description does not say how calls are authenticated; write `[auth.bearer]`, `[auth.api_key]`, `[auth.basic]` or `[auth.oauth2]`"),
        }
    }
    auth
}

fn with_token(operations: &[Operation], guess: Guess, auth: &mut Auth) {
    let refresh = operations.iter().find(|operation| {
        operation.meaning == Meaning::RefreshToken && operation.asks_for(&Field::AuthRefresh)
    });
    let gives = operations
        .iter()
        .any(|operation| operation.meaning == Meaning::GetToken && operation.tells_of(&Field::AuthRefresh));
    match refresh.filter(|_| gives) {
        Some(refresh) => auth.table("oauth2", &[("token", "get_token"), ("refresh", refresh.name())], guess),
        None => auth.table("oauth2", &[("token", "get_token")], guess),
    }
}

fn of_scheme(scheme: &Scheme, token: Option<&Operation>, operations: &[Operation], auth: &mut Auth) {
    let name = &scheme.name;
    match &scheme.kind {
        SchemeKind::Bearer => match token {
            Some(token) => {
                let why = format!("the scheme `{name}` asks for a token, and `{}` answers with one", token.line);
                with_token(operations, Guess::new(Confidence::Likely, "calls bear the token of an exchange", why), auth);
            }
            None => {
                let why = format!("the scheme `{name}`, and no exchange that gets a token");
                auth.secret("token", "Token of the account");
                auth.table("bearer", &[("secret", "token")], Guess::new(Confidence::Likely, "calls bear a fixed token", why));
            }
        },
        SchemeKind::Basic => {
            auth.secret("username", "User name of the account");
            auth.secret("password", "Password of the account");
            let guess = Guess::new(Confidence::Sure, "calls bear user and password", format!("the scheme `{name}`"));
            auth.table("basic", &[("username", "username"), ("password", "password")], guess);
        }
        SchemeKind::ApiKey { place, name: key } => api_key(scheme, place, key, auth),
        SchemeKind::OAuth2 { flow, token: address } => oauth2(scheme, flow, address.as_deref(), token, operations, auth),
        SchemeKind::Other(kind) => auth.gap(format!(
            "the scheme `{name}` is {kind}, which is not read here; describe it with `[auth.oauth2]` or `[auth.bearer]`"
        )),
    }
}

fn api_key(scheme: &Scheme, place: &str, key: &str, auth: &mut Auth) {
    let name = &scheme.name;
    let guess =
        |what: &str, confidence| Guess::new(confidence, what.to_owned(), format!("the scheme `{name}`"));
    if key.is_empty() || !matches!(place, "header" | "query") {
        return auth.gap(format!("the scheme `{name}` sends a key in a {place}, which a profile cannot"));
    }
    if key.eq_ignore_ascii_case("authorization") && place == "header" {
        auth.secret("key", "Key of the account");
        match scheme_word(&scheme.text) {
            Some(word) => {
                let guess = Guess::new(
                    Confidence::Likely,
                    format!("calls bear a key after `{word}`"),
                    format!("the words of the scheme `{name}`"),
                );
                auth.table("bearer", &[("secret", "key"), ("scheme", &word)], guess);
            }
            None => {
                auth.gap(format!(
                    "whether a word stands before the key of `{name}` is not described; the key is sent alone"
                ));
                auth.table(
                    "api_key",
                    &[("secret", "key"), ("header", key)],
                    guess("calls bear a key alone", Confidence::Unsure),
                );
            }
        }
        return;
    }
    auth.secret("api_key", "API key of the account");
    let place = if place == "query" { "query" } else { "header" };
    auth.table(
        "api_key",
        &[("secret", "api_key"), (place, key)],
        guess("calls bear an API key", Confidence::Sure),
    );
}

/// The word before the credential, as in `PersonalKey <key>`.
fn scheme_word(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let clean = |word: &str| word.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-').to_owned();
    words.windows(2).find_map(|pair| {
        let holds = pair[1].trim_start_matches(['`', '"', '\'']).starts_with(['<', '{', '[']);
        let word = clean(pair[0]);
        let is_word = word.len() > 2
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !word.eq_ignore_ascii_case("authorization");
        (holds && is_word).then_some(word)
    })
}

fn oauth2(
    scheme: &Scheme,
    flow: &str,
    address: Option<&str>,
    token: Option<&Operation>,
    operations: &[Operation],
    auth: &mut Auth,
) {
    let name = &scheme.name;
    if let Some(token) = token {
        let why = format!("the scheme `{name}`, and `{}` answers with a token", token.line);
        return with_token(
            operations,
            Guess::new(Confidence::Sure, "calls bear the token of an exchange", why),
            auth,
        );
    }
    let granted = match flow {
        "clientCredentials" => Some("client_credentials"),
        "password" => Some("password"),
        _ => None,
    };
    match (granted, address.and_then(token_place)) {
        (Some(grant), Some((server, path))) => {
            auth.token = Some(token_exchange(grant, server, &path, name));
            auth.secret("client_id", "OAuth2 client id");
            auth.secret("client_secret", "OAuth2 client secret");
            if grant == "password" {
                auth.secret("username", "User name of the account");
                auth.secret("password", "Password of the account");
            }
            let why = format!("the scheme `{name}` names the flow and the address");
            auth.table(
                "oauth2",
                &[("token", "get_token")],
                Guess::new(Confidence::Sure, "calls bear the token of an exchange", why),
            );
        }
        _ => {
            auth.secret("token", "A token that a person has had issued");
            let why = format!("the scheme `{name}` has the flow {flow}");
            auth.table(
                "bearer",
                &[("secret", "token")],
                Guess::new(Confidence::Unsure, "calls bear a token that a run is given", why),
            );
            auth.gap(format!("the scheme `{name}` has the flow {flow}, which a run cannot go through alone; it must be given a token"));
        }
    }
}

/// Base address (where it is absolute) and path of a token's address.
fn token_place(address: &str) -> Option<(Option<String>, String)> {
    if address.starts_with('/') {
        return Some((None, address.to_owned()));
    }
    let url = url::Url::parse(address)
        .ok()
        .filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"))?;
    let origin = url.origin().ascii_serialization();
    Some((Some(origin), url.path().to_owned()))
}

/// The exchange of RFC 6749.
fn token_exchange(grant: &str, server: Option<String>, path: &str, scheme: &str) -> Operation {
    let text = |value: &str| Node::Literal(serde_json::Value::String(value.to_owned()));
    let hole = |inner: &str| Node::Hole(inner.to_owned());
    let mut form = vec![
        ("grant_type".to_owned(), text(grant)),
        ("client_id".to_owned(), hole("secret.client_id")),
        ("client_secret".to_owned(), hole("secret.client_secret")),
    ];
    if grant == "password" {
        form.push(("username".to_owned(), hole("secret.username")));
        form.push(("password".to_owned(), hole("secret.password")));
    }
    let named: Vec<String> =
        form.iter().skip(1).map(|(name, _)| format!("`{name}` is secret.{name}")).collect();
    let named = named.join(", ");
    let answer = vec![
        ("access_token".to_owned(), hole("auth.token")),
        ("expires_in".to_owned(), hole("auth.expires_in? | int")),
    ];
    let why =
        format!("the scheme `{scheme}` names the address; the messages are those of OAuth 2 (RFC 6749)");
    let request = format!("POST {}", super::draft::escaped(path));
    Operation {
        meaning: Meaning::GetToken,
        line: request.clone(),
        request,
        server,
        open: false,
        query: Vec::new(),
        headers: Vec::new(),
        form: true,
        body: Some(Node::Object(form)),
        statuses: vec![200],
        response: Some(Node::Object(answer)),
        success: None,
        paging: None,
        errors: Vec::new(),
        asks: Vec::new(),
        tells: vec![(Field::AuthToken, false), (Field::AuthExpiresIn, true)],
        guesses: vec![
            Guess::new(Confidence::Likely, "this is get_token", why),
            Guess::new(
                Confidence::Likely,
                format!("request {named}"),
                "RFC 6749; some vendors take client id and secret as HTTP Basic",
            ),
            Guess::new(
                Confidence::Likely,
                "answer `access_token` is auth.token, `expires_in` is auth.expires_in",
                "RFC 6749",
            ),
        ],
        gaps: Vec::new(),
        left_out: Vec::new(),
        settings: Vec::new(),
        others: Vec::new(),
        score: 60,
        pin_lengths: (None, None),
        name_length: None,
    }
}
