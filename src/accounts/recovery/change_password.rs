//! Changing the password, by who knows it.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::reset_link;
use crate::accounts::session::reauth;
use crate::accounts::session::reauthenticated::Reauthenticated;
use crate::accounts::session::start_session::new_token;
use crate::accounts::user::password::Password;
use crate::accounts::user::password_hashing::hash;
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words;
use crate::mail::mail_context::MailContext;
use crate::web::page::flash::Flash;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, SignedIn, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/recovery/change_password.html")]
struct ChangePasswordPage {
    t: &'static Words,
    layout: Layout,
    /// For password managers, which file the new password under it.
    email: String,
    errors: FieldErrors,
}

/// The password that is, and the one to be.
#[derive(Deserialize)]
pub struct ChangePasswordForm {
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    password: String,
}

/// The form; an account without a password is led to where it gets one.
///
/// # Errors
/// When nobody is signed in, or the database is away.
pub async fn show(app: Data<App>, layout: Layout, request: HttpRequest, SignedIn(viewer): SignedIn) -> web::Result {
    if !has_password(&app, &viewer).await? {
        return to_a_first_one(&request, &layout);
    }
    ok(ChangePasswordPage { t: Words::of(layout.locale), layout, email: viewer.email, errors: FieldErrors::default() })
}

/// Changes the password. Every other session ends; this one goes on with a new token.
///
/// # Errors
/// When nobody is signed in, when limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client, SignedIn(viewer)): (HttpRequest, Client, SignedIn),
    form: Form<ChangePasswordForm>,
) -> web::Result {
    let t = Words::of(layout.locale);
    let again = |layout, errors| invalid(ChangePasswordPage { t, layout, email: viewer.email.clone(), errors });
    let password = match form.parse(&viewer, t) {
        Ok(password) => password,
        Err(errors) => return again(layout, errors),
    };
    let Some(user) = reauth::prove(&app, &viewer, &form.current_password).await? else {
        if !has_password(&app, &viewer).await? {
            return to_a_first_one(&request, &layout);
        }
        let mut errors = FieldErrors::default();
        errors.add("current_password", t.recovery.wrong_current);
        return again(layout, errors);
    };
    let hash = hash(&app, password).await?;
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    let token = new_token()?;
    let proven = Reauthenticated { user, session: viewer.session.clone(), token: token.clone(), client };
    if !app.db.write(move |conn| reset_link::change_password(conn, now, (&proven, &hash), &mail)).await? {
        return Err(Error::SignInFirst(None));
    }
    app.changes.note(&viewer.id, now);
    reauth::keep_signed_in(&request, viewer, &token, now)?;
    SessionCookie::of(&request).leave(&Flash::success(t.recovery.changed))?;
    see_other(paths::accounts::ACCOUNT)
}

/// Where browsers and password managers look for the form (W3C: a well-known URL for changing passwords).
///
/// # Errors
/// None; the type is a handler's.
pub async fn well_known() -> web::Result {
    see_other(paths::accounts::PASSWORD)
}

/// An account that was secured, or that logs in at another provider, has none.
pub(in crate::accounts) async fn has_password(app: &App, viewer: &Viewer) -> Result<bool, Error> {
    let id = viewer.id.clone();
    let user = app.db.read(move |conn| User::find(conn, &id)).await?;
    Ok(user.is_some_and(|user| user.password.is_some()))
}

/// Leads to the mail that sets one.
pub(in crate::accounts) fn to_a_first_one(request: &HttpRequest, layout: &Layout) -> web::Result {
    SessionCookie::of(request).leave(&Flash::success(Words::of(layout.locale).recovery.no_password))?;
    see_other(paths::accounts::FORGOT)
}

impl ChangePasswordForm {
    fn parse(&self, viewer: &Viewer, t: &Words) -> Result<Password, FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.current_password.is_empty() {
            errors.add("current_password", t.recovery.enter_current);
        }
        let password = Password::parse(&self.password, &[&viewer.email, &viewer.name]);
        let password = errors.take("password", password.map_err(|problem| t.password_problem(&problem)));
        password.filter(|_| errors.is_empty()).ok_or(errors)
    }
}
