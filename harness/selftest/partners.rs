//! The matrix of the programme `inlet-partner`: the simulated booking system
//! with each of its misbehaviours, and unusual but right.

use std::sync::Arc;

use futures::future::LocalBoxFuture;

use super::row::{Row, Subject};
use super::unvouched::Unvouched;
use super::{Matrix, matrix};
use crate::harness::campaign::{Interrupt, PartnerPlan, Watch, run_name};
use crate::harness::criterion::Criterion;
use crate::harness::evidence::Secrets;
use crate::harness::partner::Who;
use crate::harness::result::{Mode, Report};
use crate::simulator::{PARTNER_MISBEHAVIOURS, PartnerVariation};
use crate::vendors::dialect::Dialect;
use crate::vendors::partner::{Attestation, Partner};
use crate::vendors::vocabulary::Instant;

/// Every subject of the matrix: well-behaved, misbehaving, unusual, and those for whom
/// nobody vouches in one thing.
pub fn partner_subjects() -> Vec<Subject> {
    let mut subjects = vec![Subject::WellBehaved];
    subjects.extend(PARTNER_MISBEHAVIOURS.iter().map(Subject::Partner));
    subjects.extend(PartnerVariation::ALL.iter().copied().map(Subject::UnusualPartner));
    subjects.extend(Unvouched::ALL.iter().map(Subject::Unvouched));
    subjects
}

/// Judges a partner.
pub type Certify<'a> = &'a (dyn for<'w> Fn(PartnerPlan, Watch<'w>) -> LocalBoxFuture<'w, Report> + Sync);

/// Runs the matrix; `dialect` is the vendor behind Inlet, `watch` is told of each
/// row that is done.
pub fn selftest_partners(
    description: &Partner,
    dialect: &Arc<Dialect>,
    criteria: &[Arc<Criterion>],
    certify: Certify<'_>,
    seed: u64,
    interrupt: &Interrupt,
    watch: &(dyn Fn(&Row) + Sync),
) -> Matrix {
    let description = Arc::new(vouched_for(description, criteria));
    let run = |subject: Subject| {
        let quirk = match subject {
            Subject::Partner(misbehaviour) => Some(misbehaviour.quirk),
            Subject::UnusualPartner(variation) => Some(variation.quirk),
            Subject::WellBehaved | Subject::Misbehaving(_) | Subject::Unusual(_) | Subject::Unvouched(_) => {
                None
            }
        };
        let description = match subject {
            Subject::Unvouched(unvouched) => Arc::new(without(&description, unvouched)),
            _ => Arc::clone(&description),
        };
        let plan = PartnerPlan {
            profile: description.name.clone(),
            description,
            who: Who::Simulated(quirk),
            dialect: Arc::clone(dialect),
            folder: std::env::temp_dir(),
            mode: Mode::Certify,
            only: None,
            seed,
            run: run_name(Instant::wall(), seed),
            waivers: Vec::new(),
            present: Instant::wall(),
            report_path: "report.json".to_owned(),
            secrets: Secrets::default(),
            interrupt: interrupt.clone(),
        };
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => Row::judge(subject, &runtime.block_on(certify(plan, &|_| {}))),
            Err(why) => Row::not_run(subject, format!("no runtime: {why}")),
        }
    };
    matrix(criteria, &partner_subjects(), interrupt, watch, &run)
}

/// The same with nobody to vouch for one thing.
fn without(description: &Partner, unvouched: &Unvouched) -> Partner {
    let mut description = description.clone();
    description.attestations.retain(|given| given.criterion != unvouched.criterion());
    description
}

/// The description with everything vouched for that only people can tell.
fn vouched_for(description: &Partner, criteria: &[Arc<Criterion>]) -> Partner {
    let attested = criteria.iter().filter(|criterion| criterion.attested);
    let attestations = attested.map(|criterion| Attestation {
        criterion: criterion.id.as_str().to_owned(),
        who: "nobody, for the matrix".to_owned(),
        when: jiff::civil::date(2027, 1, 1),
        document: "none".to_owned(),
        at: 0..0,
    });
    Partner { attestations: attestations.collect(), ..description.clone() }
}
