//! What a plan is made of.

use serde_json::{Value, json};

use super::shapes::{Property, flag, named, object, sources, span, text, texts, with};
use crate::vendors::vocabulary::{FailureKind, Function};

pub(super) fn by_function(value: &Value, required: bool) -> Value {
    let properties: Vec<(&str, Value)> =
        Function::ALL.iter().map(|function| (function.as_str(), value.clone())).collect();
    let asked: Vec<&str> = Function::ALL
        .iter()
        .filter(|function| required && function.is_asked_for())
        .map(|function| function.as_str())
        .collect();
    object("By function.", &asked, &properties)
}

pub(super) fn functions() -> Value {
    let unsupported = object("Not supported.", &["unsupported"], &[sources(), ("unsupported", text("Why."))]);
    let plan = json!({ "type": "array", "minItems": 1, "items": step(true) });
    by_function(&json!({ "anyOf": [plan, unsupported] }), true)
}

pub(super) fn session() -> Value {
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

pub(super) fn ids() -> Value {
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
