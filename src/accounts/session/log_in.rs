//! Logging in and out.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::new_session::Proof;
use super::session::Session;
use super::words::Words;
use crate::accounts::user::password::Match;
use crate::accounts::user::password_hashing::{Owner, find_owner, hash};
use crate::accounts::user::user::User;
use crate::accounts::user::user::provider_link::{self, ProviderLink};
use crate::accounts::user::words::Words as CommonWords;
use crate::audit::event::{Action, Actor};
use crate::db::sliding_window::Window;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::values::site_path::{self, SitePath};
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{ok, see_other, with_status};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits::{self, Count};
use crate::web::submission::answer::SessionChange;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, paths};

pub mod code;
pub mod code_use;
pub mod first_factor;
pub(in crate::accounts) mod no_password;
pub mod prove_code;
mod standing;

use self::first_factor::destination;

#[derive(Template)]
#[template(path = "accounts/session/log_in.html")]
struct LogInPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    email: String,
    next: Option<SitePath>,
    providers: Vec<ProviderLink>,
    errors: FieldErrors,
}

/// A log-in whose password was right.
struct Attempt<'a> {
    form: &'a LogInForm,
    /// What was counted as a failure before the password was checked.
    counted: Vec<Window>,
}

/// Where to go on after logging in.
#[derive(Debug, Default, Deserialize)]
pub struct LogInQuery {
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
    /// Not empty for who sent a form after the session had ended.
    #[serde(default)]
    ended: String,
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
    /// Not empty where the choice of a language sends a form once more that was refused, without its password.
    #[serde(default)]
    refused: String,
}

/// The form; whoever is signed in already goes on.
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, http: HttpRequest, layout: Layout, Query(query): Query<LogInQuery>) -> web::Result {
    if let Some(viewer) = &layout.viewer {
        // What the link of another account did is told on the next page.
        if let Some(flash) = &layout.flash {
            SessionCookie::of(&http).set_flash(flash)?;
        }
        return see_other(destination(viewer.kind, query.next.as_ref()));
    }
    let layout = if query.ended.is_empty() { layout } else { tell_ended(layout) };
    let form = LogInForm { next: query.next, ..LogInForm::default() };
    ok(form.page(&app, layout, FieldErrors::default()))
}

/// Says that the form sent before was not saved.
fn tell_ended(layout: Layout) -> Layout {
    Layout { flash: Some(Flash::problem(Words::of(layout.locale).session_ended)), ..layout }
}

/// Logs in. An unknown address and a wrong password get the same answer after the same work.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(request: web::Request, http: HttpRequest, form: Form<LogInForm>) -> web::Result {
    let web::Request { app, layout, client, .. } = request.clone();
    let watch = Stopwatch::start();
    let email = match form.parse(&layout) {
        Ok(email) if layout.unsent.is_none() => email,
        Err(_) if !form.refused.is_empty() => return refuse(&app, layout, form.into_inner()),
        read => {
            let errors = FieldErrors::to_tell(&layout, read);
            return with_status(errors.status(), form.into_inner().page(&app, layout, errors));
        }
    };
    let device = Device::of(&http, &app.config).filter(|device| device.knows(&app.keys, &email));
    let attempt = attempt(&email, &client, device.as_ref());
    let find = move |conn: &mut _, windows: &[_]| User::find_counted(conn, &email, windows);
    let found = app.limits.count_and_find(&app.db, &attempt, find).await?;
    let Some(Owner { user, matched }) = find_owner(&app, &client, found, &form.password).await? else {
        // A hash of the old application takes longer to check than one of ours, or none.
        pad_to_constant_time(watch).await;
        return refuse(&app, layout, form.into_inner());
    };
    let attempt = Attempt { form: &form, counted: app.limits.provisional(&attempt) };
    let before = user.clone();
    // On the heap, since all that it does is large, and waits here twice.
    let mut started = Box::pin(attempt.sign_in(&request, &http, Owner { user, matched })).await?;
    if started.is_none()
        && let Some(owner) = find_changed(&app, &client, before, &form.password).await?
    {
        started = Box::pin(attempt.sign_in(&request, &http, owner)).await?;
    }
    started.map_or_else(|| refuse(&app, layout, form.into_inner()), Ok)
}

