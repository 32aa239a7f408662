//! The doctor's figure: configuration faults, injected one by one over real
//! sockets, must each be told under the right heading, and `certify` must never
//! hold one against the subject. And the reverse: a healthy configuration gives
//! no finding, and what the subject does wrong is not blamed on it.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot go on fails its test"
)]

mod servers;
mod setup;

use std::sync::Arc;

use axum::response::Response;
use futures::StreamExt as _;
use futures::future::BoxFuture;
use serde_json::Value;

use servers::{After, Authority, Before, answer};
use setup::Setup;

/// Makes a healthy configuration wrong in one way.
type Break = for<'a> fn(&'a mut Setup) -> BoxFuture<'a, ()>;

/// One fault, and the heading under which it must be told.
struct Fault {
    name: &'static str,
    heading: &'static str,
    /// The profile of the vendor whose configuration is wrong.
    profile: &'static str,
    /// The criteria that rest on what is wrong, where a run is made all the same.
    rests: Option<&'static str>,
    inject: Break,
}

macro_rules! faults {
    ($($name:literal, $heading:literal $(, on $profile:literal)? $(, run $rests:literal)? => |$setup:ident| $inject:expr;)+) => {
        vec![$(Fault {
            name: $name,
            heading: $heading,
            profile: [$($profile,)? "reference"][0],
            rests: [$($rests)?].first().copied(),
            inject: |$setup| Box::pin(async move { $inject; }),
        },)+]
    };
}

fn as_it_is() -> After {
    Arc::new(|_| {})
}

fn nothing() -> Before {
    Arc::new(|_, _| None)
}

/// Answers every request alike.
fn always(status: u16, kind: &'static str, body: &'static str) -> Before {
    Arc::new(move |_, _| Some(answer(status, kind, body)))
}

/// Answers requests whose path holds this in one way, and passes on the rest.
fn only(path: &'static str, status: u16, body: &'static str) -> Before {
    Arc::new(move |_, request| {
        request.uri().path().contains(path).then(|| answer(status, "application/json", body))
    })
}

/// The same with a page for people.
fn page_at(path: &'static str, status: u16, page: &'static str) -> Before {
    Arc::new(move |_, request| request.uri().path().contains(path).then(|| answer(status, "text/html", page)))
}

/// Answers what would change something, and passes on what only reads.
fn writing(status: u16, kind: &'static str, body: &'static str) -> Before {
    Arc::new(move |_, request| {
        let writes = request.uri().path().contains("/v1/") && request.method() != "GET";
        writes.then(|| answer(status, kind, body))
    })
}

/// Sends every request to its own path with something around it.
fn around(before: &'static str, after: &'static str) -> Before {
    Arc::new(move |_, request| {
        let to = format!("{before}{}{after}", request.uri().path());
        Some(Response::builder().status(301).header("location", to).body(Default::default()).unwrap())
    })
}

/// Sends every request elsewhere.
fn redirect(to: &'static str) -> Before {
    Arc::new(move |_, _| {
        Some(Response::builder().status(302).header("location", to).body(Default::default()).unwrap())
    })
}

fn shifted(seconds: i64) -> After {
    Arc::new(move |response| {
        let now = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        response.headers_mut().insert("date", date.parse().unwrap());
    })
}

async fn over_tls(setup: &mut Setup, name: &str, years: (i32, i32), trusted: bool) {
    let authority = Authority::new();
    let port = authority.serve(name, years, setup.upstream()).await;
    setup.at(format!("https://localhost:{port}"));
    let file = std::env::temp_dir().join(format!("lockstep-doctor-{port}.pem"));
    let known = if trusted { authority } else { Authority::new() };
    std::fs::write(&file, known.pem()).unwrap();
    setup.environment.push(("SSL_CERT_FILE".to_owned(), file.display().to_string()));
}

const FOREVER: (i32, i32) = (2020, 2120);
const FORBIDDEN: &str =
    r#"{ "error": { "code": "forbidden", "message": "the scope locks:read is missing" } }"#;
