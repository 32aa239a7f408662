//! The control API over real sockets.

use std::sync::Once;
use std::time::Duration;

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

/// Every object of a document, with its place.
fn each<'a>(place: String, value: &'a Value, visit: &mut dyn FnMut(&str, &'a Value)) {
    visit(&place, value);
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, value)| each(format!("{place}/{name}"), value, visit));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, value)| each(format!("{place}/{at}"), value, visit));
        }
        _ => {}
    }
}

#[tokio::test]
async fn everything_is_described() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let (status, document) = send("GET", format!("{}/openapi.json", simulation.control_url()), "").await;
    assert_eq!(status, 200);
    let told = |value: &Value| value.as_str().is_some_and(|text| text.len() > 1);
    let paths = document["paths"].as_object().expect("paths");
    assert!(paths.len() >= 20, "{}", paths.len());
    for (path, method, operation) in paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("operations").iter().map(move |(method, one)| (path, method, one))
    }) {
        assert!(told(&operation["summary"]), "{method} {path} has no summary");
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.contains_key("403"), "{method} {path} does not say whom it hears");
        assert!(responses.values().all(|response| told(&response["description"])), "{method} {path}");
        for (status, response) in responses {
            let described =
                status == "204" || response["content"].as_object().is_some_and(|kinds| !kinds.is_empty());
            assert!(described, "{method} {path}: {status} has no body described");
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            assert!(told(&parameter["description"]), "{method} {path}: {parameter}");
        }
        if operation["requestBody"].is_object() {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let schema =
                body.as_str().and_then(|at| document.pointer(at.trim_start_matches('#'))).expect("a schema");
            assert!(schema["example"].is_object(), "{method} {path}: its body has no example");
            assert_eq!(schema["additionalProperties"], json!(false), "{method} {path}");
            for status in ["413", "422"] {
                assert!(responses.contains_key(status), "{method} {path}: {status}");
            }
        }
    }
    each(String::new(), &document["components"]["schemas"], &mut |place, value| {
        for (name, property) in value["properties"].as_object().into_iter().flatten() {
            let is_tag = property["enum"].as_array().is_some_and(|words| words.len() == 1);
            let described = told(&property["description"]) || told(&property["oneOf"][0]["description"]);
            assert!(is_tag || described, "{place}: `{name}` is not described: {property}");
        }
    });
}

#[tokio::test]
async fn refusals_name_the_member_what_was_expected_and_what_was_found() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = format!("{}/worlds/reference", simulation.control_url());
    let (_, locks) = send("GET", format!("{base}/locks"), "").await;
    let lock = format!("{base}/locks/{}", locks[0]["id"].as_str().expect("an id"));
    for (method, url, body, status, told) in [
        (
            "PATCH",
            lock.clone(),
            r#"{"battery": 700}"#,
            422,
            "`battery`: expected a whole number of 0 to 100, found 700",
        ),
        (
            "PATCH",
            lock.clone(),
            r#"{"door": "locked"}"#,
            422,
            "`door`: expected `open`, `closed`, `ajar` or `forced`, found \"locked\"",
        ),
        (
            "PATCH",
            lock.clone(),
            r#"{"reachabel": true}"#,
            422,
            "`reachabel`: no such member; did you mean `reachable`?",
        ),
        (
            "POST",
            format!("{lock}/keypad"),
            "{}",
            422,
            "`keys`: expected the keys that are typed, found nothing",
        ),
        (
            "POST",
            format!("{base}/clock"),
            r#"{"seconds": -1}"#,
            422,
            "`seconds`: expected a number of 0 to 315576000, found -1",
        ),
        (
            "PUT",
            format!("{base}/clock"),
            r#"{"factor": "x10"}"#,
            422,
            "`factor`: expected a number of 0 to 1000000, found \"x10\"",
        ),
        (
            "POST",
            format!("{base}/faults"),
            r#"{"effect": {"kind": "status", "status": 42}}"#,
            422,
            "`effect.status`: expected a whole number of 200 to 599, found 42",
        ),
        (
            "POST",
            format!("{base}/faults"),
            r#"{"operation": "set_pim", "effect": {"kind": "html"}}"#,
            404,
            "`operation`: the vendor has no operation `set_pim`; did you mean `set_pin`?",
        ),
        (
            "GET",
            format!("{base}/locks?limit=0"),
            "",
            422,
            "`limit`: expected a whole number of 1 to 1000, found \"0\"",
        ),
        ("GET", format!("{base}/locks?limt=5"), "", 422, "`limt`: no such parameter; did you mean `limit`?"),
        (
            "GET",
            format!("{base}/locks/%FF"),
            "",
            404,
            "there is no control door `/_lockstep/worlds/reference/locks/%FF`",
        ),
    ] {
        let (found, answer) = send(method, url.clone(), body).await;
        assert_eq!((found, &answer["error"]), (status, &json!(told)), "{method} {url} {body}");
    }
    let long = format!(r#"{{"keys": "{}"}}"#, "1".repeat(2 << 20));
    assert_eq!(send("POST", format!("{lock}/keypad"), &long).await.0, 413);
}

