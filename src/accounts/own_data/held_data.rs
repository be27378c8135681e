//! Everything that is held about an account, for its owner to take along. No secret is among it: no hash, no token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde::Serialize;
use serde_json::Value;

use crate::audit::event::{Action, Actor};
use crate::mail::link;
use crate::schema::{account, audit_event, avatar, outbox_letter, session, user, verification};
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::personal_data::PersonalDataRow;
use crate::web::app::WhatIsHeld;

/// Rows of one kind that are read at most, so that no account can fill the memory. Nobody has as many.
const MOST: i64 = 10_000;

/// What is held, as the file names it.
#[derive(Debug, Serialize)]
pub struct HeldData {
    exported_at: Timestamp,
    /// Whether nothing was left out for its length.
    complete: bool,
    profile: Profile,
    picture: Option<Picture>,
    managed_by: Option<Organization>,
    members: Vec<Member>,
    logs_in_with: Vec<LogIn>,
    sessions: Vec<Device>,
    activity: Vec<Activity>,
    emails: Vec<Email>,
    links: Vec<PendingLink>,
    waitlist: Vec<PersonalDataRow>,
}

#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = user, check_for_backend(Pg))]
struct Profile {
    id: String,
    email: String,
    name: Option<String>,
    #[serde(rename = "type")]
    type_: String,
    profession: String,
    avatar: Option<String>,
    is_active: Option<bool>,
    is_email_verified: Option<bool>,
    created_at: Timestamp,
    updated_at: Timestamp,
    organization_id: Option<String>,
    managed_since: Option<Timestamp>,
    #[serde(rename = "erased_at")]
    purge_at: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Picture {
    media_type: &'static str,
    base64: String,
    created_at: Timestamp,
}

#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = user, check_for_backend(Pg))]
struct Organization {
    id: String,
    name: Option<String>,
    email: String,
}

#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = user, check_for_backend(Pg))]
struct Member {
    id: String,
    name: Option<String>,
    email: String,
    profession: String,
    is_active: Option<bool>,
    managed_since: Option<Timestamp>,
}

#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = account, check_for_backend(Pg))]
struct LogIn {
    provider: String,
    #[serde(rename = "provider_account_id")]
    provideraccountid: String,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = session, check_for_backend(Pg))]
struct Device {
    id: String,
    ip_address: Option<String>,
    user_agent: Option<String>,
    created_at: Timestamp,
    authenticated_at: Option<Timestamp>,
    last_seen_at: Option<Timestamp>,
    expires_at: Timestamp,
}

#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = audit_event, check_for_backend(Pg))]
struct Activity {
    happened_at: Timestamp,
    action: String,
    /// Whose act it was: the owner's, another account's, or nobody's (the system's).
    actor_id: Option<String>,
    /// Which account it was about.
    user_id: Option<String>,
    ip_address: Option<String>,
    user_agent: Option<String>,
    details: Option<Value>,
}

#[derive(Debug, Queryable, Selectable, Serialize)]
#[diesel(table_name = outbox_letter, check_for_backend(Pg))]
struct Email {
    kind: String,
    subject: String,
    status: String,
    created_at: Timestamp,
    sent_at: Option<Timestamp>,
    last_reply: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = verification, check_for_backend(Pg))]
struct LinkRow {
    identifier: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct PendingLink {
    purpose: String,
    created_at: Timestamp,
    expires_at: Timestamp,
}

impl HeldData {
    /// Gathers what is held for its owner, and records that they took it. Nothing when the account is gone.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn export(
        conn: &mut PgConnection,
        now: Timestamp,
        owner: &Actor,
        elsewhere: WhatIsHeld,
    ) -> QueryResult<Option<Self>> {
        let Some(user) = &owner.id else { return Ok(None) };
        Action::DataExported.by(owner, user).record(conn, now)?;
        Self::gather(conn, now, user, elsewhere)
    }

