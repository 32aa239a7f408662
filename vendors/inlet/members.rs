//! The names of members that the API knows.

use crate::vendors::json::Flaw;

/// Every member of a request.
pub const REQUEST_MEMBERS: [&str; 9] =
    ["operation", "lockId", "from", "to", "phoneNumber", "countryCode", "email", "reference", "ReferenceId"];

/// Every member of an answer.
pub const ANSWER_MEMBERS: [&str; 7] =
    ["status", "code", "message", "ReferenceId", "codeFormatted", "mobileKey", "urlKey"];

/// What is wrong with JSON that a partner sent, for people. Of names it repeats
/// those alone that the API knows: any other is the partner's own text, and may be
/// anybody's name.
pub fn told(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Twice { member } if !REQUEST_MEMBERS.contains(&member.as_str()) => {
            "a member whose name is not repeated here: expected one value, found several".to_owned()
        }
        flaw => flaw.to_string(),
    }
}
