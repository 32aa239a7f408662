//! How time passes in a simulated world, as it is typed.

use std::str::FromStr;

use crate::vendors::vocabulary::Clock;

/// `real`, `x60` or `manual`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClockChoice {
    /// With the machine.
    Real,
    /// So many times as fast.
    Accelerated(f64),
    /// Only when the control API moves it.
    Manual,
}

/// The fastest factor: a day in under a second.
const FASTEST: f64 = 100_000.0;

impl ClockChoice {
    /// A clock that runs so, from the machine's present on.
    pub fn start(self) -> Clock {
        match self {
            Self::Real => Clock::real(),
            Self::Accelerated(factor) => Clock::accelerated(factor),
            Self::Manual => Clock::stepped(Clock::real().now()),
        }
    }
}

impl FromStr for ClockChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "real" => return Ok(Self::Real),
            "manual" => return Ok(Self::Manual),
            _ => {}
        }
        text.strip_prefix('x')
            .and_then(|factor| factor.parse::<f64>().ok())
            .filter(|factor| *factor > 0.0 && *factor <= FASTEST)
            .map(Self::Accelerated)
            .ok_or_else(|| format!("expected `real`, `manual`, or `x` and a factor up to {FASTEST} (`x60`)"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_of_time_are_understood() {
        assert_eq!("real".parse(), Ok(ClockChoice::Real));
        assert_eq!("manual".parse(), Ok(ClockChoice::Manual));
        assert_eq!("x60".parse(), Ok(ClockChoice::Accelerated(60.0)));
        assert_eq!("x0.5".parse(), Ok(ClockChoice::Accelerated(0.5)));
    }

    #[test]
    fn nothing_else_is() {
        for text in ["", "x", "x0", "x-1", "60", "xNaN", "xinf", "x1e9", "Real"] {
            assert!(text.parse::<ClockChoice>().is_err(), "{text}");
        }
    }
}
