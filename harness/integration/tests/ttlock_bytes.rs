//! The plans of TTLock's profile against its own bytes.

use std::time::Duration;

use super::transcripts::{Vendor, at, contact, one, window};
use crate::harness::integration::{AccessChange, MobileRequest, PinRequest};
use crate::vendors::vocabulary::{FailureKind, GroupId, LockId, Pin, Word};

const WIRE: &str = include_str!("../../../vendors/locks/ttlock.wire");
const LOCK: &str = "532323";

async fn vendor(script: &[&str]) -> Vendor {
    let secrets = [("client_secret", "9d3f0a"), ("username", "inlet_demo"), ("password", "s3cret")];
    let first = "get_token: by name and MD5 of the password";
    let all: Vec<&str> = std::iter::once(&first).chain(script).copied().collect();
    Vendor::new("ttlock", WIRE, "2026-03-01T11:30:00Z", &secrets, &all).await
}

fn request(pin: &str) -> PinRequest {
    PinRequest {
        user: contact("inlet-1", None, None),
        scope: one(LOCK),
        window: window("2026-03-02T14:00:00Z", "2026-03-04T10:00:00Z"),
        pin: Some(Pin::new(pin).expect("a PIN")),
        name: "Guest A".into(),
    }
}

#[tokio::test]
async fn groups_and_locks_are_listed() {
    let vendor = vendor(&["list_groups: two groups", "list_locks: the locks of one group"]).await;
    let call = async {
        let groups = vendor.integration.list_access_groups().await.expect("groups");
        (groups, vendor.integration.list_locks(Some(&GroupId::new("7619"))).await.expect("locks"))
    };
    let (groups, locks) = vendor.played(call).await;
    assert_eq!((groups.len(), locks.len(), locks[0].id.as_str()), (2, 1, LOCK));
}

#[tokio::test]
async fn a_refusal_within_a_200_is_never_a_success() {
    for (title, kind) in [
        ("without a token", FailureKind::Credentials),
        ("a clock that is off by more than five minutes", FailureKind::Invalid),
        ("one call too many", FailureKind::RateLimited),
        ("a month that is used up", FailureKind::Payment),
    ] {
        let wanted = format!("list_locks: {title}");
        let mut script = vec![wanted.as_str()];
        match kind {
            // A token that is refused is renewed, or else got anew; a call too many is sent
            // again, once.
            FailureKind::Credentials => {
                script.extend([
                    "refresh_token: one that is not known",
                    "get_token: by name and MD5 of the password",
                    wanted.as_str(),
                ]);
            }
            FailureKind::RateLimited => script.push(&wanted),
            _ => {}
        }
        let vendor = vendor(&script).await;
        let failure = vendor.played(vendor.integration.list_locks(None)).await.expect_err(title);
        assert_eq!(failure.kind, kind, "{title}");
    }
}

#[tokio::test]
async fn a_lock_that_cannot_be_asked_is_told_as_unreachable() {
    let lock = LockId::new(LOCK);
    for (state, reachable, bolt) in [
        ("get_state: unlocked", true, Some(Word::Unlocked)),
        ("get_state: the gateway is offline", false, None),
        ("get_state: no gateway is near", false, None),
    ] {
        let vendor = vendor(&["get_lock: a lock with its battery", state]).await;
        let status = vendor.played(vendor.integration.get_lock_status(&lock)).await.expect(state);
        assert_eq!((status.reachable, status.bolt, status.battery), (Some(reachable), bolt, Some(85)));
    }
}

#[tokio::test]
async fn a_pin_is_created_listed_changed_and_removed() {
    let vendor = vendor(&[
        "create_pin: through the gateway, an answer without any errcode",
        "list_pins: a PIN as a number and its type as a text",
        "change_pin: another window",
        "remove_pin: through the gateway",
    ])
    .await;
    let later = window("2026-03-02T16:00:00Z", "2026-03-05T10:00:00Z");
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&request("482193")).await.expect("a PIN");
        let listed = inlet.list_pin_access(&LockId::new(LOCK)).await.expect("a list");
        let change = AccessChange { window: Some(later), scope: None };
        inlet.change_pin_access(&made, &change).await.expect("a change");
        inlet.remove_pin_access(&made).await.expect("a removal");
        (made, listed)
    };
    let (made, listed) = vendor.played(call).await;
    assert_eq!((listed.len(), &listed[0].id, listed[0].state), (1, &made.id, Some(Word::Active)));
    assert_eq!(listed[0].typed.as_ref().map(Pin::keys), Some("482193"));
}

