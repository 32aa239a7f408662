//! Reports of any shape, for properties: hostile text everywhere, every verdict,
//! and a verdict, level and exit code that follow from the criteria by a rule of
//! its own, so that the writers are held against something that is not them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::harness::criterion::{CertificationLevel, CriterionId, Level};
use crate::harness::result::{
    Attempt, Capability, CriterionResult, Exchange, FaultAccount, Finding, FunctionAnswer, Leftover, Mode,
    Presence, Received, Report, ScenarioResult, SentRequest, StepResult, Timeline, TransportFailure,
    WaiverAccount,
};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::{FailureKind, Function, Instant};

use super::samples;

/// Text that tries to break out of every format.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9 .,]{0,24}",
        1 => any::<String>(),
        2 => select(vec![
            "<script>alert(1)</script>",
            "\"><img src=x onerror=alert(1)>",
            "</title></svg></style></pre>]]>-->",
            "a|b\n| c | d |\n\n# heading\n```\n[x](javascript:alert(1))",
            "data-verdict=\"pass\" data-criterion=\"LV-01\"",
            "\u{202e}gnp.exe\u{202c}\u{200b}\u{feff}",
            "\0\u{1}\u{1b}[31mred\u{7f}\u{9b}\u{fffe}\u{ffff}",
            "&lt;&amp;&#0;&#x202e;",
            "] ]> <!DOCTYPE a [<!ENTITY b \"c\">]>&b;",
            "<!-- </details> -->",
            "\r\r\n\u{2028}\u{2029}",
        ]).prop_map(str::to_owned),
        1 => (1_usize..3_000).prop_map(|length| "x".repeat(length)),
    ]
}

fn verdict() -> impl Strategy<Value = Verdict> {
    // Mostly good, so that good runs occur too.
    prop_oneof![6 => Just(Verdict::Pass), 1 => select(Verdict::ALL)]
}

fn instant() -> impl Strategy<Value = Instant> {
    (-62_135_596_800_000_i64..253_402_300_799_000).prop_map(Instant::from_epoch_ms)
}

fn finding() -> impl Strategy<Value = Finding> {
    (verdict(), [text(), text(), text(), text()], option::of(text()), vec(text(), 0..2), vec(text(), 0..2))
        .prop_map(|(verdict, [id, summary, expected, observed], sent, evidence, reproduce)| Finding {
            id,
            verdict,
            summary,
            expected,
            observed,
            sent,
            evidence,
            reproduce,
        })
}

fn scenario() -> impl Strategy<Value = ScenarioResult> {
    let step = (text(), verdict()).prop_map(|(text, verdict)| StepResult { text, verdict });
    (text(), verdict(), vec(step, 0..3)).prop_map(|(name, verdict, steps)| ScenarioResult {
        name,
        verdict,
        steps,
    })
}

fn timeline() -> impl Strategy<Value = Timeline> {
    let seconds = || prop_oneof![4 => 0_u64..4_000, 1 => any::<u64>()];
    let outcome = prop_oneof![Just("done".to_owned()), text()];
    let attempt = (seconds(), outcome, option::of(text())).prop_map(|(at_s, outcome, exchange)| Attempt {
        at_s,
        outcome,
        exchange,
    });
    (text(), vec(attempt, 0..6), option::of(seconds()))
        .prop_map(|(title, attempts, escalated_at_s)| Timeline { title, attempts, escalated_at_s })
}

fn criterion(number: usize) -> impl Strategy<Value = CriterionResult> {
    (
        select(vec![Level::Required, Level::Full, Level::Preferred]),
        verdict(),
        [text(), text(), text()],
        vec(scenario(), 0..2),
        vec(finding(), 0..2),
        vec(timeline(), 0..2),
    )
        .prop_map(move |(level, verdict, [text, source, reason], scenarios, findings, timelines)| {
            CriterionResult {
                id: CriterionId::parse(&format!("LV-{number:02}")).unwrap(),
                text,
                source,
                level,
                verdict,
                reason,
                scenarios,
                findings,
                evidence: vec!["x-0".to_owned(), "x-gone".to_owned()],
                timelines,
            }
        })
}

fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((text(), text()), 0..3)
}

fn received() -> impl Strategy<Value = Received> {
    prop_oneof![
        (any::<u16>(), headers(), text(), option::of(select(FailureKind::ALL)), option::of(text())).prop_map(
            |(status, headers, body, failure, undocumented)| {
                Received::Answer { status, headers, body, failure, undocumented }
            }
        ),
        (select(vec![TransportFailure::Reset, TransportFailure::TooLarge]), text())
            .prop_map(|(why, detail)| Received::Nothing { why, detail }),
    ]
}

fn exchange() -> impl Strategy<Value = Exchange> {
    ([text(), text(), text(), text(), text()], instant(), any::<u64>(), headers(), received()).prop_map(
        |([id, operation, method, url, body], at, took_ms, headers, response)| Exchange {
            id,
            criterion: None,
            operation,
            at,
            took_ms,
            request: SentRequest { method, url, headers, body },
            response,
        },
    )
}

