//! `lockstep new vendor`: a first profile, from what the vendor has published.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::super::arguments::{NewVendor, Output};
use super::super::exit_code::ExitCode;
use super::super::failure::Failure;
use super::super::kinds::Kind;
use super::super::profiles;
use super::super::rooms::Rooms;
use super::{tell, tell_json};
use crate::harness::runner::Attach;
use crate::harness::static_review::{self, Review};
use crate::harness::verdict::Verdict;
use crate::vendors::profile;
use crate::vendors::scaffold::{self, Gap, GapKind, Scaffold, Trouble};

/// What was written, and what is still owed.
#[derive(Debug, Serialize)]
struct Told {
    /// Always `lockstep.scaffold/1`.
    schema: &'static str,
    /// The file that was written.
    file: PathBuf,
    /// What the profile was drafted from.
    origin: String,
    /// How many guesses are marked in the file.
    guesses: usize,
    /// The functions that have a plan.
    planned: Vec<&'static str>,
    /// What the description does not say.
    gaps: Vec<ToldGap>,
}

/// A gap, as it is told.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct ToldGap {
    kind: &'static str,
    about: String,
    text: String,
}

/// The heading above what the review of the statement adds.
const STATEMENT: &str = "the statement, as `lockstep check` tells it";

/// Drafts the profile, writes it and tells its gaps.
pub fn new_vendor<W: Attach>(
    asked: &NewVendor,
    output: Output,
    rooms: &Rooms<W>,
) -> Result<ExitCode, Failure> {
    if !scaffold::is_name(&asked.name) {
        return Err(Failure::usage(format!("`{}` is no name for a profile", asked.name))
            .expected("small letters, digits, `-` and `_`, beginning with a letter")
            .help("name the vendor's API, as in `acme` or `acme-cloud`"));
    }
    let file = asked.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.toml", asked.name)));
    if !asked.force && file.symlink_metadata().is_ok() {
        return Err(taken(&file));
    }
    let drafted = draft(asked)?;
    let name = file.display().to_string();
    let dialect = profile::compile(&name, &drafted.text).map_err(|errors| {
        let told = profiles::explain(&errors, Kind::Profile);
        Failure::defect(format!("the drafted profile does not load: {told}"))
    })?;
    let review = static_review::review(&dialect, &(rooms.suite)().criteria);
    store(&file, &drafted.text, asked.force)?;
    let planned: Vec<&'static str> = review
        .statement
        .iter()
        .filter(|answer| answer.supported)
        .map(|answer| answer.function.as_str())
        .collect();
    let told = Told {
        schema: "lockstep.scaffold/1",
        gaps: gaps(&drafted.gaps, &review),
        file,
        origin: drafted.origin,
        guesses: drafted.guesses,
        planned,
    };
    if output.json { tell_json(&told) } else { tell(&text(&told)) }
}

