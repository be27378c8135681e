//! A path on this site, as the parameter `next` names it: where a visitor goes on, after a log-in for example.

use std::fmt;

use serde::{Deserialize, Deserializer};
use url::Url;

/// Longest path with its query, in bytes.
pub const MAX_BYTES: usize = 512;

/// A path and query that stay on this site; anything else is dropped.
///
/// Open redirects are the classic fault of `next` (CVE-2024-56734, CVE-2025-27143, Django's CVE-2016-2512):
/// `//evil`, `/\evil`, `/%09/evil` and the like must never become a `Location`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SitePath(String);

impl SitePath {
    /// Reads a path, or nothing when it could lead elsewhere.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let suspicious = |c: char| c == '\\' || c.is_control() || c.is_whitespace();
        let begins = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
        let leads_away = ["//", "/%2f", "/%5c"].into_iter().any(begins);
        if !text.starts_with('/') || leads_away || text.len() > MAX_BYTES || text.chars().any(suspicious) {
            return None;
        }
        // Segments of letters alone mean the same to every parser.
        if text.split('/').all(|segment| segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')) {
            return Some(Self(text.to_owned()));
        }
        // A URL parser as the browser has it checks again, and resolves `..`.
        let site = Url::parse("http://site.invalid/").ok()?;
        let url = site.join(text).ok().filter(|url| url.origin() == site.origin())?;
        let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        (!path.starts_with("//")).then_some(Self(path))
    }

    /// The path and query, ready for `Location` and for a hidden field.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<SitePath> for String {
    fn from(path: SitePath) -> Self {
        path.0
    }
}

impl fmt::Display for SitePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// For `#[serde(default, deserialize_with)]` on a form's or a query's `next`: a bad one is dropped, not an error.
///
/// # Errors
/// Only when the field is no text at all.
pub fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SitePath>, D::Error> {
    Ok(SitePath::parse(&String::deserialize(deserializer)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_of_this_site_are_kept() {
        for path in ["/", "/account", "/admin/waitlist?role=employee&after=12", "/a/b%20c?x=%2F"] {
            assert_eq!(SitePath::parse(path).unwrap().as_str(), path);
        }
        assert_eq!(SitePath::parse("/account/#top").unwrap().as_str(), "/account/");
        assert_eq!(SitePath::parse("/a/../admin").unwrap().as_str(), "/admin");
    }

    #[test]
    fn whatever_leads_elsewhere_is_dropped() {
        for path in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/%2fevil.example",
            "/%5Cevil.example",
            "///evil.example",
            "/./\\evil",
            "http://evil.example",
            "javascript:alert(1)",
            "\\\\evil",
            " /account",
            "/a\nb",
            "/a b",
            "/..//evil.example",
            "/.//evil.example",
            "https:/evil",
            "@evil.example",
            "/\u{2028}x",
        ] {
            assert_eq!(SitePath::parse(path), None, "{path:?}");
        }
        assert_eq!(SitePath::parse(&format!("/{}", "a".repeat(MAX_BYTES))), None);
    }

    proptest! {
        #[test]
        fn no_text_ever_leaves_the_site(text in "\\PC{0,60}|[/\\\\.%25fFcC@:a-z?#\t]{0,30}") {
            if let Some(path) = SitePath::parse(&text) {
                let base = Url::parse("https://biovity.cl/x/y").unwrap();
                let target = base.join(path.as_str()).unwrap();
                prop_assert_eq!(target.origin(), base.origin());
                prop_assert!(path.as_str().is_ascii());
            }
        }
    }
}
