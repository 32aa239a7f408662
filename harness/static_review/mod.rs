//! The statement against the criteria, without any traffic (`check`).
//!
//! What the statement alone decides is decided: functions that are declared
//! absent, documentation that is not named, examples that are missing,
//! credentials in addresses, limits that rule a criterion out. Everything else
//! is left to a run.

mod attestations;
mod partner;

use std::sync::Arc;

use serde::Serialize;

use super::capability::{Unused, undeclared_operations};
use super::criterion::{Criterion, CriterionId, Level};
use super::result::FunctionAnswer;
use super::runner::{Applicability, applicability};
use super::statement::statement;
use super::verdict::Verdict;
use crate::vendors::dialect::{Dialect, Evidence, Operation, Origins};
use crate::vendors::vocabulary::Function;

pub use attestations::misattested;
pub use partner::review_partner;

/// The form of a review as JSON.
const SCHEMA: &str = "lockstep.review/1";

/// What a statement says about one criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Opinion {
    /// The criterion.
    pub id: CriterionId,
    /// How strictly it is asked.
    pub level: Level,
    /// What it asks.
    pub text: String,
    /// `fail`, `warning` or `not_applicable` where the statement decides it, `pass` where it
    /// fulfils a criterion on the statement, and `skipped` where only a run can tell.
    pub verdict: Verdict,
    /// Why.
    pub reason: String,
}

impl Opinion {
    fn on(criterion: &Criterion, verdict: Verdict, reason: String) -> Self {
        let Criterion { id, level, text, .. } = criterion;
        Self { id: id.clone(), level: *level, text: text.clone(), verdict, reason }
    }
}

/// A reviewed statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Review {
    /// Always `lockstep.review/1`.
    pub schema: String,
    /// What was reviewed: a `profile`, or a `partner description`.
    pub of: &'static str,
    /// Its short name.
    pub subject: String,
    /// Every criterion.
    pub opinions: Vec<Opinion>,
    /// Gaps by function and field.
    pub gaps: Vec<String>,
    /// What the vendor documents and the simulator does not play, by operation.
    pub not_played: Vec<String>,
    /// Where the profile is from, as far as it names that; nothing of a partner.
    pub origins: Origins,
    /// The parts that name no source, where others do; sources that no part names.
    pub unsourced: Vec<String>,
    /// The answers, function by function; none of a partner.
    pub statement: Vec<FunctionAnswer>,
}

impl Review {
    /// Exit code 1 where a criterion that is asked for fails by the statement
    /// alone, else 0. Nothing here is a certification.
    pub fn exit_code(&self) -> u8 {
        let fails = |opinion: &Opinion| opinion.verdict == Verdict::Fail && opinion.level != Level::Preferred;
        u8::from(self.opinions.iter().any(fails))
    }
}

/// Reviews a statement; a foreign target is assumed not to be on loopback.
pub fn review(dialect: &Dialect, criteria: &[Arc<Criterion>]) -> Review {
    let statement = statement(dialect);
    let gaps = gaps(&statement);
    let opinions = criteria.iter().map(|criterion| opinion(dialect, criterion, &gaps)).collect();
    Review {
        schema: SCHEMA.to_owned(),
        of: "profile",
        subject: dialect.name.clone(),
        opinions,
        gaps,
        not_played: not_played(dialect),
        origins: dialect.origins.clone(),
        unsourced: unsourced(&dialect.origins),
        statement,
    }
}

fn opinion(dialect: &Dialect, criterion: &Criterion, gaps: &[String]) -> Opinion {
    let (verdict, reason) = match applicability(criterion, dialect, false) {
        Applicability::Unsupported(reason) => (Verdict::Fail, reason),
        Applicability::Not(reason) => (Verdict::NotApplicable, reason),
        Applicability::Applies => decided(dialect, criterion.id.as_str(), gaps)
            .unwrap_or((Verdict::Skipped, "only a run can tell".to_owned())),
    };
    Opinion::on(criterion, verdict, reason)
}

/// What the statement alone decides about a criterion that applies; `None` where
/// only a run can tell.
pub fn by_statement(dialect: &Dialect, id: &CriterionId) -> Option<(Verdict, String)> {
    decided(dialect, id.as_str(), &gaps(&statement(dialect)))
}

