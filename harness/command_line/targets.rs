//! Whom a command judges: the simulated vendor, or a foreign target.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use super::kinds::Kind;
use super::profiles;
use crate::harness::campaign::Target;
use crate::harness::subject::{self, Subject, SubjectError};
use crate::vendors::dialect::Dialect;
use crate::vendors::vocabulary::Secret;

/// The target that was typed; the simulated vendor where none was.
pub fn target(dialect: &Dialect, file: Option<&Path>, url: Option<&str>) -> Result<Target, Failure> {
    match (file, url) {
        (Some(file), _) => load(file, dialect).map(|subject| Target::Foreign(Arc::new(subject))),
        (None, Some(url)) => bare(url, dialect).map(|subject| Target::Foreign(Arc::new(subject))),
        (None, None) => Ok(Target::rehearsal()),
    }
}

/// The subject of a file, with its credentials from the environment.
pub fn load(file: &Path, dialect: &Dialect) -> Result<Subject, Failure> {
    subject::load(file, dialect, &environment).map_err(|error| explain(&error)).inspect(warn)
}

/// What leads another command to the same target; nothing in a rehearsal.
pub fn whom(file: Option<&Path>, url: Option<&str>) -> Option<(&'static str, String)> {
    let file = file.map(|file| ("--subject", file.display().to_string()));
    file.or_else(|| url.map(|url| ("--target", url.to_owned())))
}

fn bare(url: &str, dialect: &Dialect) -> Result<Subject, Failure> {
    if subject::names_somebody(url) {
        return Err(Failure::usage("the target's address holds a user or a password")
            .expected("an address without them")
            .help("credentials are read from the environment only; nothing was sent"));
    }
    if let Some((what, todo)) = subject::unusable(url) {
        return Err(Failure::usage(format!("the target is no address of a server: {what}"))
            .expected("an address such as http://127.0.0.1:8080")
            .found(url)
            .help(todo));
    }
    subject::bare(url, dialect, &environment).map_err(|error| explain(&error)).inspect(warn)
}

/// Says which credentials make a report hard to read. They are masked all the same,
/// wherever their text stands in what a subject said: it might be the credential.
fn warn(subject: &Subject) {
    for warning in hardly_readable(&subject.secrets) {
        tracing::warn!("{warning}");
    }
}

fn hardly_readable(secrets: &BTreeMap<String, Secret>) -> Vec<String> {
    let told = |(name, secret): (&String, &Secret)| {
        let why = secret.stands_by_chance()?;
        Some(format!(
            "the credential {name} is {why}: whatever reads like it is masked in what the subject said, also \
             where it stands by chance; a longer one that is no word keeps the report readable"
        ))
    };
    secrets.iter().filter_map(told).collect()
}

fn environment(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

fn explain(error: &SubjectError) -> Failure {
    match error {
        SubjectError::File(errors) => profiles::explain(errors, Kind::Subject),
        SubjectError::Credentials(_) => Failure::usage(error.to_string())
            .help("credentials are read from the environment only; nothing was sent"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_that_reads_like_other_text_is_told_by_its_name_alone() {
        let secrets = [("client_id", "acme-4711-x"), ("client_secret", "wrong")]
            .map(|(name, text)| (name.to_owned(), Secret::new(text)));
        let told = hardly_readable(&secrets.into());
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("client_secret is shorter than 8 characters"), "{told:?}");
        assert!(!told[0].contains("wrong"), "{told:?}");
    }
}
