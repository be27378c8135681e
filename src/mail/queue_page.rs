//! The outbox's page for admins: how it stands, what relays said, its letters; stopping it and going on.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::queue::{self, Standing};
use super::queued_letter::QueuedLetter;
use super::state::State;
use super::words::Queue;
use crate::audit::event::{Action, Actor};
use crate::values::clock::Timestamp;
use crate::values::id::LetterId;
use crate::web::page::flash::Flash;
use crate::web::page::paging::{Cursor, LIMIT, Paged, Pager, Position};
use crate::web::page::query::Query;
use crate::web::page::response;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, App, Layout, paths};

pub mod letter;

/// A view of the list. What cannot be read counts as not given.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    state: String,
    after: String,
    before: String,
}

#[derive(Template)]
#[template(path = "mail/queue_page.html")]
struct ListPage {
    t: &'static Queue,
    layout: Layout,
    now: Timestamp,
    state: Option<State>,
    standing: Standing,
    counts: Vec<(State, i64)>,
    replies: Vec<QueuedLetter>,
    letters: Paged<QueuedLetter, LetterId>,
}

/// How the outbox stands, and one page of its letters.
///
/// # Errors
/// When the database is away.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, Query(view): Query<View>) -> web::Result {
    let (now, t) = (app.clock.now(), Queue::of(layout.locale));
    let (state, position) = (State::parse(&view.state), Position::parse(&view.after, &view.before));
    let read = move |conn: &mut _| {
        let walk = |position: &Position<LetterId>| match position {
            Position::Start => QueuedLetter::older(conn, state, None, LIMIT),
            Position::After(last) => QueuedLetter::older(conn, state, Some((last.created_at, &last.id)), LIMIT),
            Position::Before(first) => QueuedLetter::newer(conn, state, (first.created_at, &first.id), LIMIT),
        };
        let place = |letter: &QueuedLetter| Cursor { created_at: letter.created_at, id: letter.id.clone() };
        let letters = Paged::read(&position, walk, place)?;
        Ok((letters, Standing::find(conn, now)?, queue::counts(conn)?, QueuedLetter::replied(conn)?))
    };
    let (letters, standing, counts, replies) = app.db.read(read).await?;
    response::ok(ListPage { t, layout, now, state, standing, counts, replies, letters })
}

/// Stops all mail.
///
/// # Errors
/// When the database is away.
pub async fn pause(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): (HttpRequest, Client, Admin),
) -> web::Result {
    let (now, actor, by) = (app.clock.now(), Actor::new(&viewer.id, &client), viewer.id);
    let stop = move |conn: &mut _| {
        let was_running = queue::pause(conn, now, &by)?;
        if was_running { Action::MailPaused.to_many(&actor).record(conn, now) } else { Ok(()) }
    };
    app.db.write(stop).await?;
    done(&request, Queue::of(layout.locale).paused_now)
}

/// Goes on sending it.
///
/// # Errors
/// When the database is away.
pub async fn resume(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): (HttpRequest, Client, Admin),
) -> web::Result {
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let go_on = move |conn: &mut _| {
        let was_paused = queue::resume(conn)?;
        if was_paused { Action::MailResumed.to_many(&actor).record(conn, now) } else { Ok(()) }
    };
    app.db.write(go_on).await?;
    done(&request, Queue::of(layout.locale).resumed_now)
}

fn done(request: &HttpRequest, text: &'static str) -> web::Result {
    SessionCookie::of(request).leave(&Flash::success(text))?;
    response::see_other(paths::mail::QUEUE)
}

impl ListPage {
    /// The values of the field, with their words.
    fn states(&self) -> Vec<(&'static str, &'static str)> {
        let all = ("", self.t.all_states);
        std::iter::once(all).chain(State::ALL.map(|state| (state.as_str(), self.t.state_of(state)))).collect()
    }

    fn state(&self) -> &'static str {
        self.state.map_or("", State::as_str)
    }

    fn of_state(state: State) -> String {
        paths::with_query(paths::mail::QUEUE, &[("state", state.as_str())])
    }

    fn page_of(letter: &QueuedLetter) -> String {
        paths::with_id(paths::mail::QUEUED_LETTER, letter.id.as_str())
    }

    /// The pages beside this one, with the same filter.
    fn pager(&self) -> Pager {
        self.letters.pager(paths::mail::QUEUE, &[("state", self.state())])
    }

    /// Whether there is none of this state at all: else they are on another page.
    fn is_none_there(&self) -> bool {
        let mut counts = self.counts.iter().filter(|(state, _)| self.state.is_none_or(|of| of == *state));
        counts.all(|(_, letters)| *letters == 0)
    }
}
