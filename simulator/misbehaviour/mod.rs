//! Named ways in which a vendor breaks exactly one criterion, and ways in which
//! one is unusual but right.

mod absence;
mod actuation;
mod algo;
mod answers;
mod credentials;
mod errors;
mod groups;
mod locks;
mod mobile;
mod pins;
mod removal;
mod resilience;
mod rules;
mod statement;
mod status;

use super::world::{Call, Quirk, Refusal, World};
use crate::vendors::vocabulary::{Facts, Field, Meaning};
use crate::vendors::wire::WireResponse;

/// A named way in which the simulated vendor breaks one criterion.
#[derive(Clone, Copy, Debug)]
pub struct Misbehaviour {
    /// Its name (`ignores-group-filter`).
    pub name: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// The id of the criterion that it breaks.
    pub breaks: &'static str,
    /// Other required criteria that must fail with it, each with the reason.
    pub follows: &'static [(&'static str, &'static str)],
    /// What the vendor declares besides, so that there is a rule to break.
    pub(super) declares: Option<fn(&mut toml::Table)>,
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

impl Misbehaviour {
    /// One that breaks its criterion and nothing else.
    pub(super) const fn new(
        name: &'static str,
        breaks: &'static str,
        summary: &'static str,
        twist: Twist,
    ) -> Self {
        Self { name, summary, breaks, follows: &[], declares: None, twist }
    }

    /// The vendor's statement as it hands it in, where that is what is wrong, or
    /// where it declares a rule that is not held. `None` too where the text is no
    /// TOML.
    pub fn statement(&self, text: &str) -> Option<String> {
        let edit = match self.twist {
            Twist::Statement(edit) => edit,
            _ => self.declares?,
        };
        let mut statement: toml::Table = text.parse().ok()?;
        edit(&mut statement);
        toml::to_string(&statement).ok()
    }

    /// The same of a vendor that declares more.
    pub(super) const fn declaring(mut self, declares: fn(&mut toml::Table)) -> Self {
        self.declares = Some(declares);
        self
    }

    /// The same, with criteria that cannot hold either.
    pub(super) const fn with(mut self, follows: &'static [(&'static str, &'static str)]) -> Self {
        self.follows = follows;
        self
    }
}

/// Where a misbehaviour takes hold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Twist {
    /// In the world's own rules.
    World(Quirk),
    /// On what is asked, before it is carried out.
    Asked(fn(&mut World, Call, &mut Facts)),
    /// On what is told, after it was carried out.
    Told(fn(&mut World, Call, &Facts, &mut Result<Facts, Refusal>)),
    /// On the answer's JSON: the members that tell these fields are left out.
    Hides(Meaning, &'static [Field]),
    /// On the bytes of the answer.
    Answered(fn(Meaning, &mut WireResponse)),
    /// On what the vendor says of itself.
    Statement(fn(&mut toml::Table)),
}

/// Every misbehaviour, by topic.
pub const MISBEHAVIOURS: &[Misbehaviour] = &JOINED;

const TOPICS: &[&[Misbehaviour]] = &[
    statement::ALL,
    answers::ALL,
    credentials::ALL,
    groups::ALL,
    locks::ALL,
    status::ALL,
    pins::ALL,
    rules::ALL,
    removal::ALL,
    mobile::ALL,
    actuation::ALL,
    algo::ALL,
    resilience::ALL,
    errors::ALL,
    absence::ALL,
];

const JOINED: [Misbehaviour; count(TOPICS)] = join(TOPICS);

const fn count(topics: &[&[Misbehaviour]]) -> usize {
    let (mut topic, mut total) = (0, 0);
    while topic < topics.len() {
        total += topics[topic].len();
        topic += 1;
    }
    total
}

const fn join<const N: usize>(topics: &[&[Misbehaviour]]) -> [Misbehaviour; N] {
    let mut joined = [topics[0][0]; N];
    let (mut topic, mut next) = (0, 0);
    while topic < topics.len() {
        let mut at = 0;
        while at < topics[topic].len() {
            joined[next] = topics[topic][at];
            (at, next) = (at + 1, next + 1);
        }
        topic += 1;
    }
    joined
}

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MISBEHAVIOURS;

    #[test]
    fn names_are_unique_and_every_wire_criterion_is_broken() {
        let names: BTreeSet<_> = MISBEHAVIOURS.iter().map(|misbehaviour| misbehaviour.name).collect();
        assert_eq!(names.len(), MISBEHAVIOURS.len());
        let broken: BTreeSet<_> = MISBEHAVIOURS.iter().map(|misbehaviour| misbehaviour.breaks).collect();
        let wire = [
            1, 2, 3, 4, 10, 20, 21, 30, 31, 33, 34, 36, 40, 41, 42, 44, 45, 46, 50, 51, 52, 60, 61, 70, 80,
            81, 82, 83,
        ];
        for id in wire.into_iter().chain([6, 90, 95, 96, 97, 98]) {
            assert!(broken.contains(format!("LV-{id:02}").as_str()), "nothing breaks LV-{id:02}");
        }
    }
}
