//! The words by which things and deeds are recognised in names: one table, of no
//! vendor.
//!
//! Names are split into words at humps, dashes and underscores, put in lower
//! case and in the singular, and compared joined: `access-codes`, `accessCode`
//! and `ACCESS_CODE` are all `accesscode`.

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
}
