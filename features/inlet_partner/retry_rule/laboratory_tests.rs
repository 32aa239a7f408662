//! The retry laboratory in virtual time: partners' half hours over real sockets,
//! judged by what the simulated Inlet received.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::harness::verdict::Verdict;
use crate::simulator::{
    Answering, Effect, Fault, Given, InletOptions, InletSimulator, LockUpstream, Place, Schedule,
    UpstreamFailure, Wanted,
};
use crate::vendors::inlet::Operation;
use crate::vendors::vocabulary::{Clock, ExchangeId, FailureKind, Instant, LockId, Pin};

/// A lock system that answers nobody for so long.
struct Out {
    clock: Clock,
    until: Instant,
}

impl Out {
    async fn answer<T>(&self, answer: T) -> Result<T, UpstreamFailure> {
        // Inlet's patience with it: it waits, and time passes meanwhile.
        self.clock.sleep(Duration::from_secs(30)).await;
        match self.clock.now() < self.until {
            true => Err(UpstreamFailure::new(FailureKind::UpstreamTimeout, "no answer in 30 s")),
            false => Ok(answer),
        }
    }
}

impl LockUpstream for Out {
    fn give<'a>(&'a self, _: &'a Wanted) -> Answering<'a, Given> {
        Box::pin(self.answer(Given { typed: Pin::new("1234#").ok(), invitation: None }))
    }

    fn change<'a>(&'a self, _: &'a Wanted) -> Answering<'a, Given> {
        Box::pin(self.answer(Given::default()))
    }

    fn withdraw<'a>(&'a self, _: &'a str) -> Answering<'a, ()> {
        Box::pin(self.answer(()))
    }

    fn pulse<'a>(&'a self, _: &'a LockId) -> Answering<'a, ()> {
        Box::pin(self.answer(()))
    }
}

/// How a partner repeats.
struct Partner {
    gap: u64,
    from_answer: bool,
    most: u32,
}

const OBEYS: Partner = Partner { gap: 240, from_answer: false, most: 20 };

/// One booking against an outage; what was received, judged. The partner stops
/// at success, or when it has tried for longer than the rule asks.
async fn half_hour(partner: Partner, outage: u64, fault: Option<Effect>) -> (Course, Judgement) {
    crate::harness::integration::install_tls();
    let clock = Clock::stepped(Instant::from_epoch_ms(1_803_891_600_000));
    let began = clock.now();
    let until = began + Duration::from_secs(outage);
    let locks = Arc::new(Out { clock: clock.clone(), until });
    let inlet = InletSimulator::start(InletOptions::new(locks, clock.clone(), 1)).await.expect("a free port");
    if let Some(effect) = fault {
        let fault = Fault {
            place: Place::default(),
            schedule: Schedule { times: Some(1), ..Schedule::default() },
            effect,
        };
        inlet.control().inject(fault).expect("a fault that can strike");
    }
    let token = inlet.control().customers()[0].token.clone();
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let from = began + Duration::from_secs(7_200);
    let grant = json!({
        "operation": "code", "lockId": "L-1", "from": from.to_string(),
        "to": (from + Duration::from_secs(7_200)).to_string(), "email": "ada@example.org"
    });
    let work = async {
        for number in 0..partner.most {
            let started = clock.now();
            let exchange = ExchangeId::new(format!("partner-{number}"));
            let under_way = clock.begin(exchange.clone());
            let call = client.post(format!("{}/GrantAccess", inlet.url())).bearer_auth(token.expose());
            let answer = call.header(ExchangeId::HEADER, exchange.as_str()).json(&grant).send().await;
            let done = answer.is_ok_and(|answer| answer.status().is_success());
            drop(under_way);
            if done || clock.now().since(began) > Duration::from_secs(1_810) {
                break;
            }
            let from = if partner.from_answer { clock.now() } else { started };
            clock.sleep_until(from + Duration::from_secs(partner.gap)).await;
        }
        clock.sleep(Duration::from_secs(3_000)).await;
    };
    clock.drive(work).await;
    let told = if outage > 1_805 { vec![began + Duration::from_secs(1_900)] } else { Vec::new() };
    let attempts = attempts(Operation::GrantAccess, &inlet.control().received());
    let course = Course::new(attempts, clock.now()).with_escalations(told);
    let judgement = judge(&course, Pace::Virtual);
    (course, judgement)
}

#[tokio::test]
async fn an_outage_of_twenty_and_of_forty_minutes_is_outlasted_by_who_obeys() {
    let counted = Partner { from_answer: true, ..OBEYS };
    for (partner, outage) in [(OBEYS, 1_200), (OBEYS, 2_400), (counted, 1_200)] {
        let (course, judgement) = half_hour(partner, outage, None).await;
        assert_eq!(judgement.verdict(), Verdict::Pass, "{outage}: {judgement:#?}\n{course:#?}");
        let took = course.attempts().iter().map(|one| one.ended.map(|ended| ended.since(one.arrived)));
        assert!(took.into_iter().all(|took| took == Some(Duration::from_secs(30))), "{course:#?}");
    }
}

#[tokio::test]
async fn who_hammers_and_who_gives_up_are_found() {
    let verdict = |judgement: &Judgement, rule| judgement.on(&[rule]).findings()[0].verdict;
    let (_, hammers) = half_hour(Partner { gap: 60, ..OBEYS }, 1_200, None).await;
    assert_eq!(verdict(&hammers, Rule::Gap), Verdict::Fail);
    let (_, gives_up) = half_hour(Partner { most: 3, ..OBEYS }, 2_400, None).await;
    assert_eq!(verdict(&gives_up, Rule::Duration), Verdict::Fail);
    assert_eq!(verdict(&gives_up, Rule::Gap), Verdict::Pass);
}

#[tokio::test]
async fn a_dropped_connection_counts_as_a_timeout_and_an_answer_that_breaks_off_does_not() {
    let (course, judgement) = half_hour(OBEYS, 0, Some(Effect::Reset { carried_out: true })).await;
    let outcomes: Vec<Outcome> = course.attempts().iter().map(|one| one.outcome).collect();
    assert_eq!(outcomes, [Outcome::UpstreamTimeout, Outcome::Success]);
    assert_eq!(judgement.verdict(), Verdict::Pass, "{judgement:#?}");
    let (course, _) = half_hour(OBEYS, 0, Some(Effect::HalfBody)).await;
    assert_eq!(course.attempts()[0].outcome, Outcome::Broken);
    let put_off = Effect::Unavailable(Duration::from_secs(120));
    let (course, judgement) = half_hour(OBEYS, 0, Some(put_off)).await;
    assert_eq!(course.attempts()[0].outcome, Outcome::Later(Duration::from_secs(120)));
    assert_eq!(judgement.on(&[Rule::Repeats]).findings()[0].verdict, Verdict::Pass);
}
