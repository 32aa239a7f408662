//! Many partners, each with a retry pending.

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
    let mut due: Vec<u64> =
        (0..PARTNERS).flat_map(|number| (0..TURNS).map(move |turn| number % 300 + 300 * turn)).collect();
    due.sort_unstable();
    let arrived: Vec<u64> = received.iter().map(|one| one.at().since(began).as_secs()).collect();
    assert_eq!(arrived, due);
}