fn draft(asked: &NewVendor) -> Result<Scaffold, Failure> {
    match (&asked.openapi, &asked.postman) {
        (Some(file), _) => {
            scaffold::from_openapi(&asked.name, &read(file)?).map_err(|trouble| explain(file, &trouble))
        }
        (_, Some(file)) => {
            scaffold::from_postman(&asked.name, &read(file)?).map_err(|trouble| explain(file, &trouble))
        }
        (None, None) => Ok(scaffold::skeleton(&asked.name)),
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    let cannot = |why: String| {
        Failure::usage(format!("the description cannot be read: {why}")).at(file.display().to_string())
    };
    let size =
        fs::metadata(file).map_err(|why| cannot(why.to_string()).help("give the path of a file"))?.len();
    if size > scaffold::LARGEST as u64 {
        return Err(cannot(format!("it has {size} bytes, and at most {} are read", scaffold::LARGEST))
            .help("keep the paths that have to do with locks, and what they refer to"));
    }
    let bytes = fs::read(file).map_err(|why| {
        let folder = why.kind() == io::ErrorKind::IsADirectory;
        let help = if folder { "that is a folder: name the file in it" } else { "let this user read it" };
        cannot(why.to_string()).help(help)
    })?;
    String::from_utf8(bytes).map_err(|_| {
        cannot("it is no UTF-8 text".to_owned()).help("give JSON or YAML, not an archive or a picture")
    })
}

fn explain(file: &Path, trouble: &Trouble) -> Failure {
    let place = file.display().to_string();
    let place = trouble.at.as_ref().map_or(place.clone(), |at| format!("{place}, {at}"));
    Failure::usage(&trouble.what).at(place).help(&trouble.help)
}

fn taken(file: &Path) -> Failure {
    Failure::usage("the file exists already")
        .at(file.display().to_string())
        .help("choose another one with --out, or let it be replaced with --force")
}

/// Writes the file whole or not at all. Without `force` a file that came into
/// being meanwhile is not replaced either.
fn store(file: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let failed = |why: io::Error| {
        if why.kind() == io::ErrorKind::AlreadyExists && !force {
            return taken(file);
        }
        Failure::usage(format!("the profile cannot be written: {why}"))
            .at(file.display().to_string())
            .help("give a file in a folder that exists and can be written to, with --out")
    };
    let name = file.file_name().ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
    let staged = file.with_file_name(format!(".{}-{}.part", name.to_string_lossy(), std::process::id()));
    let stored = whole(&staged, text).and_then(|()| {
        if force {
            return fs::rename(&staged, file);
        }
        // A link is made only where there is nothing yet, in one step.
        match fs::hard_link(&staged, file) {
            Err(why) if why.kind() != io::ErrorKind::AlreadyExists && file.symlink_metadata().is_err() => {
                fs::rename(&staged, file)
            }
            linked => linked,
        }
    });
    // After a rename there is nothing left to remove.
    let _ = fs::remove_file(&staged);
    stored.map_err(failed)
}

fn whole(file: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::File::create(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The gaps of the draft, and what the review of the statement adds to them.
fn gaps(drafted: &[Gap], review: &Review) -> Vec<ToldGap> {
    let mut gaps: Vec<ToldGap> = drafted
        .iter()
        .map(|gap| ToldGap { kind: gap.kind.as_str(), about: gap.about.clone(), text: gap.text.clone() })
        .collect();
    let mut add = |about: String, text: &str| {
        gaps.push(ToldGap { kind: STATEMENT, about, text: text.to_owned() });
    };
    for gap in &review.gaps {
        add("LV-02".to_owned(), gap);
    }
    for opinion in review.opinions.iter().filter(|opinion| opinion.verdict == Verdict::Fail) {
        // LV-02 is made of the gaps above; a function without a plan is told already.
        let known = opinion.id.as_str() == "LV-02"
            || drafted.iter().any(|gap| gap.kind == GapKind::Function && opinion.reason.contains(&gap.text));
        if !known {
            add(opinion.id.to_string(), &opinion.reason);
        }
    }
    gaps
}

fn text(told: &Told) -> String {
    let mut text = format!("{}: drafted from {}\n", told.file.display(), told.origin);
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "  {} guesses are marked in it (`grep 'guess (unsure)'` finds the weakest)",
        told.guesses
    );
    if !told.planned.is_empty() {
        let _ = writeln!(text, "  with a plan: {}", told.planned.join(", "));
    }
    text.push_str("\nGaps:\n");
    let kinds = GapKind::ALL.iter().map(|kind| kind.as_str()).chain([STATEMENT]);
    for kind in kinds {
        let of_kind: Vec<&ToldGap> = told.gaps.iter().filter(|gap| gap.kind == kind).collect();
        if !of_kind.is_empty() {
            let _ = writeln!(text, "\n  {kind}");
        }
        for gap in of_kind {
            let _ = writeln!(text, "    {}: {}", gap.about, gap.text);
        }
    }
    let file = told.file.display();
    let _ = write!(
        text,
        "\nNext: read the file through, fill the gaps, then\n  lockstep check {file}\n  lockstep simulate {file}\n  lockstep certify {file}\n"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_never_replaced_unasked_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("acme.toml");
        store(&file, "first", false).unwrap();
        let refused = store(&file, "second", false).unwrap_err();
        assert!(refused.what.contains("exists already"), "{refused}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "first");
        store(&file, "third", true).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "third");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(store(&folder.path().join("no/such/folder.toml"), "x", false).is_err());
    }
}
