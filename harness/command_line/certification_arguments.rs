//! What may be typed about certifications and certificates.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::arguments::Level;
use crate::vendors::vocabulary::Instant;

/// The arguments of `verify`.
#[derive(Clone, Debug, Args)]
pub struct Verify {
    /// The certificate.
    pub certificate: PathBuf,
    /// The issuer's public key, in PEM.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The report that it must rest on, or the folder of its run.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// The issuer's signed status list.
    #[arg(long, value_name = "FILE")]
    pub status_list: Option<PathBuf>,
    /// The time as of which it is checked [default: now].
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub at: Option<Instant>,
}

/// The arguments of `gate`.
#[derive(Clone, Debug, Args)]
pub struct Gate {
    /// The certificate.
    pub certificate: PathBuf,
    /// The issuer's public key, in PEM.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The issuer's signed status list, not older than it says of itself.
    #[arg(long, value_name = "FILE")]
    pub status_list: PathBuf,
    /// The short name of the subject that the certificate must be for.
    #[arg(long, value_name = "NAME")]
    pub subject: String,
    /// The version of the subject that the certificate must be for.
    #[arg(long, value_name = "VERSION")]
    pub subject_version: String,
    /// The programme that the certificate must be of.
    #[arg(long, value_name = "PROGRAMME", default_value = "lock-vendor")]
    pub programme: String,
    /// The level that it must be for at least.
    #[arg(long, value_enum, default_value_t = Level::Full)]
    pub level: Level,
    /// Abilities that it must cover.
    #[arg(long, value_name = "ABILITY", value_delimiter = ',')]
    pub ability: Vec<String>,
}

/// The arguments of `certification`.
#[derive(Clone, Debug, Args)]
pub struct Certification {
    /// What is to happen.
    #[command(subcommand)]
    pub step: Step,
}

/// The steps of a certification's life, and what can be asked about it.
#[derive(Clone, Debug, Subcommand)]
pub enum Step {
    /// Make a pair of keys: one signs certificates, the other checks them.
    ///
    /// The private key goes into a new file that its owner alone may read, the
    /// public one beside it, with `.pub` at the end of its name.
    Key(Key),
    /// Begin a certification.
    Prepare(Act),
    /// Vouch for an item of the checklist, by a document.
    Attest(Attest),
    /// Hand in a report and what was vouched for.
    Submit(Submit),
    /// Begin the review. Who handed in does not review.
    Review(Act),
    /// Name what must be corrected.
    Feedback(Feedback),
    /// Answer an issue; the reason says how.
    Correct(Correct),
    /// Approve what was reviewed, and make the certificate.
    Approve(Approve),
    /// Begin a new round, as is due once a year.
    Renew(Act),
    /// Let what was certified not hold for now. The status list tells the reason.
    Suspend(Act),
    /// Let it hold again.
    Resume(Act),
    /// Let it hold never again. The status list tells the reason.
    Revoke(Act),
    /// Tell how a certification stands, or every one.
    Status(Status),
    /// Tell everything that happened to a certification.
    History(About),
    /// Write the newest certificate once more.
    Certificate(Again),
    /// Write the signed list of how every certificate stands.
    StatusList(StatusList),
}

/// Where certifications are kept.
#[derive(Clone, Debug, Args)]
pub struct Kept {
    /// The register.
    #[arg(
        long,
        value_name = "FILE",
        env = "LOCKSTEP_REGISTER",
        default_value = "reports/register.db",
        help_heading = "Register"
    )]
    pub register: PathBuf,
}

/// Which certification.
#[derive(Clone, Debug, Args)]
pub struct About {
    /// Programme and short name of the subject: `lock-vendor/acme`.
    #[arg(value_name = "CERTIFICATION")]
    pub id: String,
    /// Where it is kept.
    #[command(flatten)]
    pub kept: Kept,
}

/// Who does something to which certification, and why.
#[derive(Clone, Debug, Args)]
pub struct Act {
    /// Which certification.
    #[command(flatten)]
    pub about: About,
    /// Who acts.
    #[arg(long, value_name = "NAME")]
    pub actor: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// The arguments of `certification key`.
#[derive(Clone, Debug, Args)]
pub struct Key {
    /// The file for the private key. A file that is there is never replaced.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// The arguments of `certification attest`.
#[derive(Clone, Debug, Args)]
pub struct Attest {
    /// Who, to what, and why.
    #[command(flatten)]
    pub act: Act,
    /// The item of the checklist, as `status` names it.
    #[arg(long, value_name = "ITEM")]
    pub item: String,
    /// Who vouches for it [default: who acts].
    #[arg(long, value_name = "NAME")]
    pub who: Option<String>,
    /// The day on which it was vouched for [default: today].
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub when: Option<jiff::civil::Date>,
    /// The document that shows it. Its name and its SHA-256 are kept, not its
    /// content.
    #[arg(long, value_name = "FILE")]
    pub document: PathBuf,
}

/// The arguments of `certification submit`.
#[derive(Clone, Debug, Args)]
pub struct Submit {
    /// Who, to what, and why.
    #[command(flatten)]
    pub act: Act,
    /// The `report.json` of a certification, or the folder of its run.
    #[arg(long, value_name = "FILE")]
    pub report: PathBuf,
}

/// The arguments of `certification feedback`.
#[derive(Clone, Debug, Args)]
pub struct Feedback {
    /// Who, to what, and why.
    #[command(flatten)]
    pub act: Act,
    /// What must be corrected, in a sentence; once for each issue.
    #[arg(long, value_name = "TEXT", required = true)]
    pub issue: Vec<String>,
}

/// The arguments of `certification correct`.
#[derive(Clone, Debug, Args)]
pub struct Correct {
    /// Who, to what, and what was done.
    #[command(flatten)]
    pub act: Act,
    /// The number of the issue, from 1.
    #[arg(long, value_name = "NUMBER")]
    pub issue: usize,
}

/// The arguments of `certification approve`.
#[derive(Clone, Debug, Args)]
pub struct Approve {
    /// Who, to what, and why.
    #[command(flatten)]
    pub act: Act,
    /// The private key that signs, in PEM.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The file for the certificate.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// For how many days it holds; less where a waiver ends sooner.
    #[arg(long, value_name = "N", default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub days: u32,
    /// The abilities that are certified [default: all that were tested].
    #[arg(long, value_name = "ABILITY", value_delimiter = ',')]
    pub scope: Vec<String>,
}

/// The arguments of `certification status`.
#[derive(Clone, Debug, Args)]
pub struct Status {
    /// Programme and short name of the subject; every one where none is named.
    #[arg(value_name = "CERTIFICATION")]
    pub id: Option<String>,
    /// Where they are kept.
    #[command(flatten)]
    pub kept: Kept,
}

/// The arguments of `certification certificate`.
#[derive(Clone, Debug, Args)]
pub struct Again {
    /// Of which certification.
    #[command(flatten)]
    pub about: About,
    /// The file for the certificate.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// The arguments of `certification status-list`.
#[derive(Clone, Debug, Args)]
pub struct StatusList {
    /// Where certifications are kept.
    #[command(flatten)]
    pub kept: Kept,
    /// The private key that signs, in PEM.
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// The file for the list.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// For how many days it can be relied on.
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=31))]
    pub days: u32,
}

fn instant(text: &str) -> Result<Instant, String> {
    let time: jiff::Timestamp =
        text.parse().map_err(|_| "expected a time with its zone, such as 2026-11-21T12:00:00Z".to_owned())?;
    Ok(Instant::from_timestamp(time))
}

fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "expected a date, such as 2026-11-21".to_owned())
}
