use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::harness::certification::tests::{DAY, attest, claims as of};
use crate::harness::certification::{Approval, Certificate, Claims, Standing};
use crate::harness::result::Report;
use crate::harness::sample::{noon, report};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Instant;

fn claims(report: &Report) -> Box<Claims> {
    Box::new(of(report))
}

/// A report of its own run that was finished at a time.
fn run_at(at: Instant) -> Report {
    let mut report = report();
    (report.run, report.finished) = (format!("lockstep-{}", at.epoch_ms()), at);
    report
}

fn failed() -> Report {
    let mut report = report();
    report.criteria[1].verdict = Verdict::Fail;
    (report.verdict, report.exit_codes) = (Verdict::Fail, vec![1]);
    report
}

fn approve(report: &Report, at: Instant) -> Step {
    let approval = Approval { by: "R. Reviewer".into(), from: at, validity: 365 * DAY, scope: None };
    let certificate = Certificate::new(*claims(report), approval).unwrap();
    Step::Approve { certificate: Box::new(certificate), signed: "signed".into() }
}

fn event(at: Instant, actor: &str, step: Step) -> Event {
    Event::new(at, actor, "as agreed", step).unwrap()
}

fn begun() -> Certification {
    Certification::begin("lock-vendor", "acme", &event(noon(), "P. Partner", Step::Prepare)).unwrap()
}

/// What the partner (`p`) and the reviewer (`r`) do, one step a second later
/// than the other.
fn after(begin: Certification, steps: &[(&str, Step)]) -> Result<Certification, Refused> {
    steps.iter().try_fold(begin, |certification, (actor, step)| {
        let at = certification.last() + Duration::from_secs(1);
        certification.apply(&event(at, actor, step.clone()))
    })
}

fn prepared() -> Certification {
    let items = ["documentation", "data-flow-diagram", "storage", "transport", "legal"];
    after(begun(), &items.map(|item| ("p", attest(item)))).unwrap()
}

fn in_review(report: &Report) -> Certification {
    after(prepared(), &[("p", Step::Submit { claims: claims(report) }), ("r", Step::Review)]).unwrap()
}

fn approved() -> Certification {
    let (review, report) = (in_review(&report()), report());
    let step = approve(&report, review.last());
    after(review, &[("r", step)]).unwrap()
}

fn refused(begin: Certification, actor: &str, step: Step, told: &str) {
    let why = after(begin, &[(actor, step)]).unwrap_err().to_string();
    assert!(why.contains(told), "{why}");
}

#[test]
fn a_certification_is_prepared_reviewed_corrected_and_approved() {
    let first = in_review(&failed());
    let feedback = Step::Feedback { issues: vec!["groups are ignored".into(), "no alerts".into()] };
    let corrected = after(
        first,
        &[
            ("r", feedback),
            ("p", Step::Correct { issue: 2 }),
            ("p", attest("legal")),
            ("p", Step::Correct { issue: 1 }),
            ("p", Step::Submit { claims: claims(&report()) }),
            ("r", Step::Review),
        ],
    )
    .unwrap();
    let step = approve(&report(), corrected.last());
    let approved = after(corrected, &[("r", step)]).unwrap();
    assert_eq!((approved.stage().words(), approved.round()), ("approved", 1));
    assert_eq!(approved.certificates()[0].certificate.claims.subject.version, "2.4");
    assert_eq!(approved.possible(noon() + DAY), ["renew", "suspend", "revoke"]);
}

#[test]
fn steps_that_are_not_possible_are_refused_by_name() {
    refused(begun(), "r", Step::Review, "review is not possible while the certification is in preparation");
    refused(begun(), "p", Step::Renew, "renew is not possible");
    refused(begun(), "p", Step::Prepare, "prepare is not possible");
    refused(begun(), "r", approve(&report(), noon()), "approve is not possible while");
    refused(
        begun(),
        "p",
        Step::Submit { claims: claims(&report()) },
        "nobody vouches for documentation, data-flow",
    );
    refused(begun(), "p", attest("documentatoin"), "`documentatoin` is no item of the checklist");
    refused(begun(), "r", Step::Suspend, "no certificate holds, so there is none to suspend");
    refused(begun(), "r", Step::Revoke, "none to revoke");
    refused(begun(), "r", Step::Resume, "not suspended");
    refused(approved(), "p", attest("legal"), "no item of the checklist at this stage");
    refused(approved(), "r", Step::Review, "while the certification is approved");
    let review = in_review(&report());
    refused(review.clone(), "r", Step::Feedback { issues: vec![] }, "at least one issue");
    refused(review.clone(), "P ", Step::Feedback { issues: vec!["x".into()] }, "somebody else must review");
    refused(review.clone(), "p", approve(&report(), noon()), "somebody else must review");
    let correcting = after(review, &[("r", Step::Feedback { issues: vec!["x".into()] })]).unwrap();
    refused(correcting.clone(), "p", Step::Submit { claims: claims(&report()) }, "issues are open: 1");
    refused(correcting.clone(), "p", Step::Correct { issue: 2 }, "no open issue 2");
    refused(correcting, "p", Step::Correct { issue: 0 }, "no open issue 0");
}

