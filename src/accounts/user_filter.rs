//! What an admin searches the accounts for.

use super::user_state::{KIND, STATE, UserState};
use crate::values::account_kind::AccountKind;

/// Longest term, in characters; no address is longer.
const LONGEST_TERM: usize = 254;

// For statements: as in `user_search_idx`.
const LETTERS: &str = "ARRAY[left(lower(email), 1), left(lower(email), 2), left(lower(name), 1), left(lower(name), 2)]";
const BOTH: &str = r"lower(email || E'\n' || coalesce(name, ''))";

/// What somebody searches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term(String);

/// Which accounts.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Those whose address or name has this.
    pub term: Option<Term>,
    /// Those of this kind.
    pub kind: Option<AccountKind>,
    /// Those in this state.
    pub state: Option<UserState>,
}

impl Term {
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

    /// Whether an index can find it within a word: only then has it a part of three letters or digits. Others are
    /// looked for where an address or a name begins.
    fn is_anywhere(&self) -> bool {
        self.0.split(|c: char| !c.is_alphanumeric()).any(|run| run.chars().count() >= 3)
    }

    /// For LIKE: whatever it holds stands for itself.
    pub(super) fn pattern(&self) -> String {
        let escaped = self.0.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
        if self.is_anywhere() { format!("%{escaped}%") } else { format!("{escaped}%") }
    }

    /// The one or two letters that it begins with.
    pub(super) fn letters(&self) -> String {
        self.0.chars().take(2).collect()
    }
}

impl UserFilter {
    /// Whether it leaves everyone.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.term.is_none() && self.kind.is_none() && self.state.is_none()
    }

    /// What a row has to meet.
    pub(super) fn conditions(&self) -> String {
        let mut all = Vec::new();
        if self.kind.is_some() || self.state.is_some() {
            all.push(format!("ARRAY[{KIND}, {STATE}] @> $1"));
        }
        match &self.term {
            Some(term) if term.is_anywhere() => all.push(format!("{BOTH} LIKE lower($2)")),
            Some(_) => all.push(format!(
                "{LETTERS} @> ARRAY[lower($3)] AND (lower(email) LIKE lower($2) OR lower(name) LIKE lower($2))"
            )),
            None => {}
        }
        if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
    }

    pub(super) fn kind_and_state(&self) -> Vec<&'static str> {
        let (kind, state) = (self.kind.map(AccountKind::as_str), self.state.map(UserState::as_str));
        kind.into_iter().chain(state).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_stands_for_itself() {
        let pattern = |typed| Term::parse(typed).map(|term| term.pattern());
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
