//! Whoever reads a log or a report learns nobody's name, address or number, and no
//! credential, however the program ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::Stdio;

use super::{folder, lockstep};

/// What something planted is called, the text that it begins with, and how many
/// signs of a sort follow it.
type Canary = (&'static str, &'static str, fn(char) -> bool, usize);

/// What guests of the simulated partner, its credentials and its codes look like.
const CANARIES: [Canary; 8] = [
    ("an email address", "lockstep.guest-", is_digit, 1),
    ("a name", "Lockstep Guest-", is_digit, 1),
    ("a phone number as it was typed", "+47 412 ", is_digit, 2),
    ("a phone number with its code", "+47412", is_digit, 5),
    ("a phone number in quotes", "'412", is_digit, 5),
    ("a phone number in a member", "\"412", is_digit, 5),
    ("a credential", "inlet-", is_small, 32),
    ("a code", "codeFormatted\\\":\\\"", is_digit, 1),
];

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_small(c: char) -> bool {
    c.is_ascii_lowercase()
}

/// The first that stands in a text, with what stands before it.
fn found_in(text: &str) -> Option<String> {
    CANARIES.iter().find_map(|(what, begins, sort, count)| {
        let whole = |at: &usize| {
            let rest = text.get(at + begins.len()..).unwrap_or_default();
            rest.chars().take_while(|c| sort(*c)).count() >= *count
        };
        let at = text.match_indices(begins).map(|(at, _)| at).find(whole)?;
        let before = text.get(at.saturating_sub(80)..at).unwrap_or_default();
        Some(format!("{what}, after {before}"))
    })
}

fn holds_none(place: &str, text: &str) {
    assert_eq!(found_in(text), None, "in {place}");
}

fn files_hold_none(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        holds_none(&name, &String::from_utf8_lossy(&std::fs::read(&path).expect("a file")));
        names.push(name);
    }
    names.sort();
    names
}

/// Criteria of which each makes the partner send contact data, or mail, or a log.
const TELLING: &str = "IP-01,IP-05,IP-10,IP-11,IP-12,IP-30,IP-40,IP-50,IP-61";

#[test]
fn the_canaries_are_what_is_searched_for() {
    for text in [
        "to lockstep.guest-7@example.org",
        "Lockstep Guest-12",
        "+47 412 00 007",
        "Number '41200007' is a mobile number.",
        "+4741200007",
        r#"{"phoneNumber":"41200007"}"#,
        "inlet-abcdefghijklmnopqrstuvwxyzabcdef",
        r##"{\"codeFormatted\":\"1234#\"}"##,
    ] {
        assert!(found_in(text).is_some(), "{text}");
    }
    assert_eq!(found_in("the simulated inlet-partner, lock '412', lockstep.guest"), None);
}

#[test]
fn no_log_and_no_report_of_a_whole_run_holds_a_guest_or_a_credential() {
    let folder = folder();
    let mut command =
        lockstep(&["-vvv", "run", "simulated_partner", "--seed", "3", "--only", TELLING, "--out"]);
    let output = command.arg(folder.path()).env("LOCKSTEP_LOG", "trace").output().expect("lockstep runs");
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stdout}");
    assert!(stderr.contains("TRACE"), "the most is logged that can be");
    holds_none("standard output", &stdout);
    holds_none("standard error", &stderr);
    let names = files_hold_none(folder.path());
    for name in ["answer.md", "badge.svg", "junit.xml", "report.html", "report.json", "summary.md"] {
        assert!(names.iter().any(|one| one == name), "{name} in {names:?}");
    }
    let report = std::fs::read_to_string(folder.path().join("report.json")).expect("a report");
    assert!(report.contains("/GrantAccess") && report.contains("‹personal›"), "the calls are evidence");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_tells_nobody_either() {
    let folder = folder();
    let mut command = lockstep(&["-vvv", "certify", "simulated_partner", "--seed", "3", "--out"]);
    let mut running = command
        .arg(folder.path())
        .env("LOCKSTEP_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("lockstep runs");
    let mut stderr = BufReader::new(running.stderr.take().expect("a pipe"));
    let mut told = String::new();
    // Some calls are made by then, and many are still to come.
    while told.matches("starting new connection").count() < 20 {
        assert!(stderr.read_line(&mut told).expect("text") > 0, "it ended before it was interrupted: {told}");
    }
    let interrupt = std::process::Command::new("kill").args(["-INT", &running.id().to_string()]).status();
    assert!(interrupt.expect("kill runs").success());
    stderr.read_to_string(&mut told).expect("text");
    let output = running.wait_with_output().expect("an end");
    holds_none("standard error", &told);
    holds_none("standard output", &String::from_utf8_lossy(&output.stdout));
    assert!(told.contains("interrupt"), "{told}");
    files_hold_none(folder.path());
}
