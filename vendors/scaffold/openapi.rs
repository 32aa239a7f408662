//! OpenAPI 3.0 and 3.1.

use serde_json::Value;

use super::description::{
    Answer, Content, Description, Endpoint, Parameter, Place, Scheme, SchemeKind, segments,
};
use super::reference::{key, resolve};
use super::schema::Schemas;
use super::shape::{Kind, Shape, Way};
use super::source::Trouble;

/// A content with its examples under their names.
type Shown = (Content, Vec<(String, Value)>);

const METHODS: &[&str] = &["get", "put", "post", "delete", "patch"];
/// More is no description of a lock system.
const MOST_ENDPOINTS: usize = 3_000;

/// Reads a description.
pub(super) fn read(root: &Value) -> Result<Description, Trouble> {
    let version = check_version(root)?;
    let mut reader = Reader { root, schemas: Schemas { root }, unread: Vec::new() };
    let info = root.get("info").unwrap_or(&Value::Null);
    let schemes = reader.schemes()?;
    let endpoints = reader.endpoints()?;
    if endpoints.is_empty() {
        return Err(Trouble::new(
            "the description has no paths",
            "give the description of the API; one that only describes callbacks or schemas is not enough",
        )
        .at("#/paths"));
    }
    Ok(Description {
        origin: format!("an OpenAPI {version} description"),
        title: string(info, "title"),
        vendor: info.get("contact").and_then(|contact| string(contact, "name")),
        version: info.get("version").and_then(scalar),
        documentation: root
            .get("externalDocs")
            .and_then(|docs| string(docs, "url"))
            .or_else(|| info.get("contact").and_then(|contact| string(contact, "url"))),
        servers: servers(root),
        schemes,
        endpoints,
        unread: reader.unread,
    })
}

fn check_version(root: &Value) -> Result<String, Trouble> {
    const HELP: &str = "give an OpenAPI 3.0 or 3.1 description";
    if let Some(version) = root.get("swagger").and_then(scalar) {
        return Err(Trouble::new(
            format!("this is Swagger {version}, which OpenAPI 3 has replaced"),
            "convert it to OpenAPI 3 first; converters of Swagger 2 do that",
        )
        .at("#/swagger"));
    }
    if root.get("info").is_some_and(|info| info.get("schema").is_some() || info.get("_postman_id").is_some())
    {
        return Err(Trouble::new("this is a Postman collection", "give it with --postman"));
    }
    let Some(version) = root.get("openapi") else {
        return Err(Trouble::new("this is no OpenAPI description: it has no `openapi`", HELP));
    };
    match scalar(version) {
        Some(version) if version.starts_with("3.0") || version.starts_with("3.1") => Ok(version),
        Some(version) => {
            Err(Trouble::new(format!("OpenAPI {version} is not known here"), HELP).at("#/openapi"))
        }
        None => Err(Trouble::new("`openapi` is no version", HELP).at("#/openapi")),
    }
}

fn servers(value: &Value) -> Vec<String> {
    list(value, "servers").iter().filter_map(server).collect()
}

/// An address with its variables as they usually are.
fn server(server: &Value) -> Option<String> {
    let mut address = string(server, "url")?;
    for (name, variable) in server.get("variables").and_then(Value::as_object).into_iter().flatten() {
        if let Some(usual) = variable.get("default").and_then(scalar) {
            address = address.replace(&format!("{{{name}}}"), &usual);
        }
    }
    Some(address)
}

struct Reader<'a> {
    root: &'a Value,
    schemas: Schemas<'a>,
    unread: Vec<(String, String)>,
}

impl<'a> Reader<'a> {
    /// The schemes that calls use, in the order of the description; all that
    /// there are where no call names one.
    fn schemes(&self) -> Result<Vec<Scheme>, Trouble> {
        let declared = self.root.pointer("/components/securitySchemes").and_then(Value::as_object);
        let mut used: Vec<&String> = Vec::new();
        // Of several that may stand for each other the first is taken.
        let first =
            list(self.root, "security").iter().filter_map(Value::as_object).find(|one| !one.is_empty());
        used.extend(first.into_iter().flat_map(|one| one.keys()));
        if used.is_empty() {
            used.extend(self.most_used());
        }
        let mut schemes = Vec::new();
        for (name, scheme) in declared.into_iter().flatten() {
            if used.is_empty() || used.contains(&name) {
                let at = format!("#/components/securitySchemes/{}", key(name));
                schemes.push(read_scheme(name, resolve(self.root, scheme, &at)?.value));
            }
        }
        Ok(schemes)
    }

