//! What goes wrong at a keyboard: files that are not what they should be, places
//! that take nothing. Each is told with where, what was found and what to do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use super::{SECRETS, against, check, expect, folder, lockstep};

const PROFILE: &str = include_str!("../../vendors/locks/reference.toml");

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, bytes).expect("a file");
    path
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn one_kind_of_document_in_the_place_of_another_is_told_as_that() {
    let subject = "tests/peers/seam/subject.toml";
    let (scenario, profile) = ("scenarios/lock-goes-offline.toml", "vendors/locks/reference.toml");
    check(&["certify", subject], 2, &["is no profile", "found: a subject file", "--subject"]);
    check(&["check", scenario], 2, &["is no profile", "found: a scenario", "--scenario"]);
    check(&["certify", "seam", "--subject", profile], 2, &["is no subject file", "found: a profile"]);
    check(&["run", "reference", "--scenario", subject], 2, &["is no scenario", "found: a subject file"]);
}

#[test]
fn a_file_of_another_kind_is_told_once() {
    let folder = folder();
    let binary = file(folder.path(), "lock.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    let packed = file(folder.path(), "lock.bin", b"PK\x03\x04\0\0\0\0");
    for (path, told) in [
        ("README.md", &["README.md is no profile", "README.md:3:", "no TOML"][..]),
        ("Cargo.toml", &["Cargo.toml is no profile", "without `schema`"]),
        ("reports/samples/failing/report.json", &["is no profile", "a JSON document"]),
        ("vendors", &["cannot be read", "name the file in it"]),
        (text(&binary), &["cannot be read", "it is a binary file", "the right file"]),
        (text(&packed), &["cannot be read", "it is a binary file", "the right file"]),
    ] {
        check(&["check", path], 2, told);
        let output = lockstep(&["check", path]).output().expect("lockstep runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.lines().count() <= 5 && !said.contains("problems"), "{said}");
    }
    let waivers = "vendors/partners/own_integration.waivers.toml";
    check(&["certify", waivers], 2, &["is no profile", "found: a waiver file", "--waivers"]);
    let profile = "vendors/locks/reference.toml";
    check(&["certify", "reference", "--waivers", profile], 2, &["is no waiver file", "found: a profile"]);
}

#[test]
fn a_file_that_is_no_text_is_told_with_what_to_do() {
    let folder = folder();
    let latin = file(folder.path(), "latin.toml", b"# first line\nname = \"Nordl\xe5s\"\n");
    let wide = file(folder.path(), "wide.toml", b"\xff\xfen\0a\0");
    let nothing = folder.path().join("nothing.toml");
    for (path, found, todo) in [
        (latin.as_path(), "line 2 is no UTF-8 text", "save it as UTF-8"),
        (wide.as_path(), "UTF-16", "save it as UTF-8"),
        (folder.path(), "directory", "name the file in it"),
        (Path::new("/dev/zero"), "larger than 4 MiB", "whether it is the right file"),
        (nothing.as_path(), "No such file", "help: "),
    ] {
        let path = text(path);
        for arguments in [
            &["check", path][..],
            &["certify", "reference", "--subject", path],
            &["certify", "reference", "--waivers", path],
            &["run", "reference", "--scenario", path],
            &["sweep", "reference", "--subject", path],
        ] {
            check(arguments, 2, &["cannot be read", found, todo, path]);
        }
    }
    check(&["doctor", "reference", "--subject", text(&nothing)], 2, &["do: check the path"]);
    check(&["replay", text(&nothing), "LV-21.1"], 2, &["No such file", "help: name the report.json"]);
    check(&["replay", "Cargo.toml", "LV-21.1"], 2, &["is not JSON", "line 1", "help: name the report.json"]);
}

#[test]
fn line_ends_and_byte_order_marks_of_other_systems_are_no_mistake() {
    let folder = folder();
    let windows = file(folder.path(), "windows.toml", PROFILE.replace('\n', "\r\n"));
    let marked = file(folder.path(), "marked.toml", format!("\u{feff}{PROFILE}"));
    check(&["check", text(&windows)], 0, &["the profile is valid"]);
    check(&["check", text(&marked)], 0, &["the profile is valid"]);
}

#[test]
fn a_place_that_takes_no_report_is_told_before_anything_is_run() {
    let folder = folder();
    let taken = file(folder.path(), "taken", "");
    let below = taken.join("below");
    for out in [text(&taken), text(&below), "/proc/lockstep"] {
        let output = check(&["certify", "reference", "--out", out], 2, &[out, "help: ", "--out"]);
        assert!(output.stdout.is_empty(), "{output:?}");
    }
    assert_eq!(fs::read(&taken).expect("still there"), b"");
}

#[test]
fn a_report_that_cannot_be_written_loses_no_decision_and_leaves_no_half() {
    let folder = folder();
    fs::create_dir(folder.path().join("report.json")).expect("a folder");
    let arguments = ["run", "reference", "--only", "LV-01", "--seed", "1", "--out", text(folder.path())];
    let output = check(&arguments, 2, &["the report cannot be written", "report.json", "help: "]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("meets every required criterion"), "{told}");
    let left = fs::read_dir(folder.path()).expect("readable").count();
    assert_eq!(left, 1, "nothing but what was there");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_without_space_is_no_defect() {
    let full = || Stdio::from(fs::File::options().write(true).open("/dev/full").expect("a device"));
    let output = lockstep(&["check", "reference"]).stdout(full()).output().expect("lockstep runs");
    expect(&output, 2, &["the result cannot be printed", "at: standard output", "help: "]);
    // Progress that nobody can read keeps nothing from being judged.
    let folder = folder();
    let mut command = lockstep(&["run", "reference", "--only", "LV-01", "--seed", "1", "--out"]);
    let status = command.arg(folder.path()).stderr(full()).stdout(Stdio::null()).status();
    assert_eq!(status.expect("lockstep runs").code(), Some(0));
}

#[test]
fn why_nothing_was_asked_is_told_once() {
    let (output, report) = against(&["certify", "reference"], "http://[::1]:9");
    expect(&output, 3, &["criteria are inconclusive", "LV-10, LV-20"]);
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(told.matches("nothing listens there").count(), 2, "the decision and one line: {told}");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(stderr.matches("nothing listens there").count(), 1, "{stderr}");
    assert_eq!(report["criteria"][0]["verdict"], "pass", "the statement alone decides LV-01");
}

#[test]
fn a_proxy_that_is_not_used_is_told_where_nothing_answers() {
    let mut command = lockstep(&["doctor", "reference", "--target", "http://127.0.0.1:9"]);
    command.envs(SECRETS).env("HTTPS_PROXY", "http://proxy.example:3128");
    let output = command.output().expect("lockstep runs");
    expect(&output, 3, &["HTTPS_PROXY is set", "uses no proxy", "--target"]);
}

#[test]
fn an_address_without_a_scheme_is_told_with_what_to_write() {
    check(
        &["certify", "reference", "--target", "127.0.0.1:80"],
        2,
        &["is no address", "begin it with http://"],
    );
}
