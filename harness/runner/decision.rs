//! From criteria to the decision: verdict, level and exit codes. Pure.

use super::sentence::sentence;
use crate::harness::criterion::{CertificationLevel, CriterionId, Level};
use crate::harness::result::{CriterionResult, Mode, WaiverAccount};
use crate::harness::verdict::Verdict;
use crate::vendors::vocabulary::Function;

/// Exit codes in order of precedence; the first that applies is returned.
const PRECEDENCE: &[u8] = &[70, 2, 1, 6, 3, 4, 5];

/// What the decision rests on.
#[derive(Clone, Debug)]
pub struct Grounds<'a> {
    /// Certification or free selection.
    pub mode: Mode,
    /// Whom a rehearsal was against (`the simulated vendor`); `None` where it was none.
    pub rehearsal: Option<&'static str>,
    /// The name of the subject for people.
    pub subject: &'a str,
    /// The level asked for.
    pub asked: CertificationLevel,
    /// Every criterion, judged.
    pub criteria: &'a [CriterionResult],
    /// Functions that the subject does not offer, each with a criterion that is about it.
    pub lacking: &'a [(CriterionId, Function)],
    /// Why the run ended early.
    pub interrupted: Option<&'a str>,
    /// The waivers, with what each covers.
    pub waivers: &'a [WaiverAccount],
    /// Waivers that are stale.
    pub stale: &'a [String],
    /// Answers of people that nothing asked for.
    pub unused: &'a [String],
    /// Whether the subject could not be reached or the harness failed as a whole.
    pub defect: Option<&'a str>,
    /// The exit code (2 or 3) and the sentence of what in the configuration kept
    /// the run from judging anything.
    pub misconfigured: Option<(u8, &'a str)>,
}

/// The decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The worst that decides.
    pub verdict: Verdict,
    /// The level reached.
    pub level: CertificationLevel,
    /// Every exit code that applies, the one returned first.
    pub exit_codes: Vec<u8>,
    /// One or two sentences.
    pub sentence: String,
}

/// Decides.
pub fn decide(grounds: &Grounds<'_>) -> Decided {
    let deciding: Vec<&CriterionResult> =
        grounds.criteria.iter().filter(|result| decides(result, grounds)).collect();
    let has = |verdict: Verdict| deciding.iter().any(|result| result.verdict == verdict);
    let defect =
        grounds.defect.is_some() || grounds.criteria.iter().any(|result| result.verdict == Verdict::Error);
    let vacuous = !grounds.criteria.iter().any(|result| counts(result, grounds))
        && !has(Verdict::Fail)
        && (grounds.mode == Mode::Certify || !has(Verdict::Inconclusive));
    let incomplete = grounds.interrupted.is_some() || vacuous || has(Verdict::Skipped);

    // Even where the statement alone decided all that was selected: who names a
    // subject that cannot be asked is told so.
    let blocked_by = |code: u8| grounds.misconfigured.is_some_and(|(by, _)| by == code);
    let mut exit_codes = Vec::new();
    for code in PRECEDENCE {
        let applies = match code {
            70 => defect,
            1 => has(Verdict::Fail),
            2 => blocked_by(2),
            3 => has(Verdict::Inconclusive) || blocked_by(3),
            4 => incomplete,
            5 => !grounds.stale.is_empty(),
            // Certificates (6) come after a run.
            _ => false,
        };
        if applies {
            exit_codes.push(*code);
        }
    }
    let verdict = match exit_codes.first() {
        Some(70) => Verdict::Error,
        Some(1) => Verdict::Fail,
        Some(2..=4) => Verdict::Inconclusive,
        _ => Verdict::Pass,
    };
    if exit_codes.is_empty() {
        exit_codes.push(0);
    }
    let level = level(grounds.criteria);
    let sentence = sentence(grounds, verdict, level, &deciding, vacuous);
    Decided { verdict, level, exit_codes, sentence }
}

/// Whether a criterion shows something of the subject: it was seen to be met,
/// not merely vouched for or waived, and in a certification it is required.
fn counts(result: &CriterionResult, grounds: &Grounds<'_>) -> bool {
    result.verdict.is_observed() && (grounds.mode == Mode::Run || result.level == Level::Required)
}

/// Whether a criterion takes part in the decision: in a free run only what was
/// selected, in a certification everything that the level asks for.
fn decides(result: &CriterionResult, grounds: &Grounds<'_>) -> bool {
    let asked = match result.level {
        Level::Required => true,
        Level::Full => grounds.asked == CertificationLevel::Full,
        Level::Preferred => false,
    };
    let left_out = grounds.mode == Mode::Run && result.verdict == Verdict::Skipped;
    asked && !left_out
}

