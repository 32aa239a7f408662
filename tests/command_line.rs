//! The real program, from what is typed to the exit code: one test at least for
//! every code that this version can end with.

#![expect(clippy::expect_used, clippy::panic, reason = "a helper that cannot go on fails its test")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

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
        &["scenario.toml:17:10", "did you mean `go_offline`?"],
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
        &["not held", "line 48", "times the door opened, not 3"],
    );
    let output = check(&["run", "seam", "--scenario", "token-expires-mid-plan", "--json"], 4, &["no tokens"]);
    let told: Value =
        serde_json::from_slice(&output.stdout).expect("standard output is JSON and nothing else");
    assert_eq!(told["scenarios"][0]["outcome"], "not_applicable");
    check(&["run", "reference", "--scenario", "lock-goes-on"], 2, &["cannot be read", "lock-goes-offline"]);
    check(&["run", "reference", "--scenario", "all", "--only", "LV-21"], 2, &["cannot be used with"]);
}

// 3: inconclusive, or the subject could not be reached. Each cause is told apart.

/// A server that answers every connection in one way.
fn broken_server(answer: impl Fn(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || listener.incoming().flatten().for_each(answer));
    format!("http://{address}")
}

fn says(text: &'static str) -> impl Fn(TcpStream) {
    move |mut connection| {
        let mut request = [0; 4096];
        // A client that went away needs no answer.
        let _ = connection.read(&mut request);
        let _ = connection.write_all(text.as_bytes());
    }
}

/// Every reason why an exchange of the report had no readable answer.
fn reasons(report: &Value) -> Vec<&str> {
    let exchanges = report["exchanges"].as_array().expect("exchanges");
    exchanges.iter().filter_map(|exchange| exchange["response"]["nothing"]["why"].as_str()).collect()
}

fn never_passes(report: &Value) {
    assert_ne!(report["verdict"], "pass");
    assert_eq!(report["level"], "none");
}

#[test]
fn a_dead_port_is_inconclusive() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let target = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let (output, report) = against(&["run", "reference", "--only", "LV-10"], &target);
    expect(&output, 3, &[]);
    never_passes(&report);
    assert!(reasons(&report).contains(&"refused"), "{:?}", reasons(&report));
}

#[test]
fn answers_that_cannot_be_read_are_told_apart_and_never_pass() {
    let half = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"access";
    let away = "HTTP/1.1 302 Found\r\nlocation: http://elsewhere.invalid/\r\ncontent-length: 0\r\n\r\n";
    // Whoever speaks no HTTP or sends us elsewhere is not the subject; who breaks off may be.
    for (answer, reason, codes) in [
        ("this is no HTTP at all\r\n\r\n", "not_http", [3, 3]),
        (half, "truncated", [1, 3]),
        (away, "foreign_redirect", [2, 2]),
    ] {
        let (output, report) =
            against(&["run", "reference", "--only", "LV-10"], &broken_server(says(answer)));
        assert!(
            output.status.code().is_some_and(|code| codes.contains(&code)),
            "{reason}: {:?}",
            output.status
        );
        never_passes(&report);
        assert!(reasons(&report).contains(&reason), "{reason}: {:?}", reasons(&report));
    }
}

