//! The criteria as they are written (`criteria.toml`), read strictly.

use std::sync::Arc;

use serde::Deserialize;

use crate::harness::criterion::{Condition, Criterion, CriterionId, Level, Need, Shared};
use crate::vendors::vocabulary::Function;

/// What is wrong in a table of criteria.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CriteriaError {
    /// It is no TOML of that shape.
    #[error("criteria.toml: {0}")]
    Shape(String),
    /// A word that the harness does not know.
    #[error("criteria.toml: {id}: unknown {what} `{word}`")]
    Unknown {
        /// The criterion.
        id: String,
        /// `id`, `function`, `condition` or `need`.
        what: &'static str,
        /// The word.
        word: String,
    },
    /// Ids must rise, so that none is there twice.
    #[error("criteria.toml: {0} stands out of order or twice")]
    Order(String),
    /// A text without content.
    #[error("criteria.toml: {0}: `text` and `source` must say something")]
    Empty(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    criterion: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    text: String,
    source: String,
    level: Level,
    main_for: Option<String>,
    #[serde(default)]
    applies_if: Vec<String>,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    attested: bool,
    #[serde(default)]
    attested_without_email: bool,
    reading: Option<String>,
    #[serde(default)]
    runs_last: bool,
    #[serde(default)]
    waits: bool,
    #[serde(default)]
    minutes: u32,
    #[serde(default)]
    shares: Vec<Shared>,
}

/// Reads a table of criteria.
pub(super) fn load(text: &str) -> Result<Vec<Arc<Criterion>>, CriteriaError> {
    let table: Table = toml::from_str(text).map_err(|why| CriteriaError::Shape(why.to_string()))?;
    let mut criteria: Vec<Arc<Criterion>> = Vec::new();
    for row in table.criterion {
        let criterion = criterion(row)?;
        if criteria.last().is_some_and(|last| last.id >= criterion.id) {
            return Err(CriteriaError::Order(criterion.id.to_string()));
        }
        criteria.push(Arc::new(criterion));
    }
    Ok(criteria)
}

fn criterion(row: Row) -> Result<Criterion, CriteriaError> {
    let unknown = |what: &'static str, word: &str| CriteriaError::Unknown {
        id: row.id.clone(),
        what,
        word: word.to_owned(),
    };
    let id = CriterionId::parse(&row.id).ok_or_else(|| unknown("id", &row.id))?;
    if row.text.trim().is_empty() || row.source.trim().is_empty() {
        return Err(CriteriaError::Empty(row.id));
    }
    let main_for = row
        .main_for
        .as_deref()
        .map(|name| Function::parse(name).ok_or_else(|| unknown("function", name)))
        .transpose()?;
    let applies_if = row
        .applies_if
        .iter()
        .map(|name| condition(name).ok_or_else(|| unknown("condition", name)))
        .collect::<Result<_, _>>()?;
    let needs = row
        .needs
        .iter()
        .map(|name| need(name).ok_or_else(|| unknown("need", name)))
        .collect::<Result<_, _>>()?;
    Ok(Criterion {
        id,
        text: row.text,
        source: row.source,
        level: row.level,
        main_for,
        applies_if,
        needs,
        attested: row.attested,
        attested_without_email: row.attested_without_email,
        reading: row.reading,
        runs_last: row.runs_last,
        waits: row.waits,
        minutes: row.minutes,
        shares: row.shares,
    })
}

fn condition(name: &str) -> Option<Condition> {
    if let Some(function) = name.strip_prefix("supports:") {
        return Function::parse(function).map(Condition::Supports);
    }
    Some(match name {
        "tokens_expire" => Condition::TokensExpire,
        "target_not_loopback" => Condition::TargetNotLoopback,
        "door_declared" => Condition::DoorDeclared,
        "caller_chooses_pin" => Condition::CallerChoosesPin,
        "pins_sent_to_lock" => Condition::PinsSentToLock,
        "names_sent" => Condition::NamesSent,
        "rate_limit_documented" => Condition::RateLimitDocumented,
        _ => return None,
    })
}

fn need(name: &str) -> Option<Need> {
    Some(match name {
        "partial_group" => Need::PartialGroup,
        "empty_group" => Need::EmptyGroup,
        "free_lock" => Need::FreeLock,
        "second_free_lock" => Need::SecondFreeLock,
        "offline_lock" => Need::OfflineLock,
        "low_battery_lock" => Need::LowBatteryLock,
        "door" => Need::Door,
        "keypad" => Need::Keypad,
        "phone" => Need::Phone,
        "fault_proxy" => Need::FaultProxy,
        "tester_contact" => Need::TesterContact,
        "movable_time" => Need::MovableTime,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(lines: &str) -> Result<Vec<Arc<Criterion>>, CriteriaError> {
        load(&format!(
            "[[criterion]]\nid = \"LV-01\"\ntext = \"t\"\nsource = \"s\"\nlevel = \"required\"\n{lines}"
        ))
    }

    #[test]
    fn the_embedded_tables_load() {
        for (text, all, attested) in [
            (include_str!("lock_vendor/criteria.toml"), 43, 1),
            (include_str!("inlet_partner/criteria.toml"), 39, 9),
        ] {
            let criteria = load(text).unwrap();
            assert_eq!(criteria.len(), all);
            assert_eq!(criteria.iter().filter(|criterion| criterion.attested).count(), attested);
        }
    }

    #[test]
    fn wrong_words_are_errors() {
        assert!(one("").is_ok());
        for wrong in [
            "main_for = \"unlok\"",
            "applies_if = [\"supports:unlok\"]",
            "applies_if = [\"sometimes\"]",
            "needs = [\"luck\"]",
        ] {
            assert!(matches!(one(wrong), Err(CriteriaError::Unknown { .. })), "{wrong}");
        }
        assert!(matches!(one("colour = \"red\""), Err(CriteriaError::Shape(_))));
        let row = "[[criterion]]\nid = \"LV-02\"\ntext = \"t\"\nsource = \"s\"\nlevel = \"full\"\n";
        assert!(matches!(load(&format!("{row}{row}")), Err(CriteriaError::Order(_))));
        let empty = row.replace("\"t\"", "\" \"");
        assert!(matches!(load(&empty), Err(CriteriaError::Empty(_))));
    }
}
