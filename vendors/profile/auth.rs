//! `[auth.…]`: where credentials go. Each scheme becomes ordinary header or
//! query templates of the operations, so the server reads them back as facts.

use std::time::Duration;

use super::document::{Document, Located, Section};
use super::limits_section::positive;
use super::message::read_pairs_of;
use super::operations::ReadOperations;
use super::problem::nearest;
use super::sources;
use crate::vendors::dialect::Auth;
use crate::vendors::dialect::form::Body;
use crate::vendors::dialect::template::{Hole, Piece, Text};
use crate::vendors::vocabulary::{Field, FieldKind};

/// One credential and its place.
struct Credential {
    /// `header` with a lower-case name, or `query`.
    place: Place,
    text: Text,
    /// Whether it is the session's token, which the token operations go without.
    session: bool,
}

enum Place {
    Header(String),
    Query(String),
    /// In the form, where the operation has one, else in the query.
    Parameter(String),
}

/// The schemes of a profile.
pub(super) struct AuthSection {
    pub auth: Auth,
    credentials: Vec<Credential>,
    token: Option<Located<String>>,
    refresh: Option<Located<String>>,
}

impl AuthSection {
    /// The headers and query parameters that an operation sends.
    pub fn attach(
        &self,
        operation: &str,
        headers: &mut Vec<(String, Text)>,
        query: &mut Vec<(String, Text)>,
        body: &mut Body,
    ) {
        let names =
            |located: &Option<Located<String>>| located.as_ref().is_some_and(|name| name.value == operation);
        let fetches_token = names(&self.token) || names(&self.refresh);
        for credential in self.credentials.iter().filter(|credential| !(credential.session && fetches_token))
        {
            let (pairs, name) = match &credential.place {
                Place::Header(name) => (&mut *headers, name),
                Place::Query(name) => (&mut *query, name),
                Place::Parameter(name) => match &mut *body {
                    Body::Form(form) => (form, name),
                    Body::Empty | Body::Json(_) | Body::Text(_) => (&mut *query, name),
                },
            };
            // What the operation writes itself stands.
            if !pairs.iter().any(|(known, _)| known == name) {
                pairs.push((name.clone(), credential.text.clone()));
            }
        }
    }

    /// Checks that the token operations exist and answer with a token.
    pub fn check_operations(&self, doc: &Document<'_>, operations: &ReadOperations<'_>) {
        for name in self.token.iter().chain(&self.refresh) {
            match operations.read.iter().find(|read| read.operation.name() == name.value) {
                Some(read) if !read.sound => {}
                Some(read) if read.operation.answers_with(&Field::AuthToken) => {}
                Some(_) => doc.problem(
                    name.span.clone(),
                    format!("the answer of `{}` has no `{{auth.token}}`", name.value),
                    "write the hole `{auth.token}` into its response",
                ),
                None if operations.unreadable.contains(&name.value.as_str()) => {}
                None => {
                    let known = operations.read.iter().map(|read| read.operation.name());
                    let help = match nearest(&name.value, known) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => "write it under `[operations]`".to_owned(),
                    };
                    doc.problem(name.span.clone(), format!("unknown operation `{}`", name.value), help);
                }
            }
        }
    }
}

pub(super) fn read(root: &Section<'_, '_>, secrets: &[(String, String)]) -> AuthSection {
    let auth = Auth {
        description: String::new(),
        token_operation: None,
        refresh_operation: None,
        renew_before: Duration::from_secs(60),
        life: None,
        rotates: false,
    };
    let mut read = AuthSection { auth, credentials: Vec::new(), token: None, refresh: None };
    let mut descriptions = Vec::new();
    if let Some(section) = root.section("auth") {
        let given = section.string("description");
        sources::cite(&section, "auth", &["oauth2", "bearer", "api_key", "basic"]);
        if let Some(oauth2) = section.section("oauth2") {
            sources::cite_below(&oauth2, "auth.oauth2");
            descriptions.push(read_oauth2(oauth2, &mut read));
        }
        if let Some(bearer) = section.section("bearer") {
            sources::cite_below(&bearer, "auth.bearer");
            descriptions.push(read_bearer(bearer, secrets, &mut read));
        }
        if let Some(key) = section.section("api_key") {
            sources::cite_below(&key, "auth.api_key");
            descriptions.push(read_api_key(key, secrets, &mut read));
        }
        if let Some(basic) = section.section("basic") {
            sources::cite_below(&basic, "auth.basic");
            descriptions.push(read_basic(basic, secrets, &mut read));
        }
        if let Some(parameters) = section.section("parameters") {
            descriptions.push(read_parameters(&parameters, &mut read));
        }
        section.finish();
        if let Some(given) = given {
            descriptions = vec![given];
        }
    }
    // Empty where the statement says nothing; that no credential is needed must be said.
    descriptions.retain(|description| !description.is_empty());
    read.auth.description = descriptions.join("; ");
    read.auth.token_operation = read.token.as_ref().map(|name| name.value.clone());
    read.auth.refresh_operation = read.refresh.as_ref().map(|name| name.value.clone());
    read
}

/// What goes with every call, such as the id of a client and the present time.
fn read_parameters(section: &Section<'_, '_>, read: &mut AuthSection) -> String {
    let mut names = Vec::new();
    for (name, text) in read_pairs_of(section) {
        let (mut session, mut credential) = (false, false);
        text.each_hole(&mut |hole| {
            session |= hole.field == Field::AuthToken;
            credential |= hole.field.kind() == FieldKind::Secret;
        });
        if credential {
            names.push(name.clone());
        }
        read.credentials.push(Credential { place: Place::Parameter(name), text, session });
    }
    let names = names.join(", ");
    if names.is_empty() {
        String::new()
    } else {
        format!("{names} as parameters of the form or of the query")
    }
}

