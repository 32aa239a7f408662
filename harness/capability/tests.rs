//! What is made of hand-made exchanges.

use super::*;
use crate::harness::criterion::{Criterion, CriterionId, Level};
use crate::harness::result::{CriterionResult, Presence, Received, SentRequest};
use crate::harness::verdict::Verdict;
use crate::vendors::profile;
use crate::vendors::vocabulary::{FailureKind, Function, Instant};

/// An answer to an operation of the reference profile.
fn answered(
    operation: &str,
    status: u16,
    failure: Option<FailureKind>,
    undocumented: bool,
    body: &str,
) -> Exchange {
    Exchange {
        id: format!("x-{operation}-{status}"),
        criterion: None,
        operation: operation.to_owned(),
        at: Instant::from_epoch_ms(0),
        took_ms: 1,
        request: SentRequest {
            method: String::new(),
            url: String::new(),
            headers: Vec::new(),
            body: String::new(),
        },
        response: Received::Answer {
            status,
            headers: Vec::new(),
            body: body.to_owned(),
            failure,
            undocumented: undocumented.then(|| "at status: expected 200".to_owned()),
        },
    }
}

fn done(operation: &str, body: &str) -> Exchange {
    answered(operation, 200, None, false, body)
}

/// Declared, observed, effective.
fn check(exchanges: &[Exchange], ability: &str, expected: (Presence, Presence, Presence)) -> Capability {
    let dialect = profile::load("reference").unwrap();
    let all = effective(&dialect, exchanges, &[]);
    let one = all.into_iter().find(|one| one.ability == ability).unwrap();
    assert_eq!((one.declared, one.observed, one.effective), expected, "{one:?}");
    one
}

const SEEN: (Presence, Presence, Presence) = (Presence::Yes, Presence::Yes, Presence::Yes);
const OPEN: (Presence, Presence, Presence) = (Presence::Yes, Presence::Unknown, Presence::Unknown);
const ABSENT: (Presence, Presence, Presence) = (Presence::Yes, Presence::No, Presence::No);

#[test]
fn nothing_is_observed_without_exchanges() {
    let dialect = profile::load("reference").unwrap();
    assert!(
        effective(&dialect, &[], &[])
            .iter()
            .all(|one| one.observed == Presence::Unknown && one.evidence.is_empty())
    );
}

#[test]
fn a_function_is_there_when_every_exchange_of_it_succeeded() {
    let unlock = [done("unlock", "{}"), done("poll_job", "{}")];
    let told = check(&unlock, "unlock", SEEN);
    assert_eq!(told.evidence, ["x-unlock-200", "x-poll_job-200"]);
    check(&unlock[..1], "unlock", OPEN);
}

#[test]
fn a_function_is_absent_when_it_is_never_answered_otherwise() {
    for status in [404, 405, 410, 501] {
        let told = check(&[answered("algo_pin", status, None, true, "")], "algo_pin", ABSENT);
        assert_eq!(told.contradiction(), Some("declared but absent"));
    }
    check(&[answered("algo_pin", 400, Some(FailureKind::Unsupported), false, "")], "algo_pin", ABSENT);
    // One success tells that it is there; what is refused for other reasons tells nothing.
    let not_found = answered("algo_pin", 404, Some(FailureKind::NotFound), false, "");
    check(&[not_found.clone(), done("algo_pin", "{}")], "algo_pin", SEEN);
    check(&[answered("algo_pin", 500, Some(FailureKind::Server), false, "")], "algo_pin", OPEN);
    check(&[not_found, answered("algo_pin", 503, Some(FailureKind::Offline), false, "")], "algo_pin", OPEN);
    check(&[answered("algo_pin", 401, Some(FailureKind::Credentials), false, "")], "algo_pin", OPEN);
}

