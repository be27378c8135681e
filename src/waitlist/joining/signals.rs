//! Whether mail to an address arrives where somebody reads it: noted when a place is taken, never a reason to refuse.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::values::email_address::EmailAddress;

static THROW_AWAY: LazyLock<HashSet<&'static str>> = LazyLock::new(|| mailchecker::blacklist().into_iter().collect());

/// Whether an address is of a provider of throw-away mailboxes: its domain, or one above it, is known for that.
#[must_use]
pub fn is_disposable(address: &EmailAddress) -> bool {
    let domain = address.as_str().rsplit_once('@').map_or("", |(_, domain)| domain);
    let above = std::iter::successors(Some(domain), |name| name.split_once('.').map(|(_, above)| above));
    above.into_iter().any(|name| THROW_AWAY.contains(name))
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
