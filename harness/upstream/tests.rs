//! A partner's calls, through the simulated Inlet and our integration, to a
//! simulated vendor, in virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::harness::evidence::Recorder;
use crate::harness::integration::{Clocks, Connection, Timeouts, install_tls};
use crate::simulator::{
    AccessState, Effect, Fault, Fleet, InletOptions, InletSimulator, Options, Place, Schedule, Simulator,
};
use crate::vendors::profile;
use crate::vendors::vocabulary::{Clock, ExchangeId, Instant, RunName, Word};

/// 2027-03-01, 09:00 UTC.
const START: i64 = 1_803_891_600_000;

struct Stack {
    vendor: Simulator,
    inlet: InletSimulator,
    clock: Clock,
    client: reqwest::Client,
    calls: AtomicU32,
}

type Told = (u16, Value);

impl Stack {
    async fn of(name: &str, fleet: Fleet) -> Self {
        install_tls();
        let dialect = profile::load(name).expect("an embedded profile");
        let clock = Clock::stepped(Instant::from_epoch_ms(START));
        let vendor = Simulator::start(Options {
            dialect: dialect.clone(),
            seed: 7,
            clock: clock.clone(),
            fleet,
            misbehaviour: None,
            variation: None,
            listen: ([127, 0, 0, 1], 0).into(),
        })
        .await
        .expect("a free port");
        let connection = Connection {
            servers: dialect.servers.iter().map(|(name, _)| (name.clone(), vendor.url(name))).collect(),
            secrets: vendor.control().secrets().into_iter().collect(),
            settings: vendor.control().settings().into_iter().collect(),
        };
        let clocks = Clocks { harness: clock.clone(), subject: clock.clone() };
        let timeouts = Timeouts::allowing(&dialect.limits.delays);
        let run = RunName::new("inlet");
        let integration =
            Integration::new(dialect, connection, clocks, timeouts, run, Recorder::forgetting())
                .expect("the connection is complete");
        let upstream = Arc::new(VendorUpstream::new(&integration));
        let inlet =
            InletSimulator::start(InletOptions::new(upstream, clock.clone(), 7)).await.expect("a free port");
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { vendor, inlet, clock, client, calls: AtomicU32::new(0) }
    }

    async fn reference() -> Self {
        Self::of("reference", Fleet::fixture()).await
    }

    fn lock(&self) -> LockId {
        self.vendor.control().fixture().free_locks[0].clone()
    }

    async fn call(&self, path: &str, body: Value) -> Told {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let exchange = ExchangeId::new(format!("partner-{number}"));
        let token = self.inlet.control().customers()[0].token.clone();
        let request = self.client.post(format!("{}/{path}", self.inlet.url()));
        let request =
            request.bearer_auth(token.expose()).header(ExchangeId::HEADER, exchange.as_str()).json(&body);
        let under_way = self.clock.begin(exchange);
        self.clock
            .drive(async {
                let answer = request.send().await.expect("an answer");
                let status = answer.status().as_u16();
                let told = (status, answer.json().await.unwrap_or(Value::Null));
                drop(under_way);
                told
            })
            .await
    }

    /// A grant from now on, for two hours.
    fn grant(&self, mode: &str, lock: &LockId) -> Value {
        let from = self.clock.now();
        json!({
            "operation": mode,
            "lockId": lock.as_str(),
            "from": from.to_string(),
            "to": (from + Duration::from_secs(7_200)).to_string(),
        })
    }

    fn fault(&self, effect: Effect) {
        let place = Place { meaning: Some(self.vendor.control().creation()), ..Place::default() };
        let schedule = Schedule { times: Some(1), ..Schedule::default() };
        self.vendor.control().inject(Fault { place, schedule, effect });
    }

    /// Lets time pass in small steps, in which what falls due is done.
    async fn pass(&self, seconds: u64) {
        for _ in 0..seconds.div_ceil(20) {
            self.vendor.control().advance(Duration::from_secs(20)).await;
        }
    }

    fn state(&self) -> AccessState {
        self.inlet.control().accesses()[0].state
    }
}

fn reference(told: &Told) -> Value {
    json!({ "ReferenceId": told.1["ReferenceId"] })
}

