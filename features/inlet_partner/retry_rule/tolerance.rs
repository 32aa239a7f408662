//! How exact the laboratory's clock allows a verdict to be.

use std::time::Duration;

use crate::vendors::partner::Pace;

/// How far an observed time may lie beyond a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tolerance(Duration);

impl Tolerance {
    /// In virtual and in real time.
    const USUAL: Duration = Duration::from_secs(5);
    /// What a machine's scheduling and network may cost, on its own clock.
    const JITTER_S: f64 = 0.1;
    /// Beyond this nothing can be told.
    const WIDEST: Duration = Duration::from_secs(30);
    /// Beyond this a partner's timers are no longer what they are in earnest.
    pub const FASTEST: f64 = 60.0;

    /// What a pace leaves open; why nothing can be judged where it is too much.
    pub fn at(pace: Pace) -> Result<Self, String> {
        let factor = match pace {
            Pace::Virtual | Pace::Real => return Ok(Self(Self::USUAL)),
            Pace::Accelerated(factor) => factor,
        };
        if !factor.is_finite() || factor <= 0.0 {
            return Err(format!("time does not pass {factor} times as fast"));
        }
        let needed = Duration::try_from_secs_f64(factor * Self::JITTER_S).unwrap_or(Duration::MAX);
        let tolerance = needed.max(Self::USUAL);
        if tolerance > Self::WIDEST {
            return Err(format!(
                "at {factor} times the pace of the clock times are known to {} s only, and more than {} s is too coarse \
                 to judge by",
                tolerance.as_secs(),
                Self::WIDEST.as_secs()
            ));
        }
        if factor > Self::FASTEST {
            return Err(format!(
                "time ran {factor} times as fast, and more than {} times is not judged",
                Self::FASTEST
            ));
        }
        Ok(Self(tolerance))
    }

    /// The span.
    pub fn span(self) -> Duration {
        self.0
    }

    /// A lower bound, less the tolerance.
    pub(super) fn below(self, bound: Duration) -> Duration {
        bound.saturating_sub(self.0)
    }

    /// An upper bound with the tolerance.
    pub(super) fn above(self, bound: Duration) -> Duration {
        bound.saturating_add(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(pace: Pace) -> Option<u64> {
        Tolerance::at(pace).ok().map(|tolerance| tolerance.span().as_secs())
    }

    #[test]
    fn the_tolerance_is_the_larger_of_five_seconds_and_a_tenth_of_a_real_one() {
        assert_eq!(seconds(Pace::Virtual), Some(5));
        assert_eq!(seconds(Pace::Real), Some(5));
        assert_eq!(seconds(Pace::Accelerated(10.0)), Some(5));
        assert_eq!(seconds(Pace::Accelerated(60.0)), Some(6));
    }

    #[test]
    fn too_fast_a_clock_judges_nobody() {
        for factor in [61.0, 300.0, 301.0, 1e9, 0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(seconds(Pace::Accelerated(factor)), None, "{factor}");
        }
        let told = Tolerance::at(Pace::Accelerated(400.0)).unwrap_err();
        assert!(told.contains("40 s"), "{told}");
    }
}
