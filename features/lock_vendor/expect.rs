//! What a call must lead to, told for a business reader.

use crate::harness::integration::CallFailure;
use crate::harness::trial::{Step, Stop};
use crate::vendors::vocabulary::FailureKind;

/// A call that must succeed.
pub(super) fn success<T>(doing: &str, result: Result<T, CallFailure>) -> Result<T, Stop> {
    result.map_err(|failure| Stop::unexpected(doing, &failure))
}

/// A call that must be refused with one of `kinds`. An error that nothing was
/// sent for says nothing of the vendor.
pub(super) fn refusal<T>(doing: &str, result: &Result<T, CallFailure>, kinds: &[FailureKind]) -> Step {
    let expected = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" or ");
    match result {
        Ok(_) => Err(Stop::fail(
            format!("{doing} was accepted, although it must be refused"),
            format!("a clear error: {expected}"),
            "success",
        )),
        // First of all: what was never sent was never refused, and what the vendor
        // did not finish it did not refuse either, whatever their kinds.
        Err(failure) if failure.unsent => Err(Stop::unexpected(doing, failure)),
        Err(failure) if failure.unfinished => Err(Stop::fail(
            format!("{doing} was not refused, but left unfinished"),
            format!("a clear error: {expected}"),
            failure.message.clone(),
        )),
        Err(failure) if failure.transport.is_none() && kinds.contains(&failure.kind) => Ok(()),
        Err(failure) if failure.transport.is_some() || failure.kind == FailureKind::RateLimited => {
            Err(Stop::unexpected(doing, failure))
        }
        Err(failure) if failure.kind == FailureKind::Protocol => Err(Stop::fail(
            format!("{doing} was refused with an answer that the vendor does not document"),
            format!("a documented error: {expected}"),
            failure.to_string(),
        )),
        Err(failure) => Err(Stop::fail(
            format!("{doing} was refused with an error of another kind"),
            format!("a clear error: {expected}"),
            failure.to_string(),
        )),
    }
}

/// Whether the vendor itself told of a timeout behind it, as one of its
/// documented errors. That is a clear error, though it does not say that a lock
/// is offline; our own running out of patience is none.
pub(super) fn is_told_timeout(failure: &CallFailure) -> bool {
    failure.kind == FailureKind::UpstreamTimeout
        && failure.transport.is_none()
        && !failure.unfinished
        && !failure.unsent
}

/// A list of ids for a reader, shortened.
pub(super) fn some_of<I: ToString>(items: impl IntoIterator<Item = I>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let shown = items.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    match items.len() {
        0 => "none".to_owned(),
        1..=5 => shown,
        more => format!("{shown} and {} more", more - 5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::result::TransportFailure;

    fn judged(failure: CallFailure, kind: FailureKind) -> &'static str {
        match refusal("a call", &Err::<(), _>(failure), &[kind]) {
            Ok(()) => "pass",
            Err(Stop::Fail(_)) => "fail",
            Err(Stop::Inconclusive(_)) => "inconclusive",
            Err(_) => "other",
        }
    }

    #[test]
    fn only_what_the_vendor_said_is_a_refusal() {
        let of = CallFailure::sample;
        let (invalid, timeout) = (FailureKind::Invalid, FailureKind::UpstreamTimeout);
        let unsent = CallFailure { unsent: true, ..of(invalid) };
        let unfinished = CallFailure { unfinished: true, ..of(timeout) };
        let lost = CallFailure { transport: Some(TransportFailure::ReadTimeout), ..of(timeout) };
        let unreachable =
            CallFailure { transport: Some(TransportFailure::Refused), ..of(FailureKind::Server) };
        for (failure, kind, verdict) in [
            (of(invalid), invalid, "pass"),
            (of(FailureKind::Conflict), invalid, "fail"),
            (unsent.clone(), invalid, "inconclusive"),
            (unsent, timeout, "inconclusive"),
            (of(timeout), timeout, "pass"),
            (unfinished.clone(), timeout, "fail"),
            (unfinished, FailureKind::Offline, "fail"),
            (lost, timeout, "fail"),
            (unreachable, FailureKind::Server, "inconclusive"),
            (of(FailureKind::RateLimited), invalid, "inconclusive"),
            (of(FailureKind::RateLimited), FailureKind::RateLimited, "pass"),
        ] {
            let shown = format!("{failure:?}");
            assert_eq!(judged(failure, kind), verdict, "{kind:?}: {shown}");
        }
    }

    #[test]
    fn a_timeout_is_told_only_by_a_documented_answer() {
        let of = CallFailure::sample;
        assert!(is_told_timeout(&of(FailureKind::UpstreamTimeout)));
        assert!(!is_told_timeout(&of(FailureKind::Offline)));
        assert!(!is_told_timeout(&CallFailure { unfinished: true, ..of(FailureKind::UpstreamTimeout) }));
    }
}
