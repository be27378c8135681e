//! Bulk acts: what an admin does to many places at once, after a confirmation.

use std::collections::BTreeSet;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::deletion::Deletion;
use super::entry_list::{self, View};
use super::restoration::deletion_of_places;
use super::selection::{Act, Asked, ConfirmedAct, NOBODY, Preview, Selection};
use super::words::Words;
use super::words::bulk::{BulkWords, Share};
use crate::audit::event::Actor;
use crate::values::id::DeletionId;
use crate::web::page::form::Form;
use crate::web::page::query::{self, Origin, Query};
use crate::web::page::response;
use crate::web::page::search::Count;
use crate::web::page::search::set_field::SetField;
use crate::web::{self, Admin, Answer, App, Error, FieldErrors, Layout, Request, paths};

/// The act, and whom it is about. `act` is one of the buttons: `delete`, `ask`, `delete-all`, `ask-all`; on the page of a
/// place, `delete-one` or `ask-one`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Bulk {
    act: String,
    id: Vec<String>,
    expected: String,
    #[serde(deserialize_with = "query::filter")]
    q: String,
    #[serde(deserialize_with = "query::filter")]
    role: String,
    #[serde(deserialize_with = "query::filter")]
    state: String,
    #[serde(deserialize_with = "query::filter")]
    from: String,
    #[serde(deserialize_with = "query::filter")]
    to: String,
    #[serde(deserialize_with = "query::filter")]
    source: String,
    #[serde(deserialize_with = "query::filter")]
    sort: String,
    #[serde(deserialize_with = "query::filter")]
    after: String,
    #[serde(deserialize_with = "query::filter")]
    before: String,
    #[serde(deserialize_with = "query::filter")]
    search: String,
    #[serde(rename = "opened-from", deserialize_with = "query::filter")]
    opened_from: String,
}

/// Ends the name of an act on the page of a place.
pub(super) const ONE: &str = "-one";
/// What the name of an act ends with that is done to all who match.
const ALL: &str = "-all";

#[derive(Template)]
#[template(path = "waitlist/review/bulk.html")]
struct BulkPage {
    t: &'static BulkWords,
    layout: Layout,
    bulk: Bulk,
    selection: Selection,
    preview: Preview,
    /// Whether any of those that are shown has an account.
    has_account: bool,
    /// The page from which it was opened.
    origin: Origin,
    has_moved: bool,
}

/// What would be done, to how many, and to whom for example.
///
/// # Errors
/// When the act is none, or the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(bulk): Query<Bulk>) -> web::Result {
    match bulk.selection(&layout)? {
        Ok(selection) => response::ok(BulkPage::read(&app, layout, bulk, selection).await?),
        Err(errors) => entry_list::refuse(layout, bulk.view(), errors),
    }
}

/// Does it, if it still concerns as many.
///
/// # Errors
/// When the act is none, or the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    form: Form<Bulk>,
) -> web::Result {
    let bulk = form.into_inner();
    let selection = match bulk.selection(&layout)? {
        Ok(selection) => selection,
        Err(errors) => return entry_list::refuse(layout, bulk.view(), errors),
    };
    let expected = bulk.expected.parse().map_err(|_| Error::BAD_REQUEST)?;
    let act = ConfirmedAct { selection: selection.clone(), expected, actor: Actor::new(&viewer.id, &client) };
    let (now, keys, t) = (app.clock.now(), app.keys.clone(), BulkWords::of(layout.locale));
    let origin = bulk.origin(&selection);
    let list = origin.back(paths::waitlist::LIST);
    let answer = app.db.write(move |conn| {
        let answer = match act.selection.act {
            _ if !(1..=act.selection.most()).contains(&act.expected) => None,
            Act::Delete => Deletion::make(conn, now, &act)?.map(|id| deleted(&id, &origin)),
            Act::Ask => act.ask(conn, now, &keys)?.map(|asked| told(t, asked, &origin)),
        };
        answer.as_ref().map_or(Ok(()), |answer| submission.record(conn, answer))?;
        Ok(answer)
    });
    if let Some(answer) = answer.await? {
        return answer.send(&http);
    }
    let layout = Layout { path: list, ..layout.without_form() };
    let page = BulkPage::read(&app, layout, bulk, selection).await?;
    response::conflict(BulkPage { has_moved: true, ..page })
}

/// The page of the deletion.
fn deleted(id: &DeletionId, origin: &Origin) -> Answer {
    Answer::see_other(origin.kept_in(&paths::with_id(paths::waitlist::DELETION, id.as_str())))
        .about(deletion_of_places(id))
}

/// The list as it was, which says how many were asked, and why others were not.
fn told(t: &BulkWords, asked: Asked, origin: &Origin) -> Answer {
    let (answer, words) = (Answer::see_other(origin.back(paths::waitlist::LIST)), t.asked(asked));
    if asked.sent == 0 { answer.with_problem(words) } else { answer.with_flash(words) }
}

impl Bulk {
    /// The act and its entries, or what of the filter cannot be read.
    fn selection(&self, layout: &Layout) -> Result<Result<Selection, FieldErrors>, Error> {
        let act = match [ALL, ONE].iter().find_map(|which| self.act.strip_suffix(which)).unwrap_or(&self.act) {
            "delete" => Act::Delete,
            "ask" => Act::Ask,
            _ => return Err(Error::Refused(StatusCode::UNPROCESSABLE_ENTITY)),
        };
        let is_all = self.act.ends_with(ALL);
        let ids: BTreeSet<i64> = self.id.iter().filter(|_| !is_all).filter_map(|id| id.parse().ok()).collect();
        let ids = if is_all || !ids.is_empty() { ids.into_iter().collect() } else { vec![NOBODY] };
        Ok(self.view().filter(layout).map(|filter| Selection { act, ids, filter }))
    }

