//! The page that shows a new key, once and for ten seconds.

use actix_web::web::Data;
use askama::Template;

use super::api_key::ApiKey;
use super::key_secret::{KeySecret, Seed};
use super::words::Words;
use crate::web::page::response;
use crate::web::{self, Admin, App, Layout, PathId};

#[derive(Template)]
#[template(path = "api_key/show_key.html")]
struct KeyPage {
    t: &'static Words,
    layout: Layout,
    /// The key and its text; nothing when its time is over.
    shown: Option<(ApiKey, KeySecret)>,
}

/// The key's text; afterwards that it can be seen no more.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(_: Admin, app: Data<App>, layout: Layout, PathId(id): PathId<String>) -> web::Result {
    let seed = Seed::of_page(&app.keys, app.clock.now(), &id);
    let secret = seed.map(|seed| KeySecret::of_seed(&app.keys, &seed));
    let shown = match secret {
        Some(secret) => {
            let of = secret.clone();
            app.db.read(move |conn| ApiKey::find_by_secret(conn, &of)).await?.map(|key| (key, secret))
        }
        None => None,
    };
    response::ok(KeyPage { t: Words::of(layout.locale), layout, shown })
}
