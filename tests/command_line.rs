//! The real program, from what is typed to the exit code: one test at least for
//! every code that this version can end with.

#![expect(clippy::expect_used, clippy::panic, reason = "a helper that cannot go on fails its test")]

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

#[path = "command_line/canaries.rs"]
mod canaries;
#[path = "command_line/mishaps.rs"]
mod mishaps;
#[path = "command_line/partners.rs"]
mod partners;
#[path = "command_line/simulated.rs"]
mod simulated;
#[path = "command_line/unreachable.rs"]
mod unreachable;

use simulated::simulate;
use unreachable::{broken_server, never_passes};

const SECRETS: [(&str, &str); 2] = [
    ("LOCKSTEP_SECRET_CLIENT_ID", "some-client-id"),
    ("LOCKSTEP_SECRET_CLIENT_SECRET", "some-client-secret"),
];

fn lockstep(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockstep"));
    command.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    for (name, _) in SECRETS {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    lockstep(arguments).output().expect("lockstep runs")
}

fn check(arguments: &[&str], code: i32, told: &[&str]) -> Output {
    let output = run(arguments);
    expect(&output, code, told);
    output
}

fn expect(output: &Output, code: i32, told: &[&str]) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "stdout: {stdout}\nstderr: {stderr}");
    for text in told {
        assert!(stdout.contains(text) || stderr.contains(text), "`{text}` in {stdout}\n{stderr}");
    }
    assert!(!stderr.contains("stack backtrace"), "{stderr}");
}

fn report(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("report.json")).expect("a report");
    serde_json::from_str(&text).expect("JSON")
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Runs `certify` or `run` against an address, and returns its exit and report.
fn against(command: &[&str], target: &str) -> (Output, Value) {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    let mut arguments = command.to_vec();
    arguments.extend(["--target", target, "--seed", "1", "--out", out]);
    let output = lockstep(&arguments).envs(SECRETS).output().expect("lockstep runs");
    let report = report(folder.path());
    (output, report)
}

// 0: conformant, done.

