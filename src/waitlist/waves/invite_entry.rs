//! The button of a place's page that invites its owner.

use actix_web::HttpRequest;
use actix_web::web::Path;
use askama::Template;

use super::invitation::single::SingleInvitation;
use super::words::invite::InviteWords;
use crate::audit::event::Actor;
use crate::values::id::EntryId;
use crate::web::page::flash::Flash;
use crate::web::page::response;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, Admin, Error, Layout, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/waves/invite_refused.html")]
struct RefusedPage {
    t: &'static InviteWords,
    layout: Layout,
    back: String,
}

/// Invites the place, and goes back to its page.
///
/// # Errors
/// When the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, .. }: Request,
    request: HttpRequest,
    id: Path<String>,
) -> web::Result {
    let entry = id.parse::<i64>().map(EntryId::from).map_err(|_| Error::NOT_FOUND)?;
    let (now, t) = (app.clock.now(), InviteWords::of(layout.locale));
    let invitation = SingleInvitation { entry, actor: Actor::new(&viewer.id, &client) };
    let back = paths::with_id(paths::waitlist::ENTRY, &entry.to_string());
    if app.db.write(move |conn| invitation.start(conn, now)).await?.is_none() {
        return response::conflict(RefusedPage { t, layout, back });
    }
    SessionCookie::of(&request).set_flash(&Flash::success(t.invited))?;
    response::see_other(back)
}
