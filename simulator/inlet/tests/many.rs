//! Many partners, each with a retry pending.

use std::collections::BTreeMap;

use super::*;
use crate::vendors::vocabulary::{ExchangeId, Secret};

/// Attempts of each.
const TURNS: u64 = 3;

/// One partner's attempts every five minutes, none of which succeeds.
async fn retries(bench: &Bench, number: u64) {
    let clock = bench.control().clock();
    let begins = clock.now() + seconds(number % 300);
    let body = with(grant(), "lockId", json!(format!("L-{number}")));
    for turn in 0..TURNS {
        clock.sleep_until(begins + seconds(300 * turn)).await;
        let exchange = ExchangeId::new(format!("partner-{number}-{turn}"));
        let _under_way = clock.begin(exchange.clone());
        let call = bench.client.post(format!("{}/GrantAccess", bench.inlet.url()));
        let call = call.bearer_auth(format!("token-{number}")).header(ExchangeId::HEADER, exchange.as_str());
        assert_eq!(told(call.json(&body)).await.0, 504);
    }
}

#[tokio::test]
async fn five_hundred_partners_with_a_retry_pending_miss_no_due_time() {
    const PARTNERS: u64 = 500;
    let bench =
        Bench::before(Scripted { always: Some(FailureKind::UpstreamTimeout), ..Scripted::default() }).await;
    for number in 0..PARTNERS {
        let token = Secret::new(format!("token-{number}"));
        bench.control().add_customer(Customer::on_loopback(format!("partner-{number}"), token));
    }
    let clock = bench.control().clock();
    let began = clock.now();
    clock.drive(futures::future::join_all((0..PARTNERS).map(|number| retries(&bench, number)))).await;
    let received = bench.control().received();
    assert_eq!(
        (received.len(), bench.control().dropped(), bench.control().accesses().len()),
        (1_500, 0, 500)
    );
    // Each partner's calls arrived at Inlet when they were due, to the second.
    let mut arrived: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for one in &received {
        let request = one.request().unwrap().unwrap();
        let lock = request.lock_id().unwrap().to_owned();
        arrived.entry(lock).or_default().push(one.at().since(began).as_secs());
        assert_eq!(one.sent(), Sent::Answer { status: 504, retry_after: None });
    }
    let due = |number: u64| (0..TURNS).map(|turn| number % 300 + 300 * turn).collect();
    let due = (0..PARTNERS).map(|number| (format!("L-{number}"), due(number))).collect();
    assert_eq!(arrived, due);
}
