//! Mistakes in the words that these dialects use, each told at its place.

use lockstep::vendors::profile;

use crate::wires::folder;

#[test]
fn each_mistake_is_told() {
    let mut missed = Vec::new();
    for (name, from, to, expected) in [
        (
            "callbacks",
            "register = \"register_callback\"",
            "register = \"register_calback\"",
            "unknown operation `register_calback`",
        ),
        (
            "callbacks",
            "register = \"register_callback\"",
            "register = \"unlock\"",
            "`unlock` does not register callbacks",
        ),
        (
            "callbacks",
            "register = \"register_callback\"",
            "register = \"register_callback\"\nconsole = \"there\"",
            "both `register` and `console`",
        ),
        ("callbacks", "register = \"register_callback\"\n", "", "lacks `register`"),
        (
            "callbacks",
            "{callback.body | hmac_sha256(callback.secret)}",
            "{callback.secret}",
            "a signature that does not sign the body",
        ),
        (
            "callbacks_form",
            "hmac_sha256(secret.hook)",
            "hmac_sha256(secret.hok)",
            "`{secret.hok}` is not declared",
        ),
        ("callbacks", "is = \"bolt\"", "is = \"bold\"", "unknown word `bold`"),
        (
            "callbacks",
            "\"lock.reachable\" = \"false\"",
            "\"lock.reachable\" = \"no\"",
            "`no` is no value of `lock.reachable`",
        ),
        (
            "callbacks",
            "\"lock.reachable\" = \"false\"",
            "\"lock.reachble\" = \"false\"",
            "unknown field `lock.reachble`",
        ),
        ("rotating", "refresh = \"renew\"\n", "", "lacks `refresh`"),
        (
            "rotating",
            "identity = \"https://id.sandbox",
            "idenity = \"https://id.sandbox",
            "unknown server `idenity`",
        ),
        (
            "values",
            "\"pin\": \"{access.pin | numeric}\", \"digits\": \"{access.pin | length}\", \"name\": \"{access.name}\" }\n'''\nresponse",
            "\"pin\": \"{access.pin | numeric}\", \"name\": \"{access.name}\" }\n'''\nresponse",
            "has no length beside it",
        ),
        (
            "values",
            "create_pin_access = [\"get_lock\", \"create_pin\"]",
            "create_pin_access = [\"create_pin\"]",
            "nothing tells `lock.zone` before `create_pin`",
        ),
        ("values", "absent(null)", "absent()", "`absent` needs what stands for no value"),
        ("pages", "by = \"link\"", "by = \"links\"", "unknown word `links`"),
        (
            "pages",
            "header = \"X-Key\"",
            "query = \"key\"",
            "links, which do not carry a credential of the query",
        ),
        ("versions", "query = { version = \"{list.version?}\" }\n", "", "names no version of its list"),
        (
            "learned",
            "\"base_url\": \"{server.api}\"",
            "\"base_url\": \"{server.apis}\"",
            "`{server.apis}` is not declared",
        ),
        ("abilities", ", when = { field = \"lock.keypad\", is = [\"false\"] } },", " },", "lacks `when`"),
        (
            "envelopes",
            "response_text = \"OK\"",
            "response_text = \"OK\"\nresponse = '{}'",
            "both `response` and `response_text`",
        ),
    ] {
        let text = std::fs::read_to_string(folder("locks/test").join(format!("{name}.toml"))).unwrap();
        assert!(text.contains(from), "{name}: {from}");
        let found = match profile::compile(name, &text.replacen(from, to, 1)) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.problems.into_iter().map(|problem| problem.what).collect(),
        };
        if !found.iter().any(|what| what.contains(expected)) {
            missed.push(format!("{name}: {to}\n  expected {expected}\n  found {found:?}"));
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}
