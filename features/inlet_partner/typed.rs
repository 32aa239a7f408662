//! What guests type, as data.

/// Email addresses that every validator refuses.
pub(super) fn malformed_emails() -> Vec<String> {
    lines(include_str!("typed/emails_malformed.txt")).filter_map(unescaped).collect()
}

/// Email addresses that every validator takes.
pub(super) fn unusual_emails() -> Vec<String> {
    lines(include_str!("typed/emails_unusual.txt")).filter_map(unescaped).collect()
}

/// A phone number as it is typed.
#[derive(Clone, Debug)]
pub(super) struct TypedPhone {
    pub number: String,
    /// The country of the form; empty for none.
    pub country: String,
    /// The number in E.164, where it is valid.
    pub e164: Option<String>,
}

/// Phone numbers that are not valid.
pub(super) fn malformed_phones() -> Vec<TypedPhone> {
    lines(include_str!("typed/phones_malformed.txt")).filter_map(phone).collect()
}

/// Valid phone numbers of many regions.
pub(super) fn valid_phones() -> Vec<TypedPhone> {
    lines(include_str!("typed/phones_valid.txt")).filter_map(phone).collect()
}

/// Texts with scripts and markup, about which sanitisers agree.
pub(super) fn scripts() -> Vec<String> {
    let texts = lines(include_str!("typed/scripts.txt")).filter_map(|line| line.split_once('\t'));
    texts.filter_map(|(_, text)| agreed(text)).collect()
}

/// Texts that nothing is wrong with, about which sanitisers agree.
pub(super) fn harmless() -> Vec<String> {
    lines(include_str!("typed/harmless.txt")).filter_map(agreed).collect()
}

/// Whether a text holds a tag, a comment or a declaration, as an HTML parser
/// tells them from text: by what follows the bracket.
pub(super) fn holds_markup(text: &str) -> bool {
    let begins = |rest: &str| {
        let name = rest.strip_prefix('/').unwrap_or(rest);
        name.starts_with(|c: char| c.is_ascii_alphabetic()) || rest.starts_with(['!', '?'])
    };
    text.match_indices('<').any(|(at, bracket)| begins(&text[at + bracket.len()..]))
}

/// A text that no reason follows why nobody is judged by it.
fn agreed(line: &str) -> Option<String> {
    if line.contains('\t') { None } else { unescaped(line) }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
}

fn unescaped(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

fn phone(line: &str) -> Option<TypedPhone> {
    let mut parts = line.split('\t');
    let number = unescaped(parts.next()?)?;
    let mut given = || parts.next().filter(|text| *text != "-").map(str::to_owned);
    Some(TypedPhone { number, country: given().unwrap_or_default(), e164: given() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::vocabulary::contact::FreeText;

    #[test]
    fn every_line_is_read() {
        assert_eq!(malformed_emails().len(), 40);
        assert_eq!(unusual_emails().len(), 40);
        assert_eq!(malformed_phones().len(), 40);
        assert_eq!(valid_phones().len(), 80);
        assert!(valid_phones().iter().all(|phone| phone.e164.is_some()));
        assert_eq!((scripts().len(), harmless().len()), (21, 37));
    }

    /// What a sanitiser makes of a text that takes every tag out.
    fn without_tags(text: &str) -> String {
        let html = ammonia::Builder::empty().clean(text).to_string();
        let decoded = html.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u{a0}");
        decoded.replace("&quot;", "\"").replace("&amp;", "&")
    }

    /// What our own makes of it; nothing where it refuses it.
    fn ours(text: &str) -> Option<String> {
        FreeText::sanitised(text).ok().map(|text| text.expose().to_owned())
    }

    #[test]
    fn sanitisers_agree_about_every_text_that_is_judged() {
        for text in scripts() {
            assert!(holds_markup(&text), "{text:?}");
            assert!(!holds_markup(&without_tags(&text)), "{text:?}: {:?}", without_tags(&text));
            assert!(ours(&text).is_none_or(|text| !holds_markup(&text)), "{text:?}");
        }
        for text in harmless() {
            assert_eq!(without_tags(&text), text);
            assert_eq!(ours(&text), Some(text));
        }
    }

    #[test]
    fn a_bracket_alone_is_no_markup() {
        for text in ["5 < 6 > 4", "<=>", "<3", "<<< back", "a<", "&lt;script&gt;"] {
            assert!(!holds_markup(text), "{text}");
        }
        for text in ["</b>", "<!-- -->", "<?xml?>", "<<b>", "a<B"] {
            assert!(holds_markup(text), "{text}");
        }
    }
}
