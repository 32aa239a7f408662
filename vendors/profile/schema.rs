//! The JSON Schema of a profile, for editors: completion and a first check
//! while typing. What needs more than a shape (holes, plans, overlaps) is told
//! when the profile is loaded.

use serde_json::{Map, Value, json};

use crate::vendors::vocabulary::{Cause, EventKind, FailureKind, Function, Meaning};

/// The JSON Schema of a profile, for editors.
pub fn json_schema() -> Value {
    let mut schema = object(
        "A lock vendor's profile",
        &["schema", "kind", "name", "title", "vendor", "version", "servers", "operations", "functions"],
        &[
            ("schema", json!({ "const": "lockstep.profile/1", "description": "Version of the format." })),
            ("kind", json!({ "enum": ["lock-vendor"] })),
            ("name", text("Short name, as in `reference`.")),
            ("title", text("The product's name for people.")),
            ("vendor", text("Who makes it.")),
            ("version", text("Version of the API that is described.")),
            ("documentation", text("Where the API is documented.")),
            ("notes", text("What is to be said beside the functions.")),
            (
                "servers",
                named("Base addresses by name; `api` is always there.", text("An address."), &["api"]),
            ),
            (
                "environments",
                named(
                    "Other base addresses by environment and name.",
                    named("Addresses.", text("An address."), &[]),
                    &[],
                ),
            ),
            ("secrets", named("Credentials that a run must be given.", text("What it is."), &[])),
            ("settings", named("Plain values that a run must be given.", text("What it is."), &[])),
            ("headers", pairs("Headers with holes that every operation sends.")),
            ("signatures", named("Digests over several parts.", signature(), &[])),
            ("auth", auth()),
            ("limits", limits()),
            ("algo_pin", algo_pin()),
            (
                "success",
                success("What every answer must hold to be a success, unless the operation says it."),
            ),
            ("errors", errors()),
            ("operations", named("The exchanges.", operation(), &[])),
            ("callbacks", callbacks()),
            ("session", session()),
            ("ids", ids()),
            ("functions", functions()),
            ("function_notes", by_function(&text("Timing and limits, for people."), false)),
        ],
    );
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

fn number(description: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "description": description })
}

fn span(description: &str) -> Value {
    json!({ "type": "string", "pattern": "^\\s*[0-9]+ *(ms|s|seconds?|min|minutes?|h|hours?|d|days?)\\s*$", "description": description })
}

fn flag(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

fn words<'a>(description: &str, words: impl Iterator<Item = &'a str>) -> Value {
    json!({ "enum": words.collect::<Vec<_>>(), "description": description })
}

fn object(description: &str, required: &[&str], properties: &[(&str, Value)]) -> Value {
    let properties: Map<String, Value> =
        properties.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    json!({
        "type": "object", "description": description, "properties": properties,
        "required": required, "additionalProperties": false,
    })
}

