//! One account's page for admins, with what they can do to it.

use std::sync::Arc;

use actix_web::HttpRequest;
use askama::Template;

use super::user_action::{Outcome, UserAction, UserChange};
use super::user_record::UserRecord;
use super::words::Words;
use crate::accounts::profile::security_event::SecurityEvent;
use crate::accounts::profile::words::{Activity, Words as ProfileWords};
use crate::accounts::provider::words::Words as ProviderWords;
use crate::accounts::session::session::Listed;
use crate::accounts::session::words::device_name::device_name;
use crate::accounts::session::words::{Sessions, Words as SessionWords};
use crate::accounts::user::state::UserState;
use crate::accounts::user::user::identity::Identity;
use crate::audit::event::Actor;
use crate::config::{Config, provider_label};
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::id::UserId;
use crate::web::page::query::Origin;
use crate::web::page::response;
use crate::web::{self, Admin, Answer, Error, Layout, PathId, Request, paths};

#[derive(Template)]
#[template(path = "accounts/directory/user_page.html")]
struct UserPage {
    t: &'static Words,
    sessions: &'static Sessions,
    activity: &'static Activity,
    ways_in: &'static ProviderWords,
    /// The providers that open the account, as people read them.
    providers: Vec<String>,
    config: Arc<Config>,
    layout: Layout,
    user: UserRecord,
    is_own: bool,
    /// The list or the search from which it was opened.
    origin: Origin,
}

/// Why something was not done.
#[derive(Template)]
#[template(path = "accounts/directory/user_refused.html")]
struct RefusedPage {
    t: &'static Words,
    layout: Layout,
    reason: &'static str,
    back: String,
}

/// Facts, sessions and events of an account.
///
/// # Errors
/// When there is no such account, or the database is unavailable.
pub async fn show(
    Admin(viewer): Admin,
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    PathId(id): PathId<UserId>,
) -> web::Result {
    let (now, origin) = (app.clock.now(), Origin::of(&http));
    let user = app.db.read(move |conn| UserRecord::find(conn, now, &id)).await?.ok_or(Error::NOT_FOUND)?;
    let (t, sessions) = (Words::of(layout.locale), &SessionWords::of(layout.locale).sessions);
    let (activity, is_own) = (&ProfileWords::of(layout.locale).activity, user.id == viewer.id);
    let (ways_in, config) = (ProviderWords::of(layout.locale), Arc::clone(&app.config));
    let label = |identity: &Identity| provider_label(&config.providers, &identity.provider);
    let providers = user.identities.iter().map(label).collect();
    response::ok(UserPage { t, sessions, activity, ways_in, providers, config, layout, user, is_own, origin })
}

/// The request of an admin who changes an account.
struct AdminRequest {
    request: Request,
    http: HttpRequest,
    admin: Admin,
    id: PathId<UserId>,
}

/// Deactivates the account.
///
/// # Errors
/// When there is no such account, or the database is unavailable.
pub async fn deactivate(request: Request, http: HttpRequest, admin: Admin, id: PathId<UserId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(UserAction::Deactivate).await
}

/// Reactivates the account.
///
/// # Errors
/// When there is no such account, or the database is unavailable.
pub async fn reactivate(request: Request, http: HttpRequest, admin: Admin, id: PathId<UserId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(UserAction::Reactivate).await
}

/// Ends every session of the account.
///
/// # Errors
/// When there is no such account, or the database is unavailable.
pub async fn end_sessions(request: Request, http: HttpRequest, admin: Admin, id: PathId<UserId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(UserAction::EndSessions).await
}

/// Sends the verification mail again.
///
/// # Errors
/// When there is no such account, or the database is unavailable.
pub async fn resend(request: Request, http: HttpRequest, admin: Admin, id: PathId<UserId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(UserAction::ResendVerification).await
}

/// Sends the owner the link that sets a new password.
///
/// # Errors
/// When there is no such account, or the database is unavailable.
pub async fn reset(request: Request, http: HttpRequest, admin: Admin, id: PathId<UserId>) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(UserAction::SendReset).await
}

/// Removes the second factor.
///
/// # Errors
/// When there is no such account, or the database is unavailable.
pub async fn remove_second_factor(
    request: Request,
    http: HttpRequest,
    admin: Admin,
    id: PathId<UserId>,
) -> web::Result {
    AdminRequest { request, http, admin, id }.apply(UserAction::RemoveSecondFactor).await
}

impl AdminRequest {
    async fn apply(self, action: UserAction) -> web::Result {
        let Self { request: Request { app, layout, client, submission }, http, admin: Admin(admin), id } = self;
        let (now, user, t) = (app.clock.now(), id.0, Words::of(layout.locale));
        let mail = MailContext::of(&app, layout.locale);
        let change = UserChange { action, admin: Actor::new(&admin.id, &client), user: user.clone(), mail };
        let back = Origin::of(&http).kept_in(&paths::with_id(paths::accounts::USER, user.as_str()));
        let answer = Answer::see_other(&back).with_flash(t.done(action));
        let recorded = answer.clone();
        let outcome = if let Some(refusal) = change.refusal() {
            Outcome::Refused(refusal)
        } else {
            let apply = move |conn: &mut _| {
                let outcome = change.apply(conn, now)?;
                if outcome == Outcome::Done && action.sends_mail() {
                    submission.record(conn, &recorded)?;
                }
                Ok(outcome)
            };
            app.db.write(apply).await?
        };
        if outcome == Outcome::Done {
            app.viewer_cache.invalidate(&user);
        }
        match outcome {
            Outcome::Done | Outcome::Unchanged => answer.send(&http),
            Outcome::Refused(refusal) => response::conflict(RefusedPage {
                t,
                layout: layout.without_form(),
                reason: t.why_refused(refusal),
                back,
            }),
            Outcome::NotFound => Err(Error::NOT_FOUND),
        }
    }
}

impl UserPage {
    fn title(&self) -> &str {
        self.user.name.as_deref().unwrap_or(self.user.email.as_str())
    }

    fn path(&self, pattern: &str) -> String {
        self.origin.kept_in(&paths::with_id(pattern, self.user.id.as_str()))
    }

    /// The list as it was, or the search.
    fn back(&self) -> String {
        self.origin.back(paths::accounts::USERS)
    }

    /// What is known of its address, on the waitlist too.
    fn story(&self) -> String {
        paths::search::search_for(self.user.email.as_str())
    }

    fn is_organization(&self) -> bool {
        self.user.kind == AccountKind::Organization
    }

    fn concerned(&self, event: &SecurityEvent) -> Option<String> {
        let provider = || event.provider().map(|name| provider_label(&self.config.providers, name));
        event.concerned.clone().or_else(provider)
    }

    fn origin(&self, event: &SecurityEvent) -> Option<String> {
        Some(event.origin()?.in_words(self.layout.locale))
    }

    fn device(&self, session: &Listed) -> String {
        device_name(session.user_agent.as_deref(), self.layout.locale)
    }

    fn address<'a>(&self, session: &'a Listed) -> &'a str {
        session.ip_address.as_deref().unwrap_or(self.sessions.unknown_address)
    }
}
