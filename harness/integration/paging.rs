//! Lists over all their pages.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Integration;
use super::failure::Failed;
use super::plan::{Course, Wanted};
use super::retry::agrees;
use crate::vendors::dialect::{Mismatch, Operation, Paging, PagingBy, Repeat};
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field};

/// More pages than any list of ours has.
const MOST_PAGES: usize = 10_000;

impl Integration {
    /// Asks for every page; the items of all pages come back in one set of facts.
    pub(super) async fn listing(
        &self,
        operation: &Operation,
        facts: &Facts,
        course: &mut Course,
    ) -> Result<Facts, Failed> {
        let kept = operation.is_versioned().then(|| self.lists.get(operation, facts)).flatten();
        let mut facts = facts.clone();
        let version = kept.as_ref().and_then(|kept| kept.get(&Field::ListVersion)).cloned();
        facts.remove(&Field::ListVersion);
        facts.set_some(Field::ListVersion, version);
        let mut list = List::new(operation);
        loop {
            let asked = list.ask(&facts);
            let page = self.attempt(operation, &Repeat::Idempotent, &asked, course).await?;
            if page.flag(&Field::ListUnchanged) == Some(true) {
                let why = "the list is told as unchanged, though no version of it was named";
                return kept.ok_or_else(|| Failed::protocol(operation.name(), why, None));
            }
            if list.take(page)? {
                if operation.is_versioned() {
                    self.lists.keep(operation, &facts, &list.facts);
                }
                return Ok(list.facts);
            }
        }
    }

    /// Lists once and looks for the item that agrees in every field of `by`.
    pub(super) async fn find_once(
        &self,
        listing: &str,
        by: &[Field],
        facts: &Facts,
        course: &mut Course,
    ) -> Result<Option<Facts>, Failed> {
        let operation = self.operation(listing)?;
        let mut list = List::new(operation);
        // A list that is told as unchanged shows nothing, so no version is named.
        let mut whole = facts.clone();
        whole.remove(&Field::ListVersion);
        loop {
            let asked = list.ask(&whole);
            let page = self.authenticated(operation, &asked, &course.trace).await?;
            if list.take(page)? {
                break;
            }
        }
        Ok(self.matching(list.facts.items, Wanted { by, has: &[], says: &Facts::new(), gone: false }, facts))
    }

    /// The item that is as it is wanted; none where nothing is wanted of it.
    pub(super) fn matching(&self, items: Vec<Facts>, wanted: Wanted<'_>, facts: &Facts) -> Option<Facts> {
        let Wanted { by, has, says, .. } = wanted;
        let unit = self.shared.dialect.limits.window.unit;
        let agree = |item: &Facts| by.iter().all(|field| agrees(facts.get(field), item.get(field), unit));
        let fits = |item: &Facts| agree(item) || item.items.iter().any(agree);
        let whole = |item: &Facts| {
            has.iter().all(|field| item.has(field))
                && says.iter().all(|(field, value)| item.get(field) == Some(value))
        };
        let any = !by.is_empty() || says.iter().next().is_some();
        items.into_iter().find(|item| any && whole(item) && fits(item))
    }
}

/// Lists that were told with a version, so that they need not be told again.
#[derive(Default)]
pub(super) struct KeptLists(Mutex<BTreeMap<String, Facts>>);

impl KeptLists {
    fn open(&self) -> MutexGuard<'_, BTreeMap<String, Facts>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, operation: &Operation, facts: &Facts) -> Option<Facts> {
        self.open().get(&list_name(operation, facts)).cloned()
    }

    fn keep(&self, operation: &Operation, facts: &Facts, list: &Facts) {
        self.open().insert(list_name(operation, facts), list.clone());
    }
}

/// Which list it is: the operation, and whose.
fn list_name(operation: &Operation, facts: &Facts) -> String {
    let ids = [Field::LockId, Field::GroupId, Field::UserId];
    let ids = ids.iter().filter(|id| operation.asks_with(id));
    let ids: Vec<&str> = ids.map(|id| facts.text(id).unwrap_or_default()).collect();
    format!("{} {}", operation.name(), ids.join(" "))
}

/// A list as far as it was read.
struct List<'a> {
    operation: &'a Operation,
    pages: usize,
    cursor: Option<String>,
    cursors: Vec<String>,
    last_page: Vec<Facts>,
    facts: Facts,
}

