//! Taking one's data along: everything that is held about an account, as a file.

use actix_web::body::BodyStream;
use actix_web::http::{Method, header};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream;

use super::held_data::HeldData;
use crate::audit::event::Actor;
use crate::values::santiago_time;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, Error, Recent};

/// The file. It takes no layout: a message that waits for the next page is not for a download to show. The account's
/// activity shows the download, so that an owner sees it when a thief made it. A HEAD takes nothing along and records nothing.
///
/// # Errors
/// When limited, when the password was given too long ago, or when the database is unavailable.
pub async fn show(app: Data<App>, method: Method, client: Client, Recent(viewer): Recent) -> web::Result {
    if method == Method::HEAD {
        return Ok(file(&app).body(BodyStream::new(stream::empty::<std::io::Result<Bytes>>())));
    }
    app.limits.count(&app.db, &[limits::EXPORTS.for_user(&viewer.id)]).await?;
    let (now, actor, elsewhere) = (app.clock.now(), Actor::new(&viewer.id, &client), app.what_is_held);
    let held =
        app.db.write(move |conn| HeldData::export(conn, now, &actor, elsewhere)).await?.ok_or(Error::NOT_FOUND)?;
    let body = serde_json::to_vec_pretty(&held).map_err(|error| Error::Internal(error.into()))?;
    Ok(file(&app).body(body))
}

/// The answer but for what is held.
fn file(app: &App) -> HttpResponseBuilder {
    let name = format!("attachment; filename=\"biovity-{}.json\"", santiago_time::day_of(app.clock.now()));
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, "application/json"));
    answer.insert_header((header::CONTENT_DISPOSITION, name));
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer
}
