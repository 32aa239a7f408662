//! The simulator as a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Output, Stdio};

use serde_json::Value;

use super::{check, expect, folder, lockstep};

pub struct Served {
    pub child: Child,
    pub told: Value,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts `simulate --json` on a free port, and waits for what it tells.
pub fn simulate(arguments: &[&str]) -> Served {
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
    let address = api.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a server");
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

/// Of servers at several addresses one address names none, so that no command is
/// printed that cannot work; the subject file names them all.
#[test]
fn the_line_of_a_vendor_with_several_servers_comes_with_a_subject_file_only() {
    for vendor in ["igloohome", "danalock"] {
        let served = simulate(&[vendor]);
        let told = &served.told["vendors"][0];
        assert!(told["certify"].is_null(), "{told}");
        drop(served);
        let folder = folder();
        let file = folder.path().join("simulated.toml");
        let served = simulate(&[vendor, "--subject-file", file.to_str().expect("UTF-8")]);
        let line = served.told["vendors"][0]["certify"].as_str().expect("a command").to_owned();
        expect(&follow(&line, &["certify", "--estimate"]), 0, &["scenarios"]);
    }
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
