//! Whether a test touches a profile, read from its source: it, or a helper beside
//! it that it calls, names the profile.

use std::collections::BTreeSet;
use std::path::Path;

/// The test that plays the bytes of every profile which has some.
const EVERY_DIALECT: &str = "thirty_points::wires::every_dialect_holds_in_both_directions";

/// What bytes alone show: a limit, a plan or an address is shown by a run only.
const IN_BYTES: [&str; 6] = ["auth", "callbacks", "errors", "headers", "operations", "signatures"];

/// Whether a test touches what stands in a section of a profile. `root` is the
/// folder of the sources.
pub fn touches(root: &Path, test: &str, profile: &str, section: &str) -> bool {
    if test == EVERY_DIALECT {
        let wire = |of: &str| root.join("vendors").join(of).join(format!("{profile}.wire"));
        let has_bytes = ["locks", "locks/test"].into_iter().any(|of| wire(of).exists());
        return has_bytes && IN_BYTES.contains(&section);
    }
    let Some((module, name)) = test.rsplit_once("::") else { return false };
    let bodies = functions_beside(root, module);
    names(&reached(&bodies, name), profile)
}

/// A function's name and its text.
type Function = (String, String);

/// The functions of a test's file and of the helpers in its folder.
fn functions_beside(root: &Path, module: &str) -> Vec<Function> {
    let inside = module.trim_end_matches("::tests").replace("::", "/");
    let module = module.replace("::", "/");
    let file = [
        format!("tests/{module}.rs"),
        format!("{module}.rs"),
        format!("{module}/mod.rs"),
        format!("{inside}.rs"),
    ]
    .into_iter()
    .map(|path| root.join(path))
    .find(|path| path.exists());
    let Some(file) = file else { return Vec::new() };
    let beside = ["bench.rs", "mod.rs", "setup.rs"].iter().filter_map(|name| Some(file.parent()?.join(name)));
    let files: BTreeSet<_> = beside.chain([file.clone()]).collect();
    files
        .iter()
        .filter_map(|file| std::fs::read_to_string(file).ok())
        .flat_map(|text| functions(&text))
        .collect()
}

/// Functions by the line that begins one and the brace that ends it, as the
/// formatter sets them.
fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once("fn ") else { continue };
        if !before.split_whitespace().all(|word| word.starts_with("pub") || matches!(word, "async" | "const"))
        {
            continue;
        }
        let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let indent = line.len() - line.trim_start().len();
        let end = format!("{}}}", " ".repeat(indent));
        let length = lines[at..].iter().position(|line| *line == end).unwrap_or(0);
        found.push((name, lines[at..=at + length].join("\n")));
    }
    found
}

/// The text of a function and of all that it calls, as far as it stands there.
fn reached(functions: &[Function], name: &str) -> String {
    let (mut text, mut seen) = (String::new(), BTreeSet::new());
    let mut next = vec![name.to_owned()];
    while let Some(name) = next.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        for (_, body) in functions.iter().filter(|(known, _)| *known == name) {
            text.push_str(body);
            let called = functions.iter().map(|(other, _)| other).filter(|other| calls(body, other));
            next.extend(called.cloned());
        }
    }
    text
}

fn calls(body: &str, name: &str) -> bool {
    let call = format!("{name}(");
    body.match_indices(&call)
        .any(|(at, _)| !body[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_'))
}

/// Whether a text names a profile: by itself, or as a file of it.
fn names(text: &str, profile: &str) -> bool {
    [format!("\"{profile}\""), format!("{profile}.toml"), format!("{profile}.wire")]
        .iter()
        .any(|name| text.contains(name.as_str()))
}
