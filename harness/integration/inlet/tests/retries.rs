//! The retry rule on the wire: half an hour of upstream timeouts in milliseconds.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::bench::{
    Bench, EMAIL, PHONE, TOKEN, WORDS, done, granted, id, minutes, refused, settings, start, stay, timeout,
};
use crate::harness::integration::inlet::{Desk, Typed};
use crate::vendors::vocabulary::{Clock, ExchangeId, Instant};

const GRANT: &str = "/GrantAccess";

fn gaps(bench: &Bench) -> Vec<u64> {
    bench.calls().windows(2).map(|pair| pair[1].1 - pair[0].1).collect()
}

#[tokio::test]
async fn timeouts_are_tried_again_by_the_rule_until_success() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth < 9 { timeout() } else { granted() }).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(180)).await;
    assert_eq!(bench.calls().len(), 10, "success ends it");
    assert!(gaps(&bench).iter().all(|gap| (180..=300).contains(gap)), "{:?}", gaps(&bench));
    let early = bench.calls().iter().filter(|(_, at)| *at <= 1_800).count();
    assert!((7..=11).contains(&early), "{early}");
    let bodies: Vec<_> = bench.arrived().into_iter().map(|call| call.body).collect();
    assert!(bodies.iter().all(|body| *body == bodies[0]), "the same content");
    let mails = bench.mails();
    assert_eq!(mails.len(), 1, "one message");
    let (at, mail) = &mails[0];
    assert!((1_800..=2_400).contains(at), "{at}");
    let text = mail.to_string();
    for part in
        ["Time: 2027-03-10T12:31:00Z", "Lock: lock-7", "Reference: b-1", "Error: 504: Upstream timeout"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    for canary in [TOKEN, PHONE, "40612345", EMAIL, "Canary", WORDS] {
        assert!(!text.contains(canary) && !bench.log().await.contains(canary), "{canary}");
    }
    assert!(bench.standing("b-1").await.settled);
}

#[tokio::test]
async fn a_success_before_the_half_hour_leaves_support_alone() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth < 3 { timeout() } else { granted() }).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(180)).await;
    assert_eq!((bench.calls().len(), bench.mails().len()), (4, 0));
}

#[tokio::test]
async fn what_never_succeeds_ends_with_people() {
    let bench = Bench::new().await;
    *bench.told.deaf.lock().expect("whole") = 2;
    bench.answer(GRANT, |_| timeout()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(300)).await;
    let last = bench.calls().last().map(|(_, at)| *at).unwrap_or_default();
    assert!((7_200..7_500).contains(&last), "{last}");
    assert_eq!(
        bench.mails().iter().map(|(at, _)| *at).collect::<Vec<_>>(),
        [1_980],
        "the mail server came back"
    );
    let stuck = bench.standing("b-1").await.stuck.expect("given up");
    assert!(stuck.starts_with("given up after 2 hours: 504"), "{stuck}");
    bench.put("b-1", &Typed { lock: "lock-9".to_owned(), ..stay() }).await;
    bench.pass(minutes(1)).await;
    assert_eq!(bench.arrived().last().map(|call| call.body["lockId"].clone()), Some("lock-9".into()));
}

#[tokio::test]
async fn a_cancellation_overtakes_the_pending_repetition() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| timeout()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(10)).await;
    let before = bench.calls().len();
    bench.desk().cancel(&id("b-1")).await.expect("the ledger serves");
    bench.pass(minutes(180)).await;
    assert_eq!((bench.calls().len(), bench.mails().len()), (before, 0));
    assert!(bench.standing("b-1").await.settled);
}

#[tokio::test]
async fn a_change_overtakes_the_pending_repetition_and_keeps_its_time() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth < 2 { timeout() } else { granted() }).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(1)).await;
    bench.put("b-1", &Typed { lock: "lock-8".to_owned(), ..stay() }).await;
    bench.pass(minutes(60)).await;
    let locks: Vec<_> = bench.arrived().into_iter().map(|call| call.body["lockId"].clone()).collect();
    assert_eq!(locks, ["lock-7", "lock-8", "lock-8"]);
    assert!(gaps(&bench).iter().all(|gap| (180..=300).contains(gap)), "{:?}", gaps(&bench));
}

#[tokio::test]
async fn a_change_and_a_cancellation_meet_a_call_that_is_under_way() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| granted().set_delay(Duration::from_millis(150))).await;
    bench.answer("/RevokeAccess", |_| done()).await;
    bench.put("b-1", &stay()).await;
    let cancel = async {
        while bench.arrived().is_empty() {
            tokio::task::yield_now().await;
        }
        bench.desk().cancel(&id("b-1")).await.expect("the ledger serves");
    };
    let ((), ()) = tokio::join!(bench.pass(minutes(1)), cancel);
    assert_eq!(bench.calls(), [(GRANT.to_owned(), 0), ("/RevokeAccess".to_owned(), 0)]);
    assert!(bench.standing("b-1").await.settled);
}

