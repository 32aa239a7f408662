//! The arrows between the rooms (`ARCHITECTURE.md`, "Who may know whom"), held
//! against every path that the sources name.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

mod law;
mod planted;
mod source;

use std::path::{Path, PathBuf};

use law::Violation;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file of the rooms, `lib.rs` and `main.rs`, relative to the root.
fn sources() -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from("lib.rs"), PathBuf::from("main.rs")];
    for room in law::ROOMS {
        collect(Path::new(room), &mut files);
    }
    files
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(root().join(folder)).expect("a room is a folder");
    for entry in entries {
        let entry = entry.expect("a readable entry");
        let path = folder.join(entry.file_name());
        if entry.file_type().expect("a file type").is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn rooms_know_only_whom_they_may() {
    let violations: Vec<Violation> = sources()
        .iter()
        .flat_map(|file| {
            let text = std::fs::read_to_string(root().join(file)).expect("a readable source");
            law::violations(&file.to_string_lossy(), &text)
        })
        .collect();
    let told: Vec<String> = violations.iter().map(ToString::to_string).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn every_room_holds_sources() {
    let files = sources();
    for room in law::ROOMS {
        assert!(files.iter().any(|file| file.starts_with(room)), "{room} holds no source");
    }
}
