//! Reading a subject file, and the minimal subject of a bare address.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::check::{Check, NAME_IT, NO_NAME, nearest, wrong_file};
use super::file::{Answers, ConfirmBy, File};
use super::hidden;
use super::{Answer, Attestation, Confirm, Confirmation, Given, QUESTIONS, Roles, Subject};
use crate::harness::criterion::CriterionId;
use crate::harness::integration::Timeouts;
use crate::vendors::dialect::Dialect;
use crate::vendors::profile::{Problem, ProfileErrors, Unread, read_text};
use crate::vendors::vocabulary::{GroupId, LockId, Secret};

/// The longest real wait, where the file does not say.
const WAIT_AT_MOST: Duration = Duration::from_secs(300);

/// A subject cannot be used. Nothing was sent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum SubjectError {
    /// The file is wrong; told like a profile's problems.
    #[error(transparent)]
    File(#[from] ProfileErrors),
    /// Environment variables that hold no credential.
    #[error("credentials are not given: set {}", .0.join(", "))]
    Credentials(Vec<String>),
}

/// Where environment variables are looked up; a parameter, so that tests bring their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Loads a subject file for a dialect.
pub fn load(path: &Path, dialect: &Dialect, environment: Environment<'_>) -> Result<Subject, SubjectError> {
    let file = path.display().to_string();
    let text = read_text(path).map_err(|why| SubjectError::File(unread(&file, &why)))?;
    parse(&file, &text, path.parent(), dialect, environment)
}

/// A minimal subject: every server of the profile at one address, secrets from
/// `LOCKSTEP_SECRET_<NAME>`, settings from `LOCKSTEP_SETTING_<NAME>`.
pub fn bare(url: &str, dialect: &Dialect, environment: Environment<'_>) -> Result<Subject, SubjectError> {
    let mut wanted = Wanted::new(environment);
    let secrets = dialect
        .secrets
        .iter()
        .filter_map(|(name, _)| {
            let value = wanted.take(&format!("LOCKSTEP_SECRET_{}", name.to_uppercase()))?;
            Some((name.clone(), Secret::new(value)))
        })
        .collect();
    let settings = dialect
        .settings
        .iter()
        .filter_map(|(name, _)| {
            let value = wanted.take(&format!("LOCKSTEP_SETTING_{}", name.to_uppercase()))?;
            Some((name.clone(), value))
        })
        .collect();
    wanted.finish()?;
    let url = url.trim_end_matches('/');
    Ok(Subject {
        given: Given::AsAddress,
        version: None,
        servers: dialect.servers.iter().map(|(name, _)| (name.clone(), url.to_owned())).collect(),
        secrets,
        settings,
        roles: Roles::default(),
        tester_email: None,
        confirm: Confirm::None,
        attestations: Vec::new(),
        timeouts: Timeouts::allowing(&dialect.limits.delays),
        wait_at_most: WAIT_AT_MOST,
        real_retry_gaps: false,
    })
}

/// Looks environment variables up and remembers which are not there.
struct Wanted<'a> {
    environment: Environment<'a>,
    missing: Vec<String>,
}

impl<'a> Wanted<'a> {
    fn new(environment: Environment<'a>) -> Self {
        Self { environment, missing: Vec::new() }
    }

    fn take(&mut self, variable: &str) -> Option<String> {
        let value = (self.environment)(variable).filter(|value| !value.is_empty());
        if value.is_none() {
            self.missing.push(variable.to_owned());
        }
        value
    }

    /// The variable that the file names for a credential. A name that is not
    /// spelled as variables usually are may be the value itself: it is not told.
    fn named(&mut self, credential: &str, variable: &str) -> Option<String> {
        let value = self.take(variable);
        if value.is_none() && variable.chars().any(|c| c.is_ascii_lowercase()) {
            self.missing.pop();
            self.missing.push(format!("the variable that {credential} under [credentials] names"));
        }
        value
    }

    fn finish(self) -> Result<(), SubjectError> {
        if self.missing.is_empty() { Ok(()) } else { Err(SubjectError::Credentials(self.missing)) }
    }
}