type Property = (&'static str, Value);

fn with(more: &[Property], own: &[Property]) -> Vec<Property> {
    [own, more].concat()
}

fn named(description: &str, value: Value, required: &[&str]) -> Value {
    json!({ "type": "object", "description": description, "additionalProperties": value, "required": required })
}

fn texts(description: &str) -> Value {
    json!({ "type": "array", "items": { "type": "string" }, "description": description })
}

fn pairs(description: &str) -> Value {
    let json = object("JSON with holes in the place of a text.", &["json"], &[("json", text("The JSON."))]);
    named(description, json!({ "anyOf": [{ "type": ["string", "integer", "boolean", "array"] }, json] }), &[])
}

fn success(description: &str) -> Value {
    let literals = [
        ("body", text("Literals as JSON that must be equal.")),
        ("if_there", text("Literals as JSON that must be equal where they are there.")),
    ];
    object(description, &[], &literals)
}

fn signature() -> Value {
    object(
        "A digest that a request carries as `{signature.name}`.",
        &["text", "hash"],
        &[
            ("text", text("What is signed, with holes; they may touch.")),
            ("hash", json!({ "enum": ["md5", "sha256", "hmac_sha256", "secretbox"] })),
            ("key", text("The secret of `hmac_sha256` or `secretbox`.")),
            ("spelling", json!({ "enum": ["hex", "base64"] })),
            ("keep", number("Characters that are kept, from the first.")),
            ("tolerance", span("How far the sender's clock may be from the receiver's.")),
            (
                "blocks",
                object(
                    "What becomes of everybody's signatures after too many wrong ones.",
                    &["after", "for", "refused_as"],
                    &[
                        ("after", number("Wrong ones in a row.")),
                        ("for", span("How long every one is refused then.")),
                        (
                            "refused_as",
                            words("What they are called.", FailureKind::ALL.iter().map(|kind| kind.as_str())),
                        ),
                    ],
                ),
            ),
            (
                "refused_as",
                words("What a wrong one is called.", FailureKind::ALL.iter().map(|kind| kind.as_str())),
            ),
        ],
    )
}

fn auth() -> Value {
    let place = [
        ("header", text("The header.")),
        ("query", text("The query parameter.")),
        ("parameter", text("The parameter of the form, or of the query.")),
    ];
    object(
        "Where credentials go.",
        &[],
        &[
            ("description", text("In the vendor's answer, in place of the usual words.")),
            (
                "oauth2",
                object(
                    "A token that is got and renewed.",
                    &["token"],
                    &with(
                        &place,
                        &[
                            ("token", text("The operation that gets a token.")),
                            ("refresh", text("The operation that renews it.")),
                            ("renew_before", span("How long before its end it is renewed.")),
                            ("life", span("How long a token lives.")),
                            (
                                "rotates",
                                json!({ "type": "boolean", "description": "Whether a refresh token is good for one use." }),
                            ),
                            ("scheme", text("The word before the token; `Bearer` unless given.")),
                        ],
                    ),
                ),
            ),
            (
                "bearer",
                object(
                    "A fixed token.",
                    &["secret"],
                    &with(
                        &place,
                        &[
                            ("secret", text("The secret's name.")),
                            ("scheme", text("The word before the token; `Bearer` unless given.")),
                        ],
                    ),
                ),
            ),
            (
                "api_key",
                object("A key.", &["secret"], &with(&place, &[("secret", text("The secret's name."))])),
            ),
            ("parameters", pairs("What goes with every call, in the form or in the query, with holes.")),
            (
                "basic",
                object(
                    "HTTP Basic.",
                    &["username", "password"],
                    &[("username", text("The secret's name.")), ("password", text("The secret's name."))],
                ),
            ),
        ],
    )
}

fn limits() -> Value {
    object(
        "What the system allows, and how long things take.",
        &[],
        &[
            ("seats", number("People that the account's subscription has room for.")),
            ("codes_per_lock", number("PINs that one lock can hold.")),
            ("name_length", number("Longest name that is kept whole.")),
            ("name_min", number("Shortest name that is taken.")),
            ("names_unique", flag("Whether the names of the PINs on one lock must differ.")),
            ("page_size", number("Largest page.")),
            ("pulse", span("Length of a momentary unlock.")),
            ("hold_max", span("Longest hold.")),
            ("low_battery", number("Below this percentage a battery is low.")),
            (
                "rate",
                object(
                    "The rate limit.",
                    &["calls", "per"],
                    &[("calls", number("Calls.")), ("per", span("In this span."))],
                ),
            ),
            (
                "rates",
                json!({ "type": "array", "items": object(
                    "A rate limit of some calls.",
                    &["calls", "per", "of"],
                    &[
                        ("calls", number("Calls.")),
                        ("per", span("In this span.")),
                        ("of", json!({ "enum": ["account", "lock", "bridge"] })),
                        ("for", texts("The operations that it counts; all unless given.")),
                        ("beyond", json!({ "enum": ["refuse", "wait"] })),
                    ],
                ) }),
            ),
            (
                "pending",
                json!({ "type": "array", "items": object(
                    "How many commands may be under way at once.",
                    &["jobs", "of"],
                    &[
                        ("jobs", number("Commands; one more is refused as busy.")),
                        ("of", json!({ "enum": ["account", "lock", "bridge"] })),
                        ("for", texts("The operations whose commands it counts; all unless given.")),
                    ],
                ) }),
            ),
            ("clock_skew", span("How far the time in a request may be off.")),
            ("command_offline", json!({ "enum": ["refuse", "drop"] })),
            (
                "hold_opens",
                json!({ "type": "boolean", "description": "Whether a hold draws the bolt by itself." }),
            ),
            (
                "mobile",
                object(
                    "Rules for mobile credentials.",
                    &[],
                    &[("same_user", json!({ "enum": ["add", "replace"] }))],
                ),
            ),
            ("pin", pin()),
            ("window", window()),
            ("delays", delays()),
        ],
    )
}

fn pin() -> Value {
    let rules = [
        "no_zeros",
        "cannot_start_with_12",
        "not_all_same",
        "no_sequence",
        "three_unique",
        "no_triple_sequence",
        "unique_first_four_digits",
    ];
    object(
        "Rules for PINs.",
        &[],
        &[
            ("chosen_by", json!({ "enum": ["caller", "vendor"] })),
            (
                "lengths",
                json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 }),
            ),
            ("only_lengths", json!({ "type": "array", "items": { "type": "integer" }, "minItems": 1 })),
            ("alphabet", text("Allowed keys.")),
            ("prefix", text("Keys typed before the PIN.")),
            ("suffix", text("Keys typed after the PIN.")),
            ("delivery", json!({ "enum": ["lock", "cloud"] })),
            ("offline", json!({ "enum": ["refuse", "defer", "drop"] })),
            ("rules", json!({ "type": "array", "items": { "enum": rules } })),
            ("unique", json!({ "enum": ["lock", "account"] })),
            ("slots", number("Numbered places on each lock, of which the caller chooses one.")),
            ("irrevocable", text("Why a PIN cannot be withdrawn.")),
        ],
    )
}