fn function() -> impl Strategy<Value = FunctionAnswer> {
    (
        select(Function::ALL),
        any::<bool>(),
        option::of(text()),
        [text(), text()],
        vec(text(), 0..2),
        vec(text(), 0..2),
    )
        .prop_map(|(function, supported, reason, [authentication, notes], endpoints, examples)| {
            FunctionAnswer {
                function,
                supported,
                reason,
                endpoints,
                authentication,
                request_examples: examples.clone(),
                response_examples: examples.clone(),
                error_examples: examples,
                notes,
            }
        })
}

fn capability() -> impl Strategy<Value = Capability> {
    let presence = || select(vec![Presence::Yes, Presence::No, Presence::Unknown]);
    (select(Function::ALL), presence(), presence(), text(), vec(text(), 0..2)).prop_map(
        |(function, declared, observed, note, evidence)| {
            Capability::new(function.as_str(), function.title(), declared, observed, note, evidence)
        },
    )
}

/// Any report whose totals follow from its criteria.
pub fn report() -> impl Strategy<Value = Report> {
    let criteria = (0_usize..8).prop_flat_map(|count| (0..count).map(criterion).collect::<Vec<_>>());
    let shape = (
        any::<bool>(),
        any::<bool>(),
        select(vec![CertificationLevel::Core, CertificationLevel::Full]),
        prop_oneof![3 => Just(None), 1 => text().prop_map(Some)],
        prop_oneof![3 => Just(0_usize), 1 => 1_usize..4],
    );
    let texts = [text(), text(), text(), text(), text(), text()];
    let stated = (vec(function(), 0..3), vec(capability(), 0..4));
    (shape, criteria, texts, vec(exchange(), 0..3), stated, any::<u64>()).prop_map(
        |((rehearsal, free, asked, interrupted, unreached), criteria, texts, exchanges, stated, seed)| {
            let [title, vendor, decision, reading, fault, why] = texts;
            let mut report = samples::rehearsal();
            report.rehearsal = rehearsal;
            report.mode = if free { Mode::Run } else { Mode::Certify };
            (report.asked, report.interrupted, report.seed) = (asked, interrupted, seed);
            (report.subject.title, report.subject.vendor, report.decision) = (title, vendor, decision);
            report.leftovers =
                vec![Leftover { what: why.clone(), id: fault.clone(), place: why.clone(), why }];
            report.faults = vec![FaultAccount { criterion: None, fault, injected: 2, consumed: 1 }];
            (report.readings, report.exchanges) = (vec![reading], exchanges);
            (report.statement, report.capabilities) = stated;
            report.executed = criteria.len();
            report.planned = criteria.len() + unreached;
            report.criteria = criteria;
            report.waivers =
                report.criteria.iter().filter(|c| c.verdict == Verdict::Waived).map(waiver).collect();
            judge(&mut report);
            report
        },
    )
}

fn waiver(criterion: &CriterionResult) -> WaiverAccount {
    WaiverAccount {
        criterion: criterion.id.clone(),
        owner: criterion.text.clone(),
        reason: criterion.reason.clone(),
        expires: jiff::civil::date(2027, 3, 31),
        covers: Some(Verdict::Fail),
        stale: None,
    }
}

/// The totals, by the rules of the exit codes and levels.
fn judge(report: &mut Report) {
    let of = |level: Level| report.criteria.iter().filter(move |c| c.level == level).map(|c| c.verdict);
    let met = |level: Level| of(level).all(|verdict| !verdict.blocks());
    let reached = match (met(Level::Required), met(Level::Full)) {
        (false, _) => CertificationLevel::None,
        (true, false) => CertificationLevel::Core,
        (true, true) => CertificationLevel::Full,
    };
    let mut deciding: Vec<_> = of(Level::Required).collect();
    if report.asked == CertificationLevel::Full {
        deciding.extend(of(Level::Full));
    }
    deciding.extend(report.criteria.iter().map(|c| c.verdict).filter(|verdict| *verdict == Verdict::Error));
    let mut codes = Vec::new();
    for (verdict, code) in [(Verdict::Error, 70), (Verdict::Fail, 1), (Verdict::Inconclusive, 3)] {
        if deciding.contains(&verdict) {
            codes.push(code);
        }
    }
    let partial = report.interrupted.is_some() || report.executed < report.planned || report.executed == 0;
    if partial || deciding.contains(&Verdict::Skipped) {
        codes.push(4);
    }
    if codes.is_empty() {
        codes.push(0);
    }
    let floor = if partial { Verdict::Skipped } else { Verdict::Pass };
    let verdict = deciding.into_iter().fold(floor, Verdict::worse);
    (report.level, report.verdict, report.exit_codes) = (reached, verdict, codes);
}
