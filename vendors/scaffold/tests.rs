//! The scaffold as a whole: small descriptions in the styles that vendors
//! publish, and every description that there could be.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::repair::planned;
use super::{GapKind, LARGEST, Scaffold, from_openapi, from_postman, is_name, skeleton};
use crate::vendors::dialect::{Dialect, Operation};
use crate::vendors::profile;
use crate::vendors::vocabulary::{Field, FieldKind, Function};

/// The styles: what they are called, the description, and the functions for
/// which a plan must be found.
const STYLES: &[(&str, &str, &[&str])] = &[
    (
        "reference",
        include_str!("descriptions/reference.yaml"),
        &[
            "list_access_groups",
            "list_locks",
            "get_lock_status",
            "create_pin_access",
            "remove_pin_access",
            "create_mobile_access",
            "remove_mobile_access",
            "unlock",
            "hold_open",
            "return_to_normal",
            "algo_pin",
            "list_pin_access",
            "change_pin_access",
            "list_mobile_access",
        ],
    ),
    // An envelope around every answer, states as numbers that only the words
    // beside them explain, commands that are polled.
    (
        "envelope",
        include_str!("descriptions/envelope.json"),
        &[
            "list_access_groups",
            "list_locks",
            "get_lock_status",
            "create_pin_access",
            "remove_pin_access",
            "create_mobile_access",
            "remove_mobile_access",
            "unlock",
            "return_to_normal",
            "list_pin_access",
        ],
    ),
    // Swagger 2 turned into OpenAPI 3: answers of any media type, errors without
    // bodies, entries of several sorts that are made without an answer.
    (
        "entries",
        include_str!("descriptions/entries.yaml"),
        &[
            "list_access_groups",
            "list_locks",
            "get_lock_status",
            "create_pin_access",
            "remove_pin_access",
            "unlock",
            "return_to_normal",
            "list_pin_access",
            "change_pin_access",
        ],
    ),
    // Every call a POST that names what it does.
    (
        "calls",
        include_str!("descriptions/calls.json"),
        &[
            "list_access_groups",
            "list_locks",
            "get_lock_status",
            "create_pin_access",
            "remove_pin_access",
            "unlock",
            "return_to_normal",
            "list_pin_access",
            "change_pin_access",
        ],
    ),
    // Commands as jobs of a bridge, offline codes, cursors.
    (
        "bridge",
        include_str!("descriptions/bridge.yaml"),
        &[
            "list_access_groups",
            "list_locks",
            "get_lock_status",
            "create_pin_access",
            "remove_pin_access",
            "unlock",
            "return_to_normal",
            "algo_pin",
        ],
    ),
    // Everything below one site; a PIN as a bare text.
    (
        "sites",
        include_str!("descriptions/sites.yaml"),
        &["list_access_groups", "list_locks", "get_lock_status", "unlock", "return_to_normal"],
    ),
    // One schema for what is sent and what is told, with what goes one way only.
    (
        "shared",
        include_str!("descriptions/shared.yaml"),
        &[
            "list_access_groups",
            "list_locks",
            "get_lock_status",
            "create_pin_access",
            "remove_pin_access",
            "unlock",
            "list_pin_access",
        ],
    ),
    // A recorded collection, with keys alone, withdrawn by their state.
    (
        "recorded",
        include_str!("descriptions/recorded.postman.json"),
        &["list_access_groups", "list_locks", "create_mobile_access", "remove_mobile_access"],
    ),
];

fn scaffold(name: &str, text: &str) -> Scaffold {
    let drafted = if name == "recorded" { from_postman(name, text) } else { from_openapi(name, text) };
    drafted.unwrap_or_else(|trouble| panic!("{name}: {trouble}"))
}

fn load(scaffold: &Scaffold) -> std::sync::Arc<Dialect> {
    profile::compile("scaffold.toml", &scaffold.text)
        .unwrap_or_else(|errors| panic!("{}\n{}", profile::render(&errors), scaffold.text))
}

#[test]
fn profiles_are_drafted_as_pinned() {
    for (name, text, _) in STYLES {
        insta::assert_snapshot!(*name, scaffold(name, text).text);
    }
    insta::assert_snapshot!("skeleton", skeleton("acme").text);
}