fn window() -> Value {
    object(
        "Rules for validity windows.",
        &[],
        &[
            ("unit", span("What windows are exact to.")),
            ("rounding", json!({ "enum": ["reject", "truncate", "widen"] })),
            ("max", span("Longest window.")),
            ("min", span("Shortest window.")),
            ("starts_in_future", flag("Whether a start in the past is refused.")),
        ],
    )
}

fn delays() -> Value {
    object(
        "How long things take at most.",
        &[],
        &[
            ("creation", span("Until a created PIN opens.")),
            ("listing", span("Until a created access is listed.")),
            ("removal", span("Until a removed access opens no more.")),
            ("offline", span("Until a lock that is gone is told as unreachable.")),
            ("actuation", span("Until an actuation is answered.")),
            ("job", span("How long an asynchronous command takes.")),
        ],
    )
}

fn algo_pin() -> Value {
    object(
        "PINs that are computed without contact to the lock.",
        &[],
        &[
            ("rounding", span("What the window is rounded to.")),
            ("rounded", json!({ "enum": ["reject", "truncate", "widen"] })),
            ("max_validity", span("Longest window.")),
            ("activate_within", span("Within which time after its start the PIN must be used once.")),
            ("revocable", json!({ "type": "boolean" })),
            (
                "equal_hours_from",
                span("Windows of this length and more end at the hour at which they begin."),
            ),
            ("variants", number("How many PINs there are for one lock and window.")),
        ],
    )
}

fn status() -> Value {
    one_or_several(&json!({ "type": "integer", "minimum": 100, "maximum": 599 }))
}

fn one_or_several(one: &Value) -> Value {
    json!({ "anyOf": [one, { "type": "array", "items": one }] })
}

fn errors() -> Value {
    let error = object(
        "A documented error.",
        &["is"],
        &[
            ("is", words("What it means.", FailureKind::ALL.iter().map(|kind| kind.as_str()))),
            (
                "cause",
                words("The one cause for which it is given.", Cause::ALL.iter().map(|cause| cause.as_str())),
            ),
            ("status", status()),
            ("headers", pairs("Headers with holes.")),
            ("body", text("The message as JSON with holes; its literals must be equal.")),
            ("text", text("The message as a plain text with holes.")),
            ("clears_within", span("Within which time the identical call succeeds.")),
            (
                "leaves",
                json!({ "type": "boolean", "description": "Whether what was asked for was made all the same." }),
            ),
            ("unless", text("Literals as JSON that an answer of this error does not all have.")),
        ],
    );
    json!({ "type": "array", "items": error })
}