#[tokio::test]
async fn inlet_says_when_to_come_back() {
    let bench = Bench::new().await;
    bench
        .answer(GRANT, |nth| match nth {
            0 => refused(429, "too many").insert_header("retry-after", "7"),
            1 => refused(503, "busy").insert_header("retry-after", "Wed, 10 Mar 2027 12:10:00 GMT"),
            2 => refused(503, "busy"),
            3..6 => refused(429, "again").insert_header("retry-after", "0"),
            _ => granted(),
        })
        .await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(60)).await;
    let calls = bench.calls();
    assert_eq!([calls[0].1, calls[1].1, calls[2].1], [0, 7, 600]);
    assert!((180..=300).contains(&(calls[3].1 - calls[2].1)), "{calls:?}");
    let gaps = gaps(&bench);
    assert_eq!(gaps[3..], [16, 32, 64], "whoever says 0 is asked ever more rarely");
    assert_eq!((calls.len(), bench.mails().len()), (7, 0));
}

#[tokio::test]
async fn answers_that_cannot_be_read_count_as_cut_off() {
    for body in [
        "{\"status\":\"OK\",\"Refer",
        "{\"status\":\"OK\"}",
        "",
        "<html>",
        "{\"status\":\"ERROR\",\"code\":\"422\",\"message\":\"x\"}",
    ] {
        let bench = Bench::new().await;
        bench
            .answer(GRANT, move |nth| match nth {
                0 => wiremock::ResponseTemplate::new(200).set_body_raw(body, "application/json"),
                _ => granted(),
            })
            .await;
        bench.put("b-1", &stay()).await;
        bench.pass(minutes(10)).await;
        assert!((180..=300).contains(&gaps(&bench)[0]), "{body}: {:?}", bench.calls());
        assert!(bench.standing("b-1").await.settled);
    }
}

/// Reads whole requests and ends the connection without an answer, `n` times.
async fn drops(n: usize, clock: Clock) -> (String, Arc<Mutex<Vec<Instant>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrived);
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let mut read = vec![0; 8_192];
            let mut held = 0;
            while !read[..held].ends_with(b"}") {
                match stream.read(&mut read[held..]).await {
                    Ok(more) if more > 0 => held += more,
                    _ => break,
                }
            }
            let nth = {
                let mut seen = seen.lock().expect("whole");
                seen.push(clock.now());
                seen.len()
            };
            if nth > n {
                let body = r#"{"status":"OK","ReferenceId":"acc-81"}"#;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(head.as_bytes()).await;
            }
        }
    });
    (address, arrived)
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer_starts_the_rule() {
    let clock = Clock::stepped(start());
    let (address, arrived) = drops(3, clock.clone()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.sqlite");
    let desk = Desk::open(settings(&address, TOKEN), &file, clock.clone()).await.expect("it opens");
    desk.put(&id("b-1"), &stay()).await.expect("a right booking");
    clock.drive(desk.run_until(start() + minutes(60))).await.expect("the ledger serves");
    let at: Vec<u64> = arrived.lock().expect("whole").iter().map(|at| at.since(start()).as_secs()).collect();
    assert_eq!(at.len(), 4);
    assert!(at.windows(2).all(|pair| (180..=300).contains(&(pair[1] - pair[0]))), "{at:?}");
}

#[tokio::test]
async fn bookings_wait_side_by_side() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth < 40 { timeout() } else { granted() }).await;
    for nth in 0..40 {
        bench.put(&format!("b-{nth}"), &stay()).await;
    }
    bench.pass(minutes(20)).await;
    assert_eq!(bench.calls().len(), 80);
    assert!(bench.calls().iter().skip(40).all(|(_, at)| (180..=300).contains(at)));
}

#[tokio::test]
async fn a_slow_inlet_holds_nobody_up() {
    let clock = Clock::stepped(start());
    let (address, arrived) = silent(clock.clone()).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.sqlite");
    let desk = Desk::open(settings(&address, TOKEN), &file, clock.clone()).await.expect("it opens");
    for nth in 0..6 {
        desk.put(&id(&format!("b-{nth}")), &stay()).await.expect("a right booking");
    }
    // Nothing answers: each call ends at its deadline of 30 s, the first alone.
    clock.drive(desk.run_until(start() + minutes(2))).await.expect("the ledger serves");
    let at: Vec<u64> = arrived.lock().expect("whole").iter().map(|at| at.since(start()).as_secs()).collect();
    assert_eq!(at, [0, 30, 30, 30, 30, 30]);
    for nth in 0..6 {
        let standing = desk.standing(&id(&format!("b-{nth}"))).await.expect("it serves").expect("known");
        let (attempts, error) = standing.attempts.expect("attempts");
        assert_eq!((attempts, error.as_str()), (1, "no answer: no answer within 30s"), "b-{nth}");
    }
}

/// Takes calls and withholds every answer.
async fn silent(clock: Clock) -> (String, Arc<Mutex<Vec<Instant>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let arrived = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&arrived);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let (clock, seen) = (clock.clone(), Arc::clone(&seen));
            tokio::spawn(async move {
                let mut read = vec![0; 8_192];
                let mut held = 0;
                while !read[..held].ends_with(b"}") {
                    held += stream.read(&mut read[held..]).await.expect("a request");
                }
                let head = String::from_utf8_lossy(&read[..held]).into_owned();
                let name = head.lines().find_map(|line| line.strip_prefix("lockstep-exchange: "));
                seen.lock().expect("whole").push(clock.now());
                clock.park(&ExchangeId::new(name.expect("a name")), None).await;
            });
        }
    });
    (address, arrived)
}
