//! Asking for a new password: the form, and the page after it, which says the same to everybody.

use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::reset_link;
use crate::accounts::user::words::Words;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, FieldErrors, Form, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/recovery/forgot_password.html")]
struct ForgotPasswordPage {
    t: &'static Words,
    layout: Layout,
    form: ForgotForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/recovery/forgot_sent.html")]
struct ForgotSentPage {
    t: &'static Words,
    layout: Layout,
}

/// Who wants a link.
#[derive(Debug, Default, Deserialize)]
pub struct ForgotForm {
    #[serde(default)]
    email: String,
}

/// The form; who is signed in need not type the address.
///
/// # Errors
/// When the template fails.
pub async fn show(layout: Layout) -> web::Result {
    let email = layout.viewer.as_ref().map(|viewer| viewer.email.clone()).unwrap_or_default();
    let form = ForgotForm { email };
    ok(ForgotPasswordPage { t: Words::of(layout.locale), layout, form, errors: FieldErrors::default() })
}

/// Sends a link to an address that has an account; answers every address the same, in the same time.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(app: Data<App>, layout: Layout, client: Client, form: Form<ForgotForm>) -> web::Result {
    let watch = Stopwatch::start();
    let email = match form.parse(&layout) {
        Ok(email) => email,
        Err(errors) => {
            return invalid(ForgotPasswordPage {
                t: Words::of(layout.locale),
                layout,
                form: form.into_inner(),
                errors,
            });
        }
    };
    // By the address as typed, known or not: a limit that only accounts reach would tell which they are.
    let of_address = [limits::FORGOT_PER_MINUTE.for_address(&email), limits::FORGOT_PER_DAY.for_address(&email)];
    let [per_minute, per_day] = of_address;
    app.limits.count(&app.db, &[limits::FORGOT_OF_NETWORK.for_network(&client), per_minute, per_day]).await?;
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    app.db.write(move |conn| reset_link::request(conn, now, (&email, &client), &mail)).await?;
    pad_to_constant_time(watch).await;
    see_other(paths::accounts::FORGOT_SENT)
}

/// Where to go from here: the inbox.
///
/// # Errors
/// When the template fails.
pub async fn sent(layout: Layout) -> web::Result {
    ok(ForgotSentPage { t: Words::of(layout.locale), layout })
}

impl ForgotForm {
    fn parse(&self, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        email.ok_or(errors)
    }
}
