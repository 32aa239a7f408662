//! A small report made by hand, for the tests of what reads reports.

use std::time::Duration;

use super::criterion::{CertificationLevel, CriterionId, Level};
use super::result::{
    Capability, CriterionResult, Exchange, Finding, FunctionAnswer, Mode, Origins, Presence, Received,
    Report, SCHEMA, ScenarioResult, SentRequest, Subject, Suite,
};
use super::verdict::Verdict;
use crate::vendors::vocabulary::{Function, Instant};

/// Noon of 21 November 2026.
pub(super) fn noon() -> Instant {
    Instant::from_epoch_ms(1_795_262_400_000)
}

/// A criterion with one scenario.
pub(super) fn criterion(id: &str, level: Level, verdict: Verdict, reason: &str) -> CriterionResult {
    let id = CriterionId::parse(id).unwrap();
    CriterionResult {
        text: format!("What {id} asks"),
        source: "Requirements".into(),
        level,
        verdict,
        reason: reason.into(),
        scenarios: vec![ScenarioResult { name: "Main".into(), verdict, steps: Vec::new() }],
        findings: Vec::new(),
        evidence: vec!["x-1".into()],
        timelines: Vec::new(),
        id,
    }
}

/// A finding of that criterion.
pub(super) fn finding(id: &str, summary: &str, observed: &str) -> Finding {
    Finding {
        id: id.into(),
        verdict: Verdict::Fail,
        summary: summary.into(),
        expected: "as documented".into(),
        observed: observed.into(),
        sent: None,
        evidence: vec!["x-1".into()],
        reproduce: Vec::new(),
    }
}

fn exchange(number: u32) -> Exchange {
    Exchange {
        id: format!("x-{number}"),
        criterion: CriterionId::parse("LV-21"),
        operation: "list_locks".into(),
        at: noon() + Duration::from_secs(u64::from(number)),
        took_ms: 12,
        request: SentRequest {
            method: "GET".into(),
            url: "https://api.acme.example/locks".into(),
            headers: vec![("authorization".into(), "Bearer ‹secret›".into())],
            body: String::new(),
        },
        response: Received::Answer {
            status: 200,
            headers: Vec::new(),
            body: "{\"locks\":[]}".into(),
            failure: None,
            undocumented: None,
        },
    }
}

fn answer(function: Function, supported: bool) -> FunctionAnswer {
    FunctionAnswer {
        function,
        supported,
        reason: (!supported).then(|| "not in this product".into()),
        endpoints: Vec::new(),
        authentication: "OAuth 2".into(),
        request_examples: Vec::new(),
        response_examples: Vec::new(),
        error_examples: Vec::new(),
        notes: String::new(),
    }
}

/// A certification of a foreign subject that passes at the full level.
pub(super) fn report() -> Report {
    let yes = Presence::Yes;
    Report {
        schema: SCHEMA.into(),
        programme: "lock-vendor".into(),
        mode: Mode::Certify,
        rehearsal: false,
        run: "lockstep-20261121-120000-2a".into(),
        started: noon() - Duration::from_secs(300),
        finished: noon(),
        seed: 1,
        subject: Subject {
            name: "acme".into(),
            title: "Acme Cloud".into(),
            vendor: "Acme AS".into(),
            version: "2.4".into(),
            target: "https://api.acme.example".into(),
            profile_digest: "4b".repeat(32),
        },
        suite: Suite { version: "0.1.0".into(), digest: "9c".repeat(32) },
        verdict: Verdict::Pass,
        asked: CertificationLevel::Full,
        level: CertificationLevel::Full,
        decision: "Acme Cloud meets the full level of Inlet's requirements.".into(),
        exit_codes: vec![0],
        planned: 5,
        executed: 5,
        interrupted: None,
        statement: vec![answer(Function::ListLocks, true), answer(Function::AlgoPin, false)],
        capabilities: vec![
            Capability::new("list_locks", "Fetch locks / doors", yes, yes, "seen".into(), vec!["x-1".into()]),
            Capability::new("door", "Tells the door", yes, Presence::Unknown, "not seen".into(), Vec::new()),
        ],
        origins: Origins::default(),
        limited_locks: Vec::new(),
        criteria: vec![
            criterion("LV-10", Level::Required, Verdict::Pass, "two groups were listed"),
            criterion("LV-21", Level::Required, Verdict::Pass, "the filter is kept"),
            criterion("LV-33", Level::Required, Verdict::Warning, "the battery is told in words"),
            criterion("LV-82", Level::Full, Verdict::Pass, "the door stayed open"),
            criterion("LV-90", Level::Preferred, Verdict::NotApplicable, "no computed PINs"),
        ],
        exchanges: (1..=3).map(exchange).collect(),
        leftovers: Vec::new(),
        faults: Vec::new(),
        waivers: Vec::new(),
        readings: Vec::new(),
    }
}
