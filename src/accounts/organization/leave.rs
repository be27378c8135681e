//! Who manages an account, what that means, and leaving.

use std::sync::Arc;

use actix_web::HttpRequest;
use askama::Template;

use super::managing_organization::{ManagingOrganization, membership_of};
use super::words::{Membership, Words};
use crate::audit::event::Actor;
use crate::web::page::response::ok;
use crate::web::{self, Answer, Layout, Request, SignedIn, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/organization/leave.html")]
struct LeavePage {
    t: &'static Membership,
    layout: Layout,
    viewer: Arc<Viewer>,
    organization: Option<ManagingOrganization>,
}

/// The organization, or that there is none.
///
/// # Errors
/// When nobody is signed in, or the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, SignedIn(viewer): SignedIn) -> web::Result {
    let id = viewer.id.clone();
    let organization = app.db.read(move |conn| ManagingOrganization::find(conn, &id)).await?;
    ok(LeavePage { t: &Words::of(layout.locale).membership, layout, viewer, organization })
}

/// Leaves it. To leave once more changes nothing.
///
/// # Errors
/// When nobody is signed in, or the database is unavailable.
pub async fn delete(
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
) -> web::Result {
    let (now, id) = (app.clock.now(), viewer.id.clone());
    let answer = Answer::see_other(paths::accounts::MANAGED_BY);
    let left = answer.clone().with_flash(Words::of(layout.locale).membership.left).about(membership_of(&viewer.id));
    let leave =
        move |conn: &mut _| Ok(ManagingOrganization::leave(conn, now, &Actor::new(&id, &client), &id)?.then_some(()));
    if submission.write(&app.db, &left, leave).await?.is_none() {
        return answer.send(&http);
    }
    app.viewer_cache.invalidate(&viewer.id);
    left.send(&http)
}
