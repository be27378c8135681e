//! Logging in and out.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::new_session::Proof;
use super::pending_deletion;
use super::session::Session;
use super::start_session::start_session;
use super::words::{PendingDeletion, Words};
use crate::accounts::user::password::{Password, PasswordHash};
use crate::accounts::user::password_hashing::{check, hash};
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words as SharedWords;
use crate::audit::event::{Action, Actor};
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::clock::{Stopwatch, Timestamp};
use crate::values::email_address::EmailAddress;
use crate::values::site_path::{self, SitePath};
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok, see_other, with_status};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits::{self, Count};
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/session/log_in.html")]
struct LogInPage {
    t: &'static Words,
    words: &'static SharedWords,
    layout: Layout,
    email: String,
    next: Option<SitePath>,
    errors: FieldErrors,
}

/// The password is right, but the account may not be used yet, or no longer.
#[derive(Template)]
#[template(path = "accounts/session/refused.html")]
struct RefusedPage {
    t: &'static Words,
    words: &'static SharedWords,
    layout: Layout,
    user: User,
}

/// The password is right, but the owner deleted the account.
#[derive(Template)]
#[template(path = "accounts/session/pending_deletion.html")]
struct PendingDeletionPage {
    t: &'static PendingDeletion,
    layout: Layout,
    email: EmailAddress,
    until: Timestamp,
}

/// Where to go on after logging in.
#[derive(Debug, Default, Deserialize)]
pub struct LogInQuery {
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
}

/// What a log-in sends.
#[derive(Default, Deserialize)]
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
        return see_other(destination(viewer.kind, query.next.as_ref()));
    }
    let form = LogInForm { next: query.next, ..LogInForm::default() };
    ok(form.page(layout, FieldErrors::default()))
}

/// Logs in. An unknown address and a wrong password get the same answer after the same work.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(request: web::Request, mail: MailContext, http: HttpRequest, form: Form<LogInForm>) -> web::Result {
    let web::Request { app, layout, client, .. } = request.clone();
    let watch = Stopwatch::start();
    let email = match form.parse(&layout) {
        Ok(email) => email,
        Err(errors) => return invalid(form.into_inner().page(layout, errors)),
    };
    let device = Device::of(&http, &app.config).filter(|device| device.knows(&app.keys, &email));
    let attempt = attempt(&email, &client, device.as_ref());
    app.limits.count(&app.db, &attempt).await?;

    let found = app.db.read(move |conn| User::find_by_email(conn, &email)).await?;
    let Some(user) = check(&app, found, &form.password).await? else {
        // A hash of the old application takes longer to check than one of ours, or none.
        pad_to_constant_time(watch).await;
        return refuse(layout, form.into_inner());
    };
    // What follows is said only to somebody who knows the password.
    if !user.is_verified || !user.is_active {
        return with_status(StatusCode::FORBIDDEN, RefusedPage::new(layout, user));
    }
    match user.purge_at {
        // Nobody can tell an account that waits to be erased from one that is.
        Some(until) if until <= app.clock.now() => return refuse(layout, form.into_inner()),
        Some(until) => return PendingDeletionPage::new(layout, &user, until).remind(&app, user, mail).await,
        None => {}
    }
    let rehashed = rehash(&app, &user, &form.password).await?;
    let proof = Proof::by_password(user, client, rehashed, app.limits.provisional(&attempt));
    let answer = Answer::see_other(destination(proof.user.kind, form.next.as_ref()));
    match start_session(&request, &http, proof, answer).await? {
        Some(response) => Ok(response),
        None => refuse(layout, form.into_inner()),
    }
}

/// The limits that count an attempt. On a device where the address logged in before, the attempts of strangers on the
/// same network do not count: nobody can lock an owner out.
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
/// When the database is unavailable: better to say so than to leave a session behind.
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
            app.viewer_cache.invalidate(user, now);
        }
        cookie.clear();
    }
    see_other(paths::HOME)
}

async fn rehash(app: &App, user: &User, typed: &str) -> Result<Option<PasswordHash>, Error> {
    match &user.password {
        Some(stored) if stored.is_outdated() => hash(app, Password::typed(typed)).await.map(Some),
        _ => Ok(None),
    }
}

fn destination(kind: AccountKind, next: Option<&SitePath>) -> String {
    let home = if kind == AccountKind::Admin { paths::waitlist::OVERVIEW } else { paths::accounts::ACCOUNT };
    next.map(SitePath::as_str).filter(|next| paths::has_page(next)).unwrap_or(home).to_owned()
}

impl RefusedPage {
    fn new(layout: Layout, user: User) -> Self {
        Self { t: Words::of(layout.locale), words: SharedWords::of(layout.locale), layout, user }
    }
}

impl PendingDeletionPage {
    fn new(layout: Layout, user: &User, until: Timestamp) -> Self {
        Self { t: &Words::of(layout.locale).pending_deletion, layout, email: user.email.clone(), until }
    }

    /// 403: says when the account is erased, and mails the link that keeps it once more.
    async fn remind(self, app: &App, user: User, mail: MailContext) -> web::Result {
        let now = app.clock.now();
        app.db.write(move |conn| pending_deletion::remind(conn, now, &user, &mail)).await?;
        with_status(StatusCode::FORBIDDEN, self)
    }
}

impl LogInForm {
    fn parse(&self, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        if self.password.is_empty() {
            errors.add("password", SharedWords::of(layout.locale).enter_password);
        }
        email.filter(|_| errors.is_empty()).ok_or(errors)
    }

    fn page(self, layout: Layout, errors: FieldErrors) -> LogInPage {
        let (t, words) = (Words::of(layout.locale), SharedWords::of(layout.locale));
        LogInPage { t, words, layout, email: self.email, next: self.next, errors }
    }
}
