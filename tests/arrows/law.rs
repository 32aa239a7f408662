//! Who may know whom.

use std::fmt;

use crate::source::{self, Named};

/// The rooms that hold sources.
pub const ROOMS: &[&str] = &["vendors", "scenarios", "simulator", "harness", "features", "reports"];

/// What the integration, which must know no simulator, may know of the harness.
const INTEGRATION_MAY: &[&str] = &["integration", "evidence", "criterion", "result", "verdict"];

/// What the reports may know of the harness: the result model and its words.
const REPORTS_MAY: &[&str] = &["result", "criterion", "verdict"];

/// A path that breaks an arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    file: String,
    line: usize,
    named: String,
    /// Which rule it breaks.
    pub why: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}: {}", self.file, self.line, self.named, self.why)
    }
}

/// Everything in a source that breaks an arrow.
pub fn violations(file: &str, text: &str) -> Vec<Violation> {
    let module = module_of(file);
    let module: Vec<&str> = module.iter().map(String::as_str).collect();
    let mut found: Vec<Violation> = source::paths(&module, text)
        .into_iter()
        .filter_map(|named| {
            let why = judge(&module, file, &named)?;
            Some(Violation { file: file.to_owned(), line: named.line, named: named.segments.join("::"), why })
        })
        .collect();
    let words = source::words(text);
    let tricks: [(&[&str], &'static str); 3] = [
        (&["extern", "crate"], "the crate under another name hides arrows"),
        (&["#", "[", "path"], "a module from elsewhere hides arrows"),
        (&["include", "!"], "sources from elsewhere hide arrows"),
    ];
    for (trick, why) in tricks {
        if words.windows(trick.len()).any(|window| window == trick) {
            found.push(Violation { file: file.to_owned(), line: 0, named: trick.join(" "), why });
        }
    }
    found
}

/// `harness/runner/step.rs` is `harness::runner::step`.
fn module_of(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs").trim_end_matches("/mod");
    if matches!(stem, "lib" | "main") { Vec::new() } else { stem.split('/').map(str::to_owned).collect() }
}

fn judge(module: &[&str], file: &str, named: &Named) -> Option<&'static str> {
    let segments: Vec<&str> = named.segments.iter().map(String::as_str).collect();
    match (segments.as_slice(), file) {
        (["cucumber", ..], _) => judge_cucumber(module),
        (["crate", ..], "main.rs" | "lib.rs") => None,
        (["crate" | "lockstep"], _) | (["crate" | "lockstep", "as" | "*", ..], _) => {
            Some("the whole crate at once hides arrows")
        }
        (["lockstep", ..], "main.rs") => None,
        (["lockstep", ..], _) => Some("the crate by its outer name hides arrows"),
        (["crate", target @ ..], _) => judge_arrow(module, target, named.exported),
        _ => None,
    }
}

fn judge_cucumber(module: &[&str]) -> Option<&'static str> {
    let may = matches!(module, ["features", ..] | ["harness", "runner", ..]);
    (!may).then_some("only the runner and the step definitions know cucumber-rs")
}

fn judge_arrow(module: &[&str], target: &[&str], exported: bool) -> Option<&'static str> {
    let (Some(from), Some(to)) = (module.first(), target.first()) else { return None };
    if !ROOMS.contains(to) {
        return None;
    }
    if from == to {
        return judge_inside(module, target);
    }
    let may: &[&str] = match *from {
        "scenarios" => &["vendors"],
        "simulator" => &["scenarios", "vendors"],
        "harness" if module.get(1) == Some(&"integration") => &["vendors"],
        "harness" => &["simulator", "vendors"],
        "features" => &["harness", "simulator", "vendors"],
        "reports" => &["harness", "vendors"],
        _ => &[],
    };
    if !may.contains(to) {
        return Some("this room may not know that one");
    }
    match *to {
        "simulator" if target.len() > 2 && target[1].starts_with(char::is_lowercase) => {
            Some("the simulator is known through its public start and control interface only")
        }
        "harness" if *from == "reports" && !target.get(1).is_some_and(|part| REPORTS_MAY.contains(part)) => {
            Some("reports know the result model only")
        }
        "simulator" if exported => Some("a re-export would lend the simulator to those who may not know it"),
        _ => None,
    }
}

fn judge_inside(module: &[&str], target: &[&str]) -> Option<&'static str> {
    let integration = module.starts_with(&["harness", "integration"]);
    let lent = target.get(1).is_some_and(|part| INTEGRATION_MAY.contains(part));
    // Its tests may put the fault proxy, which knows no simulator, between both sides.
    let tried = module.contains(&"tests") && target.get(1) == Some(&"proxy");
    (integration && !lent && !tried).then_some("the integration may not know those who know the simulator")
}