const UNAUTHORIZED: &str = r#"{ "error": { "code": "unauthorized", "message": "no such client here" } }"#;
const EXPIRED: &str = r#"{ "error": { "code": "unauthorized", "message": "the credentials have expired" } }"#;
const SKEWED: &str =
    r#"{ "error": { "code": "unauthorized", "message": "the request's timestamp is out of range" } }"#;
const INVALID_CLIENT: &str = r#"{ "error": "invalid_client" }"#;
const TOO_MANY: &str = r#"{ "error": { "code": "rate_limited", "message": "too many calls" } }"#;
const ELSEWHERE: &str =
    r#"{ "error": { "code": "forbidden", "message": "IP address 192.0.2.7 is not on the allowlist" } }"#;
const UNPAID: &str = r#"{ "error": "subscription required" }"#;
const NO_ROLE: &str = r#"{ "detail": "role guest cannot do this" }"#;
const NO_HOLDER: &str = r#"{ "error": "Not found", "errorDescription": "no such lock holder" }"#;
const WRONG_SCOPE: &str = r#"{ "error": "Forbidden", "errorDescription": "Wrong scope" }"#;
const MAINTENANCE: &str = "<!doctype html><html><h1>Down for maintenance</h1>We will be back at noon.</html>";
const BAD_GATEWAY: &str = "<html><head><title>502 Bad Gateway</title></head></html>";
const LOGIN: &str = "<!doctype html><html><form><input type=\"password\"></form></html>";

fn too_many() -> Response {
    let mut response = answer(429, "application/json", TOO_MANY);
    response.headers_mut().insert("retry-after", "3600".parse().unwrap());
    response
}

