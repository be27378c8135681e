//! Logging in and out.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::new_session::{NewSession, Proof, Started};
use super::security_notice::{Notice, What};
use super::session::Session;
use crate::accounts::own_data::delete;
use crate::accounts::user::password::{Password, PasswordHash};
use crate::accounts::user::password_hashing::{check, hash};
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words;
use crate::audit::event::{Action, Actor};
use crate::mail::mail_context::MailContext;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::values::locale::Locale;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::{self, SitePath};
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok, see_other, with_status};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits::{self, Count};
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::visitor::viewer::Viewer;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/session/log_in.html")]
struct LogInPage {
    t: &'static Words,
    layout: Layout,
    email: String,
    next: Option<SitePath>,
    errors: FieldErrors,
}

/// The right password, but the account may not be used yet, or no longer.
#[derive(Template)]
#[template(path = "accounts/session/refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    user: User,
}

/// Where to go on after logging in.
#[derive(Debug, Default, Deserialize)]
pub struct LogInQuery {
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
}

/// What a log-in sends.
#[derive(Deserialize)]
pub struct LogInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
}

/// The form; whoever is signed in already goes on.
///
/// # Errors
/// When the template fails.
pub async fn show(layout: Layout, Query(query): Query<LogInQuery>) -> web::Result {
    if let Some(viewer) = &layout.viewer {
        return see_other(destination(viewer, query.next.as_ref()));
    }
    ok(LogInPage {
        t: Words::of(layout.locale),
        layout,
        email: String::new(),
        next: query.next,
        errors: FieldErrors::default(),
    })
}

/// Logs in. An unknown address and a wrong password get the same answer after the same work.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<LogInForm>,
) -> web::Result {
    let watch = Stopwatch::start();
    let email = match form.parse(&layout) {
        Ok(email) => email,
        Err(errors) => return invalid(form.into_inner().page(layout, errors)),
    };
    let device = Device::of(&request, &app).filter(|device| device.knows(&app.keys, &email));
    let attempt = attempt(&email, &client, device.as_ref());
    app.limits.count(&app.db, &attempt).await?;

    let found = app.db.read(move |conn| User::find_by_email(conn, &email)).await?;
    let Some(user) = check(&app, found, &form.password).await? else {
        // A hash of the old application takes longer to check than one of ours, or none.
        pad_to_constant_time(watch).await;
        return refuse(layout, form.into_inner());
    };
    // Said only to who knows the password.
    if !user.is_verified || !user.is_active {
        return with_status(StatusCode::FORBIDDEN, RefusedPage { t: Words::of(layout.locale), layout, user });
    }
    if let Some(until) = user.purge_at {
        return match delete::refuse_log_in(&app, &layout, (user, until)).await? {
            Some(page) => Ok(page),
            None => refuse(layout, form.into_inner()),
        };
    }
    let rehashed = rehash(&app, &user, &form.password).await?;
    let proof = Proof::by_password(user, rehashed, app.limits.provisional(&attempt));
    match start_session(&app, (&request, &client), (proof, layout.locale)).await? {
        Some(signed_in) => signed_in.see(|viewer| destination(viewer, form.next.as_ref())),
        None => refuse(layout, form.into_inner()),
    }
}

/// What counts an attempt. On a device where the address logged in before, what strangers do on the same network does
/// not count: nobody can lock an owner out.
fn attempt(email: &EmailAddress, client: &Client, device: Option<&Device>) -> Vec<Count> {
    match device {
        Some(device) => vec![
            limits::LOG_IN.for_device(device),
            limits::LOG_IN_FAILURES_OF_ADDRESS.for_address_and_device(email, device),
        ],
        None => vec![
            limits::LOG_IN.for_network(client),
            limits::LOG_IN_FAILURES.for_network(client),
            limits::LOG_IN_FAILURES_OF_ADDRESS.for_address_and_network(email, client),
        ],
    }
}

/// The same for an unknown address and a wrong password.
fn refuse(layout: Layout, form: LogInForm) -> web::Result {
    let mut errors = FieldErrors::default();
    errors.add("email", Words::of(layout.locale).email_or_password_incorrect);
    with_status(StatusCode::UNAUTHORIZED, form.page(layout, errors))
}