/// Every description is listed with the vendor in whose style it is, and every
/// vendor is listed, with what it publishes.
#[test]
fn the_list_of_descriptions_is_whole() {
    let list = include_str!("descriptions/README.md");
    let rows: Vec<Vec<&str>> = list
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    let listed: Vec<&str> =
        rows.iter().filter(|row| row.len() == 4).map(|row| row[0].trim_matches('`')).collect();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vendors/scaffold/descriptions");
    let mut there: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect();
    there.sort();
    let mut sorted = listed.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, there);
    let drafted = |file: &str| STYLES.iter().any(|(name, ..)| file.split('.').next() == Some(*name));
    assert!(listed.iter().all(|file| drafted(file)), "{listed:?}");

    let of_vendors = rows.iter().map(|row| if row.len() == 4 { row[2] } else { row[0] }.trim_matches('`'));
    let mut vendors: Vec<&str> = of_vendors.filter(|name| *name != "nobody's").collect();
    vendors.sort_unstable();
    let mut known = profile::embedded_names();
    known.sort_unstable();
    assert_eq!(vendors, known);
    assert!(rows.iter().all(|row| row.iter().all(|cell| !cell.is_empty())));
}

#[test]
fn what_a_description_shows_gets_a_plan_and_nothing_else_does() {
    for (name, text, functions) in STYLES {
        assert_eq!(planned(&scaffold(name, text)), *functions, "{name}");
    }
    assert!(planned(&skeleton("acme")).is_empty());
}

#[test]
fn every_function_without_a_plan_is_a_gap_and_no_other_is() {
    for (name, text, _) in STYLES {
        let scaffold = scaffold(name, text);
        let dialect = load(&scaffold);
        let unsupported: Vec<&str> = Function::ALL
            .iter()
            .filter(|function| function.is_asked_for() && !dialect.supports(**function))
            .map(|function| function.as_str())
            .collect();
        let gaps: Vec<&str> = scaffold
            .gaps
            .iter()
            .filter(|gap| gap.kind == GapKind::Function)
            .map(|gap| gap.about.as_str())
            .collect();
        assert_eq!(gaps, unsupported, "{name}");
    }
}

#[test]
fn every_guess_is_marked_beside_it() {
    for (name, text, _) in STYLES {
        let scaffold = scaffold(name, text);
        let dialect = load(&scaffold);
        assert_eq!(unmarked(&scaffold.text, &dialect), Vec::<String>::new(), "{name}");
        assert_eq!(scaffold.text.matches("# guess (").count(), scaffold.guesses, "{name}");
        // Whoever takes a mark away is found out.
        let bare: String = scaffold
            .text
            .lines()
            .filter(|line| !line.contains("guess ("))
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(unmarked(&bare, &dialect).len() > 10, "{name}");
    }
}

/// Lines that were guessed and have no mark above them, and fields of an
/// operation that no mark above it names.
fn unmarked(text: &str, dialect: &Dialect) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let above: Vec<&str> =
            lines[..at].iter().rev().take_while(|line| line.starts_with('#')).copied().collect();
        let marked = above.iter().any(|line| line.starts_with("# guess ("));
        let table = line.starts_with("[operations.") || line.starts_with("[[") || line.starts_with("[auth.");
        let plan =
            Function::ALL.iter().any(|function| line.starts_with(&format!("{} = [", function.as_str())));
        let address = line.starts_with("api = ") || line.starts_with("identity = ");
        if (table || plan || address) && !marked {
            found.push((*line).to_owned());
        }
        let name = line.strip_prefix("[operations.").and_then(|rest| rest.strip_suffix(']'));
        for field in name.and_then(|name| dialect.operation(name)).map(fields).unwrap_or_default() {
            if !above.iter().any(|line| line.contains(&field)) {
                found.push(format!("{line}: {field}"));
            }
        }
    }
    found
}

/// The fields of an operation, but for what `[auth]` adds.
fn fields(operation: &Operation) -> Vec<String> {
    let asked =
        operation.request_holes().into_iter().filter(|(place, _)| *place != "headers").map(|(_, hole)| hole);
    asked
        .chain(operation.answer_holes())
        .map(|hole| &hole.field)
        .filter(|field| field.kind() != FieldKind::Any && **field != Field::Now)
        .map(ToString::to_string)
        .collect()
}

#[test]
fn two_candidates_for_one_function_are_both_told() {
    let envelope = scaffold("envelope", STYLES[1].1);
    assert!(envelope.text.contains("not taken: `POST /my/lock/{id}/operation/pull`"), "{}", envelope.text);
}

