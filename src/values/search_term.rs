//! What somebody searches a list for.

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest term, in characters; no address is longer.
const LONGEST_TERM: usize = 254;

/// What somebody searches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchTerm(String);

impl SearchTerm {
    /// Reads what was typed; nothing when there is nothing to search for.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let term: String = typed.trim().chars().take(LONGEST_TERM).collect();
        let is_term = !term.is_empty() && !term.contains(char::is_control);
        is_term.then_some(Self(term))
    }

    /// The term as it was typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it has three letters or digits in a row. The index of trigrams can find it anywhere only then; a shorter
    /// term is looked for where an address or a name begins.
    #[must_use]
    pub fn is_anywhere(&self) -> bool {
        self.0.split(|c: char| !c.is_alphanumeric()).any(|run| run.chars().count() >= 3)
    }

    /// Its pattern for LIKE, in which every character of the term stands for itself.
    #[must_use]
    pub fn pattern(&self) -> String {
        let escaped = escape_like(&self.0);
        if self.is_anywhere() { format!("%{escaped}%") } else { format!("{escaped}%") }
    }

    /// The pattern of an address whose domain has letters outside ASCII, as addresses are kept: `ñandú` is the label
    /// `xn--and-6ma2c`. None for a term that is no part of such a domain.
    #[must_use]
    pub fn domain_pattern(&self) -> Option<String> {
        let (before, domain) = self.0.rsplit_once('@').map_or(("", self.0.as_str()), |(local, domain)| (local, domain));
        if domain.is_ascii() || !before.is_ascii() || !self.is_anywhere() {
            return None;
        }
        let labels: Option<Vec<_>> = domain.split('.').map(label).collect();
        let at = if self.0.contains('@') { "@" } else { "" };
        Some(format!("%{}%", escape_like(&format!("{}{at}{}", before.to_lowercase(), labels?.join(".")))))
    }

    /// The pattern of an address whose letters are those of the term without their accents, since the part before the `@` has
    /// none: `Peña` is part of `ana.pena@`. None for a term without accents.
    #[must_use]
    pub fn plain_pattern(&self) -> Option<String> {
        let plain: String = self.0.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
        let is_other = self.is_anywhere() && !self.0.is_ascii() && plain.is_ascii();
        is_other.then(|| format!("%{}%", escape_like(&plain)))
    }

    /// The one or two letters that it begins with.
    #[must_use]
    pub fn letters(&self) -> String {
        self.0.chars().take(2).collect()
    }
}

/// A label of a domain as it is kept (RFC 5890, A-label); the first and last one of a term may be empty.
fn label(typed: &str) -> Option<String> {
    let ascii = Uts46::new().to_ascii(typed.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow, DnsLength::Ignore);
    ascii.ok().map(std::borrow::Cow::into_owned)
}

/// A text for LIKE, in which every character stands for itself.
#[must_use]
pub fn escape_like(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_domain_is_looked_for_as_domains_are_kept() {
        let pattern = |typed| SearchTerm::parse(typed).and_then(|term| term.domain_pattern());
        assert_eq!(pattern("Ñandú"), Some("%xn--and-6ma2c%".to_owned()));
        assert_eq!(pattern("ANA_R@ñandú.cl"), Some(r"%ana\_r@xn--and-6ma2c.cl%".to_owned()));
        assert_eq!(pattern("@ñandú."), Some("%@xn--and-6ma2c.%".to_owned()));
        for other in ["nandu.cl", "ñu", "ñandú@", "ñandú%"] {
            assert_eq!(pattern(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_part_of_an_address_is_looked_for_without_accents() {
        let pattern = |typed| SearchTerm::parse(typed).and_then(|term| term.plain_pattern());
        assert_eq!(pattern("Peña"), Some("%pena%".to_owned()));
        assert_eq!(pattern("pen\u{303}a"), Some("%pena%".to_owned()));
        assert_eq!(pattern("José_R"), Some(r"%jose\_r%".to_owned()));
        for other in ["pena", "ñu", "Łukasz", "мария"] {
            assert_eq!(pattern(other), None, "{other:?}");
        }
    }

    #[test]
    fn a_term_stands_for_itself() {
        let pattern = |typed| SearchTerm::parse(typed).map(|term| term.pattern());
        assert_eq!(pattern(" Rojas "), Some("%Rojas%".to_owned()));
        assert_eq!(pattern(r"50%_off\"), Some(r"%50\%\_off\\%".to_owned()));
        assert_eq!(pattern("an"), Some("an%".to_owned()));
        assert_eq!(pattern("%"), Some(r"\%%".to_owned()));
        assert_eq!(pattern("uño"), Some("%uño%".to_owned()));
        assert_eq!(pattern("@a.b"), Some("@a.b%".to_owned()));
        for nothing in ["", "  ", "a\0b", "a\nb"] {
            assert_eq!(pattern(nothing), None, "{nothing:?}");
        }
    }
}
