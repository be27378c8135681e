//! What an admin searches the accounts for.

use crate::accounts::user::state::{KIND, STATE, UserState};
use crate::values::account_kind::AccountKind;
use crate::values::search_term::SearchTerm;

// For statements: as in `user_search_idx`.
const LETTERS: &str = "ARRAY[left(lower(email), 1), left(lower(email), 2), left(lower(name), 1), left(lower(name), 2)]";
const BOTH: &str = r"lower(email || E'\n' || coalesce(name, ''))";

/// Which accounts.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Those whose address or name has this.
    pub term: Option<SearchTerm>,
    /// Those of this kind.
    pub kind: Option<AccountKind>,
    /// Those in this state.
    pub state: Option<UserState>,
}

impl UserFilter {
    /// Whether it leaves everyone.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.term.is_none() && self.kind.is_none() && self.state.is_none()
    }

    /// What a row has to meet, with the term's pattern and letters as `$1` and `$2`.
    pub(in crate::accounts) fn conditions(&self) -> String {
        let mut all = Vec::new();
        let (kind, state) = (self.kind.map(AccountKind::as_str), self.state.map(UserState::as_str));
        let names: Vec<_> = kind.into_iter().chain(state).map(|name| format!("'{name}'")).collect();
        if !names.is_empty() {
            all.push(format!("ARRAY[{KIND}, {STATE}] @> ARRAY[{}]", names.join(", ")));
        }
        match &self.term {
            Some(term) if term.is_anywhere() => all.push(format!("{BOTH} LIKE lower($1)")),
            Some(_) => all.push(format!(
                "{LETTERS} @> ARRAY[lower($2)] AND (lower(email) LIKE lower($1) OR lower(name) LIKE lower($1))"
            )),
            None => {}
        }
        if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
    }
}
