//! Three reports made by hand, for tests and for looking at: a rehearsal that
//! passes, a foreign vendor that fails, a run that was interrupted. Rendered,
//! they are published in `reports/samples/`.

use std::path::{Path, PathBuf};

use super::sample_parts::{at, base, criteria, criterion, id, scenario, statement};
use crate::harness::criterion::{CertificationLevel, Level};
use crate::harness::result::{
    Attempt, CriterionResult, FaultAccount, Finding, Leftover, Report, Timeline, WaiverAccount,
};
use crate::harness::verdict::Verdict;

/// The samples with their names.
pub fn all() -> [(&'static str, Report); 3] {
    [("rehearsal", rehearsal()), ("failing", failing()), ("interrupted", interrupted())]
}

/// Where the rendered samples are published.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/samples")
}

/// Compares a published file with what the code makes now. With
/// `UPDATE_SAMPLES=1` it is written instead; look at the difference.
pub fn check_file(path: &Path, text: &str) {
    if std::env::var_os("UPDATE_SAMPLES").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        return;
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    let differs = published.lines().zip(text.lines()).position(|(old, new)| old != new);
    assert!(
        published == text,
        "{} is not what the code makes now (first different line: {differs:?}); look, then run with UPDATE_SAMPLES=1",
        path.display()
    );
}

fn edit<'a>(report: &'a mut Report, name: &str) -> &'a mut CriterionResult {
    report.criteria.iter_mut().find(|c| c.id.as_str() == name).unwrap()
}

fn count(report: &mut Report) {
    (report.planned, report.executed) = (report.criteria.len(), report.criteria.len());
}

/// Everything met, against the simulated vendor.
pub fn rehearsal() -> Report {
    let mut report = base();
    report.rehearsal = true;
    report.subject.target = "embedded simulator".into();
    report.decision = "Every required criterion of the full level is met by the simulated vendor. To certify, run the same against your own system with --subject.".into();
    report.criteria = criteria();
    report.exchanges.truncate(4);
    count(&mut report);
    report.faults.push(FaultAccount {
        criterion: Some(id("LV-95")),
        fault: "withhold the answer of set_pin, twice, then answer".into(),
        injected: 2,
        consumed: 2,
    });
    report
}

/// A foreign vendor with findings, a timeline, leftovers and every verdict.
pub fn failing() -> Report {
    let mut report = base();
    report.criteria = criteria();
    report.statement = statement(false);
    report.verdict = Verdict::Fail;
    report.level = CertificationLevel::None;
    report.exit_codes = vec![1, 3];
    report.decision = "Nordlås Cloud does not filter locks by group, confirms PINs that never reach an offline lock, and offers no mobile access. All three are required, so neither core nor full is reached. Waived: LV-82 (until 2026-03-01, K. Holm).".into();
    spoil_listing(edit(&mut report, "LV-21"));
    spoil_offline(edit(&mut report, "LV-46"));
    spoil_retries(edit(&mut report, "LV-95"));
    let slow = edit(&mut report, "LV-31");
    (slow.verdict, slow.reason) =
        (Verdict::Inconclusive, "the subject file names no lock that can be taken offline".into());
    let open = edit(&mut report, "LV-05");
    (open.verdict, open.reason) = (Verdict::Fail, "the token endpoint answers over plain HTTP".into());
    let waived = edit(&mut report, "LV-82");
    (waived.verdict, waived.reason) =
        (Verdict::Waived, "waived by K. Holm until 2026-03-01: firmware 5 is being rolled out (it was fail: the hold ended after a minute)".into());
    report.waivers = vec![WaiverAccount {
        criterion: id("LV-82"),
        owner: "K. Holm".into(),
        reason: "firmware 5 is being rolled out".into(),
        expires: jiff::civil::date(2026, 3, 1),
        covers: Some(Verdict::Fail),
        stale: None,
    }];
    let mobile = [("LV-60", "Mobile access is created"), ("LV-70", "Removed mobile access no longer opens")];
    for (name, text) in mobile {
        let at = report.criteria.iter().position(|c| c.id.as_str() > name).unwrap();
        let reason = "not supported: keys are sent from the vendor’s own app only";
        report.criteria.insert(at, criterion(name, Level::Required, text, Verdict::Fail, reason));
    }
    report.criteria.push(criterion(
        "LV-96",
        Level::Required,
        "Errors can be told apart",
        Verdict::Pass,
        "six kinds, six shapes",
    ));
    report.criteria.push(criterion(
        "LV-97",
        Level::Preferred,
        "A rate limit is announced when it is hit",
        Verdict::Skipped,
        "the subject file allows no more than 100 calls",
    ));
    let hardware = criterion(
        "LV-07",
        Level::Preferred,
        "Demo hardware is provided",
        Verdict::Attested,
        "attested by M. Berg on 2025-11-03: delivery note 4471",
    );
    report.criteria.insert(2, hardware);
    count(&mut report);
    report.leftovers.push(Leftover {
        what: "PIN access".into(),
        id: "acc-91".into(),
        place: "lk-201, Room 201".into(),
        why: "the vendor answers 404 to its removal and still lists it".into(),
    });
    report.faults.push(FaultAccount {
        criterion: Some(id("LV-95")),
        fault: "withhold the answer of set_pin".into(),
        injected: 8,
        consumed: 8,
    });
    report.faults.push(FaultAccount {
        criterion: Some(id("LV-31")),
        fault: "take lk-201 offline".into(),
        injected: 1,
        consumed: 0,
    });
    report
}

