//! Whole runs over the simulated partner.

use std::sync::Arc;

use crate::harness::campaign::{Interrupt, PartnerPlan, certify_partner};
use crate::harness::criterion::CriterionId;
use crate::harness::evidence::Secrets;
use crate::harness::partner::Who;
use crate::harness::result::{Mode, Received, Report};
use crate::harness::verdict::Verdict;
use crate::simulator::Quirk;
use crate::vendors::partner::{self, Attestation, ContactData, Declared, Load, Partner, Scope, Use};
use crate::vendors::profile;
use crate::vendors::vocabulary::{Instant, RunName};

fn plan(quirk: Option<Quirk>) -> PartnerPlan {
    plan_of("simulated_partner", Who::Simulated(quirk))
}

/// A certification of a partner that is part of Lockstep.
pub(super) fn plan_of(name: &str, who: Who) -> PartnerPlan {
    PartnerPlan {
        description: Arc::new(partner::load(name).unwrap()),
        who,
        dialect: profile::load("reference").unwrap(),
        folder: std::env::temp_dir(),
        mode: Mode::Certify,
        only: None,
        seed: 7,
        run: RunName::new("lockstep-test"),
        waivers: Vec::new(),
        present: Instant::wall(),
        report_path: "report.json".to_owned(),
        profile: name.to_owned(),
        secrets: Secrets::default(),
        interrupt: Interrupt::new(),
    }
}

pub(super) fn run(plan: PartnerPlan) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(certify_partner(plan, &super::suite(), &|_| {}))
}

pub(super) fn told(report: &Report) -> String {
    let lines = report.criteria.iter().filter(|one| one.verdict != Verdict::Pass);
    lines
        .map(|one| {
            let seen: Vec<&str> = one.findings.iter().map(|finding| finding.observed.as_str()).collect();
            format!("{} {}: {} [{}]\n", one.id, one.verdict.as_str(), one.reason, seen.join("; "))
        })
        .collect()
}

#[test]
fn a_partner_as_it_should_be_passes_all_that_is_observed() {
    let report = run(plan(None));
    let blocking: Vec<&str> = report
        .criteria
        .iter()
        .filter(|one| one.verdict.blocks() && !one.reason.starts_with("nobody vouches"))
        .map(|one| one.id.as_str())
        .collect();
    assert!(blocking.is_empty(), "{}", told(&report));
}

fn run_of(only: &[&str], quirk: Option<Quirk>) -> Report {
    let only = only.iter().filter_map(|id| CriterionId::parse(id)).collect();
    run(PartnerPlan { mode: Mode::Run, only: Some(only), ..plan(quirk) })
}

/// The vendor behind Inlet documents 600 calls a minute, and each stay takes several:
/// how much it takes from Inlet says nothing of the partner.
#[test]
fn a_load_beyond_what_a_vendor_takes_is_judged_by_the_partner_alone() {
    let mut plan = plan(None);
    let mut description = Partner::clone(&plan.description);
    description.declared.load = Some(Load { bookings: 400, within: std::time::Duration::from_secs(20) });
    plan.description = Arc::new(description);
    plan.mode = Mode::Run;
    plan.only = Some(CriterionId::parse("IP-72").into_iter().collect());
    let report = run(plan);
    let load = report.criteria.iter().find(|one| one.id.as_str() == "IP-72").unwrap();
    assert_eq!(load.verdict, Verdict::Pass, "{}", told(&report));
    assert!(load.reason.contains("400 stays"), "{}", load.reason);
}

#[test]
fn upstream_timeouts_come_from_the_vendor_and_from_no_switch() {
    let report = run_of(&["IP-20"], None);
    let faults: Vec<&str> = report.faults.iter().map(|fault| fault.fault.as_str()).collect();
    assert_eq!(faults.len(), 13, "{faults:#?}");
    assert!(report.faults.iter().all(|fault| fault.consumed > 1), "{:#?}", report.faults);
    // No grant, update or revocation meets a switch of Inlet's: the vendor is silent
    // or breaks off, or the connection to Inlet is.
    let of = |what: &str| faults.iter().filter(|fault| fault.contains(what)).count();
    assert_eq!((of("no answer, before"), of("no answer, after"), of("connection reset")), (9, 1, 3));
    assert_eq!((of("`UpdateAccess`"), of("`RevokeAccess`"), of("told as an upstream timeout")), (0, 0, 0));
    for operation in ["GrantAccess", "UpdateAccess", "RevokeAccess"] {
        let timed_out = |exchange: &&crate::harness::result::Exchange| {
            exchange.operation == operation
                && matches!(exchange.response, Received::Answer { status: 504, .. })
        };
        let waits: Vec<u64> =
            report.exchanges.iter().filter(timed_out).map(|exchange| exchange.took_ms).collect();
        // Inlet waits for its lock system as long as it always does.
        assert!(waits.len() > 3 && waits.iter().any(|took| *took >= 30_000), "{operation}: {waits:?}");
    }
    let timeouts: Vec<_> = report
        .exchanges
        .iter()
        .filter_map(|exchange| match &exchange.response {
            Received::Answer { status: 504, body, .. } => Some((exchange.took_ms, body)),
            _ => None,
        })
        .collect();
    assert!(timeouts.len() > 30, "{timeouts:?}");
    assert!(timeouts.iter().all(|(_, body)| body.contains("Upstream timeout: ")), "{timeouts:?}");
    // Inlet waits for its lock system as long as it always does.
    assert!(timeouts.iter().any(|(took, _)| (30_000..60_000).contains(took)), "{timeouts:?}");
}

