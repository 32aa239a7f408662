//! From text to dialect.

use std::path::Path;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::document::{Document, Section};
use super::embedded::EMBEDDED;
use super::problem::{Problem, ProfileErrors, nearest};
use super::text_file::{Unread, read_text};
use super::{auth, callbacks, functions, ids, limits_section, operations, references, signatures, sources};
use crate::vendors::dialect::{Dialect, Environment, Router};
use crate::vendors::vocabulary::Function;

/// The version of the format.
const SCHEMA: &str = "lockstep.profile/1";

/// Loads a profile by path, or by the name of an embedded one (`reference`).
pub fn load(name_or_path: &str) -> Result<Arc<Dialect>, ProfileErrors> {
    if let Some((_, file, text)) = EMBEDDED.iter().find(|(name, _, _)| *name == name_or_path) {
        return compile(file, text);
    }
    match read_text(Path::new(name_or_path)) {
        Ok(text) => compile(name_or_path, &text),
        Err(why) => Err(unreadable(name_or_path, &why)),
    }
}

fn unreadable(name: &str, why: &Unread) -> ProfileErrors {
    let known = || match nearest(name, EMBEDDED.iter().map(|(name, _, _)| *name)) {
        Some(near) => format!("did you mean the embedded profile `{near}`?"),
        None => format!("give a path, or an embedded profile: {}", embedded_names().join(", ")),
    };
    let help = why.todo.map_or_else(known, str::to_owned);
    let problem = Problem {
        file: name.to_owned(),
        line: 1,
        column: 1,
        span: 0..0,
        what: format!("the profile cannot be read: {why}"),
        help: Some(help),
    };
    ProfileErrors { file: name.to_owned(), source_text: String::new(), problems: vec![problem] }
}

/// The names of the embedded profiles.
pub fn embedded_names() -> Vec<&'static str> {
    EMBEDDED.iter().map(|(name, _, _)| *name).collect()
}

/// Compiles a profile's text; `file` is its name in messages.
pub fn compile(file: &str, text: &str) -> Result<Arc<Dialect>, ProfileErrors> {
    let doc = Document::new(file, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        doc.problem(
            error.span().unwrap_or(0..0),
            format!("this is no TOML: {message}"),
            "see https://toml.io",
        );
    }
    // What is left of a broken document would only make for further, false problems.
    let dialect = if errors.is_empty() { read(&doc, table.get_ref(), text) } else { None };
    match dialect {
        Some(dialect) if doc.is_clean() => Ok(Arc::new(dialect)),
        _ => Err(ProfileErrors {
            file: file.to_owned(),
            source_text: text.to_owned(),
            problems: doc.into_problems(),
        }),
    }
}

fn read(doc: &Document<'_>, table: &DeTable<'_>, text: &str) -> Option<Dialect> {
    let root = Section::new(doc, "the profile", table, 0..0);
    check_heading(&root);
    let name = root.required_text("name", "write the profile's short name").map(|text| text.value.to_owned());
    let title = root.required_text("title", "write the product's name").map(|text| text.value.to_owned());
    let vendor = root.required_text("vendor", "write who makes it").map(|text| text.value.to_owned());
    let version =
        root.required_text("version", "write the version of the API").map(|text| text.value.to_owned());
    let documentation = root.string("documentation");
    let notes = root.string("notes").unwrap_or_default();
    sources::read(&root);
    let servers = read_servers(&root);
    let environments = read_environments(&root, &servers);
    let secrets = read_names(&root, "secrets");
    let settings = read_names(&root, "settings");
    let limits = limits_section::read(&root);
    let auth = auth::read(&root, &secrets);
    let signatures = signatures::read(&root, &secrets);
    let operations = operations::read(&root, &servers, &auth, &signatures);
    references::check_run_values(&operations.read, &root, &secrets, &settings, &servers);
    auth.check_operations(doc, &operations);
    references::check_jobs(&root, &operations);
    let names: Vec<&str> = operations
        .read
        .iter()
        .map(|read| read.operation.name())
        .chain(operations.unreadable.iter().copied())
        .collect();
    limits_section::check_rates(&root, &limits, &names);
    references::check_queues(&root, &limits, &operations.read);
    let declared = callbacks::Declared { secrets: &secrets, settings: &settings };
    let callbacks = callbacks::read(&root, &operations, &declared);
    let functions::ReadPlans { functions, session } =
        functions::read(&root, &operations, &auth.auth, &limits);
    let ids = ids::read(&root);
    let function_notes = read_function_notes(&root);
    root.finish();
    let operations: Vec<_> = operations.read.into_iter().map(|read| read.operation).collect();
    let router = Router::new(operations.iter().map(|operation| &operation.request));
    Some(Dialect {
        name: name?,
        title: title?,
        vendor: vendor?,
        version: version?,
        documentation,
        notes,
        function_notes,
        servers,
        environments,
        secrets,
        settings,
        auth: auth.auth,
        session,
        ids,
        limits,
        callbacks,
        operations,
        functions,
        router,
        origins: doc.origins.take(),
        source_text: text.to_owned(),
    })
}

