//! `[functions]`: what the vendor says of each function, as plans.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::document::{Document, Located, Section};
use super::guards;
use super::limits::Limits;
use super::limits_section::positive;
use super::operations::{ReadOperation, ReadOperations};
use super::problem::nearest;
use super::reachability;
use super::sources;
use crate::vendors::dialect::{Auth, Guard, Plan, PollUntil, Repeat, SessionPlan, Step, Support};
use crate::vendors::vocabulary::{Facts, FailureKind, Field, FieldKind, Function, Meaning, Word};

type Value<'d, 't> = &'d Spanned<DeValue<'t>>;

/// The verbs of a plan.
pub const VERBS: &[&str] = &["call", "poll", "find", "each", "once", "later", "wait", "unsupported"];

/// The plans of a profile: those of its functions, and that of its sessions.
pub(super) struct ReadPlans {
    pub functions: Vec<(Function, Support)>,
    pub session: Option<SessionPlan>,
}

pub(super) fn read(
    root: &Section<'_, '_>,
    operations: &ReadOperations<'_>,
    auth: &Auth,
    limits: &Limits,
) -> ReadPlans {
    let session = read_session(root, operations);
    let Some(section) = root.section("functions") else {
        root.missing("functions", "write `[functions]` with a plan or a reason for each function");
        return ReadPlans { functions: Vec::new(), session: session.map(|(plan, _)| plan) };
    };
    let mut functions: Vec<reachability::Placed> = Vec::new();
    for (name, value) in section.entries() {
        let Some(function) = function_named(root.doc, &name) else { continue };
        let plans = Plans { section: &section, operations };
        if let Some(support) = plans.read_support(&name, value) {
            functions.push((function, support, value.span()));
        }
    }
    for function in Function::ALL.iter().filter(|function| function.is_asked_for()) {
        if !section.has(function.as_str()) {
            section.missing(function.as_str(), "write a plan, or `{ unsupported = \"the reason\" }`");
        }
    }
    let token: Vec<&str> =
        auth.token_operation.as_deref().into_iter().chain(auth.refresh_operation.as_deref()).collect();
    let begin = session.as_ref().map(|(plan, at)| (plan, at.clone()));
    let around = reachability::Around {
        operations: &operations.read,
        session: begin,
        chosen_by: limits.pin.chosen_by,
    };
    reachability::check(root.doc, &functions, &token, &around);
    let functions = functions.into_iter().map(|(function, support, _)| (function, support)).collect();
    ReadPlans { functions, session: session.map(|(plan, _)| plan) }
}

/// `[session]`, with its place.
fn read_session(
    root: &Section<'_, '_>,
    operations: &ReadOperations<'_>,
) -> Option<(SessionPlan, std::ops::Range<usize>)> {
    let section = root.section("session")?;
    if !section.has("plan") {
        section.missing("plan", "write the steps that begin a session: `plan = [\"select_tenant\"]`");
    }
    let plans = Plans { section: &section, operations };
    let steps = section.value("plan").and_then(|value| plans.read_steps(value, true));
    let keeps: Vec<Field> =
        section.texts("keeps").iter().filter_map(|text| field_named(&section, text)).collect();
    let domains = super::domains::read(&section, &keeps);
    let span = section.span.clone();
    if steps.iter().flatten().any(sets_up_once) {
        section.doc.problem(span.clone(), "`once` within `[session]`", "a session is begun once by itself");
    }
    section.finish();
    Some((SessionPlan { plan: Plan { steps: steps? }, keeps, domains }, span))
}

pub(super) fn function_named(doc: &Document<'_>, name: &Located<&str>) -> Option<Function> {
    let function = Function::parse(name.value);
    if function.is_none() {
        let names = Function::ALL.iter().map(|function| function.as_str());
        let help = match nearest(name.value, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("functions are {}", names.collect::<Vec<_>>().join(", ")),
        };
        doc.problem(name.span.clone(), format!("unknown function `{}`", name.value), help);
    }
    function
}

struct Plans<'a, 'd, 't> {
    section: &'a Section<'d, 't>,
    operations: &'a ReadOperations<'d>,
}

