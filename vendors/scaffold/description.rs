//! What a description says, whichever notation it is written in.

use super::shape::Shape;

/// A described API.
#[derive(Clone, Debug, Default)]
pub(super) struct Description {
    /// What it was read from, for people: `an OpenAPI 3.0.3 description`.
    pub origin: String,
    /// The product's name.
    pub title: Option<String>,
    /// Who makes it.
    pub vendor: Option<String>,
    /// Version of the API.
    pub version: Option<String>,
    /// Where it is documented.
    pub documentation: Option<String>,
    /// Base addresses, the usual one first; relative ones as they stand.
    pub servers: Vec<String>,
    /// The ways to authenticate that are used, the usual ones first.
    pub schemes: Vec<Scheme>,
    /// The exchanges.
    pub endpoints: Vec<Endpoint>,
    /// What could not be read, with its place.
    pub unread: Vec<(String, String)>,
}

/// An exchange.
#[derive(Clone, Debug)]
pub(super) struct Endpoint {
    /// In capitals.
    pub method: String,
    /// The segments of the path.
    pub segments: Vec<Segment>,
    /// The name that the description gives it.
    pub id: Option<String>,
    /// Its heading.
    pub summary: Option<String>,
    /// Parameters of path, query and headers.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Content>,
    /// What it may be answered with.
    pub answers: Vec<Answer>,
    /// Whether it goes without credentials.
    pub open: bool,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Its own base address.
    pub server: Option<String>,
}

/// A segment of a path: texts and the names of parameters, in turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Segment(pub Vec<Part>);

/// A part of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// As it stands.
    Text(String),
    /// The name of a parameter.
    Parameter(String),
}

impl Segment {
    /// The text, where it has no parameter.
    pub fn literal(&self) -> Option<&str> {
        match &self.0[..] {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

/// A parameter.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub name: String,
    pub place: Place,
    pub required: bool,
    pub shape: Shape,
}

/// The content of a message.
#[derive(Clone, Debug)]
pub(super) struct Content {
    /// Its media type.
    pub media: String,
    /// Whether it is a form; JSON otherwise.
    pub form: bool,
    pub shape: Shape,
}

/// A documented answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// `None` where it stands for any other status.
    pub status: Option<u16>,
    /// In the vendor's words.
    pub text: String,
    pub content: Option<Content>,
    /// Examples under their names, where the answer has several.
    pub examples: Vec<(String, serde_json::Value)>,
    /// Names of its headers.
    pub headers: Vec<String>,
}

/// A way to authenticate.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scheme {
    /// The name that the description gives it.
    pub name: String,
    pub kind: SchemeKind,
    /// In the vendor's words.
    pub text: String,
}

/// How a credential is sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum SchemeKind {
    /// After a word in `Authorization`.
    Bearer,
    /// User and password.
    Basic,
    /// A key in a place of its own.
    ApiKey {
        /// `header`, `query` or `cookie`.
        place: String,
        name: String,
    },
    /// OAuth 2: the flow and the address where tokens are had.
    OAuth2 { flow: String, token: Option<String> },
    /// Something else, by its name.
    Other(String),
}

impl Endpoint {
    /// `METHOD /path`, with the parameters as the description writes them.
    pub fn line(&self) -> String {
        let mut line = format!("{} ", self.method);
        for segment in &self.segments {
            line.push('/');
            for part in &segment.0 {
                match part {
                    Part::Text(text) => line.push_str(text),
                    Part::Parameter(name) => line.push_str(&format!("{{{name}}}")),
                }
            }
        }
        line
    }

    /// The documented success that is richest.
    pub fn success(&self) -> Option<&Answer> {
        let successes =
            || self.answers.iter().filter(|answer| answer.status.is_some_and(|s| (200..300).contains(&s)));
        successes().find(|answer| answer.content.is_some()).or_else(|| successes().next())
    }

    /// The statuses of every documented success.
    pub fn success_statuses(&self) -> Vec<u16> {
        self.answers.iter().filter_map(|answer| answer.status).filter(|s| (200..300).contains(s)).collect()
    }

    /// The parameters in that place.
    pub fn in_place(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }
}

/// Splits a path into segments; `{name}` and `:name` are parameters.
pub(super) fn segments(path: &str) -> Vec<Segment> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    path.strip_prefix('/').unwrap_or(path).split('/').map(segment).collect()
}

fn segment(text: &str) -> Segment {
    if let Some(name) = text.strip_prefix(':').filter(|name| !name.is_empty()) {
        return Segment(vec![Part::Parameter(name.to_owned())]);
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let Some(length) = rest[start..].find('}') else { break };
        if start > 0 {
            parts.push(Part::Text(rest[..start].to_owned()));
        }
        let name = rest[start..start + length].trim_matches(['{', '}']).to_owned();
        parts.push(Part::Parameter(name));
        rest = rest[start + length..].trim_start_matches('}');
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    Segment(parts)
}
