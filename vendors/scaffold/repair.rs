//! From a description to a file that loads.
//!
//! What is drafted is loaded as any profile is. A part that the loader refuses
//! is taken out and told as a gap, until nothing is refused: whatever was
//! described, the file can be read.

use serde_json::Value;

use super::assemble::{add_run_values, error_gaps, heading_gaps, is_token, sheet, titled, unknown_server};
use super::auth::auth;
use super::choice::{Choice, choose};
use super::description::Description;
use super::gap::{Gap, GapKind};
use super::limits::limits;
use super::plans::{Plan, lacks_window, plans};
use super::source::{Trouble, parse};
use super::write::{Section, Sheet, Written, write};
use super::{openapi, postman};
use crate::vendors::profile::{self, Problem};
use crate::vendors::vocabulary::{Function, Meaning};

/// How often something is taken out before nothing but the frame is kept.
const MOST_REPAIRS: usize = 60;

/// A drafted profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scaffold {
    /// The profile's text. It loads.
    pub text: String,
    /// What it was drafted from, for people.
    pub origin: String,
    /// What the description does not say.
    pub gaps: Vec<Gap>,
    /// How many guesses are marked in the file.
    pub guesses: usize,
}

/// Whether a profile can have that name: small letters, digits, `-` and `_`.
pub fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    (1..=60).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(plain)
}

/// Drafts a profile from an OpenAPI 3.0 or 3.1 description (JSON or YAML).
pub fn from_openapi(name: &str, text: &str) -> Result<Scaffold, Trouble> {
    let description = openapi::read(&object(parse(text)?)?)?;
    Ok(draft(name, &description, false))
}

/// Drafts a profile from a Postman collection (v2.0 or v2.1).
pub fn from_postman(name: &str, text: &str) -> Result<Scaffold, Trouble> {
    let description = postman::read(&object(parse(text)?)?)?;
    Ok(draft(name, &description, true))
}

/// The empty frame of a profile.
pub fn skeleton(name: &str) -> Scaffold {
    let description =
        Description { origin: "nothing: this is the frame alone".to_owned(), ..Description::default() };
    draft(name, &description, false)
}

fn object(value: Value) -> Result<Value, Trouble> {
    if value.is_object() {
        return Ok(value);
    }
    Err(Trouble::new("the description is no object", "give an OpenAPI 3 description or a Postman collection"))
}

fn draft(name: &str, description: &Description, recorded: bool) -> Scaffold {
    let mut choice = choose(description, recorded);
    let auth = auth(description, &choice.taken);
    // The exchange that gets a token goes first, whoever told it.
    if let Some(token) = auth.token.clone() {
        choice.taken.insert(0, token);
    }
    let uses_token = auth.tables.iter().any(|table| table.name == "oauth2");
    choice.taken.retain(|operation| uses_token || !is_token(operation));
    let mut gaps = heading_gaps(description);
    gaps.extend(auth.gaps.clone());
    gaps.extend(description.unread.iter().map(|(at, text)| Gap::new(GapKind::Description, at, text)));
    let mut sheet = sheet(name, description, &choice);
    sheet.secrets = auth.secrets;
    sheet.tables = auth.tables;
    add_run_values(&choice, &mut sheet);
    let (found, mut open) = limits(&choice.taken);
    if choice.taken.is_empty() {
        open.truncate(0);
        open.push(Gap::new(GapKind::Limits, "limits", "what the system allows, and how long things take"));
    }
    sheet.limits = found;
    sheet.open_limits = open.iter().map(Gap::line).collect();
    gaps.extend(open);
    gaps.extend(error_gaps(&sheet));
    sheet.functions = plans(&choice);
    if description.endpoints.is_empty() {
        // Nothing was given in which an exchange could have been looked for.
        for (_, plan) in &mut sheet.functions {
            *plan = Plan::Gap { reason: "Not described yet.".to_owned() };
        }
    }
    gaps.extend(window_gaps(&sheet.functions, &choice));
    drop_unused(&mut sheet);
    settle(sheet, gaps)
}

