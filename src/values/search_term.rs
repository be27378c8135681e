//! What somebody searches a list for.

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

    /// The one or two letters that it begins with.
    #[must_use]
    pub fn letters(&self) -> String {
        self.0.chars().take(2).collect()
    }
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
