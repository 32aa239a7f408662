//! Three reports made by hand, for tests and for looking at: a rehearsal that
//! passes, a foreign vendor that fails, a run that was interrupted. Rendered,
//! they are published in `reports/samples/`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::harness::criterion::{CertificationLevel, CriterionId, Level};
use crate::harness::result::{
    Attempt, Capability, CriterionResult, Evidence, Exchange, FaultAccount, Finding, FunctionAnswer,
    Leftover, LimitedLock, Mode, Origin, Origins, Part, Presence, Received, Report, SCHEMA, ScenarioResult,
    SentRequest, Source, StepResult, Subject, Suite, Timeline, TransportFailure, WaiverAccount,
};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::{FailureKind, Function, Instant};

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

fn id(text: &str) -> CriterionId {
    CriterionId::parse(text).unwrap()
}

fn start() -> Instant {
    Instant::from_epoch_ms(1_763_740_800_000)
}

fn at(seconds: u64) -> Instant {
    start() + Duration::from_secs(seconds)
}

fn criterion(name: &str, level: Level, text: &str, verdict: Verdict, reason: &str) -> CriterionResult {
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

fn scenario(name: &str, steps: &[(&str, Verdict)]) -> ScenarioResult {
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

fn exchange(
    number: u32,
    criterion: &str,
    operation: &str,
    request: (&str, &str, &str),
    response: Received,
) -> Exchange {
    let (method, path, body) = request;
    Exchange {
        id: format!("x-{number}"),
        criterion: Some(id(criterion)),
        operation: operation.into(),
        at: at(u64::from(number) * 7),
        took_ms: 38 + u64::from(number) % 50,
        request: SentRequest {
            method: method.into(),
            url: format!("https://api.nordlas.example/v2{path}"),
            headers: vec![
                ("authorization".into(), "Bearer ‹secret›".into()),
                ("content-type".into(), "application/json".into()),
                ("user-agent".into(), format!("Lockstep/0.1 ({criterion})")),
            ],
            body: body.into(),
        },
        response,
    }
}

fn answered(status: u16, body: &str, failure: Option<FailureKind>) -> Received {
    Received::Answer {
        status,
        headers: vec![("content-type".into(), "application/json; charset=utf-8".into())],
        body: body.into(),
        failure,
        undocumented: None,
    }
}

fn lost() -> Received {
    Received::Nothing {
        why: TransportFailure::ReadTimeout,
        detail: "no byte of the answer within 30 s; the request had been sent whole".into(),
    }
}

const LOCKS: &str = r#"{"locks":[{"id":"lk-101","name":"Room 101","group":"grp-1","online":true,"battery":87},{"id":"lk-102","name":"Rom 102 – Sjøsiden","group":"grp-1","online":true,"battery":64},{"id":"lk-201","name":"Room 201","group":"grp-2","online":false,"battery":12}],"total":3}"#;

fn exchanges() -> Vec<Exchange> {
    let mut all = vec![
        exchange(
            1,
            "LV-10",
            "list_groups",
            ("GET", "/groups", ""),
            answered(
                200,
                r#"{"groups":[{"id":"grp-1","name":"First floor"},{"id":"grp-2","name":"Second floor"}]}"#,
                None,
            ),
        ),
        exchange(2, "LV-20", "list_locks", ("GET", "/locks?page=1", ""), answered(200, LOCKS, None)),
        exchange(3, "LV-21", "list_locks", ("GET", "/locks?group=grp-1", ""), answered(200, LOCKS, None)),
        exchange(
            4,
            "LV-40",
            "set_pin",
            (
                "POST",
                "/locks/lk-101/pins",
                r#"{"user":"ref-7741","pin":"‹pin›","from":"2025-11-21T16:00:00Z","until":"2025-11-23T11:00:00Z"}"#,
            ),
            answered(201, r#"{"id":"acc-90","state":"active"}"#, None),
        ),
        exchange(
            5,
            "LV-46",
            "set_pin",
            (
                "POST",
                "/locks/lk-201/pins",
                r#"{"user":"ref-7741","pin":"‹pin›","from":"2025-11-21T16:00:00Z","until":"2025-11-23T11:00:00Z"}"#,
            ),
            answered(201, r#"{"id":"acc-91","state":"active"}"#, None),
        ),
        exchange(
            6,
            "LV-46",
            "get_pin",
            ("GET", "/pins/acc-91", ""),
            answered(
                404,
                r#"{"error":{"code":"not_found","message":"No such PIN"}}"#,
                Some(FailureKind::NotFound),
            ),
        ),
    ];
    for number in 7..=14 {
        let response = match number {
            7..=9 => lost(),
            10 | 13 => answered(
                503,
                r#"{"error":{"code":"unavailable","message":"Upstream is busy"}}"#,
                Some(FailureKind::UpstreamTimeout),
            ),
            _ => answered(504, "", Some(FailureKind::UpstreamTimeout)),
        };
        all.push(exchange(
            number,
            "LV-95",
            "set_pin",
            (
                "POST",
                "/locks/lk-102/pins",
                r#"{"user":"ref-7742","pin":"‹pin›","idempotency_key":"run-7-a"}"#,
            ),
            response,
        ));
    }
    all
}

fn statement(mobile: bool) -> Vec<FunctionAnswer> {
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
fn capabilities() -> Vec<Capability> {
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
fn origins() -> Origins {
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

fn subject() -> Subject {
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
fn base() -> Report {
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

fn criteria() -> Vec<CriterionResult> {
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
