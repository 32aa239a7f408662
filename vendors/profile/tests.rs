//! Wrong profiles and the exact words for each mistake.

use std::collections::BTreeMap;

use super::*;

const REFERENCE: &str = include_str!("../locks/reference.toml");

/// The problems of the reference profile with one text replaced.
fn broken(from: &str, to: &str) -> Vec<String> {
    assert!(REFERENCE.contains(from), "{from}");
    match compile("profile.toml", &REFERENCE.replacen(from, to, 1)) {
        Ok(_) => Vec::new(),
        Err(errors) => errors
            .problems
            .iter()
            .map(|problem| {
                let help = problem.help.as_deref().unwrap_or_default();
                format!("{}:{}: {} ({help})", problem.line, problem.column, problem.what)
            })
            .collect(),
    }
}

#[test]
fn each_mistake_is_told_at_its_place() {
    let mut missed: Vec<String> = Vec::new();
    for (from, to, expected) in [
        ("status = 401\n", "status = \"401\"\n", "59:10: expected a whole number"),
        (
            "\"{lock.location}\"",
            "\"{lock.locaton}\"",
            "140:98: unknown field `lock.locaton` (did you mean `lock.location`?)",
        ),
        (
            "token = \"get_token\"",
            "token = \"get_tokn\"",
            "22:9: unknown operation `get_tokn` (did you mean `get_token`?)",
        ),
        (
            "token = \"get_token\"",
            "token = \"list_locks\"",
            "22:9: the answer of `list_locks` has no `{auth.token}`",
        ),
        (
            "server = \"identity\"",
            "server = \"idenity\"",
            "117:10: unknown server `idenity` (did you mean `identity`?)",
        ),
        ("lengths = [4, 8]", "lengths = [8, 4]", "36:11: the shortest length, 8, is above the longest, 4"),
        ("pulse = \"5 s\"", "pulse = \"5 sec\"", "29:9: `5 sec` is no span of time"),
        ("low_battery = 20", "low_battery = 101", "31:15: 101 is out of range"),
        ("enum(pending=running,", "enum(pending=succeeded,", "250:45: `succeeded` would mean both"),
        ("enum(open=open,", "enum(opened=open,", "152:25: unknown word `opened` (did you mean `open`?)"),
        (
            "{lock.reachable}",
            "{lock.reachable | percent}",
            "149:32: `percent` does not fit `lock.reachable`, which is yes or no",
        ),
        (
            "{lock.battery}",
            "{lock.battery | fracton}",
            "150:44: unknown codec `fracton` (did you mean `fraction`?)",
        ),
        ("every = \"1 s\", within = \"30 s\"", "every = \"1 s\"", "269:3: a step lacks `within`"),
        (
            "every = \"1 s\", within = \"30 s\"",
            "every = \"0 s\", within = \"30 s\"",
            "269:32: `every` is zero",
        ),
        ("algo_pin = [\"algo_pin\"]", "algo_pin = []", "280:12: an empty plan"),
        ("algo_pin = [\"algo_pin\"]\n", "", "261:1: `functions` lacks `algo_pin`"),
        (
            "algo_pin = [\"algo_pin\"]",
            "algo_pin = { unsupported = \" \" }",
            "280:28: unsupported without a reason",
        ),
        (
            "get_lock_status = [\"get_lock\"]",
            "get_lock_status = [\"list_pins\", { each = [{ each = [\"get_lock\"] }] }]",
            "264:43: `each` within `each`",
        ),
        (
            "  { call = \"upsert_user\", repeat = \"idempotent\" },\n  { call = \"assign_access\"",
            "  { call = \"assign_access\"",
            "265:21: in `create_pin_access`, nothing fills `{user.id}` in the path of `assign_access`",
        ),
        (
            "page = \"{page.number}\", per_page",
            "seite = 1, per_page",
            "134:10: operation `list_groups` is paged, but its request has no `{page.number}`",
        ),
        (
            "client_secret = \"{secret.client_secret}\"",
            "client_secret = \"{secret.client_secet}\"",
            "119:97: `{secret.client_secet}` is not declared (did you mean `client_secret`?)",
        ),
        (
            "is = \"not_found\"",
            "is = \"not_fond\"",
            "71:6: unknown word `not_fond` (did you mean `not_found`?)",
        ),
        (
            "request = \"GET /v1/groups\"",
            "request = \"GET /v1/locks\"",
            "137:11: a request could mean both `list_groups` and `list_locks`",
        ),
        ("\"{hold.until}\"", "\"{hold.until\"", "231:21: a hole that is not closed"),
        ("{ \"pin\": \"{access.pin}\" }", "{ \"pin\": }", "173:18: expected a JSON value, found `}`"),
        (
            "repeat = \"idempotent\", undo = \"remove_pin\"",
            "repeat = \"idempotent\", und = \"remove_pin\"",
            "267:52: unknown key `und` in a step (did you mean `undo`?)",
        ),
        (
            "remove_pin_access = [{ call = \"remove_pin\", repeat = \"idempotent\" }]",
            "remove_pin_access = [\"remove_pin\", { find = \"list_pins\", by = [\"access.id\"], gone = true, where = { \"access.state\" = \"active\" }, every = \"1 s\", within = \"9 s\" }]",
            "271:36: `gone` beside `where`",
        ),
        ("title = ", "titel = ", "7:1: unknown key `titel` in the profile (did you mean `title`?)"),
        ("[secrets]", "[secrets", "17:9: this is no TOML"),
    ] {
        let found = broken(from, to);
        if !found.iter().any(|line| line.starts_with(expected)) {
            missed.push(format!(
                "{to}
expected {expected}
found {found:#?}"
            ));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n\n"));
}

#[test]
fn an_unknown_key_is_answered_with_each_known_one_once_and_the_nearest_first() {
    let text = include_str!("../locks/reference.toml").replacen("title = ", "zettel = \"\"\ntitle = ", 1);
    let errors = compile("reference.toml", &text).unwrap_err();
    let told = errors.problems.iter().find(|problem| problem.what.contains("unknown key `zettel`"));
    let help = told.unwrap().help.as_deref().unwrap();
    let known: Vec<&str> = help.strip_prefix("the profile has ").unwrap().split(", ").collect();
    let mut once = known.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), known.len(), "{help}");
    let at = |name: &str| known.iter().position(|known| *known == name).unwrap();
    assert!(at("title") < at("kind") && at("title") < at("operations"), "{help}");
}

#[test]
fn the_installations_of_a_vendor_have_their_own_addresses() {
    for (name, environment, server, address) in [
        ("salto_ks", None, "api", "https://connect.my-clay.com"),
        ("salto_ks", Some("sandbox"), "api", "https://clp-accept-user.my-clay.com"),
        ("salto_ks", Some("sandbox"), "identity", "https://identity-acc.eu.my-clay.com"),
        ("unloc", None, "api", "https://api.unloc.app"),
        ("unloc", Some("sandbox"), "api", "https://api.sandbox.unloc.app"),
        ("ttlock", None, "api", "https://euapi.ttlock.com"),
        ("ttlock", Some("china"), "api", "https://cnapi.ttlock.com"),
    ] {
        let dialect = load(name).unwrap();
        assert_eq!(dialect.address(environment, server), Some(address), "{name} {environment:?} {server}");
    }
}

#[test]
fn the_embedded_profiles_hold() {
    for name in embedded_names() {
        if let Err(errors) = load(name) {
            panic!("{}", render(&errors));
        }
    }
}

#[test]
fn wrong_profiles_are_told_in_these_words() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vendors/profile/wrong");
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.insert(
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(&path).unwrap(),
            );
        }
    }
    assert!(files.len() >= 5, "{}", files.len());
    for (name, text) in files {
        let errors = compile(&name, &text).expect_err(&name);
        insta::with_settings!({ snapshot_path => "wrong", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name.trim_end_matches(".toml").to_owned(), render(&errors));
        });
    }
}

