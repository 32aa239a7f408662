//! What stood in the way of one call, as far as its answer tells. Pure.

use super::diagnosis::{Check, Heading};
use super::noted::Said;
use super::refused::{
    FROM_ELSEWHERE, UNPAID, is_login, tells_of_address, tells_of_maintenance, tells_of_time,
};
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
    NotThere(Said),
    /// The credentials are known and may not do this; with what to do, where the
    /// answer tells more than that.
    Forbidden(Said, Option<&'static str>),
    /// Nothing that the configuration explains.
    Unclear(Said),
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
        return Trouble::Unclear(Said::only(short(&failure.to_string())));
    };
    let shown = vec![exchange.id.clone()];
    let trouble = match &exchange.response {
        Received::Nothing { why: TransportFailure::ForeignRedirect, detail } => {
            let target = detail.rsplit(' ').next().unwrap_or_default();
            Trouble::Gate(Box::new(redirect(&exchange.request.url, target, detail, given)))
        }
        Received::Nothing { why: TransportFailure::Truncated | TransportFailure::TooLarge, detail } => {
            Trouble::Unclear(Said::only(short(detail)))
        }
        Received::Nothing { why, detail } => Trouble::Network(*why, detail.clone()),
        Received::Answer { status, headers, body, failure: kind, undocumented } => {
            let answer = Answer { status: *status, headers, body, kind: *kind, given };
            match answer.trouble(failure, exchange, asking, undocumented.is_some()) {
                Some(trouble) => trouble,
                None => Trouble::Unclear(Said::only(short(&failure.to_string()))),
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

    /// What an answer tells whatever was asked: who gave it is not the API, or the
    /// API is not at work.
    fn of_another(&self, asked: &str, url: &str, undocumented: bool) -> Option<Check> {
        if is_maintenance(self.status, self.headers, self.body) {
            let said =
                format!("{asked} was answered {} with a page for people: {}", self.status, short(self.body));
            return Some(out_of_order(said, self.given).stopping());
        }
        if !undocumented {
            return None;
        }
        if (300..400).contains(&self.status) && self.status != 304 {
            let target = self.header("location").map(str::trim).filter(|target| !target.is_empty());
            let Some(target) = target else {
                return Some(nowhere(asked, self.status, self.given));
            };
            let seen = format!("{asked} was answered {}, which sends us to {target}", self.status);
            return Some(redirect(url, target, &seen, self.given));
        }
        match self.status {
            426 => Some(upgrade(asked, self.header("upgrade"), self.given)),
            451 => {
                let said = "a refusal for legal reasons, as those give who stand between";
                Some(page(asked, self.status, said, self.given))
            }
            // A page of a service that is out of order is looked at beside the other calls.
            401 | 404 | 405 | 410 | 500.. => None,
            _ if is_page(self.headers, self.body) => Some(page(asked, self.status, self.body, self.given)),
            _ => None,
        }
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
        if let Some(check) = self.of_another(&asked, &exchange.request.url, undocumented) {
            return gate(check);
        }
        if self.status == 407 {
            let said = "a proxy that wants credentials of its own";
            return gate(page(&asked, self.status, said, self.given));
        }
        let came = format!("was answered {}: {}", self.status, short(&failure.message));
        let said = Said { call: asked, came };
        let kind = self.kind.or_else(|| by_status(self.status).filter(|_| undocumented));
        let words = format!("{} {}", failure.message, self.body);
        let refused =
            matches!(kind, Some(FailureKind::Credentials | FailureKind::Forbidden | FailureKind::Invalid));
        if refused && tells_of_time(&words) {
            let todo = "set this machine's clock by a time server; where it is right, the subject's is wrong";
            return gate(Check::wrong(Heading::Clock, said.whole(), todo).stopping());
        }
        if matches!(kind, Some(FailureKind::Credentials | FailureKind::Forbidden)) && tells_of_address(&words)
        {
            return gate(Check::wrong(Heading::Scope, said.whole(), FROM_ELSEWHERE).stopping());
        }
        match (kind?, asking) {
            (FailureKind::RateLimited, _) => gate(rate(&said.whole(), self.header("retry-after"))),
            (FailureKind::NotFound, Asking::Token | Asking::List) => Some(Trouble::NotThere(said)),
            (FailureKind::NotFound, Asking::OneLock) if undocumented => Some(Trouble::NotThere(said)),
            (FailureKind::Payment, Asking::Token) => {
                gate(Check::wrong(Heading::Scope, said.whole(), UNPAID).stopping())
            }
            (FailureKind::Credentials, _)
            | (FailureKind::Forbidden | FailureKind::Invalid, Asking::Token) => {
                gate(credentials(&said.whole(), failure, self.given))
            }
            (FailureKind::Payment, _) => Some(Trouble::Forbidden(said, Some(UNPAID))),
            (FailureKind::Forbidden, _) => Some(Trouble::Forbidden(said, None)),
            _ => None,
        }
    }
}

/// Whether an answer is a page for people.
fn is_page(headers: &[(String, String)], body: &str) -> bool {
    let start = body.trim_start().to_lowercase();
    let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let typed = kind.is_some_and(|(_, kind)| kind.to_lowercase().contains("html"));
    typed || start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// Whether an answer is what a gateway shows people while the service behind it
/// is out of order (RFC 9110, 15.6.3 to 15.6.5).
pub(crate) fn is_gateway_page(status: u16, headers: &[(String, String)], body: &str) -> bool {
    (502..=504).contains(&status) && is_page(headers, body)
}

/// Whether such a page says itself that the service is being worked on.
pub(crate) fn is_maintenance(status: u16, headers: &[(String, String)], body: &str) -> bool {
    is_gateway_page(status, headers, body) && tells_of_maintenance(body)
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

/// The subject answers, but is not at work.
pub(super) fn out_of_order(seen: String, given: Given) -> Check {
    let todo = format!(
        "ask the vendor when it is well again, and try then; where it is well, something before it answers: \
         check the address in {}",
        given.servers()
    );
    Check::wrong(Heading::Connection, seen, todo)
}

fn redirect(from: &str, target: &str, seen: &str, given: Given) -> Check {
    let base = url::Url::parse(from).ok();
    let to = base.as_ref().and_then(|base| base.join(target).ok());
    let todo = match (&base, &to) {
        (Some(base), Some(to)) => elsewhere(base, to, target, given),
        _ => format!("{target:?} is no address: ask the vendor what is meant; nothing was sent there"),
    };
    Check::wrong(Heading::Redirect, seen, todo).stopping()
}

/// What to do about a redirect from one address to another.
fn elsewhere(base: &url::Url, to: &url::Url, target: &str, given: Given) -> String {
    let servers = given.servers();
    let place = |url: &url::Url| (url.origin(), url.query().map(str::to_owned));
    if base.host() == to.host() && base.scheme() == "http" && to.scheme() == "https" {
        return format!("write the address in {servers} with https://");
    }
    if is_login(target) {
        return "a login page for people answers: write the address of the API, or have the API let in without a browser"
            .to_owned();
    }
    if place(base) == place(to) && base.path() == to.path() {
        return "it sends us to where we are, without end: have the vendor see whether a gateway before the API waits \
                for a cookie, or takes a call over TLS for one without"
            .to_owned();
    }
    if place(base) == place(to) && base.path().trim_end_matches('/') == to.path().trim_end_matches('/') {
        return format!(
            "the two differ by the slash at the end alone: write the path of this call in the profile as the vendor \
             wants it (`{}`)",
            to.path()
        );
    }
    format!(
        "if {} is the vendor's API, write that address in {servers}; nothing was sent there",
        to.origin().ascii_serialization()
    )
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
    } else if tells_of_address(body) {
        FROM_ELSEWHERE.to_owned()
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