/// The criteria that are about the statement itself.
fn decided(dialect: &Dialect, id: &str, gaps: &[String]) -> Option<(Verdict, String)> {
    match id {
        "LV-01" => Some(match &dialect.documentation {
            Some(address) => (Verdict::Pass, format!("the documentation is at {address}")),
            None => (Verdict::Fail, "the statement names no documentation (documentation)".to_owned()),
        }),
        "LV-02" if !describes_any(dialect) => {
            Some((Verdict::Fail, "no function that Inlet asks for is described".to_owned()))
        }
        "LV-02" if gaps.is_empty() => {
            Some((Verdict::Pass, "every supported function is described in full".to_owned()))
        }
        "LV-02" => Some((Verdict::Fail, gaps.join("; "))),
        "LV-06" => {
            let found: Vec<String> = dialect
                .operations()
                .iter()
                .filter(|operation| !operation.secrets_in_address().is_empty())
                .map(|operation| operation.endpoint())
                .collect();
            Some(if found.is_empty() {
                (Verdict::Pass, "no address carries a credential".to_owned())
            } else {
                (Verdict::Fail, format!("credentials travel in the address of {}", found.join(", ")))
            })
        }
        "LV-08" => {
            let told: Vec<String> = undeclared_operations(dialect).iter().map(Unused::told).collect();
            (!told.is_empty()).then(|| (Verdict::Warning, told.join("; ")))
        }
        "LV-50" => dialect
            .limits
            .pin
            .irrevocable
            .as_ref()
            .map(|why| (Verdict::Fail, format!("PINs cannot be withdrawn: {why}"))),
        _ => None,
    }
}

/// The parameters that the profile names as ignored.
fn not_played(dialect: &Dialect) -> Vec<String> {
    let told = |operation: &Operation| -> Vec<String> {
        let ignored = operation.ignores().iter();
        ignored.map(|(name, why)| format!("{}, `{name}`: {why}", operation.endpoint())).collect()
    };
    dialect.operations().iter().flat_map(told).collect()
}

/// The gaps in naming sources. A profile need not name any; where it names one,
/// what is from nowhere is told, and so is a source that nothing is from.
fn unsourced(origins: &Origins) -> Vec<String> {
    let parts = origins.unnamed().into_iter().map(|part| format!("{part} names no source"));
    let idle = origins
        .sources
        .iter()
        .filter(|source| source.is != Evidence::MadeUp && origins.from(&source.name) == 0)
        .map(|source| format!("source `{}` is named by no part", source.name));
    parts.chain(idle).collect()
}

/// Whether there is a function at all whose description could be whole.
fn describes_any(dialect: &Dialect) -> bool {
    Function::ALL.iter().any(|function| function.is_asked_for() && dialect.supports(*function))
}