#[tokio::test]
async fn a_code_opens_the_vendor_s_door_until_it_is_revoked() {
    let stack = Stack::reference().await;
    let lock = stack.lock();
    let granted = stack.call("GrantAccess", stack.grant("code", &lock)).await;
    assert_eq!(granted.0, 200, "{granted:?}");
    let keys = granted.1["codeFormatted"].as_str().expect("a code").to_owned();
    stack.pass(60).await;
    let door = stack.vendor.control().keypad(&lock, &keys);
    assert!(door.opened, "{door:?}");
    let name = &stack.vendor.control().accesses_on(&lock)[0].name;
    assert!(name.contains(&granted.1["ReferenceId"].as_str().unwrap_or("-")[..8]), "{name}");
    let moved = json!({ "ReferenceId": granted.1["ReferenceId"], "to": (stack.clock.now() + Duration::from_secs(60)).to_string() });
    assert_eq!(stack.call("UpdateAccess", moved).await.0, 200);
    stack.pass(300).await;
    assert!(!stack.vendor.control().keypad(&lock, &keys).opened);
    assert_eq!(stack.call("RevokeAccess", reference(&granted)).await.0, 200);
    assert!(stack.vendor.control().accesses_on(&lock).is_empty());
}

#[tokio::test]
async fn an_upstream_timeout_is_the_vendor_s_and_leaves_one_access() {
    for carried_out in [false, true] {
        let stack = Stack::reference().await;
        let lock = stack.lock();
        let grant = stack.grant("code", &lock);
        stack.fault(Effect::Withhold { carried_out });
        let began = stack.clock.now();
        let told = stack.call("GrantAccess", grant.clone()).await;
        assert_eq!(told.0, 504, "{told:?}");
        assert!(told.1["message"].as_str().is_some_and(|message| message.starts_with("Upstream timeout: ")));
        let waited = stack.clock.now().since(began);
        assert!(waited >= Duration::from_secs(30) && waited < Duration::from_secs(180), "{waited:?}");
        stack.pass(200).await;
        let granted = stack.call("GrantAccess", grant).await;
        assert_eq!(granted.0, 200, "{granted:?}");
        assert_eq!(stack.vendor.control().accesses_on(&lock).len(), 1, "{carried_out}");
        let keys = granted.1["codeFormatted"].as_str().expect("a code");
        stack.pass(60).await;
        assert!(stack.vendor.control().keypad(&lock, keys).opened);
        assert!(stack.vendor.control().faults()[0].is_consumed());
    }
}

#[tokio::test]
async fn what_was_made_and_never_told_is_gone_in_the_end() {
    let stack = Stack::reference().await;
    let lock = stack.lock();
    stack.fault(Effect::Withhold { carried_out: true });
    assert_eq!(stack.call("GrantAccess", stack.grant("code", &lock)).await.0, 504);
    stack.pass(1_200).await;
    assert_eq!((stack.state(), stack.vendor.control().accesses_on(&lock).len()), (AccessState::Abandoned, 0));
}

#[tokio::test]
async fn an_offline_and_a_full_lock_are_the_vendor_s_too() {
    let stack = Stack::reference().await;
    let offline = stack.vendor.control().fixture().offline_lock;
    let told = stack.call("GrantAccess", stack.grant("code", &offline)).await;
    assert_eq!(told.0, 409, "{told:?}");
    let unknown = stack.call("GrantAccess", stack.grant("code", &LockId::new("nowhere"))).await;
    assert_eq!(unknown.0, 404, "{unknown:?}");
    let mut fleet = Fleet::fixture();
    fleet.rules.codes_per_lock = Some(1);
    let stack = Stack::of("reference", fleet).await;
    let lock = stack.lock();
    assert_eq!(stack.call("GrantAccess", stack.grant("code", &lock)).await.0, 200);
    let full = stack.call("GrantAccess", stack.grant("code", &lock)).await;
    assert_eq!(full.0, 409, "{full:?}");
    assert!(full.1["message"].as_str().is_some_and(|message| message.contains("no room")), "{full:?}");
}

