//! Set-up that is done once, for each lock or group, and kept for later calls.

use std::collections::BTreeMap;

use tokio::sync::Mutex;

use super::Integration;
use super::failure::Failed;
use super::plan::{Course, handed_out};
use crate::vendors::dialect::Step;
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field};

/// What was set up, by the steps' operations and the value that it was done
/// for. It is held while steps run, so that two calls at once set up once.
#[derive(Default)]
pub(super) struct Kept(Mutex<BTreeMap<(String, String), Facts>>);

impl Integration {
    /// Carries out the steps unless that was done before for the same value.
    /// What they made stays when a later step of the plan fails; when one of
    /// their own fails, those before it are taken back.
    pub(super) async fn once(&self, steps: &[Step], per: &Field, course: &mut Course) -> Result<(), Failed> {
        let value = course.facts.get(per).and_then(Datum::as_text).map(str::to_owned);
        let value = value.ok_or_else(|| {
            let why = format!("`{per}`, for each of which this is set up once, is not known");
            Failed::unsent("", FailureKind::Unsupported, why)
        })?;
        let key = (named(steps), value);
        let mut kept = self.set_up.0.lock().await;
        course.set_up.push(key.clone());
        // What is tampered with has to be sent to be seen.
        let tampered = self.tampered.as_ref().is_some_and(|one| key.0.split('/').any(|name| one.is_of(name)));
        if let Some(facts) = kept.get(&key).filter(|_| !tampered) {
            course.capture(facts.clone());
            return Ok(());
        }
        let mut own = Course::tracing(course.facts.clone(), &course.trace);
        if let [Step::Find { operation, by, has, gone: false, .. }] = steps
            && by[..] == [per.clone()]
        {
            // One list tells of all: whoever comes next need not ask again.
            let listing = self.operation(operation)?;
            let facts = own.facts.clone();
            let items = self.listing(listing, &facts, &mut own).await?.items;
            for item in items.iter().filter(|item| has.iter().all(|field| item.has(field))) {
                for value in values(item, per) {
                    let mut told = handed_out(item);
                    told.items.clear();
                    kept.entry((key.0.clone(), value)).or_insert(told);
                }
            }
            if let Some(facts) = kept.get(&key) {
                course.capture(facts.clone());
                return Ok(());
            }
        }
        if let Err(mut failed) = self.steps(steps, &mut own).await {
            failed.failure.not_undone.extend(self.take_back(&mut own).await);
            return Err(failed);
        }
        let facts = handed_out(&own.said);
        kept.insert(key, facts.clone());
        drop(kept);
        course.capture(facts);
        Ok(())
    }

    /// Forgets what a course stood on that found something missing: it may be
    /// the set-up that the vendor knows no more.
    pub(super) async fn set_up_again(&self, course: &mut Course) {
        let mut kept = self.set_up.0.lock().await;
        for key in std::mem::take(&mut course.set_up) {
            kept.remove(&key);
        }
    }
}

/// The values of a field that an item has, itself or in the items within it.
fn values(item: &Facts, field: &Field) -> Vec<String> {
    let all = std::iter::once(item).chain(&item.items);
    all.filter_map(|facts| facts.text(field)).map(str::to_owned).collect()
}

fn named(steps: &[Step]) -> String {
    let plan = crate::vendors::dialect::Plan { steps: steps.to_vec() };
    crate::vendors::dialect::Support::Supported(plan).operations().join("/")
}
