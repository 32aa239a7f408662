//! An access from grant to end, with its messages.

use super::*;

#[tokio::test]
async fn a_grant_is_answered_updated_and_revoked() {
    let bench = Bench::new().await;
    let granted = bench.call("GrantAccess", &grant()).await;
    assert_eq!(
        (granted.0, &granted.1["status"], &granted.1["codeFormatted"]),
        (200, &json!("OK"), &json!("#1234*"))
    );
    let id = reference(&granted);
    let to = json!({ "ReferenceId": id, "to": "2027-03-01T21:00:00+01:00" });
    let updated = bench.call("UpdateAccess", &to).await;
    assert_eq!(
        (updated.0, reference(&updated), &updated.1["codeFormatted"]),
        (200, id.clone(), &json!("#5678*"))
    );
    let revoke = json!({ "ReferenceId": id });
    assert_eq!(
        bench.call("RevokeAccess", &revoke).await,
        (200, json!({ "status": "OK", "ReferenceId": id }))
    );
    assert_eq!(bench.call("RevokeAccess", &revoke).await.0, 200);
    assert_eq!(bench.call("UpdateAccess", &to).await.0, 409);
    assert_eq!(bench.locks.asked(), ["give L-1", "change L-1", "withdraw"]);
    assert_eq!(bench.control().accesses()[0].state, AccessState::Revoked);
}

#[tokio::test]
async fn messages_go_out_by_their_firetimes_and_not_for_what_was_revoked() {
    let bench = Bench::new().await;
    let id = reference(&bench.call("GrantAccess", &grant()).await);
    let control = bench.control();
    let sent = |messages: Vec<Message>| -> Vec<(Occasion, Medium, String, String)> {
        let row = |one: Message| (one.occasion, one.medium, one.to.expose().to_owned(), one.at.to_string());
        messages.into_iter().map(row).collect()
    };
    let now = "2027-03-01T09:00:00Z".to_owned();
    let expected = [
        (Occasion::Created, Medium::Sms, "+4798765432".to_owned(), now.clone()),
        (Occasion::Created, Medium::Email, "ada@example.org".to_owned(), now),
    ];
    assert_eq!(sent(control.messages()), expected);
    assert_eq!(control.messages_to_come().len(), 2);
    // Half an hour before 18:50 in a zone one hour ahead.
    control.advance(seconds(8 * 3_600 + 1_200)).await;
    let fired = sent(control.messages());
    assert_eq!(fired.len(), 4);
    assert_eq!(fired[2].3, "2027-03-01T17:20:00Z");
    let other = reference(
        &bench.call("GrantAccess", &with(grant(), "from", json!("2027-03-01T19:00:00+01:00"))).await,
    );
    bench.call("RevokeAccess", &json!({ "ReferenceId": other })).await;
    assert_eq!(control.messages_to_come(), []);
    assert!(
        control
            .messages()
            .iter()
            .all(|message| message.reference_id == id || message.occasion == Occasion::Created)
    );
}

#[tokio::test]
async fn what_a_guest_reads_is_shown_and_whole_only_to_who_asks() {
    let bench = Bench::new().await;
    bench.call("GrantAccess", &grant()).await;
    let whole = "You have access at L-1 from 2027-03-01 18:50 to 2027-03-01 20:15. Your code: #1234*";
    let rows = [
        ("", "‹personal›", "‹pin›", whole.replace("#1234*", "‹pin›")),
        ("?reveal=false", "‹personal›", "‹pin›", whole.replace("#1234*", "‹pin›")),
        ("?reveal=true", "+4798765432", "#1234*", whole.to_owned()),
        // It holds for that one answer.
        ("", "‹personal›", "‹pin›", whole.replace("#1234*", "‹pin›")),
    ];
    for (query, to, code, text) in rows {
        let (status, messages) = bench.get(&format!("/_lockstep/inlet/messages{query}")).await;
        let sms = &messages[0];
        let seen = (status, &sms["medium"], &sms["to"], &sms["code"], &sms["text"], &sms["subject"]);
        let (to, code, text) = (json!(to), json!(code), json!(text));
        assert_eq!(seen, (200, &json!("sms"), &to, &code, &text, &Value::Null), "{query}");
        assert_eq!(messages[1]["subject"], json!("Your access"));
    }
    let (_, journal) = bench.get("/_lockstep/inlet/journal").await;
    assert!(!journal.to_string().contains("1234"), "{journal}");
}

