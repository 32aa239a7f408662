//! What an operation makes of what it is asked, beyond the vendor's usual rules.

use std::time::Duration;

/// Terms of one operation; nothing is limited by those that are not given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Shortest window that it takes.
    pub shortest: Option<Duration>,
    /// Longest window that it takes.
    pub longest: Option<Duration>,
    /// How many computed PINs it has for one lock and window.
    pub variants: Option<u32>,
    /// How often a PIN that it computes, or a mobile credential that it makes, opens.
    pub uses: Option<u32>,
    /// Within which time after its start such a PIN must be used once.
    pub use_within: Option<Duration>,
}
