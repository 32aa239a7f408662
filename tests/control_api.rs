//! The control API from outside, and Inlet's: their descriptions are true, and a
//! project in another language can work with them.

#![expect(clippy::panic, clippy::unwrap_used, reason = "a helper that cannot go on fails its test")]

mod simulated;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lockstep::harness::integration::install_tls;
use serde_json::{Value, json};
use simulated::Simulated;

/// What is held against the description. Left out are checks of security
/// schemes and of sequences, which the description does not have.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,negative_data_rejection,\
    positive_data_acceptance,missing_required_header,unsupported_method,allow_header_conformance";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

async fn read(url: &str) -> Value {
    install_tls();
    reqwest::get(url).await.unwrap().json().await.unwrap()
}

/// A run of a property-based tester that this project did not write, against a
/// simulation and its description. `peer` is the folder of its hooks.
fn tester(address: &str, description: &Path, peer: &str) -> Command {
    let program = root().join(".peers/python/bin/schemathesis");
    assert!(program.is_file(), "{} is missing: ./test installs it", program.display());
    let mut tester = Command::new(program);
    tester
        .arg("run")
        .arg(description)
        .args(["--url", address])
        .args(["--phases", "examples,coverage,fuzzing", "--workers", "1"])
        // The same calls at every run, in a time that is bounded.
        .args(["--seed", "1", "--max-examples", "8", "--request-timeout", "60", "--no-color"])
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", root().join("tests/peers").join(peer))
        .env("PYTHONDONTWRITEBYTECODE", "1");
    tester
}

/// What it makes of it. What it keeps between runs would make them differ.
fn made(tester: &mut Command) -> Output {
    let folder = tempfile::tempdir().unwrap();
    tester.current_dir(folder.path()).output().unwrap()
}

/// Holds simulated worlds against a description of their control API.
fn tested(simulated: &Simulated, description: &Path, more: &[&str]) -> Output {
    let address = simulated.control().trim_end_matches("/_lockstep");
    let mut tester = tester(address, description, "control");
    made(tester.args(["--checks", CHECKS]).args(more).env("LOCKSTEP_CONTROL", simulated.control()))
}

/// Holds a simulated Inlet against a description of its API or of its control API.
fn tested_inlet(simulated: &Simulated, description: &Path, checks: &str, more: &[&str]) -> Output {
    let told = simulated.told();
    let address = told["api"].as_str().unwrap();
    let token = told["tokens"]["customer"].as_str().unwrap();
    let mut tester = tester(address, description, "inlet");
    tester
        .args(["--checks", checks, "--header", &format!("Authorization: Bearer {token}")])
        .args(more)
        .env("LOCKSTEP_API", address)
        .env("LOCKSTEP_TOKEN", token)
        .env("LOCKSTEP_LOCKS", told["locks"].to_string());
    made(&mut tester)
}

