//! The page and its stream over real sockets.

use std::sync::Once;
use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value, json};

use crate::simulator::{Fleet, Pace, Simulation, SimulationOptions};
use crate::vendors::profile;

async fn simulation(fleet: Fleet) -> Simulation {
    let options = SimulationOptions {
        dialects: vec![profile::load("reference").expect("the embedded profile is right")],
        seed: 3,
        pace: Pace::Manual,
        fleet,
        listen: ([127, 0, 0, 1], 0).into(),
        remote_control: false,
    };
    Simulation::start(options).await.expect("a free port")
}

fn http() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::new()
}

/// An event as it came.
#[derive(Debug)]
struct Told {
    name: String,
    id: String,
    data: Value,
}

/// A reader of a world's stream.
struct Reader {
    response: futures::stream::BoxStream<'static, reqwest::Result<axum::body::Bytes>>,
    text: String,
}

impl Reader {
    async fn open(simulation: &Simulation, query: &str, last: Option<&str>) -> Self {
        Self::at(format!("{}/worlds/reference/events{query}", simulation.control_url()), last).await
    }

    async fn at(url: String, last: Option<&str>) -> Self {
        let mut request = http().get(url);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response: response.bytes_stream().boxed(), text: String::new() }
    }

    /// The next event; comments are passed over. A stream that stays silent fails the test.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                let field = |name: &str| {
                    let lines = block.lines().filter_map(|line| line.strip_prefix(name));
                    lines.map(str::trim_start).collect::<String>()
                };
                if field("event:").is_empty() {
                    continue;
                }
                let data = serde_json::from_str(&field("data:")).expect("JSON");
                return Some(Told { name: field("event:"), id: field("id:"), data });
            }
            let next = tokio::time::timeout(Duration::from_secs(20), self.response.next());
            let piece = next.await.expect("the stream is silent")?;
            self.text.push_str(std::str::from_utf8(&piece.expect("bytes")).expect("text"));
        }
    }

    /// The next event of that name.
    async fn await_event(&mut self, name: &str) -> Told {
        loop {
            let told = self.next().await.expect("the stream has ended");
            if told.name == name {
                return told;
            }
        }
    }

    /// Reads until something is the case.
    async fn await_data(&mut self, name: &str, holds: impl Fn(&Value) -> bool) -> Told {
        loop {
            let told = self.await_event(name).await;
            if holds(&told.data) {
                return told;
            }
        }
    }
}

#[tokio::test]
async fn a_reader_gets_everything_once_and_then_what_changes() {
    let simulation = simulation(Fleet::fixture()).await;
    let mut reader = Reader::open(&simulation, "", None).await;
    let mut first = Vec::new();
    for _ in 0..9 {
        first.push(reader.next().await.expect("an event").name);
    }
    assert_eq!(
        first,
        ["anew", "worlds", "clock", "fleet", "faults", "scenarios", "callbacks", "happened", "journal"]
    );
    let control = simulation.control("reference").expect("the world");
    let lock = control.locks()[2].id.clone();
    control.set_reachable(&lock, false);
    let fleet = reader.await_data("fleet", |fleet| fleet["census"]["unreachable"] == 2).await.data;
    assert_eq!(fleet["rows"][2]["lock"]["reachable"], false);
    assert_eq!((&fleet["pages"], &fleet["matching"]), (&json!(3), &json!(130)));
    let happened = reader.await_event("happened").await;
    assert_eq!(happened.data["events"][0]["what"], format!("lock {lock} cannot be reached"));
    assert!(happened.id.ends_with("-0-1"), "{}", happened.id);
}