    fn gather(
        conn: &mut PgConnection,
        now: Timestamp,
        user: &UserId,
        elsewhere: WhatIsHeld,
    ) -> QueryResult<Option<Self>> {
        let id = user.as_str();
        let profile = user::table.find(id).select(Profile::as_select()).first(conn).optional()?;
        let Some(profile) = profile else { return Ok(None) };
        let addresses = [profile.email.clone(), profile.email.to_lowercase()];
        let elsewhere = elsewhere(conn, &addresses)?;
        let links_of = [link::identifiers(&link::OF_ACCOUNTS, &[id.to_owned()]), elsewhere.links].concat();
        let mut own = Self {
            exported_at: now,
            complete: true,
            picture: picture(conn, id)?,
            managed_by: profile.organization(conn)?,
            members: members(conn, id)?,
            logs_in_with: providers(conn, id)?,
            sessions: sessions(conn, id)?,
            activity: activity(conn, id)?,
            emails: emails(conn, &addresses)?,
            links: links(conn, now, &links_of)?,
            waitlist: elsewhere.rows,
            profile,
        };
        own.complete = own.longest() < usize::try_from(MOST).unwrap_or(usize::MAX);
        Ok(Some(own))
    }

    fn longest(&self) -> usize {
        let rows = [self.members.len(), self.sessions.len(), self.activity.len(), self.emails.len(), self.links.len()];
        rows.into_iter().max().unwrap_or_default()
    }
}

impl Profile {
    fn organization(&self, conn: &mut PgConnection) -> QueryResult<Option<Organization>> {
        let Some(id) = &self.organization_id else { return Ok(None) };
        user::table.find(id).select(Organization::as_select()).first(conn).optional()
    }
}

fn picture(conn: &mut PgConnection, id: &str) -> QueryResult<Option<Picture>> {
    let row = avatar::table.filter(avatar::user_id.eq(id)).select((avatar::picture, avatar::created_at));
    let row = row.first::<(Vec<u8>, Timestamp)>(conn).optional()?;
    Ok(row.map(|(bytes, created_at)| Picture { media_type: "image/jpeg", base64: STANDARD.encode(bytes), created_at }))
}

fn members(conn: &mut PgConnection, id: &str) -> QueryResult<Vec<Member>> {
    let managed = user::table.filter(user::organization_id.eq(id)).order(user::created_at);
    managed.select(Member::as_select()).limit(MOST).load(conn)
}

fn providers(conn: &mut PgConnection, id: &str) -> QueryResult<Vec<LogIn>> {
    account::table.filter(account::user_id.eq(id)).select(LogIn::as_select()).limit(MOST).load(conn)
}

fn sessions(conn: &mut PgConnection, id: &str) -> QueryResult<Vec<Device>> {
    let own = session::table.filter(session::user_id.eq(id)).order(session::created_at.desc());
    own.select(Device::as_select()).limit(MOST).load(conn)
}

fn activity(conn: &mut PgConnection, id: &str) -> QueryResult<Vec<Activity>> {
    let own = audit_event::table.filter(audit_event::user_id.eq(id).or(audit_event::actor_id.eq(id)));
    let newest_first = (audit_event::happened_at.desc(), audit_event::id.desc());
    let mut rows: Vec<Activity> = own.order(newest_first).select(Activity::as_select()).limit(MOST).load(conn)?;
    // The address and the device of somebody else are not the owner's to know.
    for act in rows.iter_mut().filter(|act| act.actor_id.as_deref() != Some(id)) {
        (act.ip_address, act.user_agent) = (None, None);
    }
    Ok(rows)
}

fn emails(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<Vec<Email>> {
    let own = outbox_letter::table.filter(outbox_letter::recipient.eq_any(addresses));
    own.order(outbox_letter::created_at.desc()).select(Email::as_select()).limit(MOST).load(conn)
}

/// What each link is for and until when, but neither its id, from which the token is made, nor the token's hash.
fn links(conn: &mut PgConnection, now: Timestamp, identifiers: &[String]) -> QueryResult<Vec<PendingLink>> {
    let of = verification::identifier.eq_any(identifiers).and(verification::expires_at.gt(now));
    let rows: Vec<LinkRow> = verification::table.filter(of).select(LinkRow::as_select()).limit(MOST).load(conn)?;
    Ok(rows.into_iter().map(PendingLink::from).collect())
}

impl From<LinkRow> for PendingLink {
    fn from(row: LinkRow) -> Self {
        let purpose = row.identifier.split(':').next().unwrap_or_default().to_owned();
        Self { purpose, created_at: row.created_at, expires_at: row.expires_at }
    }
}
