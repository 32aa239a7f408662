//! The profile as text, part by part.

use serde_json::Value;

use super::auth::Table;
use super::confidence::{Confidence, Guess};
use super::draft::Operation;
use super::errors::Refusal;
use super::limits::Limit;
use super::node::Node;
use super::plans::Plan;
use crate::vendors::vocabulary::Function;

/// Everything that stands in the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Sheet {
    pub name: String,
    pub origin: String,
    pub title: (String, Option<Guess>),
    pub vendor: (String, Option<Guess>),
    pub version: (String, Option<Guess>),
    pub documentation: Option<(String, Guess)>,
    pub servers: Vec<(String, String, Guess)>,
    pub secrets: Vec<(String, String)>,
    pub settings: Vec<(String, String)>,
    pub tables: Vec<Table>,
    pub limits: Vec<Limit>,
    /// Gaps beside the limits.
    pub open_limits: Vec<String>,
    pub errors: Vec<Refusal>,
    pub operations: Vec<(Operation, Option<String>, Vec<Refusal>)>,
    pub functions: Vec<(Function, Plan)>,
}

/// A part of the file, which can be taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Heading,
    Servers,
    Auth,
    Limits,
    Error(usize),
    Operation(usize),
    OwnError(usize, usize),
    Function(usize),
}

/// The text, and on which line each part begins (counted from 1).
pub(super) struct Written {
    pub text: String,
    pub sections: Vec<(usize, Section)>,
}