#[test]
fn the_reference_vendor_is_certified_in_a_rehearsal() {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    check(&["certify", "reference", "--seed", "1", "--out", out], 0, &["report.html"]);
    let report = report(folder.path());
    assert_eq!(report["verdict"], "pass");
    assert_eq!(report["rehearsal"], true);
    for file in ["report.html", "junit.xml", "answer.md", "badge.svg"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
}

#[test]
fn a_selection_is_judged_and_told_as_json() {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    let output = check(
        &["run", "reference", "--only", "LV-21", "--seed", "1", "--out", out, "--json"],
        0,
        &["\"verdict\""],
    );
    let told: Value =
        serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else");
    assert_eq!(told["planned"], 1);
}

#[test]
fn an_estimate_runs_nothing() {
    check(&["certify", "reference", "--estimate"], 0, &["criteria in", "scenarios"]);
}

#[test]
fn a_valid_profile_passes_review() {
    check(&["check", "reference"], 0, &["reference"]);
}

#[test]
fn a_closed_standard_output_is_harmless() {
    let mut child =
        lockstep(&["man"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("lockstep runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    expect(&output, 0, &[]);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn schemas_are_json_schemas() {
    for format in ["profile", "report", "subject"] {
        let output = check(&["schema", format], 0, &["\"$schema\""]);
        let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{format}: {error}"));
    }
}

#[test]
fn completions_and_manual_pages_are_made() {
    for shell in ["bash", "zsh", "fish"] {
        check(&["completions", shell], 0, &["certify"]);
    }
    let folder = folder();
    check(&["man", "--out", folder.path().to_str().expect("UTF-8")], 0, &[]);
    assert!(folder.path().join("lockstep-certify.1").is_file());
}

// 2: usage or configuration; nothing was run.

#[test]
fn nonsense_is_a_usage_error() {
    check(&["certify-everything"], 2, &["unrecognized subcommand"]);
    check(&[], 2, &["Usage"]);
    check(&["run", "reference", "--only", "hello"], 2, &["such as LV-21"]);
    check(&["run", "reference", "--only", "LV-21,LV-9999"], 2, &["there is no criterion LV-9999"]);
    check(&["simulate", "--clock", "fast"], 2, &["real", "manual"]);
}

#[test]
fn ids_that_no_criterion_has_are_named_with_the_nearest() {
    check(
        &["run", "reference", "--only", "LV-9999"],
        2,
        &["there is no criterion LV-9999 (did you mean LV-9"],
    );
    let told = ["LV-2222 (did you mean LV-2", "LV-777 (did you mean LV-7"];
    check(&["run", "reference", "--only", "LV-21,LV-2222,LV-777"], 2, &told);
}

#[test]
fn whoever_asks_for_json_is_told_in_json_what_is_wrong() {
    let nowhere = ["certify", "reference", "--target", "http://127.0.0.1:9", "--json"];
    for (arguments, told) in [
        (["run", "reference", "--only", "LV-9999", "--json"], "there is no criterion LV-9999"),
        (nowhere, "credentials are not given"),
        (["run", "reference", "--only", "hello", "--json"], "such as LV-21"),
    ] {
        let output = check(&arguments, 2, &[told]);
        let json: Value = serde_json::from_slice(&output.stdout).expect("standard output is JSON");
        assert!(json["error"].as_str().is_some_and(|error| error.contains(told)), "{json}");
        assert_eq!(json["exit_codes"], serde_json::json!([2]));
    }
    let folder = folder();
    let file = folder.path().join("acme.toml");
    std::fs::write(&file, "schema = 1\n").expect("a file");
    let output = check(&["check", file.to_str().expect("UTF-8"), "--json"], 2, &[]);
    let json: Value = serde_json::from_slice(&output.stdout).expect("standard output is JSON");
    assert!(json["excerpt"].as_str().is_some_and(|excerpt| excerpt.contains("acme.toml:1")), "{json}");
}

#[test]
fn an_unknown_profile_is_a_usage_error_with_the_nearest_name() {
    check(&["certify", "refernce"], 2, &["did you mean", "reference"]);
}

#[test]
fn a_typo_in_a_profile_is_shown_where_it_stands() {
    let folder = folder();
    let file = folder.path().join("acme.toml");
    let text = include_str!("../vendors/locks/reference.toml").replacen("title =", "titel =", 1);
    std::fs::write(&file, text).expect("a file");
    let file = file.to_str().expect("UTF-8");
    check(&["check", file], 2, &["acme.toml:", "titel", "did you mean `title`?"]);
}

#[test]
fn credentials_that_are_not_given_are_named() {
    let output = check(
        &["certify", "reference", "--target", "http://127.0.0.1:9"],
        2,
        &["LOCKSTEP_SECRET_CLIENT_ID", "LOCKSTEP_SECRET_CLIENT_SECRET"],
    );
    assert!(output.stdout.is_empty());
}

#[test]
fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address");
    let told = format!("port {} is in use", address.port());
    check(&["simulate", "reference", "--listen", &address.to_string()], 2, &[&told, "--listen"]);
}

#[test]
fn a_mistake_in_a_scenario_is_shown_where_it_stands() {
    let folder = folder();
    let file = folder.path().join("scenario.toml");
    let text = include_str!("../scenarios/lock-goes-offline.toml").replacen("go_offline", "go_ofline", 1);
    std::fs::write(&file, text).expect("a file");
    check(
        &["simulate", "--scenario", file.to_str().expect("UTF-8")],
        2,
        &["scenario.toml:18:10", "did you mean `go_offline`?"],
    );
}

#[test]
fn a_scenario_that_holds_does_not_hold_or_does_not_apply_ends_with_its_code() {
    let told = ["held", "lock-goes-offline", "1 scenarios against reference: 1 held"];
    check(&["run", "reference", "--scenario", "lock-goes-offline"], 0, &told);
    let folder = folder();
    let file = folder.path().join("never.toml");
    let text = include_str!("../scenarios/lock-goes-offline.toml").replacen("times = 2 }", "times = 3 }", 1);
    std::fs::write(&file, text).expect("a file");
    let file = file.to_str().expect("UTF-8");
    check(
        &["run", "reference", "--scenario", file],
        1,
        &["not held", "line 61", "times the door opened, not 3"],
    );
    let output = check(&["run", "seam", "--scenario", "token-expires-mid-plan", "--json"], 4, &["no tokens"]);
    let told: Value =
        serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else");
    assert_eq!(told["scenarios"][0]["outcome"], "not_applicable");
    check(&["run", "reference", "--scenario", "lock-goes-on"], 2, &["cannot be read", "lock-goes-offline"]);
    check(&["run", "reference", "--scenario", "all", "--only", "LV-21"], 2, &["cannot be used with"]);
}

// 1: a required criterion failed, and its finding shows again.

/// A profile whose vendor has no mobile keys, which Inlet requires.
fn lacking(folder: &Path) -> String {
    let text = include_str!("../vendors/locks/reference.toml");
    let text = text.replacen("name = \"reference\"", "name = \"lacking\"", 1);
    let (before, rest) = text.split_once("create_mobile_access = [").expect("the function");
    let (_, after) = rest.split_once("\n]\n").expect("its end");
    let text = format!("{before}create_mobile_access = {{ unsupported = \"not in this product\" }}\n{after}");
    let file = folder.join("lacking.toml");
    std::fs::write(&file, text).expect("a file");
    file.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_required_criterion_that_fails_is_found_again_by_a_replay() {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    let profile = lacking(folder.path());
    check(&["run", &profile, "--seed", "1", "--out", out], 1, &["not in this product"]);
    let report = report(folder.path());
    let criteria = report["criteria"].as_array().expect("criteria");
    let lacking = criteria.iter().find(|criterion| criterion["id"] == "LV-60").expect("the criterion");
    let finding = lacking["findings"].get(0).expect("a finding");
    let line = finding["reproduce"][0].as_str().expect("a command");
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    assert_eq!(words[0], "replay", "{line}");
    check(&words, 1, &["shows again", "not in this product"]);
    let id = finding["id"].as_str().expect("an id");
    let file = folder.path().join("report.json");
    let file = file.to_str().expect("UTF-8");
    check(&["replay", file, "LV-00.1", "--profile", &profile], 2, &["the report has no finding", id]);
    check(&["replay", file, id], 2, &["--profile"]);
    check(&["replay", "nowhere.json", id], 2, &["the report cannot be read"]);
}

#[test]
fn a_finding_that_was_mended_does_not_show_again() {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    let profile = lacking(folder.path());
    check(&["run", &profile, "--seed", "1", "--out", out], 1, &[]);
    let report = report(folder.path());
    let criteria = report["criteria"].as_array().expect("criteria");
    let id = criteria.iter().find_map(|criterion| criterion["findings"][0]["id"].as_str()).expect("an id");
    let mended = include_str!("../vendors/locks/reference.toml");
    let mended = mended.replacen("name = \"reference\"", "name = \"lacking\"", 1);
    std::fs::write(&profile, mended).expect("a file");
    let file = folder.path().join("report.json");
    let told = ["does not show again", "the profile has changed"];
    check(&["replay", file.to_str().expect("UTF-8"), id, "--profile", &profile], 0, &told);
}

// 4: incomplete, vacuous or interrupted.

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_a_partial_report() {
    let folder = folder();
    let (touched, touch) = std::sync::mpsc::channel();
    // A server that never answers keeps the run waiting until it is interrupted.
    let kept = std::sync::Mutex::new(Vec::new());
    let target = broken_server(move |connection| {
        kept.lock().expect("a lock").push(connection);
        // The test may be over.
        let _ = touched.send(());
    });
    let child = lockstep(&["certify", "reference", "--seed", "1", "--target", &target, "--out"])
        .arg(folder.path())
        .envs(SECRETS)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("lockstep runs");
    touch.recv().expect("a first connection");
    signal(&child, "INT");
    let output = child.wait_with_output().expect("it ends");
    expect(&output, 4, &["interrupted"]);
    let report = report(folder.path());
    assert!(report["interrupted"].is_string());
    never_passes(&report);
}

/// Time that is moved goes on without a rest, and whoever ends the job is heard all
/// the same.
#[cfg(unix)]
#[test]
fn an_interrupt_is_heard_under_a_load_in_virtual_time() {
    use std::io::{BufRead as _, BufReader, Read as _};

    let folder = folder();
    let description = include_str!("../vendors/partners/simulated_partner.toml");
    let loaded = description.replace("bookings = 100", "bookings = 5_000");
    assert_ne!(loaded, description);
    let file = folder.path().join("loaded.toml");
    std::fs::write(&file, loaded).expect("a file");
    let out = folder.path().join("report");
    let mut child = lockstep(&["-vvv", "run"])
        .arg(&file)
        .args(["--only", "IP-72", "--out"])
        .arg(&out)
        .env("LOCKSTEP_LOG", "debug")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("lockstep runs");
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut told = String::new();
    // Some stays are booked by then, and most are still to come.
    while told.matches("starting new connection").count() < 50 {
        assert!(stderr.read_line(&mut told).expect("text") > 0, "it ended before it was interrupted: {told}");
    }
    signal(&child, "TERM");
    // What is told meanwhile is read, so that nothing waits for its reader.
    stderr.read_to_string(&mut told).expect("text");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(told.contains("interrupted by SIGTERM"), "it is told");
    let report = report(&out);
    assert!(report["interrupted"].is_string());
    never_passes(&report);
    for name in ["report.html", "junit.xml", "summary.md"] {
        assert!(out.join(name).exists(), "{name}");
    }
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

// 5: a stale baseline or waiver.

/// The same day of a later year, or this one.
fn day(years: i16) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_add(jiff::Span::new().years(years)).to_string()
}

#[test]
fn a_waiver_file_is_checked_as_one() {
    let folder = folder();
    let file = folder.path().join("waivers.toml");
    let written = |criterion: &str, decided: &str, expires: &str| {
        let text = format!(
            "[[waivers]]\ncriterion = \"{criterion}\"\nowner = \"A. Reviewer\"\nreason = \"for now\"\n\
             decided = \"{decided}\"\nexpires = \"{expires}\"\n"
        );
        std::fs::write(&file, text).expect("a file");
    };
    let arguments = ["check", file.to_str().expect("UTF-8")];
    for criterion in ["LV-46", "IP-74"] {
        written(criterion, &day(0), &day(3));
        check(
            &arguments,
            0,
            &["the waiver file is valid", criterion, &format!("until {}, A. Reviewer", day(3))],
        );
    }
    written("LV-46", "2020-01-01", "2020-01-31");
    check(&arguments, 5, &["the waiver file is stale", "expired on 2020-01-31"]);
    written("LV-46", &day(0), &day(4));
    check(&arguments, 2, &["waivers.toml:6:11", "or an earlier day"]);
    written("LV-49", &day(0), &day(1));
    check(&arguments, 2, &["waivers.toml:2:13", "there is no criterion `LV-49`", "did you mean `LV-4"]);
    let json = lockstep(&["check", "vendors/partners/own_integration.waivers.toml", "--json"]);
    let told: Value = serde_json::from_slice(&{ json }.output().expect("it runs").stdout).expect("JSON");
    assert_eq!(told["waivers"][0]["criterion"], "IP-74", "{told}");
}

#[test]
fn a_waiver_of_what_is_met_is_stale() {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    let file = folder.path().join("waivers.toml");
    let waiver = "[[waivers]]\ncriterion = \"LV-21\"\nowner = \"A. Reviewer\"\nreason = \"for now\"\n";
    let (today, next_year) = (day(0), day(1));
    for (decided, expires, told) in [
        (today.as_str(), next_year.as_str(), "covers what is met"),
        ("2020-01-01", "2020-01-31", "expired on 2020-01-31"),
    ] {
        let dates = format!("decided = \"{decided}\"\nexpires = \"{expires}\"\n");
        std::fs::write(&file, format!("{waiver}{dates}")).expect("a file");
        let file = file.to_str().expect("UTF-8");
        let arguments =
            ["run", "reference", "--only", "LV-21", "--seed", "1", "--out", out, "--waivers", file];
        check(&arguments, 5, &[told]);
        assert_eq!(report(folder.path())["exit_codes"], serde_json::json!([5]));
    }
}

#[test]
fn what_is_waived_counts_and_never_reads_as_passed() {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    let (profile, file) = (lacking(folder.path()), folder.path().join("waivers.toml"));
    let (decided, until) = (day(0), day(1));
    let waiver = format!(
        "owner = \"A. Reviewer\"\nreason = \"for now\"\ndecided = \"{decided}\"\nexpires = \"{until}\"\n"
    );
    let waive = |ids: &[&str]| {
        let all = ids.iter().map(|id| format!("[[waivers]]\ncriterion = \"{id}\"\n{waiver}"));
        std::fs::write(&file, all.collect::<String>()).expect("a file");
        let file = file.to_str().expect("UTF-8");
        let only = "LV-21,LV-60,LV-61";
        let all = ["run", &profile, "--only", only, "--seed", "1", "--out", out, "--waivers", file];
        lockstep(&all).output().expect("lockstep runs")
    };
    let told = format!("Waived: LV-60 (until {until}, A. Reviewer).");
    expect(&waive(&["LV-60"]), 0, &[&told]);
    for format in ["report.html", "report.json", "junit.xml"] {
        let text = std::fs::read_to_string(folder.path().join(format)).expect("a file");
        assert!(text.contains(&told), "{format}");
    }
    let told = report(folder.path());
    assert_eq!(told["waivers"][0]["covers"], "fail", "{}", told["waivers"]);
    let junit = std::fs::read_to_string(folder.path().join("junit.xml")).expect("a file");
    let case = junit.split("<testcase").find(|case| case.contains("name=\"LV-60 ")).expect("a case");
    assert!(
        case.contains("<skipped") && case.contains(&format!("waived by A. Reviewer until {until}")),
        "{case}"
    );
    // One that covers what does not apply is used by nobody.
    expect(&waive(&["LV-60", "LV-61"]), 5, &["LV-61 covers what does not apply"]);
    expect(&waive(&["LV-60", "LV-60"]), 2, &["LV-60 is waived twice"]);
}

// 6: no certificate that holds; see `tests/certification.rs` for each reason.

#[test]
fn a_certificate_that_is_not_there_closes_the_gate() {
    let folder = folder();
    let key = folder.path().join("issuer.pem");
    let key = key.to_str().expect("UTF-8");
    check(&["certification", "key", "--out", key], 0, &["public"]);
    let public = format!("{key}.pub");
    check(&["verify", "nowhere.json", "--key", &public], 6, &["not valid: there is no certificate"]);
}

// 70: a defect of Lockstep. A panic is tried beside the hook that catches it.

/// A placeholder is the commonest of wrong secrets, and a word of many a report.
#[test]
fn a_secret_that_is_an_ordinary_word_is_told_as_wrong_credentials() {
    let served = simulate(&["reference"]);
    let vendor = &served.told["vendors"][0];
    let target = vendor["servers"]["api"].as_str().expect("an address");
    for word in ["secret", "test", "wrong", "password"] {
        let folder = folder();
        let output = lockstep(&["run", "reference", "--only", "LV-36", "--target", target, "--out"])
            .arg(folder.path())
            .env(SECRETS[0].0, vendor["secrets"]["client_id"].as_str().expect("a secret"))
            .env(SECRETS[1].0, word)
            .output()
            .expect("lockstep runs");
        expect(&output, 2, &["credentials"]);
        assert!(folder.path().join("report.html").is_file(), "{word}: the report is there");
    }
}

#[test]
fn a_report_that_would_hold_a_secret_is_not_written() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let target = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let folder = folder();
    // No mask can take this secret out of a report: it is a word of its schema.
    let output = lockstep(&["run", "reference", "--only", "LV-10", "--target", &target, "--out"])
        .arg(folder.path())
        .env(SECRETS[0].0, "exit_codes")
        .env(SECRETS[1].0, SECRETS[1].1)
        .output()
        .expect("lockstep runs");
    expect(&output, 70, &["would hold a secret", "no report is written"]);
    let left = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 0, "nothing is written");
}

// Help texts, word for word.

#[test]
fn help_texts_are_as_published() {
    let commands = [
        "",
        "certify",
        "run",
        "check",
        "doctor",
        "new",
        "simulate",
        "selftest",
        "replay",
        "compare",
        "verify",
        "gate",
        "certification",
        "sweep",
        "schema",
        "completions",
        "man",
    ];
    for command in commands {
        let arguments: Vec<&str> = [command, "--help"].into_iter().filter(|word| !word.is_empty()).collect();
        let output = lockstep(&arguments).env("COLUMNS", "100").output().expect("lockstep runs");
        let name = if command.is_empty() { "lockstep" } else { command };
        insta::assert_snapshot!(format!("help_{name}"), String::from_utf8_lossy(&output.stdout));
    }
}
