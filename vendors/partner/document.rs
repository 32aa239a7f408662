//! The documents that attestations rest on: somebody who reads the report must be
//! able to open them, and to read something there.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::{Path, PathBuf};

use super::embedded::embedded_document;

/// What to write.
const HELP: &str = "write the path of a file, from the description's folder, or an address that begins with \
                    https://; after a comma may follow where in it";

/// Where the documents of one description are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shelf<'a> {
    /// On disk, beside the description of that path and text.
    Beside(&'a Path, &'a str),
    /// Among what the program carries for its own descriptions.
    Carried,
}

impl Shelf<'_> {
    /// Why nobody can vouch by a document, and what to do; nothing where it is there.
    pub(super) fn unfit(self, document: &str) -> Option<(String, String)> {
        let why = match document.split_once("://") {
            Some((scheme, _)) => unreached(document, scheme),
            None => self.unread(document),
        };
        why.map(|why| (why, HELP.to_owned()))
    }

    fn unread(self, document: &str) -> Option<String> {
        let names = names(document);
        let Some(name) = names.iter().find(|name| self.has(name)) else {
            let tried: Vec<String> = names.iter().rev().map(|name| format!("`{name}`")).collect();
            return Some(match tried.as_slice() {
                [] => format!("`{document}` names no document"),
                tried => format!("there is no document {}", tried.join(", nor ")),
            });
        };
        match self {
            Self::Carried => embedded_document(name).is_none_or(str::is_empty).then(|| empty(name)),
            Self::Beside(description, text) => {
                let path = beside(description, name);
                if is_same(&path, description, text) {
                    return Some(format!("`{name}` is the description itself, which vouches for nothing"));
                }
                match says_something(&path) {
                    Ok(true) => None,
                    Ok(false) => Some(empty(name)),
                    Err(why) => Some(format!("the document `{name}` cannot be read: {why}")),
                }
            }
        }
    }

    fn has(self, name: &str) -> bool {
        match self {
            Self::Carried => embedded_document(name).is_some(),
            Self::Beside(description, _) => beside(description, name).is_file(),
        }
    }
}

/// Why an address leads nowhere; the letters of its scheme may be capitals.
fn unreached(document: &str, scheme: &str) -> Option<String> {
    // A comma may stand in an address as well; what it leads to is the same host.
    let address = document.split(',').next().unwrap_or_default().trim();
    let reached = url::Url::parse(address).is_ok_and(|url| url.host_str().is_some());
    let fits = scheme.trim_start().eq_ignore_ascii_case("https") && reached;
    (!fits).then(|| format!("`{address}` is no https address"))
}

/// The names that a document can have, the longest first: a comma may stand in a
/// name, or tell it from the place in it.
fn names(document: &str) -> Vec<&str> {
    let commas = document.rmatch_indices(',').map(|(at, _)| at);
    let names = std::iter::once(document.len()).chain(commas).map(|end| document[..end].trim());
    names.filter(|name| !name.is_empty()).collect()
}

fn beside(description: &Path, name: &str) -> PathBuf {
    description.parent().unwrap_or_else(|| Path::new("")).join(name)
}

fn empty(name: &str) -> String {
    format!("the document `{name}` is empty")
}

/// Whether a document is the description, by whatever name, or a copy of it.
fn is_same(path: &Path, description: &Path, text: &str) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    let one_file = real(path).is_some_and(|path| Some(path) == real(description));
    let as_long = path.metadata().is_ok_and(|file| file.len() == text.len() as u64);
    one_file || as_long && std::fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes())
}

/// Whether anything but white space stands in a file.
fn says_something(path: &Path) -> std::io::Result<bool> {
    for byte in BufReader::new(File::open(path)?).bytes() {
        if !byte?.is_ascii_whitespace() {
            return Ok(true);
        }
    }
    Ok(false)
}
