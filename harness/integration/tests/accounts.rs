//! What was told or set up under one set of credentials serves no other, and what
//! a group names and nobody lists is told.

use std::collections::BTreeMap;

use serde_json::json;
use wiremock::ResponseTemplate;

use super::bench::{Bench, compiled};
use crate::harness::integration::Integration;
use crate::vendors::vocabulary::{LockId, Secret};

fn as_another(bench: &Bench) -> Integration {
    let another = |(name, _): &(String, String)| (name.clone(), Secret::new("another"));
    let secrets: BTreeMap<String, Secret> = bench.integration.dialect().secrets.iter().map(another).collect();
    bench.integration.with_secrets(secrets)
}

#[tokio::test]
async fn a_version_is_named_to_the_account_that_it_was_told_to() {
    let bench = Bench::of(compiled(include_str!("../../../vendors/locks/test/versions.toml"))).await;
    bench.answer("GET", "/locks/l-1/codes", 200, json!({"version": 7, "codes": []})).await;
    let lock = LockId::new("l-1");
    for inlet in [bench.integration.clone(), bench.integration.clone(), as_another(&bench)] {
        bench.clock.drive(inlet.list_pin_access(&lock)).await.expect("a list");
    }
    let asked = bench.asked("GET", "/codes").await;
    let named: Vec<Option<&str>> = asked.iter().map(|request| request.url.query()).collect();
    assert_eq!(named, [None, Some("version=7"), None]);
}

#[tokio::test]
async fn what_is_set_up_once_is_set_up_for_each_account() {
    let bench = Bench::of(compiled(include_str!("../../../vendors/locks/test/bridges.toml"))).await;
    let devices = json!({"devices": [
        {"sort": "lock", "id": "4001", "serial": "l-1", "label": "Door"},
        {"sort": "bridge", "id": "b-9", "locks": [{"serial": "l-1"}]},
    ]});
    bench.answer("GET", "/devices", 200, devices).await;
    bench.answer("POST", "/bridges/b-9/commands", 202, json!({"command": "j-1"})).await;
    bench.answer("GET", "/commands/j-1", 200, json!({"command": "j-1", "stands": "DONE"})).await;
    let mut asked = Vec::new();
    for inlet in [bench.integration.clone(), bench.integration.clone(), as_another(&bench)] {
        bench.clock.drive(inlet.unlock(&LockId::new("l-1"))).await.expect("an open door");
        asked.push(bench.asked("GET", "/devices").await.len());
    }
    // The id of the day is looked up each time, the bridge once for each account.
    assert_eq!(asked, [2, 3, 5]);
}

#[tokio::test]
async fn a_lock_that_a_group_names_and_nobody_lists_is_told() {
    let bench = Bench::of(compiled(include_str!("../../../vendors/locks/nuki.toml"))).await;
    bench.answer("GET", "/smartlock", 200, json!([{"smartlockId": 1, "name": "Door"}])).await;
    bench
        .respond("GET", "^/address$", |_| {
            ResponseTemplate::new(200)
                .set_body_json(json!([{"addressId": 7, "name": "House", "smartlockIds": [1, 2]}]))
        })
        .await;
    let locks = bench.clock.drive(bench.integration.list_locks(None)).await.expect("a list");
    assert_eq!(locks.len(), 1);
    let told = bench.recorder.deviations();
    assert_eq!(told.len(), 1);
    let (operation, deviation) = &told[0];
    assert_eq!(operation, "list_groups");
    assert_eq!(
        deviation.to_string(),
        "at the list of locks: expected lock 2, which group 7 names, found no such lock"
    );
}