#[test]
fn what_answers_carry_and_nobody_declares_is_told() {
    let plain = done("get_token", r#"{"access_token":"a","token_type":"Bearer","expires_in":60}"#);
    let quiet = (Presence::No, Presence::Unknown, Presence::No);
    check(&[plain], "token_refresh", quiet);
    let body = r#"{"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"b"}"#;
    let found = (Presence::No, Presence::Yes, Presence::Yes);
    let told = check(&[done("get_token", body)], "token_refresh", found);
    assert_eq!(told.contradiction(), Some("present but undeclared"));
    // A member that is null is said not to be there.
    check(&[done("get_token", &body.replace("\"b\"", "null"))], "token_refresh", quiet);
}

#[test]
fn a_field_that_the_profile_does_not_show_is_found_by_its_whole_name() {
    let text = profile::load("reference").unwrap().source_text.clone();
    let shown = r#"  "battery": { "percent": "{lock.battery}", "low": "{lock.battery_low}" },"#;
    assert!(text.contains(shown));
    let dialect = profile::compile("reference.toml", &text.replace(shown, "")).unwrap();
    let battery = |body: &str| {
        let all = effective(&dialect, &[done("get_lock", body)], &[]);
        all.into_iter().find(|one| one.ability == "battery").unwrap().contradiction()
    };
    assert_eq!(battery(r#"{"id":"1","Battery_Level":70}"#), Some("present but undeclared"));
    assert_eq!(battery(r#"{"id":"1","battery_supplier":"x"}"#), None);
}

#[test]
fn reading_calls_that_no_function_uses_are_known() {
    let text = profile::load("reference").unwrap().source_text.clone();
    assert_eq!(unused_reads(&profile::load("reference").unwrap()), []);
    let without = text.replace("list_pin_access = [\"list_pins\"]\n", "");
    let dialect = profile::compile("reference.toml", &without).unwrap();
    let unused = unused_reads(&dialect);
    assert_eq!(unused.len(), 1);
    assert_eq!(unused[0].operation, "list_pins");
    let told = effective(&dialect, &[done("list_pins", "{}")], &[]);
    let list = told.iter().find(|one| one.ability == "list_pin_access").unwrap();
    assert_eq!(list.contradiction(), Some("present but undeclared"));
}

#[test]
fn a_reading_call_that_only_other_functions_use_is_found() {
    let text = profile::load("nuki").unwrap().source_text.clone();
    let usual = "list_access_groups = [\"list_groups\"]";
    assert!(text.contains(usual));
    let odd = text.replace(usual, "list_access_groups = { unsupported = \"There are none.\" }");
    let dialect = profile::compile("nuki.toml", &odd).unwrap();
    let line = |exchanges: &[Exchange]| {
        let all = effective(&dialect, exchanges, &[]);
        all.into_iter().find(|one| one.ability == "list_access_groups").unwrap()
    };
    let found = line(&[done("list_groups", "[]")]);
    assert_eq!(found.contradiction(), Some("present but undeclared"));
    assert_eq!((found.observed, found.effective), (Presence::Yes, Presence::Yes));
    assert_eq!(found.note, "`list_groups` succeeds, and only other functions use it");
    assert_eq!(found.evidence, ["x-list_groups-200"]);
    // Not asked, or refused: nothing is known, and the statement holds.
    let refused = answered("list_groups", 404, Some(FailureKind::NotFound), false, "");
    for exchanges in [&[][..], &[refused]] {
        let quiet = line(exchanges);
        assert_eq!((quiet.observed, quiet.effective), (Presence::Unknown, Presence::No));
        assert_eq!((quiet.contradiction(), quiet.note.as_str()), (None, "There are none."));
    }
}

#[test]
fn a_lock_that_is_told_without_any_state_is_no_status() {
    let reads = |vendor: &str, operation: &str| {
        let dialect = profile::load(vendor).unwrap();
        super::functions::reads(dialect.operation(operation).unwrap())
    };
    assert_eq!(reads("nuki", "get_lock"), Some(Function::GetLockStatus));
    // It answers with the number of a job alone.
    assert_eq!(reads("danalock", "ask_state"), None);
    // What changes something is never taken for reading.
    assert_eq!(reads("nuki", "unlock"), None);
}

#[test]
fn a_list_of_everybody_at_a_site_is_no_list_of_pins() {
    let dialect = profile::load("salto_ks").unwrap();
    assert_eq!(unused_reads(&dialect), []);
    let told = effective(&dialect, &[done("list_guests", r#"[{"id":"1","user":{"id":"2"}}]"#)], &[]);
    let list = told.iter().find(|one| one.ability == "list_pin_access").unwrap();
    assert_eq!((list.observed, list.contradiction()), (Presence::Unknown, None));
}

#[test]
fn that_nobody_s_lock_is_not_found_says_nothing_of_the_call() {
    let dialect = profile::load("reference").unwrap();
    let mut asked = answered("algo_pin", 404, Some(FailureKind::NotFound), false, "");
    asked.request.url = "http://127.0.0.1/v1/locks/lock%20x/algo-pins".to_owned();
    let observed = |made_up: &[String]| {
        let all = effective(&dialect, std::slice::from_ref(&asked), made_up);
        all.into_iter().find(|one| one.ability == "algo_pin").unwrap().observed
    };
    assert_eq!(observed(&["lock x".to_owned()]), Presence::Unknown);
    assert_eq!(observed(&[]), Presence::No);
}

fn line_of(vendor: &str, exchanges: &[Exchange], ability: &str) -> Capability {
    let all = effective(&profile::load(vendor).unwrap(), exchanges, &[]);
    all.into_iter().find(|one| one.ability == ability).unwrap()
}

#[test]
fn what_a_plan_concludes_from_outcomes_is_declared() {
    let offline = |operation, kind| answered(operation, 200, Some(kind), false, "{}");
    for (vendor, operation, kind) in [
        ("ttlock", "get_state", FailureKind::Offline),
        ("igloohome", "poll_status", FailureKind::Server),
        ("danalock", "poll_state", FailureKind::Server),
    ] {
        let told = |exchanges: &[Exchange]| {
            let line = line_of(vendor, exchanges, "reachability");
            (line.declared, line.observed, line.effective)
        };
        assert_eq!(told(&[]), OPEN, "{vendor}");
        assert_eq!(told(&[done(operation, "{}")]), SEEN, "{vendor}");
        assert_eq!(told(&[offline(operation, kind)]), SEEN, "{vendor}");
        // Another refusal concludes nothing.
        assert_eq!(told(&[offline(operation, FailureKind::Credentials)]), OPEN, "{vendor}");
    }
    // Nothing concludes anything of doors there.
    let none = line_of("danalock", &[done("poll_state", "{}")], "door");
    assert_eq!((none.declared, none.effective), (Presence::No, Presence::No));
}

#[test]
fn pins_that_cannot_be_withdrawn_are_not_removed_whatever_succeeds() {
    let removes = |vendor: &str| {
        let dialect = profile::load(vendor).unwrap();
        let operations = dialect.function(Function::RemovePinAccess).operations();
        let exchanges: Vec<Exchange> = operations.iter().map(|operation| done(operation, "{}")).collect();
        line_of(vendor, &exchanges, "remove_pin_access")
    };
    let line = removes("danalock");
    assert_eq!((line.declared, line.observed, line.effective), (Presence::Yes, Presence::Yes, Presence::No));
    assert!(line.note.starts_with("PINs cannot be withdrawn: "), "{}", line.note);
    assert_eq!(line.contradiction(), None);
    assert_eq!(removes("reference").effective, Presence::Yes);
}

/// The line of unlocking after a run in which its criterion got that verdict.
fn unlock_judged(exchanges: &[Exchange], main_for: Function, verdict: Verdict) -> Capability {
    let id = CriterionId::parse("LV-80").unwrap();
    let criterion = Criterion { main_for: Some(main_for), ..Criterion::bare(id.clone()) };
    let result = CriterionResult {
        id,
        text: String::new(),
        source: String::new(),
        level: Level::Required,
        verdict,
        reason: "the bolt did not move".to_owned(),
        scenarios: Vec::new(),
        findings: Vec::new(),
        evidence: Vec::new(),
        timelines: Vec::new(),
    };
    let lines = vec![line_of("reference", exchanges, "unlock")];
    judged(lines, &[std::sync::Arc::new(criterion)], &[result]).remove(0)
}

#[test]
fn a_function_whose_main_criterion_failed_is_not_relied_on() {
    let seen = [done("unlock", "{}"), done("poll_job", "{}")];
    let failed = unlock_judged(&seen, Function::Unlock, Verdict::Fail);
    assert_eq!((failed.observed, failed.effective), (Presence::Yes, Presence::No));
    assert_eq!(failed.note, "LV-80 failed: the bolt did not move");
    for verdict in [Verdict::Pass, Verdict::Warning, Verdict::Inconclusive, Verdict::Error] {
        assert_eq!(unlock_judged(&seen, Function::Unlock, verdict).effective, Presence::Yes, "{verdict:?}");
    }
    assert_eq!(unlock_judged(&seen, Function::HoldOpen, Verdict::Fail).effective, Presence::Yes);
    // What was seen to be absent keeps its own reason.
    let absent = [answered("unlock", 404, None, true, "")];
    let line = unlock_judged(&absent, Function::Unlock, Verdict::Fail);
    assert_eq!(line.contradiction(), Some("declared but absent"));
    assert!(line.note.contains("status 404"), "{}", line.note);
}
