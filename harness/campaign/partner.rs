//! A partner on the stage, and a whole run over one.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::course::Course;
use super::declared::{declared, vouched};
use super::findings::{finding_of, shown_again};
use super::outcome::Outcome;
use super::partner_time::TimeLeft;
use super::stage::{Around, Prior, Stage};
use super::{Interrupt, Watch};
use crate::harness::criterion::{CertificationLevel, Criterion, CriterionId};
use crate::harness::evidence::{Recorder, Secrets};
use crate::harness::partner::{BenchPlan, PartnerBench, Who};
use crate::harness::progress::Progress;
use crate::harness::result::{Exchange, Finding, Mode, Report, Subject};
use crate::harness::runner::{Attach, Quiet, Suite, Waiver};
use crate::harness::trial::{Shortfall, Stop};
use crate::harness::verdict::Verdict;
use crate::vendors::dialect::Dialect;
use crate::vendors::partner::{Pace, Partner};
use crate::vendors::vocabulary::{Instant, RunName};

/// The longest that one step may take on the machine's clock beside what it
/// rightly waits: the retry laboratory is one step.
const WATCHDOG: Duration = Duration::from_secs(120);

/// Everything that a run over a partner needs to know.
pub struct PartnerPlan {
    /// What the partner says of itself.
    pub description: Arc<Partner>,
    /// Who plays it.
    pub who: Who,
    /// The vendor behind the simulated Inlet.
    pub dialect: Arc<Dialect>,
    /// The folder that the partner's program runs in: that of its description.
    pub folder: PathBuf,
    /// Certification or free selection.
    pub mode: Mode,
    /// In a free run, the criteria selected; `None` for all.
    pub only: Option<Vec<CriterionId>>,
    /// Seed of everything random.
    pub seed: u64,
    /// Name of the run.
    pub run: RunName,
    /// What is accepted as it is.
    pub waivers: Vec<Waiver>,
    /// The present, by which waivers and attestations hold.
    pub present: Instant,
    /// Where the report will be written, for the commands that show a finding again.
    pub report_path: String,
    /// How the description is named to a command.
    pub profile: String,
    /// Fills with every secret that the run comes to know.
    pub secrets: Secrets,
    /// Stops the run in good order.
    pub interrupt: Interrupt,
}

impl PartnerPlan {
    /// Whether nobody's system but the simulated one is judged.
    pub fn is_rehearsal(&self) -> bool {
        matches!(self.who, Who::Simulated(_))
    }

    /// Whether a criterion takes part.
    pub fn selects(&self, criterion: &Criterion) -> bool {
        match (&self.mode, &self.only) {
            (Mode::Run, Some(only)) => only.contains(&criterion.id),
            _ => true,
        }
    }
}

/// The partner of a run.
struct OnStage<'a> {
    plan: &'a PartnerPlan,
    recorder: Recorder,
    bench: tokio::sync::OnceCell<Result<PartnerBench, String>>,
}

impl OnStage<'_> {
    async fn set_up(&self) -> Result<PartnerBench, String> {
        PartnerBench::set_up(BenchPlan {
            description: Arc::clone(&self.plan.description),
            who: self.plan.who,
            dialect: Arc::clone(&self.plan.dialect),
            folder: &self.plan.folder,
            seed: self.plan.seed,
            run: self.plan.run.clone(),
            recorder: self.recorder.clone(),
        })
        .await
    }
}

impl Stage for OnStage<'_> {
    type Bench = PartnerBench;

    fn selects(&self, criterion: &Criterion) -> bool {
        self.plan.selects(criterion)
    }

    fn interrupt(&self) -> &Interrupt {
        &self.plan.interrupt
    }

    fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    fn waits_once(&self) -> bool {
        // The simulated system and others whose time is moved here go one by one:
        // waiting costs them nothing, and their course is the same every time.
        self.plan.description.pace != Pace::Virtual
    }

    fn prior(&self, criterion: &Criterion) -> Prior {
        if !criterion.attested {
            return Prior::Open;
        }
        let attested = self.plan.description.attested(criterion.id.as_str(), self.plan.present.timestamp());
        let result = match attested {
            Ok(given) => vouched(criterion, &given.who, given.when, &given.document),
            Err(why) => declared(criterion, Verdict::Inconclusive, why),
        };
        Prior::Decided(Box::new(result))
    }

    async fn let_follow(&self, criteria: &[CriterionId]) {
        if let Some(Ok(bench)) = self.bench.get() {
            bench.let_follow(criteria).await;
        }
    }

    async fn bench(&self, criterion: &Criterion) -> Result<Arc<PartnerBench>, (Verdict, String)> {
        match self.bench.get_or_init(|| self.set_up()).await {
            Ok(bench) => Ok(Arc::new(bench.for_scenario(criterion.id.clone()))),
            Err(why) => Err((Verdict::Inconclusive, why.clone())),
        }
    }

    fn watchdog(&self) -> Duration {
        WATCHDOG
    }

    async fn weigh(
        &self,
        stop: Option<Stop>,
        _criterion: &Criterion,
        bench: &PartnerBench,
        _mark: usize,
    ) -> Option<Stop> {
        tokio::select! {
            biased;
            _ = self.plan.interrupt.raised() => {}
            () = bench.let_end() => {}
        }
        bench.keep_evidence();
        weighed(stop, bench.forgotten())
    }

    fn exchanges(&self, bench: &PartnerBench, mark: usize) -> Vec<Exchange> {
        bench.evidence().unwrap_or_else(|| self.recorder.since(mark))
    }

    async fn around(&self, bench: &PartnerBench) -> Around {
        Around { testimony: bench.take_testimony(), faults: bench.take_faults() }
    }

    fn finding(
        &self,
        criterion: &CriterionId,
        number: usize,
        verdict: Verdict,
        shortfall: &Shortfall,
        exchanges: &[Exchange],
    ) -> Finding {
        let again = shown_again(&self.plan.profile, criterion);
        finding_of(criterion, number, verdict, shortfall, exchanges, |_, _| vec![again.clone()])
    }
}