#[test]
fn who_hands_in_does_not_review() {
    let handed_in = after(prepared(), &[("p", Step::Submit { claims: claims(&report()) })]).unwrap();
    refused(handed_in, "P", Step::Review, "somebody else must review");
}

#[test]
fn only_a_certification_of_this_subject_can_be_handed_in() {
    let check = |change: &dyn Fn(&mut Report), told: &str| {
        let mut report = report();
        change(&mut report);
        refused(prepared(), "p", Step::Submit { claims: claims(&report) }, told);
    };
    check(&|r| r.rehearsal = true, "rehearsal");
    check(&|r| r.mode = crate::harness::result::Mode::Run, "free run");
    check(&|r| r.interrupted = Some("Ctrl-C".into()), "did not judge every criterion");
    check(&|r| r.subject.name = "other".into(), "about lock-vendor/other, expected lock-vendor/acme");
    check(&|r| r.programme = "webhooks".into(), "about webhooks/acme");
    check(&|r| r.finished = noon() + DAY, "still to come");
}

#[test]
fn what_failed_or_was_not_reviewed_is_not_approved() {
    let review = in_review(&failed());
    // A certificate over another run than the one under review.
    let why = after(review.clone(), &[("r", approve(&report(), noon()))]).unwrap_err();
    assert!(matches!(why, Refused::Run(_)), "{why}");
    let other = run_at(noon() - DAY);
    refused(in_review(&report()), "r", approve(&other, noon()), "does not fit what was reviewed");
}

#[test]
fn a_renewal_needs_a_new_run_and_leaves_the_former_certificate_its_time() {
    let approved = approved();
    let year = noon() + 360 * DAY;
    let renewed = approved.apply(&event(year, "p", Step::Renew)).unwrap();
    assert_eq!((renewed.round(), renewed.stage().words()), (2, "in preparation"));
    assert!(renewed.standings().all(|line| line.standing == Standing::Good));
    let items = ["documentation", "data-flow-diagram", "storage", "transport", "legal"];
    refused(renewed.clone(), "p", Step::Submit { claims: claims(&run_at(year)) }, "nobody vouches for");
    let prepared = after(renewed, &items.map(|item| ("p", attest(item)))).unwrap();
    refused(
        prepared.clone(),
        "p",
        Step::Submit { claims: claims(&report()) },
        "not newer than that of the last",
    );
    let mut next = run_at(year);
    next.subject.version = "2.5".into();
    let step = approve(&next, year);
    let steps = [("p", Step::Submit { claims: claims(&next) }), ("r", Step::Review), ("r", step)];
    let again = after(prepared, &steps).unwrap();
    let versions: Vec<&str> = again
        .certificates()
        .iter()
        .map(|issued| issued.certificate.claims.subject.version.as_str())
        .collect();
    assert_eq!(versions, ["2.4", "2.5"]);
}

#[test]
fn suspension_can_be_taken_back_and_revocation_cannot() {
    let standing = |certification: &Certification| certification.standings().next().unwrap().standing;
    let suspended = after(approved(), &[("r", Step::Suspend)]).unwrap();
    assert_eq!(standing(&suspended), Standing::Suspended);
    refused(suspended.clone(), "r", Step::Suspend, "none to suspend");
    assert_eq!(standing(&after(suspended.clone(), &[("r", Step::Resume)]).unwrap()), Standing::Good);
    let revoked = after(suspended, &[("r", Step::Revoke)]).unwrap();
    assert_eq!((standing(&revoked), revoked.stage().words()), (Standing::Revoked, "revoked"));
    refused(revoked.clone(), "r", Step::Resume, "not suspended");
    assert_eq!(revoked.possible(noon() + DAY), ["renew"]);
    let again = after(revoked, &[("p", Step::Renew)]).unwrap();
    assert_eq!(standing(&again), Standing::Revoked);
}

#[test]
fn nothing_is_approved_while_suspended() {
    let next = run_at(noon() + Duration::from_secs(20));
    let steps = [("p", Step::Renew)];
    let items = ["documentation", "data-flow-diagram", "storage", "transport", "legal"];
    let renewed = after(approved(), &steps).unwrap();
    let renewed = after(renewed, &items.map(|item| ("p", attest(item)))).unwrap();
    let review = [("p", Step::Submit { claims: claims(&next) }), ("r", Step::Review), ("r", Step::Suspend)];
    let suspended = after(renewed, &review).unwrap();
    assert_eq!(suspended.possible(noon() + DAY), ["feedback", "resume", "revoke"]);
    refused(suspended, "r", approve(&next, noon()), "suspended");
}

#[test]
fn an_expired_certificate_is_neither_suspended_nor_revoked() {
    let late = noon() + 400 * DAY;
    let certification = approved();
    assert_eq!(certification.possible(late), ["renew"]);
    let why = certification.apply(&event(late, "r", Step::Revoke)).unwrap_err();
    assert_eq!(why, Refused::NothingHolds("revoke"));
}

