//! What the lock system says, in Inlet's words.

use super::*;

#[tokio::test]
async fn each_failure_of_the_lock_system_has_its_status() {
    let bench = Bench::new().await;
    let rows = [
        (FailureKind::UpstreamTimeout, 504),
        (FailureKind::Offline, 409),
        (FailureKind::Full, 409),
        (FailureKind::Conflict, 409),
        (FailureKind::Unsupported, 409),
        (FailureKind::NotFound, 404),
        (FailureKind::Invalid, 422),
        (FailureKind::Busy, 503),
        (FailureKind::Credentials, 502),
        (FailureKind::Server, 502),
        (FailureKind::Protocol, 502),
    ];
    for (kind, status) in rows {
        bench.locks.fail_with(&[kind]);
        let told = bench.call("GrantAccess", &grant()).await;
        assert_eq!((told.0, &told.1["code"]), (status, &json!(status.to_string())), "{kind:?}");
        assert_eq!(message(&told).starts_with("Upstream timeout: "), status == 504, "{told:?}");
    }
    let sent: Vec<Sent> = bench.control().received().iter().map(Received::sent).collect();
    let put_off = Sent::Answer { status: 503, retry_after: Some(seconds(60)) };
    assert_eq!((sent[0], sent[7]), (Sent::Answer { status: 504, retry_after: None }, put_off));
    assert!(bench.control().accesses().iter().all(|access| access.state == AccessState::Pending));
}

#[tokio::test]
async fn a_code_that_cannot_be_revoked_stands() {
    let bench = Bench::new().await;
    let id = reference(&bench.call("GrantAccess", &grant()).await);
    bench.locks.fail_with(&[FailureKind::Unsupported, FailureKind::UpstreamTimeout]);
    let revoke = json!({ "ReferenceId": id });
    assert_eq!(bench.call("RevokeAccess", &revoke).await.0, 409);
    assert_eq!(bench.call("RevokeAccess", &revoke).await.0, 504);
    assert_eq!(bench.control().accesses()[0].state, AccessState::Active);
    assert_eq!(bench.call("RevokeAccess", &revoke).await.0, 200);
}

#[tokio::test]
async fn a_change_that_fails_leaves_the_access_as_it_was() {
    let bench = Bench::new().await;
    let id = reference(&bench.call("GrantAccess", &grant()).await);
    let before = bench.control().accesses();
    bench.locks.fail_with(&[FailureKind::Offline]);
    let to = json!({ "ReferenceId": id, "to": "2027-03-01T21:00:00+01:00" });
    assert_eq!(bench.call("UpdateAccess", &to).await.0, 409);
    assert_eq!(bench.control().accesses(), before);
    // Another phone number is no business of the lock's.
    let phone = json!({ "ReferenceId": id, "phoneNumber": "+4790000000" });
    assert_eq!(bench.call("UpdateAccess", &phone).await.1["codeFormatted"], "#1234*");
    assert_eq!(bench.locks.asked(), ["give L-1", "change L-1"]);
}
