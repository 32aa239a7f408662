//! The rules of the house: what may stand at the top, and what no tracked file
//! may say.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What may stand at the top level: the map of the project.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".gitignore",
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "benches",
    "clippy.toml",
    "deny.toml",
    "features",
    "harness",
    "lib.rs",
    "main.rs",
    "reports",
    "rustfmt.toml",
    "scenarios",
    "simulator",
    "test",
    "tests",
    "vendors",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn tracked() -> Vec<String> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output().expect("git runs");
    assert!(output.status.success(), "git ls-files failed");
    let listing = String::from_utf8(output.stdout).expect("names are UTF-8");
    listing.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Needles are put together here, so that this file does not hold them.
fn joined(parts: &[&str]) -> String {
    parts.concat()
}

fn files_with(needle: &str, except: &[&str]) -> Vec<String> {
    tracked()
        .into_iter()
        .filter(|name| !except.contains(&name.as_str()))
        .filter(|name| {
            let bytes = std::fs::read(root().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).contains(needle)
        })
        .collect()
}

#[test]
fn the_top_level_is_the_map_and_holds_nothing_else() {
    let found: BTreeSet<String> =
        tracked().iter().filter_map(|name| name.split('/').next().map(str::to_owned)).collect();
    let expected: BTreeSet<String> = TOP.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_architecture_names_every_folder_of_the_top_level() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for name in TOP.iter().filter(|name| root().join(name).is_dir()) {
        assert!(text.contains(&format!("`{name}/`")), "ARCHITECTURE.md does not name `{name}/`");
    }
}

#[test]
fn the_architecture_names_no_file_that_is_gone() {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for quoted in text.split('`').skip(1).step_by(2) {
        let is_path = quoted.contains('/') && TOP.iter().any(|top| quoted.starts_with(&format!("{top}/")));
        if is_path && !quoted.contains(['<', '*', ' ']) {
            assert!(root().join(quoted).exists(), "ARCHITECTURE.md names `{quoted}`, which does not exist");
        }
    }
}

#[test]
fn no_tracked_file_names_a_package_registry() {
    let hosts = [
        joined(&["registry.", "npmjs"]),
        joined(&["static.", "crates.io"]),
        joined(&["index.", "crates.io"]),
        joined(&["py", "pi.org"]),
        joined(&["deb.", "debian.org"]),
    ];
    for host in hosts {
        assert_eq!(files_with(&host, &[]), Vec::<String>::new(), "{host}");
    }
}

#[test]
fn the_lock_files_bear_no_address_but_cargos_own_index() {
    let text = std::fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock");
    let own = "registry+https://github.com/rust-lang/crates.io-index";
    let foreign: Vec<&str> =
        text.lines().filter(|line| line.contains("://") && !line.contains(own)).collect();
    assert_eq!(foreign, Vec::<&str>::new());
    let peers = std::fs::read_to_string(root().join("tests/peers/package-lock.json")).expect("lock file");
    assert!(!peers.contains("\"resolved\""), "the lock file of the peers names where they came from");
}

#[test]
fn no_tracked_file_names_a_place_on_one_machine() {
    for needle in [joined(&["/wo", "rk/"]), joined(&["/ro", "ot/"]), joined(&["/ho", "me/"])] {
        assert_eq!(files_with(&needle, &[]), Vec::<String>::new(), "{needle}");
    }
}

#[test]
fn nothing_is_silenced_without_a_reason() {
    let attribute = joined(&["#[al", "low("]);
    let inner = joined(&["#![al", "low("]);
    for needle in [attribute, inner, joined(&["#[ig", "nore"]), joined(&["#[should_", "panic"])] {
        let found: Vec<String> =
            files_with(&needle, &[]).into_iter().filter(|name| name.ends_with(".rs")).collect();
        assert_eq!(found, Vec::<String>::new(), "{needle}");
    }
}
