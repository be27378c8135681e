//! The page that thanks for joining, and says what comes next.

use askama::Template;

use super::words::Words;
use crate::web::page::response;
use crate::web::{self, Layout};

#[derive(Template)]
#[template(path = "waitlist/joining/thank_you.html")]
struct ThankYouPage {
    t: &'static Words,
    layout: Layout,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub async fn show(layout: Layout) -> web::Result {
    response::ok(ThankYouPage { t: Words::of(layout.locale), layout })
}
