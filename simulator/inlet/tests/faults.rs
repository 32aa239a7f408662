//! Faults of Inlet's own, with and without the access having been made.

use super::*;
use crate::simulator::{Effect, Fault, Place, Schedule};

fn once(effect: Effect) -> Fault {
    let place = Place { operation: Some("GrantAccess".to_owned()), ..Place::default() };
    Fault { place, schedule: Schedule { times: Some(1), ..Schedule::default() }, effect }
}

/// The status of a call, or nothing where the connection broke.
async fn status(bench: &Bench) -> Option<u16> {
    let answer = bench.post("GrantAccess").json(&grant()).send().await.ok()?;
    Some(answer.status().as_u16())
}

#[tokio::test]
async fn every_fault_leaves_one_access_whether_or_not_it_was_carried_out() {
    let after = |effect| Effect::CarriedOut(Box::new(effect));
    let minute = seconds(60);
    let rows = [
        (Effect::UpstreamTimeout { carried_out: false }, Some(504), 0),
        (Effect::UpstreamTimeout { carried_out: true }, Some(504), 1),
        (Effect::Reset { carried_out: false }, None, 0),
        (Effect::Reset { carried_out: true }, None, 1),
        (Effect::RateLimit(minute), Some(429), 0),
        (after(Effect::RateLimit(minute)), Some(429), 1),
        (Effect::Unavailable(minute), Some(503), 0),
        (after(Effect::Unavailable(minute)), Some(503), 1),
        (Effect::Status(500), Some(500), 0),
        (after(Effect::Status(502)), Some(502), 1),
        (Effect::Refuse(FailureKind::Server), Some(502), 0),
        (Effect::Garbage, Some(200), 0),
        (after(Effect::Garbage), Some(200), 1),
        (after(Effect::Html), Some(200), 1),
        (Effect::HalfBody, Some(200), 1),
        (Effect::WrongType, Some(200), 1),
    ];
    for (effect, expected, given) in rows {
        let bench = Bench::new().await;
        bench.control().inject(once(effect.clone())).unwrap();
        assert_eq!(status(&bench).await, expected, "{effect}");
        assert_eq!(bench.locks.asked().len(), given, "{effect}");
        assert!(bench.control().accesses().iter().all(|access| !access.answered), "{effect}");
        let granted = bench.call("GrantAccess", &grant()).await;
        assert_eq!((granted.0, bench.locks.asked()), (200, vec!["give L-1".to_owned()]), "{effect}");
        assert_eq!(bench.control().accesses().len(), 1, "{effect}");
        assert!(bench.control().faults()[0].is_consumed(), "{effect}");
    }
}

#[tokio::test]
async fn the_journal_tells_what_the_partner_could_read() {
    let rows = [
        (Effect::Garbage, Sent::Unreadable),
        (Effect::HalfBody, Sent::Unreadable),
        (Effect::Reset { carried_out: true }, Sent::Nothing),
        (Effect::RateLimit(seconds(90)), Sent::Answer { status: 429, retry_after: Some(seconds(90)) }),
    ];
    for (effect, sent) in rows {
        let bench = Bench::new().await;
        bench.control().inject(once(effect.clone())).unwrap();
        let _ = status(&bench).await;
        // The end of a connection that was reset is seen a moment later.
        for _ in 0..10_000 {
            if bench.control().received()[0].ended().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
        let received = bench.control().received();
        assert_eq!(received[0].sent(), sent, "{effect}");
        assert!(received[0].note().is_some_and(|note| note.starts_with("fault: ")), "{effect}");
    }
}

#[tokio::test]
async fn a_client_that_gives_up_waiting_loses_nothing() {
    let bench = Bench::new().await;
    bench.control().inject(once(Effect::Withhold { carried_out: true })).unwrap();
    let waiting = bench.post("GrantAccess").json(&grant()).timeout(Duration::from_millis(150)).send().await;
    assert!(waiting.is_err());
    let granted = bench.call("GrantAccess", &grant()).await;
    assert_eq!((granted.0, bench.locks.asked().len(), bench.control().accesses().len()), (200, 1, 1));
    assert_eq!(bench.control().received()[0].sent(), Sent::Nothing);
}

#[tokio::test]
async fn a_fault_that_cannot_strike_is_refused() {
    let bench = Bench::new().await;
    for effect in [Effect::StaleRead, Effect::Twice, Effect::CarriedOut(Box::new(Effect::AcceptOnly))] {
        assert!(bench.control().inject(once(effect)).is_err());
    }
    let place = Place { operation: Some("GrantAcess".to_owned()), ..Place::default() };
    let fault = Fault { place, ..once(Effect::Garbage) };
    assert!(bench.control().inject(fault).unwrap_err().contains("`GrantAccess`"));
}

#[tokio::test]
async fn the_control_api_installs_faults_and_moves_time() {
    let bench = Bench::new().await;
    let effect = json!({ "kind": "unavailable", "seconds": 30, "carried_out": true });
    let fault = json!({ "operation": "GrantAccess", "times": 1, "effect": effect });
    let control = |path: &str| bench.client.post(format!("{}/_lockstep/inlet/{path}", bench.inlet.url()));
    assert_eq!(told(control("faults").json(&fault)).await, (201, json!({ "id": 1 })));
    assert_eq!(status(&bench).await, Some(503));
    let faults = bench.get("/_lockstep/inlet/faults").await.1;
    assert_eq!((&faults[0]["consumed"], &faults[0]["done"]), (&json!(1), &json!(true)));
    let moved = told(control("clock").json(&json!({ "seconds": 60 }))).await;
    assert_eq!((moved.0, &moved.1["now"]), (200, &json!("2027-03-01T09:01:00Z")));
    let wrong = told(control("faults").json(&json!({ "effect": { "kind": "stale_read" } }))).await;
    assert_eq!(wrong.0, 422);
    assert_eq!(bench.get("/_lockstep/inlet").await.1["tokens"][0]["value"], json!(bench.token()));
}
