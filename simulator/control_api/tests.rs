//! The control API over real sockets.

use std::sync::Once;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::simulator::{Fleet, Pace, Simulation, SimulationOptions, StartError};
use crate::vendors::profile;

fn options() -> SimulationOptions {
    SimulationOptions {
        dialects: vec![profile::load("reference").expect("the embedded profile is right")],
        seed: 3,
        pace: Pace::Manual,
        fleet: Fleet::fixture(),
        listen: ([127, 0, 0, 1], 0).into(),
        remote_control: false,
    }
}

fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::new()
}

async fn send(method: &str, url: String, body: &str) -> (u16, Value) {
    let request = http().request(method.parse().expect("a method"), url).body(body.to_owned());
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or(Value::Null))
}

#[tokio::test]
async fn a_world_is_made_changed_and_removed() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = simulation.control_url();
    let (status, made) =
        send("POST", format!("{base}/worlds"), r#"{"name": "mine", "locks": 3, "groups": 1}"#).await;
    assert_eq!((status, &made["world"]["locks"]), (201, &json!(3)));
    let (status, _) = send("POST", format!("{base}/worlds"), r#"{"name": "mine"}"#).await;
    assert_eq!(status, 409);
    let (_, locks) = send("GET", format!("{base}/worlds/mine/locks"), "").await;
    let lock = locks[0]["id"].as_str().expect("an id");
    let (status, changed) =
        send("PATCH", format!("{base}/worlds/mine/locks/{lock}"), r#"{"reachable": false}"#).await;
    assert_eq!((status, &changed["reachable"]), (200, &json!(false)));
    let (status, moved) = send("POST", format!("{base}/worlds/mine/clock"), r#"{"seconds": 60}"#).await;
    assert_eq!(status, 200, "{moved}");
    let (status, door) =
        send("POST", format!("{base}/worlds/mine/locks/{lock}/keypad"), r#"{"keys": "1"}"#).await;
    assert_eq!((status, &door["opened"]), (200, &json!(false)));
    assert_eq!(send("DELETE", format!("{base}/worlds/mine"), "").await.0, 204);
    assert_eq!(send("GET", format!("{base}/worlds/mine"), "").await.0, 404);
}

#[tokio::test]
async fn pages_of_other_sites_are_not_heard() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let url = format!("{}/worlds", simulation.control_url());
    let foreign = http().get(&url).header("origin", "https://evil.example").send().await.expect("an answer");
    assert_eq!(foreign.status().as_u16(), 403);
    let rebound = http().get(&url).header("host", "evil.example").send().await.expect("an answer");
    assert_eq!(rebound.status().as_u16(), 403);
    assert_eq!(http().get(&url).send().await.expect("an answer").status().as_u16(), 200);
}

#[tokio::test]
async fn every_response_is_described() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let (status, document) = send("GET", format!("{}/openapi.json", simulation.control_url()), "").await;
    assert_eq!(status, 200);
    let paths = document["paths"].as_object().expect("paths");
    assert!(paths.len() >= 11, "{}", paths.len());
    for operation in paths.values().flat_map(|path| path.as_object().expect("operations").values()) {
        for response in operation["responses"].as_object().expect("responses").values() {
            assert!(response["description"].as_str().is_some_and(|text| !text.is_empty()));
        }
    }
}

#[tokio::test]
async fn a_port_in_use_is_told_as_such() {
    let first = Simulation::start(options()).await.expect("a free port");
    let second = Simulation::start(SimulationOptions { listen: first.address(), ..options() }).await;
    assert!(matches!(second.err(), Some(StartError::InUse(address)) if address == first.address()));
}

#[tokio::test]
async fn strangers_land_in_the_lobby() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = simulation.control_url();
    send("POST", format!("{base}/worlds"), r#"{"name": "second"}"#).await;
    let (status, _) =
        send("GET", format!("http://{}/v1/groups?page=1&per_page=5", simulation.address()), "").await;
    assert_eq!(status, 401);
    let (_, lobby) = send("GET", format!("{base}/lobby"), "").await;
    assert_eq!(lobby["entries"].as_array().map(Vec::len), Some(1));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bad_input_never_is_the_servers_fault(
        calls in prop::collection::vec((0usize..9, r#"[ -~]{0,40}"#, -1e300..1e300f64), 1..6)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let simulation = Simulation::start(options()).await.expect("a free port");
            let world = format!("{}/worlds/reference", simulation.control_url());
            for (door, text, number) in calls {
                let quoted = json!(text);
                let (method, url, body) = match door {
                    0 => ("POST", format!("{}/worlds", simulation.control_url()), text.clone()),
                    1 => ("POST", format!("{}/worlds", simulation.control_url()), json!({ "name": text, "clock": text }).to_string()),
                    2 => ("POST", format!("{world}/clock"), json!({ "seconds": number }).to_string()),
                    3 => ("POST", format!("{world}/faults"), format!(r#"{{"effect":{{"kind":{quoted}}}}}"#)),
                    4 => ("POST", format!("{world}/faults"), json!({ "effect": { "kind": "redirect", "to": text }, "probability": number }).to_string()),
                    5 => ("PATCH", format!("{world}/locks/x"), text.clone()),
                    6 => ("GET", format!("{world}/journal?since={}", text.replace(|c: char| !c.is_ascii_alphanumeric(), "%")), String::new()),
                    7 => ("DELETE", format!("{world}/faults/{}", text.replace(|c: char| !c.is_ascii_alphanumeric(), "-")), String::new()),
                    _ => ("PUT", format!("{world}/nowhere"), text.clone()),
                };
                let (status, body) = send(method, url.clone(), &body).await;
                assert!(status < 500, "{method} {url}: {status} {body}");
                assert!(status < 400 || body["error"].is_string(), "{method} {url}: {status} {body}");
            }
        });
    }
}
