//! Lists in pages.

use std::ops::Range;

use super::call::PAGED_BY;
use super::dice::digest;
use super::{Call, Refusal, World};
use crate::simulator::Variation;
use crate::vendors::vocabulary::{Datum, Facts, Field};

/// The part of a list that one answer holds, and what it tells of the rest.
#[derive(Clone, Debug)]
pub struct Page {
    /// The items.
    pub range: Range<usize>,
    /// Total, next cursor, whether there is more.
    pub facts: Facts,
}

impl World {
    /// Cuts a list of `total` items. `list` names what is listed; a cursor is
    /// good for the list that it came from only.
    pub(super) fn page(&self, call: Call, asked: &Facts, total: usize, list: &str) -> Result<Page, Refusal> {
        let paged = call.paged || PAGED_BY.iter().any(|field| asked.has(field));
        let size = if paged { self.page_size(asked)? } else { total.max(1) };
        let shown = call.cap.map_or(total, |cap| total.min(cap as usize));
        let start = self.page_start(asked, size, list)?.min(shown);
        let end = start.saturating_add(size).min(shown);
        let mut facts = Facts::new();
        facts.set(Field::PageTotal, int(total));
        facts.set(Field::PagePages, int(total.div_ceil(size)));
        facts.set(Field::PageMore, Datum::Bool(end < shown));
        facts.set(Field::PageNumber, int(start / size + 1));
        facts.set(Field::PageSize, int(size));
        facts.set(Field::PageOffset, int(start));
        if end < shown {
            facts.set(Field::PageNext, Datum::text(self.cursor(end, list)));
        }
        Ok(Page { range: start..end, facts })
    }

    fn page_size(&self, asked: &Facts) -> Result<usize, Refusal> {
        let most = match self.variation {
            Some(Variation::SmallPages) => 7,
            _ => self.limits.page_size.max(1) as usize,
        };
        match asked.int(&Field::PageSize) {
            None => Ok(most),
            Some(size) if size < 1 => Err(Refusal::invalid("a page holds at least one item")),
            Some(size) => Ok(usize::try_from(size).unwrap_or(most).min(most)),
        }
    }

    fn page_start(&self, asked: &Facts, size: usize, list: &str) -> Result<usize, Refusal> {
        if let Some(cursor) = asked.text(&Field::PageCursor).filter(|cursor| !cursor.is_empty()) {
            return self.read_cursor(cursor, list);
        }
        if let Some(offset) = asked.int(&Field::PageOffset) {
            return usize::try_from(offset).map_err(|_| Refusal::invalid("an offset is not negative"));
        }
        match asked.int(&Field::PageNumber) {
            None => Ok(0),
            Some(number) if number < 1 => Err(Refusal::invalid("pages are counted from 1")),
            Some(number) => Ok(usize::try_from(number - 1).unwrap_or(usize::MAX).saturating_mul(size)),
        }
    }

    fn cursor(&self, offset: usize, list: &str) -> String {
        format!("{:08x}{:08x}", offset, digest(self.seed, &format!("{list}/{offset}")) as u32)
    }

    fn read_cursor(&self, cursor: &str, list: &str) -> Result<usize, Refusal> {
        cursor
            .get(..8)
            .and_then(|offset| usize::from_str_radix(offset, 16).ok())
            .filter(|offset| self.cursor(*offset, list) == cursor)
            .ok_or_else(|| Refusal::invalid("the cursor belongs to no such list"))
    }
}

fn int(number: usize) -> Datum {
    Datum::Int(i64::try_from(number).unwrap_or(i64::MAX))
}
