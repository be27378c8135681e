//! The admin's list of the accounts: searched, filtered, page by page, every view an address.

use askama::Template;
use serde::Deserialize;

use super::user_filter::UserFilter;
use super::user_search::{self, FoundUser};
use super::words::Words;
use crate::accounts::user::state::UserState;
use crate::values::account_kind::AccountKind;
use crate::values::id::UserId;
use crate::values::search_term::SearchTerm;
use crate::web::page::paging::{Paged, Pager, Position};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::page::search::Count;
use crate::web::{self, Admin, Layout, Request, paths};

const KINDS: [AccountKind; 3] = [AccountKind::Employee, AccountKind::Organization, AccountKind::Admin];

/// A view of the list. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    q: String,
    kind: String,
    state: String,
    after: String,
    before: String,
}

#[derive(Template)]
#[template(path = "accounts/directory/user_list.html")]
struct UsersPage {
    t: &'static Words,
    layout: Layout,
    filter: UserFilter,
    count: Option<Count>,
    users: Paged<FoundUser, UserId>,
}

/// One page of the list.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, Request { app, layout, .. }: Request, Query(view): Query<View>) -> web::Result {
    let (filter, position) = (view.filter(), Position::parse(&view.after, &view.before));
    let of = filter.clone();
    let (users, count) = app.db.read(move |conn| user_search::page(conn, &of, &position)).await?;
    response::ok(UsersPage { t: Words::of(layout.locale), layout, filter, count, users })
}

impl View {
    fn filter(&self) -> UserFilter {
        UserFilter {
            term: SearchTerm::parse(&self.q),
            kind: KINDS.into_iter().find(|kind| kind.as_str() == self.kind),
            state: UserState::parse(&self.state),
        }
    }
}

impl UsersPage {
    /// The values of the field, with their words.
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.t.all_kinds);
        std::iter::once(all).chain(KINDS.map(|kind| (kind.as_str(), self.t.kinds_of(kind)))).collect()
    }

    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.t.all_states);
        std::iter::once(all).chain(UserState::ALL.map(|state| (state.as_str(), self.t.state_of(state)))).collect()
    }

    fn term(&self) -> &str {
        self.filter.term.as_ref().map_or("", SearchTerm::as_str)
    }

    fn kind(&self) -> &'static str {
        self.filter.kind.map_or("", AccountKind::as_str)
    }

    fn state(&self) -> &'static str {
        self.filter.state.map_or("", UserState::as_str)
    }

    /// The pages beside this one, with the same filter.
    fn pager(&self) -> Pager {
        let filter = [("q", self.term()), ("kind", self.kind()), ("state", self.state())];
        self.users.pager(paths::accounts::USERS, &filter)
    }

    /// Whether nobody matches the filter. Otherwise an empty page has users on the pages before it.
    fn is_nobody_there(&self) -> bool {
        self.count.is_some_and(|count| count == Count::Exactly(0))
    }

    fn page_of(user: &FoundUser) -> String {
        paths::with_id(paths::accounts::USER, user.id.as_str())
    }
}
