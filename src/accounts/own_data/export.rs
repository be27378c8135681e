//! Taking one's data along: everything that is held about an account, as a file.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;

use super::held_data::OwnData;
use crate::audit::event::Actor;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::guards::Recent;
use crate::web::{self, App, Error};

/// The file. That it was taken is noted among the account's activity: a thief takes it first.
///
/// # Errors
/// When limited, when the password was given too long ago, or when the database is away.
pub async fn show(app: Data<App>, Recent(viewer): Recent, client: Client) -> web::Result {
    app.limits.count(&app.db, &[limits::EXPORTS.for_user(&viewer.id)]).await?;
    let (now, actor) = (app.clock.now(), Actor::new(&viewer.id, &client));
    let file_name = format!("attachment; filename=\"biovity-{}.json\"", now.format("%Y-%m-%d"));
    let own = app.db.write(move |conn| OwnData::take(conn, now, &actor)).await?.ok_or(Error::NOT_FOUND)?;
    let body = serde_json::to_vec_pretty(&own).map_err(|error| Error::Internal(error.into()))?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, "application/json"));
    answer.insert_header((header::CONTENT_DISPOSITION, file_name));
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(answer.body(body))
}
