//! Named ways in which a vendor breaks exactly one criterion, and ways in which
//! one is unusual but right.

/// A named way in which the simulated vendor breaks one criterion.
#[derive(Debug, PartialEq, Eq)]
pub struct Misbehaviour {
    /// Its name (`ignores-group-filter`).
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The id of the criterion that it breaks.
    pub breaks: &'static str,
    /// Other required criteria that must fail with it, each with the reason.
    pub follows: &'static [(&'static str, &'static str)],
}

/// Every misbehaviour, by the criterion that it breaks.
pub const MISBEHAVIOURS: &[Misbehaviour] = &[];

/// A way in which a vendor is unusual but right; every criterion must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variation {
    /// Answers carry members that the documentation does not show.
    ExtraMembers,
    /// Members come in another order.
    OtherOrder,
    /// Answers take as long as documented, and not less.
    SlowButLegal,
    /// Ids are long texts with odd characters.
    OddIds,
    /// Pages are much smaller than asked for.
    SmallPages,
}

impl Variation {
    /// Every variation.
    pub const ALL: &'static [Variation] =
        &[Self::ExtraMembers, Self::OtherOrder, Self::SlowButLegal, Self::OddIds, Self::SmallPages];

    /// Its name for people and for the matrix.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ExtraMembers => "extra-members",
            Self::OtherOrder => "other-order",
            Self::SlowButLegal => "slow-but-legal",
            Self::OddIds => "odd-ids",
            Self::SmallPages => "small-pages",
        }
    }
}
