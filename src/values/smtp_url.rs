//! `SMTP_URL`: the mail relay and how to speak to it.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// `smtps://user:password@host:465`, or `smtp://` with `?tls=required`, `?tls=opportunistic` or no encryption. Prints
/// as `SmtpUrl(…)`.
#[derive(Clone)]
pub struct SmtpUrl(SecretString);

impl SmtpUrl {
    /// Reads a URL whose scheme and `tls` we know.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let encryption = [None, Some("none"), Some("opportunistic"), Some("required")];
        let known = matches!(url.scheme(), "smtp" | "smtps") && encryption.contains(&tls(&url).as_deref());
        (known && url.has_host()).then(|| Self(SecretString::from(text)))
    }

    /// The URL, for whoever speaks to the relay.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether somebody who listens on the line could read the password.
    #[must_use]
    pub fn exposes_password(&self) -> bool {
        let is_open = |url: &Url| url.scheme() == "smtp" && tls(url).as_deref() != Some("required");
        Url::parse(self.reveal()).is_ok_and(|url| url.password().is_some() && is_open(&url))
    }

    /// Whether a user is named without a password, or the other way round: nobody could log in with that, and to send
    /// without logging in is not what was meant.
    #[must_use]
    pub fn lacks_half_of_login(&self) -> bool {
        let has_password = |url: &Url| url.password().is_some_and(|password| !password.is_empty());
        Url::parse(self.reveal()).is_ok_and(|url| url.username().is_empty() == has_password(&url))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl(…)")
    }
}

fn tls(url: &Url) -> Option<String> {
    url.query_pairs().find(|(name, _)| name == "tls").map(|(_, mode)| mode.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_only_over_an_encrypted_line() {
        let exposes = |text| SmtpUrl::parse(text).unwrap().exposes_password();
        assert!(exposes("smtp://u:p@relay:587") && exposes("smtp://u:p@relay:587?tls=opportunistic"));
        assert!(!exposes("smtp://u:p@relay:587?tls=required") && !exposes("smtps://u:p@relay"));
        assert!(!exposes("smtp://localhost:25"));
    }

    #[test]
    fn what_we_cannot_speak_is_refused() {
        for text in ["relay:25", "http://relay", "smtp:///x", "smtp://relay?tls=maybe", ""] {
            assert!(SmtpUrl::parse(text).is_none(), "{text}");
        }
    }
}