#[rustfmt::skip]
fn faults() -> Vec<Fault> {
    faults! {
        "a credential that is not given", "subject_file" => |setup| setup.environment.push(("DOCTOR_CLIENT_SECRET".to_owned(), String::new()));
        "a typo in the subject file", "subject_file" => |setup| setup.edit = |text| text.replace("offline =", "ofline =");
        "a name without an address", "dns" => |setup| setup.at("http://api.lockstep.invalid");
        "a token server's name without an address", "dns" => |setup| setup.servers.insert("identity".to_owned(), "http://id.lockstep.invalid".to_owned());
        "a port where nobody listens", "connection" => |setup| setup.at(format!("http://{}", servers::closed()));
        "a black hole", "connection" => |setup| { setup.timeouts.0 = 1; setup.at(format!("http://{}", servers::black_hole())) };
        "a server that never answers", "connection" => |setup| { setup.timeouts = (1, 1, 2); setup.at(format!("http://{}", servers::mute())) };
        "a server that hangs up", "connection" => |setup| setup.at(format!("http://{}", servers::raw(drop)));
        "a server of another protocol", "connection" => |setup| setup.at(format!("http://{}", servers::says(b"SSH-2.0-OpenSSH_9.9\r\n")));
        "an expired certificate", "tls" => |setup| over_tls(setup, "localhost", (2020, 2021), true).await;
        "a certificate for later", "tls" => |setup| over_tls(setup, "localhost", (2100, 2120), true).await;
        "a certificate for another host", "tls" => |setup| over_tls(setup, "api.vendor.example", FOREVER, true).await;
        "a certificate of an unknown authority", "tls" => |setup| over_tls(setup, "localhost", FOREVER, false).await;
        "plain HTTP on a port of TLS", "tls" => |setup| { over_tls(setup, "localhost", FOREVER, true).await; let address = setup.servers["api"].replace("https", "http"); setup.at(address) };
        "TLS on a port of plain HTTP", "tls" => |setup| { let address = setup.upstream().replace("http", "https"); setup.at(address) };
        "a version of TLS that is too old", "tls" => |setup| setup.at(format!("https://{}", servers::says(&[21, 3, 1, 0, 2, 2, 70])));
        "a redirect to another host", "redirect" => |setup| setup.meddle(redirect("http://api2.vendor.example/v1"), as_it_is()).await;
        "a redirect to https", "redirect" => |setup| setup.meddle(redirect("https://127.0.0.1/"), as_it_is()).await;
        "a redirect that names no address", "redirect" => |setup| setup.meddle(always(302, "text/plain", ""), as_it_is()).await;
        "a redirect to a login page", "redirect" => |setup| setup.meddle(redirect("/login?next=/v1"), as_it_is()).await;
        "a web page", "page" => |setup| setup.meddle(always(200, "text/html", "<!doctype html><html>Welcome</html>"), as_it_is()).await;
        "a login page with status 200", "page" => |setup| setup.meddle(always(200, "text/html; charset=utf-8", LOGIN), as_it_is()).await;
        "a company proxy that forbids", "page" => |setup| setup.meddle(always(403, "text/html", "<html>Blocked by policy</html>"), as_it_is()).await;
        "a proxy that wants credentials", "page" => |setup| setup.meddle(always(407, "text/plain", "proxy authentication required"), as_it_is()).await;
        "a wrong base path", "base_path" => |setup| { let address = format!("{}/sandbox", setup.upstream()); setup.at(address) };
        "a wrong version of the API alone", "base_path" => |setup| { let address = format!("{}/v9", setup.upstream()); setup.servers.insert("api".to_owned(), address) };
        "a host that knows none of the paths", "base_path" => |setup| setup.meddle(always(404, "text/html", "<html>Cannot GET</html>"), as_it_is()).await;
        "another API that answers JSON", "base_path" => |setup| setup.meddle(always(200, "application/json", r#"{ "ok": true }"#), as_it_is()).await;
        "another API behind a token server that is right", "base_path" => |setup| setup.meddle(only("/v1/", 200, r#"{ "ok": true }"#), as_it_is()).await;
        "a host that answers nothing with status 200", "base_path" => |setup| setup.meddle(always(200, "text/plain", ""), as_it_is()).await;
        "a host that is out of order", "connection" => |setup| setup.meddle(always(503, "text/plain", ""), as_it_is()).await;
        "an API that is out of order", "connection" => |setup| setup.meddle(only("/v1/", 502, ""), as_it_is()).await;
        "a maintenance page", "connection" => |setup| setup.meddle(always(503, "text/html", MAINTENANCE), as_it_is()).await;
        "a maintenance page before some of the calls", "connection" => |setup| setup.meddle(page_at("/v1/locks", 503, MAINTENANCE), as_it_is()).await;
        "a gateway whose service is down", "connection" => |setup| setup.meddle(page_at("/v1/", 502, BAD_GATEWAY), as_it_is()).await;
        "a gateway that waits in vain", "connection" => |setup| setup.meddle(always(504, "text/html", "<html>504</html>"), as_it_is()).await;
        "a redirect to itself", "redirect" => |setup| setup.meddle(around("", ""), as_it_is()).await;
        "a redirect that adds a slash", "redirect" => |setup| setup.meddle(around("", "/"), as_it_is()).await;
        "an address that is not let in", "scope" => |setup| setup.meddle(only("/v1/", 403, ELSEWHERE), as_it_is()).await;
        "an address that the token server does not let in", "scope" => |setup| setup.meddle(always(403, "application/json", ELSEWHERE), as_it_is()).await;
        "an account that has not paid", "scope" => |setup| setup.meddle(only("/v1/", 402, UNPAID), as_it_is()).await;
        "a host that wants another protocol", "tls" => |setup| setup.meddle(always(426, "text/plain", ""), as_it_is()).await;
        "a refusal for legal reasons", "page" => |setup| setup.meddle(always(451, "text/plain", ""), as_it_is()).await;
        "a limit of no time", "subject_file" => |setup| setup.timeouts.1 = 0;
        "an address with a hole", "subject_file" => |setup| setup.at("https://{tenant}.example.com");
        "a wrong secret", "credentials" => |setup| setup.secrets.insert("client_secret".to_owned(), "not-the-secret".to_owned());
        "a placeholder for a secret", "credentials" => |setup| setup.secrets.insert("client_secret".to_owned(), "secret".to_owned());
        "a token server that refuses", "credentials" => |setup| setup.meddle(only("/oauth2/token", 400, INVALID_CLIENT), as_it_is()).await;
        "credentials of another environment", "credentials" => |setup| setup.meddle(only("/v1/", 401, UNAUTHORIZED), as_it_is()).await;
        "expired credentials", "credentials" => |setup| setup.meddle(only("/v1/", 401, EXPIRED), as_it_is()).await;
        "a missing scope", "scope" => |setup| setup.meddle(only("/v1/groups", 403, FORBIDDEN), as_it_is()).await;
        "credentials without any right", "scope" => |setup| setup.meddle(only("/v1/", 403, FORBIDDEN), as_it_is()).await;
        "a clock ten minutes ahead", "clock" => |setup| setup.meddle(nothing(), shifted(600)).await;
        "a clock ten minutes behind", "clock" => |setup| setup.meddle(nothing(), shifted(-600)).await;
        "a vendor that refuses our time", "clock" => |setup| setup.meddle(only("/v1/", 401, SKEWED), as_it_is()).await;
        "a rate limit that is used up", "rate_limit" => |setup| setup.meddle(Arc::new(|_, _| Some(too_many())), as_it_is()).await;
        "a rate limit of one", "rate_limit" => |setup| setup.meddle(Arc::new(|nth, _| (nth > 0).then(too_many)), as_it_is()).await;
        "a test lock that is not there", "fixtures" => |setup| { setup.free[0] = "lock-9999".to_owned(); setup.allowed.push("lock-9999".to_owned()) };
        "a test group that is not there", "fixtures" => |setup| setup.partial = "group-9999".to_owned();
        "an offline lock that is online", "fixtures", run "LV-31,LV-46,LV-81,LV-96" => |setup| setup.offline = setup.free[0].clone();
        "a low battery that is good", "fixtures", run "LV-34" => |setup| setup.low_battery = setup.free[0].clone();
        "an empty group with locks", "fixtures", run "LV-21" => |setup| setup.empty = setup.partial.clone();
        "a group with some locks that has none", "fixtures", run "LV-21" => |setup| { setup.partial = setup.empty.clone(); setup.partial_locks.clear() };
        "a lock that is not in its group", "fixtures", run "LV-21" => |setup| { let stranger = setup.stranger(); setup.partial_locks.push(stranger) };
        "a free lock that is offline", "fixtures", run "LV-30,LV-40,LV-80,LV-90" => |setup| setup.free[0] = setup.offline.clone();
        "an empty allow-list", "allow_list", run "LV-40,LV-80" => |setup| { setup.allowed.clear(); setup.free.clear() };
        "a stranger on the allow-list", "allow_list", run "LV-10,LV-20" => |setup| setup.allowed.push("lock-9999".to_owned());
        "a tester without an address", "tester", run "LV-60" => |setup| setup.email = "A. Tester".to_owned();
        "an answer given up too early", "time_limits", run "LV-30,LV-40" => |setup| setup.timeouts.1 = 1;
        "a wait that is not allowed", "time_limits", run "LV-40,LV-80" => |setup| setup.timeouts.2 = 0;
        "a site that the account does not have", "setting", on "salto_ks", run "LV-10,LV-20" => |setup| setup.settings.insert("site_uid".to_owned(), "nope".to_owned());
        "a site that the account does not have, at a bare address", "setting", on "salto_ks", run "LV-10,LV-20" => |setup| { setup.bare = Some(setup.upstream()); setup.settings.insert("site_uid".to_owned(), "nope".to_owned()) };
        "a site with a blank behind it", "setting", on "salto_ks", run "LV-10,LV-20" => |setup| setup.settings.values_mut().for_each(|value| value.push(' '));
        "a site of somebody else", "setting", on "salto_ks", run "LV-10,LV-20" => |setup| setup.settings.values_mut().for_each(|value| value.insert_str(0, "other-"));
        "a setting that is not given", "subject_file", on "salto_ks" => |setup| setup.settings.clear();
        "a token server where nobody listens", "connection", on "salto_ks", run "LV-10,LV-20" => |setup| setup.servers.insert("identity".to_owned(), format!("http://{}", servers::closed()));
        "a token server under a wrong path", "base_path", on "salto_ks", run "LV-10,LV-20" => |setup| { let address = format!("{}/eu", setup.upstream()); setup.servers.insert("identity".to_owned(), address) };
        "a password of another environment", "credentials", on "salto_ks", run "LV-10,LV-20" => |setup| setup.secrets.insert("password".to_owned(), "not-the-password".to_owned());
        "a bridge where nobody listens", "connection", on "danalock", run "LV-20,LV-36" => |setup| setup.servers.insert("bridge".to_owned(), format!("http://{}", servers::closed()));
        "a bridge without an address", "dns", on "danalock", run "LV-20,LV-36" => |setup| setup.servers.insert("bridge".to_owned(), "http://bridge.lockstep.invalid".to_owned());
        "a bridge under a wrong path", "base_path", on "danalock", run "LV-20,LV-36" => |setup| setup.servers.get_mut("bridge").unwrap().push_str("/v9");
        "a bridge at the address of the API", "base_path", on "danalock", run "LV-20,LV-36" => |setup| { let address = setup.upstream(); setup.servers.insert("bridge".to_owned(), address) };
        "one bare address for a vendor with a bridge", "base_path", on "danalock", run "LV-20,LV-36" => |setup| setup.bare = Some(setup.upstream());
        "a web page in the place of the bridge", "page", on "danalock", run "LV-20,LV-36" => |setup| { let page = always(200, "text/html", LOGIN); let at = servers::meddler(setup.upstream(), page, as_it_is()).await; setup.servers.insert("bridge".to_owned(), format!("http://{at}")) };
        "a password of another account", "credentials", on "danalock", run "LV-20,LV-36" => |setup| setup.secrets.insert("password".to_owned(), "not-the-password".to_owned());
        "a lock holder that the token may not have", "credentials", on "unloc", run "LV-20" => |setup| setup.settings.insert("lock_holder".to_owned(), "nope".to_owned());
        "a lock holder that nobody knows", "setting", on "unloc", run "LV-20" => |setup| setup.meddle(only("/lock-holders/", 404, NO_HOLDER), as_it_is()).await;
        "a lock holder of another scope", "scope", on "unloc", run "LV-20" => |setup| setup.meddle(only("/lock-holders/", 403, WRONG_SCOPE), as_it_is()).await;
        "a lock holder at a bare address that nobody knows", "setting", on "unloc", run "LV-20" => |setup| { setup.meddle(only("/lock-holders/", 404, NO_HOLDER), as_it_is()).await; setup.bare = Some(setup.servers["api"].clone()) };
        "a host beside the API", "base_path", on "unloc", run "LV-20" => |setup| { let address = format!("{}/sandbox", setup.upstream()); setup.at(address) };
        "an app that the vendor does not know", "credentials", on "ttlock", run "LV-10,LV-20" => |setup| setup.settings.insert("client_id".to_owned(), "nope".to_owned());
    }
}

/// The headings of what is wrong, in order.
fn wrong(diagnosis: &Value) -> Vec<&str> {
    let checks = diagnosis["checks"].as_array().expect("checks").iter();
    checks
        .filter(|check| check["outcome"] == "wrong")
        .map(|check| check["heading"].as_str().unwrap())
        .collect()
}

/// What is wrong with how a fault was told; nothing where all is right.
async fn shortcomings(fault: &Fault) -> Vec<String> {
    let mut setup = Setup::of(fault.profile, None).await;
    (fault.inject)(&mut setup).await;
    let mut found = Vec::new();
    let mut note = |holds: bool, what: String| {
        if !holds {
            found.push(format!("{}: {what}", fault.name));
        }
    };
    let (output, diagnosis) = setup.run(&["doctor"]).await;
    let wrong = wrong(&diagnosis);
    note(wrong.first() == Some(&fault.heading), format!("told as {wrong:?}: {diagnosis:#}"));
    let doctor = output.status.code();
    note(matches!(doctor, Some(2 | 3)), format!("doctor ended with {doctor:?}"));
    note(
        wrong.iter().filter(|heading| **heading == "fixtures").count() <= 2,
        format!("told often: {wrong:?}"),
    );
    for check in diagnosis["checks"].as_array().unwrap() {
        note(check["outcome"] != "wrong" || check["todo"].is_string(), format!("no remedy: {check}"));
    }
    // Where the fault stops a run, the whole certification is asked for.
    let (output, told) = match fault.rests {
        None => setup.run(&["certify"]).await,
        Some(criteria) => setup.run(&["run", "--only", criteria]).await,
    };
    let code = output.status.code();
    // What does not rest on the fault may well be met; nothing may fail.
    let right: &[i32] = if fault.rests.is_some() { &[0, 2, 3] } else { &[2, 3] };
    note(code.is_some_and(|code| right.contains(&code)), format!("CERTIFY ended with {code:?}: {told:#}"));
    note(
        (code == Some(2)) == (doctor == Some(2)),
        format!("doctor says {doctor:?}, CERTIFY {code:?}: {told:#}"),
    );
    note(fault.heading == "subject_file" || told["verdict"] != "fail", format!("CERTIFY: {told:#}"));
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn configuration_faults_are_told_as_configuration_and_never_as_nonconformance() {
    lockstep::harness::integration::install_tls();
    let faults = faults();
    let results: Vec<Vec<String>> =
        futures::stream::iter(&faults).map(shortcomings).buffered(16).collect().await;
    let blamed = results.iter().flatten().filter(|what| what.contains("CERTIFY")).count();
    let right = results.iter().filter(|found| found.is_empty()).count();
    println!(
        "{right} of {} configuration faults classed under their heading, {blamed} as non-conformance",
        faults.len()
    );
    let told: Vec<&String> = results.iter().flatten().collect();
    assert!(faults.len() >= 90);
    assert!(
        told.is_empty(),
        "{right} of {}:\n{}",
        faults.len(),
        told.iter().map(|s| s.as_str()).collect::<Vec<_>>().join("\n")
    );
}

#[tokio::test]
async fn a_healthy_configuration_gives_no_finding() {
    lockstep::harness::integration::install_tls();
    let setup = Setup::new(None).await;
    let (output, diagnosis) = setup.run(&["doctor"]).await;
    assert_eq!(output.status.code(), Some(0), "{diagnosis:#}");
    let checks = diagnosis["checks"].as_array().unwrap();
    assert!(checks.iter().all(|check| check["outcome"] == "ok"), "{diagnosis:#}");
    let (output, told) = setup.run(&["run", "--only", "LV-10,LV-20,LV-21,LV-31,LV-34,LV-40"]).await;
    assert_eq!(output.status.code(), Some(0), "{told:#}");
}

/// With settings and with further servers, the right ones are not doubted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_setting_and_a_right_further_server_are_not_doubted() {
    lockstep::harness::integration::install_tls();
    // What the bridge is asked takes real time, so that no run is made there.
    let vendors = [
        ("salto_ks", Some("LV-10,LV-20")),
        ("unloc", Some("LV-20")),
        ("ttlock", Some("LV-10")),
        ("danalock", None),
    ];
    let looks = vendors.map(async |(profile, criteria)| {
        let mut setup = Setup::of(profile, None).await;
        setup.free.truncate(2);
        let (_, diagnosis) = setup.run(&["doctor"]).await;
        assert_eq!(wrong(&diagnosis), Vec::<&str>::new(), "{profile}: {diagnosis:#}");
        let ok = |heading: &str| {
            let checks = diagnosis["checks"].as_array().unwrap();
            checks.iter().any(|check| check["heading"] == heading && check["outcome"] == "ok")
        };
        assert!(ok("setting") && ok("base_path") && ok("answers"), "{profile}: {diagnosis:#}");
        let Some(criteria) = criteria else { return };
        let (output, told) = setup.run(&["run", "--only", criteria]).await;
        assert_eq!(output.status.code(), Some(0), "{profile}: {told:#}");
    });
    futures::future::join_all(looks).await;
}

/// Of two lists that rest on one setting, one succeeds: the other is the subject's own fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_not_there_under_a_setting_that_is_right_is_held_against_the_subject() {
    lockstep::harness::integration::install_tls();
    let mut setup = Setup::of("salto_ks", None).await;
    let gone = r#"{ "ErrorCode": "2202", "Message": "Not found" }"#;
    setup.meddle(only("/access_groups", 404, gone), as_it_is()).await;
    let (_, diagnosis) = setup.run(&["doctor"]).await;
    assert_eq!(wrong(&diagnosis), Vec::<&str>::new(), "{diagnosis:#}");
    let (output, told) = setup.run(&["run", "--only", "LV-10"]).await;
    assert_eq!(output.status.code(), Some(1), "{told:#}");
}

/// Lies about a test lock, with the criterion that asks about it.
const LIES: [(&str, &str); 2] = [("always-online", "LV-31"), ("low-battery-told-as-full", "LV-34")];

fn answer_file(criterion: &str, answer: &str) -> String {
    format!(
        "[[answers]]\ncriterion = {criterion:?}\nquestion = \"fixture\"\nanswer = {answer:?}\nby = \"A. Tester\"\n\
         when = \"2027-01-31\"\n"
    )
}

/// Either the file or the subject is wrong, which only somebody who looked can say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subject_that_lies_about_a_test_lock_never_passes_and_fails_on_a_person_s_word() {
    lockstep::harness::integration::install_tls();
    for (name, asks) in LIES {
        let mut setup = Setup::new(Some(name)).await;
        let (output, diagnosis) = setup.run(&["doctor"]).await;
        assert_eq!((output.status.code(), wrong(&diagnosis)), (Some(3), vec!["fixtures"]), "{diagnosis:#}");
        for (answer, code, said) in [
            (None, 3, "it cannot be told which"),
            (Some("no"), 3, "the subject file names it wrongly"),
            (Some("yes"), 1, "reported as"),
        ] {
            setup.answers = answer.map(|answer| answer_file(asks, answer));
            let (output, told) = setup.run(&["run", "--only", asks]).await;
            assert_eq!(output.status.code(), Some(code), "{name}, {answer:?}: {told:#}");
            assert!(told["not_met"][0]["reason"].as_str().unwrap().contains(said), "{answer:?}: {told:#}");
        }
    }
}

/// A lock that somebody cut off during the run is no fixture that could be named wrongly.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_that_was_cut_off_under_the_eyes_of_a_person_is_no_excuse() {
    lockstep::harness::integration::install_tls();
    let mut setup = Setup::new(Some("always-online")).await;
    // The lock that is told wrongly before the run is not the one that is cut off in it.
    setup.answers =
        Some(answer_file("LV-31", "yes").replace("fixture", "reach") + &answer_file("LV-31", "no"));
    let (output, told) = setup.run(&["run", "--only", "LV-31"]).await;
    assert_eq!(output.status.code(), Some(1), "{told:#}");
}

#[tokio::test]
async fn what_the_statement_alone_decides_is_judged_without_any_traffic() {
    lockstep::harness::integration::install_tls();
    let mut setup = Setup::new(None).await;
    setup.at(format!("http://{}", servers::closed()));
    let (output, told) = setup.run(&["certify"]).await;
    assert_eq!(output.status.code(), Some(3), "{told:#}");
    let not_met: Vec<&str> =
        told["not_met"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    for decided in ["LV-01", "LV-02", "LV-06"] {
        assert!(!not_met.contains(&decided), "{not_met:?}");
    }
    // What is held against observation needs something observed.
    assert!(not_met.contains(&"LV-08") && not_met.contains(&"LV-03"), "{not_met:?}");
    assert_eq!(told["tally"]["pass"], 3, "{told:#}");
}

/// One list that is answered wrongly among calls that are answered rightly is
/// the subject's own fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_call_that_is_answered_wrongly_is_judged_and_not_blamed_on_the_configuration() {
    lockstep::harness::integration::install_tls();
    for (status, body) in [(200, r#"{ "ok": true }"#), (200, ""), (503, "")] {
        let mut setup = Setup::new(None).await;
        setup.meddle(only("/v1/groups", status, body), as_it_is()).await;
        let (_, diagnosis) = setup.run(&["doctor"]).await;
        assert_eq!(wrong(&diagnosis), Vec::<&str>::new(), "{status} {body}: {diagnosis:#}");
        let ok = |heading: &str| {
            let checks = diagnosis["checks"].as_array().unwrap();
            checks.iter().any(|check| check["heading"] == heading && check["outcome"] == "ok")
        };
        assert!(ok("base_path") && ok("credentials"), "{diagnosis:#}");
        let (output, told) = setup.run(&["run", "--only", "LV-10"]).await;
        assert_eq!(output.status.code(), Some(1), "{status} {body}: {told:#}");
    }
}

/// What is refused for want of rights where nothing of the kind ever succeeded may
/// be for the credentials; a page that a gateway shows may be for the hour. What is
/// refused or shown beside calls that succeed is the subject's own fault.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_right_that_is_missing_for_writing_is_asked_for_and_not_held_against_the_subject() {
    lockstep::harness::integration::install_tls();
    let refusals = [
        (403, "application/json", NO_ROLE, 3, "give them the rights"),
        (403, "text/plain", "", 3, "give them the rights"),
        (402, "application/json", UNPAID, 3, "give them the rights"),
        (503, "text/html", MAINTENANCE, 3, "out of order"),
        (502, "text/html", BAD_GATEWAY, 1, "not answered as documented"),
        (500, "application/json", NO_ROLE, 1, "not answered as documented"),
    ];
    let runs = refusals.map(async |(status, kind, body, code, said)| {
        let mut setup = Setup::new(None).await;
        setup.meddle(writing(status, kind, body), as_it_is()).await;
        let (output, told) = setup.run(&["run", "--only", "LV-40"]).await;
        assert_eq!(output.status.code(), Some(code), "{status} {body}: {told:#}");
        let reason = told["not_met"][0]["reason"].as_str().unwrap();
        assert!(reason.contains(said), "{status} {body}: {reason}");
    });
    futures::future::join_all(runs).await;
}

/// Misbehaviours of every topic that a run over the wire can see without people.
const MISBEHAVIOURS: [(&str, &str); 8] = [
    ("numbers-as-text", "LV-30"),
    ("drops-a-documented-member", "LV-03"),
    ("undocumented-error", "LV-36"),
    ("ignores-group-filter", "LV-21"),
    ("duplicate-lock-id", "LV-20"),
    ("group-without-name", "LV-10"),
    ("pin-never-listed", "LV-40"),
    ("accepts-any-pin-length", "LV-44"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_subject_does_wrong_is_not_blamed_on_the_configuration() {
    lockstep::harness::integration::install_tls();
    for (name, breaks) in MISBEHAVIOURS {
        let setup = Setup::new(Some(name)).await;
        let (_, diagnosis) = setup.run(&["doctor"]).await;
        assert_eq!(wrong(&diagnosis), Vec::<&str>::new(), "{name}: {diagnosis:#}");
        let (output, told) = setup.run(&["run", "--only", breaks]).await;
        assert_eq!(output.status.code(), Some(1), "{name}: {told:#}");
    }
}
