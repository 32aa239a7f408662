//! Phone numbers, judged as Google's libphonenumber judges them (API
//! integration guide, 3.3 step 2), with their country code always.
//!
//! Two stages, because a judge needs both: a [`PhoneReading`] is what a text
//! says, right or wrong; a [`PhoneNumber`] is a reading that is valid.

use std::fmt;

use rlibphonenumber::{PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, PhoneNumberType};

/// The edition of libphonenumber's data by which numbers are judged. A number's
/// validity changes with it, so reports name it.
pub const PHONE_METADATA: &str = "9.0.42";

/// A country or territory by its two letters (ISO 3166, and `XK`), or `001` for
/// numbers that belong to none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(rlibphonenumber::Region);

impl Region {
    /// Reads a region's letters, large or small.
    ///
    /// # Errors
    /// [`PhoneError::Region`] for letters that name no region with phone numbers.
    pub fn new(letters: &str) -> Result<Self, PhoneError> {
        let known = |region: &rlibphonenumber::Region| {
            PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some()
        };
        let region = rlibphonenumber::Region::from_code(letters).ok().filter(known);
        region.map(Self).ok_or_else(|| PhoneError::Region(letters.chars().take(8).collect()))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.as_region_str())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.as_region_str())
    }
}

/// Why a text is no phone number that may be sent. Names nothing of the number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Letters that name no region.
    #[error("`{0}` is no country with phone numbers: two letters are needed, such as NO")]
    Region(String),
    /// Not a number at all.
    #[error("this is no phone number")]
    NotANumber,
    /// No country code, and no region to take it from; or one that does not exist.
    #[error("the country code is missing or does not exist: begin with + and the code, such as +47")]
    CountryCode,
    /// Nothing left behind the prefix for calls abroad.
    #[error("the phone number ends after the prefix for calls abroad")]
    NothingAfterPrefix,
    /// Too few digits.
    #[error("the phone number is too short")]
    TooShort,
    /// Too many digits.
    #[error("the phone number is too long")]
    TooLong,
    /// Fit to be a number, but given to nobody in that country.
    #[error("no such phone number can exist in its country")]
    NotValid,
}

/// What a number is for, as far as the plan of its country tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// A line at a place.
    FixedLine,
    /// A mobile phone.
    Mobile,
    /// One of the two: the plan does not tell (all of +1).
    FixedLineOrMobile,
    /// Free for the caller.
    TollFree,
    /// Dearer than usual.
    PremiumRate,
    /// Paid by both sides.
    SharedCost,
    /// Over the internet.
    Voip,
    /// Follows a person from phone to phone.
    Personal,
    /// A pager.
    Pager,
    /// One number for all offices of a company.
    UniversalAccess,
    /// A voice mailbox.
    VoiceMail,
    /// Matches no pattern of its country.
    Unknown,
}

impl PhoneKind {
    /// Whether text messages reach such a number; `None` where the plan does not tell.
    pub fn takes_sms(self) -> Option<bool> {
        match self {
            Self::Mobile | Self::Pager => Some(true),
            Self::FixedLineOrMobile | Self::Voip | Self::Personal | Self::Unknown => None,
            Self::FixedLine
            | Self::TollFree
            | Self::PremiumRate
            | Self::SharedCost
            | Self::UniversalAccess
            | Self::VoiceMail => Some(false),
        }
    }
}

/// What a text says of a phone number, valid or not. `Debug` masks it.
#[derive(Clone, PartialEq)]
pub struct PhoneReading(rlibphonenumber::PhoneNumber);

impl PhoneReading {
    /// Reads a number as it was typed. Without a country code of its own it is
    /// taken for a number of `region`.
    ///
    /// # Errors
    /// Where the text cannot be read as a number.
    pub fn read(typed: &str, region: Option<Region>) -> Result<Self, PhoneError> {
        let number = PHONE_NUMBER_UTIL.parse(typed, region.map(|region| region.0));
        number.map(Self).map_err(|error| match error {
            ParseError::InvalidCountryCode => PhoneError::CountryCode,
            ParseError::NotANumber(_) => PhoneError::NotANumber,
            ParseError::TooShortAfterIdd => PhoneError::NothingAfterPrefix,
            ParseError::TooShortNsn => PhoneError::TooShort,
            ParseError::TooLongNsn => PhoneError::TooLong,
        })
    }

