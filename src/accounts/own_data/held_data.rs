//! Everything that is held about an account, for its owner to take along. No secret is among it: no hash, no token.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use serde::Serialize;

use crate::accounts::one_time_code::recovery_code::RecoveryCode;
use crate::accounts::one_time_code::trusted_device::TrustedDevice;
use crate::audit::account_history::ExportedEvent;
use crate::audit::event::{Action, Actor};
use crate::mail::letter_history::WrittenLetter;
use crate::mail::link::{self, PendingLink};
use crate::schema::{account, avatar, session, user};
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
    recovery_codes_left: i64,
    devices_without_code: Vec<TrustedDevice>,
    sessions: Vec<Device>,
    activity: Vec<ExportedEvent>,
    emails: Vec<WrittenLetter>,
    links: Vec<PendingLink>,
    waitlist: Vec<PersonalDataRow>,
    import_lines: Vec<PersonalDataRow>,
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
    locale: Option<String>,
    second_factor_since: Option<Timestamp>,
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
    issuer: Option<String>,
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
            recovery_codes_left: RecoveryCode::count(conn, user)?,
            devices_without_code: TrustedDevice::list_all(conn, user, MOST)?,
            sessions: sessions(conn, id)?,
            activity: ExportedEvent::of_account(conn, user, MOST)?,
            emails: WrittenLetter::all_to(conn, &addresses, MOST)?,
            links: PendingLink::all(conn, now, &links_of, MOST)?,
            waitlist: elsewhere.rows,
            import_lines: elsewhere.import_lines,
            profile,
        };
        own.complete = own.longest() < usize::try_from(MOST).unwrap_or(usize::MAX);
        Ok(Some(own))
    }

    fn longest(&self) -> usize {
        let own = [self.members.len(), self.sessions.len(), self.activity.len(), self.emails.len(), self.links.len()];
        let more = [self.devices_without_code.len(), self.waitlist.len(), self.import_lines.len()];
        let rows = own.into_iter().chain(more);
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