#[test]
fn the_description_of_the_format_names_everything() {
    use crate::vendors::dialect::CODEC_NAMES;
    use crate::vendors::vocabulary::{FailureKind, Field, Function, Meaning, Word};

    let text = include_str!("../README.md");
    let mut names: Vec<String> = Field::FIXED.iter().map(ToString::to_string).collect();
    names.extend(CODEC_NAMES.iter().chain(VERBS).map(ToString::to_string));
    names.extend(FailureKind::ALL.iter().map(|kind| kind.as_str().to_owned()));
    names.extend(Word::ALL.iter().map(|word| word.as_str().to_owned()));
    names.extend(Meaning::ALL.iter().map(|meaning| meaning.as_str().to_owned()));
    names.extend(Function::ALL.iter().map(|function| function.as_str().to_owned()));
    collect_keys(&json_schema(), &mut names);
    // Whole words within code, so that prose that happens to hold a name does not count.
    let code = text.split('`').skip(1).step_by(2).chain(text.split("```").skip(1).step_by(2));
    let part_of_a_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let written: std::collections::HashSet<&str> = code
        .flat_map(|code| code.split(|c| !part_of_a_name(c)))
        .flat_map(|word| std::iter::once(word).chain(word.split('.')))
        .collect();
    let missing: Vec<&String> = names.iter().filter(|name| !written.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The keys of every table in the schema.
fn collect_keys(schema: &serde_json::Value, names: &mut Vec<String>) {
    match schema {
        serde_json::Value::Object(members) => {
            if let Some(properties) = members.get("properties").and_then(|value| value.as_object()) {
                names.extend(properties.keys().cloned());
            }
            members.values().for_each(|value| collect_keys(value, names));
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect_keys(item, names)),
        _ => {}
    }
}

#[test]
fn the_description_of_inputs_is_the_table() {
    let text = include_str!("../README.md");
    for row in INPUTS {
        let fields: Vec<String> = row.fields.iter().map(|field| format!("`{field}`")).collect();
        let fields = if fields.is_empty() { "–".to_owned() } else { fields.join(", ") };
        let kept = row.kept_from.map_or("–".to_owned(), |function| format!("`{}`", function.as_str()));
        let line = format!("| `{}` | {fields} | {kept} |", row.function.as_str());
        assert!(text.contains(&line), "{line}");
    }
}

#[test]
fn the_description_s_first_profile_loads() {
    let text = include_str!("../README.md");
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let profile = blocks.collect::<Vec<_>>().join("\n");
    if let Err(errors) = compile("README.md", &profile) {
        panic!("{}", render(&errors));
    }
}