    /// Whether the number of digits is one that its country has.
    pub fn is_possible(&self) -> bool {
        PHONE_NUMBER_UTIL.is_possible_number(&self.0)
    }

    /// Whether its country has such numbers.
    pub fn is_valid(&self) -> bool {
        self.0.is_valid()
    }

    /// `+`, country code and number, without extension (ITU-T E.164). Every call
    /// is a place to review.
    pub fn expose_e164(&self) -> String {
        self.0.format_as(PhoneNumberFormat::E164).into_owned()
    }

    /// The number without its country code; every call is a place to review.
    pub fn expose_national(&self) -> String {
        self.0.get_national_significant_number()
    }

    /// The country code, without `+`.
    pub fn country_code(&self) -> u16 {
        // Country codes have three digits at most.
        u16::try_from(self.0.country_code).unwrap_or_default()
    }

    /// What is dialled after the call was answered; it never reaches Inlet.
    pub fn extension(&self) -> Option<&str> {
        Some(self.0.extension()).filter(|extension| !extension.is_empty())
    }

    /// The region of a valid number.
    pub fn region(&self) -> Option<Region> {
        self.0.get_region_code().map(Region)
    }

    /// What the number is for.
    pub fn kind(&self) -> PhoneKind {
        match self.0.get_type() {
            PhoneNumberType::FixedLine => PhoneKind::FixedLine,
            PhoneNumberType::Mobile => PhoneKind::Mobile,
            PhoneNumberType::FixedLineOrMobile => PhoneKind::FixedLineOrMobile,
            PhoneNumberType::TollFree => PhoneKind::TollFree,
            PhoneNumberType::PremiumRate => PhoneKind::PremiumRate,
            PhoneNumberType::SharedCost => PhoneKind::SharedCost,
            PhoneNumberType::VoIP => PhoneKind::Voip,
            PhoneNumberType::PersonalNumber => PhoneKind::Personal,
            PhoneNumberType::Pager => PhoneKind::Pager,
            PhoneNumberType::UAN => PhoneKind::UniversalAccess,
            PhoneNumberType::VoiceMail => PhoneKind::VoiceMail,
            PhoneNumberType::Unknown => PhoneKind::Unknown,
        }
    }

    fn why_invalid(&self) -> PhoneError {
        use rlibphonenumber::ValidationError as Why;
        match self.0.is_possible_with_reason() {
            Err(Why::TooShort) => PhoneError::TooShort,
            Err(Why::TooLong) => PhoneError::TooLong,
            Err(Why::InvalidCountryCode) => PhoneError::CountryCode,
            Err(Why::InvalidLength) | Ok(_) => PhoneError::NotValid,
        }
    }
}

impl fmt::Debug for PhoneReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹phone›")
    }
}

/// A valid phone number with its country code. `Debug` masks it.
#[derive(Clone, PartialEq)]
pub struct PhoneNumber(PhoneReading);

impl PhoneNumber {
    /// Reads a number as it was typed; `region` is where a number without a
    /// country code belongs.
    ///
    /// # Errors
    /// What is wrong with it, in words for the guest.
    pub fn new(typed: &str, region: Option<Region>) -> Result<Self, PhoneError> {
        let reading = PhoneReading::read(typed, region)?;
        if reading.is_valid() { Ok(Self(reading)) } else { Err(reading.why_invalid()) }
    }

    /// `+`, country code and number (ITU-T E.164). Every call is a place to review.
    pub fn expose_e164(&self) -> String {
        self.0.expose_e164()
    }

    /// What the text said beside the number itself.
    pub fn reading(&self) -> &PhoneReading {
        &self.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹phone›")
    }
}