#[tokio::test]
async fn a_code_that_the_vendor_cannot_withdraw_stands() {
    let stack = Stack::of("danalock", Fleet::fixture()).await;
    let granted = stack.call("GrantAccess", stack.grant("code", &stack.lock())).await;
    assert_eq!(granted.0, 200, "{granted:?}");
    let revoked = stack.call("RevokeAccess", reference(&granted)).await;
    assert_eq!(revoked.0, 409, "{revoked:?}");
    assert_eq!(stack.state(), AccessState::Active);
}

#[tokio::test]
async fn a_door_is_kept_open_for_its_period_and_opened_by_a_pulse() {
    let stack = Stack::reference().await;
    let lock = stack.lock();
    let bolt = || stack.vendor.control().lock(&lock).map(|lock| lock.bolt);
    let granted = stack.call("GrantAccess", stack.grant("unlock", &lock)).await;
    assert_eq!((granted.0, bolt()), (200, Some(Word::Unlocked)), "{granted:?}");
    assert_eq!(stack.call("RevokeAccess", reference(&granted)).await.0, 200);
    stack.pass(60).await;
    assert_eq!(bolt(), Some(Word::Locked));
    let mut later = stack.grant("unlock", &lock);
    later["from"] = json!((stack.clock.now() + Duration::from_secs(600)).to_string());
    assert_eq!(stack.call("GrantAccess", later).await.0, 200);
    assert_eq!(bolt(), Some(Word::Locked));
    stack.pass(720).await;
    assert_eq!(bolt(), Some(Word::Unlocked));
    let other = stack.vendor.control().fixture().free_locks[1].clone();
    let before = stack.clock.now();
    assert_eq!(stack.call("GrantPulseAccess", json!({ "lockId": other.as_str() })).await.0, 200);
    let history = stack.vendor.control().bolt_history(&other, before);
    assert!(history.iter().any(|(_, bolt)| *bolt == Word::Unlocked), "{history:?}");
}

#[tokio::test]
async fn a_mobile_key_opens_and_is_withdrawn() {
    let stack = Stack::reference().await;
    let granted = stack.call("GrantAccess", stack.grant("mobilekey", &stack.lock())).await;
    assert_eq!(granted.0, 200, "{granted:?}");
    assert!(granted.1["mobileKey"].is_string(), "{granted:?}");
    assert_eq!(stack.call("RevokeAccess", reference(&granted)).await.0, 200);
    assert_eq!(stack.state(), AccessState::Revoked);
}

#[tokio::test]
async fn an_update_and_a_revocation_time_out_where_the_vendor_is_silent() {
    for (mode, carried_out) in [("code", false), ("code", true), ("mobilekey", false), ("mobilekey", true)] {
        let stack = Stack::reference().await;
        let lock = stack.lock();
        let granted = stack.call("GrantAccess", stack.grant(mode, &lock)).await;
        assert_eq!(granted.0, 200, "{granted:?}");
        let silent = |stack: &Stack| {
            let schedule = Schedule::lasting_from_first_strike(Duration::from_secs(60));
            let fault = Fault::at(stack.lock(), schedule, Effect::Withhold { carried_out });
            stack.vendor.control().inject(fault);
        };
        let to = (stack.clock.now() + Duration::from_secs(10_800)).to_string();
        let longer = json!({ "ReferenceId": granted.1["ReferenceId"], "to": to });
        for (path, body, standing) in [("UpdateAccess", longer, 1), ("RevokeAccess", reference(&granted), 0)]
        {
            silent(&stack);
            let told = stack.call(path, body.clone()).await;
            assert_eq!(told.0, 504, "{mode} {path}: {told:?}");
            stack.pass(240).await;
            let again = stack.call(path, body).await;
            assert_eq!(again.0, 200, "{mode} {path}, carried out {carried_out}: {again:?}");
            // A key that no phone has taken yet holds at no lock.
            if mode == "code" {
                let accesses = stack.vendor.control().accesses_on(&lock);
                assert_eq!(accesses.len(), standing, "{path}, carried out {carried_out}: {accesses:?}");
            }
        }
        assert!(stack.vendor.control().faults().iter().all(|fault| fault.consumed > 0));
    }
}
