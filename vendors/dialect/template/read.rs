//! Reading a JSON message against its example.

use serde_json::Value;

use super::body::Member;
use super::{Hole, Node, Text};
use crate::vendors::dialect::codec::{Codec, MOST_DIGITS, Raw, padded_digits};
use crate::vendors::dialect::{Deviation, Mismatch};
use crate::vendors::vocabulary::{Datum, Facts, Field, FieldKind};

/// How strictly a message is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A request: literals must be equal; credentials never decide.
    Request,
    /// An answer: literals must be of the same type, else it deviates; those
    /// that decide must be equal.
    Answer(Decisive),
    /// An error shape: literals must be equal.
    Shape,
}

/// Which literals of a documented success must be equal, so that an answer that
/// says the contrary is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decisive {
    /// None: the operation says elsewhere what makes a success.
    None,
    /// A yes or no that is said of the whole answer, not of an element of a list.
    Flags,
    /// All: the answer carries no value, so its literals are all that it says.
    All,
}

/// A reading under way.
pub struct Reader<'a> {
    reading: Reading,
    known: &'a Facts,
    pointer: Vec<Place<'a>>,
    /// How many lists the present place stands in.
    lists: usize,
    /// What the message has told so far of how the rest is read.
    told: Told,
    /// Where the message strays from the example.
    pub deviations: Vec<Deviation>,
}

/// By what other values of the same element are read.
#[derive(Clone, Default)]
struct Told {
    zone: Option<Datum>,
    lengths: Vec<(Field, usize)>,
}

