//! What a person says about what no API shows.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use super::Missing;
use crate::harness::criterion::CriterionId;
use crate::harness::subject::{Confirm, Confirmation};
use crate::vendors::vocabulary::Word;

/// An answer of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    answer: String,
    by: String,
}

impl Said {
    /// Whether it means yes.
    pub(super) fn is_yes(&self) -> bool {
        matches!(self.answer.trim().to_lowercase().as_str(), "y" | "yes")
    }

    /// The state that it names.
    pub(super) fn word(&self) -> Option<Word> {
        Word::parse(self.answer.trim())
    }

    /// Who says so.
    pub(super) fn source(&self) -> String {
        format!("{} says “{}”", self.by, self.answer.trim())
    }
}

/// Why what happens at the `what` is not known.
pub(super) fn nobody(what: &str) -> Missing {
    Missing(format!(
        "nobody confirms what happens at the {what} (confirm = \"ask\" or \"file\" in the subject file)"
    ))
}

/// Asks by the way that the subject file names. Answers of a file are taken in
/// order, each once.
pub(super) async fn ask(
    confirm: &mut Confirm,
    criterion: Option<&CriterionId>,
    what: &str,
    question: &str,
) -> Result<Said, Missing> {
    match confirm {
        Confirm::None => Err(nobody(what)),
        Confirm::File(answers) => from_file(answers, criterion, what),
        Confirm::Ask => {
            let question = question.to_owned();
            let asked = tokio::task::spawn_blocking(move || at_terminal(&question)).await;
            asked.unwrap_or_else(|why| Err(Missing(why.to_string())))
        }
    }
}

fn from_file(
    answers: &mut Vec<Confirmation>,
    criterion: Option<&CriterionId>,
    what: &str,
) -> Result<Said, Missing> {
    let at = answers
        .iter()
        .position(|answer| Some(&answer.criterion) == criterion && answer.question == what)
        .ok_or_else(|| Missing(format!("the answers file has no further answer on the {what}")))?;
    let taken = answers.remove(at);
    Ok(Said { answer: taken.answer, by: taken.by })
}

fn at_terminal(question: &str) -> Result<Said, Missing> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(Missing("there is no terminal to ask at".to_owned()));
    }
    let mut output = std::io::stderr();
    loop {
        let asked = write!(output, "\n{question} [yes/no] ").and_then(|()| output.flush());
        asked.map_err(|why| Missing(why.to_string()))?;
        let mut answer = String::new();
        let read = input.lock().read_line(&mut answer).map_err(|why| Missing(why.to_string()))?;
        if read == 0 {
            return Err(Missing("the terminal was closed".to_owned()));
        }
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "n" | "no") {
            return Ok(Said { answer, by: "the tester".to_owned() });
        }
    }
}