/// Reads a subject file's text; `folder` is where an answers file is looked for.
pub fn parse(
    file: &str,
    text: &str,
    folder: Option<&Path>,
    dialect: &Dialect,
    environment: Environment<'_>,
) -> Result<Subject, SubjectError> {
    let written: File = toml::from_str(text).map_err(|why| syntax(file, text, &why))?;
    let mut check = Check::new(file, text);
    check.whole(&written, dialect);
    let confirm = confirm(&written, folder, &mut check);
    let attestations = attestations(&written, &mut check);
    check.finish()?;
    let confirm = confirm?;
    let mut wanted = Wanted::new(environment);
    let mut secrets = BTreeMap::new();
    for (name, variable) in &written.credentials {
        if let Some(value) = wanted.named(name, variable.get_ref()) {
            secrets.insert(name.clone(), Secret::new(value));
        }
    }
    wanted.finish()?;
    let timeouts = timeouts(&written, dialect);
    let wait_at_most = written.timeouts.wait_at_most_s.map_or(WAIT_AT_MOST, Duration::from_secs);
    Ok(Subject {
        given: Given::InFile,
        version: written.version.clone(),
        servers: servers(&written, dialect),
        secrets,
        settings: written.settings.clone(),
        roles: roles(&written),
        tester_email: written.tester.map(|tester| tester.email),
        confirm,
        attestations,
        timeouts,
        wait_at_most,
        real_retry_gaps: written.real_retry_gaps,
    })
}

fn timeouts(written: &File, dialect: &Dialect) -> Timeouts {
    let usual = Timeouts::allowing(&dialect.limits.delays);
    let connect = seconds(&written.timeouts.connect_s).unwrap_or(usual.connect);
    let read = seconds(&written.timeouts.read_s).unwrap_or(usual.read);
    // The harness's clock stands still while a foreign target is silent, so that
    // it is the watchdog that keeps the time that the file gives.
    let watchdog =
        if written.timeouts.read_s.is_some() { read + connect } else { usual.watchdog.max(read + connect) };
    Timeouts { connect, read, watchdog }
}

fn seconds(written: &Option<toml::Spanned<u64>>) -> Option<Duration> {
    written.as_ref().map(|seconds| Duration::from_secs(*seconds.get_ref()))
}

/// Whether an address carries credentials (`https://user:password@…`), which
/// would stand in every report.
pub fn names_somebody(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| !url.username().is_empty() || url.password().is_some())
}

fn servers(written: &File, dialect: &Dialect) -> BTreeMap<String, String> {
    let api = written.servers.get("api").map(|url| url.get_ref().as_str());
    let environment = written.environment.as_deref();
    let named = dialect.servers.iter().filter_map(|(name, _)| {
        let own = written.servers.get(name).map(|url| url.get_ref().as_str());
        let usual = environment.and_then(|environment| dialect.address(Some(environment), name));
        let url = own.or(usual).or(api)?;
        Some((name.clone(), url.trim_end_matches('/').to_owned()))
    });
    named.collect()
}

fn roles(written: &File) -> Roles {
    let locks = |ids: &[String]| ids.iter().map(|id| LockId::new(id.as_str())).collect::<Vec<_>>();
    let partial = written.groups.partial.as_ref();
    Roles {
        partial_group: partial
            .map(|group| (GroupId::new(group.id.as_str()), group.locks.as_deref().map(locks))),
        empty_group: written.groups.empty.as_deref().map(GroupId::new),
        free_locks: written.locks.free.iter().map(|id| LockId::new(id.get_ref().as_str())).collect(),
        offline_lock: written.locks.offline.as_deref().map(LockId::new),
        low_battery_lock: written.locks.low_battery.as_deref().map(LockId::new),
        actuation: locks(&written.allow_actuation),
    }
}

fn attestations(written: &File, check: &mut Check<'_>) -> Vec<Attestation> {
    let mut read = Vec::new();
    for given in &written.attestations {
        match CriterionId::parse(&given.criterion) {
            Some(criterion) => read.push(Attestation {
                criterion,
                who: given.who.clone(),
                when: given.when,
                document: given.document.clone(),
            }),
            None => check.problem(&given.criterion, "no criterion has such an id", None),
        }
        if given.who.trim().is_empty() || given.document.trim().is_empty() {
            check.problem(&given.criterion, "an attestation names a person and a document", None);
        }
    }
    read
}

