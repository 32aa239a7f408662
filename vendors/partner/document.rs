//! The documents that attestations rest on: somebody who reads the report must be
//! able to open them.

use std::path::Path;

use super::embedded::is_embedded_document;

/// What to write.
const HELP: &str = "write the path of a file, from the description's folder or from the working one, or an \
                    address that begins with https://; after a comma may follow where in it";

/// Why nobody can open a document, and what to do; nothing where it is there. What
/// follows the first comma tells the place in it. `description` is the file that
/// names it.
pub(super) fn unfound(document: &str, description: &Path) -> Option<(String, String)> {
    let named = document.split(',').next().unwrap_or_default().trim();
    if let Some((scheme, _)) = named.split_once("://") {
        let reached = url::Url::parse(named).is_ok_and(|url| url.host_str().is_some());
        let fits = scheme == "https" && reached;
        return (!fits).then(|| (format!("`{named}` is no https address"), HELP.to_owned()));
    }
    let beside = description.parent().unwrap_or_else(|| Path::new(""));
    let there = !named.is_empty() && (beside.join(named).is_file() || Path::new(named).is_file());
    if there || is_embedded_document(named) {
        return None;
    }
    Some((format!("there is no document `{named}`"), HELP.to_owned()))
}
