//! `[limits]`, its sub-tables, and `[algo_pin]`.

use std::time::Duration;

use super::document::Section;
use super::limits::{
    AlgoLimits, Beyond, ChosenBy, CommandPolicy, Delays, Delivery, Limits, MobileLimits, OfflinePolicy,
    PendingLimit, PinLimits, PinRule, RateLimit, RateScope, Rounding, SameUser, ScopedRate, Uniqueness,
    WindowLimits,
};
use super::problem::nearest;
use super::sources;

const ROUNDINGS: &[(&str, Rounding)] =
    &[("reject", Rounding::Reject), ("truncate", Rounding::Truncate), ("widen", Rounding::Widen)];

const ANY: std::ops::RangeInclusive<u32> = 1..=u32::MAX;

pub(super) fn read(root: &Section<'_, '_>) -> Limits {
    let mut limits = Limits::default();
    if let Some(section) = root.section("limits") {
        read_general(&section, &mut limits);
        sources::cite(&section, "limits", &["pin", "mobile", "window", "delays"]);
        if let Some(pin) = section.section("pin") {
            sources::cite_below(&pin, "limits.pin");
            read_pin(pin, &mut limits.pin);
        }
        if let Some(mobile) = section.section("mobile") {
            sources::cite_below(&mobile, "limits.mobile");
            read_mobile(mobile, &mut limits.mobile);
        }
        if let Some(window) = section.section("window") {
            sources::cite_below(&window, "limits.window");
            read_window(window, &mut limits.window);
        }
        if let Some(delays) = section.section("delays") {
            sources::cite_below(&delays, "limits.delays");
            read_delays(delays, &mut limits.delays);
        }
        section.finish();
    }
    limits.algo_pin = root.section("algo_pin").map(|section| {
        sources::cite(&section, "algo_pin", &[]);
        read_algo(section)
    });
    limits
}

fn read_general(section: &Section<'_, '_>, limits: &mut Limits) {
    limits.seats = section.number("seats", ANY);
    limits.codes_per_lock = section.number("codes_per_lock", ANY);
    read_names(section, limits);
    set(&mut limits.page_size, section.number("page_size", ANY));
    set(&mut limits.pulse, positive(section, "pulse"));
    limits.hold_max = positive(section, "hold_max");
    let low = section.number("low_battery", 0..=100).and_then(|percent| u8::try_from(percent).ok());
    set(&mut limits.low_battery, low);
    if let Some(rate) = section.section("rate") {
        limits.rate = read_rate(&rate, "write `rate = { calls = 600, per = \"1 min\" }`");
        rate.finish();
    }
    limits.rates = section.sections("rates", "a rate limit").into_iter().filter_map(read_scoped).collect();
    let pending = section.sections("pending", "a limit of commands");
    limits.pending = pending.into_iter().filter_map(read_pending).collect();
    limits.clock_skew = positive(section, "clock_skew");
    let policies = [("refuse", CommandPolicy::Refuse), ("drop", CommandPolicy::Drop)];
    set(&mut limits.command_offline, section.choice("command_offline", &policies));
    set(&mut limits.hold_opens, section.flag("hold_opens"));
}

fn read_names(section: &Section<'_, '_>, limits: &mut Limits) {
    limits.name_length = section.number("name_length", ANY);
    limits.name_min = section.number("name_min", ANY);
    set(&mut limits.names_unique, section.flag("names_unique"));
    if let (Some(min), Some(most)) = (limits.name_min, limits.name_length)
        && min > most
        && let Some(value) = section.value("name_min")
    {
        section.doc.problem(
            value.span(),
            format!("the shortest name, {min}, is longer than the longest, {most}"),
            "a name must be able to keep both",
        );
    }
}

fn read_rate(section: &Section<'_, '_>, help: &str) -> Option<RateLimit> {
    let (calls, per) = (section.number("calls", ANY), positive(section, "per"));
    for key in ["calls", "per"] {
        if !section.has(key) {
            section.missing(key, help);
        }
    }
    calls.zip(per).map(|(calls, per)| RateLimit { calls, per })
}

fn read_scoped(section: Section<'_, '_>) -> Option<ScopedRate> {
    let limit =
        read_rate(&section, "write `{ calls = 10, per = \"1 min\", of = \"lock\", for = [\"create_pin\"] }`");
    let (of, operations) = read_scope(&section);
    let words = [("refuse", Beyond::Refuse), ("wait", Beyond::Wait)];
    let beyond = section.choice("beyond", &words).unwrap_or_default();
    section.finish();
    Some(ScopedRate { limit: limit?, of: of?, operations, beyond })
}

