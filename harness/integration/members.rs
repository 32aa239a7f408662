//! Locks of one group, where the groups name their locks and not the reverse.

use std::collections::BTreeSet;

use super::Integration;
use super::failure::Failed;
use super::plan::Course;
use crate::vendors::dialect::Mismatch;
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
        self.tell_unlisted(groups, &listed.items, &locks, asked);
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

    /// Keeps as a deviation which lock a group names that the list of locks does
    /// not: a group whose lock is missing must not look like one without it.
    fn tell_unlisted(&self, operation: &str, groups: &[Facts], locks: &[Facts], asked: Option<&str>) {
        let listed: BTreeSet<&str> = locks.iter().filter_map(|lock| lock.text(&Field::LockId)).collect();
        for group in groups {
            let name = group.text(&Field::GroupId);
            if asked.is_some() && name != asked {
                continue;
            }
            let members = group.items.iter().filter_map(|member| member.text(&Field::LockId));
            for lock in members.filter(|lock| !listed.contains(lock)) {
                let deviation = Mismatch {
                    at: "the list of locks".to_owned(),
                    expected: format!("lock {lock}, which group {} names", name.unwrap_or_default()),
                    found: "no such lock".to_owned(),
                };
                self.shared.recorder.record_deviation(operation, deviation);
            }
        }
    }
}

/// The group that names a lock: the one that is asked for, else the first.
fn group_of<'a>(lock: &Facts, groups: &'a [Facts], asked: Option<&str>) -> Option<&'a str> {
    let id = lock.text(&Field::LockId)?;
    let names = |group: &&Facts| group.items.iter().any(|member| member.text(&Field::LockId) == Some(id));
    let is_asked = |group: &&Facts| asked.is_none() || group.text(&Field::GroupId) == asked;
    groups.iter().filter(is_asked).find(names).and_then(|group| group.text(&Field::GroupId))
}
