//! What may be typed behind the commands that simulate.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use crate::simulator::Pace;

/// The arguments of `simulate`.
#[derive(Clone, Debug, Args)]
pub struct Simulate {
    /// Profiles: paths, or names of embedded ones. `inlet` is Inlet's API for a
    /// booking system, with one vendor behind it.
    #[arg(value_name = "PROFILE", default_value = "reference")]
    pub profiles: Vec<String>,
    /// A scenario, by its file or the name of an embedded one: the fleet, and what
    /// happens in it. Its guests type the PINs that your software has made.
    #[arg(long, value_name = "SCENARIO")]
    pub scenario: Option<String>,
    /// How time passes: `real`, `x60` (sixty times as fast), or `manual`.
    #[arg(long, value_name = "CLOCK", default_value = "real", value_parser = pace)]
    pub clock: Pace,
    /// Where to listen; port 0 takes a free one. Several profiles stand side by
    /// side, each below a path of its own.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// How many locks there are [default: the fleet that certification uses].
    #[arg(long, value_name = "N", conflicts_with = "scenario", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub locks: Option<u32>,
    /// Write a subject file with the addresses, test locks and groups of the
    /// simulated vendor, for the `certify` command that is printed.
    #[arg(long, value_name = "FILE")]
    pub subject_file: Option<PathBuf>,
    /// With `inlet`: serve HTTPS alone, and write the certificate that vouches
    /// for this server to a file, for your integration to trust.
    #[arg(long, value_name = "FILE")]
    pub https: Option<PathBuf>,
    /// The seed of everything random [default: that of the scenario, or 1].
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
}

/// The arguments of `selftest`.
#[derive(Clone, Debug, Args)]
pub struct Selftest {
    /// A profile whose simulated vendor misbehaves.
    #[arg(default_value = "reference")]
    pub profile: String,
    /// The seed of everything random.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
}

fn pace(text: &str) -> Result<Pace, String> {
    Pace::parse(text)
        .ok_or_else(|| "expected `real`, `manual`, or `x` and a factor up to 1000000 (`x60`)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_of_time_are_understood_and_nothing_else_is() {
        assert_eq!(pace("real"), Ok(Pace::Real));
        assert_eq!(pace("manual"), Ok(Pace::Manual));
        assert_eq!(pace("x0.5"), Ok(Pace::Times(0.5)));
        for text in ["", "x", "x0", "x-1", "60", "xNaN", "xinf", "x1e9", "Real"] {
            assert!(pace(text).is_err(), "{text}");
        }
    }
}
