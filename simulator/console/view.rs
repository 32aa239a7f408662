//! What a reader of the stream sees of a world at one moment.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::pulse::{Cursor, Stretch};
use crate::simulator::control_api::faults::FaultAccount;
use crate::simulator::control_api::journal::EntryBody;
use crate::simulator::control_api::locks::bodies;
use crate::simulator::control_api::model::{Happened, LockBody};
use crate::simulator::server::{Entry, Sandbox};
use crate::simulator::world::{Census, GroupCensus, Sought, World};

/// Locks on one page.
pub const PAGE: usize = 50;

/// Most groups that are told.
const GROUPS: usize = 100;

/// Most exchanges, and most happenings, that are told at once.
const AT_ONCE: u64 = 50;

/// Most characters of a body that are told.
const BODY: usize = 4_000;

/// Which part of a world a reader looks at.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Which locks.
    pub sought: Sought,
    /// Which page of them, from 1.
    pub page: u32,
}

/// A lock in the list.
#[derive(Debug, Serialize)]
pub struct Row {
    /// The lock.
    pub lock: LockBody,
    /// Its group's name, or nothing.
    pub group: String,
    /// Whether the vendor calls its battery low.
    pub low: bool,
}

/// The fleet.
#[derive(Debug, Serialize)]
pub struct Fleet {
    /// Locks in all, and how many need a look.
    pub census: Census,
    /// Groups, the first hundred.
    groups: Vec<GroupCensus>,
    /// Groups in all.
    groups_in_all: usize,
    /// Locks that are sought.
    matching: u32,
    /// Which page of them is told, from 1.
    pub page: u32,
    /// How many pages there are, one at least.
    pub pages: u32,
    /// The locks of that page.
    pub rows: Vec<Row>,
}

/// Exchanges since the reader's place.
#[derive(Debug, Serialize)]
pub struct Exchanges {
    /// How many were left out.
    skipped: u64,
    /// Exchanges, oldest first.
    entries: Vec<EntryBody>,
}

impl Exchanges {
    /// The latest exchanges, the youngest first.
    pub fn latest(&self, most: usize) -> impl Iterator<Item = &EntryBody> {
        self.entries.iter().rev().take(most)
    }
}

/// Happenings since the reader's place.
#[derive(Debug, Serialize)]
pub struct Happenings {
    /// How many were left out.
    skipped: u64,
    /// Happenings, oldest first.
    events: Vec<Happened>,
}

/// A moment of a world.
#[derive(Debug)]
pub struct View {
    /// The fleet.
    pub fleet: Fleet,
    /// The faults.
    pub faults: Vec<FaultAccount>,
    /// What was said; nothing where nothing is new.
    pub exchanges: Option<Exchanges>,
    /// What happened; nothing where nothing is new.
    pub happenings: Option<Happenings>,
    /// Where the reader stands after this.
    pub cursor: Cursor,
    /// Whether the reader's place was one of this making of the world.
    pub resumed: bool,
    /// For how long the world was held up.
    pub held: Duration,
}

/// Looks at a world. The world is held up for the counting alone; masking and
/// writing are done afterwards.
pub fn look(sandbox: &Sandbox, look: &Look, told: Option<Cursor>) -> View {
    let began = Instant::now();
    let mut state = sandbox.state();
    let told = told.filter(|told| told.generation == state.generation);
    let fleet = fleet(&mut state.world, look);
    let faults = state.faults.accounts();
    let (last, happened) = (state.journal.last(), state.world.last_event());
    let said = Stretch::new(told.map(|told| told.exchange), last, AT_ONCE);
    let came = Stretch::new(told.map(|told| told.happening), happened, AT_ONCE);
    let entries = state.journal.since(said.after, AT_ONCE as usize);
    let events = state.world.events_since(came.after);
    let cursor = Cursor { generation: state.generation, exchange: last, happening: happened };
    drop(state);
    let held = began.elapsed();
    View {
        fleet,
        faults: faults.into_iter().map(FaultAccount::from).collect(),
        exchanges: (told.is_none() || !entries.is_empty())
            .then(|| Exchanges { skipped: said.skipped, entries: shown(sandbox, &entries) }),
        happenings: (told.is_none() || !events.is_empty()).then(|| Happenings {
            skipped: came.skipped,
            events: events.into_iter().map(Happened::from).collect(),
        }),
        cursor,
        resumed: told.is_some(),
        held,
    }
}

fn shown(sandbox: &Sandbox, entries: &[Arc<Entry>]) -> Vec<EntryBody> {
    let shown = |entry: &Arc<Entry>| {
        let mut body = EntryBody::masked(entry, sandbox);
        body.cut(BODY);
        body
    };
    entries.iter().map(shown).collect()
}

fn fleet(world: &mut World, look: &Look) -> Fleet {
    let census = world.census();
    let (groups_in_all, groups) = world.group_census(GROUPS);
    let page_size = PAGE as u32;
    let mut page = look.page.max(1);
    let mut found = world.find_locks(&look.sought, (page as usize - 1) * PAGE, PAGE);
    let pages = found.matching.div_ceil(page_size).max(1);
    if page > pages {
        page = pages;
        found = world.find_locks(&look.sought, (page as usize - 1) * PAGE, PAGE);
    }
    let locks = bodies(world, &found.part);
    let row = |(index, lock): (&u32, LockBody)| Row {
        group: world.group_name(*index).unwrap_or_default().to_owned(),
        low: world.is_battery_low(*index),
        lock,
    };
    let rows = found.part.iter().zip(locks).map(row).collect();
    Fleet { census, groups, groups_in_all, matching: found.matching, page, pages, rows }
}
