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

/// Whether an object takes no member but those that it names: each of them,
/// where there are several to choose from.
fn is_closed(document: &Value, schema: &Value) -> bool {
    let named = schema["$ref"].as_str().and_then(|at| document.pointer(at.trim_start_matches('#')));
    let schema = named.unwrap_or(schema);
    match schema["oneOf"].as_array() {
        Some(choices) => !choices.is_empty() && choices.iter().all(|choice| is_closed(document, choice)),
        None => schema["additionalProperties"] == json!(false),
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
    for path in ["/_lockstep", "/_lockstep/openapi.json", "/_lockstep/events"] {
        assert!(paths.contains_key(path), "{path}");
    }
    let no_such_method = &document["components"]["responses"]["NoSuchMethod"];
    assert!(told(&no_such_method["description"]) && no_such_method["headers"]["allow"].is_object());
    assert!(
        told(&document["info"]["description"]) && document["info"]["description"].to_string().contains("405")
    );
    for (path, method, operation) in paths.iter().flat_map(|(path, item)| {
        item.as_object().expect("operations").iter().map(move |(method, one)| (path, method, one))
    }) {
        assert!(told(&operation["summary"]), "{method} {path} has no summary");
        let responses = operation["responses"].as_object().expect("responses");
        assert!(responses.contains_key("403"), "{method} {path} does not say whom it hears");
        assert!(responses.values().all(|response| told(&response["description"])), "{method} {path}");
        for (status, response) in responses {
            let described = ["204", "307"].contains(&status.as_str())
                || response["content"].as_object().is_some_and(|kinds| !kinds.is_empty());
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
            assert!(
                is_closed(&document, schema),
                "{method} {path}: members that nobody knows are not refused"
            );
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
            r#"{"effect": {"kind": "redirect", "to": "elsewhere"}}"#,
            422,
            "`effect.to`: expected an absolute http or https address, or a path that begins with `/`, found \"elsewhere\"",
        ),
        (
            "PUT",
            format!("{base}/callbacks"),
            r#"{"listener": "http://192.0.2.1/hook"}"#,
            422,
            "`listener`: expected an http address of this machine, such as `http://127.0.0.1:9000/hook`, found \"http://192.0.2.1/hook\"",
        ),
        (
            "POST",
            format!("{base}/scenarios"),
            r#"{"name": "lock-goes-ofline"}"#,
            404,
            "`name`: there is no scenario `lock-goes-ofline`; did you mean `lock-goes-offline`?",
        ),
        (
            "POST",
            format!("{base}/scenarios"),
            r#"{"name": "lock-goes-offline", "text": "x"}"#,
            422,
            "`text`: expected no `name` beside it, found one",
        ),
        (
            "POST",
            format!("{base}/scenarios"),
            r#"{"name": "bridge-dies"}"#,
            409,
            "the scenario tells of 1 bridge, the world has 0; make a world with `fleet_of` to get the scenario's own fleet",
        ),
        (
            "POST",
            format!("{}/worlds", simulation.control_url()),
            r#"{"name": "x", "locks": 3, "fleet_of": {"name": "bridge-dies"}}"#,
            422,
            "`fleet_of`: expected neither `locks` nor `groups` beside it, found one of them",
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
async fn a_redirect_leads_to_a_web_address_or_a_path() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let faults = format!("{}/worlds/reference/faults", simulation.control_url());
    for (to, status) in [
        ("http://127.0.0.1:9/elsewhere", 201),
        ("https://vendor.example", 201),
        ("http://[::1]:80/?a=b#c", 201),
        ("/v2/locks", 201),
        ("/", 201),
        ("", 422),
        ("elsewhere", 422),
        ("//evil.example/x", 422),
        ("http://", 422),
        ("http:///x", 422),
        ("http://[::1", 422),
        ("ftp://vendor.example/", 422),
        ("javascript:alert(1)", 422),
        ("/a b", 422),
        ("/a\r\nset-cookie: x", 422),
    ] {
        let body = json!({ "effect": { "kind": "redirect", "to": to } }).to_string();
        assert_eq!(send("POST", faults.clone(), &body).await.0, status, "{to}");
    }
}

#[tokio::test]
async fn who_is_told_is_set_and_taken_away() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = format!("{}/worlds/reference", simulation.control_url());
    let callbacks = format!("{base}/callbacks");
    let (_, before) = send("GET", callbacks.clone(), "").await;
    assert_eq!((&before["supported"], &before["listener"]), (&json!(true), &Value::Null));
    // Nobody listens on port 9; what is sent there is told as not taken.
    let (status, told) = send("PUT", callbacks.clone(), r#"{"listener": "http://127.0.0.1:9/hook"}"#).await;
    assert_eq!((status, &told["listener"]), (200, &json!("http://127.0.0.1:9/hook")));
    assert!(told["secret"].as_str().is_some_and(|secret| secret.len() > 8), "{told}");
    let control = simulation.control("reference").expect("the world");
    control.set_door(&control.locks()[0].id, crate::vendors::vocabulary::Word::Open);
    control.set_battery(&control.locks()[0].id, 3);
    control.set_reachable(&control.locks()[0].id, false);
    assert_eq!(send("POST", format!("{base}/clock"), r#"{"seconds": 60}"#).await.0, 200);
    let (_, sent) = send("GET", callbacks.clone(), "").await;
    assert!(sent["count"].as_u64().is_some_and(|count| count > 0), "{sent}");
    assert_eq!(sent["sent"][0]["taken"], false);
    assert_eq!(send("DELETE", callbacks.clone(), "").await.0, 204);
    let (_, after) = send("GET", callbacks.clone(), "").await;
    assert_eq!((&after["listener"], &after["count"]), (&Value::Null, &sent["count"]));
    // What waited for being sent is sent to nobody.
    assert_eq!(send("POST", format!("{base}/clock"), r#"{"seconds": 86400}"#).await.0, 200);
    assert_eq!(send("GET", callbacks, "").await.1["count"], sent["count"]);
}

#[tokio::test]
async fn a_scenario_of_one_s_own_is_played_and_a_wrong_one_is_told_with_its_place() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = simulation.control_url();
    let text = "schema = \"lockstep.scenario/1\"\ntitle = \"a bridge dies\"\n\n\
        [fleet]\nlocks = 4\ngroups = 1\nbridges = [\"1-4\"]\n\n\
        [[events]]\nafter = \"30 s\"\nthen = { bridge_dies = { bridge = 1 } }\n";
    let own = json!({ "text": text }).to_string();
    // The fixture's fleet has no bridge, so it could not happen there.
    assert_eq!(send("POST", format!("{base}/worlds/reference/scenarios"), &own).await.0, 409);
    let world = json!({ "name": "own", "fleet_of": { "text": text } }).to_string();
    let (status, made) = send("POST", format!("{base}/worlds"), &world).await;
    assert_eq!((status, &made["world"]["locks"]), (201, &json!(4)), "{made}");
    let (status, played) = send("POST", format!("{base}/worlds/own/scenarios"), &own).await;
    assert_eq!((status, &played["title"]), (201, &json!("a bridge dies")), "{played}");
    while send("GET", format!("{base}/worlds/own/clock"), "").await.1["next"].is_null() {
        tokio::task::yield_now().await;
    }
    assert_eq!(send("POST", format!("{base}/worlds/own/clock"), r#"{"seconds": 31}"#).await.0, 200);
    while send("GET", format!("{base}/worlds/own/locks"), "").await.1[0]["reachable"] == true {
        tokio::task::yield_now().await;
    }
    let wrong = json!({ "text": text.replace("30 s", "30 parsecs") }).to_string();
    let (status, told) = send("POST", format!("{base}/worlds/own/scenarios"), &wrong).await;
    let told = told["error"].as_str().expect("an error").to_owned();
    assert!(
        status == 422 && told.starts_with("`text`: expected a scenario, found at line 10, column 9:"),
        "{told}"
    );
    // One that would fill the memory with its repetitions is refused at once.
    let endless = text.replace("after = \"30 s\"", "after = \"1 s\"\nevery = \"1 s\"\nuntil = \"9000 h\"");
    let endless = json!({ "text": endless }).to_string();
    assert_eq!(send("POST", format!("{base}/worlds/own/scenarios"), &endless).await.0, 422);
    let large = json!({ "text": text.replace("locks = 4", "locks = 10001") }).to_string();
    let (status, told) = send("POST", format!("{base}/worlds/own/scenarios"), &large).await;
    assert_eq!(
        (status, &told["error"]),
        (422, &json!("`text`: expected a fleet of 10000 locks at most, found 10001"))
    );
    let long = json!({ "text": "#".repeat(70_000) }).to_string();
    assert_eq!(send("POST", format!("{base}/worlds/own/scenarios"), &long).await.0, 422);
}

#[tokio::test]
async fn a_path_and_a_method_that_are_not_there_are_told() {
    let simulation = Simulation::start(options()).await.expect("a free port");
    let base = simulation.control_url();
    assert_eq!(send("GET", format!("{base}/nowhere"), "").await.0, 404);
    let answer = http().patch(format!("{base}/worlds")).send().await.expect("an answer");
    assert_eq!(answer.status(), 405);
    let allow = answer.headers()["allow"].to_str().expect("text").to_owned();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
    assert!(answer.json::<Value>().await.expect("JSON")["error"].is_string());
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