    /// The schemes of the requirement that most calls have.
    fn most_used(&self) -> Vec<&'a String> {
        let mut counts: Vec<(Vec<&String>, usize)> = Vec::new();
        for item in self.root.get("paths").and_then(Value::as_object).into_iter().flatten() {
            for operation in METHODS.iter().filter_map(|method| item.1.get(method)) {
                let Some(Value::Object(first)) = list(operation, "security").first() else { continue };
                let names: Vec<&String> = first.keys().collect();
                match counts.iter_mut().find(|(known, _)| *known == names) {
                    Some((_, count)) => *count += 1,
                    None if !names.is_empty() => counts.push((names, 1)),
                    None => {}
                }
            }
        }
        let best = counts.iter().map(|(_, count)| *count).max();
        counts.into_iter().find(|(_, count)| Some(*count) == best).map_or(Vec::new(), |(names, _)| names)
    }

    fn endpoints(&mut self) -> Result<Vec<Endpoint>, Trouble> {
        let mut endpoints = Vec::new();
        let paths = match self.root.get("paths") {
            Some(Value::Object(paths)) => paths,
            None => return Ok(endpoints),
            Some(_) => {
                return Err(Trouble::new("`paths` is no object", "write an object of paths").at("#/paths"));
            }
        };
        for (path, item) in paths.iter().filter(|(path, _)| path.starts_with('/')) {
            let placed = resolve(self.root, item, &format!("#/paths/{}", key(path)))?;
            for method in METHODS {
                let Some(operation) = placed.value.get(method).filter(|operation| operation.is_object())
                else {
                    continue;
                };
                let at = format!("{}/{method}", placed.at);
                endpoints.push(self.endpoint(path, method, placed.value, operation, &at)?);
            }
            if endpoints.len() > MOST_ENDPOINTS {
                return Err(Trouble::new(
                    format!("the description has more than {MOST_ENDPOINTS} operations"),
                    "keep the paths that have to do with locks",
                )
                .at("#/paths"));
            }
        }
        Ok(endpoints)
    }

    fn endpoint(
        &mut self,
        path: &str,
        method: &str,
        item: &Value,
        operation: &Value,
        at: &str,
    ) -> Result<Endpoint, Trouble> {
        let body = match operation.get("requestBody") {
            Some(body) => {
                let placed = resolve(self.root, body, &format!("{at}/requestBody"))?;
                self.content(placed.value, &placed.at, Way::Request)?.map(|(content, _)| content)
            }
            None => None,
        };
        let security = operation.get("security").and_then(Value::as_array);
        Ok(Endpoint {
            method: method.to_ascii_uppercase(),
            segments: segments(path),
            id: string(operation, "operationId"),
            summary: string(operation, "summary").or_else(|| string(operation, "description")),
            parameters: self.parameters(item, operation, at)?,
            body,
            answers: self.answers(operation, at)?,
            open: security.is_some_and(Vec::is_empty),
            deprecated: operation.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
            server: servers(operation).into_iter().chain(servers(item)).next(),
        })
    }

    fn parameters(&self, item: &Value, operation: &Value, at: &str) -> Result<Vec<Parameter>, Trouble> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for parameter in list(operation, "parameters").iter().chain(list(item, "parameters")) {
            let placed = resolve(self.root, parameter, &format!("{at}/parameters"))?;
            let Some(name) = string(placed.value, "name") else { continue };
            let place = match placed.value.get("in").and_then(Value::as_str) {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                Some("header") => Place::Header,
                _ => continue,
            };
            if parameters.iter().any(|known| known.name == name && known.place == place) {
                continue;
            }
            let required =
                placed.value.get("required").and_then(Value::as_bool).unwrap_or(place == Place::Path);
            let mut shape = match placed.value.get("schema") {
                Some(schema) => self.schemas.shape(schema, &format!("{}/schema", placed.at))?,
                None => Shape::of(Kind::Text),
            };
            if let Some(example) = first_example(placed.value) {
                shape = shape.with_example(example);
            }
            shape.text = shape.text.or_else(|| string(placed.value, "description"));
            parameters.push(Parameter { name, place, required, shape });
        }
        Ok(parameters)
    }

    fn answers(&mut self, operation: &Value, at: &str) -> Result<Vec<Answer>, Trouble> {
        let mut answers = Vec::new();
        for (status, answer) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
            let placed = resolve(self.root, answer, &format!("{at}/responses/{}", key(status)))?;
            let (content, examples) = self
                .content(placed.value, &placed.at, Way::Answer)?
                .map_or((None, Vec::new()), |(c, e)| (Some(c), e));
            answers.push(Answer {
                // `4XX` and `default` stand for any other.
                status: status.parse().ok().filter(|status| (100..600).contains(status)),
                text: string(placed.value, "description").unwrap_or_default(),
                content,
                examples,
                headers: placed
                    .value
                    .get("headers")
                    .and_then(Value::as_object)
                    .map_or(Vec::new(), |headers| headers.keys().cloned().collect()),
            });
        }
        Ok(answers)
    }

    /// The content in the first notation that can be spoken, as it goes that way.
    fn content(&mut self, holder: &Value, at: &str, way: Way) -> Result<Option<Shown>, Trouble> {
        let Some(media) = holder.get("content").and_then(Value::as_object).filter(|media| !media.is_empty())
        else {
            return Ok(None);
        };
        let is_form = |name: &str| name.starts_with("application/x-www-form-urlencoded");
        let is_json = |name: &str| name.contains("json") || name.starts_with("*/*");
        let chosen = media
            .iter()
            .find(|(name, _)| {
                name.starts_with("application/json") && !name.contains('+') && !name.contains("patch")
            })
            .or_else(|| media.iter().find(|(name, _)| is_json(name)))
            .or_else(|| media.iter().find(|(name, _)| is_form(name)));
        let Some((name, value)) = chosen else {
            let names = media.keys().map(String::as_str).collect::<Vec<_>>().join(", ");
            self.unread
                .push((at.to_owned(), format!("its content is {names}; profiles speak JSON and forms")));
            return Ok(None);
        };
        let at = format!("{at}/content/{}", key(name));
        let mut shape = match value.get("schema") {
            Some(schema) => self.schemas.shape(schema, &format!("{at}/schema"))?,
            None => Shape::of(Kind::Anything),
        };
        let mut named = Vec::new();
        for (name, example) in value.get("examples").and_then(Value::as_object).into_iter().flatten() {
            let placed = resolve(self.root, example, &format!("{at}/examples/{}", key(name)))?;
            named.extend(placed.value.get("value").map(|value| (name.clone(), value.clone())));
        }
        for example in value.get("example").into_iter().chain(named.iter().map(|(_, example)| example)) {
            shape = shape.with_example(example);
        }
        if let Some(example) = value.get("example").filter(|_| named.is_empty()) {
            named.push((String::new(), example.clone()));
        }
        let media = name.split(';').next().unwrap_or_default().trim().to_owned();
        Ok(Some((Content { form: is_form(&media), media, shape: shape.going(way) }, named)))
    }
}

