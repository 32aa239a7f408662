use super::{parse, play, uncovered};
use crate::vendors::profile;

fn play_profile(name: &str, text: &str) {
    let dialect = profile::load(name).unwrap_or_else(|errors| panic!("{}", profile::render(&errors)));
    let exchanges = parse(text).unwrap_or_else(|errors| panic!("{}", errors.join("\n")));
    let mut problems: Vec<String> = exchanges.iter().flat_map(|exchange| play(&dialect, exchange)).collect();
    problems.extend(uncovered(&dialect, &exchanges));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_reference_vendor_s_own_bytes_hold_in_both_directions() {
    play_profile("reference", include_str!("../locks/reference.wire"));
}

#[test]
fn seam_s_own_bytes_hold_in_both_directions() {
    play_profile("seam", include_str!("../locks/seam.wire"));
}

#[test]
fn ttlock_s_own_bytes_hold_in_both_directions() {
    play_profile("ttlock", include_str!("../locks/ttlock.wire"));
}

#[test]
fn nuki_s_own_bytes_hold_in_both_directions() {
    play_profile("nuki", include_str!("../locks/nuki.wire"));
}

#[test]
fn tedee_s_documented_bytes_hold_in_both_directions() {
    play_profile("tedee", include_str!("../locks/tedee.wire"));
}

#[test]
fn danalock_s_watched_bytes_hold_in_both_directions() {
    play_profile("danalock", include_str!("../locks/danalock.wire"));
}

#[test]
fn unloc_s_documented_bytes_hold_in_both_directions() {
    play_profile("unloc", include_str!("../locks/unloc.wire"));
}

#[test]
fn salto_s_own_bytes_hold_in_both_directions() {
    play_profile("salto_ks", include_str!("../locks/salto_ks.wire"));
}

#[test]
fn igloohome_s_own_bytes_hold_in_both_directions() {
    play_profile("igloohome", include_str!("../locks/igloohome.wire"));
}

#[test]
fn a_transcript_that_disagrees_is_found_out() {
    let text = include_str!("../locks/reference.wire");
    let dialect = profile::load("reference").unwrap();
    for (right, wrong) in [
        ("says: lock.battery = 80", "says: lock.battery = 81"),
        ("asks: lock.id = l-1", "asks: lock.id = l-2"),
        ("GET /v1/locks/l-1 ", "GET /v1/locks/l-9 "),
        ("\"percent\": 80", "\"percent\": \"80\""),
    ] {
        assert!(text.contains(right), "{right}");
        let broken = parse(&text.replacen(right, wrong, 1)).unwrap();
        assert!(broken.iter().any(|exchange| !play(&dialect, exchange).is_empty()), "{wrong}");
    }
}

#[test]
fn what_is_written_must_be_made_or_listed() {
    let text = include_str!("../locks/reference.wire");
    let dialect = profile::load("reference").unwrap();
    let problems = |text: &str| -> Vec<String> {
        let exchanges = parse(text).unwrap();
        exchanges.iter().flat_map(|exchange| play(&dialect, exchange)).collect()
    };
    let found = problems(&text.replacen("\"percent\": 80", "\"percent\": 80, \"volts\": 3", 1));
    assert!(found.len() == 1 && found[0].contains("written and not made"), "{found:?}");
    assert!(found[0].ends_with("battery.volts"), "{found:?}");
    // What is listed, and made or not written, is a mistake too.
    let found = problems(&text.replacen("untold: firmware", "untold: firmware, battery.percent", 1));
    assert!(found.len() == 1 && found[0].contains("`battery.percent` is listed"), "{found:?}");
    let found =
        problems(&text.replacen("says: lock.battery = 80", "untold: nowhere\nsays: lock.battery = 80", 1));
    assert!(found.len() == 1 && found[0].contains("`nowhere` is listed"), "{found:?}");
    let header = text.replacen("HTTP/1.1 200 OK\n", "HTTP/1.1 200 OK\nX-Left-Out: 1\n", 1);
    let found = problems(&header);
    assert!(found.len() == 1 && found[0].ends_with("header x-left-out"), "{found:?}");
}

#[test]
fn a_malformed_transcript_says_where() {
    let errors =
        parse("### get_lock: x\nsource: here\nsays: lock.idd = 1\n\nGET / HTTP/1.1\n---\nHTTP/1.1 200 OK\n");
    assert_eq!(errors.unwrap_err(), ["line 1: unknown field `lock.idd`"]);
}
