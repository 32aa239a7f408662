//! Loads scenarios for commands: by the path of a file, or by the name of one
//! that the program carries within itself.

use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use super::kinds::Kind;
use super::profiles;
use crate::simulator::Scenario;

/// Every embedded scenario, as it is typed.
pub const ALL: &str = "all";

/// What was typed, each in turn; `all` stands for every embedded one.
pub fn load_all(typed: &[String]) -> Result<Vec<Arc<Scenario>>, Failure> {
    let mut scenarios = Vec::new();
    for name in typed {
        if name == ALL {
            for name in Scenario::embedded_names() {
                scenarios.push(load(name)?);
            }
        } else {
            scenarios.push(load(name)?);
        }
    }
    Ok(scenarios)
}

/// The scenario of that name or path.
pub fn load(name_or_path: &str) -> Result<Arc<Scenario>, Failure> {
    let path = Path::new(name_or_path);
    let loaded = match Scenario::embedded(name_or_path) {
        Some(embedded) if !path.exists() => embedded,
        _ => Scenario::load(path),
    };
    loaded.map(Arc::new).map_err(|errors| {
        let failure = profiles::explain(&errors, Kind::Scenario);
        if errors.source_text.is_empty() {
            let names: Vec<&str> = Scenario::embedded_names().collect();
            return failure.expected(format!("a file, `{ALL}`, or one of {}", names.join(", ")));
        }
        failure
    })
}
