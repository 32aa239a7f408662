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
        ("sealed", "key = \"token\"\n", "", "lacks `key`"),
        ("sealed", "key = \"token\"", "key = \"tokn\"", "unknown secret `tokn`"),
        ("sealed", "\"{now},{random}\"", "\"{now}{random}\"", "two holes that touch cannot be told apart"),
        (
            "sealed",
            "\"{now},{random}\"",
            "\"{now},{secret.token | sha256}\"",
            "a digest of `{secret.token}` cannot be read",
        ),
        (
            "sealed",
            "hash = \"secretbox\"",
            "hash = \"secretbox\"\nkeep = 5",
            "a part of what is sealed, which nobody can open",
        ),
        (
            "sealed",
            "query = { ctoken = \"{signature.ctoken}\", nonce = \"{nonce}\" }",
            "query = { ctoken = \"{signature.ctoken}\" }",
            "sealed with a nonce that the request does not carry",
        ),
        (
            "sealed",
            "query = { ctoken = \"{signature.ctoken}\", nonce = \"{nonce}\" }",
            "query = { ctoken = \"{signature.ctoken}{nonce}\" }",
            "a hole follows `{signature.ctoken}` at once",
        ),
        ("bridges", "of = \"bridge\"", "of = \"bridg\"", "unknown word `bridg`"),
        ("bridges", "jobs = 1, ", "", "lacks `jobs`"),
        ("bridges", "\"remove_code\", \"open\"]", "\"remove_code\", \"opne\"]", "unknown operation `opne`"),
        ("abilities", "{lock.id}", "{lock.id | either}", "`either` does not fit `lock.id`"),
        ("versions", "unchanged = 304", "unchanged = 302", "302 does not say that a list is unchanged"),
        (
            "hours",
            "body = '{ \"type\": \"unknown\", \"text\": \"{error.message}\" }'",
            "body = '{ \"type\": \"unknown\", \"text\": \"{error.message}\" }'\nclears_within = \"11 min\"",
            "`clears_within` is longer than 10 min",
        ),
        (
            "hours",
            "body = '{ \"type\": \"full\", \"text\": \"{error.message}\" }'",
            "body = '{ \"type\": \"full\", \"text\": \"{error.message}\" }'\nclears_within = \"1 min\"",
            "a refusal as `full` does not pass by itself",
        ),
        (
            "hours",
            "body = '{ \"type\": \"conflict\", \"text\": \"{error.message}\" }'",
            "body = '{ \"type\": \"conflict\", \"text\": \"{error.message}\" }'\nclears_within = \"1 min\"\nleaves = true",
            "a refusal that passes by itself, and leaves what was asked for",
        ),
        (
            "learned",
            "keeps = [\"server.api\", \"own.customer\"]",
            "keeps = [\"own.customer\"]\ndomains = [\"learned.example\"]",
            "domains of addresses that the session does not keep",
        ),
        (
            "learned",
            "keeps = [\"server.api\", \"own.customer\"]",
            "keeps = [\"server.api\", \"own.customer\"]\ndomains = [\"example\"]",
            "`example` is no domain of one party",
        ),
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
