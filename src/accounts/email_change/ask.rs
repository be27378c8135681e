//! Changing the address of an account: asking for it, and letting it be.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::email_change;
use crate::accounts::recovery::change_password::{has_password, redirect_to_forgot};
use crate::accounts::session::reauth;
use crate::accounts::session::reauthenticated::Reauthenticated;
use crate::accounts::session::start_session::new_token;
use crate::accounts::user::words::Words;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::web::page::flash::Flash;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, Recent, SignedIn, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/email_change/ask.html")]
struct ChangeEmailPage {
    t: &'static Words,
    layout: Layout,
    email: String,
    /// The address that a change waits for.
    pending: Option<EmailAddress>,
    form: ChangeEmailForm,
    errors: FieldErrors,
}

/// The address to be, and the password.
#[derive(Default, Deserialize)]
pub struct ChangeEmailForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    current_password: String,
}

/// The form, and the change that waits, if there is one.
///
/// # Errors
/// When nobody is signed in or not since long enough ago, or when the database is away.
pub async fn show(app: Data<App>, layout: Layout, request: HttpRequest, Recent(viewer): Recent) -> web::Result {
    if !has_password(&app, &viewer).await? {
        return redirect_to_forgot(&request, &layout);
    }
    ok(page(&app, (layout, viewer), ChangeEmailForm::default(), FieldErrors::default()).await?)
}

/// Sends a link to the new address. Whether that has an account, neither the answer nor its time tells.
///
/// # Errors
/// When nobody is signed in, when limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client, SignedIn(viewer)): (HttpRequest, Client, SignedIn),
    form: Form<ChangeEmailForm>,
) -> web::Result {
    let watch = Stopwatch::start();
    let t = Words::of(layout.locale);
    let to = match form.parse(&viewer, &layout) {
        Ok(to) => to,
        Err(errors) => return invalid(page(&app, (layout, viewer), form.into_inner(), errors).await?),
    };
    let Some(user) = reauth::prove(&app, &viewer, &form.current_password).await? else {
        if !has_password(&app, &viewer).await? {
            return redirect_to_forgot(&request, &layout);
        }
        let mut errors = FieldErrors::default();
        errors.add("current_password", t.wrong_current_password);
        return invalid(page(&app, (layout, viewer), form.into_inner(), errors).await?);
    };
    // Mails to whatever address somebody types: the account must not become a way to flood one.
    let counts = [limits::EMAIL_CHANGES.for_user(&viewer.id), limits::EMAIL_CHANGES_TO.for_address(&to)];
    app.limits.count(&app.db, &counts).await?;
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    let token = new_token()?;
    let proven = Reauthenticated { user, session: viewer.session.clone(), token: token.clone(), client };
    if !app.db.write(move |conn| email_change::request(conn, now, (&proven, &to), &mail)).await? {
        return Err(Error::SignInFirst(None));
    }
    app.viewer_cache.invalidate(&viewer.id, now);
    reauth::keep_signed_in(&request, viewer, &token, now)?;
    SessionCookie::of(&request).leave(&Flash::success(t.address.sent))?;
    pad_to_constant_time(watch).await;
    see_other(paths::accounts::EMAIL)
}

/// Cancels the change that waits.
///
/// # Errors
/// When nobody is signed in, or when the database is away.
pub async fn delete(app: Data<App>, layout: Layout, request: HttpRequest, SignedIn(viewer): SignedIn) -> web::Result {
    app.db.write(move |conn| email_change::cancel(conn, &viewer.id)).await?;
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).address.cancelled))?;
    see_other(paths::accounts::EMAIL)
}

async fn page(
    app: &App,
    (layout, viewer): (Layout, Viewer),
    form: ChangeEmailForm,
    errors: FieldErrors,
) -> Result<ChangeEmailPage, Error> {
    let now = app.clock.now();
    let pending = app.db.read(move |conn| email_change::pending(conn, now, &viewer.id)).await?;
    Ok(ChangeEmailPage { t: Words::of(layout.locale), layout, email: viewer.email, pending, form, errors })
}

impl ChangeEmailForm {
    fn parse(&self, viewer: &Viewer, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let t = Words::of(layout.locale);
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        // Rows of the old application may hold mixed case.
        if email.as_ref().is_some_and(|email| email.as_str().eq_ignore_ascii_case(&viewer.email)) {
            errors.add("email", t.address.same);
        }
        if self.current_password.is_empty() {
            errors.add("current_password", t.enter_current_password);
        }
        email.filter(|_| errors.is_empty()).ok_or(errors)
    }
}