fn spoil_listing(criterion: &mut CriterionResult) {
    criterion.verdict = Verdict::Fail;
    criterion.reason = "the filter is ignored: all 3 locks came back for a group of 2".into();
    criterion.scenarios[0] = scenario(
        "A group with some but not all locks",
        &[
            ("Given a group with some but not all locks", Verdict::Pass),
            ("When the locks of that group are fetched", Verdict::Pass),
            ("Then exactly the locks of that group come back", Verdict::Fail),
            ("And the list is complete over its pages", Verdict::Skipped),
        ],
    );
    criterion.findings.push(Finding {
        id: "LV-21.1".into(),
        verdict: Verdict::Fail,
        summary: "Asking for the locks of one group returns every lock in the system.".into(),
        expected: "The 2 locks of the group “First floor”: lk-101 and lk-102.".into(),
        observed: "3 locks: lk-101, lk-102 and lk-201, which belongs to “Second floor”.".into(),
        sent: Some("GET /v2/locks?group=grp-1".into()),
        evidence: vec!["x-3".into(), "x-2".into()],
        reproduce: vec![
            "curl -H \"Authorization: Bearer $NORDLAS_TOKEN\" 'https://api.nordlas.example/v2/locks?group=grp-1'".into(),
            "lockstep replay report.json LV-21.1".into(),
        ],
    });
}

fn spoil_offline(criterion: &mut CriterionResult) {
    criterion.verdict = Verdict::Fail;
    criterion.reason = "a PIN on an offline lock was confirmed as active and did not exist".into();
    criterion.evidence = vec!["x-5".into(), "x-6".into()];
    criterion.findings.push(Finding {
        id: "LV-46.1".into(),
        verdict: Verdict::Fail,
        summary: "A PIN for an offline lock is confirmed although it was never created.".into(),
        expected: "A clear error (offline), or a pending state that becomes active when the lock returns.".into(),
        observed: "201 with state “active”; 7 s later the PIN is not found.".into(),
        sent: Some(r#"POST /v2/locks/lk-201/pins {"user":"ref-7741","pin":"‹pin›","from":"2025-11-21T16:00:00Z","until":"2025-11-23T11:00:00Z"}"#.into()),
        evidence: vec!["x-5".into(), "x-6".into()],
        reproduce: vec!["lockstep replay report.json LV-46.1".into()],
    });
}

fn spoil_retries(criterion: &mut CriterionResult) {
    criterion.verdict = Verdict::Inconclusive;
    criterion.reason =
        "no attempt within 31 minutes was answered, so it cannot be told whether one access or several exist"
            .into();
    criterion.evidence = (7..=14).map(|number| format!("x-{number}")).collect();
    criterion.findings.push(Finding {
        id: "LV-95.1".into(),
        verdict: Verdict::Inconclusive,
        summary: "Eight attempts in 31 minutes ended without a usable answer; support was told.".into(),
        expected: "One access after the retries, found by its idempotency key or by listing.".into(),
        observed: "Three answers never came, five were 503 or 504, and the listing timed out as well.".into(),
        sent: None,
        evidence: vec!["x-7".into(), "x-10".into(), "x-14".into()],
        reproduce: vec!["lockstep run profiles/nordlas.toml --only LV-95 --subject nordlas-test.toml".into()],
    });
    let attempts = [0, 240, 480, 720, 1_110, 1_350, 1_590, 1_860]
        .into_iter()
        .zip(7..)
        .map(|(at_s, number)| Attempt {
            at_s,
            outcome: if number < 10 { "no answer in time".into() } else { "upstream_timeout".into() },
            exchange: Some(format!("x-{number}")),
        })
        .collect();
    criterion.timelines.push(Timeline {
        title: "Create a PIN on lk-102".into(),
        attempts,
        escalated_at_s: Some(1_862),
    });
    criterion.timelines.push(Timeline {
        title: "Remove the same PIN".into(),
        attempts: vec![
            Attempt { at_s: 0, outcome: "reset".into(), exchange: None },
            Attempt { at_s: 215, outcome: "busy".into(), exchange: None },
            Attempt { at_s: 455, outcome: "done".into(), exchange: None },
        ],
        escalated_at_s: None,
    });
}

/// Stopped by hand in the middle.
pub fn interrupted() -> Report {
    let mut report = base();
    report.criteria = criteria();
    report.planned = report.criteria.len();
    for criterion in report.criteria.iter_mut().skip(5) {
        *criterion = self::criterion(
            criterion.id.as_str(),
            criterion.level,
            &criterion.text.clone(),
            Verdict::Skipped,
            "not reached: the run was interrupted",
        );
    }
    report.executed = 5;
    report.exchanges.truncate(3);
    report.verdict = Verdict::Skipped;
    report.level = CertificationLevel::None;
    report.exit_codes = vec![4];
    report.interrupted =
        Some("stopped by Ctrl-C after 5 of 13 criteria; what the run had created was removed".into());
    report.decision = "The run was stopped before the end, so nothing is decided. The five criteria that were judged are met.".into();
    report.finished = at(95);
    report
}
