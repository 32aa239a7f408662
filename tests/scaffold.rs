//! Profiles that were drafted: written by the real program, held against what
//! `check` says of them, and spoken over HTTP with the simulated vendor.

#![expect(clippy::expect_used, reason = "a helper that cannot go on fails its test")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;

use lockstep::harness::evidence::Recorder;
use lockstep::harness::integration::{Clocks, Connection, Integration, Timeouts, install_tls};
use lockstep::simulator::{Control, Fleet, Options, Simulator};
use lockstep::vendors::profile;
use lockstep::vendors::scaffold;
use lockstep::vendors::vocabulary::{Clock, Instant, RunName, Window, Word};
use serde_json::Value;

/// The descriptions, with the option that each is given with.
const DESCRIPTIONS: &[(&str, &str)] = &[
    ("--openapi", "reference.yaml"),
    ("--openapi", "envelope.json"),
    ("--openapi", "entries.yaml"),
    ("--openapi", "calls.json"),
    ("--openapi", "bridge.yaml"),
    ("--openapi", "sites.yaml"),
    ("--openapi", "shared.yaml"),
    ("--postman", "recorded.postman.json"),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn lockstep(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("lockstep runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn what_is_written_passes_check_apart_from_the_gaps_that_are_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    for (option, description) in DESCRIPTIONS {
        let file = folder.path().join(format!("{description}.toml"));
        let file = file.to_str().expect("UTF-8");
        let description = format!("vendors/scaffold/descriptions/{description}");
        let written = lockstep(&["new", "vendor", "acme", option, &description, "--out", file, "--json"]);
        assert_eq!(written.status.code(), Some(0), "{}", String::from_utf8_lossy(&written.stderr));
        let told: Value = serde_json::from_slice(&written.stdout).expect("JSON");
        let listed: Vec<&str> =
            told["gaps"].as_array().expect("gaps").iter().filter_map(|gap| gap["text"].as_str()).collect();
        let checked = lockstep(&["check", file, "--json"]);
        assert!(matches!(checked.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&checked.stderr));
        let review: Value = serde_json::from_slice(&checked.stdout).expect("JSON");
        // What is missing by the review is listed …
        for gap in review["gaps"].as_array().expect("gaps") {
            assert!(listed.contains(&gap.as_str().expect("text")), "{description}: {gap}");
        }
        let failures: Vec<&Value> = review["opinions"]
            .as_array()
            .expect("opinions")
            .iter()
            .filter(|opinion| opinion["verdict"] == "fail")
            .collect();
        for opinion in &failures {
            let reason = opinion["reason"].as_str().expect("text");
            let told = listed.iter().any(|gap| reason.contains(gap)) || opinion["id"] == "LV-02";
            assert!(told, "{description}: {opinion}");
        }
        // What is only warned of is listed too, beside the exchange that it is about.
        for opinion in review["opinions"].as_array().expect("opinions") {
            if opinion["verdict"] != "warning" {
                continue;
            }
            for part in opinion["reason"].as_str().expect("text").split("; ") {
                let listed = told["gaps"].as_array().expect("gaps").iter().any(|gap| {
                    let about = gap["about"].as_str().expect("text");
                    let text = gap["text"].as_str().expect("text");
                    part.contains(&format!("`{about}`")) && text.contains("has no plan")
                });
                assert!(listed, "{description}: {part}");
            }
        }
        // … and what is listed as a function without a plan fails by the review.
        for gap in told["gaps"]
            .as_array()
            .expect("gaps")
            .iter()
            .filter(|gap| gap["kind"] == "functions without a plan")
        {
            let text = gap["text"].as_str().expect("text");
            let known = failures
                .iter()
                .any(|opinion| opinion["reason"].as_str().is_some_and(|reason| reason.contains(text)));
            let optional = gap["about"] == "algo_pin";
            assert!(known || optional, "{description}: {gap}");
        }
    }
}

#[test]
fn an_existing_file_and_unusable_input_end_with_2_and_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let swagger = at("swagger.json");
    std::fs::write(&swagger, "{\"swagger\": \"2.0\"}").expect("written");
    let picture = at("picture.json");
    std::fs::write(&picture, [0x89, 0x50, 0xff]).expect("written");
    let there = at("there.toml");
    std::fs::write(&there, "mine").expect("written");
    let good = "vendors/scaffold/descriptions/reference.yaml";
    let out = at("out.toml");
    for (arguments, told) in [
        (vec!["acme", "--openapi", good, "--out", &there], "exists already"),
        (vec!["acme", "--openapi", &swagger, "--out", &out], "convert it to OpenAPI 3"),
        (vec!["acme", "--openapi", &picture, "--out", &out], "no UTF-8"),
        (vec!["acme", "--openapi", "no/such/file.json", "--out", &out], "cannot be read"),
        (vec!["acme", "--postman", good, "--out", &out], "--openapi"),
        (vec!["Acme Cloud", "--out", &out], "is no name for a profile"),
        (vec!["acme", "--openapi", good, "--postman", good, "--out", &out], "cannot be used with"),
    ] {
        let output = lockstep(&[&["new", "vendor"], &arguments[..]].concat());
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(stderr.contains(told), "{arguments:?}: {stderr}");
    }
    assert_eq!(std::fs::read_to_string(&there).expect("there"), "mine");
    assert!(!Path::new(&out).exists());
    let forced = lockstep(&["new", "vendor", "acme", "--openapi", good, "--out", &there, "--force"]);
    assert_eq!(forced.status.code(), Some(0));
    assert!(
        stdout(&forced).contains("functions without a plan") || stdout(&forced).contains("limits and times")
    );
    assert!(std::fs::read_to_string(&there).expect("there").contains("drafted from"));
}

