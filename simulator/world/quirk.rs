//! Ways in which a world itself can be false.

/// A false promise that lives in the world's own rules. A world has at most
/// one; each is used by exactly one misbehaviour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quirk {
    /// Any secret is as good as the right one.
    AcceptsWrongSecret,
    /// A call without or with an unknown token is carried out.
    AcceptsAnyToken,
    /// A token is good for ever.
    TokensNeverExpire,
    /// A PIN opens before its window.
    OpensBeforeStart,
    /// A PIN opens after its window.
    OpensAfterEnd,
    /// Locks keep a window an hour late.
    ShiftsByAnHour,
    /// Locks drop the minutes of a window.
    DropsMinutes,
    /// Locks apply today's offset from UTC to a window beyond a clock change.
    ShiftsOverClockChange,
    /// An end before its start is taken.
    AcceptsEndBeforeStart,
    /// A window that is over is taken.
    AcceptsPastWindow,
    /// PINs of any length are taken.
    AcceptsAnyPinLength,
    /// PINs of any keys are taken.
    AcceptsAnyPinKeys,
    /// PINs that break a rule beyond length and keys are taken.
    AcceptsAnyPinPattern,
    /// PINs that begin with the first four keys of another on the lock are taken.
    AcceptsSameStart,
    /// Names that are on the lock already are taken.
    AcceptsTakenName,
    /// PINs in use on another lock are taken, though the account has each once.
    AcceptsPinElsewhere,
    /// Windows that are too long are taken.
    AcceptsAnyWindowLength,
    /// Windows that are too short are taken.
    AcceptsShortWindow,
    /// Windows that have begun are taken.
    AcceptsBegunWindow,
    /// A PIN in use is given to a second user.
    SharesPins,
    /// A creation on an offline lock is said to be done.
    ClaimsOfflineCreation,
    /// A PIN on an offline lock is taken and told as active.
    LosesOfflineCreation,
    /// A removed PIN stays on the lock.
    RemovedPinOpens,
    /// A removed PIN stays in the listing.
    RemovedPinListed,
    /// A removed PIN leaves the lock long after the documented delay.
    RemovalTooLate,
    /// Removing one access removes all of its user.
    RemovesAllOfUser,
    /// Removing one access removes another on the same lock.
    RemovesNeighbour,
    /// A mobile credential opens every lock.
    MobileOpensEverywhere,
    /// A mobile credential opens after its window.
    MobileOpensAfterEnd,
    /// A mobile credential opens before its window.
    MobileOpensBeforeStart,
    /// A removed mobile credential opens.
    RemovedMobileOpens,
    /// A door that was opened stays open.
    NeverRelocks,
    /// Opening does nothing.
    UnlockDoesNothing,
    /// Opening an offline lock is said to be done.
    ClaimsOfflineUnlock,
    /// A hold ends half-way.
    HoldEndsEarly,
    /// A hold does not end by itself.
    HoldNeverEnds,
    /// Releasing a hold does nothing.
    ReleaseDoesNothing,
    /// Releasing where nothing is held is a server error.
    ReleaseOnNormalFails,
    /// Every window gets the same computed PIN.
    AlgoPinConstant,
    /// A computed PIN opens outside its window.
    AlgoPinOpensAlways,
    /// An offline lock is told as online.
    AlwaysOnline,
    /// An offline lock is told so long after the documented delay.
    OfflineToldTooLate,
    /// A repeated creation creates again.
    ForgetsRequestKeys,
    /// Request keys are forgotten after a minute.
    ForgetsKeysQuickly,
    /// A repeated request is refused as a conflict.
    RefusesRepeats,
    /// A call without a token is carried out.
    AcceptsMissingToken,
    /// A PIN opens a minute before its window.
    OpensAMinuteEarly,
    /// A PIN that begins later opens a minute after its start.
    OpensAMinuteLate,
    /// A PIN opens until a minute before its end.
    EndsAMinuteEarly,
    /// A PIN opens until a minute after its end.
    EndsAMinuteLate,
    /// An end beyond the spring change is an hour late.
    EndForgetsSpringChange,
    /// An end beyond the autumn change is an hour early.
    EndForgetsAutumnChange,
    /// A refused conflict takes the PIN that was there.
    ConflictEvicts,
    /// A creation refused for an offline lock is carried out when it returns.
    KeepsRefusedCreation,
    /// A PIN that is removed before its start stays on the lock.
    RemovedFuturePinOpens,
    /// Removing one access shortens the others on the lock.
    RemovalShortensNeighbours,
    /// A removed mobile credential stays in the listing.
    RemovedMobileListed,
    /// A removed mobile credential opens long after the documented delay.
    MobileRemovalTooLate,
    /// A door that was opened locks again much too late.
    RelocksLate,
    /// An unlock refused for an offline lock is carried out when it returns.
    KeepsRefusedUnlock,
    /// A hold is said to begin and does not.
    HoldDoesNothing,
    /// Releasing where nothing is held opens the lock.
    ReleaseOpensNormal,
    /// A computed PIN never opens.
    AlgoPinNeverOpens,
    /// Request keys of mobile credentials are forgotten.
    ForgetsMobileKeys,
    /// Every lock is told as offline.
    AlwaysOffline,
    /// A change of an access is answered and not carried out.
    ChangeDoesNothing,
}
