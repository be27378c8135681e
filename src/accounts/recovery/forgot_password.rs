//! Asking for a new password: the form, and the page after it, which says the same to everybody.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use serde::Deserialize;

use super::reset_link::ResetRequest;
use super::words::Words;
use crate::accounts::user::link_purposes::PASSWORD_RESET;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Stopwatch;
use crate::values::email_address::EmailAddress;
use crate::web::page::response::{ok, with_status};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::device::Device;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request, Subject, paths};

#[derive(Template)]
#[template(path = "accounts/recovery/forgot_password.html")]
struct ForgotPasswordPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    form: ForgotForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "accounts/recovery/forgot_sent.html")]
struct ForgotSentPage {
    t: &'static Words,
    layout: Layout,
    given: Option<GivenAddress>,
    /// The address that the mail comes from.
    sender: String,
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
pub async fn show(app: Data<App>, http: HttpRequest, layout: Layout) -> web::Result {
    let given = GivenAddress::to_correct(&app, &http).map(|given| given.address.to_string());
    let email = given.or_else(|| Some(layout.viewer.as_ref()?.email.clone())).unwrap_or_default();
    ok(ForgotPasswordPage::new(layout, ForgotForm { email }, FieldErrors::default()))
}

/// Sends a link to an address that has an account; answers every address the same, in the same time.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    mail: MailContext,
    form: Form<ForgotForm>,
) -> web::Result {
    let watch = Stopwatch::start();
    let email = match form.parse(&layout) {
        Ok(email) if layout.unsent.is_none() => email,
        read => {
            let errors = FieldErrors::to_tell(&layout, read);
            return with_status(errors.status(), ForgotPasswordPage::new(layout, form.into_inner(), errors));
        }
    };
    let device = Device::of(&http, &app.config).filter(|device| device.knows(&app.keys, &email));
    count(&app, &client, &email, device.as_ref()).await?;
    let now = app.clock.now();
    let given = GivenAddress::new(&email, paths::filled_again(&layout.link(paths::accounts::FORGOT)), now);
    let request = ResetRequest { email, client };
    let answer = Answer::see_other(layout.link(paths::accounts::FORGOT_SENT)).with_given_address(given);
    let recorded = answer.clone();
    let sent = app.db.write(move |conn| {
        let answer = match request.send_link(conn, now, &mail)? {
            Some(owner) => recorded.clone().about(Subject::new(PASSWORD_RESET.name, owner.as_str())),
            None => recorded.clone(),
        };
        submission.record(conn, &answer)
    });
    sent.await?;
    pad_to_constant_time(watch).await;
    answer.send(&http)
}

/// Counts a request. On a device where the address logged in before, those of strangers do not count: nobody can keep an
/// owner from a new password.
async fn count(app: &App, client: &Client, email: &EmailAddress, device: Option<&Device>) -> Result<(), Error> {
    let counts = [
        limits::FORGOT_OF_NETWORK.for_network(client),
        // By the address as typed, known or not: a limit that only accounts reach would tell which they are.
        limits::FORGOT_PER_MINUTE.for_address(email),
        limits::FORGOT_PER_DAY.for_address(email),
    ];
    let Some(device) = device else { return app.limits.count(&app.db, &counts).await };
    let own =
        [limits::FORGOT_PER_MINUTE, limits::FORGOT_PER_DAY].map(|rule| rule.for_address_and_device(email, device));
    app.limits.count(&app.db, &own).await?;
    match app.limits.count(&app.db, &counts).await {
        Err(Error::TooMany(_)) => Ok(()),
        counted => counted,
    }
}

/// Where to go from here: the inbox.
///
/// # Errors
/// When the template fails.
pub async fn sent(http: HttpRequest, app: Data<App>, layout: Layout) -> web::Result {
    let (given, sender) = (GivenAddress::find(&app, &http), app.config.mail_from.email.to_string());
    ok(ForgotSentPage { t: Words::of(layout.locale), layout, given, sender })
}

impl ForgotPasswordPage {
    fn new(layout: Layout, form: ForgotForm, errors: FieldErrors) -> Self {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let mut page = Self { t, common, layout, form, errors };
        if !page.is_for_viewer() {
            page.layout = page.layout.with_typed(paths::accounts::FORGOT);
        }
        page
    }

    /// Whether it is for who is signed in, and asks for no address.
    fn is_for_viewer(&self) -> bool {
        self.errors.is_empty() && self.layout.viewer.as_ref().is_some_and(|viewer| viewer.email == self.form.email)
    }

    fn title(&self) -> &'static str {
        if self.is_for_viewer() { self.t.choose_by_email } else { self.common.forgot_password }
    }
}

impl ForgotSentPage {
    /// By what the mail is found.
    fn mail(&self) -> String {
        self.layout.t.mail_to_look_for(&self.sender, None)
    }

    /// The address of the account, where a link named it: nothing has to be kept from who reads its mail.
    fn account(&self) -> Option<&EmailAddress> {
        self.given.as_ref().filter(|given| given.form.is_none()).map(|given| &given.address)
    }
}

impl ForgotForm {
    fn parse(&self, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        email.ok_or(errors)
    }
}
