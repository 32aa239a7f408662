//! `[functions]`: what the vendor says of each function, as plans.

use toml::Spanned;
use toml::de::DeValue;

use super::document::{Document, Located, Section};
use super::limits::Limits;
use super::operations::ReadOperations;
use super::problem::nearest;
use super::reachability;
use super::sources;
use super::steps::sets_up_once;
use crate::vendors::dialect::{Auth, Plan, SessionPlan, Support};
use crate::vendors::vocabulary::{Field, Function};

pub(super) type Value<'d, 't> = &'d Spanned<DeValue<'t>>;

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

pub(super) struct Plans<'a, 'd, 't> {
    pub section: &'a Section<'d, 't>,
    pub operations: &'a ReadOperations<'d>,
}

impl<'d, 't> Plans<'_, 'd, 't> {
    pub(super) fn read_support(&self, name: &Located<&str>, value: Value<'d, 't>) -> Option<Support> {
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
