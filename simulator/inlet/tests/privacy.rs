//! Nothing of a guest and no secret stands where people read; and the
//! description tells what was chosen.

use super::*;
use crate::vendors::inlet::{CHOICES, Operation};

const CANARIES: [&str; 6] =
    ["98765432", "ada@example.org", "Lovelace", "#1234*", "canary-token", "canary-name"];

#[tokio::test]
async fn no_personal_datum_and_no_secret_stands_in_the_journal() {
    let bench = Bench::new().await;
    bench.call("GrantAccess", &grant()).await;
    bench.call("GrantAccess", &with(grant(), "canary-name", json!("ada@example.org"))).await;
    bench.call("ada@example.org", &grant()).await;
    let broken = bench.post("GrantAccess").header("content-type", "application/json");
    told(broken.body("{\"email\":\"ada@example.org\"")).await;
    told(bench.client.post(format!("{}/GrantAccess?token=canary-token", bench.inlet.url())).json(&grant()))
        .await;
    let (_, journal) = bench.get("/_lockstep/inlet/journal").await;
    let (_, messages) = bench.get("/_lockstep/inlet/messages").await;
    let text = format!("{journal}{messages}{:?}", bench.control().received());
    assert_eq!(journal["entries"].as_array().map(Vec::len), Some(5));
    for canary in CANARIES.into_iter().chain([bench.token().as_str()]) {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
    assert!(text.contains("L-1") && text.contains("/GrantAccess"));
    let (_, revealed) = bench.get("/_lockstep/inlet/journal?reveal=true").await;
    assert!(revealed.to_string().contains("ada@example.org"));
}

#[tokio::test]
async fn no_refusal_repeats_what_was_sent() {
    let bench = Bench::new().await;
    let rows = [
        with(grant(), "email", json!(["ada@example.org"])),
        with(grant(), "phoneNumber", json!("98765432".repeat(9))),
        with(grant(), "operation", json!("ada@example.org")),
        with(grant(), "from", json!("ada@example.org")),
    ];
    for body in rows {
        let told = bench.call("GrantAccess", &body).await;
        assert_eq!(told.0, 422);
        for canary in CANARIES {
            assert!(!told.1.to_string().contains(canary), "{told:?}");
        }
    }
}

#[tokio::test]
async fn the_description_tells_every_operation_and_every_choice() {
    let bench = Bench::new().await;
    let (status, document) = bench.get("/openapi.json").await;
    assert_eq!(status, 200);
    for operation in Operation::ALL {
        assert!(document["paths"][operation.path()]["post"].is_object(), "{operation}");
    }
    let described = document["info"]["description"].as_str().unwrap();
    for choice in CHOICES {
        assert!(described.contains(choice.chosen) && described.contains(choice.why), "{}", choice.id);
    }
    let schema = &document["components"]["schemas"]["GrantAccess"];
    assert_eq!(schema["additionalProperties"], json!(false));
    assert_eq!(schema["required"], json!(["operation", "lockId", "from", "to"]));
    let validator = jsonschema::validator_for(&json!({
        "$ref": "#/components/schemas/GrantAccess", "components": document["components"]
    }))
    .unwrap();
    assert!(validator.is_valid(&grant()));
    assert!(!validator.is_valid(&with(grant(), "emial", json!("x"))));
}

/// Run by itself once more, ending by a panic that tells all that Inlet knows.
#[test]
fn a_panic_tells_nothing_of_a_guest() {
    const CHILD: &str = "LOCKSTEP_TEST_OF_A_PANIC_BEFORE_INLET";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    // The same seed, so the same token in both.
    let bench = runtime.block_on(Bench::new());
    if std::env::var_os(CHILD).is_some() {
        runtime.block_on(bench.call("GrantAccess", &grant()));
        let control = bench.control();
        let (received, customers) = (control.received(), control.customers());
        let (accesses, messages) = (control.accesses(), control.messages());
        panic!("on purpose: {received:?} {customers:?} {accesses:?} {messages:?}");
    }
    let name = concat!(module_path!(), "::a_panic_tells_nothing_of_a_guest");
    let (_, name) = name.split_once("::").unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture"])
        .env(CHILD, "1")
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("on purpose") && told.contains("L-1") && !output.status.success(), "{told}");
    for canary in CANARIES.into_iter().chain([bench.token().as_str()]) {
        assert!(!told.contains(canary), "{canary} in {told}");
    }
}
