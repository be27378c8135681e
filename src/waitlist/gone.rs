//! The page of a link that was used, has expired, or never was.

use actix_web::http::StatusCode;
use askama::Template;

use super::words::Words;
use crate::web::{self, Layout, page};

#[derive(Template)]
#[template(path = "waitlist/gone.html")]
struct GonePage {
    t: &'static Words,
    layout: Layout,
}

/// 410: with a way on. Nobody can tell a used link from an expired or a made-up one.
pub(super) fn show(layout: Layout) -> web::Result {
    page::with_status(StatusCode::GONE, GonePage { t: Words::of(layout.locale), layout })
}
