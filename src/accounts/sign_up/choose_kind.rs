//! The choice between the two kinds of accounts.

use askama::Template;

use super::words::Words;
use crate::accounts::user::words::Words as CommonWords;
use crate::web::page::response::ok;
use crate::web::{self, Layout};

#[derive(Template)]
#[template(path = "accounts/sign_up/choose_kind.html")]
struct ChooseKindPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
}

/// The choice.
///
/// # Errors
/// When the template fails.
pub async fn show(layout: Layout) -> web::Result {
    ok(ChooseKindPage { t: Words::of(layout.locale), common: CommonWords::of(layout.locale), layout })
}