#[test]
fn the_frame_alone_is_written_where_nothing_is_described() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("acme.toml").display().to_string();
    let output = lockstep(&["new", "vendor", "acme", "--out", &file]);
    assert_eq!(output.status.code(), Some(0));
    assert!(profile::load(&file).is_ok());
}

/// The draft is of use: untouched, it speaks with the vendor that was described.
#[tokio::test(flavor = "multi_thread")]
async fn a_drafted_profile_works_against_the_vendor_that_was_described() {
    install_tls();
    let text = std::fs::read_to_string(root().join("vendors/scaffold/descriptions/reference.yaml"))
        .expect("the description");
    let drafted = scaffold::from_openapi("drafted", &text).expect("a draft");
    let drafted = profile::compile("drafted.toml", &drafted.text).expect("it loads");
    let clock = Clock::stepped(Instant::from_epoch_ms(1_803_891_600_000));
    let simulator = Simulator::start(Options {
        dialect: profile::load("reference").expect("the built-in profile"),
        seed: 1,
        clock: clock.clone(),
        fleet: Fleet::fixture(),
        misbehaviour: None,
        variation: None,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    })
    .await
    .expect("a simulated vendor");
    let control = simulator.control();
    let servers: BTreeMap<String, String> =
        drafted.servers.iter().map(|(name, _)| (name.clone(), simulator.url(name))).collect();
    let connection = Connection {
        servers,
        secrets: control.secrets().into_iter().collect(),
        settings: control.settings().into_iter().collect(),
    };
    let inlet = Integration::new(
        Arc::clone(&drafted),
        connection,
        Clocks { harness: clock.clone(), subject: clock.clone() },
        Timeouts::allowing(&drafted.limits.delays),
        RunName::new("drafted"),
        Recorder::new(),
    )
    .expect("the connection is complete");

    // Whatever waits, waits on the world's clock.
    clock.drive(speaks(&inlet, control, &clock)).await;
}

/// Every function that a guest's day needs, through the draft.
async fn speaks(inlet: &Integration, control: &Control, clock: &Clock) {
    let groups = inlet.list_access_groups().await.expect("groups");
    assert_eq!(groups.len(), control.groups().len());
    let locks = inlet.list_locks(None).await.expect("locks");
    assert_eq!(locks.len(), control.locks().len(), "every page is read");
    let group = control.fixture().partial_group;
    let some = inlet.list_locks(Some(&group)).await.expect("locks of one group");
    assert!(!some.is_empty() && some.len() < locks.len());

    let lock = control.fixture().free_locks[0].clone();
    let status = inlet.get_lock_status(&lock).await.expect("a status");
    assert_eq!((status.reachable, status.bolt), (Some(true), Some(Word::Locked)));
    assert!(status.battery.is_some() && status.door.is_some());
    let offline = inlet.get_lock_status(&control.fixture().offline_lock).await.expect("a status");
    assert_eq!(offline.reachable, Some(false));

    let before = clock.now();
    inlet.unlock(&lock).await.expect("it opens");
    let opened = control.bolt_history(&lock, before);
    assert!(opened.iter().any(|(_, word)| *word == Word::Unlocked), "{opened:?}");
    let offline = control.fixture().offline_lock;
    let refused = inlet.unlock(&offline).await.expect_err("it is offline");
    assert_eq!(refused.message, "lock_offline", "{refused:?}");

    inlet.return_to_normal(&lock).await.expect("harmless");
    let window = Window {
        from: clock.now() + Duration::from_secs(3600),
        until: clock.now() + Duration::from_secs(7200),
    };
    inlet.algo_pin(&lock, window).await.expect("a computed PIN");
}

/// The simulator's own description is one like any other.
#[test]
fn the_description_of_the_control_api_can_be_drafted_from() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .args(["simulate", "reference", "--listen", "127.0.0.1:0", "--json"])
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .expect("lockstep runs");
    let mut told = String::new();
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("text");
        told.push_str(&line);
        if line == "}" {
            break;
        }
    }
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let description = get(&format!("{}/openapi.json", told["control"].as_str().expect("an address")));
    // It is ours, and has done its work.
    let _ = child.kill();
    let _ = child.wait();
    let drafted =
        scaffold::from_openapi("control", &description).unwrap_or_else(|trouble| panic!("{trouble}"));
    let dialect = profile::compile("control.toml", &drafted.text).expect("it loads");
    assert!(dialect.operation("list_locks").is_some(), "{}", drafted.text);
    assert!(drafted.guesses > 3 && !drafted.gaps.is_empty());
}

fn get(url: &str) -> String {
    let (host, path) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("an address");
    let mut connection = TcpStream::connect(host).expect("a listener");
    write!(connection, "GET /{path} HTTP/1.0\r\nhost: {host}\r\n\r\n").expect("sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("an answer");
    answer.split_once("\r\n\r\n").expect("a body").1.to_owned()
}
