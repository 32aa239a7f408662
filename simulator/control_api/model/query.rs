//! What is asked for: a part of a list, some of the locks.

use utoipa::{IntoParams, ToSchema};

use crate::simulator::control_api::error::ControlError;
use crate::simulator::world::{Only, Sought};
use crate::vendors::members::Members;

/// Largest number that every language tells apart from its neighbours.
pub const LARGEST: u64 = 9_007_199_254_740_991;

/// The last page that can be asked for.
pub const LAST_PAGE: u32 = 1_000_000;

/// A part of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// Items after this number, or skipped.
    #[param(minimum = 0, maximum = 9007199254740991_i64)]
    pub since: Option<u64>,
    /// Most items; 100 where not given.
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
}

impl Part {
    /// Reads it, and leaves what else is asked.
    pub fn take(asked: &mut Members) -> Result<Self, ControlError> {
        Ok(Self { since: asked.whole("since", 0..=LARGEST)?, limit: asked.small("limit", 1..=1_000)? })
    }

    /// How many items are answered.
    pub fn most(&self) -> usize {
        self.limit.unwrap_or(100) as usize
    }

    /// Where they begin.
    pub fn since(&self) -> u64 {
        self.since.unwrap_or(0)
    }

    /// How many are left out first.
    pub fn skip(&self) -> usize {
        usize::try_from(self.since()).unwrap_or(usize::MAX)
    }
}

/// Locks that need a look.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it describes what is read as a word")]
pub enum Trouble {
    /// They cannot be reached.
    Unreachable,
    /// Their battery is what the vendor calls low.
    LowBattery,
    /// Their door is not closed.
    DoorNotClosed,
    /// Their bolt is drawn back.
    Unlocked,
}

/// Which locks are sought; what is not given fits everything.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct Filter {
    /// A part of the lock's name or id, or of its group's name.
    pub text: Option<String>,
    /// The group's id.
    pub group: Option<String>,
    /// Only locks that need such a look.
    #[param(value_type = Option<Trouble>)]
    pub only: Option<Only>,
}

impl Filter {
    /// Reads it, and leaves what else is asked.
    pub fn take(asked: &mut Members) -> Result<Sought, ControlError> {
        let only = |text: &str| match text {
            "unreachable" => Some(Only::Unreachable),
            "low_battery" => Some(Only::LowBattery),
            "door_not_closed" => Some(Only::DoorNotClosed),
            "unlocked" => Some(Only::Unlocked),
            _ => None,
        };
        let words = "`unreachable`, `low_battery`, `door_not_closed` or `unlocked`";
        Ok(Sought {
            text: asked.text("text")?.unwrap_or_default(),
            group: asked.text("group")?,
            only: asked.word("only", words, only)?,
        })
    }
}