impl Written {
    fn begin(&mut self, section: Section) {
        self.sections.push((self.text.matches('\n').count() + 1, section));
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn guess(&mut self, guess: &Guess) {
        self.comment(&guess.line());
    }

    fn comment(&mut self, text: &str) {
        let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.line(format!("# {plain}").trim_end());
    }

    fn pair(&mut self, key: &str, value: &str) {
        self.line(&format!("{} = {}", toml_key(key), basic(value)));
    }
}

/// Writes the file.
pub(super) fn write(sheet: &Sheet) -> Written {
    let mut out = Written { text: String::new(), sections: Vec::new() };
    heading(sheet, &mut out);
    out.begin(Section::Servers);
    out.line("\n[servers]");
    for (name, address, guess) in &sheet.servers {
        out.guess(guess);
        out.pair(name, address);
    }
    out.begin(Section::Auth);
    named("secrets", &sheet.secrets, &mut out);
    named("settings", &sheet.settings, &mut out);
    for table in &sheet.tables {
        out.line("");
        out.guess(&table.guess);
        out.line(&format!("[auth.{}]", table.name));
        for (key, value) in &table.entries {
            out.pair(key, value);
        }
    }
    limits(sheet, &mut out);
    errors(sheet, &mut out);
    out.begin(Section::Heading);
    out.line("\n# The exchanges.");
    if sheet.operations.is_empty() {
        out.line("\n[operations]");
        out.comment("gap: no exchange is described yet; `[operations.list_locks]` with `request` and `response` is a good first one");
    }
    for (position, (operation, server, own)) in sheet.operations.iter().enumerate() {
        out.begin(Section::Operation(position));
        write_operation(operation, server.as_deref(), &mut out);
        for (second, refusal) in own.iter().enumerate() {
            out.begin(Section::OwnError(position, second));
            write_refusal(&format!("operations.{}.errors", operation.name()), refusal, &mut out);
        }
    }
    out.begin(Section::Heading);
    out.line("\n# What Inlet asks for, as plans over these exchanges.");
    out.line("\n[functions]");
    for (position, (function, plan)) in sheet.functions.iter().enumerate() {
        out.begin(Section::Function(position));
        function_line(*function, plan, &mut out);
    }
    out.begin(Section::Heading);
    out.line("");
    out.comment("gap: notes on timing and limits, a sentence for each function that has a plan, under `[function_notes]`");
    out
}

fn heading(sheet: &Sheet, out: &mut Written) {
    out.begin(Section::Heading);
    out.comment(&format!("{}, drafted from {}.", sheet.title.0, sheet.origin));
    out.comment(
        "Each guess is marked `guess (sure)`, `guess (likely)` or `guess (unsure)`, with its reason;",
    );
    out.comment(
        "what the description does not tell is marked `gap`. Whatever has been checked loses its mark.",
    );
    out.comment(
        "`lockstep check` reads the file, `lockstep simulate` plays it, `lockstep certify` judges it.",
    );
    out.line("");
    out.pair("schema", "lockstep.profile/1");
    out.pair("kind", "lock-vendor");
    out.pair("name", &sheet.name);
    for (key, (value, guess)) in
        [("title", &sheet.title), ("vendor", &sheet.vendor), ("version", &sheet.version)]
    {
        if let Some(guess) = guess {
            out.guess(guess);
        }
        out.pair(key, value);
    }
    match &sheet.documentation {
        Some((address, guess)) => {
            out.guess(guess);
            out.pair("documentation", address);
        }
        None => out.comment("gap: documentation = \"https://…\": where the API is documented"),
    }
}

fn named(table: &str, names: &[(String, String)], out: &mut Written) {
    if names.is_empty() {
        return;
    }
    out.line(&format!("\n[{table}]"));
    for (name, text) in names {
        out.pair(name, text.lines().next().unwrap_or_default());
    }
}

fn limits(sheet: &Sheet, out: &mut Written) {
    out.begin(Section::Limits);
    out.line("\n[limits]");
    for gap in sheet.open_limits.iter() {
        out.comment(&format!("gap: {gap}"));
    }
    for table in ["limits", "limits.pin"] {
        let lines: Vec<&Limit> = sheet.limits.iter().filter(|limit| limit.table == table).collect();
        if table != "limits" && !lines.is_empty() {
            out.line(&format!("\n[{table}]"));
        }
        for limit in lines {
            out.guess(&limit.guess);
            out.line(&format!("{} = {}", limit.key, limit.value));
        }
    }
}

fn errors(sheet: &Sheet, out: &mut Written) {
    out.begin(Section::Heading);
    out.line("\n# What every call may be answered with.");
    if sheet.errors.is_empty() {
        out.comment("gap: no refusal is described that holds for every call; write `[[errors]]` with `status`, `body` and `is`");
    }
    for (position, refusal) in sheet.errors.iter().enumerate() {
        out.begin(Section::Error(position));
        write_refusal("errors", refusal, out);
    }
}

fn write_refusal(table: &str, refusal: &Refusal, out: &mut Written) {
    out.line("");
    out.guess(&refusal.guess);
    out.line(&format!("[[{table}]]"));
    out.line(&format!("status = {}", refusal.status));
    if refusal.retry_after {
        out.line("headers = { Retry-After = \"{error.retry_after? | int}\" }");
    }
    if let Some(body) = &refusal.body {
        message("body", body, out);
    }
    out.line(&format!("is = \"{}\"", refusal.kind.as_str()));
}

fn write_operation(operation: &Operation, server: Option<&str>, out: &mut Written) {
    out.line("");
    operation_guesses(&operation.guesses, out);
    for other in &operation.others {
        out.comment(&format!("not taken: {other}"));
    }
    for left_out in &operation.left_out {
        out.comment(&format!("left out {left_out}"));
    }
    for gap in &operation.gaps {
        out.comment(&format!("gap: {gap}"));
    }
    out.line(&format!("[operations.{}]", operation.name()));
    if let Some(server) = server {
        out.pair("server", server);
    }
    out.pair("request", &operation.request);
    if operation.open {
        out.line("auth = false");
    }
    pairs("query", &operation.query, out);
    pairs("headers", &operation.headers, out);
    match (&operation.body, operation.form) {
        (Some(Node::Object(members)), true) => {
            let fields: Vec<(String, String)> =
                members.iter().filter_map(|(name, node)| Some((name.clone(), form_value(node)?))).collect();
            pairs("form", &fields, out);
        }
        (Some(body), false) => message("body", body, out),
        _ => {}
    }
    match operation.statuses[..] {
        [] | [200] => {}
        [status] => out.line(&format!("status = {status}")),
        ref several => {
            let several: Vec<String> = several.iter().map(u16::to_string).collect();
            out.line(&format!("status = [{}]", several.join(", ")));
        }
    }
    if let Some(response) = &operation.response {
        message("response", response, out);
    }
    if let Some(success) = &operation.success {
        out.line(&format!("success = {{ body = {} }}", literal(&success.write())));
    }
    if let Some((by, size)) = operation.paging {
        out.line(&format!("paging = {{ by = \"{by}\", size = {size} }}"));
    }
}

/// What the exchange is taken for, what is certain of its messages on lines
/// together, and each of the rest by itself, where it is looked for.
fn operation_guesses(guesses: &[Guess], out: &mut Written) {
    let Some((first, rest)) = guesses.split_first() else { return };
    out.guess(first);
    let (sure, open): (Vec<&Guess>, Vec<&Guess>) =
        rest.iter().partition(|guess| guess.confidence == Confidence::Sure);
    if !sure.is_empty() {
        let mut line = "guess (sure): by name, type and example:".to_owned();
        for (position, guess) in sure.iter().enumerate() {
            let part = format!(" {}{}", guess.what, if position + 1 < sure.len() { ";" } else { "" });
            if line.len() + part.len() > 110 {
                out.comment(&line);
                line = " ".repeat(2);
            }
            line.push_str(&part);
        }
        out.comment(&line);
    }
    for guess in open {
        out.guess(guess);
    }
}

fn form_value(node: &Node) -> Option<String> {
    match node {
        Node::Hole(inner) => Some(format!("{{{inner}}}")),
        Node::Literal(Value::String(text)) => Some(super::draft::escaped(text)),
        Node::Literal(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
        _ => None,
    }
}

fn pairs(key: &str, pairs: &[(String, String)], out: &mut Written) {
    if pairs.is_empty() {
        return;
    }
    let mut seen: Vec<&str> = Vec::new();
    let mut written = Vec::new();
    for (name, value) in pairs.iter() {
        if !seen.contains(&name.as_str()) {
            seen.push(name);
            written.push(format!("{} = {}", toml_key(name), basic(value)));
        }
    }
    out.line(&format!("{key} = {{ {} }}", written.join(", ")));
}

/// A message as JSON text: on one line where it fits, else as a block.
fn message(key: &str, node: &Node, out: &mut Written) {
    let text = node.write();
    if text.contains('\n') && !text.contains("'''") && is_plain(&text) {
        out.line(&format!("{key} = '''\n{text}\n'''"));
    } else {
        out.line(&format!("{key} = {}", literal(&text)));
    }
}

fn function_line(function: Function, plan: &Plan, out: &mut Written) {
    let name = function.as_str();
    match plan {
        Plan::Steps { steps, guess, .. } => {
            out.guess(guess);
            let short = format!("{name} = [{}]", steps.join(", "));
            if short.len() <= 100 {
                return out.line(&short);
            }
            let lines: Vec<String> = steps.iter().map(|step| format!("  {step},")).collect();
            out.line(&format!("{name} = [\n{}\n]", lines.join("\n")));
        }
        Plan::Gap { reason } => {
            out.comment(&format!("gap: {name} has no plan"));
            out.line(&format!("{name} = {{ unsupported = {} }}", basic(reason)));
        }
    }
}

/// A text in single quotes where it can stand in them.
fn literal(text: &str) -> String {
    if text.contains(['\'', '\n']) || !is_plain(text) { basic(text) } else { format!("'{text}'") }
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !c.is_control())
}

/// A text in double quotes.
fn basic(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn toml_key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if bare { name.to_owned() } else { basic(name) }
}
