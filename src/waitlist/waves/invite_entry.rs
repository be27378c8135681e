//! The button of a place's page that invites its owner.

use actix_web::HttpRequest;
use askama::Template;

use super::invitation::single::SingleInvitation;
use super::words::invite::InviteWords;
use crate::audit::event::Actor;
use crate::values::id::EntryId;
use crate::waitlist::joining::entry_mail::mail_to;
use crate::web::page::query::Origin;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "waitlist/waves/invite_refused.html")]
struct RefusedPage {
    t: &'static InviteWords,
    layout: Layout,
    back: String,
}

/// Invites the place, and goes back to its page, which leads back to its list.
///
/// # Errors
/// When the database is unavailable.
pub async fn create(
    Admin(viewer): Admin,
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    PathId(entry): PathId<EntryId>,
) -> web::Result {
    let (now, t) = (app.clock.now(), InviteWords::of(layout.locale));
    let invitation = SingleInvitation { entry, actor: Actor::new(&viewer.id, &client) };
    let back = Origin::of(&http).kept_in(&paths::with_id(paths::waitlist::ENTRY, &entry.to_string()));
    let answer = Answer::see_other(&back).with_flash(t.invited).about(mail_to(entry));
    match submission.write(&app.db, &answer, move |conn| invitation.start(conn, now)).await? {
        Some(_) => answer.send(&http),
        None => response::conflict(RefusedPage { t, layout: layout.without_form(), back }),
    }
}
