//! Critical issues: each raised when it begins, told once, and over when it is over.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;

use super::bench::{Bench, EMAIL, PHONE, TOKEN, WORDS, granted, id, minutes, refused, start, stay, timeout};
use crate::harness::integration::inlet::{Alert, AlertKind, DeskError, Operator, Support};
use crate::vendors::vocabulary::{Clock, Secret};

const GRANT: &str = "/GrantAccess";

/// An operator who keeps what comes, and when, in seconds.
struct Kept {
    clock: Clock,
    told: std::sync::Mutex<Vec<(u64, Vec<Alert>)>>,
    deaf: std::sync::Mutex<u32>,
}

impl Operator for Kept {
    fn tell<'a>(&'a self, alerts: &'a [Alert]) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            let mut deaf = self.deaf.lock().expect("whole");
            if *deaf > 0 {
                *deaf -= 1;
                return Err("no route to operator@example.org".to_owned());
            }
            let at = self.clock.now().since(start()).as_secs();
            self.told.lock().expect("whole").push((at, alerts.to_vec()));
            Ok(())
        })
    }
}

impl Kept {
    /// When, of what kinds, about which bookings.
    fn told(&self) -> Vec<(u64, Vec<(AlertKind, String)>)> {
        let named = |alert: &Alert| {
            let booking = alert.booking.as_ref().map_or("-", |booking| booking.as_str());
            (alert.kind, booking.to_owned())
        };
        let told = self.told.lock().expect("whole");
        told.iter().map(|(at, alerts)| (*at, alerts.iter().map(named).collect())).collect()
    }

    fn text(&self) -> String {
        let told = self.told.lock().expect("whole");
        told.iter().flat_map(|(_, alerts)| alerts).map(Alert::to_string).collect()
    }
}

async fn with_operator(bench: &mut Bench) -> Arc<Kept> {
    let kept =
        Arc::new(Kept { clock: bench.clock.clone(), told: Default::default(), deaf: Default::default() });
    attach(bench, &kept);
    kept
}

fn attach(bench: &mut Bench, kept: &Arc<Kept>) {
    let operator = Arc::clone(kept) as Arc<dyn Operator>;
    bench.desk = bench.desk.take().map(|desk| desk.with_operator(operator));
}

fn of(kind: AlertKind, booking: &str) -> (AlertKind, String) {
    (kind, booking.to_owned())
}

#[tokio::test]
async fn a_refused_credential_is_told_at_once_and_once() {
    for code in [401, 403] {
        let mut bench = Bench::new().await;
        let kept = with_operator(&mut bench).await;
        let message = format!("token {TOKEN} of {EMAIL} is not valid");
        bench.answer(GRANT, move |nth| if nth == 0 { refused(code, &message) } else { granted() }).await;
        for name in ["b-1", "b-2"] {
            bench.put(name, &stay()).await;
        }
        bench.pass(minutes(90)).await;
        assert_eq!(kept.told(), [(0, vec![of(AlertKind::CredentialRefused, "-")])]);
        assert_eq!(bench.desk().alerts().len(), 1);
        // Neither a restart nor a further refusal tells it again.
        bench.open(TOKEN).await;
        attach(&mut bench, &kept);
        assert_eq!(bench.desk().alerts()[0].at, start());
        assert!(bench.desk().pulse("lock-7", None).await.is_err());
        bench.pass(minutes(90)).await;
        assert_eq!(kept.told().len(), 1);
        bench.desk().renew(Secret::new("another")).await.expect("the ledger serves");
        bench.pass(minutes(1)).await;
        assert!(bench.desk().alerts().is_empty() && bench.standing("b-2").await.settled);
        for canary in [TOKEN, EMAIL, PHONE, "40612345", "Canary"] {
            assert!(!kept.text().contains(canary), "{canary} in {}", kept.text());
        }
    }
}

#[tokio::test]
async fn a_new_credential_at_the_next_opening_ends_the_issue_too() {
    let mut bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth == 0 { refused(401, "unknown token") } else { granted() }).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(1)).await;
    assert_eq!(bench.desk().alerts().len(), 1);
    bench.open("another").await;
    assert!(bench.desk().alerts().is_empty());
    bench.open("another").await;
    assert!(bench.desk().alerts().is_empty());
}

#[tokio::test]
async fn an_access_that_is_given_up_is_told_with_its_booking() {
    let mut bench = Bench::new().await;
    let kept = with_operator(&mut bench).await;
    bench.answer(GRANT, |_| timeout()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(110)).await;
    assert!(kept.told().is_empty(), "support is told of what is still attempted, not the operator");
    bench.pass(minutes(60)).await;
    let told = kept.told();
    assert_eq!((told.len(), &told[0].1), (1, &vec![of(AlertKind::AccessGivenUp, "b-1")]));
    assert!((7_200..7_600).contains(&told[0].0), "{told:?}");
    let text = kept.text();
    assert!(text.contains("Booking: b-1") && text.contains("given up after 2 hours: 504"), "{text}");
    for canary in [TOKEN, EMAIL, PHONE, "40612345", "Canary", WORDS] {
        assert!(!text.contains(canary), "{canary} in {text}");
    }
    bench.open(TOKEN).await;
    attach(&mut bench, &kept);
    bench.pass(minutes(60)).await;
    assert_eq!((kept.told().len(), bench.desk().alerts().len()), (1, 1));
    bench.desk().cancel(&id("b-1")).await.expect("the ledger serves");
    assert!(bench.desk().alerts().is_empty());
    bench.open(TOKEN).await;
    assert!(bench.desk().alerts().is_empty());
}

