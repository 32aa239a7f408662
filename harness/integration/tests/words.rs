//! Credentials that are ordinary words stand in messages by chance.

use std::collections::BTreeMap;

use serde_json::json;

use super::bench::Bench;
use crate::harness::result::Received;
use crate::vendors::vocabulary::{LockId, Secret};

#[tokio::test]
async fn a_credential_that_is_an_ordinary_word_is_hidden_in_values_and_spoils_no_words_of_ours() {
    let bench = Bench::reference().await;
    let secrets = [("client_id", "locks"), ("client_secret", "secret")];
    let secrets: BTreeMap<String, Secret> =
        secrets.map(|(name, text)| (name.to_owned(), Secret::new(text))).into();
    let inlet = bench.integration.with_secrets(secrets);
    let lock = json!({ "id": "l-1", "name": "the secret door", "secret": 1, "locks": "secret" });
    bench.answer("GET", "/v1/locks", 200, json!({ "locks": [lock], "total": 1 })).await;
    bench.answer("GET", "/v1/locks/secret", 404, json!({ "error": "no lock secret" })).await;
    // What strays from the profile is told all the same.
    let _ = bench.clock.drive(inlet.list_locks(None)).await;
    let _ = bench.clock.drive(inlet.get_lock_status(&LockId::new("secret"))).await;
    let evidence = bench.recorder.evidence();
    let [token, list, state] = &evidence[..] else { panic!("{evidence:#?}") };

    assert!(token.request.body.contains("client_secret"), "{}", token.request.body);
    assert!(token.request.body.contains("‹secret›"), "{}", token.request.body);
    assert!(list.request.url.contains("/v1/locks?"), "{}", list.request.url);
    let Received::Answer { body, .. } = &list.response else { panic!("{list:#?}") };
    // A name that the profile knows is its own word; one that it does not know may be anything.
    assert!(body.contains(r#""locks":["#) && body.contains(r#""name":"the ‹secret› door""#), "{body}");
    assert!(body.contains(r#""‹secret›":1"#) && body.contains(r#""locks":"‹secret›""#), "{body}");
    assert!(
        state.request.url.contains("/v1/locks/") && !state.request.url.ends_with("/secret"),
        "{state:#?}"
    );
    let Received::Answer { body, undocumented, .. } = &state.response else { panic!("{state:#?}") };
    assert_eq!(body, r#"{"error":"no lock ‹secret›"}"#);
    assert!(undocumented.is_some(), "{state:#?}");
}