/// A link is Inlet's own, and a door that is not open yet need not be closed: no
/// vendor is asked when they are withdrawn, so none can fail.
#[test]
fn where_the_vendor_is_asked_for_nothing_inlet_itself_tells_of_the_timeout() {
    for (only, switches, silent) in
        [(Use::UrlKey, 1, 8), (Use::Unlock, 1, 8), (Use::MobileKey, 0, 9), (Use::Code, 0, 9)]
    {
        let mut plan = plan(None);
        let mut description = Partner::clone(&plan.description);
        description.declared.uses = [only].into();
        plan.description = Arc::new(description);
        plan.mode = Mode::Run;
        plan.only = Some([CriterionId::parse("IP-22").unwrap()].into());
        let report = run(plan);
        let of = |what: &str| report.faults.iter().filter(|fault| fault.fault.contains(what)).count();
        let seen = (of("told as an upstream timeout"), of("no answer, before"));
        assert_eq!(seen, (switches, silent), "{only:?}: {:#?}", report.faults);
        assert!(report.faults.iter().all(|fault| fault.consumed > 0), "{only:?}: {:#?}", report.faults);
        let judged = report.criteria.iter().find(|one| one.id.as_str() == "IP-22").unwrap();
        assert_eq!(judged.verdict, Verdict::Pass, "{only:?}: {}", told(&report));
    }
}

#[test]
fn whoever_goes_on_calling_with_a_refused_credential_is_seen() {
    let verdict = |quirk| {
        let report = run_of(&["IP-12"], quirk);
        report.criteria.iter().find(|one| one.id.as_str() == "IP-12").unwrap().verdict
    };
    assert_eq!(verdict(Some(Quirk::Hammers)), Verdict::Fail);
    assert_eq!(verdict(None), Verdict::Pass);
}

#[test]
fn what_is_wrong_with_a_body_is_told_in_the_report() {
    let rows = [
        (Quirk::HugeUpdates, "IP-05", "the body: expected 65536 bytes at most, found more"),
        (Quirk::DuplicateMembers, "IP-51", "`to`: expected one value, found several"),
        (Quirk::EmptyUpdates, "IP-05", "found nothing to change"),
    ];
    for (quirk, id, expected) in rows {
        let report = run_of(&[id], Some(quirk));
        let judged = report.criteria.iter().find(|one| one.id.as_str() == id).unwrap();
        assert_eq!(judged.verdict, Verdict::Fail, "{}", told(&report));
        assert!(judged.findings[0].observed.contains(expected), "{:?}", judged.findings);
    }
}

/// The verdict on IP-23 over a partner whose people tell support.
fn told_by_people(attestations: Vec<Attestation>, quirk: Quirk) -> Verdict {
    let by_people = |partner: &mut Partner| {
        partner.declared.escalates_by_email = false;
        partner.attestations.clone_from(&attestations);
    };
    judged_as(Some(quirk), &["IP-23"], by_people)[0].1
}

#[test]
fn a_procedure_that_somebody_vouches_for_is_attested_and_one_that_nobody_does_fails() {
    let given = Attestation {
        criterion: "IP-23".to_owned(),
        who: "A. Manager".to_owned(),
        when: jiff::civil::date(2027, 1, 31),
        document: "handbook, page 7".to_owned(),
        at: 0..0,
    };
    assert_eq!(told_by_people(vec![given.clone()], Quirk::NeverTells), Verdict::Attested);
    assert_eq!(told_by_people(Vec::new(), Quirk::NeverTells), Verdict::Fail);
    // What a system tells by itself is seen, and nobody's word stands against it.
    assert_eq!(told_by_people(vec![given], Quirk::TellsEachTime), Verdict::Fail);
}

/// What is looked at of a partner that declares something else than most.
fn judged(quirk: Option<Quirk>, declare: impl Fn(&mut Declared), ids: &[&str]) -> Vec<Verdict> {
    let judged = judged_as(quirk, ids, |partner| declare(&mut partner.declared));
    judged.into_iter().map(|(_, verdict)| verdict).collect()
}

