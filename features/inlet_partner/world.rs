//! What the steps of one scenario share.

use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, PoisonError};

use super::load::Course;
use super::wanted::Wanted;
use crate::harness::partner::{Booked, PartnerBench};
use crate::harness::runner::Attach;
use crate::harness::trial::{Shortfall, Stop, Trial};
use crate::vendors::partner::{Room, Use};
use crate::vendors::vocabulary::Instant;

/// The world of one scenario.
#[derive(Default)]
pub struct InletPartner {
    trial: Option<Trial<PartnerBench>>,
    /// The stay that the scenario is about.
    pub(super) booked: Option<Booked>,
    /// Everything that was booked at once.
    pub(super) many: Vec<Booked>,
    /// What the booking form refused: what was typed, and what it said.
    pub(super) refused: Vec<(String, String)>,
    /// Who is to be let in after what happened.
    pub(super) wanted: Vec<Wanted>,
    /// Every door that matters for that.
    pub(super) doors: Vec<Room>,
    /// How many calls had arrived before what the scenario looks at.
    pub(super) before: usize,
    /// The mode of access that the scenario is about.
    pub(super) mode: Option<Use>,
    /// How long booking under load took.
    pub(super) load: Option<Course>,
    /// When something happened that spans are counted from.
    pub(super) since: Option<Instant>,
}

impl InletPartner {
    fn trial(&self) -> Result<&Trial<PartnerBench>, Stop> {
        self.trial.as_ref().ok_or_else(|| Stop::Error("the scenario was given no subject".to_owned()))
    }

    /// The partner and the instruments around it.
    pub(super) fn bench(&self) -> Result<Arc<PartnerBench>, Stop> {
        self.trial().map(|trial| Arc::clone(&trial.bench))
    }

    /// A door that nobody has used, which matters from then on.
    pub(super) fn new_door(&mut self) -> Result<Room, Stop> {
        let door = self.bench()?.room(0)?;
        self.doors.push(door.clone());
        Ok(door)
    }

    /// Ends a scenario that is about accesses, where the partner declares no use that
    /// makes one: a pulse has no period, names no guest, and cannot be taken back.
    pub(super) fn makes_accesses(&self) -> Result<(), Stop> {
        if self.bench()?.description().declared.makes_accesses() {
            return Ok(());
        }
        Err(Stop::NotApplicable("the partner declares pulses alone, which make no access".to_owned()))
    }

    /// Something that a passing scenario wants to say.
    pub(super) fn remark(&self, text: impl Into<String>) {
        if let Some(trial) = &self.trial {
            trial.remarks.lock().unwrap_or_else(PoisonError::into_inner).push(text.into());
        }
    }

    /// The same of one case among several, in one sentence with what was said of it
    /// before.
    pub(super) fn remark_of(&self, case: &str, text: impl AsRef<str>) {
        let (of, text) = (format!("where {case}: "), text.as_ref());
        let Some(trial) = &self.trial else { return };
        let mut remarks = trial.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        match remarks.iter_mut().find(|remark| remark.starts_with(&of)) {
            Some(said) if said[of.len()..].contains(text) => {}
            Some(said) => said.push_str(&format!(", {text}")),
            None => remarks.push(of + text),
        }
    }

    /// Something noteworthy that does not fail the criterion.
    pub(super) fn warn(&self, summary: &str, expected: &str, observed: String) {
        if let Some(trial) = &self.trial {
            trial.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(Shortfall {
                summary: summary.to_owned(),
                expected: expected.to_owned(),
                observed,
                sent: None,
                evidence: Vec::new(),
                refused: None,
            });
        }
    }

    /// The stay that the scenario is about.
    pub(super) fn stay(&self) -> Result<Booked, Stop> {
        self.booked.clone().ok_or_else(|| Stop::Error("no step has booked a stay".to_owned()))
    }
}

impl Attach for InletPartner {
    type Bench = PartnerBench;

    fn attach(&mut self, trial: Trial<PartnerBench>) {
        self.trial = Some(trial);
    }
}

impl cucumber::World for InletPartner {
    type Error = Infallible;

    async fn new() -> Result<Self, Self::Error> {
        Ok(Self::default())
    }
}

impl fmt::Debug for InletPartner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InletPartner").field("many", &self.many.len()).finish_non_exhaustive()
    }
}
