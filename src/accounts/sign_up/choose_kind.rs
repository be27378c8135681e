//! The choice between the two kinds of accounts.

use actix_web::web::Data;
use askama::Template;

use super::words::Words;
use crate::accounts::user::user::provider_link::{self, ProviderLink};
use crate::accounts::user::words::Words as CommonWords;
use crate::web::page::response::ok;
use crate::web::{self, App, Layout};

#[derive(Template)]
#[template(path = "accounts/sign_up/choose_kind.html")]
struct ChooseKindPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    providers: Vec<ProviderLink>,
}

/// The choice.
///
/// # Errors
/// When the template fails.
pub async fn show(app: Data<App>, layout: Layout) -> web::Result {
    let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
    ok(ChooseKindPage { t, common, layout, providers: provider_link::all(&app.config, None) })
}
