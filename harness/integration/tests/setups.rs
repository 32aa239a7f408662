//! Vendors that want more than single calls: a site that is looked up, groups
//! that are made once for a door, jobs at a bridge, PINs in variants.

use super::transcripts::{Vendor, at, contact, one, window};
use crate::harness::integration::{CallFailure, PinAccess, PinRequest};
use crate::vendors::vocabulary::{FailureKind, GroupId, LockId, Pin};

const SALTO: &str = include_str!("../../../vendors/locks/salto_ks.wire");
const IGLOO: &str = include_str!("../../../vendors/locks/igloohome.wire");
const DOOR: &str = "4d77312f-4a87-41db-a97b-f9d948dcc908";
const TOKEN: &str = "get_token: a password grant with the client in Basic, at a host of its own";
const SITE: &str = "list_sites: the site's UUID by its UID, in a bare array";

async fn salto(otp_pin: &str, script: &[&str]) -> Vendor {
    let secrets = [
        ("client_id", "acme-client"),
        ("client_secret", "s3cr3t"),
        ("username", "inlet@acme.example"),
        ("password", "p&ss"),
        ("otp_secret", "6F6A000000000001"),
        ("otp_pin", otp_pin),
    ];
    let all: Vec<&str> = [TOKEN, SITE].iter().chain(script).copied().collect();
    Vendor::new("salto_ks", SALTO, "2026-08-19T07:05:03Z", &secrets, &all).await
}

async fn igloo(script: &[&str]) -> Vendor {
    let secrets = [("client_id", "4711abc"), ("client_secret", "s3cr3t")];
    let token = "get_token: client credentials in Basic, at a host of its own";
    let all: Vec<&str> = std::iter::once(&token).chain(script).copied().collect();
    Vendor::new("igloohome", IGLOO, "2026-08-20T12:00:00Z", &secrets, &all).await
}

fn guest(lock: &str, pin: Option<&str>) -> PinRequest {
    PinRequest {
        user: contact("inlet-4711", None, None),
        scope: one(lock),
        window: window("2026-08-20T14:00:00Z", "2026-08-22T10:00:00Z"),
        pin: pin.map(|pin| Pin::new(pin).expect("a PIN")),
        name: "Guest 4711".into(),
    }
}

/// The window of SALTO's guest; its start is sent nowhere.
fn salto_guest() -> PinRequest {
    PinRequest { window: window("2026-08-19T08:00:00Z", "2026-08-21T10:00:00Z"), ..guest(DOOR, None) }
}

/// The site is looked up once, the door set up once, refusals of the first
/// minute repeated, and the other id of the guest sent to the group.
#[tokio::test]
async fn a_salto_door_is_set_up_once_and_its_guests_wait_until_they_are_known() {
    let vendor = salto(
        "5109",
        &[
            "create_group: once for the door",
            "add_lock: the door joins its group",
            "set_schedule: always, under v1.1",
            "create_guest: a guest with two ids",
            "enable_pin: the guest may use a PIN",
            "join_group: not known everywhere yet",
            "join_group: by the id of the platform user",
            "draw_pin: not yet allowed",
            "draw_pin: a bare JSON string",
            "create_guest: a guest with two ids",
            "enable_pin: not known everywhere yet",
            "enable_pin: the guest may use a PIN",
            "join_group: by the id of the platform user",
            "draw_pin: a bare JSON string",
            "remove_guest: accepted, and the seat is free",
            "remove_guest: gone already",
        ],
    )
    .await;
    let call = async {
        let inlet = &vendor.integration;
        let first = inlet.create_pin_access(&salto_guest()).await.expect("a PIN");
        inlet.create_pin_access(&salto_guest()).await.expect("another");
        inlet.remove_pin_access(&first).await.expect("a removal");
        let again = inlet.remove_pin_access(&first).await;
        (first, again)
    };
    let (first, again): (PinAccess, Result<(), CallFailure>) = vendor.played(call).await;
    assert_eq!(first.typed.as_ref().map(Pin::keys), Some("525149"));
    assert_eq!((first.id.as_str(), first.user.as_ref().map(|user| user.as_str())), ("su-1", Some("pu-1")));
    assert_eq!(again.expect_err("gone").kind, FailureKind::NotFound);
}

/// 201 and yet a failure; the guest that was made all the same is removed.
#[tokio::test]
async fn a_salto_guest_without_a_seat_is_taken_back() {
    let vendor = salto(
        "5109",
        &[
            "create_group: once for the door",
            "add_lock: the door joins its group",
            "set_schedule: always, under v1.1",
            "create_guest: every seat is taken, and it is 201 all the same",
            "remove_guest: one that was suspended",
        ],
    )
    .await;
    let failure =
        vendor.played(vendor.integration.create_pin_access(&salto_guest())).await.expect_err("no seat");
    assert_eq!((failure.kind, failure.not_undone.len()), (FailureKind::Payment, 0));
}

