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
    let keys = app.keys.clone();
    let read = app.db.read(move |conn| {
        // The replica that made the key may have another time.
        let now = ApiKey::database_time(conn)?;
        let Some(seed) = Seed::of_page(&keys, now, &id) else { return Ok(None) };
        let secret = KeySecret::of_seed(&keys, &seed);
        Ok(ApiKey::find_by_secret(conn, &secret)?.map(|key| (key, secret)))
    });
    let shown = read.await?;
    response::ok(KeyPage { t: Words::of(layout.locale), layout, shown })
}
