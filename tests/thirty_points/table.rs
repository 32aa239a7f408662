//! The table of the thirty points, held against the tree: every profile that
//! it names uses the words that it names, every effect, misbehaviour and test
//! exists, one of a row's tests touches each of its profiles, and every point has
//! its tricks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lockstep::simulator::MISBEHAVIOURS;
use lockstep::vendors::profile;

use crate::touch::touches;
use crate::wires::folder;

/// Tricks that nobody shows. What is added here is owed.
const OWED: &[&str] = &[
    "counters of how many devices have heard of it",
    "an expiry that frees no room",
    "a weekly schedule as a hold",
    "a saved previous value is restored at the return to normal",
];

/// One row: a trick of a point, who plays it, and which test shows it.
struct Row {
    point: u32,
    trick: String,
    played: String,
    shown: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn section(text: &str) -> &str {
    let (_, rest) = text.split_once("## The thirty points\n").unwrap();
    rest.split_once("\n## ").map_or(rest, |(section, _)| section)
}

fn rows(text: &str) -> Vec<Row> {
    let lines = section(text).lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---"));
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim_start_matches("| ").trim_end_matches(" |").replace("\\|", "\u{1}");
        inner.split(" | ").map(|cell| cell.replace('\u{1}', "|").trim().to_owned()).collect()
    };
    lines
        .skip(1)
        .map(|line| match &cells(line)[..] {
            [point, trick, played, shown] => Row {
                point: point.parse().unwrap_or_else(|_| panic!("{line}")),
                trick: trick.clone(),
                played: played.clone(),
                shown: shown.clone(),
            },
            other => panic!("{} cells in {line}", other.len()),
        })
        .collect()
}

/// The quoted words of a cell.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The text of a profile, which must load.
fn profile_text(name: &str) -> Result<String, String> {
    let file = ["locks", "locks/test"]
        .into_iter()
        .map(|of| folder(of).join(format!("{name}.toml")))
        .find(|file| file.exists())
        .ok_or_else(|| format!("there is no profile `{name}`"))?;
    let text = std::fs::read_to_string(&file).map_err(|why| why.to_string())?;
    match profile::compile(name, &text) {
        Ok(_) => Ok(text),
        Err(errors) => Err(profile::render(&errors)),
    }
}

/// What is wrong with one way in which a trick is played: `profile` has `words`,
/// effect `Name`, or misbehaviour `name`.
fn wrong_play(play: &str) -> Option<String> {
    let words = quoted(play);
    match (play.split_whitespace().next().unwrap_or_default(), &words[..]) {
        ("effect", [name]) => {
            let text = std::fs::read_to_string(root().join("simulator/fault.rs")).unwrap();
            (!text.contains(&format!("\n    {name}"))).then(|| format!("there is no effect `{name}`"))
        }
        ("misbehaviour", [name]) => {
            let known = MISBEHAVIOURS.iter().any(|one| one.name == *name);
            (!known).then(|| format!("there is no misbehaviour `{name}`"))
        }
        (_, [name, snippet]) if play.contains("` has `") => match profile_text(name) {
            Ok(text) if uses(&text, snippet) => None,
            Ok(_) => Some(format!("`{name}` does not have `{snippet}`")),
            Err(why) => Some(why),
        },
        _ => Some(format!("not understood: {play}")),
    }
}

/// The profile of a way in which a trick is played, with the words in it.
fn profile_of(play: &str) -> Option<(&str, &str)> {
    match quoted(play)[..] {
        [name, snippet] if play.contains("` has `") => Some((name, snippet)),
        _ => None,
    }
}

/// The first part of the heading under which words stand in a profile: `limits`
/// for `[limits.pin]`, nothing for what stands before any heading.
fn section_of<'a>(text: &'a str, snippet: &str) -> &'a str {
    let before = text.find(snippet).map_or(text, |at| &text[..at + snippet.len()]);
    let is_heading = |line: &&str| line.starts_with('[') && line.ends_with(']') && !line.contains([' ', '{']);
    let heading = before.lines().rev().find(is_heading);
    heading.unwrap_or_default().trim_matches(['[', ']']).split('.').next().unwrap_or_default()
}

/// Whether a profile uses a word: in what it says, not in what it remarks.
fn uses(text: &str, snippet: &str) -> bool {
    let said: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    said.join("\n").contains(snippet)
}