fn scheme_text(scheme: &str, field: Field) -> Text {
    let hole = Piece::Hole(Hole::plain(field));
    let pieces =
        if scheme.is_empty() { vec![hole] } else { vec![Piece::Literal(format!("{scheme} ")), hole] };
    Text { pieces }
}

/// Reads `header`, `query` or `parameter`; the header `usual` where neither is given.
fn read_place(section: &Section<'_, '_>, usual: Option<&str>) -> Option<Place> {
    let (header, query, parameter) =
        (section.text("header"), section.text("query"), section.text("parameter"));
    match (header, query, parameter) {
        (Some(_), Some(other), _) | (Some(_), _, Some(other)) | (_, Some(_), Some(other)) => {
            let what = "two of `header`, `query` and `parameter`";
            section.doc.problem(other.span, what, "a credential has one place");
            None
        }
        (Some(header), None, None) => Some(Place::Header(header.value.to_ascii_lowercase())),
        (None, Some(query), None) => Some(Place::Query(query.value.to_owned())),
        (None, None, Some(parameter)) => Some(Place::Parameter(parameter.value.to_owned())),
        (None, None, None) => match usual {
            Some(usual) => Some(Place::Header(usual.to_owned())),
            None => {
                section.missing("header", "write `header = \"X-Api-Key\"` or `query = \"key\"`");
                None
            }
        },
    }
}

fn place_phrase(place: &Place) -> String {
    match place {
        Place::Header(name) => format!("in the header {name}"),
        Place::Query(name) => format!("in the query parameter {name}"),
        Place::Parameter(name) => format!("as the parameter {name} of the form or of the query"),
    }
}

fn read_oauth2(section: Section<'_, '_>, read: &mut AuthSection) -> String {
    let owned = |text: Located<&str>| Located { value: text.value.to_owned(), span: text.span };
    read.token = section.required_text("token", "name the operation that gets a token").map(owned);
    read.refresh = section.text("refresh").map(owned);
    if let Some(span) = section.duration("renew_before") {
        read.auth.renew_before = span.value;
    }
    read.auth.life = positive(&section, "life");
    read.auth.rotates = section.flag("rotates").unwrap_or(false);
    if read.auth.rotates && read.refresh.is_none() {
        section.missing("refresh", "refresh tokens that rotate are renewed by an operation: name it");
    }
    let place = read_place(&section, Some("authorization"));
    let in_query = matches!(place, Some(Place::Query(_) | Place::Parameter(_)));
    let scheme = section
        .string("scheme")
        .unwrap_or_else(|| if in_query { String::new() } else { "Bearer".to_owned() });
    section.finish();
    let Some(place) = place else { return String::new() };
    let description = format!(
        "OAuth 2 token (operation {}), {}",
        read.token.as_ref().map_or("", |name| &name.value),
        place_phrase(&place)
    );
    read.credentials.push(Credential { place, text: scheme_text(&scheme, Field::AuthToken), session: true });
    description
}

/// The field of a declared secret.
fn secret(section: &Section<'_, '_>, key: &'static str, secrets: &[(String, String)]) -> Option<Field> {
    let name = section.required_text(key, "name one of the `[secrets]`")?;
    if secrets.iter().any(|(known, _)| known == name.value) {
        return Some(Field::Secret(name.value.into()));
    }
    let help = match nearest(name.value, secrets.iter().map(|(known, _)| known.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write `{} = \"what it is\"` under `[secrets]`", name.value),
    };
    section.doc.problem(name.span, format!("unknown secret `{}`", name.value), help);
    None
}

fn read_bearer(section: Section<'_, '_>, secrets: &[(String, String)], read: &mut AuthSection) -> String {
    let (field, place) = (secret(&section, "secret", secrets), read_place(&section, Some("authorization")));
    let scheme = section.string("scheme").unwrap_or_else(|| "Bearer".to_owned());
    section.finish();
    let (Some(field), Some(place)) = (field, place) else { return String::new() };
    let description = format!("a fixed token after `{scheme}`, {}", place_phrase(&place));
    read.credentials.push(Credential { place, text: scheme_text(&scheme, field), session: false });
    description
}

fn read_api_key(section: Section<'_, '_>, secrets: &[(String, String)], read: &mut AuthSection) -> String {
    let (field, place) = (secret(&section, "secret", secrets), read_place(&section, None));
    section.finish();
    let (Some(field), Some(place)) = (field, place) else { return String::new() };
    let description = format!("an API key {}", place_phrase(&place));
    read.credentials.push(Credential { place, text: scheme_text("", field), session: false });
    description
}

fn read_basic(section: Section<'_, '_>, secrets: &[(String, String)], read: &mut AuthSection) -> String {
    let (username, password) = (secret(&section, "username", secrets), secret(&section, "password", secrets));
    section.finish();
    let (Some(username), Some(password)) = (username, password) else { return String::new() };
    let inner = vec![
        Piece::Hole(Hole::plain(username)),
        Piece::Literal(":".to_owned()),
        Piece::Hole(Hole::plain(password)),
    ];
    let text =
        Text { pieces: vec![Piece::Literal("Basic ".to_owned()), Piece::Base64(Text { pieces: inner })] };
    read.credentials.push(Credential {
        place: Place::Header("authorization".to_owned()),
        text,
        session: false,
    });
    "HTTP Basic".to_owned()
}
