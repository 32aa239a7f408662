//! Spans of time as they are written: `"3 s"`, `"5 min"`, `"30 days"`.

use std::time::Duration;

/// Reads a number and a unit.
pub(crate) fn parse_span(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit.trim() {
        "ms" => return Some(Duration::from_millis(number)),
        "s" | "second" | "seconds" => 1,
        "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_a_number_and_a_unit() {
        for (text, ms) in [
            ("500 ms", 500),
            ("3 s", 3000),
            ("3s", 3000),
            ("5 min", 300_000),
            ("1 h", 3_600_000),
            ("30 days", 2_592_000_000),
            ("1 day", 86_400_000),
        ] {
            assert_eq!(parse_span(text), Some(Duration::from_millis(ms)), "{text}");
        }
        for wrong in
            ["", "3", "s", "3 weeks", "-3 s", "1.5 h", "99999999999999999999 s", "18446744073709551615 days"]
        {
            assert_eq!(parse_span(wrong), None, "{wrong}");
        }
    }
}
