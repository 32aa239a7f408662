//! The ready-made CI files: every command in them can be typed, and no way is
//! left for a failed run to look like a good one.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

use std::path::Path;

use clap::Parser;
use lockstep::harness::command_line::Arguments;

const WORKFLOWS: [&str; 3] = ["github.yml", "gitlab.yml", "simulate.yml"];

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("harness/ci").join(name);
    std::fs::read_to_string(path).expect("a CI file")
}

/// The calls of Lockstep in a file, as they are typed.
fn calls(text: &str) -> Vec<&str> {
    text.lines()
        .map(|line| line.trim().trim_start_matches("- ").trim_start_matches("run: "))
        .filter(|line| line.starts_with("lockstep "))
        // Where its words go is the shell's business.
        .map(|line| line.split(" > ").next().unwrap_or(line))
        .collect()
}

#[test]
fn every_call_can_be_typed() {
    for name in WORKFLOWS {
        let text = read(name);
        let calls = calls(&text);
        assert!(calls.iter().any(|call| call.contains("certify vendor.toml --subject")), "{name}: {calls:?}");
        for call in calls {
            Arguments::try_parse_from(call.split_whitespace())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

#[test]
fn no_failure_is_swallowed() {
    for name in WORKFLOWS {
        let text = read(name);
        for swallowing in ["|| true", "continue-on-error", "allow_failure", "set +e", "; true"] {
            assert!(!text.contains(swallowing), "{name} holds {swallowing}");
        }
    }
}

#[test]
fn no_secret_stands_in_a_file() {
    for text in [read("github.yml"), read("simulate.yml")] {
        for line in text.lines().filter(|line| line.trim_start().starts_with("LOCKSTEP_")) {
            let (name, value) = line.trim().split_once(": ").expect("a variable");
            let is_address = value.starts_with("http://127.0.0.1:");
            assert!(is_address || value == format!("${{{{ secrets.{name} }}}}"), "{line}");
        }
    }
}

#[test]
fn the_indentation_is_that_of_yaml() {
    for name in WORKFLOWS {
        for (number, line) in read(name).lines().enumerate() {
            let indent = line.len() - line.trim_start().len();
            assert!(!line.contains('\t') && indent % 2 == 0, "{name}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn the_image_is_built_with_the_declared_toolchain() {
    let manifest = read("../../Cargo.toml");
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .expect("a rust-version")
        .trim_matches('"');
    assert!(read("Containerfile").contains(&format!("rust:{version}-")));
}

/// What certifies on every change ends in seconds; what waits for real locks is
/// bounded, and has a day for it.
#[test]
fn what_takes_long_runs_once_a_day_and_is_bounded() {
    let text = read("simulate.yml");
    let steps: Vec<&str> =
        text.split("      - name: ").filter(|step| step.contains("lockstep certify")).collect();
    let steps: Vec<&str> = steps.into_iter().filter(|step| step.contains("run: ")).collect();
    assert_eq!(steps.len(), 2, "{steps:#?}");
    for step in steps {
        let is_target = step.contains("--subject");
        assert_eq!(step.contains("if: github.event_name == 'schedule'"), is_target, "{step}");
        assert_eq!(step.contains("timeout-minutes: "), is_target, "{step}");
    }
    assert!(text.contains("  schedule:\n"), "{text}");
}

/// What runs in the background must be there before anybody speaks to it.
#[test]
fn the_simulation_is_waited_for() {
    let text = read("simulate.yml");
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("simulate.yml lacks {part}"));
    let order = [
        at("lockstep simulate vendor.toml"),
        at("curl --fail"),
        at("python3 tests/own_test.py"),
        at("run: lockstep certify"),
    ];
    assert!(order.is_sorted(), "{order:?}");
    let simulate = text.lines().find(|line| line.contains("lockstep simulate")).expect("the simulation");
    assert!(simulate.trim_end().ends_with('&'), "{simulate}");
    let (address, told) = ("127.0.0.1:8080", "LOCKSTEP_CONTROL: http://127.0.0.1:8080/_lockstep");
    assert!(simulate.contains(address) && text.contains(told), "{simulate}");
}
