//! What a run is to do.

use std::sync::Arc;

use super::Interrupt;
use crate::harness::criterion::{CertificationLevel, Criterion, CriterionId};
use crate::harness::evidence::Secrets;
use crate::harness::result::Mode;
use crate::harness::runner::Waiver;
use crate::harness::subject::Subject;
use crate::simulator::{Misbehaviour, Variation};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Instant, RunName};

/// Who is judged.
#[derive(Clone, Debug)]
pub enum Target {
    /// The simulated vendor: a rehearsal.
    Simulated {
        /// How it breaks its promises, for `selftest`.
        misbehaviour: Option<&'static Misbehaviour>,
        /// How it is unusual but right, for `selftest`.
        variation: Option<Variation>,
    },
    /// A target that is not the simulator.
    Foreign(Arc<Subject>),
}

impl Target {
    /// The simulated vendor as it should be.
    pub fn rehearsal() -> Self {
        Self::Simulated { misbehaviour: None, variation: None }
    }
}

/// Everything that a run needs to know.
#[derive(Clone, Debug)]
pub struct CampaignPlan {
    /// The vendor's statement.
    pub dialect: Arc<Dialect>,
    /// Who is judged.
    pub target: Target,
    /// Certification or free selection.
    pub mode: Mode,
    /// The level asked for.
    pub asked: CertificationLevel,
    /// In a free run, the criteria selected; `None` for all.
    pub only: Option<Vec<CriterionId>>,
    /// Seed of everything random.
    pub seed: u64,
    /// The name of the run; everything that it creates bears it.
    pub run: RunName,
    /// What is accepted as it is.
    pub waivers: Vec<Waiver>,
    /// Where the report will be written, for the commands that show a finding again.
    pub report_path: String,
    /// How the profile is named to a command: its name where it is embedded, else
    /// its path.
    pub profile: String,
    /// What commands must be told to reach the same subject (`--subject FILE`);
    /// nothing in a rehearsal.
    pub whom: Option<(&'static str, String)>,
    /// Fills with every secret that the run comes to know.
    pub secrets: Secrets,
    /// Stops the run in good order.
    pub interrupt: Interrupt,
}

/// A plan cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A text that is no id of a criterion.
    #[error("`{0}` is no id of a criterion; write one such as LV-21")]
    NotAnId(String),
}

impl CampaignPlan {
    /// A locked certification of a target at full level.
    pub fn certification(dialect: Arc<Dialect>, target: Target, seed: u64) -> Self {
        Self {
            profile: dialect.name.clone(),
            whom: None,
            dialect,
            target,
            mode: Mode::Certify,
            asked: CertificationLevel::Full,
            only: None,
            seed,
            run: run_name(Instant::wall(), seed),
            waivers: Vec::new(),
            report_path: "report.json".to_owned(),
            secrets: Secrets::default(),
            interrupt: Interrupt::new(),
        }
    }

    /// A free run over some criteria (all, where none is named).
    pub fn free(
        dialect: Arc<Dialect>,
        target: Target,
        seed: u64,
        only: &[String],
    ) -> Result<Self, PlanError> {
        let mut plan = Self::certification(dialect, target, seed);
        plan.mode = Mode::Run;
        if !only.is_empty() {
            let ids: Result<Vec<CriterionId>, PlanError> = only
                .iter()
                .map(|text| CriterionId::parse(text).ok_or_else(|| PlanError::NotAnId(text.clone())))
                .collect();
            plan.only = Some(ids?);
        }
        Ok(plan)
    }

    /// Whether the subject is the simulated vendor.
    pub fn is_rehearsal(&self) -> bool {
        matches!(self.target, Target::Simulated { .. })
    }

    /// Whether a criterion takes part. A certification leaves none out.
    pub fn selects(&self, criterion: &Criterion) -> bool {
        match (&self.mode, &self.only) {
            (Mode::Run, Some(only)) => only.contains(&criterion.id),
            _ => true,
        }
    }
}

/// `lockstep-20270301-093000-2a`: the time to the second, and the seed.
pub fn run_name(now: Instant, seed: u64) -> RunName {
    let time = now.timestamp().strftime("%Y%m%d-%H%M%S");
    RunName::new(format!("lockstep-{time}-{:x}", seed & 0xffff))
}
