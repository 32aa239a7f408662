//! Where a vendor is: told by itself, and by environment.

use crate::bench::{Bench, dialect};

#[tokio::test]
async fn an_address_that_the_vendor_tells_is_used_from_then_on() {
    // Nobody listens at the address that was given for the API.
    let bench = Bench::given(dialect("learned"), &[("api", "http://127.0.0.1:9")]).await;
    for _ in 0..2 {
        let locks = bench.clock.drive(bench.integration.list_locks(None)).await.unwrap();
        assert_eq!(locks.len(), bench.control().locks().len());
    }
    assert_eq!(bench.asked(), ["find_home", "list_locks", "list_locks"]);
}

#[tokio::test]
async fn the_id_under_which_a_customer_is_known_is_looked_up_once() {
    let bench = Bench::of("learned").await;
    bench.clock.drive(bench.integration.list_locks(None)).await.unwrap();
    let sent = bench.recorder.exchanges();
    let customer = sent[1].request.url.split("/customers/").nth(1).and_then(|rest| rest.split('/').next());
    assert!(customer.is_some_and(|id| !id.is_empty() && !id.starts_with("customer-")), "{customer:?}");
}

#[test]
fn an_environment_has_addresses_of_its_own() {
    let dialect = dialect("learned");
    let address = |environment, server| dialect.address(environment, server);
    assert_eq!(address(None, "directory"), Some("https://directory.learned.example/v2"));
    assert_eq!(address(Some("sandbox"), "directory"), Some("https://directory.sandbox.learned.example/v2"));
    assert_eq!(address(Some("sandbox"), "api"), address(None, "api"));
    assert_eq!(address(None, "nowhere"), None);
    let rotating = crate::bench::dialect("rotating");
    assert_ne!(rotating.address(Some("sandbox"), "identity"), rotating.address(None, "identity"));
}

#[tokio::test]
async fn a_session_is_told_which_site_is_meant_before_anything_else() {
    let bench = Bench::of("tenancy").await;
    bench.clock.drive(bench.integration.list_locks(None)).await.unwrap();
    bench.clock.drive(bench.integration.list_locks(None)).await.unwrap();
    assert_eq!(bench.asked(), ["get_token", "select_site", "list_locks", "list_locks"]);
}
