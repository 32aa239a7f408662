//! Postman collections, versions 2.0 and 2.1.

use serde_json::{Map, Value};

use super::description::{
    Answer, Content, Description, Endpoint, Parameter, Part, Place, Scheme, SchemeKind, segments,
};
use super::openapi::{list, scalar, string};
use super::shape::{Kind, Shape};
use super::source::Trouble;

/// Host (where it is known), path, and what is asked: name, value, whether it
/// is always sent.
type Address = (Option<String>, String, Vec<(String, String, bool)>);

/// Folders lie in folders, but not deeper than this.
const DEEPEST: usize = 20;

/// Reads a collection.
pub(super) fn read(root: &Value) -> Result<Description, Trouble> {
    // Exports through the API wrap the collection.
    let root = root.get("collection").filter(|inner| inner.get("info").is_some()).unwrap_or(root);
    let version = check_version(root)?;
    let info = root.get("info").unwrap_or(&Value::Null);
    let mut reader =
        Reader { variables: variables(root), endpoints: Vec::new(), schemes: Vec::new(), hosts: Vec::new() };
    reader.add_scheme(root.get("auth"));
    reader.items(root, 0);
    if reader.endpoints.is_empty() {
        return Err(Trouble::new(
            "the collection has no requests",
            "export the collection with its requests",
        )
        .at("item"));
    }
    Ok(Description {
        origin: format!("a Postman collection ({version})"),
        title: string(info, "name"),
        vendor: None,
        version: info.get("version").and_then(scalar),
        documentation: None,
        servers: reader.hosts,
        schemes: reader.schemes,
        endpoints: reader.endpoints,
        unread: Vec::new(),
    })
}

fn check_version(root: &Value) -> Result<&'static str, Trouble> {
    const HELP: &str = "export the collection as v2.1";
    if root.get("openapi").is_some() || root.get("swagger").is_some() {
        return Err(Trouble::new("this is an OpenAPI description", "give it with --openapi"));
    }
    let schema = root.get("info").and_then(|info| string(info, "schema"));
    match schema {
        Some(schema) if schema.contains("v2.1") => Ok("v2.1"),
        Some(schema) if schema.contains("v2.0") => Ok("v2.0"),
        Some(schema) => {
            Err(Trouble::new(format!("the collection's version is not known here: `{schema}`"), HELP)
                .at("info.schema"))
        }
        None if root.get("requests").is_some() => {
            Err(Trouble::new("this is a collection of version 1", HELP).at("requests"))
        }
        None => Err(Trouble::new("this is no Postman collection: it has no `info.schema`", HELP)),
    }
}

fn variables(root: &Value) -> Vec<(String, String)> {
    let pair =
        |one: &Value| Some((string(one, "key").or_else(|| string(one, "id"))?, scalar(one.get("value")?)?));
    list(root, "variable").iter().filter_map(pair).filter(|(_, value)| !value.is_empty()).collect()
}

struct Reader {
    variables: Vec<(String, String)>,
    endpoints: Vec<Endpoint>,
    schemes: Vec<Scheme>,
    hosts: Vec<String>,
}

impl Reader {
    fn items(&mut self, folder: &Value, depth: usize) {
        for item in list(folder, "item").iter().filter(|_| depth < DEEPEST) {
            if item.get("item").is_some() {
                self.add_scheme(item.get("auth"));
                self.items(item, depth + 1);
            } else if let Some(request) = item.get("request") {
                self.request(item, request);
            }
        }
    }

    fn request(&mut self, item: &Value, request: &Value) {
        // A request may be its address alone.
        let url = if request.is_string() { Some(request) } else { request.get("url") };
        let Some((host, path, query)) = url.and_then(|url| self.address(url)) else { return };
        let host = host.filter(|host| host.contains("://"));
        if let Some(host) = host.as_ref().filter(|host| !self.hosts.contains(host)) {
            self.hosts.push(host.clone());
        }
        let auth = request.get("auth");
        self.add_scheme(auth);
        let mut segments = segments(&path);
        for segment in &mut segments {
            let whole = segment.0.first().cloned();
            if let (1, Some(Part::Text(text))) = (segment.0.len(), whole)
                && let Some(name) = placeholder(&text)
            {
                *segment = super::description::Segment(vec![Part::Parameter(name.to_owned())]);
            }
        }
        let mut parameters: Vec<Parameter> = Vec::new();
        parameters.extend(
            query.into_iter().map(|(name, value, required)| parameter(name, Place::Query, &value, required)),
        );
        for header in
            list(request, "header").iter().filter(|header| header.get("disabled") != Some(&Value::Bool(true)))
        {
            if let Some(name) = string(header, "key").filter(|name| !is_usual_header(name)) {
                let value = string(header, "value").unwrap_or_default();
                parameters.push(parameter(name, Place::Header, &value, true));
            }
        }
        self.endpoints.push(Endpoint {
            method: string(request, "method").unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase(),
            segments,
            id: string(item, "name"),
            summary: string(request, "description"),
            parameters,
            body: request.get("body").and_then(|body| self.body(body)),
            answers: list(item, "response").iter().filter_map(|answer| self.answer(answer)).collect(),
            open: auth.and_then(|auth| string(auth, "type")).as_deref() == Some("noauth"),
            deprecated: false,
            server: host,
        });
    }

