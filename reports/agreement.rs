//! Every format says the same. Each is read back by its own means and compared
//! with the model; no format is asked what another one says.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::harness::result::{Capability, Mode, Report};
use crate::harness::verdict::Verdict;

use super::{judgement, junit, render, samples, strategy, text, words};

/// What every format has to tell.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    verdict: String,
    level: String,
    asked: String,
    executed: usize,
    planned: usize,
    criteria: Vec<(String, String)>,
}

impl Told {
    fn by(report: &Report) -> Self {
        Self {
            verdict: report.verdict.as_str().into(),
            level: words::certification(report.level).into(),
            asked: words::certification(report.asked).into(),
            executed: report.executed,
            planned: report.planned,
            criteria: report.criteria.iter().map(|c| (c.id.to_string(), c.verdict.as_str().into())).collect(),
        }
    }
}

/// The values of an attribute, in order of their tags. Text is escaped, so a
/// tag that is found is one of ours.
fn tags<'a>(html: &'a str, marker: &str) -> Vec<BTreeMap<&'a str, &'a str>> {
    html.split('<')
        .filter_map(|tag| tag.split_once('>'))
        .filter(|(tag, _)| tag.contains(marker))
        .map(|(tag, _)| {
            let mut attributes = BTreeMap::new();
            let mut rest = tag;
            while let Some((before, after)) = rest.split_once("=\"") {
                let name = before.rsplit(' ').next().unwrap_or_default();
                let (value, next) = after.split_once('"').unwrap_or((after, ""));
                attributes.insert(name, value);
                rest = next;
            }
            attributes
        })
        .collect()
}

fn html(page: &str) -> Told {
    let main = tags(page, " data-planned=\"").remove(0);
    let rows = tags(page, " data-criterion=\"");
    Told {
        verdict: main["data-verdict"].into(),
        level: main["data-level"].into(),
        asked: main["data-asked"].into(),
        executed: main["data-executed"].parse().unwrap(),
        planned: main["data-planned"].parse().unwrap(),
        criteria: rows.iter().map(|row| (row["data-criterion"].into(), row["data-verdict"].into())).collect(),
    }
}

/// What a person sees in the rows: the word of each verdict.
fn html_words(page: &str) -> Vec<String> {
    page.split(" data-criterion=\"")
        .skip(1)
        .map(|row| {
            let chip = row.split("class=\"chip").nth(1).unwrap();
            chip.split("</span> ").nth(1).unwrap().split("</span>").next().unwrap().to_owned()
        })
        .collect()
}

fn xml(document: &str) -> (Told, quick_junit::Report) {
    let parsed = quick_junit::Report::deserialize_from_str(document).unwrap();
    let suite = &parsed.test_suites[0];
    let property = |all: &[quick_junit::Property], name: &str| {
        all.iter().find(|property| property.name.as_str() == name).unwrap().value.to_string()
    };
    let cases = suite.test_cases.iter().filter(|case| case.name.as_str() != junit::WHOLE);
    let told = Told {
        verdict: property(&suite.properties, "verdict"),
        level: property(&suite.properties, "level"),
        asked: property(&suite.properties, "asked"),
        executed: property(&suite.properties, "executed").parse().unwrap(),
        planned: property(&suite.properties, "planned").parse().unwrap(),
        criteria: cases
            .map(|case| (property(&case.properties, "criterion"), property(&case.properties, "verdict")))
            .collect(),
    };
    (told, parsed)
}

fn markdown(document: &str) -> Told {
    let verdict_line = document.lines().find(|line| line.starts_with("Verdict: `")).unwrap();
    let quoted: Vec<_> = verdict_line.split('`').skip(1).step_by(2).collect();
    let counts = verdict_line.split("judged: ").nth(1).unwrap().split(" · ").next().unwrap();
    let (executed, planned) = counts.split_once(" of ").unwrap();
    let table = document.lines().skip_while(|line| !line.starts_with("| Criterion |")).skip(2);
    Told {
        verdict: quoted[0].into(),
        level: quoted[1].into(),
        asked: quoted[2].into(),
        executed: executed.parse().unwrap(),
        planned: planned.parse().unwrap(),
        criteria: table
            .take_while(|line| line.starts_with('|'))
            .map(|line| {
                let cells: Vec<_> = line.split(" | ").collect();
                let word = cells[1].split_once(' ').unwrap().1;
                let verdict = Verdict::ALL.iter().find(|verdict| words::verdict(**verdict) == word).unwrap();
                (cells[0].trim_start_matches("| ").to_owned(), verdict.as_str().to_owned())
            })
            .collect(),
    }
}

/// Ability, declared, observed, effective.
type Line = [String; 4];

fn abilities(report: &Report) -> Vec<Line> {
    let line = |one: &Capability| {
        let words = [one.declared, one.observed, one.effective].map(|one| words::presence(one).to_owned());
        let [declared, observed, effective] = words;
        [one.ability.clone(), declared, observed, effective]
    };
    report.capabilities.iter().map(line).collect()
}

fn abilities_of_page(page: &str) -> Vec<Line> {
    let names = ["data-ability", "data-declared", "data-observed", "data-effective"];
    let rows = tags(page, " data-ability=\"");
    rows.iter().map(|row| names.map(|name| row[name].to_owned())).collect()
}

