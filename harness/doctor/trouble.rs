//! What stood in the way of one call, as far as its answer tells. Pure.

use super::diagnosis::{Check, Heading};
use crate::harness::integration::CallFailure;
use crate::harness::result::{Exchange, Received, TransportFailure};
use crate::harness::subject::Given;
use crate::vendors::vocabulary::FailureKind;

/// Longest piece of a vendor's words that is told.
const LONGEST: usize = 160;

/// What stood in the way of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There was no answer; the network is to be looked at.
    Network(TransportFailure, String),
    /// Something that stands in the way of every call.
    Gate(Box<Check>),
    /// Nothing is there at this path.
    NotThere(String),
    /// The credentials are known and may not do this.
    Forbidden(String),
    /// Nothing that the configuration explains.
    Unclear(String),
}

/// Whose answer is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// The token's.
    Token,
    /// A list's.
    List,
    /// That of one lock, which may be named wrongly.
    OneLock,
}

/// What stood in the way of a call that failed in this exchange.
pub(super) fn of(
    failure: &CallFailure,
    exchange: Option<&Exchange>,
    asking: Asking,
    given: Given,
) -> Trouble {
    let Some(exchange) = exchange.filter(|_| !failure.unsent) else {
        return Trouble::Unclear(failure.to_string());
    };
    let shown = vec![exchange.id.clone()];
    let trouble = match &exchange.response {
        Received::Nothing { why: TransportFailure::ForeignRedirect, detail } => {
            let target = detail.rsplit(' ').next().unwrap_or_default();
            Trouble::Gate(Box::new(redirect(&exchange.request.url, target, detail, given)))
        }
        Received::Nothing { why: TransportFailure::Truncated | TransportFailure::TooLarge, detail } => {
            Trouble::Unclear(detail.clone())
        }
        Received::Nothing { why, detail } => Trouble::Network(*why, detail.clone()),
        Received::Answer { status, headers, body, failure: kind, undocumented } => {
            let answer = Answer { status: *status, headers, body, kind: *kind, given };
            match answer.trouble(failure, exchange, asking, undocumented.is_some()) {
                Some(trouble) => trouble,
                None => Trouble::Unclear(failure.to_string()),
            }
        }
    };
    match trouble {
        Trouble::Gate(check) => Trouble::Gate(Box::new(check.shown_by(shown))),
        other => other,
    }
}

struct Answer<'a> {
    status: u16,
    headers: &'a [(String, String)],
    body: &'a str,
    kind: Option<FailureKind>,
    given: Given,
}

impl Answer<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn is_page(&self) -> bool {
        let body = self.body.trim_start().to_lowercase();
        let typed = self.header("content-type").is_some_and(|kind| kind.to_lowercase().contains("html"));
        typed || body.starts_with("<!doctype html") || body.starts_with("<html")
    }

    fn trouble(
        &self,
        failure: &CallFailure,
        exchange: &Exchange,
        asking: Asking,
        undocumented: bool,
    ) -> Option<Trouble> {
        let gate = |check: Check| Some(Trouble::Gate(Box::new(check)));
        let asked = format!("{} {}", exchange.request.method, exchange.request.url);
        let said = format!("{asked} was answered {}: {}", self.status, short(&failure.message));
        if undocumented && (300..400).contains(&self.status) && self.status != 304 {
            let target = self.header("location").map(str::trim).filter(|target| !target.is_empty());
            let Some(target) = target else {
                return gate(nowhere(&asked, self.status, self.given));
            };
            let seen = format!("{asked} was answered {}, which sends us to {target}", self.status);
            return gate(redirect(&exchange.request.url, target, &seen, self.given));
        }
        if undocumented && self.status == 426 {
            return gate(upgrade(&asked, self.header("upgrade"), self.given));
        }
        if undocumented && self.status == 451 {
            let said = "a refusal for legal reasons, as those give who stand between";
            return gate(page(&asked, self.status, said, self.given));
        }
        if undocumented && self.is_page() && !matches!(self.status, 401 | 404 | 405 | 410) {
            return gate(page(&asked, self.status, self.body, self.given));
        }
        if self.status == 407 {
            let said = "a proxy that wants credentials of its own";
            return gate(page(&asked, self.status, said, self.given));
        }
        let kind = self.kind.or_else(|| by_status(self.status).filter(|_| undocumented));
        let about_time =
            matches!(kind, Some(FailureKind::Credentials | FailureKind::Forbidden | FailureKind::Invalid))
                && tells_of_time(&format!("{} {}", failure.message, self.body));
        if about_time {
            let todo = "set this machine's clock by a time server; where it is right, the subject's is wrong";
            return gate(Check::wrong(Heading::Clock, said, todo).stopping());
        }
        match (kind?, asking) {
            (FailureKind::RateLimited, _) => gate(rate(&said, self.header("retry-after"))),
            (FailureKind::NotFound, Asking::Token | Asking::List) => Some(Trouble::NotThere(said)),
            (FailureKind::NotFound, Asking::OneLock) if undocumented => Some(Trouble::NotThere(said)),
            (FailureKind::Credentials, _)
            | (FailureKind::Forbidden | FailureKind::Invalid | FailureKind::Payment, Asking::Token) => {
                gate(credentials(&said, failure, self.given))
            }
            (FailureKind::Forbidden | FailureKind::Payment, _) => Some(Trouble::Forbidden(said)),
            _ => None,
        }
    }
}

