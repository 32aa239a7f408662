//! What `main` lends to the command line from rooms that the harness may not know.

use futures::future::LocalBoxFuture;
use std::path::{Path, PathBuf};

use super::partners::Criteria;
use crate::harness::bench::Bench;
use crate::harness::campaign::{PartnerPlan, Watch};
use crate::harness::result::Report;
use crate::harness::runner::{Attach, Suite};
use crate::vendors::vocabulary::{Instant, Secret};

/// Why a report was not written; each is a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// The disk refused.
    Disk(String),
    /// The report itself must not be written, or cannot be made.
    Defect(String),
}

/// Writes a report into a folder, after searching it for the secrets.
pub type WriteReport = fn(&Report, &[Secret], &Path) -> Result<(), Unwritten>;

/// Reads a `report.json`, or the one in a run's folder; the error is a sentence
/// for people.
pub type ReadReport = fn(&Path) -> Result<Report, String>;

/// Judges a partner by the criteria that it is lent with.
pub type CertifyPartner = for<'a> fn(PartnerPlan, Watch<'a>) -> LocalBoxFuture<'a, Report>;

/// The criteria and the writers of reports.
pub struct Rooms<W: Attach<Bench = Bench>> {
    /// Everything that judges lock vendors.
    pub suite: fn() -> Suite<W>,
    /// Everything that judges partners, and what it judges by.
    pub certify_partner: CertifyPartner,
    /// The digest of what partners are judged by.
    pub partner_digest: fn() -> String,
    /// The criteria of partners.
    pub partner_criteria: Criteria,
    /// Writes every format of a report.
    pub write_report: WriteReport,
    /// Reads a report back.
    pub read_report: ReadReport,
    /// The report as JSON text.
    pub report_json: fn(&Report) -> Result<String, String>,
    /// The JSON Schema of `report.json`.
    pub report_schema: fn() -> serde_json::Value,
    /// Where a report goes that nobody named a folder for: below the base, by
    /// the subject's name and the time.
    pub default_folder: fn(&Path, &str, Instant) -> PathBuf,
}
