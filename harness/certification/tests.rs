use std::time::Duration;

use super::life::{Attestation, Step};
use super::*;
use crate::harness::criterion::CertificationLevel;
use crate::harness::result::{Report, WaiverAccount};
use crate::harness::sample::{noon, report};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Instant;

pub(super) const DAY: Duration = Duration::from_secs(24 * 3_600);

/// What a report claims, as it is read from its file.
pub(super) fn claims(report: &Report) -> Claims {
    Claims::of(report, &serde_json::to_value(report).unwrap())
}

/// That somebody vouches for an item.
pub(super) fn attest(item: &str) -> Step {
    Step::Attest(Attestation {
        item: item.into(),
        who: "P. Partner".into(),
        when: jiff::civil::date(2026, 11, 20),
        document: "documentation.pdf".into(),
        digest: "ab".repeat(32),
    })
}

fn approval() -> Approval {
    Approval { by: "R. Reviewer".into(), from: noon(), validity: 365 * DAY, scope: None }
}

fn certificate() -> Certificate {
    Certificate::new(claims(&report()), approval()).unwrap()
}

fn line(certificate: &Certificate, standing: Standing) -> StatusLine {
    StatusLine { serial: certificate.serial.clone(), standing, since: noon(), reason: "errors rose".into() }
}

#[test]
fn a_certificate_holds_for_what_it_was_made_for_and_within_its_time() {
    let certificate = certificate();
    let check = |expected: &Expected<'_>, at: Instant, refused: Option<&str>| {
        let told = holds(&certificate, expected, at).err().map(|why| why.name());
        assert_eq!(told, refused, "{expected:?} at {at}");
    };
    let all = Expected {
        programme: Some("lock-vendor"),
        subject: Some("acme"),
        version: Some("2.4"),
        level: Some(CertificationLevel::Full),
        abilities: &["list_locks".to_owned()],
    };
    check(&all, noon(), None);
    check(&Expected::default(), noon() + DAY, None);
    check(&Expected { programme: Some("inlet-partner"), ..all.clone() }, noon(), Some("wrong_programme"));
    check(&Expected { subject: Some("other"), ..all.clone() }, noon(), Some("wrong_subject"));
    check(&Expected { version: Some("2.40"), ..all.clone() }, noon(), Some("wrong_version"));
    check(&Expected { abilities: &["door".to_owned()], ..all.clone() }, noon(), Some("out_of_scope"));
    // The end is exact; at the start clocks may differ by two minutes.
    check(&all, certificate.valid_until, Some("expired"));
    check(&all, certificate.valid_until - Duration::from_micros(1), None);
    check(&all, noon() - Duration::from_secs(120), None);
    check(&all, noon() - Duration::from_secs(121), Some("not_yet_valid"));
}

#[test]
fn a_core_certificate_does_not_stand_for_a_full_one() {
    let mut core = report();
    (core.asked, core.level) = (CertificationLevel::Core, CertificationLevel::Core);
    core.criteria[3].verdict = Verdict::Fail;
    let certificate = Certificate::new(claims(&core), approval()).unwrap();
    let check = |level, refused: Option<&str>| {
        let expected = Expected { level: Some(level), ..Expected::default() };
        assert_eq!(holds(&certificate, &expected, noon()).err().map(|why| why.name()), refused);
    };
    check(CertificationLevel::Core, None);
    check(CertificationLevel::Full, Some("wrong_level"));
}

#[test]
fn what_supports_no_certificate_gets_none_and_holds_for_nobody() {
    let mut rehearsal = report();
    rehearsal.rehearsal = true;
    let refused = Certificate::new(claims(&rehearsal), approval()).unwrap_err();
    assert!(refused.to_string().contains("rehearsal"), "{refused}");
    // An issuer that signs one all the same convinces nobody.
    let mut signed = certificate();
    signed.claims = claims(&rehearsal);
    assert_eq!(holds(&signed, &Expected::default(), noon()), Err(Refusal::Rehearsal));
    signed.claims = claims(&report());
    signed.claims.verdicts[0].verdict = Verdict::Fail;
    let refused = holds(&signed, &Expected::default(), noon()).unwrap_err();
    assert_eq!(refused.name(), "unsupported", "{refused}");
}

#[test]
fn a_certificate_holds_no_longer_than_a_year_and_than_its_waivers() {
    let until = |validity, expires: Option<jiff::civil::Date>| {
        let mut report = report();
        if let Some(expires) = expires {
            report.criteria[1].verdict = Verdict::Waived;
            report.waivers = vec![WaiverAccount {
                criterion: report.criteria[1].id.clone(),
                owner: "K. Holm".into(),
                reason: "firmware 5 comes".into(),
                expires,
                covers: Some(Verdict::Fail),
                stale: None,
            }];
        }
        Certificate::new(claims(&report), Approval { validity, ..approval() }).map(|made| made.valid_until)
    };
    let date = |month, day| Some(jiff::civil::date(2026, month, day));
    assert_eq!(until(30 * DAY, None), Ok(noon() + 30 * DAY));
    assert_eq!(until(30 * DAY, date(11, 30)).unwrap().to_string(), "2026-12-01T00:00:00Z");
    assert_eq!(until(2 * DAY, date(11, 30)), Ok(noon() + 2 * DAY));
    assert_eq!(until(30 * DAY, date(11, 20)), Err(NotIssued::WaiversExpired));
    assert_eq!(until(367 * DAY, None), Err(NotIssued::Validity));
    assert_eq!(until(Duration::ZERO, None), Err(NotIssued::Validity));
}

