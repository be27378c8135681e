//! What speaks for a machine, or against mail that arrives, when a place is taken: scored and shown, never blocked.

use crate::values::email_address::EmailAddress;

/// The form came back faster than anybody types.
pub const FAST: &str = "fast";
/// The form was not one that we gave out.
pub const UNSIGNED: &str = "unsigned";
/// The form was given out more than a day before.
pub const STALE: &str = "stale";
/// The address is of a provider of throw-away mailboxes.
pub const DISPOSABLE: &str = "disposable";
/// Another address on the list is likely the same mailbox.
pub const TWIN: &str = "twin";

/// Whether an address is of a provider of throw-away mailboxes.
#[must_use]
pub fn is_disposable(address: &EmailAddress) -> bool {
    let domain = address.as_str().split_once('@').map_or("", |(_, domain)| domain);
    // The check refuses some local parts too, which says nothing about the provider.
    !mailchecker::is_valid(&format!("someone@{domain}"))
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