/// PINs and keys are for a time; where nothing that is sent says which, the plan
/// is not what is asked for.
fn window_gaps(functions: &[(Function, Plan)], choice: &Choice) -> Vec<Gap> {
    let timed = [Function::CreatePinAccess, Function::CreateMobileAccess];
    let gap = |(function, plan): &(Function, Plan)| match plan {
        Plan::Steps { uses, .. } if timed.contains(function) && lacks_window(choice, uses) => Some(Gap::new(
            GapKind::Exchange,
            function.as_str(),
            "no request of its plan says from when to when the access holds",
        )),
        _ => None,
    };
    functions.iter().filter_map(gap).collect()
}

/// A user is made and removed for a plan alone.
fn drop_unused(sheet: &mut Sheet) {
    let used = |name: &str, sheet: &Sheet| sheet.functions.iter().any(|(_, plan)| mentions(plan, name));
    for meaning in [Meaning::UpsertUser, Meaning::DeleteUser, Meaning::GetPin, Meaning::AssignAccess] {
        if !used(meaning.as_str(), sheet) {
            sheet.operations.retain(|(operation, _, _)| operation.meaning != meaning);
        }
    }
    let settings: Vec<&String> = sheet
        .operations
        .iter()
        .flat_map(|(operation, _, _)| operation.settings.iter().map(|(name, _)| name))
        .collect();
    sheet.settings.retain(|(name, _)| settings.contains(&name));
}

/// An exchange that would serve a function is described although the function has
/// no plan: whoever reads the file must know that one of the two is to change.
fn tell_idle(sheet: &mut Sheet) {
    let Sheet { functions, operations, .. } = sheet;
    let planned = |function: Function| {
        functions.iter().any(|(one, plan)| *one == function && matches!(plan, Plan::Steps { .. }))
    };
    for (operation, _, _) in operations {
        let used = functions.iter().any(|(_, plan)| mentions(plan, operation.name()));
        let Some(function) = operation.meaning.serves().filter(|function| !used && !planned(*function))
        else {
            continue;
        };
        let gap = format!(
            "serves “{}”, which has no plan: write one under `[functions]`, or take the exchange out",
            function.title()
        );
        if !operation.gaps.contains(&gap) {
            operation.gaps.push(gap);
        }
    }
}

/// Loads the file and takes out what is refused, until nothing is.
fn settle(mut sheet: Sheet, mut gaps: Vec<Gap>) -> Scaffold {
    for _ in 0..MOST_REPAIRS {
        tell_idle(&mut sheet);
        let written = write(&sheet);
        match profile::compile("the scaffold", &written.text) {
            Ok(_) => return finish(&sheet, written, gaps),
            Err(errors) => {
                let taken = errors
                    .problems
                    .first()
                    .is_some_and(|problem| take_out(problem, &written, &mut sheet, &mut gaps));
                if !taken {
                    break;
                }
            }
        }
    }
    // The frame alone loads, whatever was described.
    gaps.push(Gap::new(
        GapKind::Description,
        "the whole",
        "nothing that was drafted could be loaded; the frame alone is written",
    ));
    let frame = frame(&sheet);
    let written = write(&frame);
    finish(&frame, written, gaps)
}

fn frame(sheet: &Sheet) -> Sheet {
    Sheet {
        name: sheet.name.clone(),
        origin: sheet.origin.clone(),
        title: (titled(&sheet.name), None),
        vendor: (titled(&sheet.name), None),
        version: ("1".to_owned(), None),
        servers: vec![unknown_server(&sheet.name, "")],
        functions: plans(&Choice { taken: Vec::new(), unusable: Vec::new() }),
        ..Sheet::default()
    }
}

