//! The words by which things are recognised: one table, of no vendor.
//!
//! Names are split into words at humps, dashes and underscores, put in lower
//! case and in the singular, and compared joined: `access-codes`, `accessCode`
//! and `ACCESS_CODE` are all `accesscode`.

use crate::vendors::vocabulary::Word;

/// What a name is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Concept {
    Lock,
    Group,
    Pin,
    Mobile,
    /// An access of which the name alone does not say what opens.
    Access,
    User,
    Job,
    Hold,
    Algo,
    Token,
    /// The state of a lock, where it is asked for apart.
    Status,
    /// A command to a lock that the request names.
    Action,
    /// Known, and none of ours.
    Other,
}

/// Words for concepts, joined and in the singular; what comes first in a line
/// is the better sign.
const CONCEPTS: &[(Concept, &[&str])] = &[
    (
        Concept::Lock,
        &[
            "lock",
            "smartlock",
            "door",
            "doorlock",
            "entrance",
            "accesspoint",
            "opening",
            "device",
            "lockdevice",
            "smartdevice",
            "gate",
            "reader",
        ],
    ),
    (
        Concept::Group,
        &[
            "group",
            "lockgroup",
            "accessgroup",
            "area",
            "zone",
            "space",
            "site",
            "property",
            "building",
            "location",
            "organization",
            "organisation",
            "address",
            "home",
            "department",
            "lockholder",
            "connectedaccount",
            "house",
            "facility",
            "venue",
            "floor",
            "premise",
            "room",
            "account",
        ],
    ),
    (
        Concept::Pin,
        &[
            "pin",
            "pincode",
            "accesscode",
            "keyboardpwd",
            "passcode",
            "keypadcode",
            "doorcode",
            "keycode",
            "entrycode",
            "lockcode",
            "usercode",
            "code",
            "keypadpin",
            "pinaccess",
            "accesspin",
        ],
    ),
    (
        Concept::Mobile,
        &[
            "mobilekey",
            "mobileaccess",
            "ekey",
            "digitalkey",
            "virtualkey",
            "guestkey",
            "smartkey",
            "share",
            "deviceshare",
            "sharedkey",
            "invitation",
            "mobile",
            "invite",
            "key",
            "mobilecredential",
            "accesslink",
        ],
    ),
    (
        Concept::Access,
        &[
            "access",
            "grant",
            "accessgrant",
            "permission",
            "auth",
            "authorization",
            "authorisation",
            "credential",
            "accessperson",
            "doorpermission",
        ],
    ),
    (
        Concept::User,
        &["user", "guest", "person", "member", "contact", "people", "accessguest", "accessuser", "visitor"],
    ),
    (
        Concept::Job,
        &[
            "job",
            "actionattempt",
            "operation",
            "task",
            "command",
            "commandstatus",
            "jobstatus",
            "operationstatus",
        ],
    ),
    (
        Concept::Hold,
        &[
            "hold",
            "holdopen",
            "keepopen",
            "passagemode",
            "passage",
            "officemode",
            "keepunlocked",
            "unlockedmode",
            "toggle",
        ],
    ),
    (
        Concept::Algo,
        &[
            "algopin",
            "algo",
            "algocode",
            "offlinecode",
            "offlinepin",
            "offlineaccesscode",
            "algorithmicpin",
            "computedpin",
        ],
    ),
    (
        Concept::Token,
        &[
            "token",
            "oauth",
            "oauthtoken",
            "accesstoken",
            "login",
            "session",
            "authentication",
            "authenticate",
            "connecttoken",
        ],
    ),
    (
        Concept::Status,
        &["status", "state", "sync", "openstate", "lockstatus", "lockstate", "devicestatus", "health"],
    ),
    (Concept::Action, &["action", "locking", "execute", "control", "remoteoperate"]),
    (
        Concept::Other,
        &[
            "usergroup",
            "webhook",
            "subscription",
            "event",
            "log",
            "activity",
            "entry",
            "firmware",
            "bridge",
            "gateway",
            "setting",
            "fingerprint",
            "card",
            "schedule",
            "timeschedule",
            "battery",
            "role",
            "accesslevel",
            "note",
            "notification",
            "country",
        ],
    ),
];

/// What is done, by the words that a path or an operation's name says it with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Verb {
    List,
    Get,
    Create,
    Update,
    Delete,
    Unlock,
    Lock,
    Hold,
    Release,
    Refresh,
}

