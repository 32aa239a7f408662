//! Texts without what differs between any two runs: the name of the run, times,
//! ports of this machine, numbers of exchanges, and ids.

/// A text in which whatever a run draws anew is replaced by its kind. Only used
/// to tell whether two texts say the same, never shown.
pub(super) fn normal(text: &str, run: &str) -> String {
    let text = if run.is_empty() { text.to_owned() } else { text.replace(run, "‹run›") };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(start) = rest.find(is_of_word) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_of_word(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        out.push_str(before);
        let (bare, ending) = word.split_at(word.trim_end_matches(['.', ':']).len());
        out.push_str(kind(bare));
        out.push_str(ending);
        rest = after;
    }
    out + rest
}

/// Letters, digits, and what joins them in instants, ids and addresses.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '+')
}

/// The kind of a word that is drawn anew in every run; other words as they are.
fn kind(word: &str) -> &str {
    if is_instant(word) {
        "‹time›"
    } else if is_local_address(word) {
        "‹address›"
    } else if is_exchange(word) {
        "‹exchange›"
    } else if is_id(word) {
        "‹id›"
    } else {
        word
    }
}

/// `2026-11-21T12:00:00Z`, `2026-11-21` or `12:00:00.123`.
fn is_instant(word: &str) -> bool {
    // Numbers alone may be read as a date too; they are ids.
    word.parse::<jiff::Timestamp>().is_ok()
        || (word.contains('-') && word.parse::<jiff::civil::Date>().is_ok())
        || (word.matches(':').count() == 2 && word.parse::<jiff::civil::Time>().is_ok())
}

/// `127.0.0.1:40123`, `localhost:8080`.
fn is_local_address(word: &str) -> bool {
    let Some((host, port)) = word.rsplit_once(':') else { return false };
    matches!(host, "127.0.0.1" | "localhost") && port.parse::<u16>().is_ok()
}

/// `x-17`.
fn is_exchange(word: &str) -> bool {
    word.strip_prefix("x-")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

/// A word with six digits or more, or a long one of hexadecimal digits. A status
/// (`404`), a year or a count has fewer and stays what it is.
fn is_id(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let hex = word.len() >= 8 && digits > 0 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    digits >= 6 || hex
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_run_draws_anew_is_replaced_and_nothing_else() {
        let check = |text: &str, expected: &str| {
            assert_eq!(normal(text, "lockstep-20261121-1200-2a"), expected);
        };
        check("status 404, expected 200", "status 404, expected 200");
        check("at 2026-11-21T12:00:00.25Z it stood", "at ‹time› it stood");
        check("made by lockstep-20261121-1200-2a in x-17.", "made by ‹run› in ‹exchange›.");
        check("http://127.0.0.1:40123/w/1/locks", "http://‹address›/w/1/locks");
        check("access 8f14e45f-ceea-4672-950e-bd2a1f3c4d5e of lock 3", "access ‹id› of lock 3");
        check("PIN access 90000123: gone", "PIN access ‹id›: gone");
        check("LV-21 of 2026 with 12 locks", "LV-21 of 2026 with 12 locks");
        check("Rom 102 – Sjøsiden", "Rom 102 – Sjøsiden");
        check("", "");
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in any::<String>(), run in any::<String>()) {
            normal(&text, &run);
        }
    }
}
