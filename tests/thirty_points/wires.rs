//! Every dialect in its own bytes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use lockstep::vendors::profile;
use lockstep::vendors::transcript::{Exchange, parse, play, uncovered};

/// The profiles of a folder of `vendors`, by name.
pub fn folder(of: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vendors").join(of)
}

fn names(of: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder(of))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_dialect_holds_in_both_directions() {
    let problems: Vec<String> = ["locks", "locks/test"].into_iter().flat_map(problems).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn problems(of: &str) -> Vec<String> {
    let folder = folder(of);
    let mut problems = Vec::new();
    for name in names(of) {
        let text = std::fs::read_to_string(folder.join(format!("{name}.toml"))).unwrap();
        let dialect = match profile::compile(&format!("{name}.toml"), &text) {
            Ok(dialect) => dialect,
            Err(errors) => {
                problems.push(profile::render(&errors));
                continue;
            }
        };
        assert_eq!(dialect.name, name, "the file is named after its profile");
        let wire = folder.join(format!("{name}.wire"));
        let wire = std::fs::read_to_string(&wire).unwrap_or_else(|why| panic!("{}: {why}", wire.display()));
        match parse(&wire) {
            Ok(exchanges) => {
                problems.extend(unnoted(&name, &text, &exchanges));
                let played = exchanges.iter().flat_map(|exchange| play(&dialect, exchange));
                problems
                    .extend(played.chain(uncovered(&dialect, &exchanges)).map(|p| format!("{name}: {p}")));
            }
            Err(errors) => problems.extend(errors.into_iter().map(|error| format!("{name}: {error}"))),
        }
    }
    problems
}

/// Members that a transcript excuses the simulated vendor from, and the profile's
/// notes do not name.
fn unnoted(name: &str, text: &str, exchanges: &[Exchange]) -> Vec<String> {
    let profile = text.parse::<toml::Table>().unwrap();
    let notes = profile.get("notes").and_then(toml::Value::as_str).unwrap_or_default();
    let mut unnoted = BTreeSet::new();
    for member in exchanges.iter().flat_map(|exchange| &exchange.untold) {
        let last = member.rsplit(['.', ' ']).next().unwrap_or_default();
        if !notes.contains(&format!("`{last}`")) {
            unnoted.insert(format!("{name}: `{member}` is not told, and the notes do not say why"));
        }
    }
    unnoted.into_iter().collect()
}

#[test]
fn what_a_simulated_vendor_leaves_out_stands_in_its_notes() {
    let exchange = Exchange { untold: vec!["state.mode".to_owned()], ..Exchange::default() };
    let exchanges = [exchange];
    assert_eq!(unnoted("acme", "notes = \"Nothing.\"", &exchanges).len(), 1);
    assert!(unnoted("acme", "notes = \"The world has no `mode`.\"", &exchanges).is_empty());
}

#[test]
fn the_schema_for_editors_knows_every_word_that_they_use() {
    let validator = jsonschema::validator_for(&profile::json_schema()).unwrap();
    for name in names("locks/test") {
        let text = std::fs::read_to_string(folder("locks/test").join(format!("{name}.toml"))).unwrap();
        let value = serde_json::to_value(toml::from_str::<toml::Table>(&text).unwrap()).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}\n{}", errors.join("\n"));
    }
}