#[test]
fn only_what_was_tested_can_be_in_the_scope() {
    let scoped = |scope: &[&str]| {
        let scope = Some(scope.iter().map(|ability| (*ability).to_owned()).collect());
        Certificate::new(claims(&report()), Approval { scope, ..approval() }).map(|made| made.scope)
    };
    assert_eq!(certificate().scope, ["list_locks"]);
    assert_eq!(scoped(&["list_locks"]).unwrap(), ["list_locks"]);
    // Declared, and not seen.
    assert!(matches!(scoped(&["door"]), Err(NotIssued::Untested(..))));
    assert_eq!(scoped(&[]), Err(NotIssued::NoScope));
}

#[test]
fn a_signed_certificate_is_read_by_its_key_alone() {
    let (key, other) = (IssuerKey::generate(), IssuerKey::generate());
    let certificate = certificate();
    let text = certificate.sign(&key).unwrap();
    assert_eq!(opened(&text, &key.public()).unwrap(), certificate);
    let refused = |text: &str, key: &IssuerKey| opened(text, &key.public()).unwrap_err().name();
    assert_eq!(refused(&text, &other), "wrong_key");
    let mut changed: serde_json::Value = serde_json::from_str(&text).unwrap();
    let payload = changed["payload"].as_str().unwrap().to_owned();
    changed["payload"] = payload.replacen('e', "f", 1).into();
    assert_eq!(refused(&changed.to_string(), &key), "forged");
    assert_eq!(refused("", &key), "unreadable");
    let list = StatusList::new(Vec::new(), noon(), DAY).sign(&key).unwrap();
    assert_eq!(refused(&list, &key), "unreadable");
    let mut report = report();
    assert_eq!(refused(&serde_json::to_string(&report).unwrap(), &key), "report");
    report.rehearsal = true;
    assert_eq!(refused(&serde_json::to_string(&report).unwrap(), &key), "rehearsal");
}

#[test]
fn a_status_list_lets_stand_what_it_names_as_good_while_it_is_fresh() {
    let (key, other) = (IssuerKey::generate(), IssuerKey::generate());
    let certificate = certificate();
    let check = |lines: &[Standing], key_of_list: &IssuerKey, at: Instant, refused: Option<&str>| {
        let lines = lines.iter().map(|standing| line(&certificate, *standing)).collect();
        let list = StatusList::new(lines, noon(), 7 * DAY).sign(key_of_list).unwrap();
        let told = stands(&certificate, &list, &key.public(), at).err().map(|why| why.name());
        assert_eq!(told, refused);
    };
    let good = [Standing::Good];
    check(&good, &key, noon() + DAY, None);
    check(&good, &key, noon() - Duration::from_secs(121), Some("status_list_from_the_future"));
    check(&good, &key, noon() + 7 * DAY, Some("status_list_too_old"));
    check(&good, &other, noon(), Some("status_list_unreadable"));
    check(&[], &key, noon(), Some("status_unknown"));
    check(&[Standing::Suspended], &key, noon(), Some("suspended"));
    check(&[Standing::Revoked], &key, noon(), Some("revoked"));
    // A good line beside it makes nothing good, and age does not heal.
    check(&[Standing::Good, Standing::Revoked], &key, noon() + 30 * DAY, Some("revoked"));
}

#[test]
fn a_report_that_was_changed_is_told_with_what_changed() {
    let certificate = certificate();
    assert_eq!(rests_on(&certificate, &claims(&report())), Ok(()));
    let check = |change: &dyn Fn(&mut Report), expected: &[&'static str]| {
        let mut report = report();
        change(&mut report);
        let refused = rests_on(&certificate, &claims(&report));
        assert_eq!(refused, Err(Refusal::ReportDiffers(expected.to_vec())));
    };
    check(&|r| r.exchanges[0].took_ms += 1, &["exchanges"]);
    check(&|r| r.criteria[1].verdict = Verdict::Fail, &["verdicts"]);
    check(&|r| r.criteria[1].reason = "by a hair".into(), &["other parts"]);
    check(&|r| r.subject.version = "2.5".into(), &["subject"]);
    check(&|r| r.suite.digest = "00".repeat(32), &["suite"]);
    check(&|r| r.decision = "We are the best.".into(), &["other parts"]);
}