/// The owner again, if their hash has changed since it was checked and is still one of this password: the first log-in on
/// another device may have replaced it meanwhile.
async fn find_changed(app: &App, client: &Client, before: User, typed: &str) -> Result<Option<Owner>, Error> {
    let id = before.id.clone();
    let found = app.db.read(move |conn| User::find(conn, &id)).await?;
    let Some(user) = found.filter(|user| user.password != before.password) else { return Ok(None) };
    find_owner(app, client, Some(user), typed).await
}

/// The limits that count an attempt. On a device where the address logged in before, the attempts of strangers on the
/// same network do not count: nobody can lock an owner out.
fn attempt(email: &EmailAddress, client: &Client, device: Option<&Device>) -> Vec<Count> {
    match device {
        Some(device) => vec![
            limits::LOG_IN.for_visitor(client, Some(device)),
            limits::LOG_IN_FAILURES_OF_ADDRESS.for_address_and_device(email, device),
        ],
        None => vec![
            limits::LOG_IN.for_network(client),
            limits::LOG_IN_FAILURES.for_network(client),
            limits::LOG_IN_FAILURES_OF_ADDRESS.for_address_and_network(email, client),
        ],
    }
}

/// The same for an unknown address and a wrong password, and once more in another language.
fn refuse(app: &App, mut layout: Layout, form: LogInForm) -> web::Result {
    if let Some(filled) = layout.filled.as_mut().filter(|_| form.refused.is_empty()) {
        filled.fields.push(("refused".to_owned(), "yes".to_owned()));
    }
    let mut errors = FieldErrors::default();
    errors.add("email", Words::of(layout.locale).email_or_password_incorrect);
    with_status(StatusCode::UNAUTHORIZED, form.page(app, layout, errors))
}

/// Logs out: the session ends on the server, at once here and within 2 seconds elsewhere.
///
/// # Errors
/// When the database is unavailable: better to say so than to leave a session behind.
pub async fn delete(app: Data<App>, http: HttpRequest, client: Client) -> web::Result {
    if let Some(token) = SessionCookie::of(&http).token() {
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
            app.viewer_cache.invalidate(user);
        }
        return Answer::see_other(paths::HOME).with_session(SessionChange::Ended).send(&http);
    }
    see_other(paths::HOME)
}

impl Attempt<'_> {
    /// Starts a session, asks for a code or says why the account may not be used, unless it has changed since.
    async fn sign_in(
        &self,
        request: &web::Request,
        http: &HttpRequest,
        Owner { user, matched }: Owner,
    ) -> Result<Option<HttpResponse>, Error> {
        let rehashed = match matched {
            Match::Outdated(form) => Some(hash(&request.app, &request.client, form).await?),
            Match::Current => None,
        };
        let proof = Proof::by_password(user, request.client.clone(), rehashed, self.counted.clone());
        first_factor::go_on(request, http, proof, self.form.next.as_ref()).await
    }
}

impl LogInPage {
    /// The field whose error is about the password too: nobody is told which of the two was wrong.
    fn blamed(&self) -> &'static str {
        if self.errors.on("email") == Some(self.t.email_or_password_incorrect) { "email" } else { "" }
    }
}

impl LogInForm {
    fn parse(&self, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        if self.password.is_empty() {
            errors.add("password", CommonWords::of(layout.locale).enter_password);
        }
        email.filter(|_| errors.is_empty()).ok_or(errors)
    }

    fn page(self, app: &App, layout: Layout, errors: FieldErrors) -> LogInPage {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let providers = provider_link::all(&app.config, self.next.as_ref());
        let mut page = LogInPage { t, common, layout, email: self.email, next: self.next, providers, errors };
        // What a refused one says once more is not in the fields of the form.
        if page.blamed().is_empty() {
            page.layout = page.layout.with_typed(paths::accounts::LOG_IN);
        }
        page
    }
}
