//! The steps of a plan, as they are written.

use std::time::Duration;

use toml::Spanned;

use super::awaited::{read_by, read_fields, read_gone, read_says, read_until};
use super::document::{Located, Section};
use super::functions::{Plans, VERBS, Value, field_named};
use super::guards;
use super::limits_section::positive;
use super::operations::ReadOperation;
use super::problem::nearest;
use crate::vendors::dialect::{Guard, Plan, Repeat, Step, Support};
use crate::vendors::vocabulary::{FailureKind, Field, FieldKind, Meaning};

impl<'d, 't> Plans<'_, 'd, 't> {
    pub(super) fn read_steps(&self, value: Value<'d, 't>, nested: bool) -> Option<Vec<Step>> {
        let items = self.section.list_of(value);
        if items.is_empty() && value.get_ref().is_array() {
            self.section.doc.problem(
                value.span(),
                "an empty plan",
                "write a step, or `{ unsupported = \"the reason\" }`",
            );
            return None;
        }
        let steps: Vec<Option<Step>> = items.into_iter().map(|item| self.read_step(item, nested)).collect();
        steps.into_iter().collect()
    }

    fn read_step(&self, value: Value<'d, 't>, nested: bool) -> Option<Step> {
        if value.get_ref().is_str() {
            let name = self.section.text_of(value)?;
            let operation = self.operation(&name)?;
            return Some(Step::Call {
                operation: operation.operation.name().to_owned(),
                repeat: usual_repeat(operation),
                undo: None,
                among: None,
            });
        }
        let section = self.section.section_of(value, "a step")?;
        let verbs: Vec<&str> = VERBS.iter().copied().filter(|verb| section.has(verb)).collect();
        let verb = match verbs[..] {
            [verb] => verb,
            [] => {
                let near = section
                    .entries()
                    .into_iter()
                    .find_map(|(key, _)| nearest(key.value, VERBS.iter().copied()));
                let help = near.map_or_else(
                    || format!("verbs are {}", VERBS.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                section.doc.problem(value.span(), "a step without a verb", help);
                return None;
            }
            _ => {
                let what = format!("a step with two verbs: {}", verbs.join(", "));
                section.doc.problem(value.span(), what, "make two steps of it");
                return None;
            }
        };
        let guard = guards::read(&section);
        let step = match verb {
            "call" => self.read_call(&section),
            "poll" => self.read_poll(&section),
            "find" => self.read_find(&section),
            "later" => self.read_later(&section),
            "wait" => positive(&section, "wait").map(|span| Step::Wait { span }),
            "once" => self.read_once(&section),
            "unsupported" => read_end(&section),
            _ => self.read_each(&section, nested),
        };
        section.finish();
        let (guard, step) = (guard?, step?);
        let Some(guard) = guard else { return Some(step) };
        self.check_guarded(&guard, &step, value);
        Some(Step::Guarded { guard, step: Box::new(step) })
    }

    /// What a guard cannot stand around: the wait of a hold and the loop over
    /// locks, which others look for; and a change whose failure would be hidden.
    fn check_guarded(&self, guard: &Guard, step: &Step, value: Value<'d, 't>) {
        let doc = self.section.doc;
        if matches!(step, Step::Later { .. } | Step::Each { .. }) {
            doc.problem(
                value.span(),
                "a guard around `later` or `each`",
                "write the guard around a step of its own",
            );
        }
        let operations = Support::Supported(Plan { steps: vec![step.clone()] }).operations().join(" ");
        let changes = operations.split(' ').filter_map(|name| {
            let read = self.operations.read.iter().find(|read| read.operation.name() == name)?;
            (usual_repeat(read) == Repeat::Unsafe).then(|| read.operation.meaning())
        });
        let hides = |meaning: Meaning| {
            let removes = matches!(meaning, Meaning::RemovePin | Meaning::RemoveMobile | Meaning::DeleteUser);
            guard.otherwise.iter().any(|(kind, _)| !(removes && *kind == FailureKind::NotFound))
        };
        if changes.into_iter().any(hides) {
            doc.problem(
                value.span(),
                "`otherwise` around a step that changes something",
                "a change that failed has failed; only a removal may be `not_found`",
            );
        }
    }

    fn read_once(&self, section: &Section<'d, 't>) -> Option<Step> {
        let value = section.value("once")?;
        let per = section
            .required_text(
                "per",
                "name the field for each value of which it is done once: `per = \"lock.id\"`",
            )
            .and_then(|text| field_named(section, &text));
        let steps = self.read_steps(value, true)?;
        if steps.iter().any(sets_up_once) {
            self.section.doc.problem(value.span(), "`once` within `once`", "write one after the other");
        }
        Some(Step::Once { steps, per: per? })
    }

    fn read_call(&self, section: &Section<'d, 't>) -> Option<Step> {
        let operation = self.named(section, "call");
        let undo = section.has("undo").then(|| self.named(section, "undo"));
        section.value("undo");
        let repeat = self.read_repeat(section);
        let among = section.has("among").then(|| self.read_among(section));
        section.value("among");
        let operation = operation?;
        Some(Step::Call {
            operation: operation.operation.name().to_owned(),
            repeat: repeat?.unwrap_or_else(|| usual_repeat(operation)),
            undo: match undo {
                Some(undo) => Some(undo?.operation.name().to_owned()),
                None => None,
            },
            among: match among {
                Some(among) => Some(among?),
                None => None,
            },
        })
    }

    /// The listing of groups with their locks.
    fn read_among(&self, section: &Section<'d, 't>) -> Option<String> {
        let name = section.text("among")?;
        let read = self.operation(&name)?;
        let (group, lock) = (Field::GroupId, Field::LockId);
        if read.sound && !(read.operation.answers_with(&group) && read.operation.nests(&lock)) {
            section.doc.problem(
                name.span,
                format!("the answer of `{}` has no groups with lists of locks", read.operation.name()),
                "name a listing with `{group.id}` and, in a list within each group, `{lock.id}`",
            );
            return None;
        }
        Some(read.operation.name().to_owned())
    }

    fn read_repeat(&self, section: &Section<'d, 't>) -> Option<Option<Repeat>> {
        let Some(value) = section.value("repeat") else { return Some(None) };
        if value.get_ref().is_str() {
            let text = section.text_of(value)?;
            let refused = Repeat::Refused { operation: None, by: Vec::new() };
            let words = [("idempotent", 0), ("refused", 1), ("unsafe", 2)];
            return section.choose(&text, &words).map(|word| {
                Some(match word {
                    0 => Repeat::Idempotent,
                    1 => refused,
                    _ => Repeat::Unsafe,
                })
            });
        }
        let table = section.section_of(value, "`repeat`")?;
        let (refused, found) = (table.has("refused"), table.has("find"));
        let key = if refused { "refused" } else { "find" };
        table.value("refused");
        table.value("find");
        let repeat = if refused == found {
            table.doc.problem(
                table.span.clone(),
                "`repeat` says neither or both of `find` and `refused`",
                "write `repeat = { find = \"list_pins\", by = [\"access.name\"] }`",
            );
            None
        } else {
            let operation = self.named(&table, key);
            let by = operation.map(|operation| read_by(&table, operation));
            operation.zip(by.flatten()).map(|(operation, by)| {
                let operation = operation.operation.name().to_owned();
                if refused {
                    Repeat::Refused { operation: Some(operation), by }
                } else {
                    Repeat::Find { operation, by }
                }
            })
        };
        table.value("by");
        table.finish();
        repeat.map(Some)
    }

    fn read_poll(&self, section: &Section<'d, 't>) -> Option<Step> {
        let operation = self.named(section, "poll");
        let (every, within) = timing(section);
        let until = operation.and_then(|operation| read_until(section, operation));
        section.value("until");
        Some(Step::Poll {
            operation: operation?.operation.name().to_owned(),
            until: until?,
            every: every?,
            within: within?,
        })
    }

    fn read_find(&self, section: &Section<'d, 't>) -> Option<Step> {
        let operation = self.named(section, "find");
        let (every, within) = timing(section);
        let says = operation.map(|operation| read_says(section, operation)).unwrap_or_default();
        let by = operation.and_then(|operation| match section.has("where") {
            true => read_fields(section, operation, "by"),
            false => read_by(section, operation),
        });
        let has = operation.and_then(|operation| read_fields(section, operation, "has"));
        let gone = read_gone(section);
        section.value("by");
        section.value("has");
        section.value("where");
        Some(Step::Find {
            operation: operation?.operation.name().to_owned(),
            by: by?,
            has: has?,
            says,
            gone,
            every: every?,
            within: within?,
        })
    }

    fn read_later(&self, section: &Section<'d, 't>) -> Option<Step> {
        let operation = self.named(section, "later");
        let after = section
            .required_text("after", "name the field that says after how long: `after = \"hold.seconds\"`")
            .and_then(|text| field_named(section, &text))
            .filter(|field| {
                let fits = field.kind() == FieldKind::Seconds;
                if !fits {
                    let span = section.value("after").map_or(section.span.clone(), Spanned::span);
                    section.doc.problem(
                        span,
                        format!("`{field}` is no span"),
                        "use `hold.seconds` or `pulse.seconds`",
                    );
                }
                fits
            });
        Some(Step::Later { operation: operation?.operation.name().to_owned(), after: after? })
    }

    fn read_each(&self, section: &Section<'d, 't>, nested: bool) -> Option<Step> {
        let value = section.value("each")?;
        if nested {
            section.doc.problem(
                section.span.clone(),
                "`each` within `each`",
                "one loop over the locks is enough",
            );
            return None;
        }
        self.read_steps(value, true).map(|steps| Step::Each { steps })
    }

    fn named(&self, section: &Section<'d, 't>, key: &'static str) -> Option<&ReadOperation<'d>> {
        let name = section.text(key)?;
        self.operation(&name)
    }

    fn operation(&self, name: &Located<&str>) -> Option<&ReadOperation<'d>> {
        let found = self.operations.read.iter().find(|read| read.operation.name() == name.value);
        if found.is_none() && !self.operations.unreadable.contains(&name.value) {
            let help =
                match nearest(name.value, self.operations.read.iter().map(|read| read.operation.name())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write it under `[operations]`".to_owned(),
                };
            self.section.doc.problem(name.span.clone(), format!("unknown operation `{}`", name.value), help);
        }
        found
    }
}

/// A step that ends its plan; without a condition the function as a whole is unsupported.
fn read_end(section: &Section<'_, '_>) -> Option<Step> {
    let reason = section.text("unsupported")?;
    if reason.value.trim().is_empty() {
        section.doc.problem(reason.span, "unsupported without a reason", "say why, in a sentence");
        return None;
    }
    if !section.has("when") {
        section.missing(
            "when",
            "write `when = { field = \"lock.keypad\", is = [\"false\"] }`, or say of the whole function that it is unsupported",
        );
        return None;
    }
    Some(Step::Unsupported { reason: reason.value.to_owned() })
}

/// Whether a step is set-up that is kept.
pub(super) fn sets_up_once(step: &Step) -> bool {
    match step {
        Step::Once { .. } => true,
        Step::Guarded { step, .. } => sets_up_once(step),
        _ => false,
    }
}

/// What only reads can be sent again.
fn usual_repeat(read: &ReadOperation<'_>) -> Repeat {
    match read.operation.meaning() {
        Meaning::GetToken
        | Meaning::ListGroups
        | Meaning::GetGroup
        | Meaning::ListLocks
        | Meaning::GetLock
        | Meaning::ListPins
        | Meaning::GetPin
        | Meaning::ListMobile
        | Meaning::OpenSession
        | Meaning::AlgoPin
        | Meaning::PollJob => Repeat::Idempotent,
        _ => Repeat::Unsafe,
    }
}

fn timing(section: &Section<'_, '_>) -> (Option<Duration>, Option<Duration>) {
    for key in ["every", "within"] {
        if !section.has(key) {
            section.missing(
                key,
                "without `every` and `within` the plan would never end: `every = \"1 s\", within = \"30 s\"`",
            );
        }
    }
    (positive(section, "every"), positive(section, "within"))
}
