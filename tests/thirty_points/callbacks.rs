//! Callbacks over real sockets: registered, signed, told late and twice.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use lockstep::harness::integration::{PinRequest, Registered, Standing, Tiding};
use lockstep::vendors::dialect::CallbackProblem;
use lockstep::vendors::profile;
use lockstep::vendors::vocabulary::{EventKind, Field, Pin, Secret, Word};
use lockstep::vendors::wire::WireRequest;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::bench::Bench;

/// Where callbacks go: keeps what came, and answers as it is told.
struct Hook {
    server: MockServer,
    came: Arc<Mutex<Vec<WireRequest>>>,
}

impl Hook {
    async fn answering(answers: Vec<(u16, &'static str)>) -> Self {
        let server = MockServer::start().await;
        let came: Arc<Mutex<Vec<WireRequest>>> = Arc::default();
        let kept = came.clone();
        let answer = move |request: &Request| {
            let mut kept = kept.lock().unwrap();
            let (status, body) = answers[kept.len().min(answers.len() - 1)];
            kept.push(WireRequest {
                method: request.method.to_string(),
                path: request.url.path().to_owned(),
                query: Vec::new(),
                headers: request
                    .headers
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
                    .collect(),
                body: request.body.clone(),
            });
            ResponseTemplate::new(status).set_body_string(body)
        };
        Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
        Self { server, came }
    }

    fn url(&self) -> String {
        format!("{}/hook", self.server.uri())
    }

    fn came(&self) -> Vec<WireRequest> {
        self.came.lock().unwrap().clone()
    }
}

fn read(bench: &Bench, request: &WireRequest) -> Tiding {
    let mut tidings = bench.integration.read_callback(request).unwrap();
    assert_eq!(tidings.len(), 1);
    tidings.remove(0)
}

#[tokio::test]
async fn a_registered_address_hears_of_bolts_and_pins() {
    let bench = Bench::of("callbacks").await;
    let hook = Hook::answering(vec![(200, "success")]).await;
    let registered = bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
    assert_eq!(registered, Registered::Told);
    let access = bench.clock.drive(bench.integration.create_pin_access(&bench.pin_request())).await.unwrap();
    bench.control().advance(Duration::from_secs(60)).await;
    bench.clock.drive(bench.integration.unlock(&bench.lock(1))).await.unwrap();
    bench.control().advance(Duration::from_secs(10)).await;
    let told: Vec<Tiding> = hook.came().iter().map(|request| read(&bench, request)).collect();
    let words: Vec<_> = told
        .iter()
        .map(|tiding| {
            (
                tiding.kinds.clone(),
                tiding.facts.word(&Field::LockState).or(tiding.facts.word(&Field::AccessState)),
            )
        })
        .collect();
    assert_eq!(
        words,
        [
            (vec![EventKind::Access], Some(Word::Active)),
            (vec![EventKind::Bolt], Some(Word::Unlocked)),
            (vec![EventKind::Bolt], Some(Word::Locked)),
        ]
    );
    assert_eq!(told[0].facts.text(&Field::AccessId), Some(access.id.as_str()));
    assert!(told.iter().all(|tiding| tiding.standing == Standing::New && tiding.at.is_some()));
    assert!(bench.control().callbacks_sent().iter().all(|sent| sent.taken && sent.attempt == 1));
}

#[tokio::test]
async fn a_lock_that_is_gone_is_told_a_quarter_of_an_hour_late() {
    let bench = Bench::of("callbacks").await;
    let hook = Hook::answering(vec![(200, "success")]).await;
    bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
    let gone = bench.clock.now();
    bench.control().set_reachable(&bench.lock(0), false);
    bench.control().advance(Duration::from_secs(14 * 60)).await;
    assert_eq!(hook.came().len(), 0);
    bench.control().advance(Duration::from_secs(60)).await;
    let told = read(&bench, &hook.came()[0]);
    assert_eq!((told.event.as_str(), told.at), ("device_offline", Some(gone)));
    assert_eq!(told.facts.flag(&Field::LockReachable), Some(false));
}

#[tokio::test]
async fn what_comes_twice_or_too_late_is_known_as_such() {
    let bench = Bench::of("callbacks").await;
    let hook = Hook::answering(vec![(200, "success")]).await;
    bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
    bench.control().repeat_callbacks(1);
    // The lock goes and returns: that it went is told after that it is back.
    bench.control().set_reachable(&bench.lock(0), false);
    bench.control().advance(Duration::from_secs(30)).await;
    bench.control().set_reachable(&bench.lock(0), true);
    bench.control().advance(Duration::from_secs(15 * 60)).await;
    let told: Vec<Tiding> = hook.came().iter().map(|request| read(&bench, request)).collect();
    let told: Vec<_> = told.iter().map(|tiding| (tiding.event.as_str(), tiding.standing)).collect();
    assert_eq!(
        told,
        [
            ("device_online", Standing::New),
            ("device_online", Standing::Repeated),
            ("device_offline", Standing::Overtaken),
            ("device_offline", Standing::Repeated),
        ]
    );
}

#[tokio::test]
async fn an_event_is_sent_again_until_it_is_answered_as_documented() {
    let bench = Bench::of("callbacks").await;
    // The second answer has the right status and the wrong words.
    let hook = Hook::answering(vec![(503, ""), (200, "ok"), (200, "success")]).await;
    bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
    bench.control().set_reachable(&bench.control().fixture().offline_lock, true);
    bench.control().advance(Duration::from_secs(1)).await;
    bench.control().advance(Duration::from_secs(60)).await;
    bench.control().advance(Duration::from_secs(60)).await;
    bench.control().advance(Duration::from_secs(600)).await;
    let sent = bench.control().callbacks_sent();
    let taken: Vec<(u32, bool)> = sent.iter().map(|sent| (sent.attempt, sent.taken)).collect();
    assert_eq!(taken, [(1, false), (2, false), (3, true)]);
    assert_eq!(sent[2].sent.since(sent[0].sent), Duration::from_secs(120));
    assert!(sent.iter().all(|each| each.id == sent[0].id));
}

#[tokio::test]
async fn what_is_signed_wrongly_is_not_believed() {
    let bench = Bench::of("callbacks").await;
    let hook = Hook::answering(vec![(200, "success")]).await;
    bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
    bench.control().set_reachable(&bench.control().fixture().offline_lock, true);
    bench.control().advance(Duration::from_secs(1)).await;
    let right = hook.came()[0].clone();
    let mut altered = right.clone();
    altered.body = String::from_utf8(altered.body).unwrap().replace("online", "onlime").into_bytes();
    assert_eq!(bench.integration.read_callback(&altered), Err(CallbackProblem::WrongSignature));
    let mut bare = right.clone();
    bare.headers.retain(|(name, _)| name != "x-signature");
    assert!(matches!(bench.integration.read_callback(&bare), Err(CallbackProblem::Unsigned(_))));
    assert_eq!(read(&bench, &right).standing, Standing::New);
    bench.integration.trust_callbacks(&Secret::new("another"));
    assert_eq!(bench.integration.read_callback(&right), Err(CallbackProblem::WrongSignature));
}

#[tokio::test]
async fn a_simulation_calls_nobody_on_another_machine() {
    let bench = Bench::of("callbacks").await;
    let refused = bench.clock.drive(bench.integration.register_callbacks("http://192.0.2.1/hook")).await;
    assert!(refused.is_err());
    assert!(bench.control().send_callbacks_to("https://hooks.example/").is_err());
    assert_eq!(bench.control().callback_url(), None);
}

#[tokio::test]
async fn nuki_tells_of_bolts_and_of_codes_that_have_come() {
    let bench = Bench::with(profile::load("nuki").unwrap()).await;
    let hook = Hook::answering(vec![(200, "")]).await;
    let registered = bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
    assert_eq!(registered, Registered::Told);
    let request = PinRequest { pin: Some(Pin::new("592748").unwrap()), ..bench.pin_request() };
    let access = bench.clock.drive(bench.integration.create_pin_access(&request)).await.unwrap();
    // It is listed before it has come to its lock.
    bench.control().advance(Duration::from_secs(60)).await;
    bench.clock.drive(bench.integration.unlock(&bench.lock(1))).await.unwrap();
    bench.control().advance(Duration::from_secs(60)).await;
    bench.clock.drive(bench.integration.remove_pin_access(&access)).await.unwrap();
    bench.control().advance(Duration::from_secs(60)).await;
    let told: Vec<Tiding> = hook.came().iter().map(|request| read(&bench, request)).collect();
    let events: Vec<&str> = told.iter().map(|tiding| tiding.event.as_str()).collect();
    assert_eq!(events, ["code_made", "device_status", "device_status", "code_gone"]);
    assert_eq!(told[0].facts.text(&Field::AccessId), Some(access.id.as_str()));
    assert_eq!(told[3].facts.word(&Field::AccessState), Some(Word::Removed));
    // The state says all, so it is news of each that it tells of.
    assert_eq!(told[1].kinds, [EventKind::Bolt, EventKind::Door, EventKind::Battery]);
    let bolts: Vec<_> = told[1..3].iter().map(|tiding| tiding.facts.word(&Field::LockState)).collect();
    assert_eq!(bolts, [Some(Word::Unlocked), Some(Word::Locked)]);
    // What is of no use is believed no sooner than what is.
    let mut other = hook.came()[0].clone();
    other.body = br#"{"feature":"DEVICE_CONFIG"}"#.to_vec();
    assert_eq!(bench.integration.read_callback(&other), Err(CallbackProblem::WrongSignature));
}

#[tokio::test]
async fn tedee_and_ttlock_tell_at_an_address_that_a_person_enters() {
    for (name, answer, opened) in
        [("tedee", "", "lock_status_changed"), ("ttlock", "success", "lock_records")]
    {
        let bench = Bench::with(profile::load(name).unwrap()).await;
        let hook = Hook::answering(vec![(200, answer)]).await;
        let registered = bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
        assert!(matches!(registered, Registered::ByHand(_)), "{name}");
        bench.control().send_callbacks_to(&hook.url()).unwrap();
        let began = bench.clock.now();
        bench.clock.drive(bench.integration.unlock(&bench.lock(0))).await.unwrap();
        bench.control().advance(Duration::from_secs(60)).await;
        bench.control().set_reachable(&bench.lock(0), false);
        bench.control().advance(Duration::from_secs(60)).await;
        let told: Vec<Tiding> = hook.came().iter().map(|request| read(&bench, request)).collect();
        assert_eq!(told[0].event, opened, "{name}");
        assert_eq!(told[0].facts.word(&Field::LockState), Some(Word::Unlocked), "{name}");
        assert!(told[0].at.is_some_and(|at| at >= began), "{name}");
        assert!(bench.control().callbacks_sent().iter().all(|sent| sent.taken), "{name}");
        let gone =
            told.iter().filter(|tiding| tiding.facts.flag(&Field::LockReachable) == Some(false)).count();
        assert_eq!(gone, usize::from(name == "tedee"), "{name}");
    }
}

#[tokio::test]
async fn a_form_with_records_is_read_record_by_record() {
    let bench = Bench::of("callbacks_form").await;
    let hook = Hook::answering(vec![(200, "success")]).await;
    let registered = bench.clock.drive(bench.integration.register_callbacks(&hook.url())).await.unwrap();
    assert!(matches!(registered, Registered::ByHand(words) if words.contains("Callback URL")));
    bench.control().send_callbacks_to(&hook.url()).unwrap();
    bench.control().set_battery(&bench.lock(0), 15);
    bench.control().advance(Duration::from_secs(1)).await;
    let told = read(&bench, &hook.came()[0]);
    assert_eq!((told.event.as_str(), &told.kinds[..]), ("battery_record", &[EventKind::Battery][..]));
    assert_eq!(told.facts.text(&Field::LockId), Some(bench.lock(0).as_str()));
    assert_eq!(bench.integration.callback_answer().body, b"success");
    assert!(bench.control().callbacks_sent()[0].taken);
}