#[test]
fn what_is_not_declared_is_not_asked_of_a_partner_and_must_not_arrive() {
    use Verdict::{Fail, NotApplicable, Pass};
    let mails_alone = |declared: &mut Declared| declared.contact = [ContactData::Email].into();
    let ids = ["IP-05", "IP-31", "IP-40", "IP-41", "IP-42", "IP-63"];
    let seen = judged(Some(Quirk::SendsNoPhone), mails_alone, &ids);
    assert_eq!(seen, [Pass, Pass, NotApplicable, NotApplicable, NotApplicable, Pass]);
    assert_eq!(judged(None, mails_alone, &["IP-05", "IP-42"]), [Fail, Fail]);
    let no_text = |declared: &mut Declared| declared.sends_reference = false;
    assert_eq!(judged(None, no_text, &["IP-50"]), [Fail]);
    let nothing_changes = |declared: &mut Declared| declared.scopes = [Scope::Group].into();
    assert_eq!(
        judged(None, nothing_changes, &["IP-61", "IP-62", "IP-63"]),
        [NotApplicable, NotApplicable, Pass]
    );
}

/// Each way of being unusual, with the criteria that must bear it. The whole matrix
/// is the matter of `selftest`.
#[test]
fn a_partner_that_is_unusual_in_what_it_changes_and_sends_passes() {
    let borne: &[(Quirk, &[&str])] = &[
        (Quirk::SlowChanges, &["IP-61", "IP-62", "IP-63"]),
        (Quirk::StrictDesk, &["IP-62"]),
        (Quirk::WiderPeriods, &["IP-62", "IP-63"]),
        (Quirk::NationalNumbers, &["IP-41", "IP-62", "IP-63"]),
        (Quirk::FollowsLinks, &["IP-01", "IP-02", "IP-04"]),
        (Quirk::PrefixesText, &["IP-50", "IP-51"]),
        (Quirk::ContactLater, &["IP-05", "IP-31", "IP-42", "IP-63", "IP-72"]),
        (Quirk::OtherValidator, &["IP-30", "IP-31", "IP-41", "IP-42"]),
        (Quirk::LeavesOut, &["IP-30", "IP-40"]),
    ];
    for (quirk, ids) in borne {
        let seen = judged(Some(*quirk), |_| {}, ids);
        assert!(seen.iter().all(|verdict| *verdict == Verdict::Pass), "{quirk:?}: {seen:?}");
    }
}

/// Alone, without the criteria that look over all calls, and half an hour late.
#[test]
fn what_follows_half_an_hour_after_the_grant_is_found_by_the_criterion_that_it_breaks() {
    for (quirk, id) in [(Quirk::MalformedLater, "IP-30"), (Quirk::RawTextLater, "IP-50")] {
        assert_eq!(judged(Some(quirk), |_| {}, &[id]), [Verdict::Fail], "{quirk:?}");
        assert_eq!(judged(Some(quirk), |_| {}, &[id, "IP-05"]), [Verdict::Fail; 2], "{quirk:?}");
    }
    assert_eq!(judged(None, |_| {}, &["IP-30", "IP-40", "IP-50"]), [Verdict::Pass; 3]);
}

#[test]
fn an_access_that_names_nobody_is_found_at_whosever_door() {
    assert_eq!(judged(Some(Quirk::FirstDoorOnce), |_| {}, &["IP-04"]), [Verdict::Fail]);
    let right = judged(Some(Quirk::MovesByGrant), |_| {}, &["IP-04", "IP-25", "IP-62"]);
    assert_eq!(right, [Verdict::Pass; 3]);
}

#[test]
fn contact_data_that_follow_unchecked_ten_minutes_after_the_grant_are_found() {
    use Verdict::{Fail, Pass};
    let emails = judged(Some(Quirk::AnyEmailLater), |_| {}, &["IP-05", "IP-30", "IP-40"]);
    assert_eq!(emails, [Fail, Fail, Pass]);
    let phones = judged(Some(Quirk::AnyPhoneLater), |_| {}, &["IP-05", "IP-30", "IP-40"]);
    assert_eq!(phones, [Fail, Pass, Fail]);
}

