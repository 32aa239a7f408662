//! Named ways in which a vendor breaks exactly one criterion, and ways in which
//! one is unusual but right.

use super::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Facts, Meaning};
use crate::vendors::wire::WireResponse;

/// A named way in which the simulated vendor breaks one criterion.
#[derive(Debug)]
pub struct Misbehaviour {
    /// Its name (`ignores-group-filter`).
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The id of the criterion that it breaks.
    pub breaks: &'static str,
    /// Other required criteria that must fail with it, each with the reason.
    pub follows: &'static [(&'static str, &'static str)],
    /// How it is done.
    pub(super) twist: Twist,
}

impl PartialEq for Misbehaviour {
    fn eq(&self, other: &Self) -> bool {
        // Names are unique; functions cannot be compared.
        self.name == other.name
    }
}

impl Eq for Misbehaviour {}

/// Where a misbehaviour takes hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Twist {
    /// In the world's own rules.
    World(Quirk),
    /// On what is asked, before it is carried out.
    Asked(fn(&mut World, Call, &mut Facts)),
    /// On what is told, after it was carried out.
    Told(fn(&mut World, Call, &Facts, &mut Result<Facts, Refusal>)),
    /// On the bytes of the answer.
    Answered(fn(Meaning, &mut WireResponse)),
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
