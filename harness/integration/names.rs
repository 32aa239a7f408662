//! The names that Inlet's side gives.

use sha2::{Digest, Sha256};

use crate::vendors::vocabulary::RunName;

/// Characters of the mark that keeps names apart after they were cut.
const MARK: usize = 6;

/// How every name begins, so that a sweep finds what a run has left.
const OURS: &str = "lockstep";

/// A name that begins with the run's, within the vendor's longest: what is too
/// long is cut and ends in a mark of the whole, so that two long names stay two.
/// Where the run's name would take most of the room, only its beginning is kept.
pub(super) fn access_name(run: &RunName, name: &str, longest: Option<u32>) -> String {
    let run = run.as_str();
    let ours = if run.starts_with(OURS) { run.to_owned() } else { format!("{OURS}-{run}") };
    let longest = longest.map_or(usize::MAX, |longest| longest as usize);
    // Where there is no room for the run's name, what begins as ours does is left as it is.
    let no_room = ours.chars().count() > longest / 2 && name.starts_with(&format!("{OURS}-"));
    let whole = if name.starts_with(&ours) || name.starts_with(run) || no_room {
        name.to_owned()
    } else if ours.chars().count() <= longest / 2 {
        format!("{ours}-{name}")
    } else {
        format!("{OURS}-{name}")
    };
    if whole.chars().count() <= longest {
        return whole;
    }
    let mark = &hex::encode(Sha256::digest(format!("{run}/{whole}")))[..MARK];
    let kept: String = whole.chars().take(longest.saturating_sub(MARK + 1)).collect();
    format!("{kept}-{mark}").chars().take(longest).collect()
}

/// A name that is no shorter than the vendor's shortest.
pub(super) fn filled_up(mut name: String, shortest: Option<u32>) -> String {
    let missing = shortest.map_or(0, |least| (least as usize).saturating_sub(name.chars().count()));
    name.extend(std::iter::repeat_n('x', missing));
    name
}

/// A key for the `nth` request of a run, in the form of a UUID of version 4,
/// which is what vendors that check the form expect.
pub(super) fn request_key(run: &RunName, nth: u64) -> String {
    let mut digest: [u8; 32] = Sha256::digest(format!("{run}/{nth}")).into();
    digest[6] = (digest[6] & 0x0f) | 0x40;
    digest[8] = (digest[8] & 0x3f) | 0x80;
    let text = hex::encode(&digest[..16]);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_bear_the_run_and_fit() {
        let run = RunName::new("r7");
        assert_eq!(access_name(&run, "lv-40", None), "lockstep-r7-lv-40");
        assert_eq!(access_name(&run, "lockstep-r7-lv-40", None), "lockstep-r7-lv-40");
        let dated = RunName::new("lockstep-20270301-090000-7");
        assert_eq!(
            access_name(&dated, "lockstep-20270301-090000-7 pin", None),
            "lockstep-20270301-090000-7 pin"
        );
        assert_eq!(access_name(&dated, "Дом", None), "lockstep-20270301-090000-7-Дом");
        // A run's name inside another is none that a sweep would find.
        let odd = access_name(&run, "Дом r7 pin", None);
        assert_eq!(odd, "lockstep-r7-Дом r7 pin");
        let cut = access_name(&dated, "Дом 北京 lockstep-20270301-090000-7 pin", Some(24));
        assert!(cut.starts_with("lockstep-Дом 北京") && cut.chars().count() == 24, "{cut}");
        assert_eq!(access_name(&dated, "lockstep-n Дом", Some(20)), "lockstep-n Дом");
        let (one, other) = ("a".repeat(40), format!("{}b", "a".repeat(39)));
        let (one, other) = (access_name(&run, &one, Some(24)), access_name(&run, &other, Some(24)));
        assert!(one.starts_with("lockstep-r7-") && one.chars().count() == 24, "{one}");
        assert_ne!(one, other);
    }

    #[test]
    fn a_name_that_is_too_short_is_filled_up() {
        assert_eq!(filled_up("ab".into(), Some(4)), "abxx");
        assert_eq!(filled_up("Дом".into(), Some(3)), "Дом");
        assert_eq!(filled_up("ab".into(), None), "ab");
    }

    #[test]
    fn keys_are_uuids_and_differ() {
        let run = RunName::new("r7");
        let key = request_key(&run, 1);
        assert_eq!((key.len(), &key[14..15]), (36, "4"));
        assert_ne!(key, request_key(&run, 2));
    }
}
