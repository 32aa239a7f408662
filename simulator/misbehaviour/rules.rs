//! Rules for PINs, names and windows that a vendor declares and does not hold.

use toml::{Table, Value};

use super::{Misbehaviour, Twist};
use crate::simulator::world::{Call, Quirk, World};
use crate::vendors::vocabulary::{Datum, Facts, Field};

/// Misbehaviours of this topic.
pub const ALL: &[Misbehaviour] = &[
    quirk(
        "accepts-pin-that-begins-alike",
        "A PIN with the same first four keys is taken.",
        Quirk::AcceptsSameStart,
    )
    .declaring(first_four),
    quirk("accepts-taken-name", "A name that is on the lock already is taken.", Quirk::AcceptsTakenName)
        .declaring(names_unique),
    quirk(
        "accepts-pin-of-another-lock",
        "A PIN in use on another lock is taken.",
        Quirk::AcceptsPinElsewhere,
    )
    .declaring(once_in_the_account),
    quirk("accepts-begun-window", "A window that has begun is taken.", Quirk::AcceptsBegunWindow)
        .declaring(starts_in_future),
    quirk("accepts-short-window", "A window that is too short is taken.", Quirk::AcceptsShortWindow)
        .declaring(shortest_window),
    Misbehaviour::new(
        "cuts-long-names",
        "LV-47",
        "Names are cut to half of the documented length.",
        Twist::Asked(cut_names),
    ),
];

const fn quirk(name: &'static str, summary: &'static str, quirk: Quirk) -> Misbehaviour {
    Misbehaviour::new(name, "LV-44", summary, Twist::World(quirk))
}

/// Declares a limit, by its table below `[limits]` (none for the table itself).
fn declare(statement: &mut Table, of: Option<&str>, name: &str, value: Value) {
    let limits = statement.get_mut("limits").and_then(Value::as_table_mut);
    let table = match of {
        None => limits,
        Some(of) => limits.and_then(|limits| limits.get_mut(of)).and_then(Value::as_table_mut),
    };
    if let Some(table) = table {
        table.insert(name.to_owned(), value);
    }
}

fn first_four(statement: &mut Table) {
    let rules = ["not_all_same", "unique_first_four_digits"].map(Value::from);
    declare(statement, Some("pin"), "rules", Value::Array(rules.to_vec()));
}

fn names_unique(statement: &mut Table) {
    declare(statement, None, "names_unique", Value::from(true));
}

fn once_in_the_account(statement: &mut Table) {
    declare(statement, Some("pin"), "unique", Value::from("account"));
}

fn starts_in_future(statement: &mut Table) {
    declare(statement, Some("window"), "starts_in_future", Value::from(true));
}

fn shortest_window(statement: &mut Table) {
    declare(statement, Some("window"), "min", Value::from("1 h"));
}

/// Half of the sixty-four signs that the statement promises.
fn cut_names(_: &mut World, _: Call, asked: &mut Facts) {
    if let Some(name) = asked.text(&Field::AccessName) {
        let kept: String = name.chars().take(32).collect();
        asked.set(Field::AccessName, Datum::text(kept));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_besides_can_be_read() {
        let reference = crate::vendors::profile::load("reference").unwrap();
        for misbehaviour in ALL.iter().filter(|one| one.declares.is_some()) {
            let stated = misbehaviour.statement(&reference.source_text).unwrap();
            let edited = crate::vendors::profile::compile("stated", &stated)
                .unwrap_or_else(|problems| panic!("{}", crate::vendors::profile::render(&problems)));
            assert_ne!(edited.limits, reference.limits, "{}", misbehaviour.name);
        }
    }
}
