//! Driving by a person, who is told what to do and presses Enter.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use super::driver::{Done, DriverError, Number};
use super::instructions::instruction;
use crate::vendors::partner::{Act, Values};

/// A person at the keyboard, who does one thing at a time.
#[derive(Debug, Default)]
pub struct Person {
    busy: tokio::sync::Mutex<()>,
}

/// Whether there is a terminal to tell a person at.
pub fn can_be_told() -> bool {
    std::io::stdin().is_terminal()
}

impl Person {
    pub(super) async fn act(&self, act: Act, values: &Values) -> Result<Done, DriverError> {
        let _busy = self.busy.lock().await;
        let text = instruction(act, values);
        let asked = tokio::task::spawn_blocking(move || at_terminal(act, &text)).await;
        asked.map_err(|why| DriverError(why.to_string()))?
    }
}

/// Enter says that it is done; `r` that the system refused it; on a booking that
/// is shown, the code, or `!` where it needs attention.
fn at_terminal(act: Act, text: &str) -> Result<Done, DriverError> {
    let input = std::io::stdin();
    if !can_be_told() {
        return Err(DriverError("a person is to do it, and there is no terminal to tell one at".to_owned()));
    }
    let question = match act {
        Act::Show => "Type the code that it shows, or nothing; ! if it is marked as in need of attention",
        _ => "Press Enter when it is done; r and Enter if the system refuses it",
    };
    let mut output = std::io::stderr();
    let told = write!(output, "\n{text}\n{question}: ").and_then(|()| output.flush());
    told.map_err(|why| DriverError(why.to_string()))?;
    let mut line = String::new();
    let read = input.lock().read_line(&mut line).map_err(|why| DriverError(why.to_string()))?;
    if read == 0 {
        return Err(DriverError("the terminal was closed".to_owned()));
    }
    Ok(said(act, line.trim()))
}

fn said(act: Act, line: &str) -> Done {
    let taken = |code: Option<String>, flagged: bool| Done::Taken { number: Number::none(), code, flagged };
    match (act, line) {
        (Act::Show, "!") => taken(None, true),
        (Act::Show, "") => taken(None, false),
        (Act::Show, code) => taken(Some(code.to_owned()), false),
        (_, "r") => Done::Refused("as the tester says".to_owned()),
        _ => taken(None, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_says_how_it_went() {
        assert!(matches!(said(Act::Book, ""), Done::Taken { flagged: false, code: None, .. }));
        assert!(matches!(said(Act::Book, "r"), Done::Refused(_)));
        assert!(matches!(said(Act::Show, "!"), Done::Taken { flagged: true, .. }));
        assert!(
            matches!(said(Act::Show, "#1234*"), Done::Taken { code: Some(code), .. } if code == "#1234*")
        );
    }

    #[tokio::test]
    async fn without_a_terminal_nobody_can_be_told() {
        if std::io::stdin().is_terminal() {
            return;
        }
        let told = Person::default().act(Act::Cancel, &Values::new()).await;
        assert!(told.is_err_and(|why| why.0.contains("no terminal")));
    }
}