#[test]
fn what_cannot_be_drafted_from_is_told_in_one_message() {
    let openapi = |text: &str| from_openapi("acme", text).unwrap_err();
    let postman = |text: &str| from_postman("acme", text).unwrap_err();
    for (trouble, what, at) in [
        (openapi("{"), "this is no JSON", Some("line 1")),
        (openapi("[]"), "is no object", None),
        (openapi("{\"a\": 1}"), "this is no OpenAPI description", None),
        (openapi("swagger: '2.0'"), "Swagger 2.0", Some("#/swagger")),
        (openapi("openapi: 4.0.0"), "OpenAPI 4.0.0 is not known", Some("#/openapi")),
        (openapi("openapi: 3.0.0"), "has no paths", Some("#/paths")),
        (openapi("openapi: 3.0.0\npaths: 1"), "`paths` is no object", Some("#/paths")),
        (openapi("info: { schema: x }"), "this is a Postman collection", None),
        (
            openapi(
                "openapi: 3.0.0\npaths: { /locks: { get: { responses: { '200': { $ref: 'other.yaml#/a' } } } } }",
            ),
            "another file",
            Some("#/paths/~1locks/get/responses/200"),
        ),
        (
            openapi("openapi: 3.0.0\npaths: { /locks: { $ref: '#/a' } }\na: { $ref: '#/paths/~1locks' }"),
            "round in a circle",
            Some("#"),
        ),
        (openapi(&"x".repeat(LARGEST + 1)), "at most", None),
        (postman("{\"openapi\": \"3.0.0\"}"), "this is an OpenAPI description", None),
        (postman("{\"info\": {}}"), "this is no Postman collection", None),
        (postman("{\"requests\": []}"), "version 1", Some("requests")),
        (postman("{\"info\": {\"schema\": \"https://x/v3.0\"}}"), "not known", Some("info.schema")),
        (postman("{\"info\": {\"schema\": \"https://x/v2.1.0\"}}"), "no requests", Some("item")),
    ] {
        assert!(trouble.what.contains(what), "{what}: {trouble:?}");
        assert!(!trouble.help.is_empty() && !trouble.what.contains('\n'), "{trouble:?}");
        match at {
            Some(at) => assert!(trouble.at.as_deref().is_some_and(|found| found.contains(at)), "{trouble:?}"),
            None => assert_eq!(trouble.at, None, "{trouble:?}"),
        }
    }
}

#[test]
fn names_are_short_names() {
    for name in ["acme", "acme-cloud", "a2_b"] {
        assert!(is_name(name), "{name}");
    }
    for name in ["", "Acme", "2acme", "acme cloud", "../acme", "acme.toml"] {
        assert!(!is_name(name), "{name}");
    }
}

/// Names that are recognised, and some that would break a careless writer.
fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        prop::sample::select(vec![
            "id",
            "lockId",
            "name",
            "locks",
            "items",
            "state",
            "status",
            "online",
            "battery",
            "pin",
            "code",
            "startDate",
            "validUntil",
            "email",
            "userId",
            "job",
            "success",
            "errcode",
            "page",
            "limit",
            "cursor",
            "next",
            "total",
            "access_token",
            "client_id",
            "{x}",
            "a'''b",
            "\"",
            "\u{7f}",
            "ключ",
            "a.b",
            "",
        ])
        .prop_map(str::to_owned),
        "[a-zA-Z_{}'\"\\\\ -]{0,8}",
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-2.0..200.0_f64).prop_map(Value::from),
        names().prop_map(Value::from),
        Just(json!("2026-03-01T12:00:00Z")),
        Just(json!("{{hole}}")),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((names(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn schemas() -> impl Strategy<Value = Value> {
    let types =
        prop::sample::select(vec!["string", "integer", "number", "boolean", "object", "array", "null", "?"]);
    let leaf = (types, prop::collection::vec(values(), 0..3), prop::option::of(values()), "[a-z=0-9, -]{0,20}").prop_map(
        |(kind, values, example, text)| json!({ "type": kind, "enum": values, "example": example, "description": text }),
    );
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec((names(), inner.clone(), any::<bool>()), 0..5).prop_map(|members| {
                let required: Vec<&String> =
                    members.iter().filter(|(_, _, needed)| *needed).map(|(name, _, _)| name).collect();
                let properties: Map<String, Value> =
                    members.iter().map(|(name, schema, _)| (name.clone(), schema.clone())).collect();
                json!({ "type": "object", "required": required, "properties": properties })
            }),
            inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            prop::collection::vec(inner, 0..3)
                .prop_map(|parts| json!({ "allOf": parts, "oneOf": [{ "$ref": "#/components/schemas/S" }] })),
        ]
    })
}