    /// Host, path and query of an address.
    fn address(&self, url: &Value) -> Option<Address> {
        let raw = match url {
            Value::String(raw) => raw.clone(),
            _ => string(url, "raw").or_else(|| Some(joined(url)))?,
        };
        let raw = self.filled(&raw);
        let (before, asked) = raw.split_once('?').unwrap_or((&raw, ""));
        let (host, path) = match before.split_once("://") {
            Some((scheme, rest)) => {
                let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
                let known = !host.contains("{{");
                (known.then(|| format!("{scheme}://{host}")), path.to_owned())
            }
            // The host is a variable that the collection leaves open.
            None => (None, before.split_once('/').map_or("", |(_, path)| path).to_owned()),
        };
        let listed = url.get("query").and_then(Value::as_array);
        let query = match listed {
            Some(pairs) => pairs
                .iter()
                .filter_map(|pair| {
                    let optional = pair.get("disabled") == Some(&Value::Bool(true));
                    Some((string(pair, "key")?, string(pair, "value").unwrap_or_default(), !optional))
                })
                .collect(),
            None => asked
                .split('&')
                .filter(|pair| !pair.is_empty())
                .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
                .map(|(name, value)| (name.to_owned(), value.to_owned(), true))
                .collect(),
        };
        Some((host, format!("/{path}"), query))
    }

    /// The text with the collection's variables for addresses.
    fn filled(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in
            self.variables.iter().filter(|(_, value)| value.contains("://") || value.contains('.'))
        {
            text = text.replace(&format!("{{{{{name}}}}}"), value.trim_end_matches('/'));
        }
        text
    }

    fn body(&self, body: &Value) -> Option<Content> {
        match string(body, "mode")?.as_str() {
            "raw" => {
                let shape = shape_of_text(&string(body, "raw")?)?;
                Some(Content { media: "application/json".to_owned(), form: false, shape })
            }
            "urlencoded" => {
                let mut pairs = Map::new();
                for pair in list(body, "urlencoded") {
                    if let Some(name) = string(pair, "key") {
                        pairs.insert(name, Value::String(string(pair, "value").unwrap_or_default()));
                    }
                }
                let shape = without_placeholders(Shape::of_example(&Value::Object(pairs)));
                Some(Content { media: "application/x-www-form-urlencoded".to_owned(), form: true, shape })
            }
            _ => None,
        }
    }

    fn answer(&self, answer: &Value) -> Option<Answer> {
        let status = answer.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok());
        let example = string(answer, "body").and_then(|text| serde_json::from_str::<Value>(&text).ok());
        let shape = example.as_ref().map(|value| without_placeholders(Shape::of_example(value)));
        Some(Answer {
            status: Some(status.filter(|status| (100..600).contains(status)).unwrap_or(200)),
            text: string(answer, "name").unwrap_or_default(),
            content: shape.map(|shape| Content { media: "application/json".to_owned(), form: false, shape }),
            examples: example.into_iter().map(|value| (String::new(), value)).collect(),
            headers: list(answer, "header").iter().filter_map(|header| string(header, "key")).collect(),
        })
    }

    fn add_scheme(&mut self, auth: Option<&Value>) {
        let Some(auth) = auth else { return };
        let Some(name) = string(auth, "type") else { return };
        let setting = |key: &str| auth_setting(auth, &name, key);
        let kind = match name.as_str() {
            "noauth" => return,
            "bearer" => SchemeKind::Bearer,
            "basic" => SchemeKind::Basic,
            "apikey" => SchemeKind::ApiKey {
                place: setting("in").unwrap_or_else(|| "header".to_owned()),
                name: setting("key").unwrap_or_default(),
            },
            "oauth2" => {
                let grant = setting("grant_type").unwrap_or_default();
                let flow = match grant.as_str() {
                    "client_credentials" => "clientCredentials",
                    "password_credentials" | "password" => "password",
                    _ => "authorizationCode",
                };
                SchemeKind::OAuth2 {
                    flow: flow.to_owned(),
                    token: setting("accessTokenUrl").map(|url| self.filled(&url)),
                }
            }
            other => SchemeKind::Other(other.to_owned()),
        };
        // One way stands for the collection; the first is the usual one.
        if self.schemes.is_empty() {
            self.schemes.push(Scheme { name: name.clone(), kind, text: String::new() });
        }
    }
}

