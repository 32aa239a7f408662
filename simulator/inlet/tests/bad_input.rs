//! Whatever comes is answered clearly, and written down.

use std::net::IpAddr;

use super::*;

#[tokio::test]
async fn what_is_wrong_is_refused_in_the_published_form() {
    let bench = Bench::new().await;
    let grant = |name: &str, value: Value| with(grant(), name, value).to_string();
    let rows = [
        ("GrantAccess", "{".to_owned(), 400, "no JSON at line 1, column 1"),
        ("GrantAccess", "[]".to_owned(), 400, "found other JSON"),
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
        ("GrantAccess", grant("emial", json!("x")), 422, "`emial`: no such member; did you mean `email`?"),
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
