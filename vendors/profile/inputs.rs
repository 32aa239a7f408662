//! What each function is given, as one table: the check of plans reads it, and
//! so does the description of the format.

use super::limits::ChosenBy;
use crate::vendors::vocabulary::{Field, Function};

use Field::{
    AccessDays, AccessFrom, AccessId, AccessName, AccessPin, AccessUntil, AlgoFrom, AlgoUntil, AlgoVariant,
    GroupId, GroupName, HoldSeconds, HoldUntil, LockId, MobileFrom, MobileId, MobileUntil, PulseSeconds,
    UserEmail, UserId, UserName, UserReference,
};

/// What a function is given before its plan begins.
#[derive(Clone, Copy, Debug)]
pub struct Inputs {
    /// The function.
    pub function: Function,
    /// The facts; those that the caller may leave out are among them.
    pub fields: &'static [Field],
    /// The function whose plan's answers are kept and given again.
    pub kept_from: Option<Function>,
}

/// The facts that every request may use, whatever the function.
pub const ALWAYS: &[&str] = &[
    "now",
    "request.key",
    "nonce",
    "random",
    "page.number",
    "page.size",
    "page.offset",
    "page.cursor",
    "list.version",
    "auth.token",
    "secret.*",
    "setting.*",
    "signature.*",
    "any",
];

/// The table.
pub const INPUTS: &[Inputs] = &[
    Inputs { function: Function::ListAccessGroups, fields: &[], kept_from: None },
    Inputs { function: Function::ListLocks, fields: &[GroupId], kept_from: None },
    Inputs { function: Function::GetLockStatus, fields: &[LockId], kept_from: None },
    Inputs {
        function: Function::CreatePinAccess,
        fields: &[
            UserReference,
            UserName,
            UserEmail,
            AccessName,
            AccessPin,
            AccessFrom,
            AccessUntil,
            AccessDays,
            LockId,
            GroupId,
            GroupName,
        ],
        kept_from: None,
    },
    Inputs {
        function: Function::RemovePinAccess,
        fields: &[
            AccessId,
            AccessName,
            AccessPin,
            AccessFrom,
            AccessUntil,
            UserReference,
            UserId,
            LockId,
            GroupId,
        ],
        kept_from: Some(Function::CreatePinAccess),
    },
    Inputs {
        function: Function::CreateMobileAccess,
        fields: &[
            UserReference,
            UserName,
            UserEmail,
            AccessName,
            MobileFrom,
            MobileUntil,
            AccessDays,
            LockId,
            GroupId,
        ],
        kept_from: None,
    },
    Inputs {
        function: Function::RemoveMobileAccess,
        fields: &[MobileId, MobileFrom, MobileUntil, UserReference, UserEmail, UserId, LockId, GroupId],
        kept_from: Some(Function::CreateMobileAccess),
    },
    Inputs { function: Function::Unlock, fields: &[LockId, PulseSeconds], kept_from: None },
    Inputs { function: Function::HoldOpen, fields: &[LockId, HoldUntil, HoldSeconds], kept_from: None },
    Inputs { function: Function::ReturnToNormal, fields: &[LockId], kept_from: Some(Function::HoldOpen) },
    Inputs {
        function: Function::AlgoPin,
        fields: &[LockId, AlgoFrom, AlgoUntil, AlgoVariant],
        kept_from: None,
    },
    Inputs {
        function: Function::ListPinAccess,
        fields: &[LockId, UserId, UserReference, AccessId],
        kept_from: None,
    },
    Inputs {
        function: Function::ChangePinAccess,
        fields: &[
            AccessId,
            AccessName,
            AccessPin,
            AccessFrom,
            AccessUntil,
            AccessDays,
            UserReference,
            UserId,
            LockId,
            GroupId,
        ],
        kept_from: Some(Function::CreatePinAccess),
    },
    Inputs {
        function: Function::ListMobileAccess,
        fields: &[LockId, UserId, UserReference, MobileId],
        kept_from: Some(Function::CreateMobileAccess),
    },
];

/// What a function is given.
pub fn inputs(function: Function) -> Option<&'static Inputs> {
    INPUTS.iter().find(|inputs| inputs.function == function)
}

/// Whether the caller can give the field. A PIN that the vendor chooses is not
/// there before the vendor has answered.
pub(super) fn gives(function: Function, field: &Field, chosen_by: ChosenBy) -> bool {
    let chosen_later =
        function == Function::CreatePinAccess && *field == AccessPin && chosen_by == ChosenBy::Vendor;
    !chosen_later && inputs(function).is_some_and(|inputs| inputs.fields.contains(field))
}

/// Whether every request may use the field.
pub(super) fn is_always_there(field: &Field) -> bool {
    match field {
        Field::Secret(_) | Field::Setting(_) | Field::Signature(_) => true,
        other => ALWAYS.contains(&other.to_string().as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_has_its_inputs_once() {
        for function in Function::ALL {
            assert_eq!(
                INPUTS.iter().filter(|inputs| inputs.function == *function).count(),
                1,
                "{function:?}"
            );
        }
    }

    #[test]
    fn what_is_always_there_are_fields() {
        for name in ALWAYS {
            assert!(Field::parse(&name.replace('*', "x")).is_some(), "{name}");
        }
    }
}
