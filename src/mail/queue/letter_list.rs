//! The outbox's page for admins: its status, the last replies of relays, its letters; pausing and resuming.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::outbox_status::{self, OutboxStatus};
use super::queued_letter::QueuedLetter;
use super::sending_pause;
use super::words::Words;
use crate::audit::event::{Action, Actor};
use crate::mail::state::State;
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;
use crate::web::page::paging::{Cursor, LIMIT, Paged, Pager, Position};
use crate::web::page::query::{self, Origin, Query, given};
use crate::web::page::response;
use crate::web::{self, Admin, Answer, App, FieldErrors, Layout, Request, paths};

/// The id of the list in the page, far below the figures.
const LIST: &str = "letters";

/// A view of the list. A position that cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    #[serde(deserialize_with = "query::filter")]
    state: String,
    #[serde(deserialize_with = "query::filter")]
    after: String,
    #[serde(deserialize_with = "query::filter")]
    before: String,
}

#[derive(Template)]
#[template(path = "mail/queue/letter_list.html")]
struct ListPage {
    t: &'static Words,
    layout: Layout,
    view: View,
    errors: FieldErrors,
    now: Timestamp,
    state: Option<State>,
    status: OutboxStatus,
    counts: Vec<(State, i64)>,
    replies: Vec<QueuedLetter>,
    letters: Paged<QueuedLetter, LetterId>,
}

/// The form with what is wrong with the filter, and no list.
#[derive(Template)]
#[template(path = "mail/queue/filter_refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    view: View,
    errors: FieldErrors,
}

/// The status of the outbox, and one page of its letters.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let (now, t) = (app.clock.now(), Words::of(layout.locale));
    let layout = layout.with_typed_filter(paths::mail::QUEUE);
    let mut errors = FieldErrors::default();
    let state = errors.take("state", given(&view.state, State::parse, layout.t.admin.no_choice));
    let Some(state) = state else { return response::invalid(RefusedPage { t, layout, view, errors }) };
    let position = Position::parse(&view.after, &view.before);
    let read = move |conn: &mut _| {
        let walk = |position: &Position<LetterId>| match position {
            Position::Start => QueuedLetter::older(conn, state, None, LIMIT),
            Position::After(last) => QueuedLetter::older(conn, state, Some(last), LIMIT),
            Position::Before(first) => QueuedLetter::newer(conn, state, first, LIMIT),
        };
        let cursor = |letter: &QueuedLetter| Cursor { created_at: letter.created_at, id: letter.id.clone() };
        let letters = Paged::read(&position, walk, cursor)?;
        let counts = outbox_status::counts(conn)?;
        Ok((letters, OutboxStatus::find(conn, now)?, counts, QueuedLetter::replied(conn)?))
    };
    let (letters, status, counts, replies) = app.db.read(read).await?;
    response::ok(ListPage { t, layout, view, errors, now, state, status, counts, replies, letters })
}

/// Pauses all mail. A second time changes nothing, so no answer is stored; the same with resuming it.
///
/// # Errors
/// When the database is unavailable.
pub async fn pause(Admin(viewer): Admin, request: Request, http: HttpRequest) -> web::Result {
    let Request { app, layout, client, .. } = request;
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let pause = move |conn: &mut _| {
        let was_running = sending_pause::pause(conn, now, &viewer.id)?;
        if was_running { Action::MailPaused.to_many(&actor).record(conn, now) } else { Ok(()) }
    };
    let answer = Answer::see_other(kept_in(paths::mail::QUEUE, View::kept(&http)))
        .with_flash(Words::of(layout.locale).paused_now);
    app.db.write(pause).await?;
    answer.send(&http)
}

/// Resumes it.
///
/// # Errors
/// When the database is unavailable.
pub async fn resume(Admin(viewer): Admin, request: Request, http: HttpRequest) -> web::Result {
    let Request { app, layout, client, .. } = request;
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let resume = move |conn: &mut _| {
        let was_paused = sending_pause::resume(conn)?;
        if was_paused { Action::MailResumed.to_many(&actor).record(conn, now) } else { Ok(()) }
    };
    let answer = Answer::see_other(kept_in(paths::mail::QUEUE, View::kept(&http)))
        .with_flash(Words::of(layout.locale).resumed_now);
    app.db.write(resume).await?;
    answer.send(&http)
}

impl View {
    /// The state of the list from which a page was opened: the query of the page keeps it. What cannot be read counts as
    /// not given.
    fn kept(http: &HttpRequest) -> Option<State> {
        let view = serde_html_form::from_str::<Self>(http.query_string()).unwrap_or_default();
        State::parse(&view.state)
    }
}

/// This path with the state as its query, so that the page there leads back to the list as it was.
fn kept_in(path: &str, state: Option<State>) -> String {
    paths::with_query(path, &[("state", state.map_or("", State::as_str))])
}

impl ListPage {
    fn state(&self) -> &'static str {
        self.state.map_or("", State::as_str)
    }

    /// The address of a button of the list.
    fn button(&self, path: &str) -> String {
        kept_in(path, self.state)
    }

    /// Whether the form has the link to the list without a filter. Where there is no such letter, the box below has it.
    fn is_cleared_in_form(&self) -> bool {
        self.state.is_some() && !self.is_none_there()
    }

    /// The list of one state, where it begins on the page.
    fn of_state(state: State) -> String {
        let list = paths::with_query(paths::mail::QUEUE, &[("state", state.as_str())]);
        format!("{list}#{LIST}")
    }

    fn page_of(&self, letter: &QueuedLetter) -> String {
        let View { after, before, .. } = &self.view;
        let list = [("state", self.state().to_owned()), ("after", after.clone()), ("before", before.clone())];
        Origin::list(list).kept_in(&paths::with_id(paths::mail::QUEUED_LETTER, letter.id.as_str()))
    }

    /// The pages beside this one, with the same filter.
    fn pager(&self) -> Pager {
        self.letters.pager(paths::mail::QUEUE, &[("state", self.state())]).at(LIST)
    }

    /// Whether there is no letter of this state at all. Otherwise an empty page has letters on the pages before it.
    fn is_none_there(&self) -> bool {
        let mut counts = self.counts.iter().filter(|(state, _)| self.state.is_none_or(|of| of == *state));
        counts.all(|(_, letters)| *letters == 0)
    }
}
