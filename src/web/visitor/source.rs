//! Where somebody who joins came from, as the address of the page named it: `?from=newsletter`.

use std::fmt;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// The parameter of a page's address that names a source.
pub const PARAMETER: &str = "from";
/// Another one, which programs for campaigns write.
const CAMPAIGN: &str = "utm_source";
/// The longest source, in characters.
const MOST: usize = 64;

/// A source: small letters, digits, dots, hyphens and underscores of ASCII. It can hold no address of a mailbox, and nothing
/// that a spreadsheet or a page could take for more than a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

/// What a form, a query or JSON holds in its place.
#[derive(Deserialize)]
#[serde(untagged)]
enum Given {
    Text(String),
    Other(IgnoredAny),
}

impl Source {
    /// The source that the query of an address names; where it names several, the first of `from`, else of `utm_source`.
    #[must_use]
    pub fn of_query(query: &str) -> Option<Self> {
        let named = |parameter: &str| {
            let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == parameter);
            // The names of campaigns have spaces.
            values.find_map(|(_, value)| Self::parse(&value.trim().replace(' ', "-")))
        };
        named(PARAMETER).or_else(|| named(CAMPAIGN))
    }

    /// Reads a source, in small letters: whoever writes a link and whoever looks for it may write it differently. Nothing when
    /// it is none.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let source = typed.trim();
        let is_plain = source.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        ((1..=MOST).contains(&source.len()) && is_plain).then(|| Self(source.to_ascii_lowercase()))
    }

    /// The source as its column holds it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reads a field that may hold a source, for `#[serde(deserialize_with)]`. Whatever else it holds counts as nothing: nobody is
/// refused for the address by which they came.
///
/// # Errors
/// Those of the form or the JSON around it.
pub fn lenient<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Source>, D::Error> {
    Ok(match Given::deserialize(field)? {
        Given::Text(typed) => Source::parse(&typed),
        Given::Other(IgnoredAny) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_plain_short_word_is_a_source() {
        for source in ["newsletter", "linkedin.com", "feria_2026-09", &"x".repeat(64)] {
            assert_eq!(Source::parse(source).unwrap().as_str(), source);
        }
        assert_eq!(Source::parse(" Feria-2026 ").unwrap().as_str(), "feria-2026");
        let others = ["", " ", "ana@example.cl", "a b", "=cmd", "<b>", "señal", "a\nb", "a\0", &"x".repeat(65)];
        for other in others {
            assert_eq!(Source::parse(other), None, "{other:?}");
        }
    }
    #[test]
    fn the_first_source_of_an_address_counts() {
        let of = |query| Source::of_query(query).map(|source| source.to_string()).unwrap_or_default();
        assert_eq!(of("from=a&from=b"), "a");
        assert_eq!(of("from=&utm_source=Google+Ads&from=b"), "b");
        assert_eq!(of("from=%40&utm_source=Google+Ads&utm_source=c"), "google-ads");
        assert_eq!(of("role=employee"), "");
    }
}
