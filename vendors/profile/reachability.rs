//! Whether every hole of a plan's requests can be filled: by the function's
//! input, an earlier answer, or the run.

use std::ops::Range;

use super::document::Document;
use super::inputs::{gives, inputs, is_always_there};
use super::limits::ChosenBy;
use super::operations::ReadOperation;
use crate::vendors::dialect::codec::Codec;
use crate::vendors::dialect::{Condition, Guard, Operation, Repeat, SessionPlan, Step, Support};
use crate::vendors::vocabulary::{Facts, Field, Function};

/// A function with its place.
pub(super) type Placed = (Function, Support, Range<usize>);

/// What the plans stand on.
pub(super) struct Around<'a, 'd> {
    pub operations: &'a [ReadOperation<'d>],
    /// What a session begins with, and its place.
    pub session: Option<(&'a SessionPlan, Range<usize>)>,
    pub chosen_by: ChosenBy,
}

pub(super) fn check(doc: &Document<'_>, functions: &[Placed], auth: &[&str], around: &Around<'_, '_>) {
    let Around { operations, chosen_by, .. } = around;
    let stays = check_session(doc, around);
    for (function, support, at) in functions {
        let Support::Supported(plan) = support else { continue };
        if !is_sound(*function, support, functions, operations) {
            continue;
        }
        let mut known = kept_fields(*function, functions, operations);
        known.extend(stays.iter().cloned());
        let mut walk = Walk {
            doc,
            of: Of::Function(*function),
            at,
            operations,
            chosen_by: *chosen_by,
            known: &mut known,
        };
        walk.steps(&plan.steps);
    }
    // The token operations run before everything, on what the run is given.
    for name in auth {
        let Some(read) = operations.iter().find(|read| read.operation.name() == *name) else { continue };
        for (place, hole) in read.operation.request_holes() {
            let given = is_always_there(&hole.field) && hole.field != Field::AuthToken
                || hole.field == Field::AuthRefresh;
            if hole.needs_value() && !given {
                doc.problem(
                    read.at.span.clone(),
                    format!("nothing fills `{{{}}}` in the {place} of `{name}`", hole.field),
                    "a token is got with secrets and settings alone",
                );
            }
        }
    }
}

/// Checks what a session begins with; the fields that stay for it.
fn check_session(doc: &Document<'_>, around: &Around<'_, '_>) -> Vec<Field> {
    let Some((session, at)) = &around.session else { return Vec::new() };
    let named = session.operations();
    let sound =
        |name: &&str| around.operations.iter().any(|read| read.operation.name() == *name && read.sound);
    if !named.iter().all(sound) {
        return session.keeps.clone();
    }
    let mut known = Vec::new();
    let (operations, chosen_by) = (around.operations, around.chosen_by);
    let mut walk = Walk { doc, of: Of::Session, at, operations, chosen_by, known: &mut known };
    walk.steps(&session.plan.steps);
    for field in session.keeps.iter().filter(|field| !known.contains(field)) {
        doc.problem(
            at.clone(),
            format!("the session keeps `{field}`, which no answer of its plan has"),
            "name fields that the plan's answers tell",
        );
    }
    session.keeps.clone()
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

/// Whose plan is walked.
#[derive(Clone, Copy)]
enum Of {
    Function(Function),
    Session,
}

impl Of {
    fn gives(self, field: &Field, chosen_by: ChosenBy) -> bool {
        matches!(self, Self::Function(function) if gives(function, field, chosen_by))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Function(function) => function.as_str(),
            Self::Session => "session",
        }
    }
}

struct Walk<'a, 'd> {
    doc: &'a Document<'a>,
    of: Of,
    at: &'a Range<usize>,
    operations: &'a [ReadOperation<'d>],
    chosen_by: ChosenBy,
    known: &'a mut Vec<Field>,
}

impl Walk<'_, '_> {
    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Call { operation, repeat, undo, among } => {
                    if let Repeat::Find { operation: listing, by }
                    | Repeat::Refused { operation: Some(listing), by } = repeat
                    {
                        self.check(listing);
                        self.check_by(by);
                    }
                    if let Some(among) = among {
                        self.exchange(among);
                    }
                    self.exchange(operation);
                    if let Some(undo) = undo {
                        self.check(undo);
                    }
                }
                Step::Poll { operation, .. } => self.exchange(operation),
                Step::Once { steps, per } => {
                    self.check_by(std::slice::from_ref(per));
                    self.steps(steps);
                }
                Step::Guarded { guard, step } => self.guarded(guard, step),
                Step::Find { operation, by, gone, .. } => {
                    self.check_by(by);
                    if *gone {
                        // What is gone tells nothing.
                        self.check(operation);
                    } else {
                        self.exchange(operation);
                    }
                }
                Step::Later { operation, after, .. } => {
                    self.check_by(std::slice::from_ref(after));
                    self.check(operation);
                }
                Step::Each { steps } => self.steps(steps),
                Step::Wait { .. } | Step::Unsupported { .. } => {}
            }
        }
    }

    /// What is asked for under a condition may be there or not; that it is there
    /// whenever a later step comes is the profile's care.
    fn guarded(&mut self, guard: &Guard, step: &Step) {
        let mut fields = Vec::new();
        match &guard.when {
            Some(Condition::Known { field, known: true }) if !self.has(field) => {
                // Known by an answer that may lack it.
                self.tell(format!("nothing ever tells `{field}` before this step"));
            }
            Some(condition @ (Condition::Window { .. } | Condition::Is { .. })) => {
                fields.extend(condition.fields().into_iter().cloned());
            }
            _ => {}
        }
        self.check_by(&fields);
        self.steps(std::slice::from_ref(step));
        let told = guard.otherwise.iter().map(|(_, facts)| facts).chain([&guard.tells]);
        self.known.extend(told.flat_map(Facts::iter).map(|(field, _)| field.clone()));
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
        is_always_there(field) || self.known.contains(field) || self.of.gives(field, self.chosen_by)
    }

    fn check(&self, name: &str) {
        let Some(operation) = self.operation(name) else { return };
        for (place, hole) in operation.request_holes() {
            if hole.needs_value() && !self.has(&hole.field) {
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
        let function = self.of.name();
        let inputs = match self.of {
            Of::Function(function) => inputs(function),
            Of::Session => None,
        };
        let given = inputs.map_or(String::new(), |inputs| {
            let given = inputs.fields.iter().filter(|field| self.of.gives(field, self.chosen_by));
            given.map(ToString::to_string).collect::<Vec<_>>().join(", ")
        });
        let given = if given.is_empty() { "nothing".to_owned() } else { given };
        let help = format!(
            "`{function}` is given {given}; take the value from an earlier step's answer, or make the hole optional"
        );
        self.doc.problem(self.at.clone(), format!("in `{function}`, {what}"), help);
    }
}