fn abilities_of_answer(document: &str) -> Vec<Line> {
    let table = document.lines().skip_while(|line| !line.starts_with("| Ability |")).skip(2);
    let cells =
        |line: &str| line.trim_matches('|').split(" | ").map(|c| c.trim().to_owned()).collect::<Vec<_>>();
    table
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells = cells(line);
            let ability = cells[0].rsplit('`').nth(1).unwrap().to_owned();
            [ability, cells[1].clone(), cells[2].clone(), cells[3].clone()]
        })
        .collect()
}

fn check(report: &Report) -> Result<(), TestCaseError> {
    let expected = Told::by(report);
    let json: Report = serde_json::from_str(&render::json(report).unwrap()).unwrap();
    prop_assert_eq!(&json, report);

    let page = render::html(report);
    prop_assert_eq!(&html(&page), &expected);
    let seen: Vec<_> = report.criteria.iter().map(|c| words::verdict(c.verdict).to_owned()).collect();
    prop_assert_eq!(html_words(&page), seen);
    prop_assert_eq!(abilities_of_page(&page), abilities(report));
    prop_assert_eq!(abilities_of_answer(&render::answer(report)), abilities(report));
    let tally: BTreeMap<_, _> = tags(&page, " data-tally=\"")
        .iter()
        .map(|row| (row["data-tally"].to_owned(), row["data-count"].parse::<usize>().unwrap()))
        .collect();
    let counts: BTreeMap<_, _> =
        report.tally().into_iter().map(|(v, n)| (v.as_str().to_owned(), n)).collect();
    prop_assert_eq!(tally, counts);

    let (told, document) = xml(&render::junit(report).unwrap());
    prop_assert_eq!(&told, &expected);
    let whole =
        document.test_suites[0].test_cases.iter().find(|case| case.name.as_str() == junit::WHOLE).unwrap();
    let whole_is_red = matches!(whole.status, quick_junit::TestCaseStatus::NonSuccess { .. });
    prop_assert_eq!(whole_is_red, report.exit_codes[0] != 0);
    // In a run that came to its end, the criteria alone tell the same.
    let red_criteria = document.failures + document.errors - usize::from(whole_is_red);
    let ended = report.interrupted.is_none() && report.executed == report.planned && report.executed > 0;
    if ended && report.mode == Mode::Certify {
        prop_assert_eq!(red_criteria > 0, whole_is_red);
    }
    let red = document.failures + document.errors > 0;
    prop_assert_eq!(red, report.exit_codes[0] != 0, "{:?}", report.exit_codes);

    prop_assert_eq!(&markdown(&render::answer(report)), &expected);
    prop_assert_eq!(&markdown(&render::summary(report)), &expected);

    let badge = render::badge(report);
    let title = badge.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
    let end = format!("(verdict {}, level {}, asked {})", expected.verdict, expected.level, expected.asked);
    prop_assert!(title.ends_with(&end), "{title}");
    // Green is for a certification alone.
    let may_be_green = report.exit_codes[0] == 0 && judgement::notice(report).is_none();
    prop_assert_eq!(badge.contains("#1a7f37"), may_be_green);
    prop_assert_eq!(page.contains("class=\"decision good\""), may_be_green);
    Ok(())
}

/// Nothing that a subject said is markup, turns the text around, or is hidden.
fn check_harmless(report: &Report) -> Result<(), TestCaseError> {
    let page = render::html(report);
    let badge = render::badge(report);
    for markup in [&page, &badge] {
        prop_assert!(!markup.contains("<script") && !markup.contains("<img") && !markup.contains("<!--"));
    }
    prop_assert_eq!(page.matches("<style>").count(), 1);
    prop_assert!(!page.contains(" style=\""));
    let summary = render::summary(report);
    for file in [&page, &badge, &summary, &render::answer(report), &render::junit(report).unwrap()] {
        let hidden = file.chars().find(|c| {
            (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        });
        prop_assert_eq!(hidden, None);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_format_agrees_with_the_model(report in strategy::report()) {
        prop_assert_eq!(judgement::contradictions(&report), Vec::<String>::new());
        check(&report)?;
        check_harmless(&report)?;
    }

    #[test]
    fn what_claims_too_much_is_never_good(mut report in strategy::report()) {
        let honest = report.exit_codes[0] == 0;
        report.exit_codes = vec![0];
        prop_assert_eq!(judgement::is_good(&report), honest);
        if !honest {
            prop_assert!(!render::badge(&report).contains("#1a7f37"));
        }
    }

    #[test]
    fn a_visible_text_hides_nothing(any in any::<String>()) {
        let visible = text::visible(&any);
        prop_assert!(visible.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t')));
    }
}

#[test]
fn the_samples_agree_and_are_published() {
    for (name, report) in samples::all() {
        check(&report).unwrap();
        let folder = samples::folder().join(name);
        for (file, text) in [
            ("report.json", render::json(&report).unwrap()),
            ("report.html", render::html(&report)),
            ("junit.xml", render::junit(&report).unwrap()),
            ("answer.md", render::answer(&report)),
            ("badge.svg", render::badge(&report)),
            ("summary.md", render::summary(&report)),
        ] {
            samples::check_file(&folder.join(file), &text);
        }
    }
}

#[test]
fn what_is_not_known_never_looks_green() {
    for verdict in [Verdict::Inconclusive, Verdict::Error, Verdict::Skipped, Verdict::Fail] {
        let mut report = samples::rehearsal();
        report.rehearsal = false;
        (report.verdict, report.exit_codes) = (verdict, vec![3]);
        let page = render::html(&report);
        assert!(!page.contains("decision good") && !page.contains("decision practice"), "{verdict:?}");
        assert!(!render::badge(&report).contains("#1a7f37"));
    }
}
