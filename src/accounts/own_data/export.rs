//! Taking one's data along: everything that is held about an account, as a file.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;

use super::held_data::HeldData;
use crate::audit::event::Actor;
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::{self, App, Error, Recent};

/// The file. It takes no layout: a message that waits for the next page is not for a download to show. The account's
/// activity shows the download, so that an owner sees it when a thief made it.
///
/// # Errors
/// When limited, when the password was given too long ago, or when the database is unavailable.
pub async fn show(app: Data<App>, client: Client, Recent(viewer): Recent) -> web::Result {
    app.limits.count(&app.db, &[limits::EXPORTS.for_user(&viewer.id)]).await?;
    let (now, actor, elsewhere) = (app.clock.now(), Actor::new(&viewer.id, &client), app.what_is_held);
    let file_name = format!("attachment; filename=\"biovity-{}.json\"", now.format("%Y-%m-%d"));
    let held =
        app.db.write(move |conn| HeldData::export(conn, now, &actor, elsewhere)).await?.ok_or(Error::NOT_FOUND)?;
    let body = serde_json::to_vec_pretty(&held).map_err(|error| Error::Internal(error.into()))?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, "application/json"));
    answer.insert_header((header::CONTENT_DISPOSITION, file_name));
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    Ok(answer.body(body))
}
