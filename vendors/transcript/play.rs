//! Holding exchanges against a dialect, in both directions.

use super::callback::{CALLBACK, play_callback};
use super::compare::{UNMADE, differences, same_answer, same_facts};
use super::exchange::{Exchange, Only};
use crate::vendors::dialect::template::View;
use crate::vendors::dialect::{Answer, Callbacks, Dialect, Operation};
use crate::vendors::vocabulary::Field;

/// Holds an exchange against a dialect, as the client and as the server.
/// Every disagreement is one line; none means that it holds.
pub fn play(dialect: &Dialect, exchange: &Exchange) -> Vec<String> {
    if let Some(event) = exchange.operation.strip_prefix(CALLBACK) {
        let problems = play_callback(dialect, event.trim(), exchange);
        return problems.into_iter().map(|problem| told(exchange, &problem)).collect();
    }
    let Some(operation) = dialect.operation(&exchange.operation) else {
        return vec![told(exchange, "the profile has no such operation")];
    };
    let mut problems = Vec::new();
    if exchange.only == Only::Nobody {
        problems.extend(turn_away(dialect, exchange).err());
        return problems.into_iter().map(|problem| told(exchange, &problem)).collect();
    }
    if exchange.only != Only::Server {
        problems.extend(play_request(operation, exchange));
    }
    problems.extend(play_answer(operation, exchange).err());
    problems.extend(serve_request(dialect, exchange).err());
    if exchange.only != Only::Client {
        problems.extend(serve_answer(operation, exchange).err());
    }
    problems.into_iter().map(|problem| told(exchange, &problem)).collect()
}

/// A wrong request: it comes to the operation that it is written under, and fits
/// neither it nor another.
fn turn_away(dialect: &Dialect, exchange: &Exchange) -> Result<(), String> {
    match dialect.route(&exchange.request) {
        Ok(routed) => Err(format!("server: a wrong request is taken for `{}`", routed.operation.name())),
        Err(misses) if misses.iter().any(|miss| miss.same_route && miss.operation == exchange.operation) => {
            Ok(())
        }
        Err(misses) => Err(format!("server: it is wrong already in method or path ({misses:?})")),
    }
}

/// What a transcript does not show: operations, and documented errors.
pub fn uncovered(dialect: &Dialect, exchanges: &[Exchange]) -> Vec<String> {
    let exchanges: Vec<&Exchange> = exchanges.iter().filter(|e| e.only != Only::Nobody).collect();
    let shown = |name: &str, kind| exchanges.iter().any(|e| e.operation == name && e.refuses == kind);
    let mut missing = Vec::new();
    for operation in dialect.operations() {
        if !shown(operation.name(), None) {
            missing.push(format!("`{}` has no exchange", operation.name()));
        }
        for error in operation.errors.iter().filter(|error| !shown(operation.name(), Some(error.kind))) {
            missing.push(format!(
                "`{}` has no exchange that refuses as {}",
                operation.name(),
                error.kind.as_str()
            ));
        }
    }
    let common = dialect.operations().first().map_or(&[][..], |operation| &operation.common_errors);
    for error in common.iter().filter(|error| !exchanges.iter().any(|e| e.refuses == Some(error.kind))) {
        missing.push(format!("no exchange refuses as {}", error.kind.as_str()));
    }
    for (event, kinds) in dialect.callbacks.iter().flat_map(Callbacks::events) {
        let name = format!("{CALLBACK}{event}");
        let made = |e: &&&Exchange| kinds.is_empty() || e.only == Only::Both;
        if !exchanges.iter().filter(made).any(|e| e.operation == name && e.refuses.is_none()) {
            missing.push(format!("the event `{event}` has no callback"));
        }
    }
    let disbelieved = |e: &&Exchange| e.operation.starts_with(CALLBACK) && e.refuses.is_some();
    if dialect.callbacks.as_ref().is_some_and(Callbacks::is_signed) && !exchanges.iter().any(disbelieved) {
        missing.push("no callback with a wrong signature is refused".to_owned());
    }
    missing
}

