//! Ids that the subject shows to be nobody's. Pure.
//!
//! A call with such an id is sent to a real system, so it must not reach a
//! real lock by chance: every id that the subject lists or that the subject
//! file names is kept away from, and by more than a digit.

use sha2::{Digest as _, Sha256};

/// From this length on, an id with letters and digits is taken as drawn at random.
const OPAQUE: usize = 16;

/// Numbers to try, each far from ids that are handed out one after the other,
/// the first within 32 bits, the second within what JSON carries exactly.
const FAR_NUMBERS: [u64; 3] = [2_000_000_011, 9_007_199_254_000_003, 9_000_000_000_000_000_011];

/// An id of the same form as those that are `known`, and none of them; `None`
/// where none is known, for then none can be shown to be unknown.
pub(super) fn unlike(known: &[String]) -> Option<String> {
    let like = known.iter().find(|id| !id.is_empty())?;
    let tries = candidates(like, known);
    tries.into_iter().find(|made| !known.iter().any(|id| id.eq_ignore_ascii_case(made)))
}

fn candidates(like: &str, known: &[String]) -> Vec<String> {
    let prefix = like.trim_end_matches(|c: char| c.is_ascii_digit());
    let counted = prefix.len() < like.len() && !prefix.contains(|c: char| c.is_ascii_digit());
    let opaque = like.len() >= OPAQUE && !prefix.is_empty() && like.contains(|c: char| c.is_ascii_digit());
    if counted {
        let largest = largest_number(known);
        let beyond = FAR_NUMBERS.into_iter().filter(|far| *far > largest);
        return beyond.map(|number| format!("{prefix}{number}")).collect();
    }
    if opaque {
        return (0..4).map(|round| redrawn(like, round)).collect();
    }
    ["nobody", "of-nobody", "unknown"].iter().map(|suffix| format!("{like}-{suffix}")).collect()
}

/// The largest number that any of the ids ends in.
fn largest_number(known: &[String]) -> u64 {
    let number = |id: &String| {
        let digits = id.len() - id.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        // A number too large to be read is larger than every other.
        (digits > 0).then(|| id[id.len() - digits..].parse().unwrap_or(u64::MAX))
    };
    known.iter().filter_map(number).max().unwrap_or(0)
}

/// Every letter and digit drawn anew among its own kind, under a seed that is
/// the id itself. The letters and digits of a UUID that say its version and
/// variant stay.
fn redrawn(like: &str, round: u8) -> String {
    let hexadecimal = like.chars().all(|c| !c.is_ascii_alphabetic() || c.is_ascii_hexdigit());
    let uuid = hexadecimal && is_uuid(like);
    let mut drawn = Vec::new();
    for block in 0..like.len().div_ceil(32) {
        drawn.extend(Sha256::digest(format!("nobody {round} {block} {like}")));
    }
    let letters = if hexadecimal { 6 } else { 26 };
    like.chars()
        .zip(drawn)
        .enumerate()
        .map(|(at, (c, drawn))| match c {
            _ if uuid && (at == 14 || at == 19) => c,
            '0'..='9' => char::from(b'0' + drawn % 10),
            'a'..='z' => char::from(b'a' + drawn % letters),
            'A'..='Z' => char::from(b'A' + drawn % letters),
            other => other,
        })
        .collect()
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.char_indices().all(|(at, c)| (c == '-') == matches!(at, 8 | 13 | 18 | 23))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(known: &[&str]) -> Option<String> {
        unlike(&known.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn an_unknown_id_has_the_form_of_the_known_ones() {
        let check = |known: &[&str], expected: &str| assert_eq!(of(known).as_deref(), Some(expected));
        check(&["1", "8"], "2000000011");
        check(&["1042", "2000000011"], "9007199254000003");
        check(&["lock-017", "lock-2"], "lock-2000000011");
        check(&["front_door"], "front_door-nobody");
        check(&["front_door", "FRONT_DOOR-nobody"], "front_door-of-nobody");
    }

    #[test]
    fn a_uuid_keeps_its_version_and_variant() {
        let like = "9d3f1f0a-33aa-4b52-9c1e-5d2f0ab2c111";
        let made = of(&[like]).unwrap();
        assert!(is_uuid(&made) && made != like, "{made}");
        assert_eq!((&made[14..15], &made[19..20]), ("4", "9"), "{made}");
        assert!(made.chars().all(|c| c == '-' || c.is_ascii_hexdigit() && !c.is_ascii_uppercase()), "{made}");
        let object = of(&["507f1f77bcf86cd799439011"]).unwrap();
        assert!(object.len() == 24 && object.chars().all(|c| c.is_ascii_hexdigit()), "{object}");
    }

    #[test]
    fn where_no_id_can_be_shown_to_be_unknown_there_is_none() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&["99999999999999999999"]), None, "no number is beyond it");
    }
}
