//! Whether what a setting names (a site, a tenant, an application) is there. Which
//! value is right no answer tells, so that a setting that nothing was found by is
//! held against the configuration, never against the subject. Pure.

use std::collections::BTreeSet;

use super::diagnosis::{Check, Heading};
use super::noted::{self, Noted};
use super::trouble::Trouble;
use crate::harness::integration::CallFailure;
use crate::harness::result::{Exchange, Received};
use crate::harness::subject::Given;
use crate::vendors::dialect::{Dialect, Operation, Step};
use crate::vendors::vocabulary::{FailureKind, Field};

/// What stood in the way of a call, where a setting may be what is wrong.
pub(super) fn weigh(
    trouble: Trouble,
    failure: &CallFailure,
    exchange: Option<&Exchange>,
    dialect: &Dialect,
    given: Given,
) -> Trouble {
    let Some(exchange) = exchange.filter(|exchange| exchange.operation == failure.operation) else {
        return trouble;
    };
    match trouble {
        Trouble::Gate(check) if check.heading == Heading::Credentials => {
            let names = dialect.operation(&exchange.operation).map(|operation| carried(operation, dialect));
            Trouble::Gate(Box::new(check.advising(also(&names.unwrap_or_default(), given))))
        }
        Trouble::NotThere(_) | Trouble::Forbidden(..) | Trouble::Unclear(_) => {
            match unopened(failure, exchange, dialect, given) {
                Some(check) => Trouble::Gate(Box::new(check)),
                None => trouble,
            }
        }
        other => other,
    }
}

/// The session could not be begun for what a setting names: nothing was found by
/// it, or the vendor refused it.
fn unopened(failure: &CallFailure, exchange: &Exchange, dialect: &Dialect, given: Given) -> Option<Check> {
    let session = dialect.session.as_ref()?;
    let name = failure.operation.as_str();
    if !session.operations().contains(&name) {
        return None;
    }
    let Received::Answer { failure: refused, undocumented: None, .. } = &exchange.response else {
        return None;
    };
    let names = match refused {
        None if failure.kind == FailureKind::NotFound => looked_up(dialect, Some(name)),
        Some(FailureKind::NotFound | FailureKind::Invalid | FailureKind::Forbidden) => {
            carried(dialect.operation(name)?, dialect)
        }
        _ => BTreeSet::new(),
    };
    let seen = format!("{} {}: {}", exchange.request.method, exchange.request.url, failure.message);
    (!names.is_empty()).then(|| check(seen, &names, dialect, given).shown_by(vec![exchange.id.clone()]))
}

/// Calls that name what a setting names, and that were all told that nothing of the
/// kind is there: one that succeeded shows that the setting is right.
pub(super) fn look(
    not_there: &[Noted],
    exchanges: &[Exchange],
    dialect: &Dialect,
    given: Given,
) -> Option<Check> {
    let documented: Vec<&Noted> = not_there
        .iter()
        .filter(|noted| {
            let response = noted.exchange.as_ref().map(|exchange| &exchange.response);
            matches!(response, Some(Received::Answer { undocumented: None, .. }))
        })
        .collect();
    let names = names_in(documented.iter().copied(), dialect);
    let proven = exchanges.iter().filter(|one| is_success(one)).filter_map(|one| rests_of(one, dialect));
    let proven: BTreeSet<&str> = proven.flatten().collect();
    if names.is_empty() || names.iter().any(|name| proven.contains(name)) {
        return None;
    }
    let shown: Vec<&Noted> =
        documented.into_iter().filter(|noted| !names_in([*noted], dialect).is_empty()).collect();
    let check = check(noted::told(shown.iter().copied()), &names, dialect, given);
    Some(check.shown_by(noted::ids(shown)))
}

/// What to look at besides, where calls that failed name what a setting names.
pub(super) fn beside(failed: &[Noted], dialect: &Dialect, given: Given) -> Option<String> {
    also(&names_in(failed, dialect), given)
}

/// What the heading comes to where nothing is wrong.
pub(super) fn as_it_should(dialect: &Dialect) -> String {
    match dialect.settings.len() {
        0 => "the profile asks for none".to_owned(),
        _ => "nothing was refused for what they name".to_owned(),
    }
}

fn names_in<'n, 'd>(calls: impl IntoIterator<Item = &'n Noted>, dialect: &'d Dialect) -> BTreeSet<&'d str> {
    let exchanges = calls.into_iter().filter_map(|noted| noted.exchange.as_ref());
    exchanges.filter_map(|exchange| rests_of(exchange, dialect)).flatten().collect()
}

/// The settings on which a call rests: those that it carries, and those by which
/// what it carries was looked up. Of a token's own request nothing follows, for a
/// vendor may hand a token out for any name.
fn rests_of<'d>(exchange: &Exchange, dialect: &'d Dialect) -> Option<BTreeSet<&'d str>> {
    let operation = dialect.operation(&exchange.operation)?;
    let auth = &dialect.auth;
    let fetches = [&auth.token_operation, &auth.refresh_operation];
    if fetches.iter().any(|own| own.as_deref() == Some(operation.name())) {
        return None;
    }
    let mut names = carried(operation, dialect);
    let keeps = dialect.session.iter().flat_map(|session| &session.keeps);
    if keeps.into_iter().any(|field| operation.asks_with(field)) {
        names.extend(looked_up(dialect, None));
    }
    Some(names)
}

fn carried<'d>(operation: &Operation, dialect: &'d Dialect) -> BTreeSet<&'d str> {
    let asks = |name: &str| operation.asks_with(&Field::Setting(name.into()));
    dialect.settings.iter().map(|(name, _)| name.as_str()).filter(|name| asks(name)).collect()
}

/// The settings by which a session's beginning finds something, in the list of
/// `operation` or in any.
fn looked_up<'d>(dialect: &'d Dialect, operation: Option<&str>) -> BTreeSet<&'d str> {
    let steps = dialect.session.iter().flat_map(|session| &session.plan.steps);
    let by = steps.filter_map(|step| match step {
        Step::Find { operation: own, by, .. } if operation.is_none_or(|name| name == own) => Some(by),
        _ => None,
    });
    let mut names = BTreeSet::new();
    for field in by.flatten() {
        let known = dialect.settings.iter().find(|(name, _)| *field == Field::Setting(name.as_str().into()));
        names.extend(known.map(|(name, _)| name.as_str()));
    }
    names
}

fn is_success(exchange: &Exchange) -> bool {
    matches!(&exchange.response, Received::Answer { failure: None, undocumented: None, .. })
}

fn check(seen: String, names: &BTreeSet<&str>, dialect: &Dialect, given: Given) -> Check {
    let meant = |name: &str| {
        let known = dialect.settings.iter().find(|(known, _)| known == name);
        known.map_or_else(String::new, |(_, what)| format!(" ({what})"))
    };
    let places: Vec<String> =
        names.iter().map(|name| format!("{}{}", given.setting(name), meant(name))).collect();
    let todo = format!(
        "write in {} what these credentials have in this environment; where it is right, have the vendor see whether \
         they may use it",
        places.join(" and in ")
    );
    let names = names.iter().copied().collect::<Vec<_>>().join(", ");
    Check::wrong(Heading::Setting, seen, todo).of(names).stopping()
}

fn also(names: &BTreeSet<&str>, given: Given) -> Option<String> {
    let places: Vec<String> = names.iter().map(|name| given.setting(name)).collect();
    (!places.is_empty()).then(|| format!("check {} too, which goes with the call", places.join(" and ")))
}