/// What each supported function's answer lacks.
pub fn gaps(statement: &[FunctionAnswer]) -> Vec<String> {
    let mut gaps = Vec::new();
    for answer in statement.iter().filter(|answer| answer.supported && answer.function.is_asked_for()) {
        let fields: [(&str, bool); 6] = [
            ("endpoint", answer.endpoints.is_empty()),
            ("authentication", answer.authentication.trim().is_empty()),
            ("request example", answer.request_examples.is_empty()),
            ("response example", answer.response_examples.is_empty()),
            ("error-response example", answer.error_examples.is_empty()),
            ("notes on timing and limits", answer.notes.trim().is_empty()),
        ];
        for (field, missing) in fields {
            if missing {
                gaps.push(format!("“{}” has no {field}", answer.function.title()));
            }
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendors::profile;

    #[test]
    fn each_missing_field_is_told_by_function() {
        let dialect = profile::load("reference").unwrap();
        let mut statement = statement(&dialect);
        let before = gaps(&statement).len();
        statement[0].error_examples.clear();
        let after = gaps(&statement);
        assert_eq!(after.len(), before + 1, "{after:?}");
        assert!(after.iter().any(|gap| gap.contains("error-response example")), "{after:?}");
    }

    fn says_of_lv_08(dialect: &Dialect) -> Option<(Verdict, String)> {
        by_statement(dialect, &CriterionId::parse("LV-08").unwrap())
    }

    /// The reference, with one function declared absent whose operations stay.
    fn without(function: &str) -> Arc<Dialect> {
        let text = profile::load("reference").unwrap().source_text.clone();
        let line = text.lines().find(|line| line.starts_with(&format!("{function} = ["))).unwrap();
        let absent = format!("{function} = {{ unsupported = \"Our locks cannot.\" }}");
        profile::compile("reference.toml", &text.replace(line, &absent)).unwrap()
    }

    #[test]
    fn an_operation_of_a_function_that_is_declared_absent_is_a_warning() {
        let (verdict, reason) = says_of_lv_08(&without("hold_open")).unwrap();
        assert_eq!(verdict, Verdict::Warning);
        assert!(reason.contains("`hold_open`") && !reason.contains(';'), "{reason}");
    }

    #[test]
    fn an_operation_that_a_declared_function_uses_is_described_rightly() {
        for name in profile::embedded_names() {
            assert_eq!(says_of_lv_08(&profile::load(name).unwrap()), None, "{name}");
        }
        // The creation takes back with the same call what it cannot finish.
        assert_eq!(says_of_lv_08(&without("remove_pin_access")), None);
    }

    #[test]
    fn a_statement_that_describes_nothing_is_not_complete() {
        let profile = |functions: &str| {
            let head = "schema = \"lockstep.profile/1\"\nkind = \"lock-vendor\"\nname = \"n\"\n\
                        title = \"N\"\nvendor = \"N\"\nversion = \"1\"\n\
                        [servers]\napi = \"https://api.example.com\"\n\
                        [operations.list_locks]\nrequest = \"GET /locks\"\n\
                        response = '[ { \"id\": \"{lock.id}\" } ]'\n[functions]\n";
            let asked_for = Function::ALL.iter().filter(|function| function.is_asked_for());
            let absent = asked_for
                .filter(|function| !functions.contains(function.as_str()))
                .map(|function| format!("{} = {{ unsupported = \"none\" }}\n", function.as_str()));
            profile::compile("n.toml", &format!("{head}{functions}{}", absent.collect::<String>())).unwrap()
        };
        let id = CriterionId::parse("LV-02").unwrap();
        let (verdict, reason) = by_statement(&profile(""), &id).unwrap();
        assert_eq!(
            (verdict, reason.as_str()),
            (Verdict::Fail, "no function that Inlet asks for is described")
        );
        // One function alone is judged by what it lacks.
        let (_, reason) = by_statement(&profile("list_locks = [\"list_locks\"]\n"), &id).unwrap();
        assert!(reason.contains("has no"), "{reason}");
    }

    #[test]
    fn what_is_not_played_is_told() {
        let seam = profile::load("seam").unwrap();
        let told = not_played(&seam);
        assert!(told.iter().any(|line| line.starts_with("GET /locks/list, `manufacturer`: ")), "{told:?}");
        assert!(not_played(&profile::load("reference").unwrap()).is_empty());
    }

    fn sourced(from: &str, to: &str) -> Vec<String> {
        let text = profile::load("danalock").unwrap().source_text.clone();
        assert!(text.contains(from), "{from}");
        let dialect = profile::compile("danalock.toml", &text.replacen(from, to, 1)).unwrap();
        review(&dialect, &[]).unsourced
    }

    #[test]
    fn a_part_without_a_source_is_told_where_others_have_one() {
        let limit = "codes_per_lock = [\"bridge_api\", \"rental\"], ";
        assert_eq!(sourced(limit, ""), ["limits: `codes_per_lock` names no source"]);
        let more = "[sources.more]\nis = \"client\"\ntitle = \"Another\"\n\n[servers]";
        assert_eq!(sourced("[servers]", more), ["source `more` is named by no part"]);
    }

    #[test]
    fn sources_need_not_be_named_at_all() {
        let text = "schema = \"lockstep.profile/1\"\nkind = \"lock-vendor\"\nname = \"n\"";
        assert!(!text.contains("sources"));
        assert_eq!(unsourced(&Origins::default()), Vec::<String>::new());
    }

    #[test]
    fn an_unsupported_function_is_no_gap() {
        let dialect = profile::load("reference").unwrap();
        let mut statement = statement(&dialect);
        statement[0].supported = false;
        statement[0].endpoints.clear();
        assert!(!gaps(&statement).iter().any(|gap| gap.contains(statement[0].function.title())));
    }
}
