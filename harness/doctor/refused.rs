//! What a refusal says of its reason, in the words by which vendors usually tell
//! it. Only advice rests on these, but for the time and the address, which stand
//! in the way of every call. Pure.

/// Whether a refusal speaks of the time at which the request was made.
pub(super) fn tells_of_time(words: &str) -> bool {
    const TIME: [&str; 7] =
        ["timestamp", "clock", "skew", "request time", "current time", "date header", "out of sync"];
    holds(words, &TIME)
}

/// Whether a refusal speaks of the address from which the request came.
pub(super) fn tells_of_address(words: &str) -> bool {
    const ADDRESS: [&str; 14] = [
        "ip address",
        "ip-address",
        "ip_address",
        "source ip",
        "client ip",
        "your ip",
        "this ip",
        "ip not",
        "ip is not",
        "ip restrict",
        "source address",
        "allowlist",
        "allow-list",
        "whitelist",
    ];
    holds(words, &ADDRESS)
}

/// Whether a page for people says that the service is being worked on.
pub(super) fn tells_of_maintenance(words: &str) -> bool {
    const WORK: [&str; 5] =
        ["maintenance", "be back", "temporarily unavailable", "temporarily down", "scheduled downtime"];
    holds(words, &WORK)
}

/// Whether a page or an address asks people to log in.
pub(super) fn is_login(words: &str) -> bool {
    const LOGIN: [&str; 6] = ["login", "log-in", "signin", "sign-in", "sso", "type=\"password\""];
    holds(words, &LOGIN)
}

fn holds(words: &str, any: &[&str]) -> bool {
    let words = words.to_lowercase();
    any.iter().any(|word| words.contains(word))
}

/// What to do where calls are taken from known addresses only.
pub(super) const FROM_ELSEWHERE: &str = "have the vendor add the address from which this machine calls to the list of \
                                         addresses that it lets in (the public one, behind a router), or run where it \
                                         is let in";

/// What to do where the account has not paid for what is asked.
pub(super) const UNPAID: &str = "what is asked for is not paid for: have the vendor book the plan, licence or add-on for \
                                 this account, or settle what is open; the credentials themselves were taken";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_what_only_sounds_so() {
        for words in ["IP address 203.0.113.7 is not allowed", "not on the allowlist", "Client IP rejected"] {
            assert!(tells_of_address(words), "{words}");
        }
        for words in ["the scope locks:read is missing", "zip code", "the equipment is not yours", "shipping"]
        {
            assert!(!tells_of_address(words), "{words}");
        }
    }
}