fn paths() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        prop::sample::select(vec![
            "locks",
            "lock",
            "{id}",
            "{lockId}",
            "unlock",
            "pins",
            "access",
            "{accessId}",
            "users",
            "{",
            "a}b",
            "keys",
            "groups",
            "{siteId}",
            "hold",
            "list",
            "oauth",
            "token",
            "jobs",
            "x{y}.json",
            "",
            "action",
        ])
        .prop_map(str::to_owned),
        "[a-z{}'\"]{1,6}",
    ];
    prop::collection::vec(segment, 1..5).prop_map(|segments| format!("/{}", segments.join("/")))
}

fn descriptions() -> impl Strategy<Value = Value> {
    let method = prop::sample::select(vec!["get", "post", "put", "patch", "delete"]);
    let status = prop::sample::select(vec!["200", "201", "204", "404", "409", "default", "9"]);
    let operation = (names(), schemas(), schemas(), status, names(), any::<bool>()).prop_map(
        |(id, sent, told, status, parameter, needed)| {
            json!({
                "operationId": id,
                "parameters": [{ "name": parameter, "in": "query", "required": needed, "schema": { "type": "string" } }],
                "requestBody": { "content": { "application/json": { "schema": sent } } },
                "responses": { status: { "description": id, "content": { "application/json": { "schema": told } } } },
            })
        },
    );
    let item = prop::collection::vec((paths(), method, operation), 1..6);
    (item, schemas(), values(), names()).prop_map(|(items, schema, servers, text)| {
        let mut paths = Map::new();
        for (path, method, operation) in items {
            paths.insert(path, json!({ method: operation }));
        }
        json!({
            "openapi": "3.1.0",
            "info": { "title": text, "version": text, "contact": { "name": text, "url": text } },
            "servers": [{ "url": text }, servers],
            "paths": paths,
            "components": {
                "schemas": { "S": schema },
                "securitySchemes": { "one": { "type": "apiKey", "in": "header", "name": text } },
            },
        })
    })
}

/// A draft is refused with a message, or it loads.
fn holds(drafted: Result<Scaffold, super::Trouble>) -> Result<(), TestCaseError> {
    match drafted {
        Ok(scaffold) => {
            let loaded = profile::compile("scaffold.toml", &scaffold.text);
            prop_assert!(loaded.is_ok(), "{}\n{}", profile::render(&loaded.unwrap_err()), scaffold.text);
        }
        Err(trouble) => prop_assert!(!trouble.what.is_empty() && !trouble.help.is_empty()),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_described_the_draft_loads(description in descriptions()) {
        holds(from_openapi("acme", &description.to_string()))?;
    }

    #[test]
    fn any_object_is_read_or_refused(mut object in values(), version in names()) {
        if let Some(object) = object.as_object_mut() {
            object.insert("openapi".to_owned(), json!("3.0.0"));
            object.insert("info".to_owned(), json!({ "schema": format!("v2.1{version}") }));
        }
        holds(from_openapi("acme", &object.to_string()))?;
        holds(from_postman("acme", &object.to_string()))?;
    }

    #[test]
    fn whatever_was_recorded_the_draft_loads(path in paths(), sent in values(), told in values(), name in names(), host in names()) {
        let collection = json!({
            "info": { "name": name, "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json" },
            "item": [{ "name": name, "item": [{
                "name": name,
                "request": {
                    "method": "POST",
                    "header": [{ "key": name, "value": host }],
                    "url": format!("https://{host}{path}?{name}={host}"),
                    "body": { "mode": "raw", "raw": sent.to_string() },
                },
                "response": [{ "code": 200, "name": name, "body": told.to_string() }],
            }] }],
        });
        holds(from_postman("acme", &collection.to_string()))?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
        holds(from_openapi("acme", &text))?;
        holds(from_postman("acme", &text))?;
    }
}
