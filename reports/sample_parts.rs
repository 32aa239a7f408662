//! What the reports made by hand have in common, part by part.

use std::time::Duration;

use super::sample_wire::exchanges;
use crate::harness::criterion::{CertificationLevel, CriterionId, Level};
use crate::harness::result::{
    Capability, CriterionResult, Evidence, FunctionAnswer, LimitedLock, Mode, Origin, Origins, Part,
    Presence, Report, SCHEMA, ScenarioResult, Source, StepResult, Subject, Suite,
};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::{Function, Instant};

pub(super) fn id(text: &str) -> CriterionId {
    CriterionId::parse(text).unwrap()
}

pub(super) fn start() -> Instant {
    Instant::from_epoch_ms(1_763_740_800_000)
}

pub(super) fn at(seconds: u64) -> Instant {
    start() + Duration::from_secs(seconds)
}

pub(super) fn criterion(
    name: &str,
    level: Level,
    text: &str,
    verdict: Verdict,
    reason: &str,
) -> CriterionResult {
    CriterionResult {
        id: id(name),
        text: text.into(),
        source: "Requirements, Minimum Functional Acceptance Criteria".into(),
        level,
        verdict,
        reason: reason.into(),
        scenarios: vec![],
        findings: vec![],
        evidence: vec![],
        timelines: vec![],
    }
}

pub(super) fn scenario(name: &str, steps: &[(&str, Verdict)]) -> ScenarioResult {
    ScenarioResult {
        name: name.into(),
        verdict: steps
            .iter()
            .map(|step| step.1)
            .filter(|v| *v != Verdict::Skipped)
            .max()
            .unwrap_or(Verdict::Skipped),
        steps: steps
            .iter()
            .map(|(text, verdict)| StepResult { text: (*text).into(), verdict: *verdict })
            .collect(),
    }
}

