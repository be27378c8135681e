//! The start page: what Biovity is, with the waitlist's form.

use actix_web::web::Data;
use askama::Template;

use super::join::JoinForm;
use super::words::Words;
use super::words::home::HomeWords;
use crate::web::page::response;
use crate::web::{self, App, FieldErrors, Layout, paths};

#[derive(Template)]
#[template(path = "waitlist/joining/home.html")]
struct HomePage {
    t: &'static Words,
    home: &'static HomeWords,
    layout: Layout,
    form: JoinForm,
    errors: FieldErrors,
}

/// The page. Whoever is signed in gets a link to the account instead of the form.
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, layout: Layout) -> web::Result {
    let (t, home) = (Words::of(layout.locale), HomeWords::of(layout.locale));
    let form = JoinForm::empty(&app, &layout);
    let layout = if layout.viewer.is_none() { layout.with_typed(paths::waitlist::JOIN) } else { layout };
    response::ok(HomePage { t, home, layout, form, errors: FieldErrors::default() })
}
