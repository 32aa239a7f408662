//! Partners for whom nobody vouches: what only people can tell must be left open then.

/// A partner as it should be, for whom nobody vouches in one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unvouched {
    /// Its name in the matrix.
    pub name: &'static str,
    /// What is lacking, in one sentence.
    pub summary: &'static str,
    /// The id of the criterion that nobody vouches for, and why it is open.
    pub untold: (&'static str, &'static str),
}

const WHY: &str = "nobody vouches for it";

impl Unvouched {
    /// One for each required criterion that is attested.
    pub const ALL: &'static [Self] = &[
        Self {
            name: "hands-nothing-in",
            summary: "Nobody vouches that documentation was handed in.",
            untold: ("IP-70", WHY),
        },
        Self {
            name: "answers-no-checklist",
            summary: "Nobody vouches for answers to the compliance checklist.",
            untold: ("IP-71", WHY),
        },
        Self {
            name: "shows-no-screens",
            summary: "Nobody vouches that user-experience standards were reviewed.",
            untold: ("IP-73", WHY),
        },
        Self {
            name: "lacks-prerequisites",
            summary: "Nobody vouches for the prerequisites.",
            untold: ("IP-74", WHY),
        },
        Self {
            name: "watches-nothing",
            summary: "Nobody vouches for monitoring and alerts.",
            untold: ("IP-80", WHY),
        },
    ];

    /// The id of the criterion that nobody vouches for.
    pub fn criterion(&self) -> &'static str {
        self.untold.0
    }
}
