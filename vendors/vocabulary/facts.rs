//! What a message says: values by field, and the items of its list.

use super::{Datum, Field, Instant, Pin, Secret, Word};

/// The meaning of a message. Small (a handful of fields), so a vector that is
/// searched is faster than a map and keeps the order in which it was written.
///
/// A list in a message becomes `items`; each item is again a set of facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    values: Vec<(Field, Datum)>,
    /// The elements of the message's list, in order.
    pub items: Vec<Facts>,
}

impl Facts {
    /// No facts.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a field.
    pub fn get(&self, field: &Field) -> Option<&Datum> {
        self.values.iter().find(|(name, _)| name == field).map(|(_, value)| value)
    }

    /// Whether the field has a value.
    pub fn has(&self, field: &Field) -> bool {
        self.get(field).is_some()
    }

    /// Sets a value, in place of an earlier one.
    pub fn set(&mut self, field: Field, value: Datum) {
        match self.values.iter_mut().find(|(name, _)| *name == field) {
            Some(slot) => slot.1 = value,
            None => self.values.push((field, value)),
        }
    }

    /// Takes in a value that was read. Weekdays that stand in several places add
    /// up; anything else takes the place of an earlier value.
    pub fn gather(&mut self, field: Field, value: Datum) {
        match (self.get(&field), &value) {
            (Some(Datum::Days(known)), Datum::Days(more)) => {
                let days = known.and(*more);
                self.set(field, Datum::Days(days));
            }
            _ => self.set(field, value),
        }
    }

    /// Sets a value where there is one to set.
    pub fn set_some(&mut self, field: Field, value: Option<Datum>) {
        if let Some(value) = value {
            self.set(field, value);
        }
    }

    /// The same facts with one more.
    #[must_use]
    pub fn with(mut self, field: Field, value: Datum) -> Self {
        self.set(field, value);
        self
    }

    /// The same facts with a text more.
    #[must_use]
    pub fn with_text(self, field: Field, text: impl AsRef<str>) -> Self {
        self.with(field, Datum::text(text))
    }

    /// Takes a value out.
    pub fn remove(&mut self, field: &Field) -> Option<Datum> {
        let at = self.values.iter().position(|(name, _)| name == field)?;
        Some(self.values.remove(at).1)
    }

    /// Takes over every value of `other` (not its items), later ones winning.
    pub fn merge(&mut self, other: &Facts) {
        for (field, value) in &other.values {
            self.set(field.clone(), value.clone());
        }
    }

    /// Takes over the values of `other` for fields that have none yet.
    pub fn adopt(&mut self, other: &Facts) {
        for (field, value) in &other.values {
            if !self.has(field) {
                self.set(field.clone(), value.clone());
            }
        }
    }

    /// Every value, in the order in which it was first set.
    pub fn iter(&self) -> impl Iterator<Item = (&Field, &Datum)> {
        self.values.iter().map(|(field, value)| (field, value))
    }

    /// Whether there is a text, also in the items, that `fits`.
    pub fn any_text(&self, fits: &impl Fn(&str) -> bool) -> bool {
        let own = |value: &Datum| match value {
            Datum::Text(text) => fits(text),
            _ => false,
        };
        self.values.iter().any(|(_, value)| own(value)) || self.items.iter().any(|item| item.any_text(fits))
    }

    /// The same facts with every text, also in the items, changed by `change`.
    #[must_use]
    pub fn with_texts_changed(&self, change: &impl Fn(&str) -> String) -> Self {
        let changed = |value: &Datum| match value {
            Datum::Text(text) => Datum::text(change(text)),
            other => other.clone(),
        };
        Self {
            values: self.values.iter().map(|(field, value)| (field.clone(), changed(value))).collect(),
            items: self.items.iter().map(|item| item.with_texts_changed(change)).collect(),
        }
    }

    /// The text of a field.
    pub fn text(&self, field: &Field) -> Option<&str> {
        self.get(field).and_then(Datum::as_text)
    }

    /// The number of a field.
    pub fn int(&self, field: &Field) -> Option<i64> {
        self.get(field).and_then(Datum::as_int)
    }

    /// The yes or no of a field.
    pub fn flag(&self, field: &Field) -> Option<bool> {
        self.get(field).and_then(Datum::as_bool)
    }

    /// The instant of a field.
    pub fn instant(&self, field: &Field) -> Option<Instant> {
        self.get(field).and_then(Datum::as_instant)
    }

    /// The word of a field.
    pub fn word(&self, field: &Field) -> Option<Word> {
        self.get(field).and_then(Datum::as_word)
    }

    /// The PIN of a field.
    pub fn pin(&self, field: &Field) -> Option<&Pin> {
        self.get(field).and_then(Datum::as_pin)
    }

    /// The secret of a field.
    pub fn secret(&self, field: &Field) -> Option<&Secret> {
        self.get(field).and_then(Datum::as_secret)
    }
}