#[derive(Clone, Copy)]
enum Place<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Reader<'a> {
    /// A reading; `known` are the values that digests are verified against.
    pub fn new(reading: Reading, known: &'a Facts) -> Self {
        let told = Told { zone: known.get(&Field::LockZone).cloned(), lengths: Vec::new() };
        Self { reading, known, pointer: Vec::new(), lists: 0, told, deviations: Vec::new() }
    }

    fn is_answer(&self) -> bool {
        matches!(self.reading, Reading::Answer(_))
    }

    /// Whether every literal must be there as it is written.
    fn is_exact(&self) -> bool {
        !self.is_answer() || self.reading == Reading::Answer(Decisive::All)
    }

    fn mismatch(&self, expected: impl Into<String>, found: impl Into<String>) -> Mismatch {
        Mismatch { at: self.at(), expected: expected.into(), found: found.into() }
    }

    fn at(&self) -> String {
        if self.pointer.is_empty() {
            return "the message".to_owned();
        }
        let mut out = String::new();
        for place in &self.pointer {
            match place {
                Place::Key(key) => {
                    out.push('/');
                    out.push_str(&key.replace('~', "~0").replace('/', "~1"));
                }
                Place::Index(index) => out.push_str(&format!("/{index}")),
            }
        }
        out
    }

    /// Reads a value, or its absence, into facts.
    pub fn read(
        &mut self,
        node: &'a Node,
        value: Option<&'a Value>,
        facts: &mut Facts,
    ) -> Result<(), Mismatch> {
        match (node, value) {
            (Node::Literal(literal), _) => self.literal(literal, value),
            (Node::Hole(hole), _) => self.hole(hole, value, facts),
            (Node::Object(members), None) if !self.is_answer() => {
                // What stands in an absent object is absent too.
                for member in in_order(members) {
                    self.within(Place::Key(&member.key), |reader| reader.read(&member.value, None, facts))?;
                }
                Ok(())
            }
            (_, None | Some(Value::Null)) if self.may_be_absent(node) => {
                self.absent(node, value);
                Ok(())
            }
            (_, None) => Err(self.mismatch(shape_name(node), "nothing")),
            (Node::Joined(text), Some(value)) => self.joined(text, value, facts),
            (Node::Object(members), Some(Value::Object(object))) => {
                for member in in_order(members) {
                    self.within(Place::Key(&member.key), |reader| {
                        reader.read(&member.value, object.get(&member.key), facts)
                    })?;
                }
                Ok(())
            }
            (Node::Array(nodes), Some(Value::Array(items))) => self.positions(nodes, items, facts),
            (Node::Each(node), Some(Value::Array(items))) if self.reading == Reading::Shape => {
                let items = items.iter().enumerate().map(|(index, item)| (Place::Index(index), None, item));
                self.some_element(node, items, facts)
            }
            (Node::Keyed(key, node), Some(Value::Object(object))) if self.reading == Reading::Shape => {
                let items =
                    object.iter().map(|(name, item)| (Place::Key(name), Some((key, name.as_str())), item));
                self.some_element(node, items, facts)
            }
            (Node::Each(node), Some(Value::Array(items))) => {
                for (index, item) in items.iter().enumerate() {
                    self.within(Place::Index(index), |reader| reader.element(node, None, item, facts))?;
                }
                Ok(())
            }
            (Node::Sorts(sorts), Some(Value::Array(items))) => {
                for (index, item) in items.iter().enumerate() {
                    let Some(sort) = sorts.iter().find(|sort| sort.is_sort_of(item)) else { continue };
                    self.within(Place::Index(index), |reader| reader.element(sort, None, item, facts))?;
                }
                Ok(())
            }
            (Node::Keyed(key, node), Some(Value::Object(object))) => {
                for (name, item) in object {
                    self.within(Place::Key(name), |reader| {
                        reader.element(node, Some((key, name)), item, facts)
                    })?;
                }
                Ok(())
            }
            // Who has read it once need not read it again.
            (Node::Again(_), Some(Value::Array(_))) => Ok(()),
            (_, Some(other)) if !self.is_exact() && !node.is_required() => {
                let deviation = self.mismatch(shape_name(node), Raw::Json(other).type_name());
                self.deviations.push(deviation);
                Ok(())
            }
            (_, Some(other)) => Err(self.mismatch(shape_name(node), Raw::Json(other).type_name())),
        }
    }

    fn within(
        &mut self,
        place: Place<'a>,
        read: impl FnOnce(&mut Self) -> Result<(), Mismatch>,
    ) -> Result<(), Mismatch> {
        self.pointer.push(place);
        let result = read(self);
        self.pointer.pop();
        result
    }

    fn may_be_absent(&self, node: &Node) -> bool {
        !node.is_required() && (!self.is_exact() || node.has_holes())
    }

    fn absent(&mut self, node: &Node, value: Option<&Value>) {
        if self.is_answer() && value.is_none() && node.has_literals() {
            let deviation = self.mismatch("the documented member", "nothing");
            self.deviations.push(deviation);
        }
    }

    /// The elements of a list in an error: those that fit count, and one must.
    fn some_element<'k>(
        &mut self,
        node: &'a Node,
        items: impl Iterator<Item = (Place<'a>, Option<(&'k Hole, &'k str)>, &'a Value)>,
        facts: &mut Facts,
    ) -> Result<(), Mismatch> {
        let mut unfit = self.mismatch("an element", "an empty list");
        let before = facts.items.len();
        for (place, key, item) in items {
            if let Err(why) = self.within(place, |reader| reader.element(node, key, item, facts)) {
                unfit = why;
            }
        }
        if facts.items.len() > before { Ok(()) } else { Err(unfit) }
    }

    fn element(
        &mut self,
        node: &'a Node,
        key: Option<(&Hole, &str)>,
        item: &'a Value,
        facts: &mut Facts,
    ) -> Result<(), Mismatch> {
        let mut element = Facts::new();
        if let Some((hole, name)) = key {
            let read = hole.read(Raw::Text(name), self.known);
            let value = read.map_err(|expected| self.mismatch(expected, hole.shown(Raw::Text(name))))?;
            element.set_some(hole.field.clone(), value);
        }
        self.lists += 1;
        let told = self.told.clone();
        let read = self.read(node, Some(item), &mut element);
        self.told = told;
        self.lists -= 1;
        read?;
        facts.items.push(element);
        Ok(())
    }

    fn positions(
        &mut self,
        nodes: &'a [Node],
        items: &'a [Value],
        facts: &mut Facts,
    ) -> Result<(), Mismatch> {
        let exact = self.is_exact();
        if exact && nodes.len() != items.len() {
            return Err(
                self.mismatch(format!("{} elements", nodes.len()), format!("{} elements", items.len()))
            );
        }
        for (index, node) in nodes.iter().enumerate().filter(|(_, node)| exact || node.has_holes()) {
            self.within(Place::Index(index), |reader| reader.read(node, items.get(index), facts))?;
        }
        Ok(())
    }

    fn hole(&mut self, hole: &Hole, value: Option<&Value>, facts: &mut Facts) -> Result<(), Mismatch> {
        let deciding = !(self.reading == Reading::Request && hole.field.kind() == FieldKind::Secret);
        let (read, found) = match value {
            None | Some(Value::Null) if hole.optional || hole.codec == Codec::Any && value.is_some() => {
                return Ok(());
            }
            None => (Err(hole.expected()), "nothing".to_owned()),
            Some(Value::Null) => (Err(hole.expected()), "null".to_owned()),
            Some(value) => (self.spelled(hole, Raw::Json(value)), hole.shown(Raw::Json(value))),
        };
        match read {
            Ok(_) if hole.field.kind() == FieldKind::Any => Ok(()),
            Ok(value) => {
                if hole.field == Field::LockZone {
                    self.told.zone.clone_from(&value);
                }
                if let Some(Datum::Bool(yes)) = &value
                    && hole.either
                {
                    let before = facts.flag(&hole.field).unwrap_or(false);
                    facts.set(hole.field.clone(), Datum::Bool(before || *yes));
                } else if let Some(value) = value {
                    // Of several sources of one value the first that has it counts; weekdays add up.
                    let first = self.reading != Reading::Request && !matches!(value, Datum::Days(_));
                    if !(first && facts.has(&hole.field)) {
                        facts.gather(hole.field.clone(), value);
                    }
                }
                Ok(())
            }
            Err(expected) if self.may_be_unknown(hole, value) => {
                let deviation = self.mismatch(expected, found);
                self.deviations.push(deviation);
                Ok(())
            }
            Err(expected) if deciding => Err(self.mismatch(expected, found)),
            Err(_) => Ok(()),
        }
    }

    /// Whether a value that does not fit reads as none: a word for a charge that
    /// is not documented, where an answer may go without the charge. The rest of
    /// the answer is as good as it was.
    fn may_be_unknown(&self, hole: &Hole, value: Option<&Value>) -> bool {
        let is_word = value.is_some_and(Value::is_string);
        self.is_answer() && hole.optional && is_word && matches!(hole.codec, Codec::Levels(_))
    }

    /// Reads a value, by what the message has told of it where it needs that.
    fn spelled(&mut self, hole: &Hole, raw: Raw<'_>) -> Result<Option<Datum>, String> {
        match hole.codec {
            Codec::Length => {
                let length = raw.int().and_then(|length| usize::try_from(length).ok());
                let length = length.filter(|length| (1..=MOST_DIGITS).contains(length));
                self.told.lengths.push((hole.field.clone(), length.ok_or("a number of digits")?));
                Ok(None)
            }
            Codec::Numeric => {
                let length = self.told.lengths.iter().rev().find(|(field, _)| *field == hole.field);
                let (_, length) = length.ok_or("a number whose digits are counted in this message")?;
                padded_digits(raw, *length, hole.field.kind()).map(Some)
            }
            Codec::LockLocal => match &self.told.zone {
                Some(zone) => hole.read(raw, &Facts::new().with(Field::LockZone, zone.clone())),
                None => hole.read(raw, self.known),
            },
            _ => hole.read(raw, self.known),
        }
    }

    fn joined(&mut self, text: &Text, value: &Value, facts: &mut Facts) -> Result<(), Mismatch> {
        let mut secret = false;
        text.each_hole(&mut |hole| secret |= hole.mask().is_some());
        let found =
            || if secret { Raw::Json(value).type_name().to_owned() } else { Raw::Json(value).shown() };
        let Some(whole) = value.as_str() else { return Err(self.mismatch("a text", found())) };
        let values =
            text.read(whole, self.known).map_err(|unread| self.mismatch(unread.expected, found()))?;
        for (field, value) in values {
            facts.set(field, value);
        }
        Ok(())
    }

    fn literal(&mut self, literal: &Value, value: Option<&Value>) -> Result<(), Mismatch> {
        let decides = self.decides(literal, value);
        let fits = match value {
            Some(value) if decides => equal(literal, value),
            Some(value) => same_type(literal, value),
            None => decides && literal.is_null(),
        };
        if fits {
            return Ok(());
        }
        let literal = Raw::Json(literal);
        let expected = if decides { literal.shown() } else { literal.type_name().to_owned() };
        let found = value.map_or("nothing".to_owned(), |value| Raw::Json(value).shown());
        let mismatch = self.mismatch(expected, found);
        if decides {
            return Err(mismatch);
        }
        self.deviations.push(mismatch);
        Ok(())
    }

    /// Whether the literal must be equal. A flag that is left out says nothing
    /// to the contrary.
    fn decides(&self, literal: &Value, value: Option<&Value>) -> bool {
        match self.reading {
            Reading::Answer(Decisive::Flags) => literal.is_boolean() && self.lists == 0 && value.is_some(),
            Reading::Answer(Decisive::None) => false,
            Reading::Answer(Decisive::All) | Reading::Request | Reading::Shape => true,
        }
    }
}

/// The members of an object, those by which others are read first.
fn in_order(members: &[Member]) -> impl Iterator<Item = &Member> {
    members.iter().filter(|member| member.first).chain(members.iter().filter(|member| !member.first))
}

fn same_type(left: &Value, right: &Value) -> bool {
    std::mem::discriminant(left) == std::mem::discriminant(right)
}

/// Equality in which `1` and `1.0` are the same.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => left == right || left.as_f64() == right.as_f64(),
        _ => left == right,
    }
}

fn shape_name(node: &Node) -> &'static str {
    match node {
        Node::Literal(value) => Raw::Json(value).type_name(),
        Node::Hole(_) | Node::Joined(_) => "a text",
        Node::Object(_) | Node::Keyed(..) => "an object",
        Node::Array(_) | Node::Each(_) | Node::Sorts(_) | Node::Again(_) => "a list",
    }
}
