//! A certification as people and scripts read it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::harness::certification::life::{Event, Stage, Step};
use crate::harness::certification::{History, Standing, StatusLine};
use crate::vendors::vocabulary::Instant;

/// How it stands: stage, what is open, certificates, and what is possible now.
pub(super) fn stand(history: &History, now: Instant) -> String {
    let certification = &history.certification;
    let (stage, round) = (certification.stage().words(), certification.round());
    let mut text = format!("{} is {stage}, in round {round}\n", certification.id());
    let mut row = |name: &str, value: &str| {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {name:<12} {value}");
    };
    if let Some((since, reason)) = certification.suspended() {
        row("suspended", &format!("since {since}: {reason}"));
    }
    let missing = missing(history);
    if !missing.is_empty() {
        row("to vouch for", &missing.join(", "));
    }
    if let Stage::Correcting(stage) = certification.stage() {
        for (number, issue) in (1..).zip(stage.issues()) {
            let answer =
                issue.answer.as_ref().map_or("open".to_owned(), |answer| format!("answered: {answer}"));
            row(&format!("issue {number}"), &format!("{} ({answer})", issue.text));
        }
    }
    for (issued, line) in certification.certificates().iter().zip(certification.standings()) {
        let certificate = &issued.certificate;
        let version = &certificate.claims.subject.version;
        let standing = word(&line, certificate.valid_until <= now);
        let until = certificate.valid_until;
        row(
            "certificate",
            &format!("{} for version {version}, {standing}, until {until}", certificate.serial),
        );
    }
    row("possible now", &certification.possible(now).join(", "));
    text
}

/// The same for scripts.
pub(super) fn stand_json(history: &History, now: Instant) -> Value {
    let certification = &history.certification;
    let certificates = certification.certificates().iter().zip(certification.standings());
    let certificates: Vec<Value> = certificates
        .map(|(issued, line)| {
            let certificate = &issued.certificate;
            json!({
                "serial": certificate.serial,
                "version": certificate.claims.subject.version,
                "level": certificate.claims.level,
                "scope": certificate.scope,
                "valid_from": certificate.valid_from,
                "valid_until": certificate.valid_until,
                "standing": word(&line, certificate.valid_until <= now),
            })
        })
        .collect();
    let issues: Vec<Value> = match certification.stage() {
        Stage::Correcting(stage) => stage
            .issues()
            .iter()
            .map(|issue| json!({ "issue": issue.text, "answer": issue.answer }))
            .collect(),
        _ => Vec::new(),
    };
    json!({
        "certification": certification.id(),
        "stage": certification.stage().words(),
        "round": certification.round(),
        "suspended": certification.suspended().map(|(since, reason)| json!({ "since": since, "reason": reason })),
        "to_vouch_for": missing(history),
        "issues": issues,
        "certificates": certificates,
        "possible": certification.possible(now),
        "last": certification.last(),
    })
}

fn missing(history: &History) -> Vec<String> {
    let certification = &history.certification;
    match certification.stage() {
        Stage::Preparing(stage) => stage.missing(&certification.items()),
        Stage::Approved(stage) => {
            let given: Vec<&str> = stage.attested().map(|one| one.item.as_str()).collect();
            let after = certification.items().into_iter().filter(|item| item.after_approval);
            after.filter(|item| !given.contains(&item.id.as_str())).map(|item| item.id.clone()).collect()
        }
        _ => Vec::new(),
    }
}

fn word(line: &StatusLine, expired: bool) -> &'static str {
    match line.standing {
        Standing::Revoked => "revoked",
        _ if expired => "expired",
        Standing::Suspended => "suspended",
        Standing::Good => "good",
    }
}

/// Everything that happened, the oldest first.
pub(super) fn past(history: &History) -> String {
    let mut text = format!("{}\n", history.certification.id());
    for event in &history.events {
        let about = about(event);
        let about = if about.is_empty() { about } else { format!(" {about}") };
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "  {}  {:<8}{about} — {}: {}",
            event.at,
            event.step.name(),
            event.actor,
            event.reason
        );
    }
    text
}

/// The same for scripts.
pub(super) fn past_json(history: &History) -> Value {
    let event = |event: &Event| {
        json!({
            "at": event.at,
            "step": event.step.name(),
            "about": about(event),
            "actor": event.actor,
            "reason": event.reason,
        })
    };
    json!({
        "certification": history.certification.id(),
        "events": history.events.iter().map(event).collect::<Vec<_>>(),
    })
}

/// What a step was about, in a few words.
fn about(event: &Event) -> String {
    match &event.step {
        Step::Attest(given) => format!(
            "{} by {} on {}, {} (SHA-256 {})",
            given.item, given.who, given.when, given.document, given.digest
        ),
        Step::Submit { claims } => format!(
            "{} of version {}, verdict {} (SHA-256 {})",
            claims.run,
            claims.subject.version,
            claims.verdict.as_str(),
            claims.report_digest
        ),
        Step::Feedback { issues } => issues.join("; "),
        Step::Correct { issue } => format!("issue {issue}"),
        Step::Approve { certificate, .. } => {
            format!("{} until {}", certificate.serial, certificate.valid_until)
        }
        Step::Prepare | Step::Review | Step::Renew | Step::Suspend | Step::Resume | Step::Revoke => {
            String::new()
        }
    }
}