impl<'a> List<'a> {
    fn new(operation: &'a Operation) -> Self {
        Self {
            operation,
            pages: 0,
            cursor: None,
            cursors: Vec::new(),
            last_page: Vec::new(),
            facts: Facts::new(),
        }
    }

    /// The request for the next page.
    fn ask(&self, facts: &Facts) -> Facts {
        let mut facts = facts.clone();
        let number = |count: usize| Datum::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let Some(paging) = self.operation.paging() else { return facts };
        facts.set(Field::PageSize, Datum::Int(i64::from(paging.size)));
        facts.set(Field::PageNumber, number(self.pages + 1));
        facts.set(Field::PageOffset, number(self.facts.items.len()));
        facts.remove(&Field::PageCursor);
        facts.set_some(Field::PageCursor, self.cursor.as_ref().map(Datum::text));
        facts
    }

    /// Takes a page; whether it was the last.
    fn take(&mut self, mut page: Facts) -> Result<bool, Failed> {
        self.pages += 1;
        let items = std::mem::take(&mut page.items);
        let (count, total, more) = (items.len(), page.int(&Field::PageTotal), page.flag(&Field::PageMore));
        let next = page.text(&Field::PageNext).filter(|next| !next.is_empty()).map(str::to_owned);
        if count > 0 && self.pages > 1 && items == self.last_page {
            return Err(self.endless("a page came twice"));
        }
        self.facts.merge(&page);
        self.facts.items.extend(items.iter().cloned());
        self.last_page = items;
        let last = match self.operation.paging() {
            None => true,
            Some(Paging { by: PagingBy::Cursor | PagingBy::Link, .. }) => {
                self.is_last_by_cursor(next, more)?
            }
            Some(_) => self.is_last_by_count(count, total, more)?,
        };
        if last {
            self.is_uncapped(total)?;
            self.is_complete(total)?;
        } else if self.pages >= MOST_PAGES {
            return Err(self.endless("there are more than 10,000 pages"));
        }
        Ok(last)
    }

    fn is_last_by_cursor(&mut self, next: Option<String>, more: Option<bool>) -> Result<bool, Failed> {
        let Some(next) = next.filter(|_| more != Some(false)) else { return Ok(true) };
        if self.cursors.contains(&next) {
            return Err(self.endless("a cursor came twice"));
        }
        self.cursors.push(next.clone());
        self.cursor = Some(next);
        Ok(false)
    }

    fn is_last_by_count(&self, count: usize, total: Option<i64>, more: Option<bool>) -> Result<bool, Failed> {
        let read = i64::try_from(self.facts.items.len()).unwrap_or(i64::MAX);
        match (more, total) {
            (Some(true), _) if count == 0 => Err(self.endless("an empty page says that more follow")),
            (Some(more), _) => Ok(!more),
            (None, Some(total)) => Ok(read >= total || count == 0),
            // A short page says nothing: vendors cap pages below what was asked for.
            (None, None) => Ok(count == 0),
        }
    }

    /// Fails where the vendor lists no more, but may have more: a part of a list
    /// must not be taken for the whole.
    fn is_uncapped(&self, total: Option<i64>) -> Result<(), Failed> {
        let Some(cap) = self.operation.paging().and_then(|paging| paging.cap) else { return Ok(()) };
        let read = i64::try_from(self.facts.items.len()).unwrap_or(i64::MAX);
        if read < i64::from(cap) || total.is_some_and(|total| total <= read) {
            return Ok(());
        }
        let message = format!("the vendor lists at most {cap} items, so there may be more than it tells");
        Err(Failed::told(self.operation.name(), FailureKind::Unsupported, message))
    }

    /// Fails where the vendor counts more items than it gave.
    fn is_complete(&self, total: Option<i64>) -> Result<(), Failed> {
        let read = i64::try_from(self.facts.items.len()).unwrap_or(i64::MAX);
        let Some(total) = total.filter(|total| read < *total) else { return Ok(()) };
        Err(Failed::protocol(
            self.operation.name(),
            format!("the list is not complete: {read} of {total}"),
            Some(Mismatch {
                at: Field::PageTotal.to_string(),
                expected: format!("{total} items"),
                found: format!("{read} items"),
            }),
        ))
    }

    fn endless(&self, why: &str) -> Failed {
        Failed::protocol(self.operation.name(), format!("paging does not end: {why}"), None)
    }
}
