//! Choosing a new password by the link of a mail.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::reset_link::{self, NewPassword};
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::password::Password;
use crate::accounts::user::password_hashing::hash;
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words;
use crate::db::sliding_window::Window;
use crate::mail::mail_context::MailContext;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::{self, App, FieldErrors, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/recovery/reset_password.html")]
struct ResetPasswordPage {
    t: &'static Words,
    layout: Layout,
    /// For password managers, which file the new password under it.
    email: EmailAddress,
    token: SecretToken,
    errors: FieldErrors,
}

/// A new password and the link that sets it. Whose it is, the link alone says.
#[derive(Deserialize)]
pub struct ResetForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

/// The form. Looking changes nothing: mail scanners open every link before its reader does.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(query): Query<TokenForm>) -> web::Result {
    let Some((token, user)) = find(&app, &query.token).await? else {
        return link_gone::page(layout, paths::accounts::FORGOT);
    };
    ok(ResetPasswordPage {
        t: Words::of(layout.locale),
        layout,
        email: user.email,
        token,
        errors: FieldErrors::default(),
    })
}

/// Sets the password and ends every session. Signs nobody in: whoever holds the mail must know the password too.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<ResetForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some((token, user)) = find(&app, &form.token).await? else {
        return link_gone::page(layout, paths::accounts::FORGOT);
    };
    let t = Words::of(layout.locale);
    // Before the link is touched: a refused password must not burn it (better-auth#10632).
    let password = match parse(&form, &user, t) {
        Ok(password) => hash(&app, password).await?,
        Err(errors) => return invalid(ResetPasswordPage { t, layout, email: user.email, token, errors }),
    };
    let new = NewPassword { token, password, failures: failures(&app, &user, (&request, &client)), client };
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    let proved = app.address_proved;
    let set = app.db.write(move |conn| {
        let user = new.set(conn, now, &mail)?;
        if let Some(user) = &user {
            proved(conn, now, &user.email)?;
        }
        Ok(user)
    });
    let Some(user) = set.await? else {
        return link_gone::page(layout, paths::accounts::FORGOT);
    };
    app.changes.note(&user.id, now);
    let cookie = SessionCookie::of(&request);
    // What the cookie says of a session that has just ended would take the message with it.
    if layout.viewer.is_some_and(|viewer| viewer.id == user.id) {
        cookie.clear();
    }
    cookie.leave(&Flash::success(t.recovery.reset_done))?;
    see_other(paths::accounts::LOG_IN)
}

/// The failed log-ins to forget, those of this address alone: who forgot a password has tried some.
fn failures(app: &App, user: &User, (request, client): (&HttpRequest, &Client)) -> Vec<Window> {
    let rule = limits::LOG_IN_FAILURES_OF_ADDRESS;
    let of_device = Device::of(request, app).map(|device| rule.for_address_and_device(&user.email, &device));
    let of_network = rule.for_address_and_network(&user.email, client);
    app.limits.provisional(&of_device.into_iter().chain([of_network]).collect::<Vec<_>>())
}

async fn find(app: &App, token: &str) -> Result<Option<(SecretToken, User)>, web::Error> {
    let Some(token) = SecretToken::parse(token) else { return Ok(None) };
    let (now, of_link) = (app.clock.now(), token.clone());
    let user = app.db.read(move |conn| reset_link::find_by_link(conn, now, &of_link)).await?;
    Ok(user.map(|user| (token, user)))
}

fn parse(form: &ResetForm, user: &User, t: &Words) -> Result<Password, FieldErrors> {
    let mut errors = FieldErrors::default();
    let about = [user.email.as_str(), user.name.as_deref().unwrap_or_default()];
    let password = Password::parse(&form.password, &about);
    errors.take("password", password.map_err(|problem| t.password_problem(&problem))).ok_or(errors)
}
