//! Partners' systems that are driven by commands or by a person, and programs that
//! misbehave, judged by the real program: it tells what happened, and never breaks.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

mod example;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use example::{root, with_its_python};

const DESK: &str = "harness/partner/example/booking_desk.toml";
const MISBEHAVES: &str = "tests/peers/booking/misbehaves.py";
const LOCKSTEP: &str = env!("CARGO_BIN_EXE_lockstep");

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Runs some criteria over a description, without a terminal.
fn run(description: &Path, only: &str, out: &Path) -> Output {
    command(description, only, out).output().expect("lockstep runs")
}

fn command(description: &Path, only: &str, out: &Path) -> Command {
    let mut command = Command::new(LOCKSTEP);
    command.arg("run").arg(description).args(["--only", only, "--out"]).arg(out);
    command.env("PATH", with_its_python()).current_dir(root()).stdin(Stdio::null());
    command
}

/// How it ended, and everything that it said.
fn told(output: &Output) -> (Option<i32>, String) {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

fn check(output: &Output, code: i32, words: &[&str]) {
    let (ended, said) = told(output);
    assert_eq!(ended, Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "{word} is not in: {said}");
    }
}

#[test]
fn a_system_is_driven_by_commands() {
    let folder = folder();
    let output = run(Path::new(DESK), "IP-03,IP-30,IP-61,IP-64", folder.path());
    check(
        &output,
        0,
        &["IP-03  pass", "40 of 40 bookings were refused by the form", "IP-61  pass", "IP-64  pass"],
    );
}

/// A description of the example whose bookings a person makes. The program writes
/// its port down, for the person who uses it.
fn by_hand(folder: &Path) -> PathBuf {
    let example = root().join("harness/partner/example");
    let text = std::fs::read_to_string(example.join("booking_system.toml")).expect("a description");
    let (head, _) = text.split_once("[drive.http").expect("a drive");
    let script = example.join("booking_system.py");
    let start = format!(
        "command = [\"sh\", \"-c\", \"echo $LOCKSTEP_PORT > {}/port; exec python3 {}\"]",
        folder.display(),
        script.display()
    );
    let text = head.replace("command = [\"python3\", \"booking_system.py\"]", &start);
    assert_ne!(text, head);
    let path = folder.join("by_hand.toml");
    std::fs::write(&path, format!("{text}[drive]\nperson = true\n")).expect("a file");
    path
}

#[test]
fn a_person_at_a_terminal_drives_a_system() {
    let folder = folder();
    let output = Command::new("python3")
        .arg(root().join("tests/peers/booking/person.py"))
        .arg(folder.path().join("port"))
        .args([LOCKSTEP, "run"])
        .arg(by_hand(folder.path()))
        .args(["--only", "IP-03,IP-64", "--out"])
        .arg(folder.path().join("report"))
        .env("PATH", with_its_python())
        .current_dir(root())
        .output()
        .expect("a person");
    check(&output, 0, &["Make a booking:", "Press Enter when it is done", "Type the code that it shows"]);
}

#[test]
fn without_a_terminal_no_person_can_be_told() {
    let folder = folder();
    let out = folder.path().join("report");
    let output = run(&by_hand(folder.path()), "IP-03", &out);
    check(&output, 2, &["there is no terminal to tell one at", "run it at a terminal"]);
    assert!(!out.exists(), "nothing was run, and a folder was left");
}

/// A description of a program, as it is started.
fn described(folder: &Path, command: &str) -> PathBuf {
    let text = format!(
        r#"
schema = "lockstep.partner/1"
kind = "inlet-partner"
name = "misbehaves"
title = "A booking system"
vendor = "Somebody"
version = "1"
[declares]
uses = ["code"]
[time]
pace = "accelerated"
factor = 60
[program]
command = {command}
ready = "/"
ready_within = "20 s"
[drive.http]
answers_within = "2 s"
[drive.http.acts.book]
request = "POST /bookings"
body = '{{ "room": "{{room}}", "email": "{{guest.email}}", "from": "{{from}}", "until": "{{until}}" }}'
answer = {{ booking = "/id" }}
"#
    );
    let path = folder.join("misbehaves.toml");
    std::fs::write(&path, text).expect("a file");
    path
}