/// A setting of an `auth`: a list of pairs in v2.1, an object in v2.0.
fn auth_setting(auth: &Value, kind: &str, key: &str) -> Option<String> {
    match auth.get(kind)? {
        Value::Array(pairs) => pairs
            .iter()
            .find(|pair| string(pair, "key").as_deref() == Some(key))
            .and_then(|pair| string(pair, "value")),
        settings => string(settings, key),
    }
}

/// An address in its parts.
fn joined(url: &Value) -> String {
    let texts = |name: &str| -> Vec<String> {
        match url.get(name) {
            Some(Value::String(text)) => vec![text.clone()],
            _ => list(url, name)
                .iter()
                .filter_map(|part| part.as_str().map(str::to_owned).or_else(|| string(part, "value")))
                .collect(),
        }
    };
    let (host, path) = (texts("host").join("."), texts("path").join("/"));
    let path = path.trim_start_matches('/');
    match string(url, "protocol") {
        Some(protocol) => format!("{protocol}://{host}/{path}"),
        None => format!("{host}/{path}"),
    }
}

/// The name in `{{name}}`.
fn placeholder(text: &str) -> Option<&str> {
    text.strip_prefix("{{")?.strip_suffix("}}").map(str::trim).filter(|name| !name.is_empty())
}

fn parameter(name: String, place: Place, value: &str, required: bool) -> Parameter {
    let shape = without_placeholders(Shape::of_example(&typed(value)));
    Parameter { name, place, required: required && place == Place::Header, shape }
}

/// A value of an address by its look.
fn typed(value: &str) -> Value {
    value.parse::<i64>().map_or_else(|_| Value::String(value.to_owned()), Value::from)
}

/// JSON in which `{{name}}` may stand without quotes.
fn shape_of_text(text: &str) -> Option<Shape> {
    let value = serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&quoted(text)).ok())?;
    Some(without_placeholders(Shape::of_example(&value)))
}

fn quoted(text: &str) -> String {
    let (mut out, mut rest, mut inside) = (String::with_capacity(text.len() + 8), text, false);
    while let Some(c) = rest.chars().next() {
        if !inside
            && rest.starts_with("{{")
            && let Some(end) = rest.find("}}")
        {
            out.push('"');
            out.push_str(&rest[..end + 2]);
            out.push('"');
            rest = &rest[end + 2..];
            continue;
        }
        if c == '\\' && inside {
            let next = rest.char_indices().nth(2).map_or(rest.len(), |(at, _)| at);
            out.push_str(&rest[..next]);
            rest = &rest[next..];
            continue;
        }
        inside ^= c == '"';
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// A placeholder or an empty text shows nothing of the value.
fn without_placeholders(mut shape: Shape) -> Shape {
    let is_empty =
        |text: &str| text.is_empty() || text.contains("{{") || text.starts_with('<') && text.ends_with('>');
    if shape.example_text().is_some_and(is_empty) {
        shape.example = None;
    }
    shape.kind = match shape.kind {
        Kind::Object(members) => Kind::Object(
            members
                .into_iter()
                .map(|mut member| {
                    member.shape = without_placeholders(member.shape);
                    member
                })
                .collect(),
        ),
        Kind::List(item) => Kind::List(Box::new(without_placeholders(*item))),
        kind => kind,
    };
    if matches!(shape.kind, Kind::Object(_) | Kind::List(_)) {
        shape.example = None;
    }
    shape
}

/// Headers that say nothing of the vendor.
fn is_usual_header(name: &str) -> bool {
    ["content-type", "accept", "authorization", "user-agent", "host"]
        .contains(&name.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_may_stand_where_json_has_none() {
        let shape = shape_of_text(r#"{ "lock": {{lockId}}, "name": "a {{b}} \" c", "n": 3 }"#).unwrap();
        let names: Vec<&str> = shape.members().iter().map(|member| member.name.as_str()).collect();
        assert_eq!(names, ["lock", "name", "n"]);
        assert_eq!(shape.members()[0].shape.example, None);
    }

    #[test]
    fn addresses_are_read_with_their_variables() {
        let reader = Reader {
            variables: vec![("base".to_owned(), "https://api.acme.example".to_owned())],
            endpoints: Vec::new(),
            schemes: Vec::new(),
            hosts: Vec::new(),
        };
        for (url, host, path) in [
            (Value::from("{{base}}/v1/locks/:id?x=1"), Some("https://api.acme.example"), "/v1/locks/:id"),
            (Value::from("{{other}}/v1/locks/{{lock}}"), None, "/v1/locks/{{lock}}"),
            (
                serde_json::json!({ "protocol": "https", "host": ["a", "example"], "path": ["v1", "locks"] }),
                Some("https://a.example"),
                "/v1/locks",
            ),
        ] {
            let (found, at, _) = reader.address(&url).unwrap();
            assert_eq!((found.as_deref(), at.as_str()), (host, path));
        }
    }
}
