//! The page of a link that does not work: incomplete, or else used, expired or never made.

use actix_web::http::StatusCode;
use askama::Template;

use super::words::{GoneWords, Words};
use crate::values::secret_token::SecretToken;
use crate::web::page::response;
use crate::web::{self, Layout};

#[derive(Template)]
#[template(path = "waitlist/joining/link_gone.html")]
struct GonePage {
    t: &'static Words,
    layout: Layout,
    gone: &'static GoneWords,
    is_confirmed: bool,
}

/// The page, with status 410; `token` is what came. It is the same for a used, an expired and a made-up link.
pub(super) fn show(layout: Layout, token: &str) -> web::Result {
    gone(layout, token, |t| &t.gone)
}

/// The same for a link that leads to a place as long as there is one.
pub(in crate::waitlist) fn show_place(layout: Layout, token: &str) -> web::Result {
    gone(layout, token, |t| &t.place_gone)
}

fn gone(layout: Layout, token: &str, words: fn(&'static Words) -> &'static GoneWords) -> web::Result {
    let t = Words::of(layout.locale);
    let gone = if SecretToken::is_incomplete(token) { &t.incomplete } else { words(t) };
    response::with_status(StatusCode::GONE, GonePage { t, layout, gone, is_confirmed: false })
}

/// The same for a link that confirmed an entry a moment ago.
pub(super) fn show_confirmed(layout: Layout) -> web::Result {
    let t = Words::of(layout.locale);
    response::with_status(StatusCode::GONE, GonePage { t, layout, gone: &t.confirmed_before, is_confirmed: true })
}
