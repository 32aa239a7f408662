//! The description of the language, held against the language.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Notice, Scenario, json_schema};

const README: &str = include_str!("README.md");

/// The rows of the table that follows a text, cell by cell.
fn table(after: &str) -> Vec<Vec<String>> {
    let (_, rest) = README.split_once(after).unwrap_or_else(|| panic!("README.md has no “{after}”"));
    let lines =
        rest.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    lines.skip(2).map(cells).collect()
}

/// What stands in backticks.
fn names(cell: &str) -> BTreeSet<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn first_column(after: &str) -> BTreeSet<String> {
    table(after).iter().flat_map(|row| names(&row[0])).collect()
}

fn properties(of: &Value) -> BTreeSet<String> {
    of["properties"].as_object().into_iter().flat_map(|map| map.keys().cloned()).collect()
}

fn definition(name: &str) -> Value {
    json_schema()["$defs"][name].clone()
}

/// Each word of a choice, with its keys.
fn words(of: &Value) -> Vec<(String, BTreeSet<String>)> {
    let each = of["oneOf"].as_array().cloned().unwrap_or_default();
    each.iter()
        .flat_map(|one| {
            let bare = one["const"].as_str().map(|word| (word.to_owned(), BTreeSet::new()));
            let listed = one["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let listed = listed.map(|word| (word.to_owned(), BTreeSet::new()));
            let keyed = one["properties"].as_object().into_iter().flatten();
            let keyed = keyed.map(|(word, value)| (word.clone(), properties(value)));
            bare.into_iter().chain(listed).chain(keyed).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn the_tables_of_keys_are_whole() {
    assert_eq!(first_column("## The file"), properties(&json_schema()));
    for (section, definition_name) in [
        ("## `[fleet]`", "Fleet"),
        ("## `[vendor]`", "Vendor"),
        ("## `[inlet]`", "Inlet"),
        ("## `[[events]]`", "Event"),
        ("## `[[guests]]`", "Guest"),
    ] {
        assert_eq!(first_column(section), properties(&definition(definition_name)), "{section}");
    }
}

#[test]
fn the_tables_of_words_are_whole() {
    for (section, definition_name) in [("What happens:", "Happening"), ("Each has `that`", "Claim")] {
        let told: Vec<(String, BTreeSet<String>)> =
            table(section).iter().map(|row| (row[0].trim_matches('`').to_owned(), names(&row[1]))).collect();
        assert_eq!(told, words(&definition(definition_name)), "{section}");
    }
    let known: BTreeSet<String> =
        words(&definition("Disturbance")).into_iter().map(|(word, _)| word).collect();
    assert_eq!(first_column("How a call fails:"), known);
    let notices: Vec<String> =
        table("What Inlet tells:").iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    let known: Vec<&str> = Notice::ALL.iter().map(|notice| notice.as_str()).collect();
    assert_eq!(notices, known);
}

#[test]
fn every_way_to_fail_can_be_written_as_it_is_shown() {
    for row in table("How a call fails:") {
        let written = row[1].trim_matches('`');
        let text = format!(
            "schema = \"lockstep.scenario/1\"\ntitle = \"t\"\n[fleet]\nlocks = 1\ngroups = 1\n[[events]]\n\
             after = \"1 s\"\nthen = {{ fault = {{ by = {written} }} }}\n"
        );
        Scenario::parse("README.md", &text)
            .unwrap_or_else(|errors| panic!("{written}: {:?}", errors.problems));
    }
}

#[test]
fn the_example_is_a_scenario_and_the_list_names_every_one() {
    let (_, example) = README.split_once("```toml\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    Scenario::parse("README.md", example).unwrap_or_else(|errors| panic!("{:?}", errors.problems));
    let listed: Vec<(String, String)> = table("## The scenarios")
        .iter()
        .map(|row| (names(&row[0]).into_iter().collect(), row[1].clone()))
        .collect();
    let embedded: Vec<(String, String)> = Scenario::embedded_names()
        .map(|name| {
            let scenario = Scenario::embedded(name).expect("it is embedded").expect("it is valid");
            (name.to_owned(), scenario.title)
        })
        .collect();
    assert_eq!(listed, embedded);
}