/// A refusal that is to pass within a minute and does not is what it says.
#[tokio::test]
async fn a_salto_guest_that_stays_unknown_is_taken_back() {
    let mut script = vec![
        "create_group: once for the door",
        "add_lock: the door joins its group",
        "set_schedule: always, under v1.1",
        "create_guest: a guest with two ids",
        "enable_pin: the guest may use a PIN",
    ];
    script.extend(["join_group: not known everywhere yet"; 13]);
    script.push("remove_guest: accepted, and the seat is free");
    let vendor = salto("5109", &script).await;
    let failure =
        vendor.played(vendor.integration.create_pin_access(&salto_guest())).await.expect_err("unknown");
    assert_eq!((failure.kind, failure.not_undone.len()), (FailureKind::NotFound, 0));
}

#[tokio::test]
async fn a_salto_door_opens_by_a_one_time_password() {
    let door = LockId::new(DOOR);
    let vendor = salto("5109", &["unlock: with a one-time password", "lock: back to normal"]).await;
    let call = async {
        vendor.integration.unlock(&door).await.expect("it opens");
        vendor.integration.return_to_normal(&door).await.expect("it locks");
    };
    vendor.played(call).await;

    // A credential is wrong; a new token is tried once.
    let wrong = "unlock: a one-time password of another PIN";
    let vendor = salto("6458", &[wrong, TOKEN, wrong]).await;
    let failure = vendor.played(vendor.integration.unlock(&door)).await.expect_err("a wrong one");
    assert_eq!(failure.kind, FailureKind::Credentials);

    let vendor = salto("5109", &["unlock: blocked after too many of them"]).await;
    let failure = vendor.played(vendor.integration.unlock(&door)).await.expect_err("blocked");
    assert_eq!(failure.kind, FailureKind::Forbidden);
}

#[tokio::test]
async fn salto_status_is_read_from_the_list_and_a_group_has_a_route_of_its_own() {
    let locks = "list_locks: one lock, online and locked, its charge as a word";
    let ended = "list_locks: a token that has ended";
    let group = "list_group_locks: the locks of one group";
    let vendor = salto("5109", &[ended, TOKEN, locks, locks, group]).await;
    let call = async {
        let inlet = &vendor.integration;
        let status = inlet.get_lock_status(&LockId::new(DOOR)).await.expect("a status");
        let all = inlet.list_locks(None).await.expect("locks");
        (status, all, inlet.list_locks(Some(&GroupId::new("ag-1"))).await.expect("locks"))
    };
    let (status, all, inside) = vendor.played(call).await;
    assert_eq!((status.reachable, status.battery, status.last_seen), (Some(true), Some(100), None));
    assert_eq!((all[0].id.as_str(), inside[0].name.as_deref()), (DOOR, Some("Tür 01")));

    let unknown = LockId::new("nobody");
    let vendor = salto("5109", &[locks, locks]).await;
    let failure = vendor.played(vendor.integration.get_lock_status(&unknown)).await.expect_err("unknown");
    assert_eq!(failure.kind, FailureKind::NotFound);
}

const DEVICES: &str = "list_devices: a bridge and two locks; the last cursor is null";

#[tokio::test]
async fn an_igloohome_lock_can_be_reached_where_its_bridge_says_so() {
    let lock = LockId::new("IGK330c1");
    let device = "get_device: a lock with its charge";
    let offline = "ask_status: a lock that cannot be reached";
    let script =
        [device, DEVICES, "ask_status: queued", "poll_status: the status was asked", device, offline];
    let vendor = igloo(&script).await;
    let call = async {
        let first = vendor.integration.get_lock_status(&lock).await.expect("a status");
        (first, vendor.integration.get_lock_status(&lock).await.expect("a status"))
    };
    let (first, second) = vendor.played(call).await;
    assert_eq!((first.reachable, first.battery), (Some(true), Some(80)));
    assert_eq!((second.reachable, second.battery), (Some(false), Some(80)));

    // No bridge lists it: it is looked for once more and then given up.
    let lock = LockId::new("IGK330c2");
    let vendor = igloo(&["get_device: a lock that was never synchronised", DEVICES, DEVICES, DEVICES]).await;
    let status = vendor.played(vendor.integration.get_lock_status(&lock)).await.expect("a status");
    assert_eq!((status.reachable, status.battery), (Some(false), None));

    let vendor = igloo(&["get_device: an unknown lock"]).await;
    let unknown = LockId::new("IGK000000");
    let failure = vendor.played(vendor.integration.get_lock_status(&unknown)).await.expect_err("unknown");
    assert_eq!(failure.kind, FailureKind::NotFound);
}