/// How people answer; errors are those of the answers file.
fn confirm(written: &File, folder: Option<&Path>, check: &mut Check<'_>) -> Result<Confirm, SubjectError> {
    let confirm = match (written.confirm, &written.answers_file) {
        (ConfirmBy::None, None) => Confirm::None,
        (ConfirmBy::Ask, None) => Confirm::Ask,
        (ConfirmBy::File, Some(name)) => {
            let path = folder.map_or_else(|| PathBuf::from(name), |folder| folder.join(name));
            match read_text(&path) {
                Ok(text) => Confirm::File(answers(&path.display().to_string(), &text)?),
                Err(why) => {
                    let help = why.todo.map(str::to_owned);
                    check.problem(name, &format!("{} cannot be read: {why}", path.display()), help);
                    Confirm::None
                }
            }
        }
        (ConfirmBy::File, None) => {
            check.problem("confirm", "confirm = \"file\" needs answers_file", None);
            Confirm::None
        }
        (_, Some(_)) => {
            check.problem("answers_file", "answers_file is read with confirm = \"file\" only", None);
            Confirm::None
        }
    };
    Ok(confirm)
}

/// Reads an answers file; whatever is no answer to a known question is told at its place.
pub(super) fn answers(file: &str, text: &str) -> Result<Vec<Confirmation>, SubjectError> {
    let read: Answers = toml::from_str(text).map_err(|why| syntax(file, text, &why))?;
    let mut problems = Vec::new();
    let mut wrong = |at: &toml::Spanned<String>, what: String, help: Option<String>| {
        problems.push(Problem::at(file, text, at.span(), what, help));
    };
    let mut kept = Vec::new();
    for given in read.answers {
        let criterion = CriterionId::parse(given.criterion.get_ref());
        if criterion.is_none() {
            wrong(&given.criterion, format!("`{}` is no id of a criterion", given.criterion.get_ref()), None);
        }
        if !QUESTIONS.contains(&given.question.get_ref().as_str()) {
            let what = format!("nobody is asked about `{}`", given.question.get_ref());
            wrong(&given.question, what, nearest(given.question.get_ref(), QUESTIONS));
        }
        let answer = Answer::parse(given.answer.get_ref());
        if answer.is_none() {
            let what = format!("`{}` is neither yes nor no", given.answer.get_ref());
            wrong(&given.answer, what, Some("write \"yes\" or \"no\"".to_owned()));
        }
        if given.by.get_ref().trim().is_empty() {
            wrong(&given.by, "an answer names who gives it".to_owned(), None);
        }
        if let (Some(criterion), Some(answer)) = (criterion, answer) {
            let question = given.question.into_inner();
            let by = given.by.into_inner();
            kept.push(Confirmation { criterion, question, answer, by, when: given.when });
        }
    }
    if problems.is_empty() {
        return Ok(kept);
    }
    Err(SubjectError::File(wrong_file(file, text, problems)))
}

/// What the TOML reader found; an unknown key comes with the nearest known one.
fn syntax(file: &str, text: &str, why: &toml::de::Error) -> ProfileErrors {
    let message = why.message();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let help = if message.starts_with("unknown field") {
        let found = quoted.next().unwrap_or_default();
        let known: Vec<&str> = quoted.collect();
        nearest(found, &known)
    } else {
        let told = "`lockstep schema subject` tells what stands in the file, and harness/subject/README.md shows one";
        message.starts_with("missing field").then(|| told.to_owned())
    };
    let span = why.span().unwrap_or(0..0);
    if hidden::holds(text, &span) {
        // The reader's words may quote what it found there.
        return wrong_file(
            file,
            text,
            vec![Problem::at(file, text, span, NO_NAME.to_owned(), Some(NAME_IT.to_owned()))],
        );
    }
    wrong_file(file, text, vec![Problem::at(file, text, span, message.to_owned(), help)])
}

fn unread(file: &str, why: &Unread) -> ProfileErrors {
    let help = why.todo.unwrap_or(
        "check the path, or write the file (`lockstep schema subject` tells what stands in it; `lockstep simulate \
         --subject-file` writes one for a simulated vendor)",
    );
    let what = format!("the subject file cannot be read: {why}");
    let problem = Problem::at(file, "", 0..0, what, Some(help.to_owned()));
    ProfileErrors { file: file.to_owned(), source_text: String::new(), problems: vec![problem] }
}
