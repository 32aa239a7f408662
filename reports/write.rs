//! From the model to the files of a run's folder.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::harness::result::Report;
use crate::vendors::vocabulary::{Instant, Secret};

use super::judgement::contradictions;
use super::leak::{self, Leak};
use super::render;

/// The report's file, the source of truth.
pub(super) const JSON: &str = "report.json";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The run's folder.
    pub folder: PathBuf,
    /// Every file in it that was written, `report.json` last.
    pub files: Vec<PathBuf>,
    /// The step summary, for a caller that appends it to a file of its own.
    pub summary: String,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A secret would have stood in a file.
    #[error(
        "{file} would hold a secret (number {} of those known to the run, {}); no report is written",
        leak.secret, leak.encoding
    )]
    Leak {
        /// The file's name.
        file: &'static str,
        /// Which secret, by number, and how it was written.
        leak: Leak,
    },
    /// The report claims more than its parts support.
    #[error("the report contradicts itself: {}; no report is written", .0.join("; "))]
    Contradiction(Vec<String>),
    /// JSON could not be made.
    #[error("cannot render {JSON}")]
    Json(#[from] serde_json::Error),
    /// JUnit could not be made.
    #[error("cannot render junit.xml")]
    Junit(#[from] quick_junit::SerializeError),
    /// The disk refused.
    #[error("cannot write {}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// The folder of a run where the caller names none: `<base>/<subject>-<time>`.
pub fn default_folder(base: &Path, subject: &str, at: Instant) -> PathBuf {
    let name: String = subject
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = match name.trim_matches('-') {
        "" => "subject",
        name => name,
    };
    base.join(format!("{name}-{}", at.timestamp().strftime("%Y%m%dT%H%M%SZ")))
}

/// Renders every format, looks for contradictions and secrets, and writes.
///
/// Every file is first written whole under a temporary name beside its place
/// and then renamed over what was there, `report.json` last; other files in the
/// folder stay as they are. Secrets of fewer than
/// [`super::SHORTEST_SECRET`] characters are not searched for, and ordinary words
/// only in codings.
pub fn write(report: &Report, secrets: &[Secret], folder: &Path) -> Result<Written, WriteError> {
    let wrong = contradictions(report);
    if !wrong.is_empty() {
        return Err(WriteError::Contradiction(wrong));
    }
    let summary = render::summary(report);
    let files = [
        ("report.html", render::html(report)),
        ("junit.xml", render::junit(report)?),
        ("answer.md", render::answer(report)),
        ("badge.svg", render::badge(report)),
        ("summary.md", summary.clone()),
        (JSON, render::json(report)?),
    ];
    for (file, text) in &files {
        if let Some(leak) = leak::find(text, secrets) {
            return Err(WriteError::Leak { file, leak });
        }
    }
    store(folder, &files)?;
    Ok(Written {
        folder: folder.to_owned(),
        files: files.iter().map(|(name, _)| folder.join(name)).collect(),
        summary,
    })
}

fn store(folder: &Path, files: &[(&'static str, String)]) -> Result<(), WriteError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| WriteError::Disk { path, source }
    };
    fs::create_dir_all(folder).map_err(at(folder))?;
    let staged = Staged(folder.join(format!(".lockstep-{}-{}", std::process::id(), next())));
    fs::create_dir_all(&staged.0).map_err(at(&staged.0))?;
    // Looked at before the first is renamed, so that old and new files do not mix.
    let folders = files.iter().map(|(name, _)| folder.join(name)).find(|path| path.is_dir());
    if let Some(path) = folders {
        return Err(WriteError::Disk { path, source: io::ErrorKind::IsADirectory.into() });
    }
    for (name, text) in files {
        let path = staged.0.join(name);
        whole(&path, text).map_err(at(&path))?;
    }
    for (name, _) in files {
        let path = folder.join(name);
        fs::rename(staged.0.join(name), &path).map_err(at(&path))?;
    }
    Ok(())
}

/// A number of its own for every write of this process.
fn next() -> u64 {
    static WRITES: AtomicU64 = AtomicU64::new(0);
    WRITES.fetch_add(1, Ordering::Relaxed)
}

fn whole(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The temporary folder, removed whatever happens.
struct Staged(PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        // Nothing can be done where it cannot be removed, and nothing is lost.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{read, samples};
    use super::*;

    #[test]
    fn a_run_leaves_its_files_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        for report in [samples::failing(), samples::rehearsal()] {
            write(&report, &[], &run).unwrap();
            assert_eq!(read(&run).unwrap(), report);
        }
        let mut names: Vec<_> = fs::read_dir(&run).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(
            names,
            ["answer.md", "badge.svg", "junit.xml", "report.html", "report.json", "summary.md"]
        );
    }

    #[test]
    fn a_secret_stops_the_write_and_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        let mut report = samples::failing();
        report.exchanges[0]
            .request
            .headers
            .push(("authorization".into(), "Basic aW5sZXQ6aHVudGVyMiE=".into()));
        let error = write(&report, &[Secret::new("0ther-s3cret"), Secret::new("hunter2!")], &run)
            .unwrap_err()
            .to_string();
        assert!(error.contains("number 2") && error.contains("Base64"), "{error}");
        assert!(!error.contains("hunter2") && !run.exists());
    }

    #[test]
    fn where_one_file_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(JSON)).unwrap();
        let error = write(&samples::failing(), &[], folder.path()).unwrap_err();
        assert!(error.to_string().contains(JSON), "{error}");
        let left: Vec<_> =
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, [JSON]);
    }

    #[test]
    fn a_report_that_claims_too_much_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut report = samples::failing();
        report.exit_codes = vec![0];
        assert!(matches!(write(&report, &[], folder.path()), Err(WriteError::Contradiction(_))));
    }

    #[test]
    fn the_default_folder_is_named_after_subject_and_time() {
        let at = Instant::from_epoch_ms(1_700_000_000_000);
        assert_eq!(
            default_folder(Path::new("reports"), "Ä/../x y", at),
            Path::new("reports/x-y-20231114T221320Z")
        );
    }
}
