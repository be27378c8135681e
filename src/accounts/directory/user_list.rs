//! The admin's list of the accounts: searched, filtered, page by page, every view an address.

use askama::Template;
use serde::Deserialize;

use super::user_filter::UserFilter;
use super::user_search::{self, FoundUser};
use super::words::{KINDS, Words};
use crate::accounts::user::state::UserState;
use crate::values::account_kind::AccountKind;
use crate::values::id::UserId;
use crate::values::search_term::SearchTerm;
use crate::web::page::paging::{Paged, Pager, Position};
use crate::web::page::query::{self, Origin, Query, given};
use crate::web::page::response;
use crate::web::page::search::Count;
use crate::web::page::search::set_field::{Chip, SetField};
use crate::web::{self, Admin, FieldErrors, Layout, ListReader, paths};

/// A view of the list. A position that cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    #[serde(deserialize_with = "query::filter")]
    q: String,
    #[serde(deserialize_with = "query::filter")]
    kind: String,
    #[serde(deserialize_with = "query::filter")]
    state: String,
    #[serde(deserialize_with = "query::filter")]
    after: String,
    #[serde(deserialize_with = "query::filter")]
    before: String,
}

#[derive(Template)]
#[template(path = "accounts/directory/user_list.html")]
struct UsersPage {
    t: &'static Words,
    layout: Layout,
    view: View,
    errors: FieldErrors,
    filter: UserFilter,
    /// Where the pages of the accounts lead back to.
    origin: Origin,
    count: Option<Count>,
    users: Paged<FoundUser, UserId>,
}

/// The form with what is wrong with the filter, and no list.
#[derive(Template)]
#[template(path = "accounts/directory/filter_refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    view: View,
    errors: FieldErrors,
}

/// One page of the list.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, reader: ListReader, layout: Layout, Query(view): Query<View>) -> web::Result {
    let (t, layout) = (Words::of(layout.locale), layout.with_typed_filter(paths::accounts::USERS));
    let filter = match view.filter(&layout) {
        Ok(filter) => filter,
        Err(errors) => return response::invalid(RefusedPage { t, layout, view, errors }),
    };
    let position = Position::parse(&view.after, &view.before);
    let of = filter.clone();
    let ((users, count), _) = reader.read(move |conn| user_search::page(conn, &of, &position)).await?;
    let (errors, origin) = (FieldErrors::default(), view.origin(&filter));
    response::ok(UsersPage { t, layout, view, errors, filter, origin, count, users })
}

impl View {
    /// The accounts that it asks for, or what cannot be read, field by field.
    fn filter(&self, layout: &Layout) -> Result<UserFilter, FieldErrors> {
        let (mut errors, t) = (FieldErrors::default(), &layout.t.admin);
        let kind = |typed: &str| KINDS.into_iter().find(|kind| kind.as_str() == typed);
        let filter = UserFilter {
            term: errors.take("q", given(&self.q, SearchTerm::parse, t.no_search)).flatten(),
            kind: errors.take("kind", given(&self.kind, kind, t.no_choice)).flatten(),
            state: errors.take("state", given(&self.state, UserState::parse, t.no_choice)).flatten(),
        };
        if errors.is_empty() { Ok(filter) } else { Err(errors) }
    }

    /// This page of the list, for the pages that are opened from it.
    fn origin(&self, filter: &UserFilter) -> Origin {
        let page = [("after", self.after.as_str()), ("before", self.before.as_str())];
        let parameters = filter.parameters().into_iter().chain(page);
        Origin::list(parameters.map(|(name, value)| (name, value.to_owned())))
    }

    /// Whether anything of the filter was typed.
    fn is_filtered(&self) -> bool {
        [&self.q, &self.kind, &self.state].into_iter().any(|typed| !typed.is_empty())
    }
}

impl UsersPage {
    /// Whether the form has the link to the list without a filter. Where nobody matches, the box below has it.
    fn is_cleared_in_form(&self) -> bool {
        self.view.is_filtered() && !self.is_nobody_there()
    }

    /// What is set beside the search, each as a link that takes it away.
    fn chips(&self) -> Vec<Chip> {
        let Self { t, filter, .. } = self;
        let fields = [
            SetField::new("kind", t.kind, filter.kind.map(|kind| t.kinds_of(kind))),
            SetField::new("state", t.state, filter.state.map(|state| t.state_of(state))),
        ];
        fields.into_iter().flatten().map(|field| field.chip(paths::accounts::USERS, &filter.parameters())).collect()
    }

    /// The pages beside this one, with the same filter.
    fn pager(&self) -> Pager {
        self.users.pager(paths::accounts::USERS, &self.filter.parameters())
    }

    /// Whether nobody matches the filter. Otherwise an empty page has users on the pages before it.
    fn is_nobody_there(&self) -> bool {
        self.count.is_some_and(|count| count == Count::Exactly(0))
    }

    fn page_of(&self, user: &FoundUser) -> String {
        self.origin.kept_in(&paths::with_id(paths::accounts::USER, user.id.as_str()))
    }
}
