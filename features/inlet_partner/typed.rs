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

/// Texts with scripts and markup.
pub(super) fn scripts() -> Vec<String> {
    let texts = lines(include_str!("typed/scripts.txt")).filter_map(|line| line.split_once('\t'));
    texts.filter_map(|(_, json)| unescaped(json)).collect()
}

/// Texts that nothing is wrong with.
pub(super) fn harmless() -> Vec<String> {
    lines(include_str!("typed/harmless.txt")).filter_map(unescaped).collect()
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

    #[test]
    fn every_line_is_read() {
        assert_eq!(malformed_emails().len(), 40);
        assert_eq!(unusual_emails().len(), 40);
        assert_eq!(malformed_phones().len(), 40);
        assert_eq!(valid_phones().len(), 80);
        assert!(valid_phones().iter().all(|phone| phone.e164.is_some()));
        assert_eq!((scripts().len(), harmless().len()), (40, 40));
    }
}
