//! What happened to an account lately, as its owner sees it.

use std::sync::Arc;

use askama::Template;

use super::security_event::{EventActor, SecurityEvent};
use super::words::{Activity, Words};
use crate::accounts::session::words::{Sessions, Words as SessionWords};
use crate::audit::event::Action;
use crate::config::{Config, provider_label};
use crate::web::page::response::ok;
use crate::web::{self, Layout, Request, SignedIn};

#[derive(Template)]
#[template(path = "accounts/profile/activity.html")]
struct ActivityPage {
    t: &'static Activity,
    sessions: &'static Sessions,
    layout: Layout,
    events: Vec<SecurityEvent>,
    config: Arc<Config>,
    /// Whether another provider may open the account.
    has_providers: bool,
}

/// The last 50 events.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, SignedIn(viewer): SignedIn) -> web::Result {
    let is_admin = viewer.is_admin();
    let events = app.db.read(move |conn| SecurityEvent::recent_of(conn, &viewer.id)).await?;
    let has_providers = !app.config.providers.is_empty() && !is_admin;
    let (t, sessions) = (&Words::of(layout.locale).activity, &SessionWords::of(layout.locale).sessions);
    ok(ActivityPage { t, sessions, layout, events, config: Arc::clone(&app.config), has_providers })
}

impl ActivityPage {
    /// Who did it, when it was somebody else. Admins act for Biovity, whatever their names.
    fn by<'a>(&self, event: &'a SecurityEvent) -> Option<&'a str> {
        match &event.by {
            EventActor::Owner => None,
            // Whether whoever declined has an account must not show.
            EventActor::Visitor if event.action == Some(Action::InvitationDeclined) => None,
            EventActor::Other(_) if is_of_member(event) => None,
            EventActor::Other(name) => Some(name),
            EventActor::Gone => Some(self.t.gone),
            EventActor::Visitor => Some(self.t.visitor),
            EventActor::AtTheCode => Some(self.t.at_the_code),
            EventActor::Admin(_) | EventActor::Operator => Some(self.t.operator),
        }
    }

    /// Whom or what it concerned, when that is not the owner: another account, which may be of whoever did it, an address that was
    /// invited, or a provider.
    fn concerned(&self, event: &SecurityEvent) -> Option<String> {
        let is_invitation =
            [Action::Invited, Action::InvitationRevoked, Action::InvitationDeclined].map(Some).contains(&event.action);
        let address = || event.details.as_ref().filter(|_| is_invitation)?.get("email")?.as_str();
        let provider = || event.provider().map(|name| provider_label(&self.config.providers, name));
        let member = || match &event.by {
            EventActor::Other(name) if is_of_member(event) => Some(name.as_str()),
            _ => None,
        };
        event.concerned.as_deref().or_else(address).or_else(member).map(str::to_owned).or_else(provider)
    }

    /// The device and its address. Those of somebody else are not shown: they are not the owner's to know.
    fn origin(&self, event: &SecurityEvent) -> Option<String> {
        let is_own = event.by == EventActor::Owner;
        Some(event.origin().filter(|_| is_own)?.in_words(self.layout.locale))
    }
}

/// Whether somebody joined or left an organization.
fn is_of_member(event: &SecurityEvent) -> bool {
    [Action::JoinedOrganization, Action::LeftOrganization].map(Some).contains(&event.action)
}
