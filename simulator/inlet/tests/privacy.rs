//! Nothing of a guest and no secret stands where people read; and the
//! description tells what was chosen.

use super::*;
use crate::vendors::inlet::{CHOICES, Operation};

const CANARIES: [&str; 7] =
    ["98765432", "ada@example.org", "Lovelace", "LOVELACE", "#1234*", "canary-token", "canary-name"];

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

/// A partner may write a guest's name wherever an id, a word or a name belongs.
#[tokio::test]
async fn what_stands_in_the_wrong_place_is_shown_nowhere() {
    let bench = Bench::new().await;
    bench.locks.fail_with(&[FailureKind::NotFound]);
    // The lock system refuses a lock that it does not know.
    assert_eq!(bench.call("GrantAccess", &with(grant(), "lockId", json!("Lovelace"))).await.0, 404);
    for (path, body) in [
        ("GrantAccess", with(grant(), "operation", json!("Lovelace"))),
        ("GrantAccess", with(grant(), "from", json!("98765432"))),
        ("GrantAccess", with(grant(), "Lovelace", json!(true))),
        ("UpdateAccess", json!({ "ReferenceId": "Lovelace", "lockId": "98765432" })),
        ("RevokeAccess", json!({ "ReferenceId": "98765432" })),
        ("Lovelace/98765432", grant()),
    ] {
        bench.call(path, &body).await;
    }
    let json = || bench.post("GrantAccess").header("content-type", "application/json");
    told(json().body(r#"{"Lovelace":1,"Lovelace":2}"#)).await;
    told(json().json(&grant()).header("x-lovelace", "98765432").header("lockstep-exchange", "Lovelace"))
        .await;
    told(bench.post("GrantAccess").header("content-type", "text/Lovelace").body("x")).await;
    let address = format!("{}/GrantAccess", bench.inlet.url());
    let odd = reqwest::Method::from_bytes(b"LOVELACE").unwrap();
    told(bench.client.request(odd, address).bearer_auth(bench.token()).json(&grant())).await;
    let (_, journal) = bench.get("/_lockstep/inlet/journal").await;
    let (_, accesses) = bench.get("/_lockstep/inlet/accesses").await;
    let received = bench.control().received();
    let shown: Vec<_> = received.iter().map(Received::shown).collect();
    let text = format!("{journal}{accesses}{received:?}{shown:?}");
    assert_eq!(journal["entries"].as_array().map(Vec::len), Some(11));
    for canary in CANARIES.iter().filter(|canary| **canary != "#1234*") {
        assert!(!text.to_lowercase().contains(&canary.to_lowercase()), "{canary} in {text}");
    }
    for told in [
        "‹unknown lock 1›",
        "‹unknown access 2›",
        "/‹unknown path 1, 18 characters›",
        "‹unknown member›",
        "‹unknown header›",
    ] {
        assert!(text.contains(told), "{told} in {text}");
    }
}

/// What is shown by its name is what the published description knows.
#[tokio::test]
async fn the_names_that_are_shown_are_those_of_the_description() {
    let bench = Bench::new().await;
    let (_, document) = bench.get("/openapi.json").await;
    let mut names = std::collections::BTreeSet::new();
    for operation in Operation::ALL {
        let schema = &document["components"]["schemas"][operation.as_str()]["properties"];
        names.extend(schema.as_object().unwrap_or_else(|| panic!("{operation}")).keys().cloned());
    }
    let shown = crate::vendors::inlet::REQUEST_MEMBERS.map(str::to_owned);
    assert_eq!(names, shown.into_iter().collect());
}

#[tokio::test]
async fn no_refusal_repeats_what_was_sent() {
    let bench = Bench::new().await;
    let rows = [
        with(grant(), "email", json!(["ada@example.org"])),
        with(grant(), "phoneNumber", json!("98765432".repeat(9))),
        with(grant(), "operation", json!("ada@example.org")),
        with(grant(), "from", json!("ada@example.org")),
        with(grant(), "Lovelace", json!(1)),
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
