use std::path::Path;
use std::time::Duration;

use super::*;
use crate::harness::certification::life::{Refused, Step};
use crate::harness::certification::tests::{attest, claims};
use crate::harness::sample::{noon, report};
use crate::vendors::vocabulary::Clock;

async fn register(folder: &Path, clock: &Clock) -> Register {
    Register::open(&folder.join("register.db"), clock.clone()).await.unwrap()
}

const ID: &str = "lock-vendor/acme";

#[tokio::test]
async fn what_happened_is_read_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::stepped(noon());
    let first = register(folder.path(), &clock).await;
    let begun = first.begin("lock-vendor", "acme", "P. Partner", "a new vendor").await.unwrap();
    assert_eq!(begun.certification.id(), ID);
    clock.advance(Duration::from_secs(3_600)).await;
    let told = first.act(ID, "P. Partner", "done", |_, _| Ok(attest("legal"))).await.unwrap();
    assert_eq!(told.events[1].at, noon() + Duration::from_secs(3_600));
    drop(first);
    let again = register(folder.path(), &clock).await;
    assert_eq!(again.read(ID).await.unwrap(), told);
    assert_eq!(again.all().await.unwrap(), [told]);
}

#[tokio::test]
async fn what_is_refused_leaves_no_trace_and_says_what_is_possible() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::stepped(noon());
    let register = register(folder.path(), &clock).await;
    let before = register.begin("lock-vendor", "acme", "p", "new").await.unwrap();
    let told = register.act(ID, "r", "now", |_, _| Ok(Step::Review)).await.unwrap_err();
    match told {
        RegisterError::Refused { why: Refused::NotNow { .. }, possible } => assert_eq!(possible, ["attest"]),
        other => panic!("{other}"),
    }
    let told = register.act(ID, " ", "now", |_, _| Ok(attest("legal"))).await.unwrap_err();
    assert!(told.to_string().contains("the actor"), "{told}");
    let told = register.begin("lock-vendor", "acme", "p", "again").await.unwrap_err();
    assert!(told.to_string().contains("was begun already"), "{told}");
    let told = register.begin("lock-vendors", "acme", "p", "new").await.unwrap_err();
    assert!(told.to_string().contains("no programme"), "{told}");
    let told = register.act("lock-vendor/other", "r", "now", |_, _| Ok(Step::Review)).await.unwrap_err();
    assert!(told.to_string().contains("no certification lock-vendor/other"), "{told}");
    assert_eq!(register.all().await.unwrap(), [before]);
    let nowhere = Register::existing(&folder.path().join("other.db"), clock.clone()).await;
    assert!(matches!(nowhere, Err(RegisterError::NoRegister(_))));
    assert!(!folder.path().join("other.db").exists(), "nothing is made by looking");
}

#[tokio::test]
async fn a_whole_report_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let register = register(folder.path(), &Clock::stepped(noon() + Duration::from_secs(600))).await;
    register.begin("lock-vendor", "acme", "p", "new").await.unwrap();
    for item in ["documentation", "data-flow-diagram", "storage", "transport", "legal"] {
        register.act(ID, "p", "done", |_, _| Ok(attest(item))).await.unwrap();
    }
    let step = Step::Submit { claims: Box::new(claims(&report())) };
    let told = register.act(ID, "p", "done", |_, _| Ok(step)).await.unwrap();
    assert_eq!(register.read(ID).await.unwrap(), told);
    assert_eq!(told.certification.stage().words(), "submitted");
}

/// As several processes: each opens the file by itself, on a thread of its own.
#[test]
fn many_that_write_at_once_wait_for_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let (path, clock) = (folder.path().join("register.db"), Clock::stepped(noon()));
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let one = |number: usize| {
        let (path, clock) = (path.clone(), clock.clone());
        std::thread::spawn(move || {
            runtime().block_on(async {
                let register = Register::open(&path, clock).await.unwrap();
                let begun = register.begin("lock-vendor", "acme", "p", "new").await.is_ok();
                for _ in 0..5 {
                    let reason = format!("writer {number}");
                    register.act(ID, "p", &reason, |_, _| Ok(attest("legal"))).await.unwrap();
                }
                begun
            })
        })
    };
    let writers: Vec<_> = (0..6).map(one).collect();
    let begun = writers.into_iter().map(|writer| usize::from(writer.join().unwrap()));
    assert_eq!(begun.sum::<usize>(), 1);
    let history = runtime().block_on(async { register(folder.path(), &clock).await.read(ID).await.unwrap() });
    assert_eq!(history.events.len(), 31);
}

#[tokio::test]
async fn a_history_only_grows_and_an_edited_one_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (path, clock) = (folder.path().join("register.db"), Clock::stepped(noon()));
    let register = register(folder.path(), &clock).await;
    register.begin("lock-vendor", "acme", "p", "new").await.unwrap();
    register.act(ID, "p", "done", |_, _| Ok(attest("legal"))).await.unwrap();
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for statement in [
        "UPDATE event SET event = replace(event, 'P. Partner', 'Q. Quack')",
        "DELETE FROM event",
        "UPDATE certification SET subject = 'other'",
        "DELETE FROM certification",
    ] {
        assert!(sqlx::query(statement).execute(&other).await.is_err(), "{statement}");
    }
    assert!(register.read(ID).await.is_ok());
    // Whoever takes the triggers away first is found out by the chain.
    for statement in [
        "DROP TRIGGER event_is_never_changed",
        "UPDATE event SET event = replace(event, 'P. Partner', 'Q. Quack')",
    ] {
        sqlx::query(statement).execute(&other).await.unwrap();
    }
    let told = register.read(ID).await.unwrap_err().to_string();
    assert_eq!(told, "the history of lock-vendor/acme was tampered with at its step 2");
    let told = register.act(ID, "p", "done", |_, _| Ok(attest("legal"))).await.unwrap_err();
    assert!(matches!(told, RegisterError::Tampered { .. }), "{told}");
}

#[tokio::test]
async fn what_is_no_register_is_told_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    let text = "these are notes and no database, as anybody can see who reads them ".repeat(40);
    std::fs::write(&path, &text).unwrap();
    let told = Register::open(&path, Clock::stepped(noon())).await.err().unwrap().to_string();
    assert!(told.contains("the register cannot be used"), "{told}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

/// A process that dies in the middle of a step has done nothing.
#[tokio::test]
async fn a_step_that_was_cut_off_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let (path, clock) = (folder.path().join("register.db"), Clock::stepped(noon()));
    let before = {
        let register = register(folder.path(), &clock).await;
        register.begin("lock-vendor", "acme", "p", "new").await.unwrap()
    };
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path);
    let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
    let mut cut_off = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let insert =
        "INSERT INTO event (certification, place, event, digest) VALUES ('lock-vendor/acme', 1, '{}', '";
    let insert = format!("{insert}{}')", "0".repeat(64));
    sqlx::query(sqlx::AssertSqlSafe(insert)).execute(&mut *cut_off).await.unwrap();
    // What a kill leaves on the disk: the files as they are, without an end.
    let copy = folder.path().join("copy.db");
    for ending in ["", "-journal", "-wal"] {
        let from = format!("{}{ending}", path.display());
        if Path::new(&from).exists() {
            std::fs::copy(from, format!("{}{ending}", copy.display())).unwrap();
        }
    }
    let found = Register::existing(&copy, clock).await.unwrap().read(ID).await.unwrap();
    assert_eq!(found, before);
}
