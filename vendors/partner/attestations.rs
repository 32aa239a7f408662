//! Reading what people vouch for.

use std::collections::BTreeMap;

use toml::Spanned;

use super::document::Shelf;
use super::drive::Attestation;
use super::written;
use super::wrong::Wrong;
use crate::vendors::profile::line_of;

/// Reads them all. Which criteria there are to vouch for is not known here.
pub(super) fn attestations(
    written: Vec<Spanned<written::Attested>>,
    shelf: Shelf<'_>,
    wrong: &mut Wrong<'_>,
) -> Vec<Attestation> {
    let mut read: Vec<Attestation> = Vec::new();
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    for given in written {
        let span = given.span();
        let written::Attested { criterion, who, when, document } = given.into_inner();
        if who.trim().is_empty() || document.get_ref().trim().is_empty() {
            let help = "write who vouches for it, and by which document".to_owned();
            wrong.at(span, "an attestation names a person and a document".to_owned(), Some(help));
            continue;
        }
        if let Some((what, help)) = shelf.unfit(document.get_ref()) {
            wrong.at(document.span(), what, Some(help));
        }
        let (at, criterion) = (criterion.span(), criterion.into_inner());
        if let Some(first) = first.get(&criterion) {
            let what = format!("{criterion} is vouched for twice, first in line {first}");
            let help = "leave one: a single person vouches for it by a single document".to_owned();
            wrong.at(at.clone(), what, Some(help));
        } else {
            first.insert(criterion.clone(), line_of(wrong.text(), at.start));
        }
        read.push(Attestation { criterion, who, when, document: document.into_inner(), at });
    }
    read
}
