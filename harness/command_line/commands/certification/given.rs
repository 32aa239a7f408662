//! What is handed in: reports and documents, and what is written out.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::super::super::failure::Failure;
use super::super::super::rooms::ReadReport;
use crate::harness::certification::Claims;

/// The digest of the suite by which this version judges a programme, if it does.
pub(in super::super) type Suites<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What the report at a path (a file, or the folder of a run) claims, and which
/// file it is.
pub(in super::super) fn claims_of(
    path: &Path,
    read_report: ReadReport,
) -> Result<(PathBuf, Claims), Failure> {
    let file = if path.is_dir() { path.join("report.json") } else { path.to_owned() };
    let wrong = |why: String| {
        Failure::usage(format!("the report cannot be read: {why}")).at(file.display().to_string())
    };
    let report = read_report(&file).map_err(wrong)?;
    let text = std::fs::read_to_string(&file).map_err(|why| wrong(why.to_string()))?;
    let document = serde_json::from_str(&text).map_err(|why| wrong(why.to_string()))?;
    let claims = Claims::of(&report, &document);
    Ok((file, claims))
}

/// Only reports of the criteria that this version knows are reviewed by it.
pub(super) fn judged_by_this_version(claims: &Claims, suites: Suites<'_>) -> Result<(), Failure> {
    let programme = &claims.programme;
    let digest = suites(programme)
        .ok_or_else(|| Failure::usage(format!("this version does not judge the programme {programme}")))?;
    claims.made_by(&digest).map_err(|why| Failure::usage(why.to_string()))
}

/// A document's name, without where it lies, and its SHA-256.
pub(super) fn document(path: &Path) -> Result<(String, String), Failure> {
    let wrong = |why: std::io::Error| {
        Failure::usage(format!("the document cannot be read: {why}")).at(path.display().to_string())
    };
    let mut file = std::fs::File::open(path).map_err(wrong)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).map_err(wrong)? {
            0 => break,
            length => hash.update(&buffer[..length]),
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, hex::encode(hash.finalize())))
}

/// Writes a text whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let beside = PathBuf::from(format!("{}.{}.part", path.display(), std::process::id()));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|why| {
        // What cannot be removed either is no more than a leftover.
        let _ = std::fs::remove_file(&beside);
        Failure::usage(format!("the file cannot be written: {why}")).at(path.display().to_string())
    })
}
