//! The command that sends a recorded request again.

use crate::harness::result::Exchange;
use crate::vendors::vocabulary::{ExchangeId, Pin, Secret};

/// A `curl` command for the exchange, for a POSIX shell. What was masked is
/// read from the environment: `$LOCKSTEP_SECRET` (a second one
/// `$LOCKSTEP_SECRET_2`) and `$LOCKSTEP_PIN`. Headers that only name our own
/// exchange are left out.
pub fn curl(exchange: &Exchange) -> String {
    let mut names = Names::default();
    let request = &exchange.request;
    let mut parts = vec!["curl -i -X".to_owned(), names.quote(&request.method), names.quote(&request.url)];
    for (name, value) in &request.headers {
        let ours =
            name.eq_ignore_ascii_case(ExchangeId::HEADER) || name.eq_ignore_ascii_case("content-length");
        if !ours {
            parts.push(format!("-H {}", names.quote(&format!("{name}: {value}"))));
        }
    }
    if !request.body.is_empty() {
        parts.push(format!("--data-binary {}", names.quote(&request.body)));
    }
    parts.join(" ")
}

/// A text as one word of a POSIX shell, quoted where it must be.
pub fn shell_word(text: &str) -> String {
    let mut quoted = String::new();
    push_literal(&mut quoted, text);
    quoted
}

/// Numbers the masked values in order of their first sight.
#[derive(Default)]
struct Names {
    secrets: usize,
    pins: usize,
}

impl Names {
    fn quote(&mut self, text: &str) -> String {
        let masks = [
            (Secret::MASK.to_owned(), true),
            (percent(Secret::MASK), true),
            (Pin::MASK.to_owned(), false),
            (percent(Pin::MASK), false),
        ];
        let mut quoted = String::new();
        let mut rest = text;
        loop {
            let next = masks
                .iter()
                .filter_map(|(mask, secret)| rest.find(mask.as_str()).map(|at| (at, mask.len(), *secret)))
                .min();
            let Some((at, length, secret)) = next else { break };
            push_literal(&mut quoted, &rest[..at]);
            quoted.push_str(&format!("\"${}\"", self.next(secret)));
            rest = &rest[at + length..];
        }
        if !rest.is_empty() || quoted.is_empty() {
            push_literal(&mut quoted, rest);
        }
        quoted
    }

    fn next(&mut self, secret: bool) -> String {
        let (count, name) =
            if secret { (&mut self.secrets, "LOCKSTEP_SECRET") } else { (&mut self.pins, "LOCKSTEP_PIN") };
        *count += 1;
        if *count == 1 { name.to_owned() } else { format!("{name}_{count}") }
    }
}

fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn push_literal(quoted: &mut String, text: &str) {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        quoted.push_str(text);
    } else if !text.is_empty() || quoted.is_empty() {
        quoted.push('\'');
        quoted.push_str(&text.replace('\'', r"'\''"));
        quoted.push('\'');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::result::{Received, SentRequest, TransportFailure};
    use crate::vendors::vocabulary::Instant;

    #[test]
    fn masks_become_variables_and_the_rest_is_quoted() {
        let exchange = Exchange {
            id: "x-1".into(),
            criterion: None,
            operation: "set_pin".into(),
            at: Instant::from_epoch_ms(0),
            took_ms: 0,
            request: SentRequest {
                method: "PUT".into(),
                url: "https://a.example/x?key=‹secret›&n=1".into(),
                headers: vec![
                    ("authorization".into(), "Bearer ‹secret›".into()),
                    ("lockstep-exchange".into(), "x-1".into()),
                ],
                body: r#"{"pin":"‹pin›","name":"O'Hara"}"#.into(),
            },
            response: Received::Nothing { why: TransportFailure::Reset, detail: String::new() },
        };
        assert_eq!(
            curl(&exchange),
            concat!(
                r#"curl -i -X PUT 'https://a.example/x?key='"$LOCKSTEP_SECRET"'&n=1' "#,
                r#"-H 'authorization: Bearer '"$LOCKSTEP_SECRET_2" "#,
                r#"--data-binary '{"pin":"'"$LOCKSTEP_PIN"'","name":"O'\''Hara"}'"#
            )
        );
    }
}