fn check_heading(root: &Section<'_, '_>) {
    if let Some(schema) = root.required_text("schema", "write `schema = \"lockstep.profile/1\"`")
        && schema.value != SCHEMA
    {
        root.doc.problem(
            schema.span,
            format!("unknown schema `{}`", schema.value),
            format!("write `{SCHEMA}`"),
        );
    }
    if let Some(kind) = root.required_text("kind", "write `kind = \"lock-vendor\"`") {
        root.choose(&kind, &[("lock-vendor", ())]);
    }
}

fn read_servers(root: &Section<'_, '_>) -> Vec<(String, String)> {
    let servers = read_names(root, "servers");
    if !servers.iter().any(|(name, _)| name == "api") {
        let span = root.value("servers").map_or(0..0, toml::Spanned::span);
        root.doc.problem(span, "no server `api`", "write `[servers]` with `api = \"https://…\"`");
    }
    if let Some(section) = root.section("servers") {
        check_addresses(&section);
        sources::cite(&section, "servers", &[]);
    }
    servers
}

fn check_addresses(section: &Section<'_, '_>) {
    for (key, value) in section.entries() {
        if let Some(address) = value.get_ref().as_str().filter(|_| key.value != "sources")
            && !sources::is_address(address)
        {
            section.doc.problem(
                value.span(),
                format!("`{}` is no base address", key.value),
                "write `https://host` with an optional path",
            );
        }
    }
}

/// `[environments.sandbox]`: base addresses that go before those of `[servers]`.
fn read_environments(root: &Section<'_, '_>, servers: &[(String, String)]) -> Vec<Environment> {
    let Some(section) = root.section("environments") else { return Vec::new() };
    let mut environments = Vec::new();
    for (name, value) in section.entries() {
        let title = format!("environment `{}`", name.value);
        let Some(entry) = section.section_of(value, title) else { continue };
        check_addresses(&entry);
        let mut addresses = Vec::new();
        for (server, address) in entry.entries() {
            if !servers.iter().any(|(known, _)| known == server.value) {
                let known = servers.iter().map(|(name, _)| name.as_str());
                let help = match nearest(server.value, known.clone()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("servers are {}", known.collect::<Vec<_>>().join(", ")),
                };
                root.doc.problem(server.span, format!("unknown server `{}`", server.value), help);
            } else if let Some(text) = entry.text_of(address) {
                addresses.push((server.value.to_owned(), text.value.to_owned()));
            }
        }
        environments.push(Environment { name: name.value.to_owned(), servers: addresses });
    }
    environments
}

/// A table of names with a text each.
fn read_names(root: &Section<'_, '_>, key: &'static str) -> Vec<(String, String)> {
    let Some(section) = root.section(key) else { return Vec::new() };
    let mut names = Vec::new();
    for (name, value) in section.entries() {
        // It says where the addresses are from.
        let cites = key == "servers" && name.value == "sources";
        if cites || !root.doc.takes_name(&name) {
            continue;
        }
        if let DeValue::String(text) = value.get_ref() {
            names.push((name.value.to_owned(), text.to_string()));
        } else {
            root.wrong_type(value, "a text");
        }
    }
    names
}

fn read_function_notes(root: &Section<'_, '_>) -> Vec<(Function, String)> {
    let Some(section) = root.section("function_notes") else { return Vec::new() };
    let mut notes = Vec::new();
    for (name, value) in section.entries() {
        if let (Some(function), Some(text)) =
            (functions::function_named(root.doc, &name), section.text_of(value))
        {
            notes.push((function, text.value.to_owned()));
        }
    }
    notes
}
