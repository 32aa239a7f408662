//! What survives a restart, and who may read it.

use std::time::Duration;

use super::bench::{Bench, TOKEN, granted, id, minutes, settings, start, stay, timeout};
use crate::harness::integration::inlet::{Desk, DeskError};
use crate::vendors::vocabulary::Clock;

const GRANT: &str = "/GrantAccess";

#[tokio::test]
async fn pending_attempts_go_on_where_they_were() {
    let mut bench = Bench::new().await;
    bench.answer(GRANT, |nth| if nth < 9 { timeout() } else { granted() }).await;
    bench.put("b-1", &stay()).await;
    for _ in 0..20 {
        bench.pass(minutes(7)).await;
        bench.open(TOKEN).await;
    }
    let calls = bench.calls();
    assert_eq!(calls.len(), 10);
    let gaps: Vec<u64> = calls.windows(2).map(|pair| pair[1].1 - pair[0].1).collect();
    assert!(gaps.iter().all(|gap| (180..=300).contains(gap)), "{gaps:?}");
    let mails = bench.mails();
    assert_eq!(mails.len(), 1);
    assert!((1_800..=2_400).contains(&mails[0].0));
    assert_eq!(bench.standing("b-1").await.held.expect("an access").reference_id, "acc-81");
}

#[tokio::test]
async fn a_crash_in_the_middle_of_a_call_counts_as_cut_off() {
    let mut bench = Bench::new().await;
    bench
        .answer(GRANT, |nth| if nth == 0 { granted().set_delay(Duration::from_secs(30)) } else { granted() })
        .await;
    bench.put("b-1", &stay()).await;
    let arrived = async {
        while bench.arrived().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        () = bench.pass(minutes(1)) => panic!("the answer was withheld"),
        () = arrived => {}
    }
    bench.open(TOKEN).await;
    bench.pass(minutes(60)).await;
    let calls = bench.calls();
    assert_eq!(calls.len(), 2);
    assert!((180..=300).contains(&calls[1].1), "{calls:?}");
    assert_eq!(bench.arrived()[0].body, bench.arrived()[1].body, "the same grant, by which Inlet knows it");
}

#[tokio::test]
async fn a_ledger_serves_one_desk_at_a_time() {
    let bench = Bench::new().await;
    bench.put("b-1", &stay()).await;
    let file = bench.folder.path().join("desk.sqlite");
    let second = Desk::open(settings("https://api.example.org", TOKEN), &file, Clock::stepped(start())).await;
    match second.map(|_| ()) {
        Err(DeskError::Ledger(error)) => assert!(error.to_string().contains("locked"), "{error}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_no_ledger_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("desk.sqlite");
    std::fs::write(&file, "these are somebody's notes, and long enough to be looked at as a database")
        .expect("written");
    let opened = Desk::open(settings("https://api.example.org", TOKEN), &file, Clock::stepped(start())).await;
    let told = opened.map(|_| ()).expect_err("no ledger").to_string();
    assert!(told.starts_with("the ledger cannot be used"), "{told}");
    let left = std::fs::read_to_string(&file).expect("still there");
    assert!(left.starts_with("these are somebody's notes"));
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let bench = Bench::new().await;
    bench.put("b-1", &stay()).await;
    for entry in std::fs::read_dir(bench.folder.path()).expect("a folder").flatten() {
        let mode = entry.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} is {mode:o}", entry.file_name());
    }
    assert!(bench.standing("b-1").await.due.is_some());
    assert!(bench.desk().standing(&id("b-2")).await.expect("the ledger serves").is_none());
}

#[tokio::test]
async fn what_is_over_is_forgotten() {
    let bench = Bench::new().await;
    bench.answer(GRANT, |_| granted()).await;
    bench.put("b-1", &stay()).await;
    bench.pass(minutes(1)).await;
    let end = stay()
        .check(crate::vendors::vocabulary::contact::Ambiguity::Refuse)
        .expect("right")
        .grant()
        .to
        .instant();
    assert_eq!(bench.desk().forget_over(end).await.expect("the ledger serves"), 0);
    assert_eq!(bench.desk().forget_over(end + minutes(1)).await.expect("the ledger serves"), 1);
    assert!(bench.desk().standing(&id("b-1")).await.expect("the ledger serves").is_none());
}
