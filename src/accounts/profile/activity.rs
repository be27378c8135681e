//! What happened to an account lately, as its owner sees it.

use actix_web::web::Data;
use askama::Template;

use super::security_event::{By, Event};
use crate::accounts::session::words::device_name::device_name;
use crate::accounts::session::words::{Sessions, Words as SessionWords};
use crate::accounts::user::words::{Activity, Words};
use crate::audit::event::Action;
use crate::web::page::response::ok;
use crate::web::{self, App, Layout, SignedIn};

#[derive(Template)]
#[template(path = "accounts/profile/activity.html")]
struct ActivityPage {
    t: &'static Activity,
    sessions: &'static Sessions,
    layout: Layout,
    events: Vec<Event>,
}

/// The last 50 events.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, SignedIn(viewer): SignedIn) -> web::Result {
    let events = app.db.read(move |conn| Event::recent_of(conn, &viewer.id)).await?;
    let (words, sessions) = (Words::of(layout.locale), &SessionWords::of(layout.locale).sessions);
    ok(ActivityPage { t: &words.activity, sessions, layout, events })
}

impl ActivityPage {
    /// Who did it, when it was somebody else. Admins act for Biovity, whatever their names.
    fn by<'a>(&self, event: &'a Event) -> Option<&'a str> {
        match &event.by {
            By::Owner => None,
            // Whoever declined need not have an account, and whether they have one is nobody's to know.
            By::Operator if event.action == Some(Action::InvitationDeclined) => None,
            By::Other(name) if event.concerned.is_none() => Some(name),
            By::Other(_) => None,
            By::Gone => Some(self.t.gone),
            By::Admin(_) | By::Operator => Some(self.t.operator),
        }
    }

    /// Whom it concerned, when that is somebody else: another account, or an address that was invited.
    fn whom(event: &Event) -> Option<&str> {
        let is_invitation =
            [Action::Invited, Action::InvitationRevoked, Action::InvitationDeclined].map(Some).contains(&event.action);
        let address = || event.details.as_ref().filter(|_| is_invitation)?.get("email")?.as_str();
        event.concerned.as_deref().or_else(address)
    }

    /// The device and its address; those of others are not the owner's to know.
    fn whence(&self, event: &Event) -> Option<String> {
        let address = event.ip_address.as_ref().filter(|_| self.by(event).is_none())?;
        Some(format!("{}, {address}", device_name(event.user_agent.as_deref(), self.layout.locale)))
    }
}
