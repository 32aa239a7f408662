//! From a description to a file that loads.
//!
//! What is drafted is loaded as any profile is. A part that the loader refuses
//! is taken out and told as a gap, until nothing is refused: whatever was
//! described, the file can be read.

use serde_json::Value;

use super::auth::auth;
use super::choice::{Choice, choose};
use super::confidence::{Confidence, Guess};
use super::description::Description;
use super::draft::Operation;
use super::errors::Refusal;
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

fn is_token(operation: &Operation) -> bool {
    operation.name().ends_with("_token")
}

/// Loads the file and takes out what is refused, until nothing is.
fn settle(mut sheet: Sheet, mut gaps: Vec<Gap>) -> Scaffold {
    for _ in 0..MOST_REPAIRS {
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

fn titled(name: &str) -> String {
    let mut title = name.replace(['-', '_'], " ");
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect()
}

fn sheet(name: &str, description: &Description, choice: &Choice) -> Sheet {
    let told = |text: &Option<String>, what: &str, usual: String, unsaid: &str| match text
        .as_deref()
        .map(one_line)
        .filter(|text| !text.is_empty())
    {
        Some(text) => (text, Some(Guess::new(Confidence::Sure, what.to_owned(), "the description says so"))),
        None => (usual, Some(Guess::new(Confidence::Unsure, what.to_owned(), unsaid.to_owned()))),
    };
    let unsaid = "the description does not say";
    let mut sheet = Sheet {
        name: name.to_owned(),
        origin: description.origin.clone(),
        title: told(&description.title, "the product's name", titled(name), unsaid),
        vendor: told(&description.vendor, "who makes it", titled(name), unsaid),
        version: told(&description.version, "version of the API", "1".to_owned(), unsaid),
        documentation: description.documentation.as_deref().filter(|text| text.starts_with("http")).map(
            |text| {
                (
                    one_line(text),
                    Guess::new(
                        Confidence::Likely,
                        "where the API is documented",
                        "the address that the description gives",
                    ),
                )
            },
        ),
        ..Sheet::default()
    };
    sheet.servers = vec![first_server(name, description)];
    let (common, own) = shared_errors(&choice.taken);
    sheet.errors = common;
    for (operation, own) in choice.taken.iter().zip(own) {
        let server = server_of(operation, &mut sheet.servers);
        sheet.operations.push((operation.clone(), server, own));
    }
    sheet
}

fn unknown_server(name: &str, path: &str) -> (String, String, Guess) {
    let host = name.replace('_', "-");
    let guess = Guess::new(
        Confidence::Unsure,
        "the base address",
        "the description names no host; this one does not exist",
    );
    ("api".to_owned(), format!("https://api.{host}.example{path}"), guess)
}

fn is_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        && !text.contains(['{', '}', '"', '\\'])
        && !text.contains(char::is_control)
}

fn first_server(name: &str, description: &Description) -> (String, String, Guess) {
    if let Some(address) = description.servers.iter().find(|address| is_address(address)) {
        let more = description
            .servers
            .iter()
            .filter(|other| *other != address)
            .take(4)
            .map(|other| format!("`{}`", one_line(other)))
            .collect::<Vec<_>>();
        let (confidence, why) = if more.is_empty() {
            (Confidence::Sure, "the one that the description names".to_owned())
        } else {
            (
                Confidence::Likely,
                format!("the first that the description names; others are {}", more.join(", ")),
            )
        };
        let address = address.trim_end_matches('/').to_owned();
        return ("api".to_owned(), address, Guess::new(confidence, "the base address", why));
    }
    let path = description
        .servers
        .iter()
        .find(|path| path.starts_with('/') && path.len() > 1 && !path.contains(['{', '?', ' ']));
    unknown_server(name, path.map_or("", |path| path.trim_end_matches('/')))
}

/// The name of the server that an operation has for itself.
fn server_of(operation: &Operation, servers: &mut Vec<(String, String, Guess)>) -> Option<String> {
    let address = operation.server.as_deref().filter(|address| is_address(address))?.trim_end_matches('/');
    if let Some((name, _, _)) = servers.iter().find(|(_, known, _)| known == address) {
        return (name != "api").then(|| name.clone());
    }
    let usual = if is_token(operation) { "identity" } else { "other" };
    let taken = |name: &str| servers.iter().any(|(known, _, _)| known == name);
    let name = if taken(usual) { format!("{usual}_{}", servers.len()) } else { usual.to_owned() };
    let guess = Guess::new(
        Confidence::Sure,
        format!("another base address, of {}", operation.name()),
        "the description names it beside the exchange",
    );
    servers.push((name.clone(), address.to_owned(), guess));
    Some(name)
}

/// The refusals that hold for most exchanges, and for each the others.
fn shared_errors(operations: &[Operation]) -> (Vec<Refusal>, Vec<Vec<Refusal>>) {
    let same = |left: &[Refusal], right: &[Refusal]| {
        left.len() == right.len() && left.iter().zip(right).all(|(left, right)| left.same(right))
    };
    let groups: Vec<&Vec<Refusal>> = operations.iter().flat_map(|operation| &operation.errors).collect();
    let mut common: Vec<&Vec<Refusal>> = Vec::new();
    for group in &groups {
        let Some(status) = group.first().map(|refusal| refusal.status) else { continue };
        if common.iter().any(|known| known.first().is_some_and(|refusal| refusal.status == status)) {
            continue;
        }
        let of_status =
            groups.iter().filter(|other| other.first().is_some_and(|refusal| refusal.status == status));
        let most = of_status
            .map(|group| (groups.iter().filter(|other| same(other, group)).count(), *group))
            .max_by_key(|(count, _)| *count);
        let general = matches!(status, 401 | 403 | 429) || status >= 500;
        if let Some((_, group)) = most.filter(|(count, group)| group.len() == 1 && (*count > 1 || general)) {
            common.push(group);
        }
    }
    let own = operations
        .iter()
        .map(|operation| {
            operation
                .errors
                .iter()
                .filter(|group| !common.iter().any(|known| same(known, group)))
                .flatten()
                .cloned()
                .collect()
        })
        .collect();
    let mut common: Vec<Refusal> = common.into_iter().flatten().cloned().collect();
    common.sort_by_key(|refusal| refusal.status);
    (common, own)
}

fn add_run_values(choice: &Choice, sheet: &mut Sheet) {
    for operation in &choice.taken {
        for (name, text) in &operation.settings {
            if !sheet.settings.iter().any(|(known, _)| known == name) {
                sheet.settings.push((name.clone(), one_line(text)));
            }
        }
        for guess in &operation.guesses {
            for part in guess.what.split("secret.").skip(1) {
                let name: String =
                    part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if !name.is_empty() && !sheet.secrets.iter().any(|(known, _)| *known == name) {
                    let text = titled(&name);
                    sheet.secrets.push((name, format!("{text} of the account")));
                }
            }
        }
    }
}

fn heading_gaps(description: &Description) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut gap = |about: &str, text: &str| gaps.push(Gap::new(GapKind::Heading, about, text));
    if !description.servers.iter().any(|address| is_address(address)) {
        gap("servers.api", "the description names no base address; write the vendor's");
    }
    if !description.documentation.as_deref().is_some_and(|text| text.starts_with("http")) {
        gap("documentation", "the description names no address of the documentation");
    }
    if description.version.is_none() {
        gap("version", "the description names no version of the API");
    }
    if description.vendor.is_none() {
        gap("vendor", "the description does not say who makes it");
    }
    gaps
}

fn error_gaps(sheet: &Sheet) -> Vec<Gap> {
    if sheet.operations.is_empty() {
        return vec![Gap::new(GapKind::Errors, "errors", "how calls are refused")];
    }
    let own = sheet.operations.iter().flat_map(|(_, _, own)| own);
    let all: Vec<&Refusal> = sheet.errors.iter().chain(own).collect();
    let mut gaps = Vec::new();
    for (status, text) in [
        (401, "how wrong credentials are refused is not described"),
        (404, "how a lock that does not exist is refused is not described"),
        (429, "how too many calls are refused is not described"),
    ] {
        if !all.iter().any(|refusal| refusal.status == status) {
            gaps.push(Gap::new(GapKind::Errors, status.to_string(), text));
        }
    }
    let offline = crate::vendors::vocabulary::FailureKind::Offline;
    if !all.iter().any(|refusal| refusal.kind == offline) {
        gaps.push(Gap::new(
            GapKind::Errors,
            offline.as_str(),
            "how a command to an unreachable lock is refused is not described",
        ));
    }
    gaps
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
