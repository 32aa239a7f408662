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
        Err(failure) if kinds.contains(&failure.kind) => Ok(()),
        Err(failure) if failure.exchanges.is_empty() => {
            Err(Stop::Inconclusive(format!("{doing} could not be sent: {}", failure.message)))
        }
        Err(failure) if failure.transport.is_some() => Err(Stop::unexpected(doing, failure)),
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
