//! What to do after signing up: look into the inbox, and what helps when no mail arrives.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::words::Words;
use crate::accounts::user::words::Words as CommonWords;
use crate::web::page::response::ok;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, App, Layout};

#[derive(Template)]
#[template(path = "accounts/sign_up/check_email.html")]
struct CheckEmailPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    given: Option<GivenAddress>,
    /// The address that the mail comes from.
    sender: String,
}

/// The page, the same whatever the sign-up found.
///
/// # Errors
/// When the template fails.
pub async fn show(http: HttpRequest, app: Data<App>, layout: Layout) -> web::Result {
    let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
    let (given, sender) = (GivenAddress::find(&app, &http), app.config.mail_from.email.to_string());
    ok(CheckEmailPage { t, common, layout, given, sender })
}

impl CheckEmailPage {
    /// By what the mail is found.
    fn mail(&self) -> String {
        self.layout.t.mail_to_look_for(&self.sender, None)
    }
}
