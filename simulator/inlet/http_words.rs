//! What of a partner's HTTP may be shown: the words of the protocol, and nothing
//! that somebody made up.

use super::shown::Whose;

/// Methods that are shown.
const METHODS: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

/// Headers of our answers whose values are shown.
const ANSWERED: [&str; 6] =
    ["allow", "content-length", "content-type", "date", "retry-after", "www-authenticate"];

/// Headers of requests whose values are shown where they are made of [`WORDS`].
const WORDED: [&str; 7] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-type",
    "te",
    "transfer-encoding",
];

/// Other headers whose names are shown.
const NAMED: [&str; 34] = [
    "accept-charset",
    "accept-language",
    "api-key",
    "authorization",
    "cache-control",
    "content-length",
    "cookie",
    "date",
    "expect",
    "forwarded",
    "host",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "keep-alive",
    "lockstep-exchange",
    "origin",
    "pragma",
    "proxy-authorization",
    "referer",
    "token",
    "traceparent",
    "tracestate",
    "trailer",
    "upgrade",
    "user-agent",
    "via",
    "x-api-key",
    "x-correlation-id",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-request-id",
];

/// Words of media types, encodings and connections.
const WORDS: [&str; 35] = [
    "*",
    "*/*",
    "application/*",
    "application/json",
    "application/octet-stream",
    "application/problem+json",
    "application/vnd.api+json",
    "application/x-www-form-urlencoded",
    "application/xhtml+xml",
    "application/xml",
    "br",
    "charset",
    "chunked",
    "close",
    "compress",
    "deflate",
    "gzip",
    "http2-settings",
    "identity",
    "iso-8859-1",
    "keep-alive",
    "latin1",
    "multipart/form-data",
    "q",
    "te",
    "text/*",
    "text/html",
    "text/json",
    "text/plain",
    "text/xml",
    "trailers",
    "upgrade",
    "us-ascii",
    "utf-8",
    "zstd",
];

/// A method as anybody may see it.
pub(super) fn method(method: &str) -> &str {
    METHODS.into_iter().find(|known| *known == method).unwrap_or("‹unknown method›")
}

/// The name of a header as anybody may see it.
pub(super) fn header_name(name: &str, whose: Whose) -> &str {
    let known =
        whose == Whose::Ours || WORDED.iter().chain(&NAMED).any(|known| name.eq_ignore_ascii_case(known));
    if known { name } else { "‹unknown header›" }
}

/// The value of a header as anybody may see it, if it may be seen. `length` is that
/// of the body.
pub(super) fn header_value(name: &str, value: &str, whose: Whose, length: usize) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let is_shown = match (whose, name.as_str()) {
        (Whose::Ours, name) => ANSWERED.contains(&name),
        (Whose::Theirs, "host") => is_this_machine(value),
        (Whose::Theirs, "content-length") => value == length.to_string(),
        (Whose::Theirs, name) => {
            WORDED.contains(&name) && value.split([',', ';', '=', ' ', '"']).all(is_word)
        }
    };
    is_shown.then(|| value.to_owned())
}

/// A word of the protocol, a weight, or nothing between two of them.
fn is_word(word: &str) -> bool {
    let is_weight = || {
        word.len() <= 5
            && word.starts_with(['0', '1'])
            && word.parse().is_ok_and(|weight: f64| (0.0..=1.0).contains(&weight))
    };
    word.is_empty() || WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)) || is_weight()
}

/// Whether a host is the machine that Lockstep runs on, by address or by name.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.len() <= 5 && port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || address.parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theirs(name: &str, value: &str) -> Option<String> {
        header_value(name, value, Whose::Theirs, 12)
    }

    #[test]
    fn methods_and_names_are_shown_where_they_are_the_protocols() {
        assert_eq!(
            (method("POST"), method("LOVELACE"), method("post")),
            ("POST", "‹unknown method›", "‹unknown method›")
        );
        assert_eq!(header_name("Content-Type", Whose::Theirs), "Content-Type");
        assert_eq!(header_name("x-lovelace", Whose::Theirs), "‹unknown header›");
    }

    #[test]
    fn values_are_shown_where_they_are_made_of_its_words() {
        for (name, value) in [
            ("content-type", "application/json; charset=utf-8"),
            ("Accept", "application/json, text/*;q=0.8, */*;q=0.1"),
            ("accept-encoding", "gzip, deflate, br"),
            ("content-length", "12"),
            ("host", "127.0.0.1:46785"),
            ("host", "localhost:46785"),
            ("host", "[::1]:46785"),
        ] {
            assert_eq!(theirs(name, value).as_deref(), Some(value), "{name}");
        }
        for (name, value) in [
            ("authorization", "Bearer t"),
            ("content-type", "text/lovelace"),
            ("content-type", "application/json; charset=ada@example.org"),
            ("content-type", "application/json; q=98765432"),
            ("content-length", "98765432"),
            ("date", "98765432"),
            ("lockstep-exchange", "98765432"),
            ("x-guest", "gzip"),
            ("host", "ada.example.org"),
            ("host", "127.0.0.1:ada"),
            ("host", "127.0.0.1:98765432"),
            ("host", "localhost:4:ada"),
        ] {
            assert_eq!(theirs(name, value), None, "{name}: {value}");
        }
    }
}