/// What is wrong with a test's name: `room::file::test`.
fn wrong_test(path: &str) -> Option<String> {
    let (module, name) = path.rsplit_once("::")?;
    let declared = |file: &PathBuf| {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.split(&format!("fn {name}(")).next().is_some_and(|before| {
            before.len() < text.len() && {
                let head: Vec<&str> = before.lines().rev().take(4).collect();
                head.iter().any(|line| line.contains("#[test]") || line.contains("#[tokio::test"))
            }
        })
    };
    let inside = module.trim_end_matches("::tests").replace("::", "/");
    let module = module.replace("::", "/");
    let at = |path: String| root().join(path);
    let files = [
        at(format!("tests/{module}.rs")),
        at(format!("{module}.rs")),
        at(format!("{module}/mod.rs")),
        at(format!("{inside}.rs")),
    ];
    (!files.iter().any(declared)).then(|| format!("there is no test `{path}`"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("vendors/README.md")).unwrap()
}

#[test]
fn every_point_is_played_and_shown() {
    let rows = rows(&readme());
    let mut wrong = Vec::new();
    let mut owed = Vec::new();
    for row in &rows {
        if row.played == "nobody" {
            if !row.shown.ends_with('.') {
                wrong.push(format!("{} {}: nobody plays it, and no sentence says why", row.point, row.trick));
            }
            owed.push(row.trick.as_str());
            continue;
        }
        let mut tell = |what: String| wrong.push(format!("{} {}: {what}", row.point, row.trick));
        row.played.split("; ").filter_map(wrong_play).for_each(&mut tell);
        let tests = quoted(&row.shown);
        if tests.is_empty() {
            tell("no test shows it".to_owned());
        }
        tests.iter().copied().filter_map(wrong_test).for_each(&mut tell);
        for (profile, snippet) in row.played.split("; ").filter_map(profile_of) {
            let text = profile_text(profile).unwrap_or_default();
            if !tests.iter().any(|test| touches(root(), test, profile, section_of(&text, snippet))) {
                tell(format!("none of its tests touches `{profile}`, which has `{snippet}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(owed, OWED);
    let points: BTreeSet<u32> = rows.iter().map(|row| row.point).collect();
    assert_eq!(points, (1..=30).collect());
    let tricks: BTreeSet<(u32, &str)> = rows.iter().map(|row| (row.point, row.trick.as_str())).collect();
    assert_eq!(tricks.len(), rows.len(), "a trick stands there twice");
}

#[test]
fn a_table_that_is_wrong_is_found_out() {
    for wrong in [
        "`nobody` has `x`",
        "`reference` has `[auth.api_key]`",
        "`reference` has `The ideal vendor`",
        "effect `Explode`",
        "misbehaviour `sings`",
        "somehow",
    ] {
        assert!(wrong_play(wrong).is_some(), "{wrong}");
    }
    for right in ["`reference` has `[auth.oauth2]`", "effect `StaleRead`", "misbehaviour `always-online`"] {
        assert_eq!(wrong_play(right), None);
    }
    for wrong in [
        "thirty_points::table::no_such_test",
        "thirty_points::table::readme",
        "vendors::dialect::tricks::no_such_test",
        "nowhere::at_all",
    ] {
        assert!(wrong_test(wrong).is_some(), "{wrong}");
    }
    let operations = "operations";
    for (test, profile, section, expected) in [
        ("thirty_points::wires::every_dialect_holds_in_both_directions", "values", operations, true),
        ("thirty_points::wires::every_dialect_holds_in_both_directions", "nobody", operations, false),
        // Bytes show nothing of a limit, and nothing of a plan.
        ("thirty_points::wires::every_dialect_holds_in_both_directions", "hours", "limits", false),
        ("thirty_points::wires::every_dialect_holds_in_both_directions", "nuki", "functions", false),
        ("features::lock_vendor::pinned::nuki", "nuki", "functions", true),
        ("features::lock_vendor::pinned::nuki", "ttlock", "functions", false),
        (
            "thirty_points::places::a_session_is_told_which_site_is_meant_before_anything_else",
            "tenancy",
            "session",
            true,
        ),
        (
            "thirty_points::places::a_session_is_told_which_site_is_meant_before_anything_else",
            "learned",
            "session",
            false,
        ),
        ("vendors::dialect::codec::laws::what_is_ill_typed_is_not_read", "values", operations, false),
    ] {
        assert_eq!(touches(root(), test, profile, section), expected, "{test} {profile} {section}");
    }
    for right in [
        "thirty_points::table::a_table_that_is_wrong_is_found_out",
        "vendors::dialect::tricks::a_bare_string_and_examples_for_documents",
        "harness::integration::address::tests::a_link_stays_at_its_server",
    ] {
        assert_eq!(wrong_test(right), None);
    }
}