/// What a clock that jumps does to retries is told by the gaps; where only what it
/// shows jumps, nothing is amiss.
#[test]
fn a_clock_that_jumps_fails_by_what_it_does_and_not_by_what_it_shows() {
    let looked_at = ["IP-10", "IP-20", "IP-21", "IP-22", "IP-23", "IP-25"];
    let jumps = run_of(&looked_at, Some(Quirk::ClockJumps));
    assert_eq!(jumps.exit_codes, [1], "{}", told(&jumps));
    let of = |id: &str| jumps.criteria.iter().find(|one| one.id.as_str() == id).unwrap();
    assert_eq!(of("IP-10").verdict, Verdict::Pass);
    let gaps = of("IP-20");
    assert_eq!(gaps.verdict, Verdict::Fail);
    assert!(gaps.reason.contains("too early: 180 s to 300 s are asked for"), "{}", gaps.reason);
    let seen: Vec<&str> = gaps.findings.iter().map(|finding| finding.observed.as_str()).collect();
    assert!(seen[0].starts_with("where the upstream never answers: attempt 3 came "), "{seen:#?}");
    // What is the same in many cases is told once.
    assert!(seen.len() > 5 && gaps.reason.len() < 500, "{}", gaps.reason);
    let shows = run_of(&looked_at, Some(Quirk::ShownTimeJumps));
    assert_eq!(shows.exit_codes, [0], "{}", told(&shows));
}

#[test]
fn evidence_is_told_forwards_and_an_exchange_shows_where_it_went() {
    let report = run_of(&["IP-02", "IP-22"], Some(Quirk::OwnPath));
    let number = |id: &String| id.rsplit('-').next().unwrap().parse::<u64>().unwrap();
    for criterion in &report.criteria {
        assert!(criterion.evidence.is_sorted_by_key(number), "{:?}", criterion.evidence);
    }
    // A path is the partner's own text: it is told apart from others, and not shown.
    let path = "/‹unknown path 1, 14 characters›";
    let unknown = report.exchanges.iter().find(|one| one.operation == path).unwrap();
    assert!(unknown.request.url.ends_with(path), "{unknown:?}");
    assert!(!format!("{:?}", report.exchanges).contains("ConfirmAccess"));
    assert!(matches!(unknown.response, Received::Answer { status: 404, .. }), "{unknown:?}");
    let host = unknown.request.headers.iter().find(|(name, _)| name == "host").map(|(_, host)| host);
    assert!(host.is_some_and(|host| host.starts_with("127.0.0.1:")), "{host:?}");
}

/// The verdicts of a run over some criteria, in their order, with another description.
fn judged_as(quirk: Option<Quirk>, only: &[&str], describe: impl Fn(&mut Partner)) -> Vec<(String, Verdict)> {
    let mut plan = plan(quirk);
    let mut description = Partner::clone(&plan.description);
    describe(&mut description);
    plan.description = Arc::new(description);
    plan.mode = Mode::Run;
    plan.only = Some(only.iter().map(|id| CriterionId::parse(id).unwrap()).collect());
    let report = run(plan);
    let of = |id: &str| report.criteria.iter().find(|one| one.id.as_str() == id).unwrap().verdict;
    only.iter().map(|id| ((*id).to_owned(), of(id))).collect()
}

#[test]
fn of_a_partner_that_only_pulses_no_access_is_asked() {
    let asked = [
        "IP-06", "IP-20", "IP-21", "IP-22", "IP-23", "IP-25", "IP-31", "IP-41", "IP-42", "IP-60", "IP-61",
        "IP-72",
    ];
    let pulses = |partner: &mut Partner| partner.declared.uses = [Use::Pulse].into();
    for (id, verdict) in judged_as(None, &asked, pulses) {
        assert_eq!(verdict, Verdict::NotApplicable, "{id}");
    }
    for (id, verdict) in judged_as(None, &["IP-03", "IP-04", "IP-05", "IP-10"], pulses) {
        assert_eq!(verdict, Verdict::Pass, "{id}");
    }
    // What its calls hold is judged all the same.
    for quirk in [Quirk::OddPulses, Quirk::RawText] {
        let seen = judged_as(Some(quirk), &["IP-05", "IP-50"], pulses);
        assert_eq!(seen[0].1, Verdict::Fail, "{quirk:?}");
    }
}

#[test]
fn a_partner_that_says_when_it_sends_is_held_to_it() {
    let a_day = |partner: &mut Partner| {
        partner.declared.sends_before = Some(std::time::Duration::from_secs(86_400));
    };
    let verdict = |quirk| judged_as(Some(quirk), &["IP-60"], a_day).first().map(|(_, verdict)| *verdict);
    assert_eq!(verdict(Quirk::DayBefore), Some(Verdict::Pass));
    assert_eq!(verdict(Quirk::SendsLate), Some(Verdict::Fail));
}

#[test]
fn a_form_that_asks_for_the_mail_server_is_judged_at_the_domain_that_it_names() {
    let named = |partner: &mut Partner| partner.guest_domain = Some("guests.example".to_owned());
    let asked = ["IP-03", "IP-31"];
    for (id, verdict) in judged_as(Some(Quirk::VerifiesDomains), &asked, named) {
        assert_eq!(verdict, Verdict::Pass, "{id}");
    }
    for (id, verdict) in judged_as(Some(Quirk::PlainEmailsOnly), &["IP-31"], named) {
        assert_eq!(verdict, Verdict::Fail, "{id}");
    }
}
