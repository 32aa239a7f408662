//! What vendors' values mean: states, levels, and the words beside numbers. One
//! table, of no vendor; spellings are compared as names are.

use super::words::split;
use crate::vendors::vocabulary::Word;

/// Spellings of the canonical words, joined, by what they are said of.
const STATES: &[(Word, &[&str])] = &[
    (Word::Locked, &["locked", "lock", "secured", "deadlocked", "bolted"]),
    (
        Word::Unlocked,
        &["unlocked", "unlock", "unlatched", "pulled", "unsecured", "opened", "open", "unlockedlockngo"],
    ),
    (
        Word::Moving,
        &["moving", "locking", "unlocking", "opening", "closing", "pulling", "unlatching", "intransition"],
    ),
    (Word::Jammed, &["jammed", "jam", "blocked", "motorblocked", "stuck"]),
    (
        Word::Unknown,
        &["unknown", "undefined", "uncalibrated", "calibrating", "updating", "unavailable", "none"],
    ),
];
const DOORS: &[(Word, &[&str])] = &[
    (Word::Open, &["open", "opened", "dooropened", "dooropen"]),
    (Word::Closed, &["closed", "close", "shut", "doorclosed"]),
    (Word::Ajar, &["ajar", "doorajar", "heldopen", "lefttopen", "leftopen"]),
    (Word::Forced, &["forced", "forcedopen", "intrusion", "tampered"]),
    (Word::Unknown, &["unknown", "undefined", "unavailable", "notpaired", "uncalibrated", "disabled"]),
];
const CREDENTIALS: &[(Word, &[&str])] = &[
    (
        Word::Pending,
        &[
            "pending",
            "unset",
            "setting",
            "queued",
            "creating",
            "adding",
            "processing",
            "scheduled",
            "waiting",
            "invited",
            "sent",
            "inprogress",
            "created",
            "new",
        ],
    ),
    (
        Word::Active,
        &[
            "active",
            "set",
            "enabled",
            "ok",
            "valid",
            "programmed",
            "synced",
            "accepted",
            "confirmed",
            "normal",
        ],
    ),
    (Word::Failed, &["failed", "error", "rejected", "addfailed", "failure"]),
    (Word::Removing, &["removing", "deleting", "revoking"]),
    (Word::Removed, &["removed", "deleted", "revoked", "inactive", "expired", "disabled", "ended"]),
    (Word::Unknown, &["unknown", "undefined"]),
];
const JOBS: &[(Word, &[&str])] = &[
    (
        Word::Pending,
        &[
            "pending",
            "queued",
            "running",
            "inprogress",
            "processing",
            "started",
            "created",
            "waiting",
            "accepted",
            "executing",
            "sent",
        ],
    ),
    (
        Word::Done,
        &[
            "done",
            "success",
            "succeeded",
            "successful",
            "completed",
            "complete",
            "finished",
            "ok",
            "executed",
        ],
    ),
    (
        Word::Failed,
        &[
            "failed",
            "failure",
            "error",
            "rejected",
            "timeout",
            "timedout",
            "expired",
            "cancelled",
            "canceled",
            "aborted",
        ],
    ),
    (Word::Unknown, &["unknown", "undefined"]),
];

/// What a word is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SaidOf {
    Bolt,
    Door,
    Credential,
    Job,
}

/// The canonical word that a vendor's word means.
pub(super) fn canonical(said_of: SaidOf, text: &str) -> Option<Word> {
    let table = match said_of {
        SaidOf::Bolt => STATES,
        SaidOf::Door => DOORS,
        SaidOf::Credential => CREDENTIALS,
        SaidOf::Job => JOBS,
    };
    let words: Vec<String> = split(text);
    let joined = words.concat();
    let whole = table.iter().find(|(_, spellings)| spellings.contains(&joined.as_str()));
    // `motor blocked` and `semi locked` have their word at the end; the noun
    // may stand before it (`LOCK_STATE_LOCKED`).
    let last = words.last().filter(|_| words.len() > 1);
    let last = last.and_then(|last| table.iter().find(|(_, spellings)| spellings.contains(&last.as_str())));
    let half = words
        .first()
        .is_some_and(|first| ["semi", "half", "partially", "not", "never"].contains(&first.as_str()));
    whole.or(last.filter(|_| !half)).map(|(word, _)| *word)
}

/// Words for the charge of a battery, as a percentage.
pub(super) const LEVELS: &[(&str, u8)] = &[
    ("full", 95),
    ("fresh", 90),
    ("high", 85),
    ("good", 70),
    ("normal", 65),
    ("medium", 50),
    ("half", 45),
    ("low", 15),
    ("critical", 5),
    ("empty", 2),
    ("dead", 1),
];

/// Words that make a battery low.
pub(super) const LOW: &[&str] = &["low", "critical", "verylow", "empty", "dead", "exhausted"];

/// Numbers with the words beside them: `0 = locked, 1 (unlocked), 2 .. jammed`.
pub(super) fn numbered(text: &str) -> Vec<(i64, String)> {
    let mut found: Vec<(i64, String)> = Vec::new();
    // Two points join, one ends a sentence.
    let text = text.replace(" .. ", " = ");
    for clause in text.split([',', ';', '\n', '.', '|']) {
        let clause = clause
            .rsplit_once(": ")
            .filter(|(before, _)| !ends_in_number(before))
            .map_or(clause, |(_, rest)| rest);
        let clause = clause.trim().trim_start_matches(['-', '*', '`', ' ']);
        let digits = clause.chars().take_while(char::is_ascii_digit).count();
        let (number, rest) = clause.split_at(digits);
        let Ok(number) = number.parse::<i64>() else { continue };
        let name: String = rest
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .trim_end_matches(|c: char| !c.is_alphanumeric())
            .to_owned();
        let beside = rest.starts_with([' ', '=', ':', '-', '–', '—', '(', '`']);
        if beside && name.starts_with(char::is_alphabetic) && !found.iter().any(|(known, _)| *known == number)
        {
            found.push((number, name));
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

fn ends_in_number(text: &str) -> bool {
    text.trim_end().ends_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_words_are_told_apart_by_what_they_are_said_of() {
        assert_eq!(canonical(SaidOf::Bolt, "LOCK_STATE_LOCKED"), Some(Word::Locked));
        assert_eq!(canonical(SaidOf::Bolt, "motor blocked"), Some(Word::Jammed));
        assert_eq!(canonical(SaidOf::Bolt, "semi-locked"), None);
        assert_eq!(canonical(SaidOf::Door, "doorOpened"), Some(Word::Open));
        assert_eq!(canonical(SaidOf::Job, "TIMED_OUT"), Some(Word::Failed));
        assert_eq!(canonical(SaidOf::Credential, "revoked"), Some(Word::Removed));
    }

    #[test]
    fn numbers_are_read_with_the_words_beside_them() {
        let named = numbered("State of the lock: 0 = uncalibrated, 2 - unlocked; 6 (locked)");
        assert_eq!(
            named,
            [(0, "uncalibrated".to_owned()), (2, "unlocked".to_owned()), (6, "locked".to_owned())]
        );
        let named = numbered("The state: 1 .. locked, 254 .. motor blocked. Asked from 2 to 3.");
        assert_eq!(named, [(1, "locked".to_owned()), (254, "motor blocked".to_owned())]);
        assert!(numbered("Between 0 and 100").is_empty());
    }
}
