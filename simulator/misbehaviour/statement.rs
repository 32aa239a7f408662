//! Vendors that do as they should and do not say all of it, or say what is not
//! enough. The statement is edited, and the simulated vendor keeps to it.

use toml::{Table, Value};

use super::{Misbehaviour, Twist};

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    said("no-documentation", "LV-01", "The statement names no documentation.", no_documentation),
    said("a-function-without-notes", "LV-02", "One function has no notes on timing and limits.", no_notes),
    said("a-function-without-error-examples", "LV-02", "One function shows no error.", no_errors).with(&[
        ("LV-03", "the errors that come are then not documented"),
        ("LV-04", "the refusal for missing credentials is then not documented"),
    ]),
    said(
        "algo-pin-not-described",
        "LV-90",
        "The longest validity of computed PINs is not said.",
        no_algo_max,
    ),
    said("creation-not-repeatable", "LV-95", "Nothing makes the creation of a PIN repeatable.", no_repeat),
    said("irrevocable-pins", "LV-50", "PINs are declared irrevocable.", irrevocable)
        .with(&[("LV-51", "PINs cannot be removed at all"), ("LV-52", "PINs cannot be removed at all")]),
    said("token-in-the-address", "LV-06", "The token is sent in the query.", token_in_query),
    said("no-group-filter", "LV-21", "The locks of a group can only be had with all others.", no_filter),
];

const fn said(
    name: &'static str,
    breaks: &'static str,
    summary: &'static str,
    edit: fn(&mut Table),
) -> Misbehaviour {
    Misbehaviour::new(name, breaks, summary, Twist::Statement(edit))
}

fn no_documentation(statement: &mut Table) {
    statement.remove("documentation");
}

/// A part of the statement, by its path.
fn part<'a>(statement: &'a mut Table, path: &[&str]) -> Option<&'a mut Table> {
    path.iter().try_fold(statement, |table, name| table.get_mut(*name)?.as_table_mut())
}

fn without(statement: &mut Table, path: &[&str], name: &str) {
    if let Some(table) = part(statement, path) {
        table.remove(name);
    }
}

fn no_notes(statement: &mut Table) {
    without(statement, &["function_notes"], "unlock");
}

/// What every call may be answered with becomes what every call but one may.
fn no_errors(statement: &mut Table) {
    let Some(Value::Array(common)) = statement.remove("errors") else { return };
    let Some(operations) = part(statement, &["operations"]) else { return };
    for (name, operation) in operations.iter_mut().filter(|(name, _)| *name != "algo_pin") {
        let Some(operation) = operation.as_table_mut() else { continue };
        let own = operation.remove("errors");
        let mut errors = own.and_then(|own| own.as_array().cloned()).unwrap_or_default();
        // A call's own shapes come first, so that they keep their precedence.
        errors.extend(common.iter().filter(|shape| name != "get_token" || !is_credentials(shape)).cloned());
        operation.insert("errors".to_owned(), Value::Array(errors));
    }
}

fn is_credentials(shape: &Value) -> bool {
    shape.get("is").and_then(Value::as_str) == Some("credentials")
}

fn no_algo_max(statement: &mut Table) {
    without(statement, &["algo_pin"], "max_validity");
}

fn no_repeat(statement: &mut Table) {
    let steps = part(statement, &["functions"]).and_then(|functions| functions.get_mut("create_pin_access"));
    for step in steps.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(step) = step.as_table_mut() {
            step.remove("repeat");
        }
    }
}

fn irrevocable(statement: &mut Table) {
    if let Some(pin) = part(statement, &["limits", "pin"]) {
        pin.insert("irrevocable".to_owned(), Value::from("a PIN lives to its end"));
    }
}

fn token_in_query(statement: &mut Table) {
    if let Some(oauth2) = part(statement, &["auth", "oauth2"]) {
        oauth2.insert("query".to_owned(), Value::from("access_token"));
    }
}

fn no_filter(statement: &mut Table) {
    without(statement, &["operations", "list_locks", "query"], "group_id");
}
