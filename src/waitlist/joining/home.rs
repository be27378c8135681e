//! The start page: what Biovity is, with the waitlist form in place.

use actix_web::web::Data;
use askama::Template;

use super::join::JoinForm;
use crate::waitlist::words::Words;
use crate::web::page::response;
use crate::web::{self, App, FieldErrors, Layout};

#[derive(Template)]
#[template(path = "waitlist/joining/home.html")]
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
    response::ok(HomePage { t: Words::of(layout.locale), layout, form, errors })
}