#[tokio::test]
async fn a_call_of_the_vendor_is_told_with_its_secrets_masked() {
    let simulation = simulation(Fleet::fixture()).await;
    let control = simulation.control("reference").expect("the world");
    let mut reader = Reader::open(&simulation, "", None).await;
    reader.await_event("journal").await;
    let secrets = control.secrets();
    let form: Vec<(&str, &str)> = std::iter::once(("grant_type", "client_credentials"))
        .chain(secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose())))
        .collect();
    let url = simulation.server_url("reference", "identity").expect("a server");
    let token = http().post(format!("{url}/oauth2/token")).form(&form).send().await.expect("an answer");
    let token: Value = token.json().await.expect("JSON");
    let told = reader.await_event("journal").await;
    assert_eq!(told.data["entries"][0]["operation"], "get_token");
    assert!(told.id.ends_with("-1-0"), "{}", told.id);
    let text = told.data.to_string();
    assert!(!text.contains(token["access_token"].as_str().expect("a token")), "{text}");
    for (_, secret) in &secrets {
        assert!(!text.contains(secret.expose()), "{text}");
    }
}

/// Which making of the world a stream tells of.
async fn making(simulation: &Simulation) -> String {
    let told = Reader::open(simulation, "", None).await.await_event("happened").await;
    told.id.split('-').next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_world_of_the_same_name_is_another_one() {
    let (first, second) = (simulation(Fleet::fixture()).await, simulation(Fleet::fixture()).await);
    let place = format!("{}-0-0", making(&first).await);
    // The same place is known here, and not in a world of the same name elsewhere.
    let mut same = Reader::open(&first, "", Some(&place)).await;
    assert_eq!(same.next().await.expect("an event").name, "worlds");
    let mut other = Reader::open(&second, "", Some(&place)).await;
    assert_eq!(other.next().await.expect("an event").name, "anew");
}

#[tokio::test]
async fn worlds_that_come_and_go_are_told_to_all() {
    let simulation = simulation(Fleet::sized(2, 1)).await;
    let control = simulation.control_url();
    let mut watching = Reader::open(&simulation, "", None).await;
    let mut waiting = Reader::at(format!("{control}/events"), None).await;
    let names = |told: &Value| {
        let worlds = told["worlds"].as_array().expect("worlds").iter();
        worlds.map(|world| world["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    for reader in [&mut watching, &mut waiting] {
        assert_eq!(names(&reader.await_event("worlds").await.data), ["reference"]);
    }
    let made = http().post(format!("{control}/worlds")).body(r#"{"name": "another", "locks": 1}"#).send();
    assert_eq!(made.await.expect("an answer").status(), 201);
    for reader in [&mut watching, &mut waiting] {
        assert_eq!(names(&reader.await_event("worlds").await.data), ["another", "reference"]);
    }
    for world in ["another", "reference"] {
        let gone = http().delete(format!("{control}/worlds/{world}")).send().await;
        assert_eq!(gone.expect("an answer").status(), 204);
    }
    watching.await_event("gone").await;
    waiting.await_data("worlds", |told| told["in_all"] == 0).await;
}

#[tokio::test]
async fn a_reader_that_comes_back_goes_on_where_it_was() {
    let simulation = simulation(Fleet::fixture()).await;
    let control = simulation.control("reference").expect("the world");
    let lock = control.locks()[0].id.clone();
    for _ in 0..3 {
        control.keypad(&lock, "1");
    }
    let making = making(&simulation).await;
    let mut reader = Reader::open(&simulation, "", Some(&format!("{making}-0-2"))).await;
    assert_eq!(reader.next().await.expect("an event").name, "worlds", "nothing is told to be new");
    let happened = reader.await_event("happened").await.data;
    let numbers: Vec<_> =
        happened["events"].as_array().expect("events").iter().map(|one| &one["number"]).collect();
    assert_eq!((numbers, &happened["skipped"]), (vec![&json!(3)], &json!(0)));
    for _ in 0..200 {
        control.keypad(&lock, "1");
    }
    // More than is told at once: the youngest, and how many are left out.
    let mut late = Reader::open(&simulation, &format!("?after={making}-0-3"), None).await;
    let happened = late.await_event("happened").await.data;
    assert_eq!(happened["events"].as_array().map(Vec::len), Some(50));
    assert_eq!(happened["skipped"], 150);
    // A world that was made anew has other numbers, and whoever reads is told.
    control.reset();
    late.await_event("anew").await;
    let mut anew = Reader::open(&simulation, "", Some(&format!("{making}-0-203"))).await;
    assert_eq!(anew.next().await.expect("an event").name, "anew");
    assert_eq!(anew.await_event("happened").await.data["events"], json!([]));
}

#[tokio::test]
async fn a_reader_that_never_reads_holds_nobody_up() {
    let simulation = simulation(Fleet::sized(5_000, 100)).await;
    let control = simulation.control("reference").expect("the world");
    let silent = Reader::open(&simulation, "", None).await;
    let locks = control.locks();
    let began = std::time::Instant::now();
    for lock in &locks {
        control.set_reachable(&lock.id, false);
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    let mut reader = Reader::open(&simulation, "?only=unreachable&text=door%205000", None).await;
    let fleet = reader.await_event("fleet").await.data;
    assert_eq!((&fleet["matching"], &fleet["rows"][0]["lock"]["name"]), (&json!(1), &json!("Door 5000")));
    drop(silent);
}

#[tokio::test]
async fn what_happens_by_itself_on_a_running_clock_is_told_too() {
    let simulation = simulation(Fleet::fixture()).await;
    let base = format!("{}/worlds/reference", simulation.control_url());
    let mut reader = Reader::open(&simulation, "", None).await;
    reader.await_event("journal").await;
    let play = http().post(format!("{base}/scenarios")).body(r#"{"name": "lock-goes-offline"}"#);
    assert_eq!(play.send().await.expect("an answer").status(), 201);
    let told = reader.await_data("scenarios", |plays| plays[0]["over"] == false).await.data;
    assert!(told[0]["title"].is_string());
    let run = http().put(format!("{base}/clock")).body(r#"{"factor": 1000000}"#);
    assert_eq!(run.send().await.expect("an answer").status(), 200);
    reader.await_data("clock", |clock| clock["factor"] == 1_000_000.0).await;
    reader.await_data("scenarios", |plays| plays[0]["over"] == true).await;
}

#[tokio::test]
async fn a_world_that_is_removed_ends_its_streams() {
    let simulation = simulation(Fleet::fixture()).await;
    let mut reader = Reader::open(&simulation, "", None).await;
    let gone = http().delete(format!("{}/worlds/reference", simulation.control_url())).send().await;
    assert_eq!(gone.expect("an answer").status(), 204);
    reader.await_event("gone").await;
    assert!(reader.next().await.is_none());
}

#[tokio::test]
async fn pages_of_other_sites_see_neither_page_nor_stream() {
    let simulation = simulation(Fleet::fixture()).await;
    let console = simulation.console_url();
    let stream = format!("{}/worlds/reference/events", simulation.control_url());
    for url in [&console, &stream] {
        for (name, value) in [
            ("origin", "https://evil.example"),
            ("host", "evil.example"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = http().get(url.as_str()).header(name, value).send().await.expect("an answer");
            assert_eq!(answer.status(), 403, "{url} {name}: {value}");
        }
    }
    // A link that a person follows shows the page, and no page can put it into a frame.
    let followed = http()
        .get(&console)
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    let page = followed.send().await.expect("an answer");
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    let posted = http()
        .post(format!("{}/worlds/reference/reset", simulation.control_url()))
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    assert_eq!(posted.send().await.expect("an answer").status(), 403);
}

#[tokio::test]
async fn without_scripts_the_page_shows_a_snapshot_and_hides_what_is_hostile() {
    let simulation = simulation(Fleet::fixture()).await;
    let name = format!(
        "{}/w/reference/%3Cscript%3Ealert(1)%3C/script%3E",
        simulation.control_url().replace("/_lockstep", "")
    );
    http().get(name).send().await.expect("an answer");
    let page = http().get(format!("{}?page=3", simulation.console_url())).send().await.expect("an answer");
    let text = page.text().await.expect("text");
    let snapshot = text
        .split("<noscript>")
        .nth(1)
        .and_then(|rest| rest.split("</noscript>").next())
        .expect("a snapshot");
    for expected in ["needs JavaScript", "130 locks", "page 3 of 3", "Door 130", "Previous page"] {
        assert!(snapshot.contains(expected), "{expected}: {snapshot}");
    }
    assert!(!snapshot.contains("<script>"), "{snapshot}");
    assert!(
        !text.contains("http://") || !text.contains("https://"),
        "nothing of the page comes from elsewhere"
    );
}
