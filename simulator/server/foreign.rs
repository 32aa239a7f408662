//! Requests of other clients than ours, answered by the simulated vendors: what a
//! team that builds against one of them sends from its own code.

use serde_json::{Value, json};

use super::{Sandbox, SandboxOptions, Wire};
use crate::simulator::Fleet;
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, Instant, LockId};
use crate::vendors::wire::{WireRequest, WireResponse};

/// 2026-08-20T12:00:00Z.
const NOON: i64 = 1_787_227_200_000;

/// A vendor of that name, with the clock that its world lives on.
struct Vendor {
    sandbox: Sandbox,
    clock: Clock,
    token: String,
}

impl Vendor {
    fn new(name: &str) -> Self {
        let clock = Clock::stepped(Instant::from_epoch_ms(NOON));
        let sandbox = Sandbox::new(SandboxOptions {
            name: "main".to_owned(),
            dialect: profile::load(name).expect("an embedded profile"),
            seed: 7,
            clock: clock.clone(),
            fleet: Fleet::fixture(),
            misbehaviour: None,
            variation: None,
        });
        Self { sandbox, clock, token: String::new() }
    }

    fn secret(&self, name: &str) -> String {
        let state = self.sandbox.state();
        let found = state.world.secrets().iter().find(|(known, _)| known.as_str() == name);
        found.expect("a secret of the profile").1.expose().to_owned()
    }

    fn lock(&self, nth: usize) -> LockId {
        let state = self.sandbox.state();
        state.world.fixture().expect("a fixture").free_locks[nth].clone()
    }

    /// Sends a request with the session's token, and answers with what came.
    fn send(&self, method: &str, address: &str, kind: &str, body: &[u8]) -> WireResponse {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let mut headers = vec![("content-type".to_owned(), kind.to_owned())];
        if !self.token.is_empty() {
            headers.push(("authorization".to_owned(), format!("Bearer {}", self.token)));
        }
        let request = WireRequest {
            method: method.to_owned(),
            path: path.to_owned(),
            query: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
            headers,
            body: body.to_vec(),
        };
        match self.sandbox.exchange(request, "http://127.0.0.1:1").wire {
            Wire::Answer(answer) => answer,
            other => panic!("no answer: {other:?}"),
        }
    }

    fn json(&self, method: &str, address: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        told(self.send(method, address, "application/json", &body))
    }

    fn form(&self, address: &str, form: &str) -> (u16, Value) {
        told(self.send("POST", address, "application/x-www-form-urlencoded", form.as_bytes()))
    }

    fn get(&self, address: &str) -> (u16, Value) {
        self.json("GET", address, &Value::Null)
    }

    /// What the journal says of the last exchange.
    fn note(&self) -> String {
        let state = self.sandbox.state();
        let last = state.journal.since(0, 1_000).pop().expect("an exchange");
        last.note.clone().unwrap_or_default()
    }
}

fn told(answer: WireResponse) -> (u16, Value) {
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or(Value::Null))
}

fn igloohome() -> Vendor {
    let mut vendor = Vendor::new("igloohome");
    vendor.token = basic_token(&vendor, "/oauth2/token", "grant_type=client_credentials");
    vendor
}

