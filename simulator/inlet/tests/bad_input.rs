//! Whatever comes is answered clearly, and written down.

use std::net::IpAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::*;

/// Connections that have sent this much, and send no more.
async fn held(bench: &Bench, sent: &str, count: usize) -> Vec<TcpStream> {
    let address = bench.inlet.url().trim_start_matches("http://").to_owned();
    let mut held = Vec::new();
    for _ in 0..count {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(sent.as_bytes()).await.unwrap();
        held.push(stream);
    }
    held
}

/// Lets others do their work until something holds.
async fn settled(bench: &Bench, holds: impl Fn(&[Received]) -> bool) -> Vec<Received> {
    for _ in 0..100_000 {
        let received = bench.control().received();
        if holds(&received) {
            return received;
        }
        tokio::task::yield_now().await;
    }
    panic!("it does not come about: {:?}", bench.control().received());
}

#[tokio::test]
async fn what_is_wrong_is_refused_in_the_published_form() {
    let bench = Bench::new().await;
    let grant = |name: &str, value: Value| with(grant(), name, value).to_string();
    let rows = [
        ("GrantAccess", "{".to_owned(), 400, "no JSON at line 1, column 1"),
        ("GrantAccess", "[]".to_owned(), 400, "found other JSON"),
        ("GrantAccess", "\u{feff}{}".to_owned(), 400, "found a byte order mark"),
        ("GrantAccess", "[".repeat(9_000), 400, "found JSON that is nested too deeply"),
        ("GrantAccess", r#"{"lockId":"\ud800"}"#.to_owned(), 400, "found half of a surrogate pair"),
        ("GrantAccess", r#"{"lockId":1e400}"#.to_owned(), 400, "found a number that is too large"),
        (
            "RevokeAccess",
            r#"{"ReferenceId":"x","ReferenceId":"y"}"#.to_owned(),
            422,
            "`ReferenceId`: expected one value, found several",
        ),
        ("GrantAccess", grant("operation", json!("open")), 422, "`operation`: expected one of `code`"),
        ("GrantAccess", grant("lockId", json!(7)), 422, "`lockId`: expected a text of 1 to 100"),
        (
            "GrantAccess",
            grant("from", json!("2027-03-01T18:50:00")),
            422,
            "`from`: expected a time in RFC 3339",
        ),
        (
            "GrantAccess",
            grant("to", json!("2027-03-01T18:00:00+01:00")),
            422,
            "`to` must be later than `from`",
        ),
        (
            "GrantAccess",
            grant("to", json!("2028-03-05T18:00:00+01:00")),
            422,
            "Exceeded the limit of 367 days",
        ),
        (
            "GrantAccess",
            grant("emial", json!("x")),
            422,
            "a member whose name is not repeated here: no such member; did you mean `email`?",
        ),
        ("UpdateAccess", r#"{"ReferenceId":"x"}"#.to_owned(), 422, "nothing to change"),
        ("RevokeAccess", r#"{"ReferenceId":"x"}"#.to_owned(), 404, "there is no access of this name"),
        ("GrantAcess", "{}".to_owned(), 404, "there is no such path"),
        ("grantaccess", "{}".to_owned(), 404, "there is no such path"),
    ];
    for (number, (path, body, status, why)) in rows.iter().enumerate() {
        let request =
            bench.post(path).header("content-type", "application/json; charset=utf-8").body(body.clone());
        let told = told(request).await;
        assert_eq!(
            (told.0, &told.1["status"], &told.1["code"]),
            (*status, &json!("ERROR"), &json!(status.to_string()))
        );
        assert!(message(&told).contains(why), "{told:?}");
        assert_eq!(bench.control().received().len(), number + 1);
    }
    assert_eq!(bench.locks.asked(), Vec::<String>::new());
    let past = [("from", "2027-02-01T09:00:00Z"), ("to", "2027-03-01T09:00:00Z")];
    let past = past.into_iter().fold(super::grant(), |body, (name, value)| with(body, name, json!(value)));
    assert_eq!(message(&bench.call("GrantAccess", &past).await), "`to` lies in the past");
}

#[tokio::test]
async fn methods_and_media_types_are_held_to_what_is_described() {
    let bench = Bench::new().await;
    let url = format!("{}/GrantAccess", bench.inlet.url());
    let got = bench.client.get(&url).bearer_auth(bench.token()).send().await.unwrap();
    assert_eq!((got.status().as_u16(), got.headers()["allow"].to_str().unwrap()), (405, "POST"));
    let form = bench.post("GrantAccess").header("content-type", "text/plain").body(grant().to_string());
    assert_eq!(told(form).await.0, 415);
    assert_eq!(told(bench.post("GrantAccess").body(grant().to_string())).await.0, 415);
}

#[tokio::test]
async fn who_calls_and_from_where_is_held_to_the_token() {
    let bench = Bench::new().await;
    let url = format!("{}/GrantAccess", bench.inlet.url());
    let bare = bench.client.post(&url).json(&grant()).send().await.unwrap();
    assert_eq!(
        (bare.status().as_u16(), bare.headers()["www-authenticate"].to_str().unwrap()),
        (401, "Bearer")
    );
    assert_eq!(told(bench.client.post(&url).bearer_auth("wrong").json(&grant())).await.0, 401);
    let in_address = bench.client.post(format!("{url}?token={}", bench.token())).json(&grant());
    assert_eq!(told(in_address).await.0, 401);
    let elsewhere = IpAddr::from([127, 0, 0, 2]);
    let elsewhere = reqwest::Client::builder().no_proxy().local_address(elsewhere).build().unwrap();
    assert_eq!(told(elsewhere.post(&url).bearer_auth(bench.token()).json(&grant())).await.0, 403);
    assert_eq!(bench.locks.asked(), Vec::<String>::new());
    assert!(bench.control().replace_token("customer", crate::vendors::vocabulary::Secret::new("renewed")));
    assert_eq!(told(bench.client.post(&url).bearer_auth("renewed").json(&grant())).await.0, 200);
}

#[tokio::test]
async fn ten_megabytes_are_refused_and_not_kept() {
    let bench = Bench::new().await;
    let huge = with(grant(), "reference", json!("x".repeat(10 << 20)));
    let told = bench.call("GrantAccess", &huge).await;
    assert_eq!((told.0, message(&told)), (413, "the body: expected 65536 bytes at most, found more"));
    let received = bench.control().received();
    assert!(received[0].note().is_some_and(|note| note.contains("is not kept")), "{received:?}");
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 200);
}

#[tokio::test]
async fn a_thousand_connections_hold_nobody_up() {
    let bench = Bench::new().await;
    let address = bench.inlet.url().trim_start_matches("http://").to_owned();
    let mut open = Vec::new();
    for _ in 0..1_000 {
        open.push(tokio::net::TcpStream::connect(&address).await.unwrap());
    }
    let calls = (0..50).map(|number| {
        let grant = with(grant(), "lockId", json!(format!("L-{number}")));
        let bench = &bench;
        async move { bench.call("GrantAccess", &grant).await.0 }
    });
    let statuses = futures::future::join_all(calls).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(
        (open.len(), bench.control().received().len(), bench.control().accesses().len()),
        (1_000, 50, 50)
    );
}

#[tokio::test]
async fn a_clock_that_jumps_loses_nothing() {
    let bench = Bench::new().await;
    let id = reference(&bench.call("GrantAccess", &grant()).await);
    bench.control().advance(seconds(400 * 86_400)).await;
    assert_eq!(message(&bench.call("GrantAccess", &grant()).await), "`to` lies in the past");
    assert_eq!(bench.call("RevokeAccess", &json!({ "ReferenceId": id })).await.0, 200);
    bench.control().clock().run(1_000.0);
    bench.control().clock().stop();
    assert_eq!((bench.control().received().len(), bench.control().dropped()), (3, 0));
}

#[tokio::test]
async fn who_sends_slowly_or_breaks_off_holds_nobody_up_and_grants_nothing() {
    let bench = Bench::new().await;
    let head = format!(
        "POST /GrantAccess HTTP/1.1\r\nhost: inlet\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n",
        bench.token()
    );
    // The body is whole but for the one byte that is announced and never comes.
    let whole = grant().to_string();
    let part = format!("{head}content-length: {}\r\n\r\n{whole}", whole.len() + 1);
    let (heads, parts) = (held(&bench, &head, 50).await, held(&bench, &part, 50).await);
    let mut noise = held(&bench, "\u{1}\u{2} no HTTP\r\n\r\n", 1).await;
    for number in 0..20 {
        let grant = with(grant(), "lockId", json!(format!("L-{number}")));
        assert_eq!(bench.call("GrantAccess", &grant).await.0, 200);
    }
    assert_eq!(bench.control().received().len(), 20);
    let mut told = Vec::new();
    noise[0].read_to_end(&mut told).await.unwrap();
    assert!(told.starts_with(b"HTTP/1.1 400 "), "{}", String::from_utf8_lossy(&told));
    drop((heads, parts));
    let received = settled(&bench, |all| all.iter().filter(|one| one.ended().is_some()).count() == 70).await;
    let broken: Vec<&Received> = received.iter().filter(|one| !one.arrived()).collect();
    assert_eq!((broken.len(), bench.locks.asked().len(), bench.control().accesses().len()), (50, 20, 20));
    for one in broken {
        let note = one.note().unwrap_or_default();
        assert!(note.starts_with("the connection ended within the body, after "), "{note}");
        assert_eq!((one.sent(), one.request().map(|read| read.is_err())), (Sent::Nothing, Some(true)));
    }
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 200);
}

#[tokio::test]
async fn a_thousand_calls_at_once_are_all_answered_and_written_down() {
    let bench = Bench::new().await;
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
    let calls = (0..1_000).map(|number| {
        let grant = with(grant(), "lockId", json!(format!("L-{number}")));
        let url = format!("{}/GrantAccess", bench.inlet.url());
        let call = client.post(url).bearer_auth(bench.token()).json(&grant);
        async move { told(call).await.0 }
    });
    let statuses = futures::future::join_all(calls).await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    let locks: std::collections::BTreeSet<_> =
        bench.control().accesses().into_iter().map(|access| access.lock).collect();
    assert_eq!((locks.len(), bench.control().received().len(), bench.control().dropped()), (1_000, 1_000, 0));
}

#[tokio::test]
async fn who_hammers_fills_no_memory_and_what_is_forgotten_is_told() {
    const CALLS: usize = 560;
    let bench = Bench::new().await;
    let long = with(grant(), "reference", json!("x".repeat(60_000)));
    for _ in 0..CALLS {
        assert_eq!(bench.call("GrantAccess", &long).await.0, 422);
    }
    let received = bench.control().received();
    let kept: usize = received.iter().map(|one| one.exposed().body.len()).sum();
    let dropped = usize::try_from(bench.control().dropped()).unwrap();
    assert!(dropped > 0 && kept <= 32 << 20, "{dropped} dropped, {kept} bytes kept");
    assert_eq!(received.len() + dropped, CALLS);
    let (_, journal) = bench.get("/_lockstep/inlet/journal?limit=1").await;
    assert_eq!((&journal["dropped"], &journal["last"]), (&json!(dropped), &json!(CALLS)));
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 200);
}

#[tokio::test]
async fn time_does_not_run_backwards() {
    let bench = Bench::new().await;
    let clock = format!("{}/_lockstep/inlet/clock", bench.inlet.url());
    let before = bench.control().clock().now();
    for (call, expected) in [
        (bench.client.post(&clock).json(&json!({ "seconds": -5 })), "`seconds`: expected a number of 0 to"),
        (bench.client.post(&clock).json(&json!({ "seconds": 1e12 })), "`seconds`: expected a number of 0 to"),
        (bench.client.put(&clock).json(&json!({ "factor": -1 })), "`factor`: expected a number of 0 to"),
    ] {
        let told = told(call).await;
        assert!(told.0 == 422 && told.1["error"].as_str().unwrap().starts_with(expected), "{told:?}");
    }
    assert_eq!(bench.control().clock().now(), before);
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 200);
}
