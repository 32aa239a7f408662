//! What may be typed behind the commands that judge, and that look at what was judged.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::harness::criterion::{CertificationLevel, CriterionId};

/// Whom to judge, and where it is spoken to.
#[derive(Clone, Debug, Args)]
pub struct Whom {
    /// A profile or partner description: the path of a file, or the name of an
    /// embedded one.
    pub profile: String,
    /// Where it is.
    #[command(flatten)]
    pub at: Place,
}

/// Where a target is spoken to; a partner is reached by its description.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// The subject file of a foreign target: addresses, credentials, test locks.
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    pub subject: Option<PathBuf>,
    /// The address of a target on this machine that needs no subject file.
    #[arg(long, value_name = "URL")]
    pub target: Option<String>,
}

/// How a judgement is made and where it is written.
#[derive(Clone, Debug, Args)]
pub struct How {
    /// The level to be certified.
    #[arg(long, value_enum, default_value_t = Level::Full)]
    pub level: Level,
    /// The folder for the report [default: reports/<subject>-<time>].
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The seed of everything random [default: drawn, and told in the report].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Shortcomings that are accepted for a time, each with owner, reason and
    /// expiry.
    #[arg(long, value_name = "FILE")]
    pub waivers: Option<PathBuf>,
}

/// The arguments of `certify`.
#[derive(Clone, Debug, Args)]
pub struct Certify {
    /// Whom to judge.
    #[command(flatten)]
    pub whom: Whom,
    /// How.
    #[command(flatten)]
    pub how: How,
    /// Tell time, requests and actuations beforehand, and run nothing.
    #[arg(long)]
    pub estimate: bool,
}

/// The arguments of `run`.
#[derive(Clone, Debug, Args)]
pub struct Run {
    /// Whom to judge.
    #[command(flatten)]
    pub whom: Whom,
    /// Judge these criteria only.
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = criterion)]
    pub only: Vec<CriterionId>,
    /// Run scenarios in place of criteria: files, names of embedded ones, or `all`.
    #[arg(
        long,
        value_name = "SCENARIO",
        value_delimiter = ',',
        conflicts_with_all = ["subject", "target", "only", "level", "out", "waivers"]
    )]
    pub scenario: Vec<String>,
    /// How.
    #[command(flatten)]
    pub how: How,
}

/// The arguments of `check`.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// A profile, partner description or waiver file: its path, or the name of an
    /// embedded one.
    pub profile: String,
}

/// The arguments of `doctor`.
#[derive(Clone, Debug, Args)]
pub struct Doctor {
    /// A profile: the path of a file, or the name of an embedded one.
    pub profile: String,
    /// Where it is.
    #[command(flatten)]
    pub at: Place,
}

/// The arguments of `replay`.
#[derive(Clone, Debug, Args)]
pub struct Replay {
    /// The `report.json` of a run.
    pub report: PathBuf,
    /// The finding, as the report names it (`LV-21.1`).
    pub finding: String,
    /// The profile that the report was made with, where it is not an embedded
    /// one.
    #[arg(long, value_name = "PROFILE")]
    pub profile: Option<String>,
    /// The subject file of a foreign target.
    #[arg(long, value_name = "FILE", conflicts_with = "target")]
    pub subject: Option<PathBuf>,
    /// The address of a target on this machine that needs no subject file.
    #[arg(long, value_name = "URL")]
    pub target: Option<String>,
}

/// The arguments of `compare`.
#[derive(Clone, Debug, Args)]
pub struct Compare {
    /// The older `report.json`, or the folder of its run.
    pub old: PathBuf,
    /// The newer one.
    pub new: PathBuf,
}

/// The arguments of `sweep`.
#[derive(Clone, Debug, Args)]
pub struct Sweep {
    /// A profile: the path of a file, or the name of an embedded one.
    pub profile: String,
    /// The subject file of the target.
    #[arg(long, value_name = "FILE")]
    pub subject: PathBuf,
    /// Tell what would be removed, and remove nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// A certification level, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Every required criterion, without hold-open and return-to-normal.
    Core,
    /// Every criterion of Inlet's minimum acceptance list.
    Full,
}

impl From<Level> for CertificationLevel {
    fn from(level: Level) -> Self {
        match level {
            Level::Core => Self::Core,
            Level::Full => Self::Full,
        }
    }
}

fn criterion(text: &str) -> Result<CriterionId, String> {
    CriterionId::parse(text).ok_or_else(|| "expected the id of a criterion, such as LV-21".to_owned())
}