fn first_example(holder: &Value) -> Option<&Value> {
    holder.get("example").or_else(|| holder.get("examples")?.as_object()?.values().next()?.get("value"))
}

fn read_scheme(name: &str, scheme: &Value) -> Scheme {
    let word = |key: &str| string(scheme, key).unwrap_or_default();
    let kind = match (word("type").as_str(), word("scheme").to_ascii_lowercase().as_str()) {
        ("http", "bearer") => SchemeKind::Bearer,
        ("http", "basic") => SchemeKind::Basic,
        ("http", other) => SchemeKind::Other(format!("HTTP {other}")),
        ("apiKey", _) => SchemeKind::ApiKey { place: word("in"), name: word("name") },
        ("oauth2", _) => {
            let flows = scheme.get("flows").and_then(Value::as_object);
            let known = ["clientCredentials", "password", "authorizationCode", "implicit"];
            let flow = known.iter().find_map(|flow| Some((*flow, flows?.get(*flow)?)));
            SchemeKind::OAuth2 {
                flow: flow.map_or_else(|| "unknown".to_owned(), |(name, _)| name.to_owned()),
                token: flow.and_then(|(_, flow)| string(flow, "tokenUrl")),
            }
        }
        (other, _) => SchemeKind::Other(other.to_owned()),
    };
    Scheme { name: name.to_owned(), kind, text: word("description") }
}

pub(super) fn string(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// A text, or a number as text: YAML reads `version: 1.0` as a number.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

pub(super) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
