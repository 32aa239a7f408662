//! Several locks in one text: `1-500`, `3, 7, 10-12`.

/// The numbers that a text names, in the order in which it names them, each
/// once. Errors, for people, at a number outside `1..=most`.
pub(super) fn numbers(text: &str, most: u32) -> Result<Vec<u32>, String> {
    let mut found = Vec::new();
    for part in text.split(',').map(str::trim) {
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (number(first, most)?, number(last, most)?),
            None => (number(part, most)?, number(part, most)?),
        };
        if last < first {
            return Err(format!("expected a range from the smaller number to the larger, not {part}"));
        }
        found.extend(first..=last);
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|number| seen.insert(*number));
    Ok(found)
}

fn number(text: &str, most: u32) -> Result<u32, String> {
    text.trim()
        .parse()
        .ok()
        .filter(|number| (1..=most).contains(number))
        .ok_or_else(|| format!("expected numbers of locks, 1 to {most}, such as \"1-3, 7\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_single_numbers_stand_side_by_side() {
        assert_eq!(numbers("1-3, 7, 2", 9), Ok(vec![1, 2, 3, 7]));
        for wrong in ["", "0", "10", "3-1", "a", "1-", "1..3"] {
            assert!(numbers(wrong, 9).is_err(), "{wrong}");
        }
    }
}
