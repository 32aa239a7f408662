//! How plain functions become steps.
//!
//! A step definition is an `async fn(&mut World, captures…) -> Step` with up to
//! four captures, each of a type that can be read from text ([`FromStr`]):
//!
//! ```text
//! pub async fn free_lock(world: &mut LockWorld) -> Step { … }
//! pub async fn valid_for(world: &mut LockWorld, hours: u64) -> Step { … }
//!
//! pub fn collection() -> Collection<LockWorld> {
//!     steps! { Collection::new();
//!         given "a lock that may be used freely" => pins::free_lock;
//!         when r"a PIN is asked for that holds for (\d+) hours" => pins::valid_for;
//!         then "the vendor lists it" => pins::listed;
//!     }
//! }
//! ```
//!
//! A pattern is a regular expression that must fit the step's whole text; it is
//! anchored here. Groups are handed over in order, one per capture. Several
//! collections are joined by giving the one to the next `steps!`.
//!
//! Every step runs under a watchdog on the machine's own clock and drives the
//! harness's clock ([`Clock::drive`]), so a step never calls `drive` itself. A
//! step that returns `Err(Stop)` ends its scenario with that judgement; a step
//! that panics is a defect of the harness.

use std::any::Any;
use std::fmt;
use std::panic::resume_unwind;
use std::str::FromStr;
use std::time::Duration;

use cucumber::codegen::{LocalBoxFuture, Regex};
use cucumber::step::Context;

use crate::harness::bench::Waited;
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::Clock;

tokio::task_local! {
    /// What steps of the scenario under way run under.
    pub(super) static GUARD: Guard;
}

/// What a step runs under.
#[derive(Clone)]
pub(super) struct Guard {
    /// The clock that steps drive.
    pub(super) clock: Clock,
    /// How long one step may take on the machine's own clock.
    pub(super) watchdog: Duration,
    /// What it may take on top, because it rightly waits.
    pub(super) waited: Waited,
}

/// Compiles a step's pattern, anchored at both ends.
///
/// # Panics
/// Where the pattern is no regular expression: patterns are literals in the
/// suite's own source, so that is a mistake which every test run shows.
#[must_use]
pub fn pattern(text: &str) -> Regex {
    match Regex::new(&format!("^(?:{text})$")) {
        Ok(regex) => regex,
        Err(why) => resume_unwind(Box::new(format!("step pattern `{text}`: {why}"))),
    }
}

/// A function that can be a step; `Captures` is the tuple of what it takes
/// beside the world.
pub trait Callable<W, Captures>: Copy + 'static {
    /// Calls it with the texts of the groups.
    fn call<'a>(self, world: &'a mut W, groups: Vec<String>) -> LocalBoxFuture<'a, Step>;
}

/// The capture at `index`, read.
fn read<T>(groups: &[String], index: usize) -> Result<T, Stop>
where
    T: FromStr,
    T::Err: fmt::Display,
{
    let text = groups
        .get(index)
        .ok_or_else(|| Stop::Error(format!("the step's pattern has no group {}", index + 1)))?;
    text.parse().map_err(|why| Stop::Error(format!("`{text}` in the step's text: {why}")))
}

/// A pattern with more or fewer groups than the function takes is a mistake.
fn expect_groups(groups: &[String], wanted: usize) -> Step {
    if groups.len() == wanted {
        return Ok(());
    }
    Err(Stop::Error(format!("the step's pattern has {} groups, its function takes {wanted}", groups.len())))
}

macro_rules! callable {
    ($count:literal; $($capture:ident $index:literal),*) => {
        impl<W: 'static, F, $($capture,)*> Callable<W, ($($capture,)*)> for F
        where
            F: AsyncFn(&mut W, $($capture,)*) -> Step + Copy + 'static,
            $($capture: FromStr + 'static, $capture::Err: fmt::Display,)*
        {
            fn call<'a>(self, world: &'a mut W, groups: Vec<String>) -> LocalBoxFuture<'a, Step> {
                Box::pin(async move {
                    expect_groups(&groups, $count)?;
                    self(world, $(read::<$capture>(&groups, $index)?,)*).await
                })
            }
        }
    };
}

callable!(0;);
callable!(1; A 0);
callable!(2; A 0, B 1);
callable!(3; A 0, B 1, C 2);
callable!(4; A 0, B 1, C 2, D 3);

/// Runs a step under its guard. A judgement travels as the payload of an unwind
/// that no panic hook sees; [`judgement`] reads it back.
pub fn run_step<'a, W, F, C>(world: &'a mut W, context: Context, function: F) -> LocalBoxFuture<'a, ()>
where
    F: Callable<W, C>,
{
    let groups = context.matches.into_iter().skip(1).map(|(_, text)| text).collect();
    Box::pin(async move {
        if let Err(stop) = guarded(function.call(world, groups)).await {
            resume_unwind(Box::new(stop));
        }
    })
}

