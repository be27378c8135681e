//! Logging in and out.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::password::{Password, PasswordHash};
use super::session::{Device, NewSession, Proof, Session, Started};
use super::sign_up;
use super::user::User;
use super::words::Words;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::{self, SitePath};
use crate::web::client::Client;
use crate::web::cookie::SessionCookie;
use crate::web::even_out::even_out;
use crate::web::page::{invalid, ok, see_other, with_status};
use crate::web::query::Query;
use crate::web::viewer::Viewer;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, limits, paths};

#[derive(Template)]
#[template(path = "accounts/log_in.html")]
struct LogInPage {
    t: &'static Words,
    layout: Layout,
    email: String,
    next: Option<SitePath>,
    errors: FieldErrors,
}

/// The right password, but the account may not be used yet, or no longer.
#[derive(Template)]
#[template(path = "accounts/refused.html")]
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
    let attempt = [
        limits::LOG_IN_FAILURES.for_network(&client),
        limits::LOG_IN_FAILURES_OF_ADDRESS.for_address_and_network(&email, &client),
    ];
    let [of_network, of_address] = attempt.clone();
    app.limits.count(&app.db, &[limits::LOG_IN.for_network(&client), of_network, of_address]).await?;

    let found = app.db.read(move |conn| User::find_by_email(conn, &email)).await?;
    let Some(user) = check(&app, found, &form.password).await? else {
        // A hash of the old application takes longer to check than one of ours, or none.
        even_out(watch).await;
        return refuse(layout, form.into_inner());
    };
    // Said only to who knows the password.
    if !user.is_verified || !user.is_active {
        return with_status(StatusCode::FORBIDDEN, RefusedPage { t: Words::of(layout.locale), layout, user });
    }
    let rehashed = rehash(&app, &user, &form.password).await?;
    let proof = Proof { rehashed, attempt: app.limits.windows(&attempt), ..Proof::of(user) };
    match start_session(&app, (&request, &client), proof).await? {
        Some(viewer) => see_other(destination(&viewer, form.next.as_ref())),
        None => refuse(layout, form.into_inner()),
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
pub async fn delete(app: Data<App>, request: HttpRequest) -> web::Result {
    let cookie = SessionCookie::of(&request);
    if let Some(token) = cookie.token() {
        let owner = app.db.write(move |conn| Session::end(conn, &token)).await?;
        if let Some(user) = &owner {
            app.changes.note(user, app.clock.now());
        }
        cookie.clear();
        tracing::info!(event = "session_ended", user = owner.as_ref().map(ToString::to_string));
    }
    see_other(paths::HOME)
}

/// Starts a session and puts it into the cookie; nothing when the user has changed since the password was checked.
pub(super) async fn start_session(
    app: &App,
    (request, client): (&HttpRequest, &Client),
    proof: Proof,
) -> Result<Option<Viewer>, Error> {
    let (cookie, now) = (SessionCookie::of(request), app.clock.now());
    let token = SecretToken::generate().map_err(|error| Error::Internal(anyhow::Error::msg(error.to_string())))?;
    let device = Device { address: client.address, user_agent: client.user_agent.clone() };
    let new = NewSession { proof, device, former: cookie.token(), token: token.clone() };
    let Started { ended, viewer } = app.db.write(move |conn| new.start(conn, now)).await?;
    if let Some(user) = &ended {
        app.changes.note(user, now);
    }
    if let Some(viewer) = &viewer {
        cookie.sign_in(&token, viewer)?;
        tracing::info!(event = "session_created", user = %viewer.id);
    }
    Ok(viewer)
}

/// The user, if the password is theirs.
async fn check(app: &App, found: Option<User>, typed: &str) -> Result<Option<User>, Error> {
    let (password, hash) = (Password::typed(typed), found.as_ref().and_then(|user| user.password.clone()));
    let matches = app.hasher.run(move |memory| password.matches(hash.as_ref(), memory)).await?;
    Ok(found.filter(|_| matches))
}

async fn rehash(app: &App, user: &User, typed: &str) -> Result<Option<PasswordHash>, Error> {
    match &user.password {
        Some(hash) if hash.is_outdated() => sign_up::hash(app, Password::typed(typed)).await.map(Some),
        _ => Ok(None),
    }
}

fn destination(viewer: &Viewer, next: Option<&SitePath>) -> String {
    let home = if viewer.is_admin() { paths::admin::OVERVIEW } else { paths::accounts::ACCOUNT };
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