/// What a status means by custom where the profile does not know the answer.
fn by_status(status: u16) -> Option<FailureKind> {
    match status {
        400 => Some(FailureKind::Invalid),
        401 => Some(FailureKind::Credentials),
        402 => Some(FailureKind::Payment),
        403 => Some(FailureKind::Forbidden),
        404 | 405 | 410 => Some(FailureKind::NotFound),
        429 => Some(FailureKind::RateLimited),
        _ => None,
    }
}

/// Whether a refusal speaks of the time at which the request was made.
fn tells_of_time(words: &str) -> bool {
    let words = words.to_lowercase();
    const TIME: [&str; 7] =
        ["timestamp", "clock", "skew", "request time", "current time", "date header", "out of sync"];
    TIME.iter().any(|word| words.contains(word))
}

fn is_login(words: &str) -> bool {
    let words = words.to_lowercase();
    const LOGIN: [&str; 6] = ["login", "log-in", "signin", "sign-in", "sso", "type=\"password\""];
    LOGIN.iter().any(|word| words.contains(word))
}

fn redirect(from: &str, target: &str, seen: &str, given: Given) -> Check {
    let servers = given.servers();
    let base = url::Url::parse(from).ok();
    let to = base.as_ref().and_then(|base| base.join(target).ok());
    let secured = match (&base, &to) {
        (Some(base), Some(to)) => {
            base.host() == to.host() && base.scheme() == "http" && to.scheme() == "https"
        }
        _ => false,
    };
    let todo = if secured {
        format!("write the address in {servers} with https://")
    } else if is_login(target) {
        "a login page for people answers: write the address of the API, or have the API let in without a browser"
            .to_owned()
    } else {
        format!(
            "if {} is the vendor's API, write that address in {servers}; nothing was sent there",
            to.map_or_else(|| "that".to_owned(), |to| to.origin().ascii_serialization())
        )
    };
    Check::wrong(Heading::Redirect, seen, todo).stopping()
}

/// Who answers speaks another protocol only, mostly TLS.
fn upgrade(asked: &str, to: Option<&str>, given: Given) -> Check {
    let wanted = to.map_or_else(String::new, |to| format!(" (Upgrade: {})", short(to)));
    let seen = format!("{asked} was answered 426, which asks for another protocol{wanted}");
    let todo = format!(
        "write the address in {} with https:// and the port that speaks TLS; where it has them, ask the vendor for an \
         address that takes HTTP/1.1",
        given.servers()
    );
    Check::wrong(Heading::Tls, seen, todo).stopping()
}

/// A redirect without the address that it should name.
fn nowhere(asked: &str, status: u16, given: Given) -> Check {
    let seen = format!("{asked} was answered {status}, a redirect that names no address (Location)");
    let todo = format!(
        "ask who answers there: an API names where it sends its callers, so it may be a gateway or a proxy; write the \
         API's own address in {}",
        given.servers()
    );
    Check::wrong(Heading::Redirect, seen, todo).stopping()
}

fn page(asked: &str, status: u16, body: &str, given: Given) -> Check {
    let servers = given.servers();
    let todo = if is_login(body) {
        format!("a login page for people answers: write the address of the API in {servers}")
    } else {
        format!(
            "a web page, a proxy or a gateway answers: write the address of the API in {servers}, and ask who stands \
             between (a company proxy, a firewall, a parked domain)"
        )
    };
    let seen = format!("{asked} was answered {status} with a page for people: {}", short(body));
    Check::wrong(Heading::Page, seen, todo).stopping()
}

fn rate(said: &str, retry_after: Option<&str>) -> Check {
    let wait = retry_after.map_or_else(
        || "wait until the subject takes calls again".to_owned(),
        |wait| format!("the subject asks to wait (Retry-After: {wait})"),
    );
    let todo = format!(
        "{wait}, see who else uses these credentials, or have the limit raised for the run; write the true limit \
         as `limits.rate` in the profile"
    );
    Check::wrong(Heading::RateLimit, said, todo).stopping()
}

fn credentials(said: &str, failure: &CallFailure, given: Given) -> Check {
    let words = failure.message.to_lowercase();
    let variables = given.credentials();
    let todo = if words.contains("expired") {
        format!("renew what has expired, and put the new value into {variables}")
    } else {
        format!(
            "check {variables}: the right values, for this environment, not withdrawn, without blanks or quotes \
             around them"
        )
    };
    Check::wrong(Heading::Credentials, said, todo).stopping()
}

/// A piece of a text that fits a line.
pub(super) fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST).chain(['…']).collect()
}