#[tokio::test]
async fn without_a_contact_nothing_is_sent() {
    let bench = Bench::new().await;
    let mut silent = grant();
    for name in ["phoneNumber", "countryCode", "email"] {
        silent[name] = Value::Null;
    }
    assert_eq!(bench.call("GrantAccess", &silent).await.0, 200);
    assert_eq!((bench.control().messages(), bench.control().messages_to_come()), (vec![], vec![]));
}

#[tokio::test]
async fn the_same_grant_is_one_until_it_succeeded_and_another_after() {
    let bench = Bench::new().await;
    bench.locks.fail_with(&[FailureKind::UpstreamTimeout, FailureKind::UpstreamTimeout]);
    for _ in 0..2 {
        assert_eq!(bench.call("GrantAccess", &grant()).await.0, 504);
        bench.control().advance(seconds(240)).await;
    }
    assert_eq!(bench.control().accesses().len(), 1);
    let first = reference(&bench.call("GrantAccess", &grant()).await);
    let second = reference(&bench.call("GrantAccess", &grant()).await);
    assert_ne!(first, second);
    assert_eq!(bench.control().accesses().len(), 2);
}

#[tokio::test]
async fn what_was_never_told_is_withdrawn_in_the_end() {
    let bench = Bench::new().await;
    bench.locks.fail_with(&[FailureKind::UpstreamTimeout]);
    assert_eq!(bench.call("GrantAccess", &grant()).await.0, 504);
    bench.control().advance(seconds(599)).await;
    assert_eq!(bench.control().accesses()[0].state, AccessState::Pending);
    bench.control().advance(seconds(2)).await;
    for _ in 0..1_000 {
        if bench.locks.asked().len() == 2 {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(bench.locks.asked(), ["give L-1", "withdraw"]);
    assert_eq!(bench.control().accesses()[0].state, AccessState::Abandoned);
}

#[tokio::test]
async fn a_link_opens_while_its_access_holds() {
    let bench = Bench::new().await;
    let granted = bench.call("GrantAccess", &with(grant(), "operation", json!("urlkey"))).await;
    let link = granted.1["urlKey"].as_str().unwrap().to_owned();
    let path = link.strip_prefix(&bench.inlet.url()).unwrap().to_owned();
    assert_eq!(bench.get(&path).await.0, 404);
    bench.control().advance(seconds(9 * 3_600)).await;
    assert_eq!(bench.get(&path).await.0, 200);
    bench.call("RevokeAccess", &json!({ "ReferenceId": reference(&granted) })).await;
    assert_eq!(bench.get(&path).await.0, 404);
    assert_eq!(bench.get("/key/other").await.0, 404);
    assert_eq!(bench.locks.asked(), ["give L-1", "pulse L-1", "withdraw"]);
}

#[tokio::test]
async fn a_pulse_opens_and_leaves_nothing() {
    let bench = Bench::new().await;
    let pulse = json!({ "lockId": "L-7", "reference": "front desk" });
    assert_eq!(bench.call("GrantPulseAccess", &pulse).await, (200, json!({ "status": "OK" })));
    assert_eq!((bench.locks.asked(), bench.control().accesses()), (vec!["pulse L-7".to_owned()], vec![]));
}

#[tokio::test]
async fn accesses_of_another_customer_do_not_exist() {
    let bench = Bench::new().await;
    let id = reference(&bench.call("GrantAccess", &grant()).await);
    let other = crate::vendors::vocabulary::Secret::new("other-token");
    bench.control().add_customer(Customer::on_loopback("other", other));
    let revoke = bench.client.post(format!("{}/RevokeAccess", bench.inlet.url())).bearer_auth("other-token");
    assert_eq!(told(revoke.json(&json!({ "ReferenceId": id }))).await.0, 404);
    assert_eq!(bench.control().accesses()[0].state, AccessState::Active);
}