pub(super) fn statement(mobile: bool) -> Vec<FunctionAnswer> {
    Function::ALL
        .iter()
        .copied()
        .filter(|function| function.is_asked_for())
        .map(|function| {
            let unsupported = match function {
                Function::AlgoPin => Some("the locks know no computed PINs"),
                Function::CreateMobileAccess | Function::RemoveMobileAccess if !mobile => {
                    Some("keys are sent from the vendor’s own app only")
                }
                _ => None,
            };
            let path = function.as_str().replace('_', "-");
            let supported = unsupported.is_none();
            let when = |text: &str| if supported { vec![text.to_owned()] } else { vec![] };
            FunctionAnswer {
                function,
                supported,
                reason: unsupported.map(str::to_owned),
                endpoints: when(&format!("POST /v2/{path}")),
                authentication: if supported {
                    "OAuth 2 client credentials, bearer token in the Authorization header".into()
                } else {
                    String::new()
                },
                request_examples: when(&format!(
                    "POST /v2/{path} HTTP/1.1\nAuthorization: Bearer ‹secret›\n\n{{\"lock\": \"lk-101\"}}"
                )),
                response_examples: when(r#"{"id":"acc-90","state":"active"}"#),
                error_examples: when(
                    "404 not_found\n{\"error\": {\"code\": \"not_found\", \"message\": \"No such lock\"}}",
                ),
                notes: if supported {
                    "Takes effect within 30 s on a lock that is online. At most 600 calls a minute.".into()
                } else {
                    String::new()
                },
            }
        })
        .collect()
}

/// A few lines, one of each sort.
pub(super) fn capabilities() -> Vec<Capability> {
    use Presence::{No, Unknown, Yes};
    let line = |ability: &str, title: &str, declared, observed, note: &str, evidence: &[&str]| {
        let evidence = evidence.iter().map(|id| (*id).to_owned()).collect();
        Capability::new(ability, title, declared, observed, note.into(), evidence)
    };
    vec![
        line("list_locks", "Fetch locks / doors", Yes, Yes, "every exchange of it succeeded", &["x-17"]),
        line(
            "algo_pin",
            "algoPIN",
            Yes,
            No,
            "`algo_pin` was never answered otherwise than that it is not there (status 501)",
            &["x-18"],
        ),
        line("hold_open", "Hold open", Yes, Unknown, "not seen to succeed: hold_open", &[]),
        line(
            "door",
            "Tells the door",
            No,
            Yes,
            "answers carry `doorState`, which the profile does not show",
            &["x-17"],
        ),
        line("token_refresh", "Renews tokens without credentials", No, Unknown, "tokens are got anew", &[]),
    ]
}

/// Where the profile has it from: a part of each sort.
pub(super) fn origins() -> Origins {
    let source = |name: &str, is, title: &str, url: Option<&str>, date: &str| Source {
        name: name.into(),
        is,
        title: title.into(),
        url: url.map(Into::into),
        date: Some(date.into()),
    };
    let part = |name: &str, origin| Part { name: name.into(), origin };
    let from = |names: &[&str]| Origin::Sources(names.iter().map(|name| (*name).to_owned()).collect());
    Origins {
        sources: vec![
            source(
                "docs",
                Evidence::Vendor,
                "Nordlås Cloud API, reference",
                Some("https://developer.nordlas.example/reference"),
                "2026-01",
            ),
            source("bench", Evidence::Measured, "Rate limits of lock clouds, measured", None, "2025"),
        ],
        parts: vec![
            part("operation `list_locks`", from(&["docs"])),
            part("operation `create_pin`", from(&["docs", "bench"])),
            part("function `create_mobile_access`", from(&["docs"])),
            part("limits: `requests`", from(&["bench"])),
            part("limits: `offline`", Origin::NotEstablished),
            part("limits.pin", Origin::Unnamed),
        ],
    }
}

pub(super) fn subject() -> Subject {
    Subject {
        name: "nordlas".into(),
        title: "Nordlås Cloud".into(),
        vendor: "Nordlås AS".into(),
        version: "2.4".into(),
        target: "https://api.nordlas.example/v2".into(),
        profile_digest: "4be1f0a8c0de5a1f7f4e0b1a6b9d2c3e8f70112233445566778899aabbccddee".into(),
    }
}

/// What the hand-made reports have in common.
pub(super) fn base() -> Report {
    Report {
        schema: SCHEMA.into(),
        programme: "lock-vendor".into(),
        mode: Mode::Certify,
        rehearsal: false,
        run: "lockstep-7f3a".into(),
        started: start(),
        finished: at(412),
        seed: 42,
        subject: subject(),
        suite: Suite { version: "0.1.0".into(), digest: "9c56cc51b374c3ba189210d5b6d4bf57790d351c96c47c02190ecf1e430635ab".into() },
        verdict: Verdict::Pass,
        asked: CertificationLevel::Full,
        level: CertificationLevel::Full,
        decision: String::new(),
        exit_codes: vec![0],
        planned: 0,
        executed: 0,
        interrupted: None,
        statement: statement(true),
        capabilities: capabilities(),
        origins: origins(),
        limited_locks: vec![LimitedLock { lock: "lk-204".into(), lacks: vec!["keypad".into()] }],
        criteria: vec![],
        exchanges: exchanges(),
        leftovers: vec![],
        faults: vec![],
        waivers: vec![],
        readings: vec![
            "Hold-open and return-to-normal are optional under functions but stand in the minimum acceptance list: two levels are told apart, core without them and full with them.".into(),
            "Battery is strongly preferred under status but stands in the minimum list: it is required.".into(),
        ],
    }
}

pub(super) fn criteria() -> Vec<CriterionResult> {
    use Level::{Full, Preferred, Required};
    use Verdict::{NotApplicable, Pass, Warning};
    let mut all = vec![
        criterion(
            "LV-01",
            Required,
            "API documentation is named",
            Pass,
            "https://docs.nordlas.example/v2 is named",
        ),
        criterion(
            "LV-05",
            Preferred,
            "The connection is TLS",
            Pass,
            "TLS 1.3, certificate valid until 2026-05-01",
        ),
        criterion(
            "LV-10",
            Required,
            "Access groups have unique ids and names, over every page",
            Pass,
            "2 groups, the same ids in two listings",
        ),
        criterion(
            "LV-20",
            Required,
            "Locks have unique ids and names, over every page",
            Pass,
            "3 locks, the same ids in two listings",
        ),
        criterion(
            "LV-21",
            Required,
            "Locks of one group are exactly the locks of that group",
            Pass,
            "group grp-1 has 2 of 3 locks, and an empty group has none",
        ),
        criterion(
            "LV-31",
            Required,
            "A lock that is unreachable is reported so in time",
            Pass,
            "told 42 s after it went offline, 60 s are documented",
        ),
        criterion(
            "LV-40",
            Required,
            "A PIN with a validity is created and confirmed",
            Pass,
            "created as acc-90 and listed",
        ),
        criterion(
            "LV-43",
            Preferred,
            "Validity can be changed without a new PIN",
            NotApplicable,
            "the statement declares no change of existing access",
        ),
        criterion(
            "LV-46",
            Required,
            "On an offline lock nothing is claimed that did not happen",
            Pass,
            "refused with 409 offline",
        ),
        criterion(
            "LV-47",
            Preferred,
            "Unicode names survive",
            Warning,
            "the name came back without its combining accent",
        ),
        criterion(
            "LV-82",
            Full,
            "Hold-open keeps the door unlocked for the whole period",
            Pass,
            "open for 10 min, locked 2 s after",
        ),
        criterion(
            "LV-90",
            Required,
            "algoPIN is described and shown",
            NotApplicable,
            "the locks know no computed PINs",
        ),
        criterion(
            "LV-95",
            Required,
            "A lost answer leads to one access, not none and not two",
            Pass,
            "the third attempt found the access by its key",
        ),
    ];
    for (name, evidence) in [("LV-10", "x-1"), ("LV-20", "x-2"), ("LV-21", "x-3"), ("LV-40", "x-4")] {
        let found = all.iter_mut().find(|c| c.id.as_str() == name).unwrap();
        found.evidence.push(evidence.into());
        found.scenarios.push(scenario(
            "A vendor answers as documented",
            &[
                ("Given the test group of the subject", Pass),
                ("When the list is fetched", Pass),
                ("Then it is complete", Pass),
            ],
        ));
    }
    all
}