impl<'d, 't> Plans<'_, 'd, 't> {
    fn read_support(&self, name: &Located<&str>, value: Value<'d, 't>) -> Option<Support> {
        match value.get_ref() {
            DeValue::Array(_) => {
                self.read_steps(value, false).map(|steps| Support::Supported(Plan { steps }))
            }
            DeValue::Table(_) => self.read_unsupported(name, value),
            _ => {
                self.section.wrong_type(value, "a list of steps or `{ unsupported = \"the reason\" }`");
                None
            }
        }
    }

    fn read_unsupported(&self, name: &Located<&str>, value: Value<'d, 't>) -> Option<Support> {
        let section = self.section.section_of(value, "an unsupported function")?;
        sources::cite(&section, &format!("function `{}`", name.value), &[]);
        let reason = section.required_text("unsupported", "write `{ unsupported = \"the reason\" }`");
        let doc = section.doc;
        section.finish();
        let reason = reason?;
        if reason.value.trim().is_empty() {
            doc.problem(reason.span, "unsupported without a reason", "say why, in a sentence");
            return None;
        }
        Some(Support::Unsupported { reason: reason.value.to_owned() })
    }

    fn read_steps(&self, value: Value<'d, 't>, nested: bool) -> Option<Vec<Step>> {
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
fn sets_up_once(step: &Step) -> bool {
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

pub(super) fn field_named(section: &Section<'_, '_>, text: &Located<&str>) -> Option<Field> {
    let field = Field::parse(text.value);
    if field.is_none() {
        let names: Vec<String> = Field::FIXED.iter().map(ToString::to_string).collect();
        let near = nearest(text.value, names.iter().map(String::as_str));
        let help = near.map_or_else(
            || "write a field, as in `access.name`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        section.doc.problem(text.span.clone(), format!("unknown field `{}`", text.value), help);
    }
    field
}

/// The fields in which an item must agree; the listing must answer with them.
fn read_by(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Option<Vec<Field>> {
    let fields = read_fields(section, read, "by")?;
    if fields.is_empty() {
        section.missing("by", "name the fields in which the item must agree: `by = [\"access.name\"]`");
        return None;
    }
    Some(fields)
}

/// `where`: what the item must say; the listing must answer with it.
fn read_says(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Facts {
    let Some(table) = section.section("where") else { return Facts::new() };
    let span = table.span.clone();
    let facts = guards::read_facts(table);
    for (field, _) in facts.iter().filter(|(field, _)| !read.may_answer_with(field)) {
        let what = format!("the answer of `{}` has no `{{{field}}}`", read.operation.name());
        section.doc.problem(span.clone(), what, "name a field that the listing answers with");
    }
    if facts.iter().next().is_none() {
        let help = "write `where = { \"access.state\" = \"free\" }`";
        section.doc.problem(span, "`where` without a field", help);
    }
    facts
}

/// `gone`: whether what is looked for must no longer be listed. What is gone
/// says nothing.
fn read_gone(section: &Section<'_, '_>) -> bool {
    let gone = section.flag("gone").unwrap_or(false);
    if gone && section.has("where") {
        let help = "name the item by the fields in which it agrees: `by = [\"access.id\"]`";
        section.doc.problem(section.span.clone(), "`gone` beside `where`", help);
    }
    gone
}

/// Fields that the listing must answer with.
fn read_fields(section: &Section<'_, '_>, read: &ReadOperation<'_>, key: &'static str) -> Option<Vec<Field>> {
    let mut fields = Vec::new();
    for text in &section.texts(key) {
        let field = field_named(section, text)?;
        if !read.may_answer_with(&field) {
            section.doc.problem(
                text.span.clone(),
                format!("the answer of `{}` has no `{{{field}}}`", read.operation.name()),
                "name a field that the listing answers with",
            );
            return None;
        }
        fields.push(field);
    }
    Some(fields)
}

fn read_until(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Option<PollUntil> {
    let Some(until) = section.section("until") else { return usual_until(section, read) };
    let field = until.required_text("field", "name the field that is watched: `field = \"job.state\"`");
    let field = field.and_then(|text| {
        let field = field_named(&until, &text)?;
        if field.kind() != FieldKind::Word || !read.may_answer_with(&field) {
            let what = format!("the answer of `{}` has no word `{{{field}}}`", read.operation.name());
            until.doc.problem(text.span, what, "watch a state that the answer carries");
            return None;
        }
        Some(field)
    });
    let words: Vec<(&'static str, Word)> = Word::ALL.iter().map(|word| (word.as_str(), *word)).collect();
    let words_of = |key| -> Vec<Word> {
        until.texts(key).iter().filter_map(|text| until.choose(text, &words)).collect()
    };
    let (done, failed) = (words_of("done"), words_of("failed"));
    if done.is_empty() {
        until.missing("done", "name the words that mean success: `done = [\"done\"]`");
    }
    until.finish();
    Some(PollUntil { field: field?, done, failed })
}

/// Without `until`: the state that the answer carries.
fn usual_until(section: &Section<'_, '_>, read: &ReadOperation<'_>) -> Option<PollUntil> {
    for (field, done) in [
        (Field::JobState, Word::Done),
        (Field::AccessState, Word::Active),
        (Field::MobileState, Word::Active),
    ] {
        if read.operation.answers_with(&field) {
            return Some(PollUntil { field, done: vec![done], failed: vec![Word::Failed] });
        }
    }
    section.missing(
        "until",
        "write `until = { field = \"job.state\", done = [\"done\"], failed = [\"failed\"] }`",
    );
    None
}
