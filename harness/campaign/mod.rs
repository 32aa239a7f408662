//! A whole run: from a plan to a report.
//!
//! ```text
//! plan ─► criteria in order ─► scenarios, each on its bench ─► judge ─► clean up ─► decide ─► report
//! ```

mod course;
mod declared;
mod estimate;
mod excuse;
mod findings;
mod interrupt;
mod judged;
mod outcome;
mod partner;
mod partner_time;
mod plan;
mod stage;
mod vendor;

pub use estimate::{Estimate, estimate};
pub use interrupt::Interrupt;
pub use partner::{PartnerPlan, certify_partner};
pub use partner_time::TimeLeft;
pub use plan::{CampaignPlan, PlanError, Target, run_name};

use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::bench::{self, Bench};
use super::capability::{effective, judged, limited_locks};
use super::criterion::{Criterion, CriterionId};
use super::progress::Progress;
use super::result::{Report, Subject};
use super::runner::{Attach, Quiet, Suite};
use super::statement::statement;
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::{Function, Instant};
use course::Course;
use declared::absent;
use outcome::Outcome;
use stage::Stage as _;
use vendor::Vendor;

/// Receives what happens in a run.
pub type Watch<'a> = &'a dyn Fn(Progress);

/// Carries a plan out and reports. The future is not `Send`: await it in place,
/// or give it a thread with a runtime of its own.
///
/// A suite with problems judges nobody: the report then has verdict `error` and
/// names them.
pub async fn certify<W: Attach<Bench = Bench>>(
    plan: CampaignPlan,
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

    let mut course = Course::new(Vendor::new(&plan), &suite.steps, &cases, watch);
    if defect.is_none() {
        course.stage.examine(watch).await;
        course.criteria(&suite.criteria).await;
    }
    watch(Progress::CleaningUp);
    let (mut done, vendor) = course.finish();
    let recorder = vendor.recorder().clone();
    let left = vendor.clear().await;
    let exchanges = recorder.evidence();
    let interrupted = done.interrupted.take().or_else(|| plan.interrupt.reason());
    defect = defect.or(left.defect);

    let capabilities = effective(&plan.dialect, &exchanges, &left.made_up);
    if left.misconfigured.is_none() {
        absent(&plan, &suite.criteria, &capabilities, &mut done.criteria);
    }
    let capabilities = judged(capabilities, &suite.criteria, &done.criteria);
    let outcome = Outcome {
        mode: plan.mode,
        rehearsal: plan.is_rehearsal().then_some("the simulated vendor"),
        run: &plan.run,
        seed: plan.seed,
        subject: subject(&plan),
        asked: plan.asked,
        started,
        began,
        planned,
        done,
        exchanges,
        interrupted,
        waivers: &plan.waivers,
        present: started,
        lacking: &lacking(&suite.criteria, &plan.dialect),
        unused: &left.unused,
        defect,
        misconfigured: left.misconfigured,
    };
    Report {
        statement: statement(&plan.dialect),
        capabilities,
        origins: plan.dialect.origins.clone(),
        limited_locks: limited_locks(&left.limited_locks),
        leftovers: left.leftovers,
        ..outcome.report(suite, watch)
    }
}

/// The criteria about a function that the statement does not offer.
fn lacking(criteria: &[Arc<Criterion>], dialect: &Dialect) -> Vec<(CriterionId, Function)> {
    let absent = |criterion: &Arc<Criterion>| {
        let function = criterion.main_for.filter(|function| !dialect.supports(*function))?;
        Some((criterion.id.clone(), function))
    };
    criteria.iter().filter_map(absent).collect()
}

fn subject(plan: &CampaignPlan) -> Subject {
    let dialect = &plan.dialect;
    let (target, version) = match &plan.target {
        Target::Simulated { .. } => ("embedded simulator".to_owned(), None),
        Target::Foreign(subject) => {
            (subject.servers.get("api").cloned().unwrap_or_default(), subject.version.clone())
        }
    };
    Subject {
        name: dialect.name.clone(),
        title: dialect.title.clone(),
        vendor: dialect.vendor.clone(),
        version: version.unwrap_or_else(|| dialect.version.clone()),
        target,
        profile_digest: hex::encode(Sha256::digest(dialect.source_text.as_bytes())),
    }
}

/// The readings taken where the source leaves room.
fn readings(criteria: &[Arc<Criterion>]) -> Vec<String> {
    let read = criteria.iter().filter_map(|criterion| {
        criterion.reading.as_ref().map(|reading| format!("{}: {reading}", criterion.id))
    });
    read.collect()
}

/// Whether a target is reached over loopback, with every server that it has.
pub(super) fn reaches_loopback(target: &Target) -> bool {
    match target {
        Target::Simulated { .. } => true,
        Target::Foreign(subject) => {
            let mut servers = subject.servers.values();
            !subject.servers.is_empty() && servers.all(|address| bench::is_loopback(address))
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_foreign;
