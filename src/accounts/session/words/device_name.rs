//! What a person calls a device: "Chrome on Windows".

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::Words;
use crate::values::locale::Locale;

/// A mark in the `User-Agent`, and the name. The first that is found counts: most browsers claim to be others as well.
const BROWSERS: [(&str, &str); 13] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("FxiOS", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
    ("Links", "Links"),
    ("Lynx", "Lynx"),
    ("w3m", "w3m"),
    ("curl", "curl"),
];
const SYSTEMS: [(&str, &str); 8] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("FreeBSD", "FreeBSD"),
    ("Linux", "Linux"),
];

/// The browser and the system that a `User-Agent` claims, in our own words alone: the rest is a stranger's text.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeviceName {
    #[serde(rename = "b", skip_serializing_if = "Option::is_none")]
    browser: Option<Cow<'static, str>>,
    #[serde(rename = "s", skip_serializing_if = "Option::is_none")]
    system: Option<Cow<'static, str>>,
}

impl DeviceName {
    /// What this `User-Agent` claims.
    #[must_use]
    pub fn of(user_agent: Option<&str>) -> Self {
        let agent = user_agent.unwrap_or_default();
        let claimed = |names: &[(&str, &'static str)]| {
            names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| Cow::Borrowed(*name))
        };
        Self { browser: claimed(&BROWSERS), system: claimed(&SYSTEMS) }
    }

    /// The same in a language.
    #[must_use]
    pub fn in_words(&self, locale: Locale) -> String {
        let t = &Words::of(locale).sessions;
        match (self.browser.as_deref(), self.system.as_deref()) {
            (Some(browser), Some(system)) => format!("{browser} {} {system}", t.on),
            (Some(name), None) | (None, Some(name)) => name.to_owned(),
            (None, None) => t.unknown_device.to_owned(),
        }
    }
}

/// The name of the device that a `User-Agent` claims.
#[must_use]
pub fn device_name(user_agent: Option<&str>, locale: Locale) -> String {
    DeviceName::of(user_agent).in_words(locale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_have_the_names_that_people_give_them() {
        let english = |agent: &str| device_name(Some(agent), Locale::En);
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1";
        assert_eq!(english(safari), "Safari on iPhone");
        let chrome = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";
        assert_eq!(english(chrome), "Chrome on Windows");
        assert_eq!(english(&format!("{chrome} Edg/150.0.0.0")), "Edge on Windows");
        assert_eq!(
            english("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"),
            "Firefox on Linux"
        );
        assert_eq!(english("w3m/0.5.3"), "w3m");
        assert_eq!(english("Buy now at evil.example"), "Unknown device");
        let spanish = device_name(Some(chrome), Locale::Es);
        assert_eq!(spanish, "Chrome en Windows");
    }
}
