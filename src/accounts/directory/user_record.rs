//! One account as admins see it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use crate::accounts::profile::security_event::SecurityEvent;
use crate::accounts::session::session::{Listed, Session};
use crate::accounts::user::state::{KIND, STATE, UserState};
use crate::accounts::user::user::identity::Identity;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;

/// What an account's page shows.
#[derive(Clone, Debug)]
pub struct UserRecord {
    /// Its id.
    pub id: UserId,
    /// Its address.
    pub email: EmailAddress,
    /// Its name, when it has one.
    pub name: Option<String>,
    /// What it is for.
    pub kind: AccountKind,
    /// Whether it can be used.
    pub state: UserState,
    /// The profession, or the position of an organization's contact.
    pub profession: String,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// When it will be deleted.
    pub purge_at: Option<Timestamp>,
    /// Since when a log-in asks for a code.
    pub second_factor_since: Option<Timestamp>,
    /// Which providers open it.
    pub identities: Vec<Identity>,
    /// The organization that manages it, by id and name.
    pub organization: Option<(UserId, String)>,
    /// How many accounts it manages.
    pub members: i64,
    /// Where somebody is signed in with it.
    pub sessions: Vec<Listed>,
    /// What happened to it lately.
    pub events: Vec<SecurityEvent>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    name: Option<String>,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    profession: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    purge_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    second_factor_since: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    organization_id: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    organization: Option<String>,
    #[diesel(sql_type = BigInt)]
    members: i64,
}

impl UserRecord {
    /// The account of an id.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, now: Timestamp, id: &UserId) -> QueryResult<Option<Self>> {
        let statement = format!(include_str!("user_record.sql"), KIND = KIND, STATE = STATE);
        let row = diesel::sql_query(statement).bind::<Text, _>(id.as_str()).get_result::<Row>(conn).optional()?;
        let Some(row) = row else { return Ok(None) };
        let record = Self {
            id: UserId::from(row.id),
            email: EmailAddress::from(row.email),
            name: row.name.filter(|name| !name.is_empty()),
            kind: AccountKind::from(row.kind.as_str()),
            state: UserState::from(row.state),
            profession: row.profession,
            created_at: row.created_at,
            purge_at: row.purge_at,
            second_factor_since: row.second_factor_since,
            identities: Identity::all_of(conn, id)?,
            // Rows of the old application may name an organization that is gone.
            organization: row.organization_id.map(UserId::from).zip(row.organization),
            members: row.members,
            sessions: Session::list(conn, now, id)?,
            events: SecurityEvent::recent_of(conn, id)?,
        };
        Ok(Some(record))
    }
}
