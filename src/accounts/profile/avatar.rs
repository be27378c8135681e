//! The pictures of people: showing one, and going back to the generated one.

use actix_web::http::header;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use super::words::Words;
use crate::accounts::user::avatar;
use crate::audit::event::Actor;
use crate::values::id::AvatarId;
use crate::values::secret_token::SecretToken;
use crate::web::{self, Answer, App, Error, Request, SignedIn, paths};

/// The browser alone keeps it, for a year: the address changes with the picture.
const FOREVER: &str = "private, max-age=31536000, immutable";

/// One picture, for whoever has its address: nobody can guess the random id in it.
///
/// # Errors
/// Not found, when nobody has this picture any more.
pub async fn show(app: Data<App>, id: Path<String>) -> web::Result {
    // An id that cannot be one of ours costs no query.
    let known = SecretToken::parse(&id).map(|id| AvatarId::from(id.reveal().to_owned()));
    let id = known.ok_or(Error::NOT_FOUND)?;
    let picture = app.db.read(move |conn| avatar::find(conn, &id)).await?.ok_or(Error::NOT_FOUND)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "image/jpeg"))
        .insert_header((header::CACHE_CONTROL, FOREVER))
        .body(picture))
}

/// Goes back to the generated picture. A second time changes nothing, so no answer is stored.
///
/// # Errors
/// When the database is unavailable.
pub async fn delete(
    Request { app, layout, client, .. }: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
) -> web::Result {
    let (now, user) = (app.clock.now(), viewer.id.clone());
    let answer = Answer::see_other(paths::accounts::ACCOUNT).with_flash(Words::of(layout.locale).picture_removed);
    let remove = move |conn: &mut _| avatar::remove(conn, now, &Actor::new(&user, &client), &user);
    if app.db.write(remove).await? {
        app.viewer_cache.invalidate(&viewer.id);
    }
    answer.send(&http)
}