/// The level that the criteria reach.
pub(super) fn level(criteria: &[CriterionResult]) -> CertificationLevel {
    let reached = |level: Level| {
        let of_level = || criteria.iter().filter(move |result| result.level == level);
        of_level().all(|result| result.verdict.is_met() || result.verdict == Verdict::NotApplicable)
    };
    // What people vouch for or put up with alone makes no level.
    let observed =
        criteria.iter().any(|result| result.level == Level::Required && result.verdict.is_observed());
    match (observed && reached(Level::Required), reached(Level::Full)) {
        (true, true) => CertificationLevel::Full,
        (true, false) => CertificationLevel::Core,
        (false, _) => CertificationLevel::None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::harness::criterion::CriterionId;

    fn criterion(number: usize, level: Level, verdict: Verdict) -> CriterionResult {
        CriterionResult {
            id: CriterionId::parse(&format!("LV-{number:02}")).unwrap(),
            text: String::new(),
            source: String::new(),
            level,
            verdict,
            reason: String::new(),
            scenarios: Vec::new(),
            findings: Vec::new(),
            evidence: Vec::new(),
            timelines: Vec::new(),
        }
    }

    fn failing(number: usize, reason: &str) -> CriterionResult {
        let reason = reason.to_owned();
        CriterionResult { reason, ..criterion(number, Level::Required, Verdict::Fail) }
    }

    fn grounds(mode: Mode, asked: CertificationLevel, criteria: &[CriterionResult]) -> Grounds<'_> {
        Grounds {
            mode,
            rehearsal: None,
            subject: "Acme",
            asked,
            criteria,
            lacking: &[],
            interrupted: None,
            waivers: &[],
            stale: &[],
            unused: &[],
            defect: None,
            misconfigured: None,
        }
    }

    fn any_criteria() -> impl Strategy<Value = Vec<CriterionResult>> {
        let level = proptest::sample::select(&[Level::Required, Level::Full, Level::Preferred][..]);
        proptest::collection::vec((level, proptest::sample::select(Verdict::ALL)), 0..12).prop_map(|rows| {
            rows.into_iter().enumerate().map(|(n, (level, verdict))| criterion(n, level, verdict)).collect()
        })
    }

    fn any_mode() -> impl Strategy<Value = Mode> {
        proptest::sample::select(&[Mode::Certify, Mode::Run][..])
    }

    proptest! {
        #[test]
        fn a_pass_means_that_everything_asked_for_is_met(criteria in any_criteria(), mode in any_mode()) {
            let decided = decide(&grounds(mode, CertificationLevel::Full, &criteria));
            if decided.exit_codes == [0] {
                prop_assert_eq!(decided.verdict, Verdict::Pass);
                prop_assert!(criteria.iter().any(|c| c.verdict.is_observed()));
                for c in criteria.iter().filter(|c| c.level != Level::Preferred) {
                    let left_out = mode == Mode::Run && c.verdict == Verdict::Skipped;
                    prop_assert!(left_out || !c.verdict.blocks(), "{:?}", c);
                }
            }
        }

        #[test]
        fn a_failed_requirement_is_never_hidden(criteria in any_criteria(), mode in any_mode()) {
            let decided = decide(&grounds(mode, CertificationLevel::Full, &criteria));
            let failed = criteria.iter().any(|c| c.level != Level::Preferred && c.verdict == Verdict::Fail);
            prop_assert_eq!(failed, decided.exit_codes.contains(&1));
        }

        #[test]
        fn a_level_is_reached_only_over_what_is_met(criteria in any_criteria()) {
            let decided = decide(&grounds(Mode::Certify, CertificationLevel::Full, &criteria));
            if decided.level != CertificationLevel::None {
                for c in criteria.iter().filter(|c| c.level == Level::Required) {
                    prop_assert!(!c.verdict.blocks());
                }
            }
        }

        #[test]
        fn worsening_one_criterion_never_leads_to_a_pass(
            criteria in any_criteria(), at in any::<prop::sample::Index>(),
        ) {
            prop_assume!(!criteria.is_empty());
            let before = decide(&grounds(Mode::Certify, CertificationLevel::Full, &criteria));
            let mut worse = criteria.clone();
            let at = at.index(worse.len());
            if worse[at].verdict != Verdict::Error {
                worse[at].verdict = Verdict::Fail.worse(worse[at].verdict);
            }
            let after = decide(&grounds(Mode::Certify, CertificationLevel::Full, &worse));
            if before.verdict != Verdict::Pass {
                prop_assert!(after.verdict != Verdict::Pass);
            }
        }

        #[test]
        fn codes_stand_in_order_of_precedence(criteria in any_criteria(), mode in any_mode()) {
            let decided = decide(&grounds(mode, CertificationLevel::Core, &criteria));
            let places: Vec<_> =
                decided.exit_codes.iter().map(|c| PRECEDENCE.iter().position(|p| p == c)).collect();
            prop_assert!(places.windows(2).all(|w| w[0] < w[1]));
        }
    }

    #[test]
    fn each_situation_has_its_code() {
        use Level::{Full, Preferred, Required};
        use Verdict::{Attested, Error, Fail, Inconclusive, NotApplicable, Pass, Skipped, Waived, Warning};
        let check = |rows: &[(Level, Verdict)], asked, expected: &[u8]| {
            let criteria: Vec<_> = rows.iter().enumerate().map(|(n, (l, v))| criterion(n, *l, *v)).collect();
            assert_eq!(decide(&grounds(Mode::Certify, asked, &criteria)).exit_codes, expected, "{rows:?}");
        };
        let full = CertificationLevel::Full;
        check(&[(Required, Pass)], full, &[0]);
        check(&[(Required, Pass), (Preferred, Fail)], full, &[0]);
        check(&[(Required, Pass), (Full, Fail)], full, &[1]);
        check(&[(Required, Pass), (Full, Fail)], CertificationLevel::Core, &[0]);
        check(&[(Required, Inconclusive), (Required, Pass)], full, &[3]);
        check(&[(Required, Skipped), (Required, Pass)], full, &[4]);
        check(&[(Required, Error), (Required, Fail), (Required, Inconclusive)], full, &[70, 1, 3]);
        check(&[(Required, NotApplicable)], full, &[4]);
        check(&[(Required, Waived), (Required, Attested), (Required, NotApplicable)], full, &[4]);
        check(&[(Required, Attested), (Full, Pass), (Preferred, Pass)], full, &[4]);
        check(&[(Required, Attested), (Required, Warning)], full, &[0]);
        check(&[], full, &[4]);
    }

    #[test]
    fn what_people_vouch_for_or_put_up_with_alone_reaches_no_level() {
        let criteria = [
            criterion(1, Level::Required, Verdict::Attested),
            criterion(2, Level::Required, Verdict::Waived),
        ];
        let unused = ["LV-42 keypad".to_owned()];
        let mut grounds = grounds(Mode::Certify, CertificationLevel::Full, &criteria);
        grounds.unused = &unused;
        let decided = decide(&grounds);
        assert_eq!((decided.verdict, decided.level), (Verdict::Inconclusive, CertificationLevel::None));
        assert!(decided.sentence.contains("nothing asked for: LV-42 keypad"), "{}", decided.sentence);
    }

    #[test]
    fn what_is_waived_is_told_with_until_when_and_by_whom() {
        let criteria = [
            criterion(1, Level::Required, Verdict::Pass),
            criterion(2, Level::Required, Verdict::Waived),
            criterion(3, Level::Full, Verdict::Waived),
            criterion(4, Level::Full, Verdict::Waived),
        ];
        let account = |number: usize, day: i8, owner: &str| WaiverAccount {
            criterion: criteria[number].id.clone(),
            owner: owner.to_owned(),
            reason: "firmware 4 comes in March".to_owned(),
            expires: jiff::civil::date(2029, 11, day),
            covers: Some(Verdict::Fail),
            stale: None,
        };
        let waivers =
            [account(1, 22, "A. Reviewer"), account(2, 1, "B. Owner"), account(3, 22, "A. Reviewer")];
        let mut grounds = grounds(Mode::Certify, CertificationLevel::Full, &criteria);
        grounds.waivers = &waivers;
        assert_eq!(
            decide(&grounds).sentence,
            "Acme meets the full level of Inlet's requirements. Waived: LV-02, LV-04 (until 2029-11-22, A. \
             Reviewer); LV-03 (until 2029-11-01, B. Owner)."
        );
    }

    #[test]
    fn functions_that_are_not_offered_are_named_in_inlet_s_words() {
        let criteria = [
            criterion(10, Level::Required, Verdict::Pass),
            failing(40, "the vendor has no PINs"),
            failing(50, "the vendor has no PINs"),
            failing(21, "the locks of a group cannot be asked for; two more reasons"),
            failing(60, ""),
        ];
        let id = |number: usize| criteria[number].id.clone();
        let lacking = [
            (id(1), Function::CreatePinAccess),
            (id(2), Function::CreatePinAccess),
            (id(4), Function::CreateMobileAccess),
        ];
        let mut grounds = grounds(Mode::Certify, CertificationLevel::Full, &criteria);
        grounds.lacking = &lacking;
        assert_eq!(
            decide(&grounds).sentence,
            "Acme cannot reach the full level, because it does not offer “Create PIN access” and “Create mobile \
             access”, which that level requires (LV-40, LV-50, LV-60). Not met by what it does offer: the locks of a group cannot be \
             asked for (LV-21)."
        );
        grounds.lacking = &[];
        assert_eq!(
            decide(&grounds).sentence,
            "Acme does not meet the full level: the vendor has no PINs (LV-40, LV-50); the locks of a group cannot be \
             asked for (LV-21); LV-60 not met."
        );
    }

    #[test]
    fn a_long_reason_ends_at_a_word_in_the_decision() {
        let criteria = [failing(1, &"påstand ".repeat(40)), failing(2, &"x".repeat(300))];
        let sentence = decide(&grounds(Mode::Certify, CertificationLevel::Full, &criteria)).sentence;
        let long = format!("{} …", ["påstand"; 13].join(" "));
        let word = format!("{} …", "x".repeat(110));
        let told = format!("Acme does not meet the full level: {long} (LV-01); {word} (LV-02).");
        assert_eq!(sentence, told);
    }

    #[test]
    fn a_wrong_configuration_is_told_and_is_never_a_failure() {
        let criteria = [criterion(1, Level::Required, Verdict::Inconclusive)];
        let mut grounds = grounds(Mode::Certify, CertificationLevel::Full, &criteria);
        grounds.misconfigured = Some((2, "credentials: refused; check them"));
        let decided = decide(&grounds);
        assert_eq!((decided.exit_codes[0], decided.verdict), (2, Verdict::Inconclusive));
        assert!(decided.sentence.contains("credentials: refused; check them"), "{}", decided.sentence);
        grounds.misconfigured = Some((3, "DNS: no address"));
        assert_eq!(decide(&grounds).exit_codes[0], 3);
        let stated = [criterion(1, Level::Required, Verdict::Pass)];
        grounds.criteria = &stated;
        grounds.mode = Mode::Run;
        assert_eq!((decide(&grounds).exit_codes, decide(&grounds).verdict), (vec![3], Verdict::Inconclusive));
    }

    #[test]
    fn what_the_statement_alone_fails_is_told_beside_a_wrong_configuration() {
        let criteria = [
            criterion(1, Level::Required, Verdict::Pass),
            criterion(40, Level::Required, Verdict::Fail),
            criterion(41, Level::Required, Verdict::Inconclusive),
        ];
        let lacking = [(criteria[1].id.clone(), Function::CreatePinAccess)];
        let mut grounds = grounds(Mode::Certify, CertificationLevel::Full, &criteria);
        grounds.lacking = &lacking;
        grounds.misconfigured = Some((2, "credentials: refused; check them"));
        let decided = decide(&grounds);
        assert_eq!(decided.exit_codes, [2, 1, 3]);
        assert_eq!(
            decided.sentence,
            "Acme cannot reach the full level, because it does not offer “Create PIN access”, which that level \
             requires (LV-40). That is by its statement alone: nothing was asked of Acme, for the configuration \
             stands in the way: credentials: refused; check them."
        );
    }

    #[test]
    fn interrupted_and_stale_are_told() {
        let criteria = [criterion(1, Level::Required, Verdict::Pass)];
        let stale = ["the waiver of LV-01 expired on 2026-01-01".to_owned()];
        let mut grounds = grounds(Mode::Certify, CertificationLevel::Full, &criteria);
        grounds.stale = &stale;
        assert_eq!(decide(&grounds).exit_codes, [5]);
        grounds.interrupted = Some("Ctrl-C");
        let decided = decide(&grounds);
        assert_eq!(decided.exit_codes, [4, 5]);
        assert_eq!(decided.verdict, Verdict::Inconclusive);
        grounds.rehearsal = Some("the simulated vendor");
        assert!(decide(&grounds).sentence.contains("rehearsal"));
        // Where nothing was judged yet, the interrupt is still what is to be known.
        let skipped = [criterion(1, Level::Required, Verdict::Skipped)];
        grounds.criteria = &skipped;
        let sentence = decide(&grounds).sentence;
        assert!(sentence.contains("incomplete: Ctrl-C"), "{sentence}");
    }
}