fn read_pending(section: Section<'_, '_>) -> Option<PendingLimit> {
    let jobs = section.number("jobs", ANY);
    if !section.has("jobs") {
        section.missing("jobs", "write how many may be under way: `{ jobs = 1, of = \"bridge\" }`");
    }
    let (of, operations) = read_scope(&section);
    section.finish();
    Some(PendingLimit { jobs: jobs?, of: of?, operations })
}

/// What a limit is counted for, and the operations that it counts.
fn read_scope(section: &Section<'_, '_>) -> (Option<RateScope>, Vec<String>) {
    let scopes = [("account", RateScope::Account), ("lock", RateScope::Lock), ("bridge", RateScope::Bridge)];
    let of = section.choice("of", &scopes);
    if !section.has("of") {
        let help = "say what it is counted for: `of = \"account\"`, `of = \"lock\"` or `of = \"bridge\"`";
        section.missing("of", help);
    }
    (of, section.texts("for").iter().map(|name| name.value.to_owned()).collect())
}

fn read_mobile(section: Section<'_, '_>, mobile: &mut MobileLimits) {
    let words = [("add", SameUser::Add), ("replace", SameUser::Replace)];
    set(&mut mobile.same_user, section.choice("same_user", &words));
    section.finish();
}

/// Checks that the limits of calls and commands name operations that are there.
pub(super) fn check_rates(root: &Section<'_, '_>, limits: &Limits, known: &[&str]) {
    let Some(section) = root.section("limits") else { return };
    let rates = limits.rates.iter().flat_map(|rate| &rate.operations);
    for name in rates.chain(limits.pending.iter().flat_map(|pending| &pending.operations)) {
        if known.contains(&name.as_str()) {
            continue;
        }
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write it under `[operations]`".to_owned(),
        };
        let quoted = format!("\"{name}\"");
        let span = root.doc.find_in_section(section.span.start, &quoted).unwrap_or(section.span.clone());
        root.doc.problem(span, format!("unknown operation `{name}`"), help);
    }
}

fn read_pin(section: Section<'_, '_>, pin: &mut PinLimits) {
    set(
        &mut pin.chosen_by,
        section.choice("chosen_by", &[("caller", ChosenBy::Caller), ("vendor", ChosenBy::Vendor)]),
    );
    set(
        &mut pin.delivery,
        section.choice("delivery", &[("lock", Delivery::Lock), ("cloud", Delivery::Cloud)]),
    );
    let policies =
        [("refuse", OfflinePolicy::Refuse), ("defer", OfflinePolicy::Defer), ("drop", OfflinePolicy::Drop)];
    set(&mut pin.offline, section.choice("offline", &policies));
    read_lengths(&section, pin);
    read_only_lengths(&section, pin);
    pin.slots = section.number("slots", ANY);
    if let Some(alphabet) = section.text("alphabet") {
        let keys = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '#'));
        if alphabet.value.is_empty() || !keys(alphabet.value) {
            section.doc.problem(alphabet.span, "no keypad has this alphabet", "letters, digits, `*` and `#`");
        } else {
            pin.alphabet = alphabet.value.to_owned();
        }
    }
    set(&mut pin.prefix, section.string("prefix"));
    set(&mut pin.suffix, section.string("suffix"));
    if let Some(reason) = section.text("irrevocable") {
        if reason.value.trim().is_empty() {
            section.doc.problem(
                reason.span,
                "irrevocable without a reason",
                "write why a PIN cannot be withdrawn",
            );
        } else {
            pin.irrevocable = Some(reason.value.to_owned());
        }
    }
    let rules = [
        ("no_zeros", PinRule::NoZeros),
        ("cannot_start_with_12", PinRule::CannotStartWith12),
        ("not_all_same", PinRule::NotAllSame),
        ("no_sequence", PinRule::NoSequence),
        ("three_unique", PinRule::ThreeUnique),
        ("no_triple_sequence", PinRule::NoTripleSequence),
        ("unique_first_four_digits", PinRule::UniqueFirstFourDigits),
    ];
    pin.rules = section.texts("rules").iter().filter_map(|rule| section.choose(rule, &rules)).collect();
    let scopes = [("lock", Uniqueness::Lock), ("account", Uniqueness::Account)];
    set(&mut pin.unique, section.choice("unique", &scopes));
    section.finish();
}

fn read_lengths(section: &Section<'_, '_>, pin: &mut PinLimits) {
    const HELP: &str = "write the shortest and the longest, as in `lengths = [4, 8]`";
    let Some(value) = section.value("lengths") else { return };
    let items = section.list_of(value);
    let numbers: Vec<u32> =
        items.iter().filter_map(|item| section.number_of(item, 1..=64)).map(|number| number.value).collect();
    match numbers[..] {
        [min, max] if items.len() == 2 && min <= max => (pin.min_length, pin.max_length) = (min, max),
        [min, max] if items.len() == 2 => {
            section.doc.problem(
                value.span(),
                format!("the shortest length, {min}, is above the longest, {max}"),
                HELP,
            );
        }
        _ if numbers.len() < items.len() => {}
        _ => section.doc.problem(value.span(), format!("expected two lengths, found {}", items.len()), HELP),
    }
}

