//! Locks of one group, where the groups name their locks and not the reverse.

use super::Integration;
use super::failure::Failed;
use super::plan::Course;
use crate::vendors::vocabulary::{Datum, Facts, FailureKind, Field};

impl Integration {
    /// Lists the groups and tells each listed lock with its group. Where a group
    /// is asked for, its locks alone are kept; one that is not listed does not exist.
    pub(super) async fn keep_members(&self, groups: &str, course: &mut Course) -> Result<(), Failed> {
        let operation = self.operation(groups)?;
        let facts = course.facts.clone();
        let listed = self.listing(operation, &facts, course).await?;
        let asked = facts.text(&Field::GroupId);
        if let Some(group) = asked
            && !listed.items.iter().any(|item| item.text(&Field::GroupId) == Some(group))
        {
            let message = format!("{groups} lists no group {group}");
            return Err(Failed::told(groups, FailureKind::NotFound, message));
        }
        let locks = std::mem::take(&mut course.said.items);
        course.said.items = locks
            .into_iter()
            .filter_map(|mut lock| {
                let group = group_of(&lock, &listed.items, asked);
                let kept = asked.is_none() || group.is_some();
                lock.set_some(Field::GroupId, group.map(Datum::text));
                kept.then_some(lock)
            })
            .collect();
        Ok(())
    }
}

/// The group that names a lock: the one that is asked for, else the first.
fn group_of<'a>(lock: &Facts, groups: &'a [Facts], asked: Option<&str>) -> Option<&'a str> {
    let id = lock.text(&Field::LockId)?;
    let names = |group: &&Facts| group.items.iter().any(|member| member.text(&Field::LockId) == Some(id));
    let is_asked = |group: &&Facts| asked.is_none() || group.text(&Field::GroupId) == asked;
    groups.iter().filter(is_asked).find(names).and_then(|group| group.text(&Field::GroupId))
}
