//! The judge, judged: every misbehaviour of the simulated vendor against every
//! criterion.
//!
//! The criterion that a misbehaviour breaks must fail, and no other required one
//! but those that must follow. A well-behaved vendor, and every unusual but
//! right one, must pass. Anything else is a defect of Lockstep.

mod matrix;
mod partners;
mod row;
mod unvouched;

pub use matrix::Matrix;
pub use partners::{partner_subjects, selftest_partners};
pub use row::{Row, Subject};
pub use unvouched::Unvouched;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::campaign::{CampaignPlan, Interrupt, Target, certify};
use super::criterion::Criterion;
use super::runner::{Attach, Quiet, Suite};
use crate::harness::bench::Bench;
use crate::simulator::{MISBEHAVIOURS, Variation};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile;

/// Every subject of the matrix: well-behaved, misbehaving, unusual.
pub fn subjects() -> Vec<Subject> {
    let mut subjects = vec![Subject::WellBehaved];
    subjects.extend(MISBEHAVIOURS.iter().map(Subject::Misbehaving));
    subjects.extend(Variation::ALL.iter().copied().map(Subject::Unusual));
    subjects
}

/// How much of the matrix is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breadth {
    /// Every subject against every criterion.
    Whole,
    /// A misbehaviour only against the criteria that must fail: it tells what
    /// is not found, and no false alarm.
    Aimed,
}

/// Runs the matrix over the machine's cores; `watch` is told of each row that
/// is done. An interrupted matrix is incomplete.
pub fn selftest<W: Attach<Bench = Bench>>(
    dialect: &Arc<Dialect>,
    suite: &Suite<W>,
    seed: u64,
    subjects: &[Subject],
    breadth: Breadth,
    interrupt: &Interrupt,
    watch: &(dyn Fn(&Row) + Sync),
) -> Matrix {
    let run = |subject| run(dialect, suite, seed, subject, breadth, interrupt);
    matrix(&suite.criteria, subjects, interrupt, watch, &run)
}

/// Runs a row for each subject over the machine's cores, each on its thread.
fn matrix(
    criteria: &[Arc<Criterion>],
    subjects: &[Subject],
    interrupt: &Interrupt,
    watch: &(dyn Fn(&Row) + Sync),
    run: &(dyn Fn(Subject) -> Row + Sync),
) -> Matrix {
    let _quiet = Quiet::enter();
    let next = AtomicUsize::new(0);
    let rows: Mutex<Vec<(usize, Row)>> = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(subjects.len().max(1));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(subject) = subjects.get(at) else { break };
                    if interrupt.reason().is_some() {
                        break;
                    }
                    let row = run(*subject);
                    watch(&row);
                    rows.lock().unwrap_or_else(PoisonError::into_inner).push((at, row));
                }
            });
        }
    });
    let mut rows = rows.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.sort_by_key(|(at, _)| *at);
    Matrix::new(criteria, subjects.len(), rows.into_iter().map(|(_, row)| row).collect())
}

/// One row, on a runtime of its own: a campaign stays on its thread.
fn run<W: Attach<Bench = Bench>>(
    dialect: &Arc<Dialect>,
    suite: &Suite<W>,
    seed: u64,
    subject: Subject,
    breadth: Breadth,
    interrupt: &Interrupt,
) -> Row {
    let (misbehaviour, variation) = match subject {
        Subject::WellBehaved => (None, None),
        Subject::Misbehaving(misbehaviour) => (Some(misbehaviour), None),
        Subject::Unusual(variation) => (None, Some(variation)),
        Subject::Partner(_) | Subject::UnusualPartner(_) | Subject::Unvouched(_) => {
            return Row::not_run(subject, "a partner is no vendor".to_owned());
        }
    };
    let target = Target::Simulated { misbehaviour, variation };
    let stated = misbehaviour.and_then(|misbehaviour| misbehaviour.statement(&dialect.source_text));
    let dialect = match stated.map(|text| profile::compile("the edited statement", &text)) {
        None => Arc::clone(dialect),
        Some(Ok(edited)) => edited,
        Some(Err(problems)) => {
            return Row::not_run(subject, format!("the edited statement: {}", profile::render(&problems)));
        }
    };
    let planned = match breadth {
        Breadth::Whole => Ok(CampaignPlan::certification(dialect, target, seed)),
        Breadth::Aimed => CampaignPlan::free(dialect, target, seed, &subject.must_fail()),
    };
    let mut plan = match planned {
        Ok(plan) => plan,
        Err(why) => return Row::not_run(subject, why.to_string()),
    };
    plan.interrupt = interrupt.clone();
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let report = runtime.block_on(certify(plan, suite, &|_| {}));
            Row::judge(subject, &report)
        }
        Err(why) => Row::not_run(subject, format!("no runtime: {why}")),
    }
}
