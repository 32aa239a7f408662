//! Whether a text that people wrote names something.

/// Words after which a number is a booking's.
const LABELS: [&str; 12] = [
    "booking",
    "bookingid",
    "reservation",
    "reservationid",
    "reference",
    "ref",
    "order",
    "stay",
    "id",
    "number",
    "no",
    "nr",
];

/// So long a number is no count of anything, and needs no word before it.
const TELLING: usize = 6;

/// Whether a text names a lock, as a word of its own: `L-1` is not named by `L-12`.
pub(super) fn names_lock(text: &str, lock: &str) -> bool {
    let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
    places(text, lock)
        .any(|(before, after)| !joins(before.chars().next_back()) && !joins(after.chars().next()))
}

/// Whether a text holds a number or another short word of its own: `12` stands
/// neither in `112` nor in `09:12` nor in `2027-03-12`. Cases of letters are not told apart.
pub(super) fn holds_number(text: &str, number: &str) -> bool {
    let (text, number) = (text.to_lowercase(), number.trim().to_lowercase());
    places(&text, &number).any(|(before, after)| is_whole(before, after))
}

/// Whether a text names a booking by its number: after a word that says so, or by
/// a number that is long enough to be nothing else.
pub(super) fn names_booking(text: &str, number: &str) -> bool {
    let (text, number) = (text.to_lowercase(), number.trim().to_lowercase());
    let telling = number.chars().count() >= TELLING;
    places(&text, &number).any(|(before, after)| is_whole(before, after) && (telling || is_labelled(before)))
}

/// What stands before and after each place at which a word stands.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
    let found = text.match_indices(word).filter(move |_| !word.is_empty());
    found.map(move |(at, _)| (&text[..at], &text[at + word.len()..]))
}

fn is_whole(before: &str, after: &str) -> bool {
    let (mut back, mut on) = (before.chars().rev(), after.chars());
    !joins(back.next(), back.next()) && !joins(on.next(), on.next())
}

/// Whether what lies beside a number belongs to it: a letter or a digit, or a sign
/// with another digit beyond, as in a time, a date and a fraction.
fn joins(beside: Option<char>, beyond: Option<char>) -> bool {
    match beside {
        Some(':' | '.' | ',' | '-' | '/' | '+') => beyond.is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_alphanumeric(),
        None => false,
    }
}

fn is_labelled(before: &str) -> bool {
    if before.ends_with('#') {
        return true;
    }
    let before = before.trim_end_matches(|c: char| !c.is_alphanumeric());
    let ends_with = |label: &str| {
        before
            .strip_suffix(label)
            .is_some_and(|rest| !rest.chars().next_back().is_some_and(char::is_alphanumeric))
    };
    LABELS.iter().any(|label| ends_with(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_named_as_a_word_of_its_own() {
        assert!(names_lock("lock L-1: no answer", "L-1"));
        assert!(names_lock("(546418419)", "546418419"));
        assert!(!names_lock("lock L-12", "L-1"));
        assert!(!names_lock("lock XL-1", "L-1"));
        assert!(!names_lock("anything", ""));
    }

    #[test]
    fn a_number_in_a_time_or_a_date_is_another() {
        for text in ["booking 12", "Booking #12.", "b-12", "id=12,", "Buchung:12", "12"] {
            assert!(holds_number(text, "12"), "{text}");
        }
        for text in ["09:12", "09:12:33", "2027-03-12", "12.03.2027", "112", "12a", "0.12", "12:30", ""] {
            assert!(!holds_number(text, "12"), "{text}");
        }
        assert!(holds_number("reference B-7F", "b-7f"));
    }

    #[test]
    fn a_short_number_names_a_booking_after_a_word_that_says_so_only() {
        for text in ["Booking 12 failed", "look into booking: #12 at once", "reservation no. 12", "#12"] {
            assert!(names_booking(text, "12"), "{text}");
        }
        for text in ["after 12 attempts", "it did 12 times", "504 for 12 minutes"] {
            assert!(!names_booking(text, "12"), "{text}");
        }
        assert!(names_booking("please see 7f3a-11 now", "7F3A-11"));
    }
}
