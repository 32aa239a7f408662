//! Certifies a booking system in another language, over HTTP and in accelerated
//! time, with the real program: the example of `harness/partner/example`, once as
//! it is and once with three defects.
//!
//! The runs take up to two minutes, nearly all of which is waiting; `./test` runs them
//! beside the others.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

mod example;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

use example::{root, with_its_python};

const EXAMPLE: &str = "harness/partner/example/booking_system.toml";

/// Certifies a description; the report, and how the program ended.
fn certified(description: &Path, out: &Path) -> (Value, Output) {
    judged(&["certify"], description, out)
}

fn judged(how: &[&str], description: &Path, out: &Path) -> (Value, Output) {
    let output = Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(how)
        .arg(description)
        .args(["--seed", "7", "--out"])
        .arg(out)
        .env("PATH", with_its_python())
        .current_dir(root())
        .output()
        .expect("lockstep runs");
    let report = std::fs::read(out.join("report.json")).expect("a report");
    (serde_json::from_slice(&report).expect("JSON"), output)
}

/// The verdict on each criterion that is observed.
fn observed(report: &Value) -> BTreeMap<&str, &str> {
    let criteria = report["criteria"].as_array().expect("criteria").iter();
    let open = |one: &Value| one["reason"].as_str().is_some_and(|why| why.starts_with("nobody vouches"));
    criteria
        .filter(|one| !open(one))
        .filter_map(|one| Some((one["id"].as_str()?, one["verdict"].as_str()?)))
        .collect()
}

/// The ids with that verdict.
fn with<'a>(observed: &BTreeMap<&'a str, &str>, verdict: &str) -> Vec<&'a str> {
    observed.iter().filter(|(_, given)| **given == verdict).map(|(id, _)| *id).collect()
}

/// The minutes that a line says are left at most.
fn minutes_left(line: &str) -> Option<u64> {
    line.strip_prefix("at most ")?.strip_suffix(" min left")?.parse().ok()
}

/// What is asked of it, and does not apply: Inlet is reached over loopback, and
/// nothing that guests type is sent as free text.
const NOT_APPLICABLE: [&str; 2] = ["IP-07", "IP-50"];

#[test]
fn the_example_meets_all_that_is_observed() {
    let folder = tempfile::tempdir().expect("a folder");
    let began = Instant::now();
    let (report, output) = certified(Path::new(EXAMPLE), folder.path());
    let took = began.elapsed();
    let observed = observed(&report);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(with(&observed, "not_applicable"), NOT_APPLICABLE, "{told}");
    assert_eq!(with(&observed, "pass").len(), observed.len() - NOT_APPLICABLE.len(), "{told}");
    assert_eq!(observed.len(), 30, "{told}");
    // What people vouch for is open, so it is not certified yet.
    assert_eq!(output.status.code(), Some(3), "{told}");
    // What is told first is not less than what it took, and what is told last is near the end.
    let left: Vec<u64> = told.lines().filter_map(minutes_left).collect();
    assert!(left.first().is_some_and(|first| took <= Duration::from_secs(60 * first)), "{took:?}: {told}");
    assert!(left.is_sorted_by(|one, next| one >= next), "{told}");
    // What makes haste comes first, what waits together, what looks back last.
    let place = |id: &str| told.find(&format!("\n{id}  ")).expect("a line");
    assert!(place("IP-72") < place("IP-20") && place("IP-10") < place("IP-12"), "{told}");
    // What shows the rule stands beside every part of it, whoever ran the laboratory.
    let shown = |id: &str| {
        let criteria = report["criteria"].as_array().expect("criteria").iter();
        criteria
            .filter(|one| one["id"] == id)
            .all(|one| one["evidence"].as_array().is_some_and(|all| !all.is_empty()))
    };
    for id in ["IP-20", "IP-21", "IP-22", "IP-23", "IP-25", "IP-42", "IP-62"] {
        assert!(shown(id), "{id} has no evidence");
    }
}

/// The example with its defects: retries every two minutes, support is never
/// told, numbers are sent without their country codes.
fn with_defects(folder: &Path) -> PathBuf {
    let text = std::fs::read_to_string(root().join(EXAMPLE)).expect("a description");
    let script = root().join("harness/partner/example/booking_system.py");
    let command = format!("\"{}\", \"--defects\"", script.display());
    let defective = text.replace("\"booking_system.py\"", &command);
    assert_ne!(defective, text);
    let path = folder.join("booking_system.toml");
    std::fs::write(&path, defective).expect("a file");
    path
}

#[test]
fn three_defects_are_found_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let (report, output) = certified(&with_defects(folder.path()), &folder.path().join("report"));
    let observed = observed(&report);
    let told = String::from_utf8_lossy(&output.stderr);
    // Every two minutes: IP-20, and more than eleven attempts: IP-21. Support:
    // IP-23, IP-24. Country codes: IP-41, and what is left of a number is nobody's: IP-42.
    let found = ["IP-20", "IP-21", "IP-23", "IP-24", "IP-41", "IP-42"];
    assert_eq!(with(&observed, "fail"), found, "{told}");
    assert_eq!(with(&observed, "not_applicable"), NOT_APPLICABLE, "{told}");
    let passed = observed.len() - found.len() - NOT_APPLICABLE.len();
    assert_eq!(with(&observed, "pass").len(), passed, "{told}");
    assert_eq!(output.status.code(), Some(1), "{told}");
    let findings: Vec<&Value> = report["criteria"]
        .as_array()
        .expect("criteria")
        .iter()
        .flat_map(|one| one["findings"].as_array().into_iter().flatten())
        .collect();
    let summaries = serde_json::to_string(&findings).expect("JSON");
    for word in
        ["too early: 180 s to 300 s", "no message to support", "a number without + and without countryCode"]
    {
        assert!(summaries.contains(word), "{word}: {summaries}");
    }
}

/// The example with other words in the place of some of its own.
fn otherwise(folder: &Path, changes: &[(&str, &str)]) -> PathBuf {
    let example = root().join("harness/partner/example");
    let mut script = std::fs::read_to_string(example.join("booking_system.py")).expect("a script");
    for (as_it_is, instead) in changes {
        assert!(script.contains(as_it_is), "{as_it_is}");
        script = script.replace(as_it_is, instead);
    }
    std::fs::write(folder.join("booking_system.py"), script).expect("a file");
    std::fs::copy(example.join("booking_system.toml"), folder.join("booking_system.toml")).expect("a file");
    folder.join("booking_system.toml")
}

#[test]
fn a_wrong_offset_and_haste_are_found_in_accelerated_time_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let changes = [
        // The end of a stay bears the offset of its beginning.
        ("\"to\": form[\"until\"]}", "\"to\": form[\"until\"][:19] + form[\"from\"][19:]}"),
        // And whatever is booked is sent at once.
        ("- 71.9 * HOUR", "- 9999 * HOUR"),
    ];
    let description = otherwise(folder.path(), &changes);
    let out = folder.path().join("report");
    let (report, output) = judged(&["run", "--only", "IP-06,IP-60"], &description, &out);
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(with(&observed(&report), "fail"), ["IP-06", "IP-60"], "{told}");
    let findings = report.to_string();
    for word in ["the access period is not that of the stay", "a booking was sent too early"] {
        assert!(findings.contains(word), "{word}: {told}");
    }
}

#[test]
fn the_example_is_short_enough_to_be_read() {
    let script = root().join("harness/partner/example/booking_system.py");
    let text = std::fs::read_to_string(script).expect("a script");
    assert!(text.lines().count() <= 150);
    assert!(text.lines().all(|line| line.chars().count() <= 120));
}