#[tokio::test]
async fn what_is_refused_for_good_is_told_too_and_again_when_it_happens_again() {
    let mut bench = Bench::new().await;
    let kept = with_operator(&mut bench).await;
    bench.answer(GRANT, |_| refused(409, "the lock is full")).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(5)).await;
    bench.desk().send_again(&id("b-1")).await.expect("the ledger serves");
    bench.pass(minutes(5)).await;
    let issue = || vec![of(AlertKind::AccessGivenUp, "b-1")];
    assert_eq!(kept.told(), [(0, issue()), (300, issue())]);
    assert_eq!(bench.desk().raised(AlertKind::AccessGivenUp), 2);
}

#[tokio::test]
async fn many_issues_within_a_minute_make_two_messages() {
    let mut bench = Bench::new().await;
    let kept = with_operator(&mut bench).await;
    bench.answer(GRANT, |_| refused(409, "the lock is full")).await;
    for nth in 0..50 {
        bench.put(&format!("b-{nth}"), &stay()).await;
    }
    bench.pass(minutes(30)).await;
    let told = kept.told();
    let all: usize = told.iter().map(|(_, alerts)| alerts.len()).sum();
    assert!((1..=2).contains(&told.len()) && told.iter().all(|(at, _)| *at <= 60), "{told:?}");
    assert_eq!((all, bench.desk().alerts().len()), (50, 50));
}

#[tokio::test]
async fn support_that_cannot_be_told_is_critical_until_it_can() {
    let mut bench = Bench::new().await;
    let kept = with_operator(&mut bench).await;
    *bench.told.deaf.lock().expect("whole") = 5;
    bench.answer(GRANT, |_| timeout()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(34)).await;
    assert_eq!(kept.told(), [(1_860, vec![of(AlertKind::SupportUnreachable, "b-1")])]);
    assert_eq!((bench.desk().alerts().len(), bench.mails().len()), (1, 0));
    bench.pass(minutes(10)).await;
    assert_eq!((bench.desk().alerts().len(), bench.mails().len(), kept.told().len()), (0, 1, 1));
    // Whoever never said where support is has nobody to tell.
    let mut bench = Bench::new().await;
    let kept = with_operator(&mut bench).await;
    bench.answer(GRANT, |_| timeout()).await;
    bench.put("b-1", &stay()).await;
    let nobody: Option<Arc<dyn Support>> = None;
    bench.desk.as_mut().expect("a desk").support = nobody;
    bench.pass(minutes(60)).await;
    assert_eq!(kept.told(), [(1_860, vec![of(AlertKind::SupportUnreachable, "b-1")])]);
    assert!(kept.text().contains("there is nobody to tell"));
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_is_told_though_the_desk_stops() {
    let mut bench = Bench::new().await;
    let kept = with_operator(&mut bench).await;
    bench.answer(GRANT, |_| granted()).await;
    bench.put("b-1", &stay()).await;
    bench.desk().ledger.write_protect(true).await;
    let end = bench.clock.now() + minutes(5);
    let stopped = bench.clock.drive(bench.desk().run_until(end)).await;
    assert!(matches!(stopped, Err(DeskError::Ledger(_))), "{stopped:?}");
    assert!(bench.arrived().is_empty(), "nothing is sent that is not written down");
    let issue = || vec![of(AlertKind::LedgerUnwritable, "-")];
    assert_eq!(kept.told(), [(0, issue())]);
    assert!(bench.desk().put(&id("b-2"), &stay()).await.is_err());
    assert_eq!((kept.told().len(), bench.desk().raised(AlertKind::LedgerUnwritable)), (1, 1));
    bench.desk().ledger.write_protect(false).await;
    bench.put("b-2", &stay()).await;
    assert!(bench.desk().alerts().is_empty(), "what was written shows that it is over");
    // Also where no desk is at work somebody can watch.
    bench.desk().ledger.write_protect(true).await;
    *kept.deaf.lock().expect("whole") = 2;
    assert!(bench.desk().put(&id("b-3"), &stay()).await.is_err());
    let watched = async {
        tokio::select! {
            never = bench.desk().watch() => match never {},
            () = bench.clock.sleep(minutes(10)) => {}
        }
    };
    bench.clock.drive(watched).await;
    let told = kept.told();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[1].1 == issue() && (120..=180).contains(&told[1].0), "tried each minute: {told:?}");
}

#[tokio::test]
async fn an_operator_who_cannot_be_reached_is_tried_again_each_minute() {
    let mut bench = Bench::new().await;
    let kept = with_operator(&mut bench).await;
    *kept.deaf.lock().expect("whole") = 3;
    bench.answer(GRANT, |_| refused(401, "unknown token")).await;
    bench.put("b-1", &stay()).await;
    bench.pass(Duration::from_secs(3_600)).await;
    assert_eq!(kept.told(), [(180, vec![of(AlertKind::CredentialRefused, "-")])]);
    let log = bench.log().await;
    assert_eq!(log.matches("the operator could not be told: no route to ‹personal›").count(), 3, "{log}");
    assert_eq!(log.matches("the operator was told of 1 critical").count(), 1, "{log}");
}
