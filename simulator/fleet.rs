//! What stands in a world at its start.

/// A fleet of locks in groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// Locks in all.
    pub locks: u32,
    /// Groups that the locks are spread over.
    pub groups: u32,
    /// Whether the roles of [`super::FixtureView`] are laid out (a partial group, an empty
    /// group, an offline lock, a lock with a low battery).
    pub fixture: bool,
}

impl Fleet {
    /// The fleet that certification uses: more locks than one page holds, with
    /// every role laid out.
    pub fn fixture() -> Self {
        Self { locks: 130, groups: 8, fixture: true }
    }

    /// Plain locks spread evenly over groups.
    pub fn sized(locks: u32, groups: u32) -> Self {
        Self { locks, groups, fixture: false }
    }
}