fn finish(sheet: &Sheet, written: Written, mut gaps: Vec<Gap>) -> Scaffold {
    for (function, plan) in &sheet.functions {
        if let Plan::Gap { reason } = plan {
            gaps.push(Gap::new(GapKind::Function, function.as_str(), reason.clone()));
        }
    }
    for (operation, _, _) in &sheet.operations {
        gaps.extend(
            operation.gaps.iter().map(|gap| Gap::new(GapKind::Exchange, operation.name(), gap.clone())),
        );
    }
    gaps.sort_by_key(|gap| gap.kind);
    gaps.dedup();
    let guesses = written.text.matches("# guess (").count();
    Scaffold { text: written.text, origin: sheet.origin.clone(), gaps, guesses }
}

/// Takes the part out in which the problem is; false where it is in none.
fn take_out(problem: &Problem, written: &Written, sheet: &mut Sheet, gaps: &mut Vec<Gap>) -> bool {
    let section =
        written.sections.iter().rev().find(|(line, _)| *line <= problem.line).map(|(_, section)| section);
    let why = problem.what.replace(['\n', '\r'], " ");
    match section.cloned() {
        Some(Section::Operation(position)) if position < sheet.operations.len() => {
            let (operation, _, _) = sheet.operations.remove(position);
            gaps.push(Gap::new(
                GapKind::Exchange,
                operation.name(),
                format!("`{}` is left out: {why}", operation.line),
            ));
            let gone = operation.meaning;
            for (_, plan) in &mut sheet.functions {
                if matches!(plan, Plan::Steps { uses, .. } if uses.contains(&gone))
                    || mentions(plan, operation.name())
                {
                    *plan = Plan::Gap {
                        reason: format!(
                            "Not described yet: `{}` could not be described ({why}).",
                            operation.line
                        ),
                    };
                }
            }
            if is_token(&operation) {
                sheet.tables.retain(|table| table.name != "oauth2");
            }
            sheet
                .functions
                .retain(|(function, plan)| function.is_asked_for() || matches!(plan, Plan::Steps { .. }));
            true
        }
        Some(Section::OwnError(position, second)) => {
            let Some((_, _, own)) = sheet.operations.get_mut(position) else { return false };
            if second < own.len() {
                own.remove(second);
            }
            second < own.len() + 1
        }
        Some(Section::Error(position)) if position < sheet.errors.len() => {
            let refusal = sheet.errors.remove(position);
            gaps.push(Gap::new(
                GapKind::Errors,
                refusal.status.to_string(),
                format!("its refusal is left out: {why}"),
            ));
            true
        }
        Some(Section::Function(position)) if position < sheet.functions.len() => {
            let (function, plan) = &mut sheet.functions[position];
            let was_plan = matches!(plan, Plan::Steps { .. });
            *plan = Plan::Gap {
                reason: format!("Not described yet: a plan was found, but {}.", why.trim_end_matches('.')),
            };
            if !function.is_asked_for() {
                sheet.functions.remove(position);
            }
            was_plan
        }
        Some(Section::Auth) if !sheet.tables.is_empty() => {
            gaps.push(Gap::new(
                GapKind::Authentication,
                "auth",
                format!("what was drafted is left out: {why}"),
            ));
            sheet.tables.clear();
            true
        }
        Some(Section::Limits) if !sheet.limits.is_empty() => {
            gaps.push(Gap::new(GapKind::Limits, "limits", format!("what was drafted is left out: {why}")));
            sheet.limits.clear();
            true
        }
        Some(Section::Servers) if sheet.servers.len() > 1 => {
            sheet.servers.truncate(1);
            for (_, server, _) in &mut sheet.operations {
                *server = None;
            }
            true
        }
        _ => false,
    }
}

fn mentions(plan: &Plan, name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    matches!(plan, Plan::Steps { steps, .. } if steps.iter().any(|step| step.contains(&quoted)))
}

/// The functions that have a plan, for the tests of this room.
#[cfg(test)]
pub(super) fn planned(scaffold: &Scaffold) -> Vec<&'static str> {
    let dialect = profile::compile("scaffold.toml", &scaffold.text)
        .unwrap_or_else(|errors| panic!("{}", profile::render(&errors)));
    Function::ALL
        .iter()
        .filter(|function| dialect.supports(**function))
        .map(|function| function.as_str())
        .collect()
}
