//! Where what the vendor is said to be and to do is from, folded away.

use maud::{Markup, html};

use crate::harness::result::{Origin, Origins, Source};

use super::super::text::line;
use super::prose;

/// Every part of the profile with its sources, and what they are. Nothing where the
/// profile names none.
pub fn origins(origins: &Origins) -> Markup {
    html! {
        @if origins.are_named() {
            details.origins {
                summary { "Where the profile has what it declares from: " (counted(origins)) }
                @if !origins.parts.is_empty() && !origins.are_made_up() {
                    table {
                        caption { "Part by part, as the profile itself says; a run judges what is declared, not where it is from" }
                        thead { tr { th scope="col" { "Part of the profile" } th scope="col" { "From" } } }
                        tbody {
                            @for part in &origins.parts {
                                tr { th scope="row" { (prose(&part.name, 200)) } td { (from(&part.origin)) } }
                            }
                        }
                    }
                }
                ul { @for one in &origins.sources { li { (source(one)) } } }
            }
        }
    }
}

/// What a reviewer looks for first: what is only taken.
fn counted(origins: &Origins) -> String {
    let of = |count: usize, one: &str| match count {
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    };
    let sources = of(origins.sources.len(), "source");
    if origins.are_made_up() {
        return format!("{sources}; there is no such vendor");
    }
    let mut told = vec![sources, of(origins.parts.len(), "part")];
    for (count, what) in
        [(origins.not_established().len(), "not established"), (origins.unnamed().len(), "without a source")]
    {
        if count > 0 {
            told.push(format!("{count} {what}"));
        }
    }
    told.join(", ")
}

fn from(origin: &Origin) -> Markup {
    html! {
        @match origin {
            Origin::Sources(names) => { (line(&names.join(", "), 300)) }
            Origin::NotEstablished => { strong { "not established" } ": taken, since no public source tells it" }
            Origin::Unnamed => { strong { "no source is named" } }
        }
    }
}

fn source(one: &Source) -> Markup {
    html! {
        strong { (line(&one.name, 100)) } ": " (line(&one.title, 300))
        @if let Some(url) = &one.url { ", " code { (line(url, 300)) } }
        @if let Some(date) = &one.date { ", " (line(date, 40)) }
        ". " (one.is.means())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::result::{Evidence, Part};
    use crate::reports::samples;

    #[test]
    fn each_part_is_told_with_its_sources_and_what_is_only_taken_stands_out() {
        let page = origins(&samples::failing().origins).into_string();
        for told in [
            "2 sources, 6 parts, 1 not established, 1 without a source",
            "<code>create_pin</code></th><td>docs, bench</td>",
            "<code>offline</code></th><td><strong>not established</strong>: taken",
            "<th scope=\"row\">limits.pin</th><td><strong>no source is named</strong></td>",
            "<code>https://developer.nordlas.example/reference</code>, 2026-01. The vendor's own",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
    }

    #[test]
    fn a_profile_that_names_no_source_or_is_made_up_has_no_table() {
        assert_eq!(origins(&Origins::default()).into_string(), "");
        let source = Source {
            name: "invented".to_owned(),
            is: Evidence::MadeUp,
            title: "The reference".to_owned(),
            url: None,
            date: None,
        };
        let part = Part { name: "limits".to_owned(), origin: Origin::Unnamed };
        let page = origins(&Origins { sources: vec![source], parts: vec![part] }).into_string();
        assert!(page.contains("there is no such vendor") && !page.contains("<table"), "{page}");
    }
}
