//! The sheet of a profile, put together from what was drafted.

use super::choice::Choice;
use super::confidence::{Confidence, Guess};
use super::description::Description;
use super::draft::Operation;
use super::errors::Refusal;
use super::gap::{Gap, GapKind};
use super::write::Sheet;
use crate::vendors::vocabulary::FailureKind;

pub(super) fn titled(name: &str) -> String {
    let mut title = name.replace(['-', '_'], " ");
    if let Some(first) = title.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect()
}

pub(super) fn sheet(name: &str, description: &Description, choice: &Choice) -> Sheet {
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

pub(super) fn unknown_server(name: &str, path: &str) -> (String, String, Guess) {
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

pub(super) fn add_run_values(choice: &Choice, sheet: &mut Sheet) {
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

pub(super) fn heading_gaps(description: &Description) -> Vec<Gap> {
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

pub(super) fn error_gaps(sheet: &Sheet) -> Vec<Gap> {
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
    let offline = FailureKind::Offline;
    if !all.iter().any(|refusal| refusal.kind == offline) {
        gaps.push(Gap::new(
            GapKind::Errors,
            offline.as_str(),
            "how a command to an unreachable lock is refused is not described",
        ));
    }
    gaps
}

/// Whether the exchange is about tokens, not about locks.
pub(super) fn is_token(operation: &Operation) -> bool {
    operation.name().ends_with("_token")
}