fn operation() -> Value {
    object(
        "One exchange.",
        &["request"],
        &[
            (
                "meaning",
                words(
                    "What it means, where its name does not say.",
                    Meaning::ALL.iter().map(|meaning| meaning.as_str()),
                ),
            ),
            ("server", text("The base address; `api` unless given.")),
            ("request", json!({ "type": "string", "pattern": "^(GET|POST|PUT|PATCH|DELETE|HEAD) /" })),
            ("query", pairs("Query parameters with holes.")),
            ("headers", pairs("Headers with holes.")),
            ("body", text("The message as JSON with holes.")),
            ("form", pairs("The message as a form with holes.")),
            (
                "of",
                texts(
                    "The operations whose jobs a poll tells of, where another on its route tells of others.",
                ),
            ),
            ("content_type", text("The media type of the request's body, where it is not the usual one.")),
            ("auth", json!({ "type": "boolean", "description": "`false` sends no credentials." })),
            (
                "match_headers",
                json!({ "type": "boolean", "description": "Whether literal headers tell operations apart." }),
            ),
            ("status", status()),
            ("response_headers", pairs("The answer's headers with holes.")),
            ("response", text("The answer as JSON with holes.")),
            (
                "unchanged",
                json!({ "const": 304, "description": "The status that says that the list is as it was." }),
            ),
            ("response_text", text("The answer as a plain text with holes.")),
            ("live", json!({ "type": "boolean", "description": "Whether the lock itself is asked." })),
            (
                "reaches_lock",
                json!({ "type": "boolean", "description": "Whether a PIN is brought to its lock, or only noted." }),
            ),
            ("success", success("What must hold beside.")),
            ("errors", errors()),
            (
                "window",
                object(
                    "How long the window may be that is asked for.",
                    &[],
                    &[("min", span("The shortest.")), ("max", span("The longest."))],
                ),
            ),
            ("variants", number("How many computed PINs there are for one lock and window by this call.")),
            ("uses", number("How often a computed PIN of this call opens.")),
            (
                "use_within",
                span("Within which time after its start a computed PIN of this call must be used."),
            ),
            ("also", named("Other names under which parameters come.", text("The other name."), &[])),
            (
                "ignores",
                named("Parameters that are documented and not played.", text("What is ignored."), &[]),
            ),
            (
                "paging",
                object(
                    "How a listing is read to its end.",
                    &["by", "size"],
                    &[
                        ("by", json!({ "enum": ["page", "offset", "cursor", "link"] })),
                        ("size", number("Items per page.")),
                        ("cap", number("Most items that are listed in all.")),
                    ],
                ),
            ),
        ],
    )
}

fn callbacks() -> Value {
    let fields = named("What the message means without a hole.", text("A canonical value."), &[]);
    let event = object(
        "An event that is told.",
        &["name", "is"],
        &[
            ("name", text("Its name.")),
            (
                "is",
                one_or_several(&words("What it tells of.", EventKind::ALL.iter().map(|kind| kind.as_str()))),
            ),
            ("delay", span("How long after it happened it is sent.")),
            ("means", fields),
            ("headers", pairs("Headers with holes.")),
            ("body", text("The message as JSON with holes.")),
            ("form", pairs("The message as a form with holes.")),
        ],
    );
    let answer = [("status", number("The status.")), ("body", text("The body, as it is."))];
    let signature = [
        ("header", text("The header that bears it.")),
        ("value", text("How it is made, with `{callback.body}`.")),
    ];
    object(
        "What the vendor tells by itself.",
        &["events"],
        &[
            ("register", text("The operation that says where to.")),
            ("console", text("Where a person says where to.")),
            ("delay", span("How long after it happened an event is sent.")),
            ("attempts", number("How often an event is sent at most, until it is taken.")),
            ("every", span("Time between two attempts.")),
            ("answer", object("The answer that the vendor waits for.", &[], &answer)),
            ("signature", object("How callbacks are signed.", &["header", "value"], &signature)),
            ("events", json!({ "type": "array", "minItems": 1, "items": event })),
        ],
    )
}

fn by_function(value: &Value, required: bool) -> Value {
    let properties: Vec<(&str, Value)> =
        Function::ALL.iter().map(|function| (function.as_str(), value.clone())).collect();
    let asked: Vec<&str> = Function::ALL
        .iter()
        .filter(|function| required && function.is_asked_for())
        .map(|function| function.as_str())
        .collect();
    object("By function.", &asked, &properties)
}

fn functions() -> Value {
    let unsupported = object("Not supported.", &["unsupported"], &[("unsupported", text("Why."))]);
    let plan = json!({ "type": "array", "minItems": 1, "items": step(true) });
    by_function(&json!({ "anyOf": [plan, unsupported] }), true)
}

fn session() -> Value {
    let plan = json!({ "type": "array", "minItems": 1, "items": step(false) });
    object(
        "What a session begins with, once for each token.",
        &["plan"],
        &[
            ("plan", plan),
            ("keeps", texts("The fields whose values stay for the session.")),
            ("domains", texts("Where the servers are whose addresses the vendor tells.")),
        ],
    )
}

fn ids() -> Value {
    object(
        "Which field serves as an id where no answer tells one.",
        &[],
        &[("access", text("For PIN accesses.")), ("mobile", text("For mobile credentials."))],
    )
}

/// Facts written out.
fn facts(description: &str) -> Value {
    named(description, json!({ "type": ["string", "boolean"] }), &[])
}

