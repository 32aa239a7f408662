//! The README's commands, as they stand there: each can be typed, and those
//! that end by themselves and change nothing are run.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

use std::path::Path;
use std::process::Command;

use clap::Parser;
use lockstep::harness::command_line::{Arguments, ExitCode};

/// Commands that are run, with the code that they end with.
const RUN: [(&str, i32); 9] = [
    ("lockstep certify reference --estimate", 0),
    ("lockstep schema profile", 0),
    ("lockstep schema subject", 0),
    ("lockstep schema scenario", 0),
    ("lockstep schema partner", 0),
    ("lockstep certify harness/partner/example/booking_system.toml --estimate", 0),
    ("lockstep check vendors/locks/reference.toml", 0),
    ("lockstep run reference --only LV-21,LV-22", 0),
    ("lockstep compare reports/samples/failing reports/samples/failing", 0),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("README.md")
}

/// The commands of the `console` blocks, without the prompt.
fn commands() -> Vec<String> {
    let text = readme();
    let blocks = text.split("```console\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ ")).map(str::to_owned).collect()
}

/// The arguments of a call of Lockstep, however it is made.
fn arguments(command: &str) -> Option<Vec<String>> {
    let call = match command.split_once("cargo run --release -- ") {
        Some((_, rest)) => format!("lockstep {rest}"),
        None => command.split_once("lockstep ").map(|(_, rest)| format!("lockstep {rest}"))?,
    };
    Some(call.split_whitespace().map(str::to_owned).collect())
}

#[test]
fn the_readme_opens_with_the_two_commands() {
    assert_eq!(commands()[..2], ["cargo run --release -- certify reference", "./test"]);
}

#[test]
fn every_call_can_be_typed() {
    let calls: Vec<Vec<String>> = commands().iter().filter_map(|command| arguments(command)).collect();
    assert!(calls.len() >= 10, "{calls:?}");
    for call in calls {
        Arguments::try_parse_from(&call).unwrap_or_else(|error| panic!("{call:?}: {error}"));
    }
}

#[test]
fn every_other_command_names_what_exists() {
    for command in commands().iter().filter(|command| arguments(command).is_none()) {
        let file = command.split_whitespace().find(|word| word.contains('/')).expect("a file");
        assert!(root().join(file).exists(), "{command}: there is no {file}");
    }
}

#[test]
fn commands_end_as_promised() {
    let shown = commands();
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (command, code) in RUN {
        assert!(shown.iter().any(|line| line == command), "the README does not show {command}");
        let mut arguments = arguments(command).expect("a call");
        if arguments.iter().any(|word| word == "run") {
            arguments.extend(["--out".to_owned(), folder.path().display().to_string()]);
        }
        let output = Command::new(env!("CARGO_BIN_EXE_lockstep"))
            .args(&arguments[1..])
            .current_dir(root())
            .output()
            .expect("lockstep runs");
        assert_eq!(
            output.status.code(),
            Some(code),
            "{command}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn the_table_of_exit_codes_is_true() {
    for code in ExitCode::ALL {
        let row = format!("| {} | {} |", code.number(), code.meaning());
        assert!(readme().contains(&row), "{row}");
    }
}

#[test]
fn every_link_leads_to_a_file() {
    let text = readme();
    for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(link.contains("://") || root().join(link).exists(), "{link}");
    }
}

/// The example is a part of the file that a test runs.
#[test]
fn the_example_of_an_own_test_is_true() {
    let text = readme();
    let block =
        text.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let file = std::fs::read_to_string(root().join("harness/ci/own_test.py")).expect("the file");
    assert!(file.contains(block.trim_end()), "the README shows another test than harness/ci/own_test.py");
}

/// The CI job is the file that can be copied, without the remarks above it.
#[test]
fn the_ci_job_is_the_file() {
    let text = readme();
    let block = text.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a job");
    let file = std::fs::read_to_string(root().join("harness/ci/simulate.yml")).expect("the file");
    let job = &file[file.find("name: ").expect("a name")..];
    assert_eq!(block, job, "the README shows another job than harness/ci/simulate.yml");
    assert!(file[..file.len() - job.len()].lines().all(|line| line.starts_with('#')), "{file}");
}