const VERBS: &[(Verb, &[&str])] = &[
    (Verb::List, &["list", "search", "all", "index"]),
    (Verb::Get, &["get", "detail", "show", "read", "fetch", "query", "find", "view", "retrieve"]),
    (
        Verb::Create,
        &[
            "create", "add", "new", "send", "issue", "grant", "generate", "post", "insert", "register",
            "assign",
        ],
    ),
    (Verb::Update, &["update", "change", "modify", "edit", "extend", "patch", "set", "put"]),
    (Verb::Delete, &["delete", "remove", "revoke", "cancel", "destroy", "unassign", "withdraw"]),
    (
        Verb::Unlock,
        &[
            "unlock",
            "open",
            "pull",
            "unlatch",
            "buzz",
            "remoteunlock",
            "remoteopen",
            "unlockdoor",
            "opendoor",
            "momentaryunlock",
            "temporaryunlock",
            "pulse",
        ],
    ),
    (Verb::Lock, &["lock", "close", "relock", "lockdoor", "secure", "remotelock"]),
    (Verb::Hold, &["hold", "holdopen", "keepopen", "passagemode", "officemode", "keepunlocked"]),
    (
        Verb::Release,
        &["release", "releasehold", "restore", "returntonormal", "normal", "endhold", "cancelhold"],
    ),
    (Verb::Refresh, &["refresh", "refreshtoken", "renew"]),
];

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

/// The words of a name, in lower case.
pub(super) fn split(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let characters: Vec<char> = name.chars().collect();
    for (at, c) in characters.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| characters.get(at));
        let hump = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || before.is_uppercase() && characters.get(at + 1).is_some_and(|next| next.is_lowercase())
            });
        if hump && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// A word in the singular.
pub(super) fn singular(word: &str) -> String {
    let ends = |end: &str| word.ends_with(end) && word.len() > end.len() + 1;
    if ends("sses") || ends("xes") || ends("ches") {
        return word[..word.len() - 2].to_owned();
    }
    if ends("ies") {
        return format!("{}y", &word[..word.len() - 3]);
    }
    if ends("s") && !ends("ss") && !ends("us") && !ends("is") && !ends("as") {
        return word[..word.len() - 1].to_owned();
    }
    word.to_owned()
}

/// The words joined, the last one in the singular.
pub(super) fn joined(words: &[String]) -> String {
    let Some((last, rest)) = words.split_last() else { return String::new() };
    rest.concat() + &singular(last)
}

/// What a name is about, and how good a sign it is (0 is the best). The noun
/// stands last: `mobile-keys` is about keys.
pub(super) fn concept(name: &str) -> Option<(Concept, usize)> {
    concept_of(&split(name))
}

/// The same of words.
pub(super) fn concept_of(words: &[String]) -> Option<(Concept, usize)> {
    (0..words.len()).find_map(|start| exact_concept(&joined(&words[start..])))
}

fn exact_concept(text: &str) -> Option<(Concept, usize)> {
    CONCEPTS.iter().find_map(|(concept, names)| {
        names.iter().position(|name| *name == text).map(|position| (*concept, position))
    })
}

/// A concept at the beginning of a name, with the words after it: `lockId` is
/// the id of a lock.
pub(super) fn leading_concept(words: &[String]) -> Option<(Concept, &[String])> {
    (1..words.len()).rev().find_map(|end| {
        let (concept, _) = exact_concept(&joined(&words[..end]))?;
        Some((concept, &words[end..]))
    })
}

/// What a segment or an operation's name says is done, with the words that are
/// left.
pub(super) fn verb(words: &[String]) -> Option<(Verb, Vec<String>)> {
    let find = |text: &str| VERBS.iter().find(|(_, names)| names.contains(&text)).map(|(verb, _)| *verb);
    if let Some(verb) = find(&words.concat()) {
        return Some((verb, Vec::new()));
    }
    let (first, rest) = words.split_first()?;
    if let Some(verb) = find(first) {
        return Some((verb, rest.to_vec()));
    }
    let (last, rest) = words.split_last()?;
    find(last).map(|verb| (verb, rest.to_vec()))
}

/// Numbers with the words beside them: `0 = locked, 1 (unlocked)`.
pub(super) fn numbered(text: &str) -> Vec<(i64, String)> {
    let mut found: Vec<(i64, String)> = Vec::new();
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
    fn every_style_of_writing_is_split_alike() {
        for name in ["access-code", "accessCode", "ACCESS_CODE", "AccessCode", "access codes"] {
            assert_eq!(joined(&split(name)), "accesscode", "{name}");
        }
        assert_eq!(split("keyboardPwdID2x"), ["keyboard", "pwd", "id2x"]);
        assert_eq!(split("HTTPServer"), ["http", "server"]);
    }

    #[test]
    fn nouns_are_known_in_the_plural_and_with_words_before_them() {
        for (name, concept) in [
            ("smartlocks", Concept::Lock),
            ("doors", Concept::Lock),
            ("entrances", Concept::Lock),
            ("addresses", Concept::Group),
            ("properties", Concept::Group),
            ("lock-holders", Concept::Group),
            ("connected_accounts", Concept::Group),
            ("keyboardPwd", Concept::Pin),
            ("access_codes", Concept::Pin),
            ("guestPasscodes", Concept::Pin),
            ("mobile-keys", Concept::Mobile),
            ("accesses", Concept::Access),
            ("action_attempts", Concept::Job),
            ("user-groups", Concept::Other),
        ] {
            assert_eq!(super::concept(name).map(|(concept, _)| concept), Some(concept), "{name}");
        }
        assert_eq!(super::concept("weather"), None);
    }

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
        assert!(numbered("Between 0 and 100").is_empty());
    }
}