/// What was forgotten of the calls may be what a verdict missed, or what it rests on.
fn weighed(stop: Option<Stop>, forgotten: Option<String>) -> Option<Stop> {
    match (stop, forgotten) {
        (None | Some(Stop::Fail(_)), Some(why)) => Some(Stop::Inconclusive(why)),
        (stop, _) => stop,
    }
}

/// Carries a plan over a partner out and reports; told as
/// [`certify`](super::certify) is. The future is not `Send`.
pub async fn certify_partner<W: Attach<Bench = PartnerBench>>(
    plan: PartnerPlan,
    suite: &Suite<W>,
    watch: Watch<'_>,
) -> Report {
    let _quiet = Quiet::enter();
    let started = Instant::wall();
    let began = std::time::Instant::now();
    let mut defect = None;
    let cases = suite.load().unwrap_or_else(|problems| {
        defect = Some(format!("the suite has problems: {}", problems.join("; ")));
        std::collections::BTreeMap::new()
    });
    let planned = suite.criteria.iter().filter(|criterion| plan.selects(criterion)).count();
    watch(Progress::Started { run: plan.run.to_string(), planned });
    let stage =
        OnStage { plan: &plan, recorder: Recorder::keeping(plan.secrets.clone()), bench: Default::default() };
    let time = TimeLeft::of(&plan, suite.criteria.iter().map(Arc::as_ref)).map(RefCell::new);
    let noting = |event: Progress| {
        if let (Some(time), Progress::CriterionStarted { id, .. }) = (&time, &event) {
            time.borrow_mut().taken_up(id, began.elapsed());
        }
        watch(event);
    };
    let mut course = Course::new(stage, &suite.steps, &cases, &noting);
    if defect.is_none() {
        telling_the_time(course.criteria(&suite.criteria), time.as_ref(), began, watch).await;
    }
    watch(Progress::CleaningUp);
    let (mut done, stage) = course.finish();
    let exchanges = stage.recorder.evidence();
    // The partner's program ends with its bench.
    drop(stage);
    let interrupted = done.interrupted.take().or_else(|| plan.interrupt.reason());
    let outcome = Outcome {
        mode: plan.mode,
        rehearsal: plan.is_rehearsal().then_some("the simulated booking system"),
        run: &plan.run,
        seed: plan.seed,
        subject: subject(&plan),
        asked: CertificationLevel::Full,
        started,
        began,
        planned,
        done,
        exchanges,
        interrupted,
        waivers: &plan.waivers,
        present: plan.present,
        lacking: &[],
        unused: &[],
        defect,
        misconfigured: None,
    };
    outcome.report(suite, watch)
}

/// Runs a course, and tells each second how much of its time is left.
async fn telling_the_time(
    course: impl Future<Output = ()>,
    time: Option<&RefCell<TimeLeft>>,
    began: std::time::Instant,
    watch: Watch<'_>,
) {
    let Some(time) = time else { return course.await };
    let of = time.borrow().whole();
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    let mut course = std::pin::pin!(course);
    loop {
        tokio::select! {
            biased;
            () = &mut course => return,
            _ = seconds.tick() => {
                let left = time.borrow().left(began.elapsed());
                watch(Progress::Waiting { left, of });
            }
        }
    }
}

fn subject(plan: &PartnerPlan) -> Subject {
    let partner = &plan.description;
    let target = match (plan.who, partner.pace) {
        (Who::Simulated(_), _) => "embedded simulator".to_owned(),
        (Who::Own(_) | Who::Described, Pace::Virtual) => "in this process, in virtual time".to_owned(),
        (Who::Own(_), Pace::Accelerated(factor)) => format!("in this process, {factor} times as fast"),
        (Who::Own(_), Pace::Real) => "in this process".to_owned(),
        (Who::Described, Pace::Accelerated(factor)) => {
            format!("the partner's system, {factor} times as fast")
        }
        (Who::Described, Pace::Real) => "the partner's system".to_owned(),
    };
    Subject {
        name: partner.name.clone(),
        title: partner.title.clone(),
        vendor: partner.vendor.clone(),
        version: partner.version.clone(),
        target,
        profile_digest: hex::encode(Sha256::digest(partner.source_text.as_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_calls_were_forgotten_nothing_passes_and_nothing_fails() {
        let forgotten = Some("12 calls were dropped from Inlet's journal".to_owned());
        let inconclusive = Some(Stop::Inconclusive("12 calls were dropped from Inlet's journal".to_owned()));
        assert_eq!(weighed(None, forgotten.clone()), inconclusive);
        assert_eq!(weighed(Some(Stop::fail("s", "e", "o")), forgotten.clone()), inconclusive);
        let not_applicable = Some(Stop::NotApplicable("n".to_owned()));
        assert_eq!(weighed(not_applicable.clone(), forgotten), not_applicable);
        assert_eq!(weighed(None, None), None);
    }
}