#[tokio::test]
async fn what_stands_against_a_pin_is_told_apart() {
    for (title, kind) in [
        ("a PIN in use", FailureKind::Conflict),
        ("a lock that is full", FailureKind::Full),
        ("a PIN that is too simple", FailureKind::Invalid),
        ("the gateway is offline", FailureKind::Offline),
    ] {
        let wanted = format!("create_pin: {title}");
        let vendor = vendor(&[&wanted]).await;
        let failure = vendor.played(vendor.integration.create_pin_access(&request("482193"))).await;
        assert_eq!(failure.expect_err(title).kind, kind, "{title}");
    }
    let busy =
        ["create_pin: the gateway is busy", "create_pin: through the gateway, an answer without any errcode"];
    let vendor = vendor(&busy).await;
    vendor.played(vendor.integration.create_pin_access(&request("482193"))).await.expect("a little later");
}

#[tokio::test]
async fn what_stands_against_a_removal_is_told_apart() {
    for (title, kind) in
        [("no gateway is near", FailureKind::Offline), ("the Wi-Fi lock is offline", FailureKind::Offline)]
    {
        let wanted = format!("remove_pin: {title}");
        let created = "create_pin: through the gateway, an answer without any errcode";
        let vendor = vendor(&[created, &wanted]).await;
        let call = async {
            let made = vendor.integration.create_pin_access(&request("482193")).await.expect("a PIN");
            vendor.integration.remove_pin_access(&made).await.expect_err(title)
        };
        assert_eq!(vendor.played(call).await.kind, kind, "{title}");
    }
    let vendor = vendor(&[
        "create_pin: through the gateway, an answer without any errcode",
        "remove_pin: the lock is busy",
        "remove_pin: through the gateway",
    ])
    .await;
    let call = async {
        let made = vendor.integration.create_pin_access(&request("482193")).await.expect("a PIN");
        vendor.integration.remove_pin_access(&made).await.expect("a little later");
    };
    vendor.played(call).await;
}

#[tokio::test]
async fn a_lock_that_may_not_be_opened_from_afar_is_forbidden() {
    for title in ["unlock: a lock that is frozen", "unlock: no right to open from afar"] {
        let vendor = vendor(&[title]).await;
        let failure = vendor.played(vendor.integration.unlock(&LockId::new(LOCK))).await;
        assert_eq!(failure.expect_err(title).kind, FailureKind::Forbidden, "{title}");
    }
}

#[tokio::test]
async fn the_window_that_a_computed_pin_really_has_is_told() {
    let vendor = vendor(&[
        "algo_pin: for a window in minutes, which the answer does not tell",
        "list_pins: the computed PIN has lost its minutes",
    ])
    .await;
    let asked = window("2026-03-02T19:20:00Z", "2026-03-03T11:45:00Z");
    let lock = LockId::new(LOCK);
    let (pin, given) = vendor.played(vendor.integration.algo_pin(&lock, asked)).await.expect("a PIN");
    assert_eq!(pin.keys(), "63498217");
    assert_eq!(given, window("2026-03-02T19:00:00Z", "2026-03-03T11:00:00Z"));
}

#[tokio::test]
async fn a_key_is_sent_and_withdrawn() {
    let vendor = vendor(&["create_mobile: an ekey, an answer with both an id and errcode 0"]).await;
    let asked = MobileRequest {
        user: contact("inlet-1", None, Some("guest@example.com")),
        scope: one(LOCK),
        window: window("2026-03-02T14:00:00Z", "2026-03-04T10:00:00Z"),
        name: "Guest A".into(),
    };
    let made = vendor.played(vendor.integration.create_mobile_access(&asked)).await.expect("a key");
    assert_eq!(made.id.as_str(), "234522");
}

#[tokio::test]
async fn a_hold_is_made_of_passage_mode_and_ended_by_us() {
    let vendor = vendor(&[
        "passage_on: all hours of all days, a list within a form",
        "unlock: through the gateway",
        "passage_off: at once",
        "lock: through the gateway",
    ])
    .await;
    let call = async {
        let hold = vendor.integration.hold_open(&LockId::new(LOCK), Duration::from_secs(600)).await;
        let hold = hold.expect("a hold");
        let until = hold.until;
        vendor.integration.keep_hold(hold).await.expect("its end");
        until
    };
    assert_eq!(vendor.played(call).await, at("2026-03-01T11:40:00Z"));
}

#[tokio::test]
async fn a_hold_that_cannot_open_is_taken_back() {
    let vendor = vendor(&[
        "passage_on: all hours of all days, a list within a form",
        "unlock: the gateway is offline",
        "passage_off: at once",
    ])
    .await;
    let lock = LockId::new(LOCK);
    let failure = vendor.played(vendor.integration.hold_open(&lock, Duration::from_secs(600))).await;
    let failure = failure.expect_err("offline");
    assert_eq!((failure.kind, failure.not_undone.len()), (FailureKind::Offline, 0));
}
