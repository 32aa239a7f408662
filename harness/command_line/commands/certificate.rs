//! `lockstep verify` and `lockstep gate`: whether a certificate holds.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::super::arguments::Output;
use super::super::certification_arguments::{Gate, Verify};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::rooms::ReadReport;
use super::certification::claims_of;
use super::{tell, tell_json};
use crate::harness::certification::{
    Certificate, Expected, PublicKey, Refusal, holds, opened, rests_on, stands,
};
use crate::harness::criterion::CertificationLevel;
use crate::vendors::vocabulary::Instant;

/// Checks a certificate, and tells what was looked at and what was not.
pub fn verify(arguments: &Verify, output: Output, read_report: ReadReport) -> Result<ExitCode, Failure> {
    let key = PublicKey::read(&arguments.key).map_err(|why| Failure::usage(why.to_string()))?;
    let report = arguments.report.as_deref().map(|path| claims_of(path, read_report)).transpose()?;
    let now = arguments.at.unwrap_or_else(Instant::wall);
    let checked = read(&arguments.certificate, &key).and_then(|certificate| {
        holds(&certificate, &Expected::default(), now)?;
        if let Some((_, claims)) = &report {
            rests_on(&certificate, claims)?;
        }
        if let Some(list) = &arguments.status_list {
            stands(&certificate, &listed(list)?, &key, now)?;
        }
        Ok(certificate)
    });
    let unchecked = unchecked(arguments);
    if output.json {
        let mut told = json(&checked, "valid");
        told["not_checked"] = json!(unchecked);
        tell_json(&told)?;
    } else {
        let mut text = format!("{}\n", line(&checked, ["valid", "not valid"]));
        if let Ok(certificate) = &checked {
            text.push_str(&details(certificate));
            for what in unchecked {
                // Writing to a text cannot fail.
                let _ = writeln!(text, "  not checked  {what}");
            }
        }
        tell(&text)?;
    }
    Ok(code(&checked))
}

/// Opens for a certificate that holds for what is asked, and for nothing else.
pub fn gate(arguments: &Gate, output: Output) -> Result<ExitCode, Failure> {
    let key = PublicKey::read(&arguments.key).map_err(|why| Failure::usage(why.to_string()))?;
    let now = Instant::wall();
    let expected = Expected {
        programme: Some(&arguments.programme),
        subject: Some(&arguments.subject),
        version: Some(&arguments.subject_version),
        level: Some(arguments.level.into()),
        abilities: &arguments.ability,
    };
    let checked = read(&arguments.certificate, &key).and_then(|certificate| {
        holds(&certificate, &expected, now)?;
        stands(&certificate, &listed(&arguments.status_list)?, &key, now)?;
        Ok(certificate)
    });
    if output.json {
        tell_json(&json(&checked, "open"))?;
    } else {
        tell(&format!("{}\n", line(&checked, ["open", "closed"])))?;
    }
    Ok(code(&checked))
}

fn read(path: &Path, key: &PublicKey) -> Result<Certificate, Refusal> {
    opened(&text_at(path, Refusal::Missing, Refusal::Unreadable)?, key)
}

fn listed(path: &Path) -> Result<String, Refusal> {
    text_at(path, Refusal::ListMissing, Refusal::ListUnreadable)
}

/// A file's text; that there is none is told apart from one that cannot be read.
fn text_at(
    path: &Path,
    missing: impl Fn(String) -> Refusal,
    unreadable: impl Fn(String) -> Refusal,
) -> Result<String, Refusal> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => missing(format!("no file {}", path.display())),
        _ => unreadable(format!("{}: {error}", path.display())),
    })
}

fn code(checked: &Result<Certificate, Refusal>) -> ExitCode {
    if checked.is_ok() { ExitCode::Done } else { ExitCode::NoCertificate }
}

/// One line: the word, and for whom and until when, or why not.
fn line(checked: &Result<Certificate, Refusal>, [yes, no]: [&str; 2]) -> String {
    match checked {
        Ok(certificate) => {
            let claims = &certificate.claims;
            format!(
                "{yes}: {} {} holds the {} level of {} until {}",
                claims.subject.name,
                claims.subject.version,
                level(claims.level),
                claims.programme,
                certificate.valid_until
            )
        }
        Err(refusal) => format!("{no}: {refusal}"),
    }
}

fn level(level: CertificationLevel) -> &'static str {
    match level {
        CertificationLevel::None => "no",
        CertificationLevel::Core => "core",
        CertificationLevel::Full => "full",
    }
}

fn details(certificate: &Certificate) -> String {
    let claims = &certificate.claims;
    let mut text = String::new();
    let mut row = |name: &str, value: &str| {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "  {name:<12} {value}");
    };
    row("serial", &certificate.serial);
    row("approved by", &certificate.approved_by);
    row("run", &claims.run);
    row("suite", &claims.suite.digest);
    row("covers", &certificate.scope.join(", "));
    for waiver in claims.waivers.iter().filter(|waiver| waiver.covers.is_some()) {
        let said =
            format!("{} by {} until {}: {}", waiver.criterion, waiver.owner, waiver.expires, waiver.reason);
        row("waived", &said);
    }
    text
}

/// What nobody asked to be looked at.
fn unchecked(arguments: &Verify) -> Vec<&'static str> {
    let mut unchecked = Vec::new();
    if arguments.status_list.is_none() {
        unchecked.push("whether it was suspended or revoked (--status-list)");
    }
    if arguments.report.is_none() {
        unchecked.push("whether a report is the one that it rests on (--report)");
    }
    unchecked
}

fn json(checked: &Result<Certificate, Refusal>, word: &str) -> Value {
    let mut told = json!({ "exit_codes": [code(checked).number()] });
    told[word] = checked.is_ok().into();
    match checked {
        Ok(certificate) => told["certificate"] = json!(certificate),
        Err(refusal) => {
            told["reason"] = refusal.name().into();
            told["detail"] = refusal.to_string().into();
        }
    }
    told
}
