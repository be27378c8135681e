//! The connection of an account with a provider: made and ended by its owner, who gets a mail of both.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde_json::json;

use super::letters;
use super::provider::Provider;
use crate::accounts::session::reauthenticated::lock_session;
use crate::accounts::session::security_notice::facts;
use crate::accounts::session::session::Session;
use crate::accounts::user::letters::AccountLetter;
use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::{Connected, Disconnected, Identity};
use crate::audit::event::{Action, Actor};
use crate::mail::link::{Link, NewLink};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::{SessionId, UserId};
use crate::values::locale::Locale;
use crate::web::visitor::client::Client;
use crate::web::{Request, Viewer};

/// An owner who changes which providers open the account.
#[derive(Clone, Debug)]
pub struct ProviderChange {
    /// Whose account it is.
    pub owner: UserId,
    /// The session in which they do it. It may end while a provider is waited for: then nothing is changed.
    pub session: SessionId,
    /// From where.
    pub client: Client,
    /// The provider's name in its column.
    pub provider: String,
    /// Its name as people read it.
    pub label: String,
    /// How mail is written.
    pub mail: MailContext,
}

/// What was done, and to whose account.
#[derive(Clone, Copy)]
struct Change<'a> {
    owner: &'a User,
    action: Action,
}

/// The letter of a change.
type NewLetter = fn(Locale, Link, &str) -> AccountLetter;

impl ProviderChange {
    /// One of a provider that people can log in with, as a request asks for it.
    pub(super) fn of(request: &Request, viewer: &Viewer, provider: &Provider) -> Self {
        Self::named(request, viewer, provider.settings.name.to_owned(), provider.settings.label.clone())
    }

    /// One of a provider with this name and label.
    pub(super) fn named(request: &Request, viewer: &Viewer, provider: String, label: String) -> Self {
        let (owner, session, client) = (viewer.id.clone(), viewer.session.clone(), request.client.clone());
        let mail = MailContext::of(&request.app, request.layout.locale);
        Self { owner, session, client, provider, label, mail }
    }

    /// Lets the identity open the account. Nothing when the account may not be used, or is an admin's, or the session has
    /// ended: whoever had it may be a stranger whom the owner has just shut out.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn connect(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        identity: &Identity,
    ) -> QueryResult<Option<Connected>> {
        let Some(owner) = self.lock(conn, now)? else { return Ok(None) };
        identity.lock(conn)?;
        let connected = identity.connect(conn, now, &owner.id)?;
        if connected == Connected::Done {
            self.tell(conn, now, Change { owner: &owner, action: Action::ProviderConnected })?;
        }
        Ok(Some(connected))
    }

    /// Lets the provider open the account no more, and ends every other session: it may have opened any of them. `ways_in`
    /// are those that people can log in with.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn disconnect(&self, conn: &mut PgConnection, now: Timestamp, ways_in: &[&str]) -> QueryResult<Disconnected> {
        let Some(owner) = self.lock(conn, now)? else { return Ok(Disconnected::NotConnected) };
        let disconnected = Identity::disconnect(conn, &owner.id, &self.provider, ways_in)?;
        if disconnected == Disconnected::Done {
            Session::end_others(conn, &owner.id, &self.session)?;
            self.tell(conn, now, Change { owner: &owner, action: Action::ProviderDisconnected })?;
        }
        Ok(disconnected)
    }

    fn lock(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Option<User>> {
        let Some(seen) = User::find(conn, &self.owner)? else { return Ok(None) };
        seen.lock(conn)?;
        if !lock_session(conn, now, &self.session)? {
            return Ok(None);
        }
        let may = |user: &User| user.is_active && user.purge_at.is_none() && user.kind != AccountKind::Admin;
        Ok(User::find(conn, &self.owner)?.filter(may))
    }

    /// Records it, and tells the owner by mail.
    fn tell(&self, conn: &mut PgConnection, now: Timestamp, Change { owner, action }: Change<'_>) -> QueryResult<()> {
        let actor = Actor::new(&owner.id, &self.client);
        action.by(&actor, &owner.id).with(json!({ "provider": self.provider })).record(conn, now)?;
        let new = NewLink { purpose: ACCOUNT_SECURING, subject: owner.id.to_string(), pending: None };
        let link = new.issue(conn, now, &self.mail.keys)?;
        let locale = owner.mail_locale(&self.mail);
        let letter: NewLetter =
            if action == Action::ProviderConnected { letters::connected } else { letters::disconnected };
        let letter = letter(locale, link, &self.label).with_facts(facts(locale, now, &self.client));
        outbox::enqueue(conn, now, &owner.email, &letter).map(|_| ())
    }
}
