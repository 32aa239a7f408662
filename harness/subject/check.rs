//! What can be wrong in a subject file, each told at its place.

use std::collections::BTreeSet;

use toml::Spanned;

use super::file::File;
use super::{SubjectError, hidden, names_somebody};
use crate::vendors::dialect::Dialect;
use crate::vendors::profile::{Problem, ProfileErrors};

/// The form of the file that this version reads.
const SCHEMA: &str = "lockstep.subject/1";

/// Said of a credential that may be the value itself.
pub(super) const NO_NAME: &str =
    "this must be the NAME of an environment variable, in quotes; what stands here is not shown";
/// What to do about it.
pub(super) const NAME_IT: &str = "put the value into the environment, and write the variable's name here \
     (letters, digits and _, as in \"VENDOR_CLIENT_SECRET\")";

/// Why an address cannot be that of a server, and what to do; `None` where it can.
pub fn unusable(address: &str) -> Option<(&'static str, &'static str)> {
    if address.contains(char::is_whitespace) {
        return Some(("an address with blanks", "write it without blanks, also at its ends"));
    }
    if address.contains(['{', '}']) {
        return Some((
            "an address with a hole to be filled",
            "write your own value in place of the braces and the name in them",
        ));
    }
    let parsed = url::Url::parse(address).ok();
    if !parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
        return Some(("no http or https address", "begin it with http:// or https://, and give the host"));
    }
    address.contains(['?', '#']).then_some((
        "an address with ? or #",
        "write only what stands before it: the paths of the profile are put behind the address",
    ))
}

/// Collects what is wrong, each at its place.
pub(super) struct Check<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Check<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, problems: Vec::new() }
    }

    pub(super) fn whole(&mut self, written: &File, dialect: &Dialect) {
        if written.schema != SCHEMA {
            let help = Some(format!("write \"{SCHEMA}\""));
            self.problem(&written.schema, "an unknown form of subject file", help);
        }
        if let Some(name) = &written.environment {
            let known =
                dialect.environments.iter().map(|environment| (environment.name.clone(), String::new()));
            self.names("environment", std::iter::once(name), &known.collect::<Vec<_>>());
        } else if !written.servers.contains_key("api") {
            self.problem("[servers]", "no address for the server `api`", None);
        }
        self.names("server", written.servers.keys(), &dialect.servers);
        self.names("credential", written.credentials.keys(), &dialect.secrets);
        self.names("setting", written.settings.keys(), &dialect.settings);
        self.addresses(written);
        self.credentials(written, dialect);
        for (name, what) in &dialect.settings {
            if !written.settings.contains_key(name) {
                let help = format!("under [settings]: {name} = \"…\" ({what})");
                self.problem("[settings]", &format!("the setting `{name}` is not given"), Some(help));
            }
        }
        self.free_locks(written);
        self.times(written);
    }

    fn addresses(&mut self, written: &File) {
        for url in written.servers.values() {
            if names_somebody(url.get_ref()) {
                let help = "credentials are named under [credentials] and read from the environment";
                self.problem("[servers]", "an address holds a user or a password", Some(help.to_owned()));
            } else if let Some((what, help)) = unusable(url.get_ref()) {
                self.at(url, what.to_owned(), help.to_owned());
            }
        }
    }

    fn credentials(&mut self, written: &File, dialect: &Dialect) {
        for variable in written.credentials.values() {
            if !hidden::is_name(variable.get_ref()) {
                self.at(variable, NO_NAME.to_owned(), NAME_IT.to_owned());
            }
        }
        for (name, what) in &dialect.secrets {
            if !written.credentials.contains_key(name) {
                let help =
                    format!("under [credentials]: {name} = \"NAME_OF_AN_ENVIRONMENT_VARIABLE\" ({what})");
                self.problem("[credentials]", &format!("the credential `{name}` is not named"), Some(help));
            }
        }
    }

    fn free_locks(&mut self, written: &File) {
        let mut seen = BTreeSet::new();
        for lock in &written.locks.free {
            let id = lock.get_ref();
            if !seen.insert(id) {
                let help = "name each free lock once: two of them must be two locks".to_owned();
                self.at(lock, format!("the free lock `{id}` is named twice"), help);
            } else if !written.allow_actuation.contains(id) {
                let help = "a free lock is unlocked and held open: name it in allow_actuation too".to_owned();
                self.at(lock, format!("the free lock `{id}` may not be actuated"), help);
            }
        }
    }

    fn times(&mut self, written: &File) {
        for limit in [&written.timeouts.connect_s, &written.timeouts.read_s].into_iter().flatten() {
            if *limit.get_ref() == 0 {
                let help = "write 1 (second) or more, or leave it out".to_owned();
                self.at(limit, "no answer can come within 0 s".to_owned(), help);
            }
        }
    }

    fn names<'n>(&mut self, what: &str, given: impl Iterator<Item = &'n String>, known: &[(String, String)]) {
        for name in given {
            if known.iter().any(|(known, _)| known == name) {
                continue;
            }
            let known: Vec<&str> = known.iter().map(|(name, _)| name.as_str()).collect();
            self.problem(name, &format!("the profile has no {what} `{name}`"), nearest(name, &known));
        }
    }

    fn at<T>(&mut self, place: &Spanned<T>, what: String, help: String) {
        self.problems.push(Problem::at(self.file, self.text, place.span(), what, Some(help)));
    }

    /// A problem where `at` first stands in the text.
    pub(super) fn problem(&mut self, at: &str, what: &str, help: Option<String>) {
        let start = self.text.find(at).unwrap_or(0);
        let end = if self.text[start..].starts_with(at) { start + at.len() } else { start };
        self.problems.push(Problem::at(self.file, self.text, start..end, what.to_owned(), help));
    }

    pub(super) fn finish(mut self) -> Result<(), SubjectError> {
        if self.problems.is_empty() {
            return Ok(());
        }
        self.problems.sort_by_key(|problem| problem.span.start);
        Err(SubjectError::File(wrong_file(self.file, self.text, self.problems)))
    }
}

/// What is wrong in a file, with a text for excerpts that shows no secret.
pub(super) fn wrong_file(file: &str, text: &str, problems: Vec<Problem>) -> ProfileErrors {
    ProfileErrors { file: file.to_owned(), source_text: hidden::cover(text), problems }
}

/// The known name that is meant, or all of them where none is near.
pub(super) fn nearest(name: &str, known: &[&str]) -> Option<String> {
    let best = known
        .iter()
        .map(|known| (strsim::jaro_winkler(name, known), *known))
        .max_by(|a, b| a.0.total_cmp(&b.0))?;
    if best.0 > 0.75 {
        return Some(format!("did you mean `{}`?", best.1));
    }
    Some(format!("known are {}", known.join(", ")))
}
