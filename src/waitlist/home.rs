//! The start page: what Biovity is, with the waitlist form in place.

use actix_web::web::Data;
use askama::Template;

use super::join::JoinForm;
use super::words::Words;
use crate::web::{self, App, FieldErrors, Layout, page};

#[derive(Template)]
#[template(path = "waitlist/home.html")]
struct HomePage {
    t: &'static Words,
    layout: Layout,
    form: JoinForm,
    errors: FieldErrors,
}

/// The page; whoever is signed in finds the way to the account instead of the form.
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, layout: Layout) -> web::Result {
    let (form, errors) = (JoinForm::given_out(&app), FieldErrors::default());
    page::ok(HomePage { t: Words::of(layout.locale), layout, form, errors })
}
