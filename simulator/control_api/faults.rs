//! Faults.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use super::Governed;
use super::error::{ControlError, ErrorBody};
use super::extract::{Content, Names};
use super::worlds::find;
use crate::simulator::{Account, Effect, Fault, FaultId, Place, Schedule};
use crate::vendors::dialect::{Dialect, Operation};
use crate::vendors::members::Members;
use crate::vendors::profile::nearest;
use crate::vendors::vocabulary::{FailureKind, LockId, Meaning};

/// Longest span of a fault: a year, in seconds.
const LONGEST: u32 = 31_536_000;

/// A fault as it is installed. Places that are not given fit everything.
#[derive(Debug, ToSchema)]
#[schema(example = json!({ "operation": "set_pin", "times": 2, "effect": { "kind": "refuse", "failure": "offline" } }))]
#[expect(dead_code, reason = "it describes what is read member by member")]
pub struct FaultBody {
    /// The operation's name in the profile.
    operation: Option<String>,
    /// The operation's meaning, such as `set_pin`.
    #[schema(value_type = Option<String>)]
    meaning: Option<Meaning>,
    /// The lock's id.
    lock: Option<String>,
    /// Fitting calls that are let through first; none where it is not given.
    #[schema(minimum = 0, maximum = 1000000)]
    skip: Option<u32>,
    /// Calls that it strikes; all where it is not given.
    #[schema(minimum = 1, maximum = 1000000)]
    times: Option<u32>,
    /// Seconds for which it lasts, on the world's clock; for ever where it is not given.
    #[schema(minimum = 1, maximum = 31536000)]
    lasts: Option<u32>,
    /// Chance for each call; 1 where it is not given.
    #[schema(minimum = 0, maximum = 1)]
    probability: Option<f64>,
    /// What goes wrong.
    effect: EffectBody,
}

/// What goes wrong.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EffectBody {
    /// The documented error of that kind.
    Refuse {
        /// The kind, such as `offline`.
        #[schema(value_type = String)]
        failure: &'static str,
        /// Whether the request is carried out first; it is not where this is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        carried_out: Option<bool>,
    },
    /// A bare status.
    Status {
        /// The status.
        #[schema(minimum = 200, maximum = 599)]
        status: u16,
        /// Whether the request is carried out first; it is not where this is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        carried_out: Option<bool>,
    },
    /// The right answer, later.
    Delay {
        /// Seconds, a year at most.
        #[schema(minimum = 0, maximum = 31536000)]
        seconds: u32,
    },
    /// No answer.
    Withhold {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// A reset connection.
    Reset {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// The documented upstream timeout.
    UpstreamTimeout {
        /// Whether the request is carried out first.
        carried_out: bool,
    },
    /// Bytes that mean nothing.
    Garbage {
        /// Whether the request is carried out first; it is not where this is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        carried_out: Option<bool>,
    },
    /// An HTML page.
    Html {
        /// Whether the request is carried out first; it is not where this is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        carried_out: Option<bool>,
    },
    /// An answer that breaks off.
    HalfBody,
    /// Numbers as text and text as numbers.
    WrongType,
    /// The documented rate-limit answer.
    RateLimit {
        /// Seconds to wait, a year at most.
        #[schema(minimum = 0, maximum = 31536000)]
        seconds: u32,
        /// Whether the request is carried out first; it is not where this is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        carried_out: Option<bool>,
    },
    /// Status 503 with `Retry-After`.
    Unavailable {
        /// Seconds to wait, a year at most.
        #[schema(minimum = 0, maximum = 31536000)]
        seconds: u32,
        /// Whether the request is carried out first; it is not where this is not given.
        #[serde(skip_serializing_if = "Option::is_none")]
        carried_out: Option<bool>,
    },
    /// An answer from before the last change.
    StaleRead,
    /// The right answer; nothing is carried out.
    AcceptOnly,
    /// Carried out twice.
    Twice,
    /// A redirect.
    Redirect {
        /// An absolute http or https address, or a path.
        #[schema(format = "location", pattern = "^(https?://[!-.0-~][!-~]*|/([!-.0-~][!-~]*)?)$")]
        to: String,
    },
}

/// Kinds of effect, by name.
const KINDS: [&str; 16] = [
    "refuse",
    "status",
    "delay",
    "withhold",
    "reset",
    "upstream_timeout",
    "garbage",
    "html",
    "half_body",
    "wrong_type",
    "rate_limit",
    "unavailable",
    "stale_read",
    "accept_only",
    "twice",
    "redirect",
];

fn read_effect(mut members: Members) -> Result<Effect, ControlError> {
    let expected = KINDS.map(|kind| format!("`{kind}`")).join(", ");
    let kind = members.word("kind", &expected, |text| KINDS.iter().copied().find(|kind| *kind == text))?;
    let effect = match members.required("kind", kind, &expected)? {
        "refuse" => Effect::Refuse(read_failure(&mut members)?),
        "status" => {
            let status = members.small("status", 200..=599)?;
            let status = members.required("status", status, "a whole number of 200 to 599")?;
            Effect::Status(u16::try_from(status).unwrap_or(500))
        }
        "delay" => Effect::Delay(read_span(&mut members)?),
        "withhold" => Effect::Withhold { carried_out: read_carried_out(&mut members)? },
        "reset" => Effect::Reset { carried_out: read_carried_out(&mut members)? },
        "upstream_timeout" => Effect::UpstreamTimeout { carried_out: read_carried_out(&mut members)? },
        "garbage" => Effect::Garbage,
        "html" => Effect::Html,
        "half_body" => Effect::HalfBody,
        "wrong_type" => Effect::WrongType,
        "rate_limit" => Effect::RateLimit(read_span(&mut members)?),
        "unavailable" => Effect::Unavailable(read_span(&mut members)?),
        "stale_read" => Effect::StaleRead,
        "accept_only" => Effect::AcceptOnly,
        "twice" => Effect::Twice,
        _ => {
            const EXPECTED: &str = "an absolute http or https address, or a path that begins with `/`";
            let to = members.word("to", EXPECTED, |text| leads_somewhere(text).then(|| text.to_owned()))?;
            Effect::Redirect(members.required("to", to, EXPECTED)?)
        }
    };
    let effect = match effect {
        Effect::Refuse(_)
        | Effect::Status(_)
        | Effect::Garbage
        | Effect::Html
        | Effect::RateLimit(_)
        | Effect::Unavailable(_)
            if members.flag("carried_out")? == Some(true) =>
        {
            Effect::CarriedOut(Box::new(effect))
        }
        effect => effect,
    };
    members.done()?;
    Ok(effect)
}

/// Whether a text can stand in a `Location` and leads to a web address or a path.
fn leads_somewhere(text: &str) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    if let Some(path) = text.strip_prefix('/') {
        return !path.starts_with('/');
    }
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    // Readers of addresses take `http:///x` for `http://x`.
    rest.is_some_and(|rest| !rest.starts_with('/')) && url::Url::parse(text).is_ok()
}