/// Judges a program that misbehaves in some way.
fn misbehaving(how: &str, code: i32, words: &[&str]) {
    let folder = folder();
    let command = format!("[\"python3\", \"{}\", \"{how}\"]", root().join(MISBEHAVES).display());
    let description = described(folder.path(), &command);
    let out = folder.path().join("report");
    check(&run(&description, "IP-02,IP-03,IP-05", &out), code, words);
    assert!(out.join("report.html").exists());
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let folder = folder();
    let description = described(folder.path(), "[\"no-such-program\"]");
    let output = run(&description, "IP-03", &folder.path().join("report"));
    check(&output, 3, &["`no-such-program` could not be started"]);
}

#[test]
fn a_program_that_ends_at_once_is_told_with_how_it_ended() {
    misbehaving("ends", 3, &["ended with exit status: 7"]);
}

#[test]
fn a_system_that_never_answers_is_given_up() {
    misbehaving("silent", 3, &["POST /bookings: no answer within 2 s"]);
}

#[test]
fn a_system_that_fails_says_nothing_of_its_integration() {
    misbehaving("fails", 3, &["POST /bookings was answered 500"]);
}

#[test]
fn an_answer_without_a_number_is_told() {
    misbehaving("babbles", 3, &["its answer has no booking's number at `/id`"]);
}

#[test]
fn ten_megabytes_are_refused_and_told() {
    misbehaving("huge", 1, &["IP-03  fail", "the first call was refused", "IP-05  fail"]);
}

#[test]
fn nonsense_is_refused_and_told() {
    misbehaving("nonsense", 1, &["IP-03  fail", "IP-05  fail"]);
}

/// Whatever a partner writes, and wherever: no log and no report repeats it.
#[test]
fn what_a_partner_writes_in_the_wrong_place_is_shown_nowhere() {
    let folder = folder();
    let program = format!("[\"python3\", \"{}\", \"careless\"]", root().join(MISBEHAVES).display());
    let out = folder.path().join("report");
    let mut command = command(&described(folder.path(), &program), "IP-01,IP-02,IP-03,IP-05,IP-51", &out);
    let output = command.arg("-vvv").env("LOCKSTEP_LOG", "trace").output().expect("lockstep runs");
    let (code, said) = told(&output);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("TRACE"), "the most is logged that can be");
    let mut texts = vec![("its output".to_owned(), said)];
    for entry in std::fs::read_dir(&out).expect("a folder") {
        let path = entry.expect("readable").path();
        let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a file")).into_owned();
        texts.push((path.display().to_string(), text));
    }
    let token = |text: &str| {
        let after = text.match_indices("inlet-").map(|(at, begins)| &text[at + begins.len()..]);
        let small = |rest: &str| rest.chars().take_while(char::is_ascii_lowercase).count();
        after.map(small).any(|letters| letters >= 32)
    };
    for (place, text) in &texts {
        let low = text.to_lowercase();
        for canary in ["lovelace", "41298765"] {
            let at = low.find(canary);
            let near = at.and_then(|at| low.get(at.saturating_sub(120)..at + canary.len()));
            assert_eq!(near, None, "in {place}");
        }
        assert!(!token(&low), "a credential in {place}");
    }
    let report = std::fs::read_to_string(out.join("report.json")).expect("a report");
    for told in [
        "‹unknown lock 1›",
        "‹unknown lock 2›",
        "‹unknown member›",
        "/‹unknown path 1, 9 characters›",
        "‹unknown access 1›",
    ] {
        assert!(report.contains(told), "{told}");
    }
}

#[test]
fn a_thousand_connections_keep_nobody_out() {
    misbehaving("connections", 0, &["IP-03  pass", "IP-05  pass"]);
}

#[test]
fn thousands_of_calls_are_counted() {
    misbehaving("hammers", 0, &["IP-02  pass"]);
}
