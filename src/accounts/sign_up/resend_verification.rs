//! Asking for another mail that verifies an address.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::registration::db_for_address;
use super::verification::ResendRequest;
use super::words::Words;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::web::page::response::{ok, with_status};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, Answer, App, FieldErrors, Form, Layout, Request, paths};

#[derive(Template)]
#[template(path = "accounts/sign_up/resend_verification.html")]
struct ResendPage {
    t: &'static Words,
    common: &'static CommonWords,
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

/// The form.
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, http: HttpRequest, layout: Layout) -> web::Result {
    let given = GivenAddress::to_correct(&app, &http).map(|given| given.address.to_string());
    ok(ResendPage::new(layout, ResendForm { email: given.unwrap_or_default() }, FieldErrors::default()))
}

/// Sends another link to an account that waits for one; answers every address the same, in the same time. The mark of the
/// sign-up that this browser made stays as it is.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    mail: MailContext,
    form: Form<ResendForm>,
) -> web::Result {
    let watch = Stopwatch::start();
    let email = match form.parse(&layout) {
        Ok(email) if layout.unsent.is_none() => email,
        read => {
            let errors = FieldErrors::to_tell(&layout, read);
            return with_status(errors.status(), ResendPage::new(layout, form.into_inner(), errors));
        }
    };
    let counts = [
        limits::MAIL_OF_NETWORK.for_network(&client),
        limits::MAIL_PER_MINUTE.for_address(&email),
        limits::MAIL_PER_DAY.for_address(&email),
    ];
    app.limits.count(&app.db, &counts).await?;
    let (now, db) = (app.clock.now(), db_for_address(&app, &email).await?);
    let given = GivenAddress::new(&email, paths::filled_again(&layout.link(paths::accounts::RESEND)), now);
    let request = ResendRequest { email, own_link: SessionCookie::of(&http).sign_up_mark() };
    let answer = Answer::see_other(layout.link(paths::accounts::CHECK_EMAIL)).with_given_address(given);
    submission.write(&db, &answer, move |conn| request.send(conn, now, &mail).map(Some)).await?;
    pad_to_constant_time(watch).await;
    answer.send(&http)
}

impl ResendPage {
    fn new(layout: Layout, form: ResendForm, errors: FieldErrors) -> Self {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        Self { t, common, layout: layout.with_typed(paths::accounts::RESEND), form, errors }
    }
}

impl ResendForm {
    fn parse(&self, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        email.ok_or(errors)
    }
}