    /// The list of the entries that it is about, when none was ticked.
    fn view(&self) -> View {
        let Self { q, role, state, from, to, source, sort, .. } = self.clone();
        View { q, role, state, from, to, source, sort, ..View::default() }
    }

    /// Where it was opened.
    fn origin(&self, selection: &Selection) -> Origin {
        let Self { after, before, search, opened_from, .. } = self.clone();
        let beside = [("after", after), ("before", before), ("search", search), ("opened-from", opened_from)];
        Origin::list(selection.filter.parameters().into_iter().chain(beside))
    }
}

impl BulkPage {
    async fn read(app: &App, layout: Layout, bulk: Bulk, selection: Selection) -> Result<Self, Error> {
        let (of, origin, verified_addresses) = (selection.clone(), bulk.origin(&selection), app.verified_addresses);
        let read = app.db.read(move |conn| {
            let preview = of.preview(conn)?;
            let has_account = of.act == Act::Delete && !verified_addresses(conn, &preview.samples)?.is_empty();
            Ok((preview, has_account))
        });
        let ((preview, has_account), t) = (read.await?, BulkWords::of(layout.locale));
        Ok(Self { t, layout, bulk, selection, preview, has_account, origin, has_moved: false })
    }

    /// What becomes of the accounts of those whose places are deleted, where one of them has one or may have.
    fn about_accounts(&self) -> Option<&'static str> {
        let is_any_unseen = usize::try_from(self.count()).is_ok_and(|count| count > self.preview.samples.len());
        match self.selection.act {
            Act::Delete if self.has_account && self.count() == 1 => Some(self.t.account_stays),
            Act::Delete if self.has_account || is_any_unseen => Some(self.t.accounts_stay),
            _ => None,
        }
    }

    fn is_too_much(&self) -> bool {
        match self.preview.count {
            Count::Exactly(count) => count > self.selection.most(),
            Count::MoreThan(_) => true,
        }
    }

    /// How many are chosen, when it is known exactly.
    fn count(&self) -> i64 {
        let (Count::Exactly(count) | Count::MoreThan(count)) = self.preview.count;
        count
    }

    fn is_all(&self) -> bool {
        self.selection.ids.is_empty()
    }

    /// `3 selected places`
    fn ticked(&self) -> String {
        let ticked = i64::try_from(self.selection.ids.len()).unwrap_or(i64::MAX);
        self.t.ticked.count(self.layout.locale, ticked)
    }

    /// Whether the addresses on the page are those of all to whom it is done.
    fn are_all_shown(&self) -> bool {
        usize::try_from(self.count()).is_ok_and(|count| count == self.preview.samples.len())
    }

    /// The question; what there is to know when nothing can be done.
    fn title(&self) -> String {
        let Self { t, selection, preview, .. } = self;
        match self.count() {
            _ if selection.is_nobody() => t.nobody_chosen.to_owned(),
            0 => t.nothing_title.to_owned(),
            _ => match self.only() {
                Some(email) => t.question_of(selection.act, email),
                None => t.question(selection.act, preview.count),
            },
        }
    }

    /// The address of the place, where it is about one.
    fn only(&self) -> Option<&str> {
        self.preview.samples.first().filter(|_| self.count() == 1).map(String::as_str)
    }

    /// Whether one place was ticked, or the act was chosen on its page.
    fn is_one_ticked(&self) -> bool {
        self.selection.ids.len() == 1 && self.only().is_some()
    }

    /// The page of that place, with the way back from there.
    fn place(&self) -> Option<String> {
        let id = self.selection.ids.first().filter(|_| self.is_one_ticked())?;
        Some(self.origin.kept_in(&paths::with_id(paths::waitlist::ENTRY, &id.to_string())))
    }

    /// How many of the chosen are left out, and why: `10 of 42 get it. Left out: Confirmed (30), Left (2).`
    fn left_out(&self) -> Option<String> {
        let (states, chosen) = (&self.preview.left_out, self.count());
        let all = chosen + states.iter().map(|(_, count)| count).sum::<i64>();
        (!states.is_empty()).then(|| self.t.left_out(Share { chosen, all }, &self.t.why_left_out(states)))
    }

    /// What was chosen, in the words of the list's form.
    fn filter_in_words(&self) -> Vec<SetField> {
        Words::of(self.layout.locale).given(&self.selection.filter)
    }

    /// The list as it was, ticks included, or the search. Whoever comes from the page of a place ticked none.
    fn back(&self) -> String {
        let is_ticked = !self.bulk.act.ends_with(ONE) && !self.selection.is_nobody();
        let ids: Vec<_> = self.selection.ids.iter().filter(|_| is_ticked).map(i64::to_string).collect();
        let all = self.bulk.act.ends_with(ALL).then_some((paths::TICKED_PARAMETER, "all"));
        let ticked: Vec<_> = ids.iter().map(|id| ("id", id.as_str())).chain(all).collect();
        self.origin.back_beside(paths::waitlist::LIST, &ticked)
    }
}