#[test]
fn answers_that_say_something_else_never_pass() {
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<html></html>";
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\nconnection: close\r\n\r\n{\"yes\":[1]}";
    let garbage = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\n\u{1}{]\u{2}";
    // A web page is not the subject; another body may be its own.
    for (answer, codes) in [(html, [2, 2]), (json, [1, 3]), (garbage, [1, 3])] {
        let (output, report) =
            against(&["run", "reference", "--only", "LV-10"], &broken_server(says(answer)));
        assert!(
            output.status.code().is_some_and(|code| codes.contains(&code)),
            "{answer}: {:?}",
            output.status
        );
        never_passes(&report);
        assert_eq!(reasons(&report), Vec::<&str>::new(), "{answer}: it did answer");
    }
}

#[test]
fn a_server_that_hangs_up_is_inconclusive() {
    let target = broken_server(drop);
    let (output, report) = against(&["run", "reference", "--only", "LV-10"], &target);
    expect(&output, 3, &[]);
    never_passes(&report);
    assert!(reasons(&report).contains(&"reset"), "{:?}", reasons(&report));
}

#[test]
fn a_server_that_never_answers_is_given_up_in_the_time_that_the_subject_file_gives() {
    let kept = std::sync::Mutex::new(Vec::new());
    let target = broken_server(move |connection| kept.lock().expect("a lock").push(connection));
    let folder = folder();
    let subject = folder.path().join("subject.toml");
    let text = format!(
        "schema = \"lockstep.subject/1\"\n[servers]\napi = \"{target}\"\nidentity = \"{target}\"\n\
         [credentials]\nclient_id = \"{}\"\nclient_secret = \"{}\"\n\
         [timeouts]\nconnect_s = 1\nread_s = 1\n",
        SECRETS[0].0, SECRETS[1].0
    );
    std::fs::write(&subject, text).expect("a file");
    let output = lockstep(&["run", "reference", "--only", "LV-10", "--subject"])
        .arg(&subject)
        .arg("--out")
        .arg(folder.path())
        .envs(SECRETS)
        .output()
        .expect("lockstep runs");
    expect(&output, 3, &[]);
    let report = report(folder.path());
    never_passes(&report);
    assert!(reasons(&report).contains(&"read_timeout"), "{:?}", reasons(&report));
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_told() {
    let target = untrusted_server();
    let (output, report) = against(&["run", "reference", "--only", "LV-10"], &target);
    expect(&output, 3, &[]);
    never_passes(&report);
    assert!(reasons(&report).contains(&"certificate"), "{:?}", reasons(&report));
}

/// A TLS server whose certificate it signed itself.
fn untrusted_server() -> String {
    // The provider may be installed already by another test of this process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let configuration = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a configuration");
    let configuration = std::sync::Arc::new(configuration);
    let target = broken_server(move |mut connection| {
        let mut tls = rustls::ServerConnection::new(configuration.clone()).expect("a session");
        // The client refuses the certificate; that is the point.
        let _ = tls.complete_io(&mut connection);
    });
    target.replacen("http://127.0.0.1", "https://localhost", 1)
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

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

// 5: a stale baseline or waiver.

#[test]
fn a_waiver_of_what_is_met_is_stale() {
    let folder = folder();
    let out = folder.path().to_str().expect("UTF-8");
    let file = folder.path().join("waivers.toml");
    let waiver = "[[waivers]]\ncriterion = \"LV-21\"\nowner = \"A. Reviewer\"\nreason = \"for now\"\n";
    for (expires, told) in [("2999-12-31", "covers what is met"), ("2020-01-31", "expired on 2020-01-31")] {
        std::fs::write(&file, format!("{waiver}expires = \"{expires}\"\n")).expect("a file");
        let file = file.to_str().expect("UTF-8");
        let arguments =
            ["run", "reference", "--only", "LV-21", "--seed", "1", "--out", out, "--waivers", file];
        check(&arguments, 5, &[told]);
        assert_eq!(report(folder.path())["exit_codes"], serde_json::json!([5]));
    }
}

// 6 is reserved for certificates, which this version does not make.

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

// The simulator as a process of its own.

struct Served {
    child: Child,
    told: Value,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts `simulate --json` on a free port, and waits for what it tells.
fn simulate(arguments: &[&str]) -> Served {
    let mut all = vec!["simulate", "--listen", "127.0.0.1:0", "--json"];
    all.extend(arguments);
    let mut child = lockstep(&all).stdout(Stdio::piped()).spawn().expect("lockstep runs");
    let mut text = String::new();
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("text");
        text.push_str(&line);
        if line == "}" {
            break;
        }
    }
    Served { child, told: serde_json::from_str(&text).expect("JSON") }
}

/// Judges a served vendor by what needs no test lock, since a bare address names
/// none.
fn judge_served(one: &Value) {
    let folder = folder();
    let profile = one["profile"].as_str().expect("a name");
    let mut command = lockstep(&["run", profile, "--only", "LV-36", "--target"]);
    command.arg(one["servers"]["api"].as_str().expect("an address")).arg("--out").arg(folder.path());
    for (name, value) in one["secrets"].as_object().expect("secrets") {
        let variable = format!("LOCKSTEP_SECRET_{}", name.to_uppercase());
        command.env(variable, value.as_str().expect("a secret"));
    }
    expect(&command.output().expect("lockstep runs"), 0, &["Report:"]);
}

#[test]
fn a_simulated_vendor_can_be_judged_over_the_wire() {
    let served = simulate(&["reference", "--seed", "3"]);
    judge_served(&served.told["vendors"][0]);
}

/// Posts JSON to a served API, and reads the whole answer.
fn post(api: &str, path: &str, token: &str, body: &Value) -> String {
    use std::io::{Read as _, Write as _};

    let address = api.trim_start_matches("http://");
    let mut stream = std::net::TcpStream::connect(address).expect("a server");
    let body = body.to_string();
    let length = body.len();
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

#[test]
fn inlet_is_served_to_a_booking_system_before_a_vendor() {
    let served = simulate(&["inlet", "--clock", "x60"]);
    let told = |name: &str| served.told[name].as_str().unwrap_or_else(|| panic!("{name} in {}", served.told));
    let token = served.told["tokens"]["customer"].as_str().expect("a token");
    let now = jiff::Timestamp::now();
    let grant = serde_json::json!({
        "operation": "code",
        "lockId": served.told["locks"][0],
        "from": now.to_string(),
        "to": (now + jiff::SignedDuration::from_hours(30)).to_string(),
    });
    let answer = post(told("api"), "/GrantAccess", token, &grant);
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("codeFormatted"), "{answer}");
    let refused = post(told("api"), "/GrantAccess", "another", &grant);
    assert!(refused.starts_with("HTTP/1.1 401 ") && refused.contains(r#""code":"401""#), "{refused}");
    assert_eq!((told("vendor"), told("control").ends_with("/_lockstep/inlet")), ("reference", true));
    check(&["simulate", "inlet", "reference", "nuki"], 2, &["one vendor stands behind Inlet"]);
    check(&["simulate", "inlet", "--scenario", "lock-is-full"], 2, &["a scenario", "about a vendor"]);
}

/// The commands that the printed line leads to: its variables, and its words
/// with another command in the place of `certify`.
fn follow(line: &str, command: &[&str]) -> Output {
    let words: Vec<&str> = line.split(' ').collect();
    let at = words.iter().position(|word| *word == "lockstep").expect("the program");
    assert_eq!(words[at + 1], "certify", "{line}");
    let mut followed = lockstep(&[command[0]]);
    followed.args(&words[at + 2..]).args(&command[1..]);
    followed.envs(words[..at].iter().filter_map(|word| word.split_once('=')));
    followed.output().expect("lockstep runs")
}

#[test]
fn the_printed_line_judges_a_simulated_vendor_with_its_test_locks() {
    let folder = folder();
    let file = folder.path().join("simulated.toml");
    let file = file.to_str().expect("UTF-8");
    let served = simulate(&["reference", "--subject-file", file]);
    let line = served.told["vendors"][0]["certify"].as_str().expect("a command");
    assert!(line.contains("--subject"), "{line}");
    // Everything that a run rests on is right, so that only the subject is left to judge.
    expect(&follow(line, &["doctor"]), 0, &["The configuration is fine"]);
    let out = folder.path().to_str().expect("UTF-8");
    let only = "LV-10,LV-20,LV-21,LV-30,LV-31,LV-33,LV-34,LV-40,LV-60";
    expect(&follow(line, &["run", "--only", only, "--seed", "1", "--out", out]), 0, &["Report:"]);
    expect(&follow(line, &["certify", "--estimate"]), 0, &["scenarios"]);
    check(&["simulate", "reference", "seam", "--subject-file", file], 2, &["one vendor"]);
}

#[test]
fn vendors_side_by_side_are_told_apart() {
    let served = simulate(&["reference", "seam"]);
    let vendors = served.told["vendors"].as_array().expect("vendors");
    assert_eq!(vendors.len(), 2);
    vendors.iter().for_each(judge_served);
}

#[test]
fn a_served_world_is_governed_over_its_control_api() {
    let served =
        simulate(&["reference", "--clock", "manual", "--scenario", "scenarios/lock-goes-offline.toml"]);
    let control = served.told["control"].as_str().expect("an address");
    let worlds = get(&format!("{control}/worlds"));
    let text = worlds.to_string();
    assert!(text.contains("\"locks\":20"), "the scenario's fleet: {text}");
    let document = get(&format!("{control}/openapi.json"));
    assert!(document["paths"].as_object().is_some_and(|paths| paths.len() > 5), "{document}");
}

/// The JSON at an address on this machine.
fn get(url: &str) -> Value {
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("an address");
    let mut connection = TcpStream::connect(host).expect("a listener");
    write!(connection, "GET /{path} HTTP/1.0\r\nhost: {host}\r\n\r\n").expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
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
