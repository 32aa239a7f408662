//! Which doors are open at Inlet's address.

use super::*;
use crate::simulator::{Effect, Fault, Schedule};

async fn judged() -> Bench {
    install_tls();
    let locks = Arc::new(Scripted::default());
    let clock = Clock::stepped(Instant::from_epoch_ms(1_803_891_600_000));
    let options = InletOptions { control_api: false, ..InletOptions::new(locks.clone(), clock, 1) };
    let inlet = InletSimulator::start(options).await.unwrap();
    Bench { inlet, locks, client: reqwest::Client::builder().no_proxy().build().unwrap() }
}

fn fails() -> Fault {
    Fault::at(LockId::new("L-1"), Schedule::default(), Effect::UpstreamTimeout { carried_out: false })
}

#[tokio::test]
async fn who_is_judged_can_take_no_fault_away_and_is_seen_trying() {
    let bench = judged().await;
    bench.control().inject(fails()).unwrap();
    let faults = format!("{}/_lockstep/inlet/faults", bench.inlet.url());
    assert_eq!(told(bench.client.delete(&faults)).await.0, 404);
    assert_eq!(bench.get("/_lockstep/inlet").await.0, 404);
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 504);
    assert_eq!(bench.control().received().len(), 3, "every try stands in the journal");
    assert_eq!(bench.get("/openapi.json").await.0, 200);
}

#[tokio::test]
async fn who_simulates_inlet_can() {
    let bench = Bench::new().await;
    bench.control().inject(fails()).unwrap();
    let faults = format!("{}/_lockstep/inlet/faults", bench.inlet.url());
    assert_eq!(told(bench.client.delete(&faults)).await.0, 204);
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 200);
}
