//! One scenario, run by cucumber-rs with our own parser and writer around it.
//!
//! Each scenario is a run of its own, so that its place in the order, its
//! context and its interruption are ours to decide.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use cucumber::step::Collection;
use cucumber::{Cucumber, Event, Parser, ScenarioType, Writer, cli, event, gherkin, parser, runner, writer};
use futures::{FutureExt as _, stream};

use super::step::{GUARD, Guard, judgement};
use super::suite::Case;
use super::{Attach, Instruments as _};
use crate::harness::result::StepResult;
use crate::harness::trial::{Stop, Trial};
use crate::harness::verdict::Verdict;

/// What a scenario's run left.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// Every step with whether it held.
    pub steps: Vec<StepResult>,
    /// What ended it early.
    pub stop: Option<Stop>,
    /// Whether a `Then` was reached.
    pub asserted: bool,
}

/// Hands one prepared feature over.
struct One;

impl Parser<gherkin::Feature> for One {
    type Cli = cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, feature: gherkin::Feature, _: Self::Cli) -> Self::Output {
        stream::iter(vec![Ok(feature)])
    }
}

/// Keeps how each step ended.
#[derive(Default)]
struct Collector {
    ended: Vec<Ended>,
    stop: Option<Stop>,
}

struct Ended {
    text: String,
    asserts: bool,
    held: bool,
}

impl writer::Normalized for Collector {}

impl<W: 'static> Writer<W> for Collector {
    type Cli = cli::Empty;

    async fn handle_event(&mut self, event: parser::Result<Event<event::Cucumber<W>>>, _: &Self::Cli) {
        use event::{Cucumber as C, Feature as F, Rule as R};
        match event.map(Event::into_inner) {
            Err(why) => self.end(Stop::Error(why.to_string())),
            Ok(C::Feature(_, F::Scenario(_, event) | F::Rule(_, R::Scenario(_, event)))) => {
                self.scenario(event.event);
            }
            Ok(_) => {}
        }
    }
}

impl Collector {
    fn scenario<W>(&mut self, event: event::Scenario<W>) {
        match event {
            event::Scenario::Step(step, event) | event::Scenario::Background(step, event) => {
                self.step(&step, event);
            }
            event::Scenario::Hook(_, event::Hook::Failed(_, payload)) => self.end(judgement(&*payload)),
            _ => {}
        }
    }

    fn step<W>(&mut self, step: &gherkin::Step, event: event::Step<W>) {
        let stop = match event {
            event::Step::Started => return,
            event::Step::Passed(..) => None,
            event::Step::Skipped => Some(Stop::Error(format!("nobody defines `{}`", step.value))),
            event::Step::Failed(_, _, _, error) => Some(match error {
                event::StepError::NotFound => Stop::Error(format!("nobody defines `{}`", step.value)),
                event::StepError::AmbiguousMatch(why) => Stop::Error(why.to_string()),
                event::StepError::Panic(payload) => judgement(&*payload),
            }),
        };
        self.ended.push(Ended {
            text: text_of(step),
            asserts: step.ty == gherkin::StepType::Then,
            held: stop.is_none(),
        });
        if let Some(stop) = stop {
            self.end(stop);
        }
    }

    /// The first thing that ends a scenario is why it ended.
    fn end(&mut self, stop: Stop) {
        self.stop.get_or_insert(stop);
    }
}

fn text_of(step: &gherkin::Step) -> String {
    format!("{} {}", step.keyword.trim(), step.value)
}

/// Runs one scenario with its context; its steps drive the bench's clock, each
/// within `watchdog` of the machine's own time.
pub async fn run_case<W: Attach>(
    steps: &Collection<W>,
    case: &Case,
    trial: Trial<W::Bench>,
    watchdog: Duration,
) -> Ran {
    let clock = trial.bench.clock().clone();
    let waited = trial.bench.waited();
    let runner = runner::Basic::<W>::default()
        .steps(steps.clone())
        .max_concurrent_scenarios(1_usize)
        .which_scenario(|_, _, _| ScenarioType::Concurrent)
        .retry_options(|_, _, _, _| None)
        .before(move |_, _, _, world: &mut W| {
            world.attach(trial.clone());
            Box::pin(async {})
        });
    let cucumber =
        Cucumber::<W, One, gherkin::Feature, _, _, cli::Empty>::custom(One, runner, Collector::default())
            .with_default_cli();
    let run = GUARD.scope(Guard { clock, watchdog, waited }, cucumber.run(case.feature.clone()));
    let collector = match AssertUnwindSafe(run).catch_unwind().await {
        Ok(collector) => collector,
        Err(payload) => Collector { ended: Vec::new(), stop: Some(judgement(&*payload)) },
    };
    account(case, collector)
}

/// Compares what ended with what was to be run.
fn account(case: &Case, collector: Collector) -> Ran {
    let planned = case.steps();
    let Collector { ended, mut stop } = collector;
    if stop.is_none() && ended.len() != planned.len() {
        stop = Some(Stop::Error(format!("{} of {} steps were run", ended.len(), planned.len())));
    }
    let asserted = ended.iter().any(|step| step.asserts);
    let broken = stop.as_ref().map_or(Verdict::Pass, verdict_of);
    let mut steps: Vec<StepResult> = ended
        .into_iter()
        .map(|step| StepResult { text: step.text, verdict: if step.held { Verdict::Pass } else { broken } })
        .collect();
    let rest = planned.iter().skip(steps.len());
    steps.extend(rest.map(|step| StepResult { text: text_of(step), verdict: Verdict::Skipped }));
    Ran { steps, stop, asserted }
}

/// The verdict that a stop means.
pub fn verdict_of(stop: &Stop) -> Verdict {
    match stop {
        Stop::Fail(_) => Verdict::Fail,
        Stop::Inconclusive(_) => Verdict::Inconclusive,
        Stop::NotApplicable(_) => Verdict::NotApplicable,
        Stop::Error(_) => Verdict::Error,
    }
}