/// Logs out: the session ends on the server, at once here and within 2 seconds elsewhere.
///
/// # Errors
/// When the database is away: better to say so than to leave a session behind.
pub async fn delete(app: Data<App>, request: HttpRequest, client: Client) -> web::Result {
    let cookie = SessionCookie::of(&request);
    if let Some(token) = cookie.token() {
        let now = app.clock.now();
        let owner = app.db.write(move |conn| {
            let owner = Session::end(conn, &token)?;
            if let Some(user) = &owner {
                Action::LoggedOut.by(&Actor::new(user, &client), user).record(conn, now)?;
            }
            Ok(owner)
        });
        let owner = owner.await?;
        if let Some(user) = &owner {
            app.changes.note(user, now);
        }
        cookie.clear();
    }
    see_other(paths::HOME)
}

/// Somebody who is signed in now, and the cookie that remembers the device.
pub(in crate::accounts) struct SignedInNow {
    /// Who.
    pub(in crate::accounts) viewer: Viewer,
    device: Cookie<'static>,
}

impl SignedInNow {
    /// 303 to the page that is chosen for the viewer.
    pub(in crate::accounts) fn see(self, choose: impl FnOnce(&Viewer) -> String) -> web::Result {
        let mut response = see_other(choose(&self.viewer))?;
        response.add_cookie(&self.device).map_err(|error| Error::Internal(error.into()))?;
        Ok(response)
    }
}

/// Starts a session and puts it into the cookie; nothing when the user has changed since the proof. An owner hears of a
/// device that is new.
pub(in crate::accounts) async fn start_session(
    app: &App,
    (request, client): (&HttpRequest, &Client),
    (proof, locale): (Proof, Locale),
) -> Result<Option<SignedInNow>, Error> {
    let (cookie, now, token) = (SessionCookie::of(request), app.clock.now(), new_token()?);
    let (device, to) = (Device::of(request, app), proof.user.email.clone());
    let is_known_device = device.as_ref().is_some_and(|device| device.knows(&app.keys, &to));
    let new =
        NewSession { proof, client: client.clone(), is_known_device, former: cookie.token(), token: token.clone() };
    let (mail, email) = (MailContext { locale, keys: app.keys.clone() }, to.clone());
    let started = app.db.write(move |conn| {
        let started = new.start(conn, now)?;
        if let (true, Some(viewer)) = (started.is_news, &started.viewer) {
            let notice = Notice { what: What::NewDevice, user: &viewer.id, to: &email, client: &new.client };
            notice.send(conn, now, &mail)?;
        }
        Ok(started)
    });
    let Started { ended, viewer, .. } = started.await?;
    if let Some(user) = &ended {
        app.changes.note(user, now);
    }
    let Some(viewer) = viewer else { return Ok(None) };
    cookie.sign_in(&token, &viewer)?;
    let device = Device::remember(device, app, &to).map_err(no_random_bytes)?;
    Ok(Some(SignedInNow { viewer, device }))
}

/// A token for a session.
pub(in crate::accounts) fn new_token() -> Result<SecretToken, Error> {
    SecretToken::generate().map_err(no_random_bytes)
}

fn no_random_bytes(error: getrandom::Error) -> Error {
    Error::Internal(anyhow::Error::msg(error.to_string()))
}

async fn rehash(app: &App, user: &User, typed: &str) -> Result<Option<PasswordHash>, Error> {
    match &user.password {
        Some(stored) if stored.is_outdated() => hash(app, Password::typed(typed)).await.map(Some),
        _ => Ok(None),
    }
}

fn destination(viewer: &Viewer, next: Option<&SitePath>) -> String {
    let home = if viewer.is_admin() { paths::waitlist::OVERVIEW } else { paths::accounts::ACCOUNT };
    next.map_or(home, SitePath::as_str).to_owned()
}

impl LogInForm {
    fn parse(&self, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email =
            errors.take("email", EmailAddress::parse(&self.email).map_err(|problem| layout.t.email_problem(problem)));
        if self.password.is_empty() {
            errors.add("password", Words::of(layout.locale).enter_password);
        }
        email.filter(|_| errors.is_empty()).ok_or(errors)
    }

    fn page(self, layout: Layout, errors: FieldErrors) -> LogInPage {
        LogInPage { t: Words::of(layout.locale), layout, email: self.email, next: self.next, errors }
    }
}