fn read_failure(members: &mut Members) -> Result<FailureKind, ControlError> {
    let names: Vec<String> = FailureKind::ALL.iter().map(|kind| format!("`{}`", kind.as_str())).collect();
    let expected = format!("one of {}", names.join(", "));
    let failure = members.word("failure", &expected, FailureKind::parse)?;
    Ok(members.required("failure", failure, &expected)?)
}

fn read_span(members: &mut Members) -> Result<Duration, ControlError> {
    let seconds = members.small("seconds", 0..=LONGEST)?;
    let seconds = members.required("seconds", seconds, "a whole number of 0 to 31536000 (a year)")?;
    Ok(Duration::from_secs(seconds.into()))
}

fn read_carried_out(members: &mut Members) -> Result<bool, ControlError> {
    let carried_out = members.flag("carried_out")?;
    Ok(members.required("carried_out", carried_out, "`true` or `false`")?)
}

/// Reads a fault as [`FaultBody`] describes it.
pub fn read_fault(mut members: Members) -> Result<Fault, ControlError> {
    let place = Place {
        operation: members.text("operation")?,
        meaning: members.word("meaning", "what an operation means, such as `set_pin`", Meaning::parse)?,
        lock: members.text("lock")?.map(LockId::new),
    };
    let schedule = Schedule {
        skip: members.small("skip", 0..=1_000_000)?.unwrap_or(0),
        times: members.small("times", 1..=1_000_000)?,
        lasts: members.small("lasts", 1..=LONGEST)?.map(|seconds| Duration::from_secs(seconds.into())),
        probability: members.number("probability", 0.0..=1.0)?.unwrap_or(1.0),
        ..Schedule::default()
    };
    let effect = members.members("effect")?;
    let effect = read_effect(members.required("effect", effect, "an object with a `kind`")?)?;
    members.done()?;
    Ok(Fault { place, schedule, effect })
}

impl EffectBody {
    /// An effect after which the request counts as carried out, or does not.
    fn of(effect: Effect, carried_out: Option<bool>) -> Self {
        let whole = |span: Duration| u32::try_from(span.as_secs()).unwrap_or(u32::MAX);
        match effect {
            Effect::Refuse(kind) => Self::Refuse { failure: kind.as_str(), carried_out },
            Effect::Status(status) => Self::Status { status, carried_out },
            Effect::Delay(span) => Self::Delay { seconds: whole(span) },
            Effect::Withhold { carried_out } => Self::Withhold { carried_out },
            Effect::Reset { carried_out } => Self::Reset { carried_out },
            Effect::UpstreamTimeout { carried_out } => Self::UpstreamTimeout { carried_out },
            Effect::Garbage => Self::Garbage { carried_out },
            Effect::Html => Self::Html { carried_out },
            Effect::HalfBody => Self::HalfBody,
            Effect::WrongType => Self::WrongType,
            Effect::RateLimit(span) => Self::RateLimit { seconds: whole(span), carried_out },
            Effect::Unavailable(span) => Self::Unavailable { seconds: whole(span), carried_out },
            Effect::CarriedOut(effect) => Self::of(*effect, Some(true)),
            Effect::StaleRead => Self::StaleRead,
            Effect::AcceptOnly => Self::AcceptOnly,
            Effect::Twice => Self::Twice,
            Effect::Redirect(to) => Self::Redirect { to },
        }
    }
}

