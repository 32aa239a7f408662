//! Danalock's and Unloc's plans against the bytes that are known of them.

use super::transcripts::{SETTING, Vendor, contact, one, window};
use crate::harness::integration::{MobileRequest, PinRequest};
use crate::vendors::vocabulary::{FailureKind, LockId, Pin, Word};

const DANALOCK: &str = include_str!("../../../vendors/locks/danalock.wire");
const UNLOC: &str = include_str!("../../../vendors/locks/unloc.wire");

const DEVICE: &str = "06:cd:42:45:44:ff";
const DOOR: &str = "ba193242-3cb2-4ac7-beef-d41668a009bb";

async fn danalock(script: &[&str]) -> Vendor {
    let secrets = [("username", "owner@example.com"), ("password", "s3cr3t & more")];
    let all: Vec<&str> = std::iter::once("get_token: by password").chain(script.iter().copied()).collect();
    Vendor::new("danalock", DANALOCK, "2026-06-13T12:00:00Z", &secrets, &all).await
}

fn guest() -> PinRequest {
    PinRequest {
        user: contact("inlet-1", None, None),
        scope: one(DEVICE),
        window: window("2026-06-13T13:46:00Z", "2026-06-19T08:00:00Z"),
        pin: Some(Pin::new("604113").expect("a PIN")),
        name: "Guest".into(),
    }
}

#[tokio::test]
async fn a_danalock_pin_takes_the_first_free_place_and_gives_it_back() {
    let vendor = danalock(&[
        "ask_pins: all twenty places",
        "poll_pins: under way",
        "poll_pins: one taken and one free",
        "set_pin: a PIN for the second place",
        "poll_done: carried out",
        "set_window: its window, in the lock's local time",
        "poll_done: a rule was made",
        "ask_pins: all twenty places",
        "poll_pins: the new one too",
        "clear_pin: the place is free again",
        "poll_done: carried out",
    ])
    .await;
    let call = async {
        let made = vendor.integration.create_pin_access(&guest()).await.expect("a PIN");
        vendor.integration.remove_pin_access(&made).await.expect("a removal");
        made
    };
    let made = vendor.played(call).await;
    assert_eq!((made.id.as_str(), made.typed.as_ref().map(Pin::keys)), ("2", Some("604113")));
    assert_ne!(made.state, Some(Word::Free));
}

#[tokio::test]
async fn a_danalock_place_that_another_has_taken_since_is_left_alone() {
    let vendor = danalock(&[
        "ask_pins: all twenty places",
        "poll_pins: one taken and one free",
        "set_pin: a PIN for the second place",
        "poll_done: carried out",
        "set_window: its window, in the lock's local time",
        "poll_done: carried out",
        "ask_pins: all twenty places",
        "poll_pins: one taken and one free",
    ])
    .await;
    let call = async {
        let made = vendor.integration.create_pin_access(&guest()).await.expect("a PIN");
        vendor.integration.remove_pin_access(&made).await
    };
    let failure = vendor.played(call).await.expect_err("it is not there");
    assert_eq!(failure.kind, FailureKind::NotFound);
}

#[tokio::test]
async fn danalock_places_that_are_free_are_no_pins() {
    let vendor = danalock(&["ask_pins: all twenty places", "poll_pins: one taken and one free"]).await;
    let listed =
        vendor.played(vendor.integration.list_pin_access(&LockId::new(DEVICE))).await.expect("a list");
    let ids: Vec<&str> = listed.iter().map(|access| access.id.as_str()).collect();
    assert_eq!(ids, ["1"]);
}

#[tokio::test]
async fn a_danalock_status_is_asked_for_twice_or_not_had() {
    let lock = LockId::new(DEVICE);
    let vendor = danalock(&[
        "ask_state: a lock's state",
        "poll_state: under way",
        "poll_state: the state that was asked for, within the answer of the poll",
        "ask_battery: a lock's battery",
        "poll_battery: eighty percent",
    ])
    .await;
    let status = vendor.played(vendor.integration.get_lock_status(&lock)).await.expect("a status");
    assert_eq!((status.reachable, status.bolt, status.battery), (Some(true), Some(Word::Locked), Some(80)));

    let vendor = danalock(&["ask_state: a lock's state", "poll_state: the command failed"]).await;
    let status = vendor.played(vendor.integration.get_lock_status(&lock)).await.expect("a status");
    assert_eq!((status.reachable, status.bolt), (Some(false), None));
}

#[tokio::test]
async fn an_unloc_key_is_given_listed_and_told_to_be_revoked() {
    let secrets = [("client_id", "inlet"), ("client_secret", "s3cr3t")];
    let script = [
        "get_token: bound to one lock holder",
        "create_mobile: a key that is being made",
        "list_mobile: one in force and one revoked",
        "remove_mobile: a key is told to be revoked",
    ];
    assert!(UNLOC.contains(SETTING));
    let vendor = Vendor::new("unloc", UNLOC, "2026-06-30T12:00:00Z", &secrets, &script).await;
    let request = MobileRequest {
        user: contact("+4790000000", None, None),
        scope: one(DOOR),
        window: window("2026-07-01T14:00:00Z", "2026-07-03T10:00:00Z"),
        name: "Guest".into(),
    };
    let call = async {
        let made = vendor.integration.create_mobile_access(&request).await.expect("a key");
        let listed = vendor.integration.list_mobile_access(&made).await.expect("a list");
        vendor.integration.remove_mobile_access(&made).await.expect("a removal");
        (made, listed)
    };
    let (made, listed) = vendor.played(call).await;
    assert_eq!(made.state, Some(Word::Pending));
    let states: Vec<Option<Word>> = listed.iter().map(|key| key.state).collect();
    assert_eq!(states, [Some(Word::Active), Some(Word::Removed)]);
}
