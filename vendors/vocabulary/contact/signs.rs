//! Kinds of characters that contact data may or may not hold.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// The joiners, which some scripts need inside a word.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// Whether an atom of RFC 5322 may hold this ASCII character.
pub(super) fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// Whether nobody can see the character: controls, formats, unassigned and
/// private ones, spaces and separators.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c.general_category_group(), GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator)
}

/// Whether the character is one of the two joiners.
pub(super) fn is_joiner(c: char) -> bool {
    JOINERS.contains(&c)
}

/// Whether the character belongs to the one before it.
pub(super) fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

/// Whether words are written with the character: letters, marks, numbers.
pub(super) fn is_of_words(c: char) -> bool {
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark | GeneralCategoryGroup::Number
    )
}
