//! The plans of Nuki's profile against its own bytes.

use super::transcripts::{Vendor, contact, one, window};
use crate::harness::integration::{AccessChange, MobileRequest, PinRequest};
use crate::vendors::vocabulary::{FailureKind, GroupId, LockId, Pin};

const WIRE: &str = include_str!("../../../vendors/locks/nuki.wire");
const LOCK: &str = "18891899123";

async fn vendor(script: &[&str]) -> Vendor {
    Vendor::new("nuki", WIRE, "2026-03-01T11:30:00Z", &[("api_token", "9f2c1e7d")], script).await
}

fn request() -> PinRequest {
    PinRequest {
        user: contact("inlet-4711", None, None),
        scope: one(LOCK),
        window: window("2026-03-20T13:00:00Z", "2026-03-25T11:00:00Z"),
        pin: Some(Pin::new("982345").expect("a PIN")),
        name: "Guest A".into(),
    }
}

#[tokio::test]
async fn the_locks_of_an_address_are_those_that_it_names() {
    let lists = ["list_locks: every lock of the account", "list_groups: two addresses, one without locks"];
    for (group, expected) in [(None, 2), (Some("4711"), 2), (Some("4712"), 0)] {
        let vendor = vendor(&lists).await;
        let group = group.map(GroupId::new);
        let locks = vendor.played(vendor.integration.list_locks(group.as_ref())).await.expect("locks");
        assert_eq!(locks.len(), expected, "{group:?}");
        assert!(locks.iter().all(|lock| lock.group == Some(GroupId::new("4711"))));
    }
    let vendor = vendor(&lists).await;
    let unknown = GroupId::new("1");
    let failure = vendor.played(vendor.integration.list_locks(Some(&unknown))).await.expect_err("unknown");
    assert_eq!(failure.kind, FailureKind::NotFound);
}

#[tokio::test]
async fn a_server_state_tells_whether_a_lock_is_reached() {
    for (title, lock, reachable, battery) in [
        ("get_lock: online and locked", LOCK, true, Some(100)),
        ("get_lock: offline, an old lock without a charge", "18891899124", false, None),
    ] {
        let vendor = vendor(&[title]).await;
        let lock = LockId::new(lock);
        let status = vendor.played(vendor.integration.get_lock_status(&lock)).await.expect(title);
        assert_eq!((status.reachable, status.battery), (Some(reachable), battery), "{title}");
    }
}

#[tokio::test]
async fn a_code_without_an_id_is_found_once_the_lock_has_it() {
    let vendor = vendor(&[
        "create_pin: 204, and no id",
        "list_pins: not there yet",
        "list_pins: a code with its dates",
        "change_pin: another window",
        "remove_pin: a code",
        "list_pins: a code with its dates",
        "list_pins: not there yet",
    ])
    .await;
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&request()).await.expect("a code");
        let change = AccessChange { window: Some(request().window), scope: None };
        inlet.change_pin_access(&made, &change).await.expect("a change");
        inlet.remove_pin_access(&made).await.expect("a removal");
        made
    };
    let made = vendor.played(call).await;
    assert_eq!((made.id.as_str(), made.window), ("65219648fe57075d71a6cb01", Some(request().window)));
}

#[tokio::test]
async fn a_removal_that_is_never_seen_has_failed() {
    let looks = std::iter::repeat_n("list_pins: a code with its dates", 11);
    let script: Vec<&str> =
        ["create_pin: 204, and no id", "list_pins: a code with its dates", "remove_pin: a code"]
            .into_iter()
            .chain(looks)
            .collect();
    let vendor = vendor(&script).await;
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&request()).await.expect("a code");
        inlet.remove_pin_access(&made).await
    };
    let failure = vendor.played(call).await.expect_err("it is listed to the end");
    assert_eq!(failure.kind, FailureKind::UpstreamTimeout);
    assert!(failure.message.contains("still shows it after 20 s"), "{}", failure.message);
}

#[tokio::test]
async fn a_200_is_as_good_as_a_204() {
    let vendor = vendor(&[
        "create_pin: answered 200",
        "list_pins: a code with its dates",
        "remove_pin: answered 200",
        "list_pins: not there yet",
        "unlock: answered 200",
        "get_lock: unlocked",
    ])
    .await;
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&request()).await.expect("a code");
        inlet.remove_pin_access(&made).await.expect("a removal");
        inlet.unlock(&LockId::new(LOCK)).await.expect("an opened door");
    };
    vendor.played(call).await;
}

#[tokio::test]
async fn a_code_that_cannot_be_is_refused_at_once() {
    for (title, kind) in [
        ("create_pin: a lock without a keypad", FailureKind::Invalid),
        ("create_pin: a code in use", FailureKind::Conflict),
    ] {
        let vendor = vendor(&[title]).await;
        let failure = vendor.played(vendor.integration.create_pin_access(&request())).await;
        assert_eq!(failure.expect_err(title).kind, kind);
    }
}

#[tokio::test]
async fn a_key_is_made_for_a_user_and_removed_by_a_list() {
    let vendor = vendor(&[
        "upsert_user: a user for an invitation",
        "create_mobile: 204, and no id",
        "list_mobile: a key",
        "remove_mobile: a list of one in the body",
        "list_mobile: the key is gone",
    ])
    .await;
    let asked = MobileRequest {
        user: contact("inlet-4711", None, Some("guest@example.com")),
        scope: one(LOCK),
        window: request().window,
        name: "Guest A".into(),
    };
    let call = async {
        let made = vendor.integration.create_mobile_access(&asked).await.expect("a key");
        vendor.integration.remove_mobile_access(&made).await.expect("a removal");
        made
    };
    let made = vendor.played(call).await;
    assert_eq!(made.user.as_ref().map(|user| user.as_str()), Some("1264915785"));
}

#[tokio::test]
async fn a_door_is_asked_until_it_has_moved() {
    let lock = LockId::new(LOCK);
    for state in ["get_lock: unlocked", "get_lock: unlocked by lock and go"] {
        let script = ["unlock: lock and go with unlatching", "get_lock: online and locked", state];
        let vendor = vendor(&script).await;
        vendor.played(vendor.integration.unlock(&lock)).await.expect(state);
    }
    let vendor = vendor(&["lock: lock", "get_lock: online and locked"]).await;
    vendor.played(vendor.integration.return_to_normal(&lock)).await.expect("locked");
}