async fn guarded(step: LocalBoxFuture<'_, Step>) -> Step {
    let guard = GUARD
        .try_with(Clone::clone)
        .map_err(|_| Stop::Error("a step ran outside of a scenario of the runner".to_owned()))?;
    let mut driven = std::pin::pin!(guard.clock.drive(step));
    let (began, before) = (tokio::time::Instant::now(), guard.waited.total());
    loop {
        // What is waited while the step runs moves its end.
        let allowed = guard.watchdog + guard.waited.total().saturating_sub(before);
        if let Ok(result) = tokio::time::timeout_at(began + allowed, &mut driven).await {
            return result;
        }
        if guard.waited.total().saturating_sub(before) + guard.watchdog <= allowed {
            return Err(Stop::Inconclusive(format!(
                "the step did not finish within {} s of the machine's own time, waiting not counted",
                guard.watchdog.as_secs_f64()
            )));
        }
    }
}

/// What an unwind out of a step means: the judgement that it carries, or a
/// defect of the harness.
pub(super) fn judgement(payload: &(dyn Any + Send)) -> Stop {
    if let Some(stop) = payload.downcast_ref::<Stop>() {
        return stop.clone();
    }
    let text = payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| payload.downcast_ref::<&'static str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "no message".to_owned());
    Stop::Error(format!("a step panicked: {text}"))
}

/// Adds step definitions to a collection; see [`harness::runner`](crate::harness::runner).
#[macro_export]
macro_rules! steps {
    ($collection:expr; $($kind:ident $pattern:literal => $function:path;)+) => {{
        let collection = $collection;
        $(
            let collection = collection.$kind(
                Some(::cucumber::step::Location { path: file!(), line: line!(), column: column!() }),
                $crate::harness::runner::pattern($pattern),
                |world, context| $crate::harness::runner::run_step(world, context, $function),
            );
        )+
        collection
    }};
}

#[cfg(test)]
mod tests {
    use cucumber::step::Collection;

    use super::*;

    #[derive(Debug, Default)]
    struct Small(u64);

    async fn nothing(world: &mut Small) -> Step {
        world.0 += 1;
        Ok(())
    }

    async fn two(world: &mut Small, count: u64, name: String) -> Step {
        world.0 += count + name.len() as u64;
        Ok(())
    }

    async fn stops(_world: &mut Small) -> Step {
        Err(Stop::Inconclusive("no such lock".to_owned()))
    }

    #[test]
    fn plain_functions_register_with_their_captures() {
        let collection: Collection<Small> = crate::steps! { Collection::new();
            given "nothing" => nothing;
            when r"(\d+) of (\w+)" => two;
            then "it stops" => stops;
        };
        let text = format!("{collection:?}");
        assert!(text.contains("nothing") && text.contains("it stops"), "{text}");
    }

    #[tokio::test]
    async fn groups_are_read_in_order_and_counted() {
        let mut world = Small::default();
        Callable::call(two, &mut world, vec!["3".into(), "abcd".into()]).await.unwrap();
        assert_eq!(world.0, 7);
        let wrong = Callable::call(two, &mut world, vec!["3".into()]).await;
        assert!(matches!(wrong, Err(Stop::Error(_))), "{wrong:?}");
        let unread = Callable::call(two, &mut world, vec!["x".into(), "y".into()]).await;
        assert!(matches!(unread, Err(Stop::Error(_))), "{unread:?}");
    }

    #[tokio::test]
    async fn a_hanging_step_is_inconclusive() {
        let guard = Guard {
            clock: Clock::stepped(crate::vendors::vocabulary::Instant::from_epoch_ms(0)),
            watchdog: Duration::from_millis(5),
            waited: Waited::default(),
        };
        let hang: LocalBoxFuture<'_, Step> = Box::pin(async {
            let _under_way =
                GUARD.with(|guard| guard.clock.begin(crate::vendors::vocabulary::ExchangeId::new("x-1")));
            std::future::pending().await
        });
        let result = GUARD.scope(guard, guarded(hang)).await;
        assert!(matches!(result, Err(Stop::Inconclusive(_))), "{result:?}");
    }

    #[tokio::test]
    async fn what_is_rightly_waited_is_not_bounded() {
        let clock = Clock::stepped(crate::vendors::vocabulary::Instant::from_epoch_ms(0));
        let waited = Waited::default();
        let guard = Guard { clock, watchdog: Duration::from_millis(5), waited: waited.clone() };
        let granted = waited.clone();
        let waits: LocalBoxFuture<'_, Step> = Box::pin(async move {
            granted.grant(Duration::from_secs(300));
            tokio::time::sleep(Duration::from_millis(20)).await;
            granted.give_back(Duration::from_secs(300));
            Ok(())
        });
        assert_eq!(GUARD.scope(guard.clone(), guarded(waits)).await, Ok(()));
        let hangs: LocalBoxFuture<'_, Step> = Box::pin(async move {
            waited.grant(Duration::from_millis(5));
            let _under_way =
                GUARD.with(|guard| guard.clock.begin(crate::vendors::vocabulary::ExchangeId::new("x-1")));
            std::future::pending().await
        });
        let late = GUARD.scope(guard, guarded(hangs)).await;
        assert!(matches!(late, Err(Stop::Inconclusive(_))), "{late:?}");
    }

    #[test]
    fn an_unwind_carries_its_judgement() {
        let stop = Stop::Inconclusive("x".to_owned());
        assert_eq!(judgement(&stop.clone()), stop);
        assert!(matches!(judgement(&"boom"), Stop::Error(_)));
    }
}
