//! The page that thanks for joining, and says what comes next.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::words::Words;
use crate::web::page::response;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, App, Layout};

#[derive(Template)]
#[template(path = "waitlist/joining/thank_you.html")]
struct ThankYouPage {
    t: &'static Words,
    layout: Layout,
    given: Option<GivenAddress>,
    /// The address that the mail comes from.
    sender: String,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub async fn show(http: HttpRequest, app: Data<App>, layout: Layout) -> web::Result {
    let (given, sender) = (GivenAddress::find(&app, &http), app.config.mail_from.email.to_string());
    response::ok(ThankYouPage { t: Words::of(layout.locale), layout, given, sender })
}

impl ThankYouPage {
    /// By what the mail is found.
    fn mail(&self) -> String {
        self.layout.t.mail_to_look_for(&self.sender, Some(self.t.letter.subject))
    }
}
