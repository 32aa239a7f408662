//! What the doctor found: checks under headings.

use serde::Serialize;

use super::doubt::Doubt;

/// The name and version of the form in which `doctor --json` tells it.
pub const SCHEMA: &str = "lockstep.diagnosis/1";

macro_rules! headings {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $title:literal, $code:literal;)+) => {
        /// What a check is about, in the order in which one rests on the other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Heading { $($(#[$doc])* $variant,)+ }

        impl Heading {
            /// Every heading, in order.
            pub const ALL: &'static [Heading] = &[$(Heading::$variant,)+];

            /// The name in `--json`.
            pub fn as_str(self) -> &'static str {
                match self { $(Heading::$variant => $name,)+ }
            }

            /// The name for people.
            pub fn title(self) -> &'static str {
                match self { $(Heading::$variant => $title,)+ }
            }

            /// The exit code where it stops a run: 3 where the subject was not
            /// reached, 2 where something is written down wrongly.
            pub fn exit_code(self) -> u8 {
                match self { $(Heading::$variant => $code,)+ }
            }
        }
    };
}

headings! {
    /// The subject file can be read and the credentials are given.
    SubjectFile = "subject_file", "subject file", 2;
    /// The names of the servers have addresses.
    Dns = "dns", "DNS", 3;
    /// Something listens there and answers in HTTP, in time.
    Connection = "connection", "connection", 3;
    /// Certificate and version are good, and both sides speak TLS or neither.
    Tls = "tls", "TLS", 3;
    /// Nobody sends us elsewhere.
    Redirect = "redirect", "redirect", 2;
    /// The API answers, and not a web page or a proxy.
    Page = "page", "page or proxy", 2;
    /// The subject has calls left for a run.
    RateLimit = "rate_limit", "rate limit", 3;
    /// The paths of the profile are there.
    BasePath = "base_path", "base path", 2;
    /// Both sides agree on the time.
    Clock = "clock", "clock", 2;
    /// The credentials are accepted.
    Credentials = "credentials", "credentials", 2;
    /// The credentials may do what the profile needs.
    Scope = "scope", "rights", 2;
    /// What the settings name (a site, a tenant) is there for these credentials.
    Setting = "setting", "setting", 2;
    /// The reading calls are answered as documented.
    Answers = "answers", "answers", 3;
    /// The test locks and groups are there, and as their part asks.
    Fixtures = "fixtures", "fixtures", 2;
    /// The locks that may be moved are named and there.
    AllowList = "allow_list", "allow-list", 2;
    /// Invitations have somebody to go to.
    Tester = "tester", "tester", 2;
    /// The time limits allow what the profile documents.
    TimeLimits = "time_limits", "time limits", 2;
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// Wrong; there is something to do.
    Wrong,
    /// Could not be looked at; `seen` says because of what.
    NotLookedAt,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What it is about.
    pub heading: Heading,
    /// Which of them, where there are several (`locks.offline`, `server identity`).
    pub of: Option<String>,
    /// How it came out.
    pub outcome: Outcome,
    /// What was seen, or why it could not be looked at.
    pub seen: String,
    /// What to do about it.
    pub todo: Option<String>,
    /// Ids of the exchanges that show it.
    pub evidence: Vec<String>,
    /// Whether a run would find out nothing of the subject because of it.
    pub stops_a_run: bool,
    /// Whether it was not looked at because of another one, which is told.
    #[serde(skip)]
    behind: bool,
    /// The test lock or group that is in doubt because of it.
    #[serde(skip)]
    pub(super) doubt: Option<Doubt>,
}

impl Check {
    fn new(heading: Heading, outcome: Outcome, seen: impl Into<String>) -> Self {
        Self {
            heading,
            of: None,
            outcome,
            seen: seen.into(),
            todo: None,
            evidence: Vec::new(),
            stops_a_run: false,
            behind: false,
            doubt: None,
        }
    }

    pub(super) fn ok(heading: Heading, seen: impl Into<String>) -> Self {
        Self::new(heading, Outcome::Ok, seen)
    }

    pub(super) fn wrong(heading: Heading, seen: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { todo: Some(todo.into()), ..Self::new(heading, Outcome::Wrong, seen) }
    }

    pub(super) fn unseen(heading: Heading, why: impl Into<String>) -> Self {
        Self::new(heading, Outcome::NotLookedAt, why)
    }

    /// A check behind one that is wrong.
    pub(super) fn behind(heading: Heading, stop: &Self) -> Self {
        let seen = format!("it rests on another check that is wrong: {}", stop.heading.title());
        Self { behind: true, ..Self::unseen(heading, seen) }
    }

    /// Whether it was not looked at only because another one is wrong.
    pub fn is_behind_another(&self) -> bool {
        self.behind
    }

    pub(super) fn of(self, what: impl Into<String>) -> Self {
        Self { of: Some(what.into()), ..self }
    }

    pub(super) fn adding(self, more: &str) -> Self {
        Self { seen: self.seen + more, ..self }
    }

    /// The same with a second thing to do, where there is any.
    pub(super) fn advising(mut self, more: Option<String>) -> Self {
        if let Some(more) = more {
            self.todo = Some(self.todo.map_or_else(|| more.clone(), |todo| format!("{todo}; {more}")));
        }
        self
    }

    pub(super) fn todo(self, todo: impl Into<String>) -> Self {
        Self { todo: Some(todo.into()), ..self }
    }

    pub(super) fn shown_by(self, evidence: Vec<String>) -> Self {
        Self { evidence, ..self }
    }

    pub(super) fn stopping(self) -> Self {
        Self { stops_a_run: true, ..self }
    }

    pub(super) fn doubting(self, doubt: Doubt) -> Self {
        Self { doubt: Some(doubt), ..self }
    }
}

/// Everything that the doctor found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// Always [`SCHEMA`].
    pub schema: &'static str,
    /// The profile's short name.
    pub subject: String,
    /// Where the subject is.
    pub target: String,
    /// Every check, in the order of the headings.
    pub checks: Vec<Check>,
}

impl Diagnosis {
    pub(super) fn new(subject: &str, target: &str, mut checks: Vec<Check>) -> Self {
        checks.sort_by_key(|check| check.heading);
        Self { schema: SCHEMA, subject: subject.to_owned(), target: target.to_owned(), checks }
    }

    /// Every check that came out wrong.
    pub fn wrong(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| check.outcome == Outcome::Wrong)
    }

    /// The first thing that would keep a run from finding out anything.
    pub fn stopper(&self) -> Option<&Check> {
        self.wrong().find(|check| check.stops_a_run)
    }

    /// Fixtures that do not seem to be what the subject file says.
    pub(crate) fn doubts(&self) -> Vec<Doubt> {
        self.wrong().filter_map(|check| check.doubt.clone()).collect()
    }

    /// What a run would end with on account of the configuration: 0 where all is
    /// fine; the code of what would stop it, 2 where something is written down
    /// wrongly and 3 where the subject was not reached; 3 where it would be made
    /// and leave inconclusive what rests on something wrong or not looked at.
    pub fn exit_code(&self) -> u8 {
        if let Some(stopper) = self.stopper() {
            return stopper.heading.exit_code();
        }
        let fine = self.checks.iter().all(|check| check.outcome == Outcome::Ok);
        if fine { 0 } else { 3 }
    }
}