fn told(exchange: &Exchange, problem: &str) -> String {
    format!("line {}, {} ({}): {problem}", exchange.line, exchange.operation, exchange.title)
}

fn play_request(operation: &Operation, exchange: &Exchange) -> Vec<String> {
    let made = match operation.request(&exchange.asks) {
        Ok(rendered) => rendered.exposed,
        Err(why) => return vec![format!("client: {why}")],
    };
    differences(&made, &exchange.request)
}

fn play_answer(operation: &Operation, exchange: &Exchange) -> Result<(), String> {
    match (operation.read_answer_knowing(&exchange.response, &exchange.asks), exchange.refuses) {
        (Answer::Success { facts, deviations }, None) => match deviations.first() {
            Some(deviation) => Err(format!("client: the answer deviates {deviation}")),
            None => same_facts("client: the answer", &facts, &exchange.says),
        },
        (Answer::Refused { kind, facts, .. }, Some(expected)) if kind == expected => {
            same_facts("client: the refusal", &facts, &exchange.says)
        }
        (Answer::Undocumented { mismatch }, _) => {
            Err(format!("client: the answer is undocumented, {mismatch}"))
        }
        (Answer::Refused { kind, .. }, _) => {
            Err(format!("client: the answer reads as refused, {}", kind.as_str()))
        }
        (Answer::Success { .. }, Some(_)) => Err("client: the refusal reads as a success".to_owned()),
    }
}

fn serve_request(dialect: &Dialect, exchange: &Exchange) -> Result<(), String> {
    match dialect.route_knowing(&exchange.request, &exchange.asks) {
        Ok(routed)
            if routed.operation.name() == exchange.operation
                || dialect
                    .operation(&exchange.operation)
                    .is_some_and(|meant| meant.is_alternative_to(routed.operation)) =>
        {
            let mut expected = exchange.asks.clone();
            // By the lock's zone a local time is read; the request need not say it.
            if !routed.operation.asks_with(&Field::LockZone) {
                expected.remove(&Field::LockZone);
            }
            same_facts("server: the request", &routed.facts, &expected)
        }
        Ok(routed) => Err(format!("server: the request is taken for `{}`", routed.operation.name())),
        Err(misses) => {
            let misses =
                misses.iter().map(|miss| format!("{}: {}", miss.operation, miss.why)).collect::<Vec<_>>();
            Err(format!("server: the request fits nothing ({})", misses.join("; ")))
        }
    }
}

fn serve_answer(operation: &Operation, exchange: &Exchange) -> Result<(), String> {
    let Some(kind) = exchange.refuses else {
        let mut says = exchange.says.clone();
        let zone = exchange.asks.get(&Field::LockZone).filter(|_| !says.has(&Field::LockZone)).cloned();
        says.set_some(Field::LockZone, zone);
        let made = operation.answer(&says).map_err(|why| format!("server: {why}"))?;
        return same_answer(&made, &exchange.response, &exchange.untold);
    };
    let mut problems = Vec::new();
    for error in
        operation.errors.iter().chain(operation.common_errors.iter()).filter(|error| error.kind == kind)
    {
        match error.form.fill_error(&exchange.says, exchange.response.status, View::Exposed) {
            Ok(made) => match same_answer(&made, &exchange.response, &exchange.untold) {
                Ok(()) => return Ok(()),
                Err(why) => problems.push(why),
            },
            Err(unwritten) => {
                problems.push(format!("server: `{{{}}}` cannot be filled", unwritten.why.field));
            }
        }
    }
    // Of several errors of the kind, the one that is right but for what it leaves out.
    let nearest = problems.iter().position(|problem| problem.starts_with(UNMADE)).unwrap_or_default();
    let none = || format!("server: no error of kind {} is documented", kind.as_str());
    Err(problems.into_iter().nth(nearest).unwrap_or_else(none))
}
