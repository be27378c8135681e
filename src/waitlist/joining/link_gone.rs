//! The page of a link that was used, has expired, or never was.

use actix_web::http::StatusCode;
use askama::Template;

use super::words::Words;
use crate::web::page::response;
use crate::web::{self, Layout};

#[derive(Template)]
#[template(path = "waitlist/joining/link_gone.html")]
struct GonePage {
    t: &'static Words,
    layout: Layout,
}

/// The page, with status 410. It is the same for a used, an expired and a made-up link.
pub(in crate::waitlist) fn show(layout: Layout) -> web::Result {
    response::with_status(StatusCode::GONE, GonePage { t: Words::of(layout.locale), layout })
}
