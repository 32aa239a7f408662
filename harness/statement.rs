//! The vendor's answers in Inlet's preferred form, rendered from the profile.

use super::result::FunctionAnswer;
use crate::vendors::dialect::{Dialect, Operation, Support};
use crate::vendors::vocabulary::Function;
use crate::vendors::wire::{WireRequest, WireResponse};

/// Every function that Inlet asks for, and each other one that the profile answers.
pub fn statement(dialect: &Dialect) -> Vec<FunctionAnswer> {
    Function::ALL
        .iter()
        .copied()
        .filter(|function| {
            function.is_asked_for() || !matches!(dialect.function(*function), Support::Unmentioned)
        })
        .map(|function| answer(dialect, function))
        .collect()
}

fn answer(dialect: &Dialect, function: Function) -> FunctionAnswer {
    let support = dialect.function(function);
    let operations: Vec<&Operation> =
        support.operations().into_iter().filter_map(|name| dialect.operation(name)).collect();
    let reason = match support {
        Support::Supported(_) => None,
        Support::Unsupported { reason } => Some(reason.clone()),
        Support::Unmentioned => Some("the statement does not mention it".to_owned()),
    };
    let notes = dialect.function_notes.iter().find(|(name, _)| *name == function);
    FunctionAnswer {
        function,
        supported: matches!(support, Support::Supported(_)),
        reason,
        endpoints: operations.iter().map(|operation| operation.endpoint()).collect(),
        authentication: authentication(dialect, &operations),
        request_examples: operations
            .iter()
            .map(|operation| request_text(&operation.request_example()))
            .collect(),
        response_examples: operations
            .iter()
            .filter(|operation| operation.documents_answer())
            .map(|operation| response_text(&operation.answer_example()))
            .collect(),
        error_examples: operations
            .iter()
            .flat_map(|operation| operation.error_examples())
            .map(|(kind, example)| format!("{}: {}", kind.as_str(), response_text(&example)))
            .collect::<std::collections::BTreeSet<_>>()
            .into_iter()
            .collect(),
        notes: notes.map(|(_, notes)| notes.clone()).unwrap_or_default(),
    }
}

/// What the statement says, or that a credential stands in the requests; empty
/// where it shows neither.
fn authentication(dialect: &Dialect, operations: &[&Operation]) -> String {
    let said = dialect.auth.description.trim();
    if said.is_empty() && operations.iter().any(|operation| operation.is_authenticated()) {
        return "as the request examples show".to_owned();
    }
    said.to_owned()
}

fn request_text(request: &WireRequest) -> String {
    let query: Vec<String> = request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let head = format!("{} {}{query}", request.method, request.path);
    message(head, &request.headers, &request.body)
}

fn response_text(response: &WireResponse) -> String {
    message(response.status.to_string(), &response.headers, &response.body)
}

fn message(head: String, headers: &[(String, String)], body: &[u8]) -> String {
    let mut text = head;
    for (name, value) in headers {
        text.push_str(&format!("\n{name}: {value}"));
    }
    if !body.is_empty() {
        text.push_str("\n\n");
        text.push_str(&String::from_utf8_lossy(body));
    }
    text
}
