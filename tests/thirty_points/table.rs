//! The table of the thirty points, held against the tree: every profile that
//! it names uses the words that it names, every effect, misbehaviour and test
//! exists, and every point has its tricks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use lockstep::simulator::MISBEHAVIOURS;
use lockstep::vendors::profile;

use crate::wires::folder;

/// Tricks that nobody shows. What is added here is owed.
const OWED: &[&str] = &[];

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
            owed.push(row.trick.as_str());
            continue;
        }
        let mut tell = |what: String| wrong.push(format!("{} {}: {what}", row.point, row.trick));
        row.played.split("; ").filter_map(wrong_play).for_each(&mut tell);
        let tests = quoted(&row.shown);
        if tests.is_empty() {
            tell("no test shows it".to_owned());
        }
        tests.into_iter().filter_map(wrong_test).for_each(&mut tell);
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
    for right in [
        "thirty_points::table::a_table_that_is_wrong_is_found_out",
        "vendors::dialect::tricks::a_bare_string_and_examples_for_documents",
        "harness::integration::address::tests::a_link_stays_at_its_server",
    ] {
        assert_eq!(wrong_test(right), None);
    }
}
