//! Scripts are taken out, everything else is left alone.

use proptest::prelude::*;

use super::super::FreeText;
use super::corpus::unescaped;
use super::judge::active_in;

const SCRIPTS: &str = include_str!("../corpora/scripts.txt");
const HARMLESS: &str = include_str!("../corpora/harmless.txt");

fn sanitised(text: &str) -> String {
    FreeText::sanitised(text).expect("short").expose().to_owned()
}

fn scripts() -> Vec<(&'static str, String)> {
    SCRIPTS
        .lines()
        .map(|line| line.split_once('\t').expect("a kind"))
        .map(|(kind, text)| (kind, unescaped(text)))
        .collect()
}

#[test]
fn every_script_is_removed_or_neutralised() {
    let scripts = scripts();
    let mut wrong = Vec::new();
    for (kind, typed) in &scripts {
        let clean = sanitised(typed);
        let active = active_in(&clean);
        if clean == *typed
            || !active.is_empty()
            || sanitised(&clean) != clean
            || FreeText::is_harmless(typed) != Ok(false)
        {
            wrong.push(format!("{kind} {typed:?} became {clean:?}: {active:?}"));
        }
        let leads = clean.trim_start().starts_with(['=', '+', '-', '@', '＝']);
        if *kind == "formula" && leads {
            wrong.push(format!("{typed:?} became the formula {clean:?}"));
        }
    }
    println!(
        "script injection: {} of {} inputs removed or neutralised",
        scripts.len() - wrong.len(),
        scripts.len()
    );
    assert!(scripts.len() >= 100);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn everything_harmless_comes_through_to_the_byte() {
    let harmless: Vec<String> = HARMLESS.lines().map(unescaped).collect();
    let harmed: Vec<String> = harmless
        .iter()
        .map(|typed| (typed, sanitised(typed)))
        .filter(|(typed, clean)| *typed != clean)
        .map(|(typed, clean)| format!("{typed:?} became {clean:?}"))
        .collect();
    println!("harmless text: {} of {} inputs unharmed", harmless.len() - harmed.len(), harmless.len());
    assert!(harmless.len() >= 100);
    assert!(harmed.is_empty(), "{}", harmed.join("\n"));
}

#[test]
fn the_judge_finds_something_in_most_scripts_and_nothing_in_harmless_text() {
    let scripts = scripts();
    let found = scripts.iter().filter(|(_, typed)| !active_in(typed).is_empty()).count();
    println!("the foreign judge finds {found} of {} scripts by itself", scripts.len());
    assert!(found * 4 >= scripts.len() * 3, "a judge that finds little proves little: {found}");
}

#[test]
fn the_words_around_a_script_stay() {
    assert_eq!(sanitised("Jane<script>alert(document.cookie)</script> Doe"), "Jane Doe");
    assert_eq!(sanitised("late <b>arrival</b>, R&D"), "late arrival, R&D");
    assert_eq!(sanitised("Jane <jane@example.org>"), "Jane < jane@example.org>");
    assert_eq!(sanitised("a<b and c>d"), "ad", "a known element's name, read as a parser would");
    assert_eq!(sanitised("x<y and y>z"), "x< y and y>z");
    assert_eq!(sanitised("&lt;i&gt;quiet&lt;/i&gt; room"), "quiet room");
    assert_eq!(sanitised("javascript:alert(1)"), "javascript :alert(1)");
    assert_eq!(sanitised("${jndi:ldap://x}"), "$ {jndi:ldap://x}");
}

#[test]
fn a_text_that_is_too_long_is_refused_not_cut() {
    let long = "x".repeat(FreeText::LONGEST + 1);
    let told = FreeText::sanitised(&long).expect_err("too long").to_string();
    assert_eq!(told, "the text is 4001 characters long, at most 4000 are taken");
    assert!(FreeText::sanitised(&long[1..]).is_ok());
}

#[test]
fn texts_built_to_resist_are_cleaned_too() {
    for text in [
        "<".repeat(400) + &"b>".repeat(400),
        "<!--".repeat(250),
        "<b a=\"".repeat(150),
        "{".repeat(1000),
        format!("&{}lt;script>", "amp;".repeat(500)),
    ] {
        let clean = sanitised(&text);
        assert_eq!(sanitised(&clean), clean);
        assert_eq!(active_in(&clean), Vec::<String>::new());
    }
}

/// Pieces of which scripts are made, put together anyhow.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<",
        ">",
        "/",
        "script",
        "svg",
        "img",
        "b",
        " ",
        "onload",
        "onerror",
        "=",
        "\"",
        "'",
        "javascript",
        ":",
        "alert(1)",
        "&lt;",
        "&#60",
        "%3c",
        "\\u003c",
        "&amp;",
        "amp;",
        "lt;",
        "{",
        "$",
        "{{",
        "<!--",
        "-->",
        "--!>",
        "<%",
        "%>",
        "<?",
        "\u{200b}",
        "\u{0}",
        "\t",
        "＜",
        "expression(",
        "/*",
        "*/",
        "@import",
        "|",
        "!",
        "data:text/html",
        ",",
        "\\3c ",
        "c",
        "%25",
        "3c",
        "#x3c;",
        "&",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cleaning_twice_is_cleaning_once(text in prop_oneof![pieces(), any::<String>()]) {
        let clean = sanitised(&text);
        prop_assert_eq!(sanitised(&clean), clean.clone());
        prop_assert_eq!(FreeText::is_harmless(&clean), Ok(true));
    }

    #[test]
    fn nothing_active_is_left(text in pieces()) {
        let clean = sanitised(&text);
        prop_assert_eq!(active_in(&clean), Vec::<String>::new(), "{:?} became {:?}", text, clean);
    }

    #[test]
    fn words_are_left_alone(text in "[\\p{L}\\p{M}\\p{N} ,.;!?'’-]{0,80}") {
        // A leading sign before a word and a bracket would be a formula; there are no brackets here.
        prop_assert_eq!(sanitised(&text), text.clone());
    }
}