impl From<Effect> for EffectBody {
    fn from(effect: Effect) -> Self {
        Self::of(effect, None)
    }
}

/// What became of a fault.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct FaultAccount {
    /// Its number.
    id: u64,
    /// What it is, for people.
    fault: String,
    /// How often it is to strike; no number where it strikes always.
    times: Option<u32>,
    /// How often it struck.
    consumed: u32,
    /// Whether it struck as often as it was to.
    done: bool,
}

impl FaultAccount {
    /// In one sentence.
    pub fn told(&self) -> String {
        match self.times {
            Some(times) => format!("{}: struck {} of {times} times", self.fault, self.consumed),
            None => format!("{}: struck {} times", self.fault, self.consumed),
        }
    }
}

impl From<Account> for FaultAccount {
    fn from(account: Account) -> Self {
        Self {
            id: account.id.0,
            fault: account.fault.to_string(),
            times: account.fault.schedule.times,
            consumed: account.consumed,
            done: account.is_consumed(),
        }
    }
}

/// The number of a fault that was installed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Installed {
    /// Its number, by which it is taken away.
    pub id: u64,
}

/// Lists the faults of a world: what was installed, and how often each struck.
#[utoipa::path(get, path = "/_lockstep/worlds/{world}/faults", tag = "faults", params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 200, description = "What was installed and what took effect.", body = [FaultAccount]),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn list(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<Json<Vec<FaultAccount>>, ControlError> {
    let accounts = find(&governed, &world)?.state().faults.accounts();
    Ok(Json(accounts.into_iter().map(FaultAccount::from).collect()))
}

/// Installs a fault.
#[utoipa::path(post, path = "/_lockstep/worlds/{world}/faults", tag = "faults", request_body = FaultBody, params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 201, description = "It is installed; its number is told.", body = Installed),
    (status = 404, description = "There is no such world, or its vendor has no such operation or lock.", body = ErrorBody),
    (status = 409, description = "There is no room for another fault.", body = ErrorBody),
    (status = 413, description = "The body is too long.", body = ErrorBody),
    (status = 422, description = "The fault is not understood.", body = ErrorBody),
))]
pub async fn add(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
    content: Content,
) -> Result<(StatusCode, Json<Installed>), ControlError> {
    /// Most faults of a world.
    const MOST: usize = 1_000;

    let fault = read_fault(content.members()?)?;
    let sandbox = find(&governed, &world)?;
    known_operation(sandbox.dialect(), fault.place.operation.as_deref())?;
    let mut state = sandbox.state();
    if let Some(lock) = fault.place.lock.as_ref().filter(|lock| state.world.lock_index(lock).is_none()) {
        return Err(ControlError::missing(format!("`lock`: there is no lock `{lock}`")));
    }
    if state.faults.accounts().len() >= MOST {
        return Err(ControlError::conflict(format!(
            "a world has {MOST} faults at most; take some away first"
        )));
    }
    let now = state.world.now();
    let FaultId(id) = state.faults.add(fault, now);
    Ok((StatusCode::CREATED, Json(Installed { id })))
}

/// A fault on an operation that the vendor does not have could never strike.
fn known_operation(dialect: &Dialect, name: Option<&str>) -> Result<(), ControlError> {
    let Some(name) = name.filter(|name| dialect.operation(name).is_none()) else { return Ok(()) };
    let names = || dialect.operations().iter().map(Operation::name);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names().collect::<Vec<_>>().join(", ")),
    };
    Err(ControlError::missing(format!("`operation`: the vendor has no operation `{name}`; {hint}")))
}

/// Takes every fault away.
#[utoipa::path(delete, path = "/_lockstep/worlds/{world}/faults", tag = "faults", params(("world" = String, Path, description = "The world's name.")), responses(
    (status = 204, description = "No fault is left."),
    (status = 404, description = "There is no such world.", body = ErrorBody),
))]
pub async fn clear(
    State(governed): State<Arc<Governed>>,
    Names(world): Names<String>,
) -> Result<StatusCode, ControlError> {
    find(&governed, &world)?.state().faults.clear();
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a fault away.
#[utoipa::path(delete, path = "/_lockstep/worlds/{world}/faults/{fault}", tag = "faults",
    params(("world" = String, Path, description = "The world's name."), ("fault" = u64, Path, description = "The fault's number.")), responses(
    (status = 204, description = "It is gone."),
    (status = 404, description = "There is no such world or fault.", body = ErrorBody),
))]
pub async fn remove(
    State(governed): State<Arc<Governed>>,
    Names((world, fault)): Names<(String, String)>,
) -> Result<StatusCode, ControlError> {
    let id = fault.parse().map(FaultId).map_err(|_| ControlError::not_found("fault", &fault))?;
    let sandbox = find(&governed, &world)?;
    let removed = sandbox.state().faults.remove(id);
    removed.then_some(StatusCode::NO_CONTENT).ok_or_else(|| ControlError::not_found("fault", &fault))
}