/// A token that is had with the client's id and secret in HTTP Basic.
fn basic_token(vendor: &Vendor, path: &str, form: &str) -> String {
    use base64::Engine as _;

    let pair = format!("{}:{}", vendor.secret("client_id"), vendor.secret("client_secret"));
    let basic = base64::engine::general_purpose::STANDARD.encode(pair);
    let request = WireRequest {
        method: "POST".to_owned(),
        path: path.to_owned(),
        headers: vec![("authorization".to_owned(), format!("Basic {basic}"))],
        body: form.as_bytes().to_vec(),
        ..WireRequest::default()
    };
    let Wire::Answer(answer) = vendor.sandbox.exchange(request, "http://127.0.0.1:1").wire else {
        panic!("no token");
    };
    told(answer).1["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn a_computed_pin_of_igloohome_lasts_as_long_as_its_route_allows() {
    let vendor = igloohome();
    let lock = vendor.lock(0);
    let ask = |route: &str, from: &str, until: &str| {
        let body = json!({ "variance": 1, "startDate": from, "endDate": until, "accessName": "Ada" });
        vendor.json("POST", &format!("/igloohome/devices/{lock}/algopin/{route}"), &body).0
    };
    let from = "2026-08-20T16:00:00+02:00";
    for (route, until, status) in [
        ("hourly", "2026-08-20T17:00:00+02:00", 200),
        ("hourly", "2026-09-17T16:00:00+02:00", 200),
        ("hourly", "2026-09-17T17:00:00+02:00", 400),
        ("hourly", "2026-11-18T16:00:00+02:00", 400),
        ("hourly", "2026-08-20T16:30:00+02:00", 400),
        ("daily", "2026-09-17T16:00:00+02:00", 400),
        ("daily", "2026-09-18T16:00:00+02:00", 200),
        ("daily", "2026-09-18T17:00:00+02:00", 400),
        ("daily", "2027-08-22T16:00:00+02:00", 200),
        ("daily", "2027-08-23T16:00:00+02:00", 400),
    ] {
        assert_eq!(ask(route, from, until), status, "{route} until {until}");
    }
}

#[tokio::test]
async fn a_pin_of_igloohome_for_one_use_opens_once_and_one_for_good_stays() {
    let vendor = igloohome();
    let lock = vendor.lock(0);
    let ask = |route: &str, variance: u32| {
        let body =
            json!({ "variance": variance, "startDate": "2026-08-20T12:00:00+00:00", "accessName": "Ada" });
        vendor.json("POST", &format!("/igloohome/devices/{lock}/algopin/{route}"), &body)
    };
    let (status, once) = ask("onetime", 5);
    assert_eq!(status, 200, "{once}");
    assert!(once["pinId"].is_string(), "{once}");
    assert_eq!(ask("onetime", 6).0, 400, "there are five");
    assert_eq!(ask("permanent", 4).0, 400, "there are three");
    let (_, kept) = ask("permanent", 1);
    assert_ne!(once["pin"], kept["pin"]);
    let opens = |answer: &Value| {
        let mut state = vendor.sandbox.state();
        let index = state.world.lock_index(&lock).expect("a lock");
        state.world.keypad(index, answer["pin"].as_str().expect("a PIN")).opened
    };
    assert!(opens(&once) && !opens(&once));
    assert!(opens(&kept) && opens(&kept));
    vendor.clock.advance(std::time::Duration::from_secs(400 * 24 * 3600)).await;
    assert!(opens(&kept));
}

#[tokio::test]
async fn jobs_at_a_bridge_of_igloohome_wait_for_their_turn_and_twenty_at_most() {
    let vendor = igloohome();
    let lock = vendor.lock(0);
    let (_, devices) = vendor.get("/igloohome/devices");
    let links = |device: &&Value| {
        let linked = device["linkedDevices"].as_array();
        linked.is_some_and(|all| all.iter().any(|one| one["deviceId"] == lock.as_str()))
    };
    let mut bridge = devices["payload"].as_array().expect("devices").iter().find(links).cloned();
    let mut cursor = devices["nextCursor"].clone();
    while bridge.is_none() {
        let next = cursor.as_str().expect("another page").to_owned();
        let (_, page) = vendor.get(&format!("/igloohome/devices?cursor={next}"));
        bridge = page["payload"].as_array().expect("devices").iter().find(links).cloned();
        cursor = page["nextCursor"].clone();
    }
    let bridge = bridge.expect("a bridge")["deviceId"].as_str().expect("an id").to_owned();
    let route = format!("/igloohome/devices/{lock}/jobs/bridges/{bridge}");
    let mut jobs = Vec::new();
    for _ in 0..20 {
        let (status, told) = vendor.json("POST", &route, &json!({ "jobType": 9 }));
        assert_eq!(status, 200, "{told}");
        jobs.push(told["jobId"].as_str().expect("a job").to_owned());
    }
    let (status, _) = vendor.json("POST", &route, &json!({ "jobType": 9 }));
    assert!((400..500).contains(&status), "the twenty-first: {status}");
    let job = |nth: usize| vendor.get(&format!("/igloohome/jobs/{}", jobs[nth])).1;
    assert_eq!(job(0), json!({ "jobId": jobs[0], "jobType": 9, "completed": false }));
    vendor.clock.advance(std::time::Duration::from_secs(16)).await;
    let done =
        json!({ "jobId": jobs[0], "jobType": 9, "completed": true, "jobResponse": { "jobStatus": 0 } });
    assert_eq!(job(0), done);
    assert_eq!(job(2)["completed"], false, "two a minute");
    vendor.clock.advance(std::time::Duration::from_secs(30)).await;
    assert_eq!(job(2)["completed"], true);
    assert_eq!(job(19)["completed"], false);
    vendor.clock.advance(std::time::Duration::from_secs(18 * 30)).await;
    assert_eq!(job(19)["completed"], true);
}

fn salto() -> (Vendor, String) {
    let mut vendor = Vendor::new("salto_ks");
    let pairs = ["username", "password"].map(|name| format!("{name}={}", vendor.secret(name)));
    let form = format!("grant_type=password&{}&scope=user_api.full_access", pairs.join("&"));
    vendor.token = basic_token(&vendor, "/connect/token", &form);
    let (_, sites) = vendor.get("/v1.2/sites");
    let site = sites[1]["id"].as_str().expect("the second site").to_owned();
    (vendor, site)
}

#[test]
fn a_site_of_salto_is_named_by_its_uuid_and_not_as_people_call_it() {
    let (vendor, site) = salto();
    let code = |site: &str| {
        let (status, told) = vendor.get(&format!("/v1.2/sites/{site}/locks"));
        (status, told["ErrorCode"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(code(&site).0, 200);
    let settings = vendor.sandbox.setting_facts();
    let uid = settings.iter().find_map(|(_, value)| value.as_text()).expect("the site's UID");
    assert_eq!(code(uid), (400, "1100".to_owned()));
    assert_eq!(code("00000000-0000-0000-0000-000000000000"), (404, "2202".to_owned()));
}

#[tokio::test]
async fn eight_wrong_one_time_passwords_of_salto_block_the_right_one_for_a_while() {
    use md5::{Digest, Md5};

    let (vendor, site) = salto();
    let route = format!("/v1.2/sites/{site}/locks/{}/locking", vendor.lock(0));
    let right = |at: &str| {
        let text = format!("{at}{}{}", vendor.secret("otp_secret"), vendor.secret("otp_pin"));
        hex::encode(Md5::digest(text.as_bytes()))[..5].to_owned()
    };
    let open = |otp: &str| {
        let (status, told) = vendor.json("PATCH", &route, &json!({ "locked_state": "unlocked", "otp": otp }));
        (status, told["Message"].as_str().unwrap_or_default().to_owned())
    };
    let (status, none) = vendor.json("PATCH", &route, &json!({ "locked_state": "unlocked" }));
    assert_eq!((status, none), (404, json!({ "ErrorCode": "2202", "Message": "Otp is invalid" })));
    for _ in 0..7 {
        assert_eq!(open("zzzzz"), (400, "otp_invalid".to_owned()));
    }
    assert_eq!(open(&right("20260820120000")).0, 200, "seven are forgiven");
    for _ in 0..8 {
        assert_eq!(open("zzzzz").0, 400);
    }
    assert_eq!(open(&right("20260820120000")), (403, "otp_blocked".to_owned()));
    vendor.clock.advance(std::time::Duration::from_secs(600)).await;
    assert_eq!(open(&right("20260820121000")).0, 200);
}

#[test]
fn a_group_of_salto_has_the_name_that_its_maker_gave_it() {
    let (vendor, site) = salto();
    let groups = format!("/v1.2/sites/{site}/access_groups");
    let (status, made) = vendor.json("POST", &groups, &json!({ "customer_reference": "Saturday club" }));
    assert_eq!((status, &made["customer_reference"]), (200, &json!("Saturday club")));
    let (_, listed) = vendor.get(&groups);
    let items = listed["items"].as_array().expect("groups");
    assert!(items.contains(&made), "{listed}");
    let schedule = |end: Value| {
        let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let mut body = json!({ "start_time": "00:00", "end_time": "23:59", "end_date": end });
        days.into_iter().for_each(|day| body[day] = json!(true));
        let group = made["id"].as_str().expect("an id");
        vendor.json("POST", &format!("/v1.1/sites/{site}/access_groups/{group}/time_schedules"), &body).0
    };
    assert_eq!(schedule(json!("2026-08-21")), 400, "what is not played is refused");
    assert_eq!(schedule(Value::Null), 200);
}

/// A vendor of TTLock's sort with its token, and what every call carries.
fn ttlock() -> (Vendor, String) {
    let mut vendor = Vendor::new("ttlock");
    let settings = vendor.sandbox.setting_facts();
    let client = settings.iter().find_map(|(_, value)| value.as_text()).expect("the app's id").to_owned();
    let password = {
        use md5::{Digest, Md5};
        hex::encode(Md5::digest(vendor.secret("password").as_bytes()))
    };
    let (secret, user) = (vendor.secret("client_secret"), vendor.secret("username"));
    for (id, of) in [("client_id", "client_secret"), ("clientId", "clientSecret")] {
        let form = format!("{id}={client}&{of}={secret}&username={user}&password={password}");
        let (status, told) = vendor.form("/oauth2/token", &form);
        assert_eq!(status, 200, "{told}");
        vendor.token = told["access_token"].as_str().unwrap_or_else(|| panic!("{id}: {told}")).to_owned();
    }
    let every = format!("clientId={client}&accessToken={}&date={NOON}", vendor.token);
    (vendor, every)
}

#[test]
fn locks_of_ttlock_are_found_by_their_alias_and_listed_as_ekeys() {
    let (vendor, every) = ttlock();
    let (_, found) = vendor.get(&format!("/v3/lock/list?{every}&pageNo=1&pageSize=20&lockAlias=DOOR%2012"));
    let found: Vec<&str> =
        found["list"].as_array().expect("locks").iter().filter_map(|one| one["lockAlias"].as_str()).collect();
    assert!(found.contains(&"Door 12") && found.iter().all(|name| name.starts_with("Door 12")), "{found:?}");
    let (_, keys) = vendor.get(&format!("/v3/key/list?{every}&pageNo=1&pageSize=5&sdkVersion=2&colour=red"));
    let first = &keys["list"][0];
    assert_eq!((&first["userType"], &first["endDate"]), (&json!("110301"), &json!(0)), "{keys}");
    let note = vendor.note();
    assert!(note.contains("`sdkVersion` is not played: ") && note.contains("`colour` is not in the profile"));
}

#[test]
fn ekeys_and_passcodes_of_ttlock_are_given_for_good() {
    let (vendor, every) = ttlock();
    let lock = vendor.lock(0);
    let send = |from: i64, until: i64| {
        let form = format!(
            "{every}&lockId={lock}&receiverUsername=a%40example.com&keyName=A&startDate={from}&endDate={until}"
        );
        vendor.form("/v3/key/send", &form).1
    };
    assert_eq!(send(0, 0)["errcode"], 0);
    let (_, listed) = vendor.get(&format!("/v3/lock/listKey?{every}&lockId={lock}&pageNo=1&pageSize=20"));
    assert_eq!(listed["list"][0]["endDate"], 0, "{listed}");
    // A window that ends before it starts is a wrong parameter, not an unknown receiver.
    assert_eq!(send(NOON + 7_200_000, NOON + 3_600_000)["errcode"], -3);
    let form =
        format!("{every}&lockId={lock}&keyboardPwd=482193&keyboardPwdName=A&keyboardPwdType=2&addType=2");
    assert!(vendor.form("/v3/keyboardPwd/add", &form).1["keyboardPwdId"].is_number());
    let (_, listed) =
        vendor.get(&format!("/v3/lock/listKeyboardPwd?{every}&lockId={lock}&pageNo=1&pageSize=20"));
    assert!(listed["list"][0].get("endDate").is_none(), "{listed}");
}

#[tokio::test]
async fn a_passcode_of_ttlock_for_one_use_is_used_within_six_hours() {
    let (vendor, every) = ttlock();
    let lock = vendor.lock(0);
    let get = |kind: u32, from: i64| {
        let form = format!("{every}&lockId={lock}&keyboardPwdType={kind}&startDate={from}");
        vendor.form("/v3/keyboardPwd/get", &form).1["keyboardPwd"].as_str().expect("a PIN").to_owned()
    };
    let opens = |keys: &str| {
        let mut state = vendor.sandbox.state();
        let index = state.world.lock_index(&lock).expect("a lock");
        state.world.keypad(index, keys).opened
    };
    let (once, late) = (get(1, NOON), get(1, NOON + 3_600_000));
    assert!(opens(&once) && !opens(&once));
    let lasting = get(2, NOON);
    vendor.clock.advance(std::time::Duration::from_secs(7 * 3600 + 1)).await;
    assert!(!opens(&late), "six hours after its start");
    assert!(opens(&lasting), "within a day of its start");
}

#[test]
fn codes_of_seam_are_ongoing_without_dates_and_drawn_without_digits() {
    let mut vendor = Vendor::new("seam");
    vendor.token = vendor.secret("api_key");
    let lock = vendor.lock(0);
    let create = |more: Value| {
        let mut body = json!({ "device_id": lock.as_str(), "name": "Ada" });
        for (name, value) in more.as_object().expect("members") {
            body[name.as_str()] = value.clone();
        }
        let (status, told) = vendor.json("POST", "/access_codes/create", &body);
        (status, told["access_code"].clone())
    };
    let (status, ongoing) = create(json!({}));
    assert_eq!((status, &ongoing["type"]), (200, &json!("ongoing")), "{ongoing}");
    assert!(ongoing["code"].as_str().is_some_and(|code| (4..=8).contains(&code.len())), "{ongoing}");
    let dates = json!({ "starts_at": "2026-08-21T12:00:00Z", "ends_at": "2026-08-22T12:00:00Z" });
    let (_, bound) = create(dates);
    assert_eq!(bound["type"], "time_bound");
    assert_eq!(create(json!({ "starts_at": "2026-08-21T12:00:00Z" })).0, 400, "both dates or none");
    let (status, listed) = vendor.get(&format!("/access_codes/list?device_id={lock}"));
    let codes = listed["access_codes"].as_array().expect("codes");
    let ends: Vec<bool> = codes.iter().map(|code| code.get("ends_at").is_some()).collect();
    assert_eq!((status, ends), (200, vec![false, true]), "{listed}");
}

#[test]
fn devices_of_seam_are_read_by_get_and_in_pages() {
    let mut vendor = Vendor::new("seam");
    vendor.token = vendor.secret("api_key");
    let count = |told: &Value| told["devices"].as_array().expect("devices").len();
    let (_, all) = vendor.json("POST", "/locks/list", &json!({}));
    assert!(count(&all) > 100, "a list that is not asked for in pages is whole");
    let (_, first) = vendor.get("/locks/list?limit=2");
    assert_eq!((count(&first), &first["pagination"]["has_next_page"]), (2, &json!(true)));
    let next = first["pagination"]["next_page_cursor"].as_str().expect("a cursor");
    let (_, second) = vendor.json("POST", "/locks/list", &json!({ "limit": 2, "page_cursor": next }));
    assert_eq!(second["devices"][0], all["devices"][2]);
    vendor.json("POST", "/locks/list", &json!({ "manufacturer": "august" }));
    assert!(vendor.note().contains("`manufacturer` is not played"), "{}", vendor.note());
    let lock = vendor.lock(0);
    let (_, by_get) = vendor.get(&format!("/locks/get?device_id={lock}"));
    assert_eq!(by_get, vendor.json("POST", "/locks/get", &json!({ "device_id": lock.as_str() })).1);
}

#[test]
fn danalock_gives_a_token_for_json_too() {
    let vendor = Vendor::new("danalock");
    let grant = |client: &str| {
        let body = json!({ "grant_type": "password", "username": vendor.secret("username"),
            "password": vendor.secret("password"), "client_id": client, "client_secret": "" });
        vendor.json("POST", "/oauth2/token", &body)
    };
    assert_eq!(grant("somebody-else").0, 401);
    let (status, told) = grant("danalock-web");
    assert_eq!(status, 200, "{told}");
    let refresh = json!({ "grant_type": "refresh_token", "refresh_token": told["refresh_token"],
        "client_id": "danalock-web", "client_secret": "" });
    assert_eq!(vendor.json("POST", "/oauth2/token", &refresh).0, 200);
}

#[test]
fn another_tenant_than_the_simulated_one_is_refused_as_its_vendor_refuses() {
    let mut unloc = Vendor::new("unloc");
    let settings = unloc.sandbox.setting_facts();
    let own = settings.iter().find_map(|(_, value)| value.as_text()).expect("the lock holder").to_owned();
    let asked = |vendor: &Vendor, holders: &[&str]| {
        let scope: Vec<String> = holders.iter().map(|one| format!("lockHolder.admin:{one}")).collect();
        let (id, secret) = (vendor.secret("client_id"), vendor.secret("client_secret"));
        let body = json!({ "grant_type": "client_credentials", "client_id": id, "client_secret": secret, "scope": scope });
        vendor.json("POST", "/auth/v1/token/", &body)
    };
    assert_eq!(asked(&unloc, &["zzz"]).0, 401);
    let (status, told) = asked(&unloc, &[&own]);
    assert_eq!(status, 200, "{told}");
    unloc.token = told["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(unloc.get(&format!("/integrators/v1/lock-holders/{own}/locks/")).0, 200);
    let (status, told) = unloc.get("/integrators/v1/lock-holders/yyy/locks/");
    assert_eq!((status, told.get("locks")), (403, None), "{told}");
    let key = json!({ "userId": "guest-1" });
    let lock = unloc.lock(0);
    let (status, _) =
        unloc.json("POST", &format!("/integrators/v1/lock-holders/yyy/locks/{lock}/keys/"), &key);
    assert_eq!(status, 403);

    let (ttlock, every) = ttlock();
    let settings = ttlock.sandbox.setting_facts();
    let client = settings.iter().find_map(|(_, value)| value.as_text()).expect("the app's id").to_owned();
    let list = |every: &str| ttlock.get(&format!("/v3/lock/list?{every}&pageNo=1&pageSize=20")).1;
    assert!(list(&every)["list"].is_array());
    let other = list(&every.replace(&client, "nope"));
    assert!(other["list"].is_null() && other["errcode"].as_i64().is_some_and(|code| code != 0), "{other}");
    let token = |client: &str| {
        use md5::{Digest, Md5};
        let password = hex::encode(Md5::digest(ttlock.secret("password").as_bytes()));
        let (secret, user) = (ttlock.secret("client_secret"), ttlock.secret("username"));
        let form = format!("client_id={client}&client_secret={secret}&username={user}&password={password}");
        ttlock.form("/oauth2/token", &form).1
    };
    assert!(token(&client)["access_token"].is_string());
    let other = token("nope");
    assert!(other["access_token"].is_null() && other["errcode"] == 10007, "{other}");
}