/// What may stand around every step.
fn guards() -> [Property; 3] {
    let window = json!({ "enum": ["access", "mobile", "algo"] });
    let when = json!({ "anyOf": [
        object("The length of a window.", &["window"], &[
            ("window", window),
            ("at_least", span("The shortest that fits.")),
            ("below", span("The first that is too long.")),
        ]),
        object("A field with one of these values.", &["field", "is"], &[
            ("field", text("The field.")), ("is", texts("The values.")),
        ]),
        object("A field that is known, or is not.", &["field", "known"], &[
            ("field", text("The field.")), ("known", json!({ "type": "boolean" })),
        ]),
    ] });
    let kinds: Vec<(&str, Value)> =
        FailureKind::ALL.iter().map(|kind| (kind.as_str(), facts("What is known then."))).collect();
    [
        ("when", when),
        ("tells", facts("What is known once the step has succeeded.")),
        ("otherwise", object("What is known where the step failed so.", &[], &kinds)),
    ]
}

fn step(with_each: bool) -> Value {
    let timing =
        [("every", span("Time between two questions.")), ("within", span("Time after which it gives up."))];
    let by = [("by", texts("The fields in which an item must agree."))];
    let repeat = json!({ "anyOf": [
        { "enum": ["idempotent", "refused", "unsafe"] },
        object("Found by listing.", &["find", "by"], &with(&by, &[("find", text("The listing."))])),
        object("Refused as a duplicate.", &["refused", "by"], &with(&by, &[("refused", text("The listing."))])),
    ] });
    let until = object(
        "When it is over.",
        &["field", "done"],
        &[("field", text("The state.")), ("done", texts("Success.")), ("failed", texts("Failure."))],
    );
    let mut steps = vec![
        text("A call."),
        object(
            "A call.",
            &["call"],
            &with(
                &guards(),
                &[
                    ("call", text("The operation.")),
                    ("repeat", repeat),
                    ("undo", text("The operation that takes it back when a later step fails.")),
                    ("among", text("The listing of groups that name their locks.")),
                ],
            ),
        ),
        object(
            "Asks until a word is reached.",
            &["poll", "every", "within"],
            &with(&guards(), &with(&timing, &[("poll", text("The operation.")), ("until", until)])),
        ),
        object(
            "Lists until an item agrees, or until none does.",
            &["find", "every", "within"],
            &with(
                &guards(),
                &with(
                    &timing,
                    &with(
                        &by,
                        &[
                            ("find", text("The listing.")),
                            ("has", texts("The fields that the item itself must have.")),
                            ("where", facts("What the item itself must say.")),
                            ("gone", flag("Whether it is over once no item agrees.")),
                        ],
                    ),
                ),
            ),
        ),
        object(
            "A call after a time.",
            &["later", "after"],
            &with(
                &guards(),
                &[("later", text("The operation.")), ("after", text("The field that says when."))],
            ),
        ),
        object(
            "The end, for a lock or a case that the vendor does not serve.",
            &["unsupported", "when"],
            &with(&guards(), &[("unsupported", text("Why."))]),
        ),
        object("A pause.", &["wait"], &with(&guards(), &[("wait", span("How long."))])),
        object(
            "Once for each value of a field.",
            &["once", "per"],
            &with(
                &guards(),
                &[("once", json!({ "type": "array", "minItems": 1 })), ("per", text("The field."))],
            ),
        ),
    ];
    if with_each {
        let items = json!({ "type": "array", "minItems": 1, "items": step(false) });
        steps.push(object("For every lock of the scope.", &["each"], &[("each", items)]));
    }
    json!({ "anyOf": steps })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile::embedded_names;

    fn converted(text: &str) -> Value {
        serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap()
    }

    #[test]
    fn it_accepts_every_embedded_profile() {
        let validator = jsonschema::validator_for(&json_schema()).unwrap();
        for (name, _, text) in super::super::embedded::EMBEDDED {
            let errors: Vec<String> = validator
                .iter_errors(&converted(text))
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}\n{}", errors.join("\n"));
        }
        assert!(embedded_names().contains(&"reference"));
    }

    #[test]
    fn it_refuses_what_the_reader_refuses_by_shape() {
        let validator = jsonschema::validator_for(&json_schema()).unwrap();
        let reference = include_str!("../locks/reference.toml");
        for (from, to) in [
            ("title =", "titel ="),
            ("status = 401", "status = \"401\""),
            ("chosen_by = \"caller\"", "chosen_by = \"guest\""),
            ("pulse = \"5 s\"", "pulse = \"5 sec\""),
            ("{ call = \"upsert_user\"", "{ cal = \"upsert_user\""),
            ("is = \"not_found\"", "is = \"not_fond\""),
            ("algo_pin = [\"algo_pin\"]", "algo_pin = []"),
        ] {
            assert!(reference.contains(from), "{from}");
            assert!(!validator.is_valid(&converted(&reference.replacen(from, to, 1))), "{to}");
        }
    }
}
