//! What a person vouches for in a certification, as data.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::harness::criterion::CriterionId;

/// The programmes, each of which has the same life of a certification.
pub const PROGRAMMES: [&str; 5] =
    ["lock-vendor", "inlet-partner", "webhooks", "connector", "developer-application"];

/// One item of the checklist.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its short name.
    pub id: String,
    /// What is vouched for.
    pub title: String,
    /// The section of Inlet's integration guide that asks for it.
    pub source: String,
    /// The criterion that it answers, where the programme has one.
    pub criterion: CriterionId,
    /// The programmes that ask for it; all where none is named.
    #[serde(default)]
    pub programmes: Vec<String>,
    /// Whether it can only be vouched for once the certification is approved.
    #[serde(default)]
    pub after_approval: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    items: Vec<Item>,
}

#[expect(clippy::expect_used, reason = "the file is part of the program, and a test reads it")]
static ITEMS: LazyLock<Vec<Item>> = LazyLock::new(|| {
    // A list that cannot be read must not become one that asks for nothing.
    toml::from_str::<File>(include_str!("checklist.toml")).expect("the embedded checklist").items
});

/// The items that a programme asks for, in order.
pub fn items(programme: &str) -> Vec<&'static Item> {
    let asked =
        |item: &&Item| item.programmes.is_empty() || item.programmes.iter().any(|one| one == programme);
    ITEMS.iter().filter(asked).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_can_be_read_and_asks_every_programme_for_something() {
        let file: File = toml::from_str(include_str!("checklist.toml")).unwrap();
        assert_eq!(*ITEMS, file.items);
        let ids: BTreeSet<&str> = file.items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), file.items.len(), "an id stands twice");
        for item in &file.items {
            assert!(CriterionId::parse(item.criterion.as_str()).is_some(), "{}", item.id);
            assert!(item.programmes.iter().all(|one| PROGRAMMES.contains(&one.as_str())), "{}", item.id);
        }
        for programme in PROGRAMMES {
            let before = items(programme).into_iter().filter(|item| !item.after_approval);
            let ids: Vec<&str> = before.map(|item| item.id.as_str()).collect();
            assert!(ids.contains(&"documentation") && ids.contains(&"data-flow-diagram"), "{programme}");
        }
        assert_eq!((items("lock-vendor").len(), items("inlet-partner").len()), (5, 10));
    }
}