#[test]
fn a_clock_that_stands_before_the_last_step_is_told() {
    let why = prepared().apply(&event(noon(), "p", attest("legal"))).unwrap_err();
    assert!(matches!(why, Refused::Clock { .. }), "{why}");
}

#[test]
fn names_reasons_and_documents_are_asked_for() {
    let long = "x".repeat(501);
    for text in ["", "  ", "two\nlines", long.as_str()] {
        assert!(Event::new(noon(), text, "why", Step::Review).is_err(), "{text}");
        assert!(Event::new(noon(), "who", text, Step::Review).is_err(), "{text}");
    }
    let check = |change: &dyn Fn(&mut Attestation), told: &str| {
        let Step::Attest(mut given) = attest("legal") else { return };
        change(&mut given);
        refused(begun(), "p", Step::Attest(given), told);
    };
    check(&|given| given.who = " ".into(), "who vouches");
    check(&|given| given.document = String::new(), "the document");
    check(&|given| given.digest = "ab".into(), "SHA-256");
    check(&|given| given.when = jiff::civil::date(2026, 11, 23), "still to come");
}

#[test]
fn subjects_and_programmes_have_short_names() {
    let event = event(noon(), "p", Step::Prepare);
    assert!(Certification::begin("inlet-partner", "acme_2-x", &event).is_ok());
    for (programme, subject) in
        [("lock-vendors", "acme"), ("lock-vendor", "Acme AS"), ("lock-vendor", ""), ("", "a")]
    {
        assert!(Certification::begin(programme, subject, &event).is_err(), "{programme}/{subject}");
    }
}

/// What anybody may try: by either, in any order.
fn any_step() -> impl Strategy<Value = (&'static str, Step)> {
    // Made once: a step is told by its place.
    let items = ["documentation", "data-flow-diagram", "storage", "transport", "legal", "launch"];
    let later: Vec<Report> = (1..5).map(|days| run_at(noon() + days * DAY)).collect();
    let passed = report();
    let passing = || later.iter().chain([&passed]);
    let submit = |run: &Report| Step::Submit { claims: claims(run) };
    let others = vec![Step::Renew, Step::Suspend, Step::Resume, Step::Revoke, Step::Prepare];
    let step = prop_oneof![
        6 => select(items.map(attest).to_vec()),
        3 => select(passing().chain([&failed()]).map(submit).collect::<Vec<_>>()),
        3 => Just(Step::Review),
        1 => Just(Step::Feedback { issues: vec!["an issue".into()] }),
        1 => (0_usize..3).prop_map(|issue| Step::Correct { issue }),
        3 => select(passing().map(|run| approve(run, noon())).collect::<Vec<_>>()),
        1 => select(others),
    ];
    (select(&["p", "r", "s"][..]), step)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Judged by the history alone, not by the stages.
    #[test]
    fn nothing_leads_to_an_approval_but_a_review_of_a_run_that_passed(
        tried in proptest::collection::vec(any_step(), 0..60), start in 0_usize..3,
    ) {
        // From the beginning, or from where much has been done.
        let mut certification = [begun(), prepared(), in_review(&report())][start].clone();
        let mut history: Vec<Event> = Vec::new();
        let first = |history: &[Event]| start == 2 && !history.iter().any(|e| e.step == Step::Renew);
        for (number, (actor, step)) in tried.into_iter().enumerate() {
            let at = noon() + DAY * 10 + Duration::from_secs(number as u64);
            let event = event(at, actor, step);
            let before = certification.certificates().len();
            let Ok(next) = certification.clone().apply(&event) else { continue };
            // Every step that was taken had been told as possible.
            prop_assert!(certification.possible(at).contains(&event.step.name()), "{:?}", event.step.name());
            prop_assert!(next.certificates().len() >= before);
            if let Step::Approve { certificate, .. } = &event.step {
                let of_round = history.iter().rev().take_while(|past| past.step != Step::Renew);
                let past: Vec<&Event> = of_round.collect();
                let reviewed = past.iter().position(|past| past.step == Step::Review);
                let submitted = past.iter().position(|past| matches!(past.step, Step::Submit { .. }));
                match (reviewed, submitted) {
                    (Some(reviewed), Some(submitted)) => {
                        prop_assert!(reviewed < submitted, "the last submission was not reviewed");
                        let Step::Submit { claims } = &past[submitted].step else { unreachable!() };
                        prop_assert_eq!(&**claims, &certificate.claims);
                        prop_assert!(past[submitted].actor != event.actor);
                    }
                    _ => prop_assert!(first(&history), "approved without a review"),
                }
                prop_assert_eq!(certificate.claims.verdict, Verdict::Pass);
                prop_assert_eq!(&certificate.claims.exit_codes, &vec![0]);
                prop_assert!(!certificate.claims.rehearsal);
            }
            history.push(event);
            certification = next;
        }
    }
}
