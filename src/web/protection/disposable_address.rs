//! Whether an address is of a provider of disposable mailboxes, where nobody reads mail for long.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::abuse_counters::Reason;
use crate::values::email_address::EmailAddress;

static DOMAINS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| mailchecker::blacklist().into_iter().collect());

/// What in the address suggests a bot, if anything. It is stored with what was sent, and is never a reason to refuse.
#[must_use]
pub fn signal(address: &EmailAddress) -> Option<Reason> {
    is_disposable(address).then_some(Reason::Disposable)
}

/// Whether the domain of an address, or a domain above it, is of such a provider.
#[must_use]
pub fn is_disposable(address: &EmailAddress) -> bool {
    let domain = address.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
    let above = std::iter::successors(Some(domain), |name| name.split_once('.').map(|(_, above)| above));
    above.into_iter().any(|name| DOMAINS.contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_of_throw_away_mailboxes_are_known() {
        let is_disposable = |address| is_disposable(&EmailAddress::parse(address).unwrap());
        assert!(is_disposable("a@mailinator.com") && is_disposable("a@x.mailinator.com"));
        for lasting in ["ana@gmail.com", "ana.rojas+bio@udd.cl", "ana@xn--and-6ma2c.cl", "ana@example.cl"] {
            assert!(!is_disposable(lasting), "{lasting}");
        }
    }
}
