//! Verifying an address by the link of a mail, saying "it wasn't me", and asking for another link.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::start_session;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::TokenForm;
use crate::accounts::user::user::{User, Verified};
use crate::accounts::user::words::Words;
use crate::audit::event::{Action, Actor};
use crate::mail::mail_context::MailContext;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, FieldErrors, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/sign_up/verify_email.html")]
struct VerifyEmailPage {
    t: &'static Words,
    layout: Layout,
    email: EmailAddress,
    token: SecretToken,
}

#[derive(Template)]
#[template(path = "accounts/sign_up/resend.html")]
struct ResendPage {
    t: &'static Words,
    layout: Layout,
    form: ResendForm,
    errors: FieldErrors,
}

/// Who wants another link.
#[derive(Debug, Default, Deserialize)]
pub struct ResendForm {
    #[serde(default)]
    email: String,
}

/// Two buttons. Looking changes nothing: mail scanners open every link before its reader does.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(layout) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| User::find_by_link(conn, now, &of_link)).await? {
        Some(email) => ok(VerifyEmailPage { t: Words::of(layout.locale), layout, email, token }),
        None => gone(layout),
    }
}

/// Verifies, and signs in the browser that signed up; every other one logs in with the password.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let (t, cookie, now) = (Words::of(layout.locale), SessionCookie::of(&request), app.clock.now());
    let mark = cookie.sign_up_mark();
    let (from, proved) = (client.clone(), app.address_proved);
    let verified = app.db.write(move |conn| {
        let verified = User::verify(conn, now, &token, mark.as_ref())?;
        if let Some(Verified { user, .. }) = &verified {
            Action::EmailVerified.by(&Actor::new(&user.id, &from), &user.id).record(conn, now)?;
            proved(conn, now, &user.email)?;
        }
        Ok(verified)
    });
    let Some(Verified { user, same_browser }) = verified.await? else { return gone(layout) };
    if same_browser {
        let mail = MailContext { locale: layout.locale, keys: app.keys.clone() };
        if let Some(signed_in) = start_session(&app, &request, Proof::by_link(user, client), mail).await? {
            cookie.leave(&Flash::success(t.verified))?;
            return signed_in.see(|_| paths::accounts::ACCOUNT.to_owned());
        }
    }
    cookie.leave(&Flash::success(t.verified_log_in))?;
    see_other(paths::accounts::LOG_IN)
}

/// "It wasn't me": removes the unverified account.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn delete(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let now = app.clock.now();
    if !app.db.write(move |conn| User::disown(conn, now, &token)).await? {
        return gone(layout);
    }
    SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).removed))?;
    see_other(paths::HOME)
}

/// The form that asks for another link.
///
/// # Errors
/// When the template fails.
pub async fn show_resend(layout: Layout) -> web::Result {
    ok(ResendPage { t: Words::of(layout.locale), layout, form: ResendForm::default(), errors: FieldErrors::default() })
}

/// Sends another link to an account that waits for one; answers every address the same.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn resend(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<ResendForm>,
) -> web::Result {
    let watch = Stopwatch::start();
    let email = match form.parse(&layout) {
        Ok(email) => email,
        Err(errors) => {
            return invalid(ResendPage { t: Words::of(layout.locale), layout, form: form.into_inner(), errors });
        }
    };
    let of_address = [limits::MAIL_PER_MINUTE.for_address(&email), limits::MAIL_PER_DAY.for_address(&email)];
    let [per_minute, per_day] = of_address;
    app.limits.count(&app.db, &[limits::MAIL_OF_NETWORK.for_network(&client), per_minute, per_day]).await?;
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    let cookie = SessionCookie::of(&request);
    let mark = cookie.sign_up_mark();
    let again = move |conn: &mut _| User::send_verification_again(conn, now, (&email, mark.as_ref()), &mail);
    cookie.mark_sign_up(&app.db.write(again).await?)?;
    pad_to_constant_time(watch).await;
    see_other(paths::accounts::CHECK_EMAIL)
}

fn gone(layout: Layout) -> web::Result {
    link_gone::page(layout, paths::accounts::RESEND)
}

impl ResendForm {
    fn parse(&self, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email =
            errors.take("email", EmailAddress::parse(&self.email).map_err(|problem| layout.t.email_problem(problem)));
        email.ok_or(errors)
    }
}