#[tokio::test]
async fn an_igloohome_pin_is_a_job_and_removed_by_itself() {
    let vendor = igloo(&[
        DEVICES,
        "create_pin: queued, with 200",
        "poll_creation: still queued",
        "poll_creation: the PIN is on the lock",
        "remove_pin: by the PIN itself",
        "poll_removal: the PIN is gone",
        "create_pin: the hardware is offline",
    ])
    .await;
    let request = guest("IGK330c1", Some("048213"));
    let call = async {
        let inlet = &vendor.integration;
        let made = inlet.create_pin_access(&request).await.expect("a PIN");
        inlet.remove_pin_access(&made).await.expect("a removal");
        (made, inlet.create_pin_access(&request).await)
    };
    let (made, offline) = vendor.played(call).await;
    assert_eq!((made.id.as_str(), made.typed.as_ref().map(Pin::keys)), ("Guest 4711", Some("048213")));
    assert_eq!(offline.expect_err("offline").kind, FailureKind::Offline);

    // A job that failed is not taken back: the PIN may be somebody else's.
    let vendor = igloo(&[DEVICES, "create_pin: queued, with 200", "poll_creation: failed at the lock"]).await;
    let failure = vendor.played(vendor.integration.create_pin_access(&request)).await.expect_err("failed");
    assert_eq!(failure.kind, FailureKind::Server);
}

#[tokio::test]
async fn igloohome_pins_are_computed_by_the_hour_by_the_day_and_in_variants() {
    let lock = LockId::new("IGK330c1");
    let vendor = igloo(&[
        "algo_hourly: up to 672 hours, by the hour",
        "algo_hourly: another guest with the same window",
        "algo_daily: 30 days, by the day, with the same hour at both ends",
    ])
    .await;
    let call = async {
        let inlet = &vendor.integration;
        let odd = window("2026-08-20T14:20:00Z", "2026-08-22T09:40:00Z");
        let first = inlet.algo_pin(&lock, odd).await.expect("a PIN");
        let second = inlet.algo_pin(&lock, odd).await.expect("another");
        let long = window("2026-08-20T14:00:00Z", "2026-09-19T09:00:00Z");
        // Longer than by the hour, shorter than by the day, and longer than either.
        for until in ["2026-09-18T02:00:00Z", "2027-08-23T14:00:00Z"] {
            let refused = inlet.algo_pin(&lock, window("2026-08-20T14:00:00Z", until)).await;
            assert_eq!(refused.expect_err(until).kind, FailureKind::Unsupported, "{until}");
        }
        (first, second, inlet.algo_pin(&lock, long).await.expect("a long one"))
    };
    let (first, second, long) = vendor.played(call).await;
    assert_eq!((first.0.keys(), second.0.keys()), ("7654321", "041902375"));
    assert_eq!(first.1, window("2026-08-20T14:00:00Z", "2026-08-22T10:00:00Z"));
    assert_eq!(long.1.until, at("2026-09-19T14:00:00Z"));
}

#[tokio::test]
async fn igloohome_lists_are_read_to_the_end_however_it_is_told_and_403_is_an_old_token() {
    let token = "get_token: client credentials in Basic, at a host of its own";
    let vendor = igloo(&[
        "list_groups: a token that has ended is 403 here",
        token,
        "list_groups: the last page has an empty cursor",
        "list_devices: the first of two pages",
        "list_devices: the next page, without a cursor",
        "list_group_devices: of one property",
    ])
    .await;
    let call = async {
        let inlet = &vendor.integration;
        let groups = inlet.list_access_groups().await.expect("groups");
        let all = inlet.list_locks(None).await.expect("locks");
        (groups, all, inlet.list_locks(Some(&GroupId::new("p-1"))).await.expect("locks"))
    };
    let (groups, all, inside) = vendor.played(call).await;
    assert_eq!(groups[0].name.as_deref(), Some("Harbour flat"));
    let ids: Vec<&str> = all.iter().map(|lock| lock.id.as_str()).collect();
    assert_eq!(ids, ["IGK330c2", "IGK330c3"]);
    assert_eq!((inside.len(), all[1].group.clone()), (1, Some(GroupId::new("p-2"))));

    // Once: a token that is refused again is a failure.
    let ended = "list_groups: a token that has ended is 403 here";
    let vendor = igloo(&[ended, token, ended]).await;
    let failure = vendor.played(vendor.integration.list_access_groups()).await.expect_err("refused");
    assert_eq!(failure.kind, FailureKind::Credentials);

    let vendor = igloo(&[DEVICES]).await;
    let locks = vendor.played(vendor.integration.list_locks(None)).await.expect("locks");
    assert_eq!(locks.len(), 2, "a bridge is no lock");
}
