//! One account's page for admins, and what they can do to it: never set its password, never act in its name.

use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;

use super::user_record::{self, Sent, UserRecord};
use crate::accounts::profile::security_event::{By, Event};
use crate::accounts::session::activation::{self, Outcome};
use crate::accounts::session::session::Listed;
use crate::accounts::session::words::device_name::device_name;
use crate::accounts::session::words::{Sessions, Words as SessionWords};
use crate::accounts::user::state::UserState;
use crate::accounts::user::words::{Users, Words};
use crate::audit::event::Actor;
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::id::UserId;
use crate::web::page::flash::Flash;
use crate::web::page::response;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, App, Error, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/directory/user_page.html")]
struct UserPage {
    t: &'static Users,
    words: &'static Words,
    sessions: &'static Sessions,
    layout: Layout,
    user: UserRecord,
    is_own: bool,
}

/// Why something was not done.
#[derive(Template)]
#[template(path = "accounts/directory/user_refused.html")]
struct RefusedPage {
    t: &'static Users,
    layout: Layout,
    reason: &'static str,
    back: String,
}

/// Facts, sessions and events of an account.
///
/// # Errors
/// When there is no such account, or the database is away.
pub async fn show(Admin(viewer): Admin, app: Data<App>, layout: Layout, id: Path<String>) -> web::Result {
    let (now, id) = (app.clock.now(), known(id)?);
    let user = app.db.read(move |conn| UserRecord::find(conn, now, &id)).await?.ok_or(Error::NOT_FOUND)?;
    let (words, is_own) = (Words::of(layout.locale), user.id == viewer.id);
    let sessions = &SessionWords::of(layout.locale).sessions;
    response::ok(UserPage { t: &words.users, words, sessions, layout, user, is_own })
}

/// Who acts, and from where.
type Acting = (HttpRequest, Client, Admin);

/// Deactivates the account.
///
/// # Errors
/// When there is no such account, or the database is away.
pub async fn deactivate(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): Acting,
    id: Path<String>,
) -> web::Result {
    let (now, id, t) = (app.clock.now(), known(id)?, &Words::of(layout.locale).users);
    // Nobody shuts themselves out by a slip.
    if id == viewer.id {
        return refuse(layout, &id, t.own_account);
    }
    let (actor, of) = (Actor::new(&viewer.id, &client), id.clone());
    match app.db.write(move |conn| activation::deactivate(conn, now, &actor, &of)).await? {
        Outcome::Done => done(&app, &request, &id, t.deactivated),
        Outcome::LastAdmin => refuse(layout, &id, t.last_admin),
        Outcome::NotFound => Err(Error::NOT_FOUND),
    }
}

/// Reactivates the account.
///
/// # Errors
/// When there is no such account, or the database is away.
pub async fn reactivate(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): Acting,
    id: Path<String>,
) -> web::Result {
    let (now, id, t) = (app.clock.now(), known(id)?, &Words::of(layout.locale).users);
    let (actor, of) = (Actor::new(&viewer.id, &client), id.clone());
    match app.db.write(move |conn| activation::reactivate(conn, now, &actor, &of)).await? {
        Outcome::Done | Outcome::LastAdmin => done(&app, &request, &id, t.reactivated),
        Outcome::NotFound => Err(Error::NOT_FOUND),
    }
}

/// Ends every session of the account.
///
/// # Errors
/// When there is no such account, or the database is away.
pub async fn end_sessions(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): Acting,
    id: Path<String>,
) -> web::Result {
    let (now, id, t) = (app.clock.now(), known(id)?, &Words::of(layout.locale).users);
    let (actor, of) = (Actor::new(&viewer.id, &client), id.clone());
    match app.db.write(move |conn| activation::end_sessions(conn, now, &actor, &of)).await? {
        Outcome::Done | Outcome::LastAdmin => done(&app, &request, &id, t.sessions_ended),
        Outcome::NotFound => Err(Error::NOT_FOUND),
    }
}

/// Sends the verification mail again.
///
/// # Errors
/// When there is no such account, or the database is away.
pub async fn resend(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): Acting,
    id: Path<String>,
) -> web::Result {
    let (now, id, t) = (app.clock.now(), known(id)?, &Words::of(layout.locale).users);
    let mail = MailContext { locale: layout.locale, keys: app.keys.clone() };
    let (actor, of) = (Actor::new(&viewer.id, &client), id.clone());
    let sent = move |conn: &mut _| user_record::resend_verification(conn, now, (&actor, &of), &mail);
    match app.db.write(sent).await? {
        Sent::Done => done(&app, &request, &id, t.resent),
        sent => refuse(layout, &id, t.why_not(sent).ok_or(Error::NOT_FOUND)?),
    }
}

/// Sends the owner the link that sets a new password.
///
/// # Errors
/// When there is no such account, or the database is away.
pub async fn reset(
    app: Data<App>,
    layout: Layout,
    (request, client, Admin(viewer)): Acting,
    id: Path<String>,
) -> web::Result {
    let (now, id, t) = (app.clock.now(), known(id)?, &Words::of(layout.locale).users);
    let mail = MailContext { locale: layout.locale, keys: app.keys.clone() };
    let (actor, of) = (Actor::new(&viewer.id, &client), id.clone());
    let sent = move |conn: &mut _| user_record::send_reset(conn, now, (&actor, &of), &mail);
    match app.db.write(sent).await? {
        Sent::Done => done(&app, &request, &id, t.reset_sent),
        sent => refuse(layout, &id, t.why_not(sent).ok_or(Error::NOT_FOUND)?),
    }
}

fn known(id: Path<String>) -> Result<UserId, Error> {
    paths::id_in(&id.into_inner()).map(UserId::from).ok_or(Error::NOT_FOUND)
}

/// Back to the account, whose cached view is out of date from here on.
fn done(app: &App, request: &HttpRequest, id: &UserId, text: &'static str) -> web::Result {
    app.viewer_cache.invalidate(id, app.clock.now());
    SessionCookie::of(request).leave(&Flash::success(text))?;
    response::see_other(paths::with_id(paths::accounts::USER, id.as_str()))
}

fn refuse(layout: Layout, id: &UserId, reason: &'static str) -> web::Result {
    let (t, back) = (&Words::of(layout.locale).users, paths::with_id(paths::accounts::USER, id.as_str()));
    response::conflict(RefusedPage { t, layout, reason, back })
}

impl UserPage {
    fn title(&self) -> &str {
        self.user.name.as_deref().unwrap_or(self.user.email.as_str())
    }

    fn path(&self, pattern: &str) -> String {
        paths::with_id(pattern, self.user.id.as_str())
    }

    fn is_organization(&self) -> bool {
        self.user.kind == AccountKind::Organization
    }

    /// From which device and address it was done.
    fn whence(&self, event: &Event) -> Option<String> {
        let address = event.ip_address.as_ref()?;
        Some(format!("{}, {address}", device_name(event.user_agent.as_deref(), self.layout.locale)))
    }

    fn device(&self, session: &Listed) -> String {
        device_name(session.user_agent.as_deref(), self.layout.locale)
    }

    fn address<'a>(&self, session: &'a Listed) -> &'a str {
        session.ip_address.as_deref().unwrap_or(self.sessions.unknown_address)
    }

    /// Who did it, when it was not the owner of this account.
    fn by<'a>(&self, event: &'a Event) -> Option<&'a str> {
        match &event.by {
            By::Owner => None,
            _ if event.concerned.is_some() => None,
            By::Admin(name) | By::Other(name) => Some(name),
            By::Gone => Some(self.words.activity.gone),
            By::Operator => Some(self.t.operator),
        }
    }
}
