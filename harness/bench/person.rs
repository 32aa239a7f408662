//! What a person says about what no API shows.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::time::Duration;

use super::Missing;
use crate::harness::criterion::CriterionId;
use crate::harness::subject::{Answer, Confirm, Confirmation};

/// How long after a question about a moment its answer still tells of it.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_secs(180);

/// A question to a person.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// One of the words of the subject file's answers.
    pub(super) what: &'static str,
    /// In full, for the person.
    pub(super) text: String,
    /// What is asked about, for the evidence; bears no PIN.
    pub(super) about: String,
    /// Whether it is about this very moment, so that a late answer is worth nothing.
    pub(super) at_once: bool,
}

/// An answer of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) answer: Answer,
    by: String,
    when: jiff::civil::Date,
}

impl Said {
    /// Whether it is yes.
    pub(super) fn is_yes(&self) -> bool {
        self.answer == Answer::Yes
    }

    /// Who says so.
    pub(super) fn source(&self) -> String {
        format!("{} says “{}”", self.by, self.answer.as_str())
    }

    /// The whole, as evidence.
    pub(super) fn testimony(&self, question: &Question) -> String {
        format!(
            "confirmed by {} at the door on {}: {}: {}",
            self.by,
            self.when,
            question.about,
            self.answer.as_str()
        )
    }
}

/// Why what happens at the `what` is not known.
pub(super) fn nobody(what: &str) -> Missing {
    Missing(format!(
        "nobody confirms what happens at the {what} (confirm = \"ask\" or \"file\" in the subject file)"
    ))
}

/// Asks by the way that the subject file names. Answers of a file are taken in
/// order, each once. A late answer to a question about a moment is discarded.
pub(super) async fn ask(
    confirm: &mut Confirm,
    criterion: Option<&CriterionId>,
    question: &Question,
) -> Result<Said, Missing> {
    let asked_at = std::time::Instant::now();
    let said = match confirm {
        Confirm::None => return Err(nobody(question.what)),
        Confirm::File(answers) => from_file(answers, criterion, question.what)?,
        Confirm::Ask => {
            let text = question.text.clone();
            let asked = tokio::task::spawn_blocking(move || at_terminal(&text)).await;
            asked.unwrap_or_else(|why| Err(Missing(why.to_string())))?
        }
    };
    in_time(question, asked_at.elapsed())?;
    Ok(said)
}

fn in_time(question: &Question, took: Duration) -> Result<(), Missing> {
    if question.at_once && took > ANSWER_WITHIN {
        return Err(Missing(format!(
            "the answer on {} came after {} s, too late to tell of that moment",
            question.about,
            took.as_secs()
        )));
    }
    Ok(())
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
    Ok(Said { answer: taken.answer, by: taken.by, when: taken.when })
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
        let mut line = String::new();
        let read = input.lock().read_line(&mut line).map_err(|why| Missing(why.to_string()))?;
        if read == 0 {
            return Err(Missing("the terminal was closed".to_owned()));
        }
        if let Some(answer) = Answer::parse(&line) {
            let when = jiff::Zoned::now().date();
            return Ok(Said { answer, by: "the tester".to_owned(), when });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(at_once: bool) -> Question {
        Question { what: "keypad", text: "?".to_owned(), about: "a PIN at lock 1".to_owned(), at_once }
    }

    #[tokio::test]
    async fn answers_of_a_file_bear_who_and_when_and_are_taken_once() {
        let criterion = CriterionId::parse("LV-42");
        let answer = Confirmation {
            criterion: criterion.clone().unwrap(),
            question: "keypad".to_owned(),
            answer: Answer::No,
            by: "A. Tester".to_owned(),
            when: jiff::civil::date(2027, 1, 31),
        };
        let mut confirm = Confirm::File(vec![answer]);
        let said = ask(&mut confirm, criterion.as_ref(), &question(true)).await.unwrap();
        assert_eq!(
            said.testimony(&question(true)),
            "confirmed by A. Tester at the door on 2027-01-31: a PIN at lock 1: no"
        );
        assert!(!said.is_yes());
        assert!(ask(&mut confirm, criterion.as_ref(), &question(true)).await.is_err());
    }

    #[test]
    fn a_late_answer_tells_nothing_of_a_moment() {
        let late = ANSWER_WITHIN + Duration::from_secs(1);
        assert!(in_time(&question(true), late).is_err());
        assert!(in_time(&question(true), ANSWER_WITHIN).is_ok());
        assert!(in_time(&question(false), late).is_ok());
    }
}
