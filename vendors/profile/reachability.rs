//! Whether every hole of a plan's requests can be filled: by the function's
//! input, an earlier answer, or the run.

use std::ops::Range;

use super::document::Document;
use super::inputs::{gives, inputs, is_always_there};
use super::limits::ChosenBy;
use super::operations::ReadOperation;
use crate::vendors::dialect::codec::Codec;
use crate::vendors::dialect::{Operation, Repeat, Step, Support};
use crate::vendors::vocabulary::{Field, Function};

/// A function with its place.
pub(super) type Placed = (Function, Support, Range<usize>);

pub(super) fn check(
    doc: &Document<'_>,
    functions: &[Placed],
    operations: &[ReadOperation<'_>],
    auth: &[&str],
    chosen_by: ChosenBy,
) {
    for (function, support, at) in functions {
        let Support::Supported(plan) = support else { continue };
        if !is_sound(*function, support, functions, operations) {
            continue;
        }
        let mut known = kept_fields(*function, functions, operations);
        let mut walk = Walk { doc, function: *function, at, operations, chosen_by, known: &mut known };
        walk.steps(&plan.steps);
    }
    // The token operations run before everything, on what the run is given.
    for name in auth {
        let Some(read) = operations.iter().find(|read| read.operation.name() == *name) else { continue };
        for (place, hole) in read.operation.request_holes() {
            let given = is_always_there(&hole.field) && hole.field != Field::AuthToken
                || hole.field == Field::AuthRefresh;
            if !hole.optional && !given {
                doc.problem(
                    read.at.span.clone(),
                    format!("nothing fills `{{{}}}` in the {place} of `{name}`", hole.field),
                    "a token is got with secrets and settings alone",
                );
            }
        }
    }
}

/// Whether all that the plan stands on was read without a problem.
fn is_sound(
    function: Function,
    support: &Support,
    functions: &[Placed],
    operations: &[ReadOperation<'_>],
) -> bool {
    let sound = |name: &str| operations.iter().any(|read| read.operation.name() == name && read.sound);
    let before = inputs(function).and_then(|inputs| inputs.kept_from).map(|before| {
        functions
            .iter()
            .find(|(name, _, _)| *name == before)
            .map_or(Vec::new(), |(_, support, _)| support.operations())
    });
    support.operations().into_iter().chain(before.unwrap_or_default()).all(sound)
}

/// What the answers of the function before have left.
fn kept_fields(function: Function, functions: &[Placed], operations: &[ReadOperation<'_>]) -> Vec<Field> {
    let mut known = Vec::new();
    let before = inputs(function).and_then(|inputs| inputs.kept_from);
    let plan = functions.iter().find(|(name, _, _)| Some(*name) == before).map(|(_, support, _)| support);
    for name in plan.map(Support::operations).unwrap_or_default() {
        if let Some(read) = operations.iter().find(|read| read.operation.name() == name) {
            known.extend(read.operation.answer_holes().into_iter().map(|hole| hole.field.clone()));
        }
    }
    known
}

struct Walk<'a, 'd> {
    doc: &'a Document<'a>,
    function: Function,
    at: &'a Range<usize>,
    operations: &'a [ReadOperation<'d>],
    chosen_by: ChosenBy,
    known: &'a mut Vec<Field>,
}

impl Walk<'_, '_> {
    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Call { operation, repeat, undo } => {
                    if let Repeat::Find { operation: listing, by }
                    | Repeat::Refused { operation: Some(listing), by } = repeat
                    {
                        self.check(listing);
                        self.check_by(by);
                    }
                    self.exchange(operation);
                    if let Some(undo) = undo {
                        self.check(undo);
                    }
                }
                Step::Poll { operation, .. } => self.exchange(operation),
                Step::Find { operation, by, .. } => {
                    self.check_by(by);
                    self.exchange(operation);
                }
                Step::Later { operation, after, .. } => {
                    self.check_by(std::slice::from_ref(after));
                    self.check(operation);
                }
                Step::Each { steps } => self.steps(steps),
                Step::Wait { .. } => {}
            }
        }
    }

    fn exchange(&mut self, name: &str) {
        self.check(name);
        if let Some(operation) = self.operation(name) {
            let answered: Vec<Field> =
                operation.answer_holes().into_iter().map(|hole| hole.field.clone()).collect();
            self.known.extend(answered);
        }
    }

    fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|read| read.operation.name() == name).map(|read| &read.operation)
    }

    fn has(&self, field: &Field) -> bool {
        is_always_there(field) || self.known.contains(field) || gives(self.function, field, self.chosen_by)
    }

    fn check(&self, name: &str) {
        let Some(operation) = self.operation(name) else { return };
        for (place, hole) in operation.request_holes() {
            if !hole.optional && !self.has(&hole.field) {
                self.tell(format!("nothing fills `{{{}}}` in the {place} of `{name}`", hole.field));
            }
            if hole.codec == Codec::LockLocal && !self.has(&Field::LockZone) {
                self.tell(format!("nothing tells `lock.zone` before `{name}`, whose {place} is in it"));
            }
        }
        let by_zone = operation.answer_holes().iter().any(|hole| hole.codec == Codec::LockLocal);
        if by_zone && !operation.answers_with(&Field::LockZone) && !self.has(&Field::LockZone) {
            self.tell(format!("nothing tells `lock.zone` before `{name}`, whose answer is in it"));
        }
    }

    fn check_by(&self, fields: &[Field]) {
        for field in fields.iter().filter(|field| !self.has(field)) {
            self.tell(format!("nothing tells `{field}` at this step"));
        }
    }

    fn tell(&self, what: String) {
        let function = self.function.as_str();
        let given = inputs(self.function).map_or(String::new(), |inputs| {
            let given = inputs.fields.iter().filter(|field| gives(self.function, field, self.chosen_by));
            given.map(ToString::to_string).collect::<Vec<_>>().join(", ")
        });
        let given = if given.is_empty() { "nothing".to_owned() } else { given };
        let help = format!(
            "`{function}` is given {given}; take the value from an earlier step's answer, or make the hole optional"
        );
        self.doc.problem(self.at.clone(), format!("in `{function}`, {what}"), help);
    }
}
