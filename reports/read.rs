//! Reading a report back: for replaying a finding and for comparing runs.

use std::path::{Path, PathBuf};

use crate::harness::criterion::CriterionId;
use crate::harness::result::{Report, SCHEMA};

/// Why a report could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such file, or no permission.
    #[error("{}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// No JSON.
    #[error("{} is not JSON", path.display())]
    Json {
        /// Which file.
        path: PathBuf,
        /// Where it breaks off.
        source: serde_json::Error,
    },
    /// Another document, or a report of another version.
    #[error("{} is of the schema `{found}`, expected `{SCHEMA}`", path.display())]
    Schema {
        /// Which file.
        path: PathBuf,
        /// What it says of itself.
        found: String,
    },
    /// A report with a field missing or wrong.
    #[error("{} does not follow the schema `{SCHEMA}`", path.display())]
    Shape {
        /// Which file.
        path: PathBuf,
        /// Which field, and where.
        source: serde_json::Error,
    },
    /// A criterion whose id has no form of one.
    #[error("{} judges a criterion with the id `{id}`, expected letters and a number, such as LV-21", path.display())]
    Id {
        /// Which file.
        path: PathBuf,
        /// The id.
        id: String,
    },
}

impl ReadError {
    /// The whole in one sentence: what is wrong, where it breaks off or what the
    /// system says.
    pub fn told(&self) -> String {
        match std::error::Error::source(self) {
            Some(source) => format!("{self}: {source}"),
            None => self.to_string(),
        }
    }
}

/// Reads `report.json`, or the one in a run's folder.
pub fn read(path: &Path) -> Result<Report, ReadError> {
    let path = if path.is_dir() { path.join(super::write::JSON) } else { path.to_owned() };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(ReadError::File { path, source }),
    };
    let value: serde_json::Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(source) => return Err(ReadError::Json { path, source }),
    };
    match value.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) => {}
        other => {
            let found = super::text::line(other.unwrap_or("none"), 80);
            return Err(ReadError::Schema { path, found });
        }
    }
    // From the text and not from the value, so that the error tells the line.
    let report: Report = match serde_json::from_str(&text) {
        Ok(report) => report,
        Err(source) => return Err(ReadError::Shape { path, source }),
    };
    match report.criteria.iter().find(|criterion| CriterionId::parse(criterion.id.as_str()).is_none()) {
        Some(criterion) => Err(ReadError::Id { path, id: super::text::line(criterion.id.as_str(), 80) }),
        None => Ok(report),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{render, samples};
    use super::*;

    fn check(text: &str, expected: &str) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let error = read(file.path()).unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        let told = format!("{error}: {source}");
        assert!(told.contains(expected), "{told}");
    }

    #[test]
    fn every_mistake_is_told_apart() {
        check("{", "is not JSON: EOF while parsing an object at line 1");
        check("[]", "is of the schema `none`, expected `lockstep.report/1`");
        check(r#"{"schema": "lockstep.report/9"}"#, "is of the schema `lockstep.report/9`");
        check(
            r#"{"schema": "lockstep.report/1"}"#,
            "does not follow the schema `lockstep.report/1`: missing field",
        );
        let text = render::json(&samples::failing()).unwrap();
        check(&text.replacen("\"LV-01\"", "\"LV 1\"", 1), "with the id `LV 1`");
        check(&text.replacen("\"pass\"", "\"passed\"", 1), "unknown variant `passed`");
        assert!(matches!(read(Path::new("/nowhere/report.json")), Err(ReadError::File { .. })));
    }
}
