//! A profile, compiled: the adapter and the emulator in one.
//!
//! An [`Operation`] works in both directions. The integration fills a request
//! with facts and reads the answer; the simulator reads the request and fills
//! the answer. Everything is resolved when the profile is loaded; per message
//! there are no names to look up.

pub(crate) mod callback;
#[cfg(test)]
mod cloud_tricks;
pub(crate) mod codec;
#[cfg(test)]
mod constant_tricks;
mod example;
mod exchange;
pub(crate) mod form;
mod mask;
mod operation;
mod origin;
#[cfg(test)]
mod other_tricks;
mod plan;
mod refusals;
mod router;
pub(crate) mod secretbox;
pub(crate) mod signature;
pub(crate) mod template;
mod terms;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tricks;

pub use callback::{Callback, CallbackProblem, Callbacks, Expected, Registration};
pub use codec::CODEC_NAMES;
pub use exchange::{Answer, Deviation, FillError, Mismatch, Rendered};
pub use operation::{Operation, Paging, PagingBy};
pub use origin::{Evidence, Origin, Origins, Part, Source};
pub use plan::{Condition, Guard, Plan, PollUntil, Repeat, SessionPlan, Step, Support};
pub(crate) use router::Router;
pub use signature::{Blocks, Missigned};
pub use terms::Terms;

use sha2::{Digest, Sha256};

use super::profile::Limits;
use super::vocabulary::{Facts, Field, Function};

/// How one vendor speaks.
#[derive(Debug)]
pub struct Dialect {
    /// The profile's short name (`reference`).
    pub name: String,
    /// The product's name for people.
    pub title: String,
    /// Who makes it.
    pub vendor: String,
    /// Version of the vendor's API that the profile describes.
    pub version: String,
    /// Where the vendor documents its API.
    pub documentation: Option<String>,
    /// What the vendor says beside the functions.
    pub notes: String,
    /// Notes on timing and limits, by function.
    pub function_notes: Vec<(Function, String)>,
    /// Base addresses by name; `api` is always there.
    pub servers: Vec<(String, String)>,
    /// Other installations of the same vendor, such as a sandbox.
    pub environments: Vec<Environment>,
    /// Secrets that a run must be given: name and what it is.
    pub secrets: Vec<(String, String)>,
    /// Settings that a run must be given: name and what it is.
    pub settings: Vec<(String, String)>,
    /// How a session is had, if calls need one.
    pub auth: Auth,
    /// What a session begins with, where it does not begin with its token.
    pub session: Option<SessionPlan>,
    /// The field in whose place another one serves as the id, by id.
    pub ids: Vec<(Field, Field)>,
    /// What the system allows.
    pub limits: Limits,
    /// What the vendor tells by itself, if it does.
    pub callbacks: Option<Callbacks>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) functions: Vec<(Function, Support)>,
    pub(crate) router: Router,
    /// Where what the profile says is taken from, as far as it names that.
    pub origins: Origins,
    /// The profile's text, for the report's digest and `check`.
    pub source_text: String,
}

/// An installation of the vendor beside the usual one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Its name (`sandbox`).
    pub name: String,
    /// Base addresses by the profile's names; a server that is not among them
    /// is where it usually is.
    pub servers: Vec<(String, String)>,
}

/// How calls are authenticated. Where the credential goes is part of each
/// operation's compiled request; this tells how a token is had and kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Auth {
    /// In the vendor's answer: `OAuth2 client credentials`, `API key in a header`, ….
    pub description: String,
    /// The operation whose answer carries `auth.token`, where there is one.
    pub token_operation: Option<String>,
    /// The operation that renews by `auth.refresh`, where there is one.
    pub refresh_operation: Option<String>,
    /// How long before its end a token is renewed.
    pub renew_before: std::time::Duration,
    /// How long a token lives, where the vendor documents it.
    pub life: Option<std::time::Duration>,
    /// Whether a refresh token is good for one use, its answer bringing the next.
    pub rotates: bool,
}

/// A request that fits an operation.
pub struct Routed<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// What the request says.
    pub facts: Facts,
    /// A signature that does not agree, where there is one.
    pub missigned: Option<Missigned>,
}

/// An operation that nearly fitted, and why it did not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The operation's name.
    pub operation: String,
    /// Why it did not fit, for people.
    pub why: String,
    /// Whether method and path fitted, so that only the content is wrong: the
    /// vendor would answer "invalid", not "no such route".
    pub same_route: bool,
}

impl Dialect {
    /// Every operation, in the order of the profile.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of that name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.name() == name)
    }

    /// The operation that tells of a job which `starter` has begun, where several
    /// on the route of `routed` tell of different ones; else `routed` itself.
    pub fn telling_of<'a>(&'a self, routed: &'a Operation, starter: &str) -> &'a Operation {
        let tells = |other: &&Operation| {
            other.is_alternative_to(routed) && other.of.iter().any(|name| name == starter)
        };
        self.operations.iter().find(tells).unwrap_or(routed)
    }

    /// The base address of a server in an environment, or the usual one.
    pub fn address(&self, environment: Option<&str>, server: &str) -> Option<&str> {
        let named = |servers: &'_ [(String, String)]| servers.iter().position(|(name, _)| name == server);
        let environment = environment
            .and_then(|name| self.environments.iter().find(|environment| environment.name == name))
            .and_then(|environment| named(&environment.servers).map(|at| &environment.servers[at].1));
        let usual = || named(&self.servers).map(|at| &self.servers[at].1);
        environment.or_else(usual).map(String::as_str)
    }

    /// What the vendor says of a function. A function that the profile does not
    /// mention (only the auxiliary ones may be left out) is unsupported.
    pub fn function(&self, function: Function) -> &Support {
        const UNMENTIONED: &Support = &Support::Unmentioned;
        self.functions.iter().find(|(name, _)| *name == function).map_or(UNMENTIONED, |(_, support)| support)
    }

    /// Whether the function has a plan.
    pub fn supports(&self, function: Function) -> bool {
        matches!(self.function(function), Support::Supported(_))
    }

    /// Whether any answer of an operation used by `function` carries `field`.
    pub fn answers_with(&self, function: Function, field: &Field) -> bool {
        self.function(function)
            .operations()
            .iter()
            .filter_map(|name| self.operation(name))
            .any(|operation| operation.answers_with(field))
    }

    /// Whether any request of an operation used by `function` carries `field`.
    pub fn asks_with(&self, function: Function, field: &Field) -> bool {
        self.function(function)
            .operations()
            .iter()
            .filter_map(|name| self.operation(name))
            .any(|operation| operation.asks_with(field))
    }

    /// SHA-256 of the profile's text, in hex.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.source_text.as_bytes()))
    }
}
