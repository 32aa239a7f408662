//! What operations name must be there: the jobs that a poll tells of, and the
//! secrets, settings and servers of a run.

use super::document::Section;
use super::limits::{Beyond, Limits};
use super::operations::{ReadOperation, ReadOperations};
use super::problem::nearest;
use crate::vendors::dialect::template::Hole;
use crate::vendors::vocabulary::Field;

/// Checks that the operations whose jobs are told of are there and begin jobs.
pub(super) fn check_jobs(root: &Section<'_, '_>, operations: &ReadOperations<'_>) {
    for read in operations.read.iter().filter(|read| read.sound) {
        for name in &read.operation.of {
            let starter = operations.read.iter().find(|other| other.operation.name() == name);
            let what = match starter {
                Some(other) if !other.sound || other.operation.answers_with(&Field::JobId) => continue,
                Some(_) => {
                    format!("the answer of `{name}` has no `{{job.id}}`, so there is no job to tell of")
                }
                None if operations.unreadable.contains(&name.as_str()) => continue,
                None => format!("unknown operation `{name}`"),
            };
            let span = root.doc.find_in_section(read.at.span.start, &format!("\"{name}\""));
            let help = "`of` names the operations that begin the jobs which this one tells of";
            root.doc.problem(span.unwrap_or(read.at.span.clone()), what, help);
        }
    }
}

/// Checks that every `{secret.…}` and `{setting.…}` is declared.
pub(super) fn check_run_values(
    operations: &[ReadOperation<'_>],
    root: &Section<'_, '_>,
    secrets: &[(String, String)],
    settings: &[(String, String)],
    servers: &[(String, String)],
) {
    for read in operations {
        let holes = read.operation.request_holes().into_iter().map(|(_, hole)| hole);
        for hole in holes.chain(read.operation.answer_holes()) {
            check_declared(root, read, hole, (secrets, settings, servers));
        }
    }
}

/// Checks that what waits for its turn are commands: nothing else can be answered
/// now and done later.
pub(super) fn check_queues(root: &Section<'_, '_>, limits: &Limits, operations: &[ReadOperation<'_>]) {
    let Some(section) = root.section("limits") else { return };
    let help = "name the operations whose answers have `{job.id}` under `for`";
    let queues = limits.rates.iter().filter(|rate| rate.beyond == Beyond::Wait);
    for queue in queues {
        if queue.operations.is_empty() {
            root.doc.problem(section.span.clone(), "a queue of everything, commands or not", help);
        }
        for name in &queue.operations {
            let named = operations.iter().find(|read| read.operation.name() == name);
            if named.is_some_and(|read| !read.may_answer_with(&Field::JobId)) {
                let quoted = format!("\"{name}\"");
                let span = root.doc.find_in_section(section.span.start, &quoted);
                let span = span.unwrap_or(section.span.clone());
                root.doc.problem(span, format!("`{name}` is no command that could wait"), help);
            }
        }
    }
}

/// Names with what they are.
type Names = [(String, String)];

fn check_declared(
    root: &Section<'_, '_>,
    read: &ReadOperation<'_>,
    hole: &Hole,
    (secrets, settings, servers): (&Names, &Names, &Names),
) {
    let (name, declared, table) = match &hole.field {
        Field::Secret(name) => (name, secrets, "secrets"),
        Field::Setting(name) => (name, settings, "settings"),
        Field::Server(name) => (name, servers, "servers"),
        _ => return,
    };
    if declared.iter().any(|(known, _)| **known == **name) {
        return;
    }
    let help = match nearest(name, declared.iter().map(|(known, _)| known.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("write `{name} = \"what it is\"` under `[{table}]`"),
    };
    let span =
        root.doc.find_in_section(read.at.span.start, &hole.field.to_string()).unwrap_or(read.at.span.clone());
    root.doc.problem(span, format!("`{{{}}}` is not declared", hole.field), help);
}
