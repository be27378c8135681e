//! Who manages an account, what that means, and leaving.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::managing_organization::Management;
use crate::accounts::user::words::{Membership, Words};
use crate::audit::event::Actor;
use crate::web::page::flash::Flash;
use crate::web::page::response::{ok, see_other};
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Layout, SignedIn, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/organization/leave.html")]
struct ManagedByPage {
    t: &'static Membership,
    layout: Layout,
    viewer: Viewer,
    management: Option<Management>,
}

/// The organization, or that there is none.
///
/// # Errors
/// When nobody is signed in, or the database is away.
pub async fn show(app: Data<App>, layout: Layout, SignedIn(viewer): SignedIn) -> web::Result {
    let id = viewer.id.clone();
    let management = app.db.read(move |conn| Management::find(conn, &id)).await?;
    ok(ManagedByPage { t: &Words::of(layout.locale).membership, layout, viewer, management })
}

/// Leaves it. Twice is once.
///
/// # Errors
/// When nobody is signed in, or the database is away.
pub async fn delete(
    app: Data<App>,
    layout: Layout,
    SignedIn(viewer): SignedIn,
    (request, client): (HttpRequest, Client),
) -> web::Result {
    let (now, id) = (app.clock.now(), viewer.id.clone());
    let left = app.db.write(move |conn| Management::leave(conn, now, &Actor::new(&id, &client), &id)).await?;
    if left {
        app.viewer_cache.invalidate(&viewer.id, now);
        SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).membership.left))?;
    }
    see_other(paths::accounts::MANAGED_BY)
}