/// The lengths that there are, where not every one between two is.
fn read_only_lengths(section: &Section<'_, '_>, pin: &mut PinLimits) {
    let Some(value) = section.value("only_lengths") else { return };
    let numbers: Vec<u32> = section
        .list_of(value)
        .into_iter()
        .filter_map(|item| section.number_of(item, 1..=64))
        .map(|number| number.value)
        .collect();
    let (Some(min), Some(max)) = (numbers.iter().min(), numbers.iter().max()) else {
        section.doc.problem(value.span(), "no length at all", "write each, as in `only_lengths = [4, 6]`");
        return;
    };
    if section.has("lengths") {
        section.doc.problem(value.span(), "both `lengths` and `only_lengths`", "the second says it all");
        return;
    }
    (pin.min_length, pin.max_length) = (*min, *max);
    pin.only_lengths = numbers;
}

fn read_window(section: Section<'_, '_>, window: &mut WindowLimits) {
    window.unit = positive(&section, "unit");
    window.max = positive(&section, "max");
    window.min = positive(&section, "min");
    if let (Some(min), Some(max)) = (window.min, window.max)
        && min > max
        && let Some(value) = section.value("min")
    {
        section.doc.problem(
            value.span(),
            "the shortest window is longer than the longest",
            "a window must be able to keep both",
        );
    }
    set(&mut window.starts_in_future, section.flag("starts_in_future"));
    set(&mut window.rounding, section.choice("rounding", ROUNDINGS));
    section.finish();
}

fn read_delays(section: Section<'_, '_>, delays: &mut Delays) {
    let take = |slot: &mut Duration, key| set(slot, section.duration(key).map(|span| span.value));
    take(&mut delays.creation, "creation");
    take(&mut delays.listing, "listing");
    take(&mut delays.removal, "removal");
    take(&mut delays.offline, "offline");
    take(&mut delays.actuation, "actuation");
    take(&mut delays.job, "job");
    section.finish();
}

fn read_algo(section: Section<'_, '_>) -> AlgoLimits {
    let algo = AlgoLimits {
        rounding: positive(&section, "rounding"),
        rounded: section.choice("rounded", ROUNDINGS).unwrap_or(Rounding::Widen),
        max_validity: positive(&section, "max_validity"),
        activate_within: positive(&section, "activate_within"),
        revocable: section.flag("revocable"),
        equal_hours_from: positive(&section, "equal_hours_from"),
        variants: section.number("variants", 1..=100).unwrap_or(1),
    };
    section.finish();
    algo
}

/// A span above zero.
pub(super) fn positive(section: &Section<'_, '_>, key: &'static str) -> Option<Duration> {
    let span = section.duration(key)?;
    if span.value.is_zero() {
        section.doc.problem(span.span, format!("`{key}` is zero"), "write a span above zero");
        return None;
    }
    Some(span.value)
}

fn set<T>(slot: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *slot = value;
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            pin: PinLimits::default(),
            window: WindowLimits {
                unit: None,
                rounding: Rounding::Reject,
                max: None,
                min: None,
                starts_in_future: false,
            },
            seats: None,
            codes_per_lock: None,
            name_length: None,
            name_min: None,
            names_unique: false,
            page_size: 100,
            pulse: Duration::from_secs(5),
            hold_max: None,
            delays: Delays::default(),
            rate: None,
            rates: Vec::new(),
            pending: Vec::new(),
            clock_skew: None,
            mobile: MobileLimits { same_user: SameUser::Add },
            command_offline: CommandPolicy::Refuse,
            hold_opens: true,
            algo_pin: None,
            low_battery: 20,
        }
    }
}

impl Default for PinLimits {
    fn default() -> Self {
        Self {
            chosen_by: ChosenBy::Caller,
            min_length: 4,
            max_length: 8,
            only_lengths: Vec::new(),
            alphabet: "0123456789".to_owned(),
            rules: Vec::new(),
            unique: Uniqueness::Lock,
            prefix: String::new(),
            suffix: String::new(),
            irrevocable: None,
            delivery: Delivery::Lock,
            offline: OfflinePolicy::Refuse,
            slots: None,
        }
    }
}

impl Default for Delays {
    fn default() -> Self {
        Self {
            creation: Duration::from_secs(30),
            listing: Duration::ZERO,
            removal: Duration::from_secs(30),
            offline: Duration::from_secs(60),
            actuation: Duration::from_secs(20),
            job: Duration::from_secs(3),
        }
    }
}