#[tokio::test]
async fn a_clock_is_let_run_stopped_and_moved_to_what_is_next() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = format!("{}/worlds/reference", simulation.control_url());
    let clock = format!("{base}/clock");
    let (_, stands) = send("GET", clock.clone(), "").await;
    assert_eq!((&stands["factor"], &stands["next"]), (&json!(0.0), &Value::Null));
    assert_eq!(send("POST", format!("{clock}/next"), "").await.0, 409);
    assert_eq!(send("POST", format!("{base}/scenarios"), r#"{"name": "lock-goes-offline"}"#).await.0, 201);
    // The scenario waits for its first moment as soon as it is its turn.
    while send("GET", clock.clone(), "").await.1["next"].is_null() {
        tokio::task::yield_now().await;
    }
    let (_, before) = send("GET", clock.clone(), "").await;
    let (status, moved) = send("POST", format!("{clock}/next"), "").await;
    assert_eq!((status, &moved["now"]), (200, &before["next"]));
    assert_eq!(send("PUT", clock.clone(), r#"{"factor": 60}"#).await.1["factor"], json!(60.0));
    assert_eq!(send("POST", clock.clone(), r#"{"seconds": 1}"#).await.0, 409);
    assert_eq!(send("PUT", clock.clone(), r#"{"factor": 0}"#).await.1["factor"], json!(0.0));
    assert_eq!(send("POST", clock, r#"{"seconds": 1}"#).await.0, 200);
}

#[tokio::test]
async fn pins_are_masked_unless_they_are_asked_for() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = format!("{}/worlds/reference", simulation.control_url());
    let vendor = simulation.server_url("reference", "api").expect("a server");
    let control = simulation.control("reference").expect("the world");
    let mut form = vec![("grant_type".to_owned(), "client_credentials".to_owned())];
    form.extend(control.secrets().into_iter().map(|(name, secret)| (name, secret.expose().to_owned())));
    let token = http().post(format!("{vendor}/oauth2/token")).form(&form).send().await.expect("an answer");
    let token: Value = token.json().await.expect("JSON");
    let bearer = token["access_token"].as_str().expect("a token").to_owned();
    let put = async |method: &str, path: &str, body: Value| -> Value {
        let request = http().request(method.parse().expect("a method"), format!("{vendor}{path}"));
        let request = request.bearer_auth(&bearer).header("idempotency-key", path).json(&body);
        request.send().await.expect("an answer").json().await.expect("JSON")
    };
    let lock = control.locks()[0].id.clone();
    let now = control.clock().now().floor(Duration::from_secs(60));
    let end = now + Duration::from_secs(48 * 3600);
    let user = put("PUT", "/v1/users/ada", json!({ "name": "Ada", "email": "ada@example.org" })).await;
    let stay = json!({ "name": "stay", "lock_id": lock.as_str(), "valid_from": now.to_string(), "valid_until": end.to_string() });
    let access =
        put("POST", &format!("/v1/users/{}/access", user["id"].as_str().expect("an id")), stay).await;
    let path = format!("/v1/access/{}/pin", access["id"].as_str().expect("an id"));
    put("PUT", &path, json!({ "pin": "482137" })).await;
    let url = format!("{base}/locks/{lock}/credentials");
    assert_eq!(send("GET", url.clone(), "").await.1[0]["keys"], "‹pin›");
    assert_eq!(send("GET", format!("{url}?reveal=true"), "").await.1[0]["keys"], "482137#");
    let (_, journal) = send("GET", format!("{base}/journal"), "").await;
    assert!(!journal.to_string().contains("482137") && journal.to_string().contains("‹pin›"), "{journal}");
    assert!(!journal.to_string().contains(&bearer), "{journal}");
    let (_, journal) = send("GET", format!("{base}/journal?reveal=true"), "").await;
    assert!(journal.to_string().contains("482137"), "{journal}");
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