/// How many operations were tested.
fn count_tested(told: &str) -> usize {
    let operations = told.lines().find(|line| line.contains("Tested:")).unwrap_or_default();
    operations.split_whitespace().last().and_then(|count| count.parse().ok()).unwrap_or(0)
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

async fn description(simulated: &Simulated, folder: &Path, change: impl FnOnce(&mut Value)) -> PathBuf {
    described(&format!("{}/openapi.json", simulated.control()), folder, change).await
}

/// A description as it is served, changed and written into a folder.
async fn described(url: &str, folder: &Path, change: impl FnOnce(&mut Value)) -> PathBuf {
    let mut document = read(url).await;
    change(&mut document);
    let file = folder.join("openapi.json");
    std::fs::write(&file, document.to_string()).unwrap();
    file
}

#[tokio::test]
async fn no_answer_strays_from_the_description() {
    let simulated = Simulated::start(&["reference", "seam", "--clock", "manual"]);
    let folder = tempfile::tempdir().unwrap();
    let file = description(&simulated, folder.path(), |_| {}).await;
    // A stream has no end; what it tells is held by tests of its own.
    let output = tested(&simulated, &file, &["--exclude-path-regex", "/events$"]);
    let told = text(&output);
    assert!(output.status.success(), "{told}");
    assert!(count_tested(&told) >= 30, "{told}");
    let health = read(&format!("{}/health", simulated.control())).await;
    assert_eq!(health["status"], "ok");
}

/// The tester must be able to find something: descriptions that are wrong in
/// one place each.
#[tokio::test]
async fn a_description_that_is_wrong_is_found_out() {
    let simulated = Simulated::start(&["reference", "--clock", "manual"]);
    let world = "/_lockstep/worlds/{world}";
    let clock = "/_lockstep/worlds/{world}/clock";
    type Change = fn(&mut Value);
    let wrong: [(&str, &str, Change); 4] = [
        ("Undocumented status code", clock, |document| {
            let responses = &mut document["paths"]["/_lockstep/worlds/{world}/clock"]["post"]["responses"];
            responses.as_object_mut().unwrap().remove("422");
        }),
        ("Response violates schema", world, |document| {
            document["components"]["schemas"]["WorldSummary"]["properties"]["locks"] =
                json!({ "type": "string" });
        }),
        ("Undocumented Content-Type", world, |document| {
            let answer =
                &mut document["paths"]["/_lockstep/worlds/{world}"]["get"]["responses"]["200"]["content"];
            *answer = json!({ "text/plain": { "schema": { "type": "string" } } });
        }),
        ("Schema-valid request rejected", clock, |document| {
            document["components"]["schemas"]["Advance"]["properties"]["seconds"]["minimum"] = json!(-5);
        }),
    ];
    for (found, path, change) in wrong {
        let folder = tempfile::tempdir().unwrap();
        let file = description(&simulated, folder.path(), change).await;
        let output = tested(&simulated, &file, &["--include-path", path]);
        let told = text(&output);
        assert!(!output.status.success(), "{found} is not found: {told}");
        assert!(told.contains(found), "{found}: {told}");
    }
}

/// Inlet, with a lock vendor behind it. Its clock stands: nothing times out
/// because a machine is slow.
fn inlet() -> Simulated {
    Simulated::start(&["inlet", "--clock", "manual"])
}

fn served(simulated: &Simulated) -> String {
    simulated.told()["description"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn no_answer_of_inlet_strays_from_its_description() {
    let simulated = inlet();
    let folder = tempfile::tempdir().unwrap();
    let api = described(&served(&simulated), folder.path(), |_| {}).await;
    let output = tested_inlet(&simulated, &api, CHECKS, &[]);
    let told = text(&output);
    assert!(output.status.success() && count_tested(&told) == 4, "{told}");
    let control = description(&simulated, folder.path(), |_| {}).await;
    let output = tested_inlet(&simulated, &control, CHECKS, &[]);
    let told = text(&output);
    assert!(output.status.success() && count_tested(&told) == 10, "{told}");
}

/// While the lock system behind it fails, the answers are the documented ones too.
#[tokio::test]
async fn what_inlet_says_of_a_failing_lock_system_is_documented() {
    let simulated = inlet();
    let console = simulated.told()["console"].as_str().unwrap();
    let faults = console.replace("/console", "/worlds/reference/faults");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let failures = [("upstream_timeout", 504), ("busy", 503), ("server", 502), ("full", 409)];
    for (failure, _) in failures {
        let effect = json!({ "kind": "refuse", "failure": failure });
        let fault = json!({ "effect": effect, "probability": 0.3 });
        assert_eq!(client.post(&faults).json(&fault).send().await.unwrap().status(), 201);
    }
    let folder = tempfile::tempdir().unwrap();
    let api = described(&served(&simulated), folder.path(), |_| {}).await;
    let checks = "status_code_conformance,content_type_conformance,response_schema_conformance";
    let output = tested_inlet(&simulated, &api, checks, &[]);
    assert!(output.status.success(), "{}", text(&output));
    let journal = read(&format!("{}/journal?limit=1000", simulated.control())).await;
    let entries = journal["entries"].as_array().unwrap();
    for (_, status) in failures {
        assert!(entries.iter().any(|entry| entry["status"] == status), "no {status}");
    }
}

#[tokio::test]
async fn a_description_of_inlet_that_is_wrong_is_found_out() {
    let simulated = inlet();
    type Change = fn(&mut Value);
    let wrong: [(&str, &str, Change); 3] = [
        ("Undocumented status code", "/RevokeAccess", |document| {
            let responses = &mut document["paths"]["/RevokeAccess"]["post"]["responses"];
            responses.as_object_mut().unwrap().remove("422");
        }),
        ("Response violates schema", "/GrantPulseAccess", |document| {
            document["components"]["schemas"]["Done"]["properties"]["status"] = json!({ "type": "integer" });
        }),
        ("Schema-valid request rejected", "/GrantPulseAccess", |document| {
            let pulse = &mut document["components"]["schemas"]["GrantPulseAccess"];
            pulse["properties"]["lockId"]["maxLength"] = json!(200);
        }),
    ];
    for (found, path, change) in wrong {
        let folder = tempfile::tempdir().unwrap();
        let file = described(&served(&simulated), folder.path(), change).await;
        let output = tested_inlet(&simulated, &file, CHECKS, &["--include-path", path]);
        let told = text(&output);
        assert!(!output.status.success() && told.contains(found), "{found}: {told}");
    }
}

/// The test of the README, run as a project runs it.
#[test]
fn a_project_s_own_test_in_another_language_passes() {
    let simulated = Simulated::start(&["reference", "--clock", "manual"]);
    let output = Command::new("python3")
        .arg(root().join("harness/ci/own_test.py"))
        .env("LOCKSTEP_CONTROL", simulated.control())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap_or_else(|why| panic!("python3 cannot be started ({why}); ./test installs it"));
    let told = text(&output);
    assert!(output.status.success() && told.contains("Ran 2 tests"), "{told}");
}

/// It fails where the project is wrong: one that forgets to ask whether the PIN
/// has reached the lock, and one that never makes it.
#[test]
fn that_test_can_fail() {
    let simulated = Simulated::start(&["reference", "--clock", "manual"]);
    let right = std::fs::read_to_string(root().join("harness/ci/own_test.py")).unwrap();
    for (part, instead) in [("\"pin\": pin", "\"pin\": pin[::-1]"), ("raise LockOffline", "return access")] {
        assert!(right.contains(part), "{part}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("wrong_test.py");
        std::fs::write(&file, right.replace(part, instead)).unwrap();
        let output =
            Command::new("python3").arg(&file).env("LOCKSTEP_CONTROL", simulated.control()).output().unwrap();
        assert!(text(&output).contains("FAILED"), "{instead}: {}", text(&output));
    }
}
