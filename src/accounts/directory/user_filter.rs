//! What an admin searches the accounts for.

use crate::accounts::user::state::{KIND, STATE, UserState};
use crate::db::binds::Binds;
use crate::values::account_kind::AccountKind;
use crate::values::search_term::SearchTerm;

// For statements: as in `user_key_search_idx`.
const LETTERS: &str =
    "ARRAY[left(lower(email), 1), left(lower(email), 2), left(search_key(name), 1), left(search_key(name), 2)]";
const BOTH: &str = r"search_key(email || E'\n' || coalesce(name, ''))";

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
    /// Whether it excludes nobody.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.term.is_none() && self.kind.is_none() && self.state.is_none()
    }

    /// Its parameters, as an address has them; an empty one is not given.
    pub(super) fn parameters(&self) -> [(&'static str, &str); 3] {
        [
            ("q", self.term.as_ref().map_or("", SearchTerm::as_str)),
            ("kind", self.kind.map_or("", AccountKind::as_str)),
            ("state", self.state.map_or("", UserState::as_str)),
        ]
    }

    /// What a row has to meet.
    pub(in crate::accounts) fn conditions(&self, binds: &mut Binds) -> String {
        let mut all = Vec::new();
        let (kind, state) = (self.kind.map(AccountKind::as_str), self.state.map(UserState::as_str));
        let names: Vec<_> = kind.into_iter().chain(state).map(|name| format!("'{name}'")).collect();
        if !names.is_empty() {
            all.push(format!("ARRAY[{KIND}, {STATE}] @> ARRAY[{}]", names.join(", ")));
        }
        if let Some(term) = &self.term {
            let pattern = binds.add(term.pattern());
            all.push(match term.domain_pattern() {
                Some(domain) => {
                    format!("({BOTH} LIKE search_key({pattern}) OR {BOTH} LIKE {})", binds.add(domain))
                }
                None if term.is_anywhere() => format!("{BOTH} LIKE search_key({pattern})"),
                None => {
                    let begins =
                        format!("(lower(email) LIKE lower({pattern}) OR search_key(name) LIKE search_key({pattern}))");
                    format!("{LETTERS} @> ARRAY[search_key({})] AND {begins}", binds.add(term.letters()))
                }
            });
        }
        if all.is_empty() { "true".to_owned() } else { all.join(" AND ") }
    }
}
