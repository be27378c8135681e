//! One account as admins see it, and what they send its owner.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz};

use crate::accounts::profile::security_event::Event;
use crate::accounts::recovery::reset_link;
use crate::accounts::session::session::{Listed, Session};
use crate::accounts::sign_up::verification::{MOST_LINKS, ResendRequest};
use crate::accounts::user::link_purposes::{EMAIL_VERIFICATION, PASSWORD_RESET};
use crate::accounts::user::state::{KIND, STATE, UserState};
use crate::accounts::user::user::User;
use crate::audit::event::{Action, Actor};
use crate::mail::link::Link;
use crate::mail::mail_context::MailContext;
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
    /// The organization that manages it, by id and name.
    pub organization: Option<(UserId, String)>,
    /// How many accounts it manages.
    pub members: i64,
    /// Where somebody is signed in with it.
    pub sessions: Vec<Listed>,
    /// What happened to it lately.
    pub events: Vec<Event>,
}

/// What became of a mail that an admin wanted sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Done,
    /// The address is verified already.
    NothingToSend,
    /// The account is deactivated.
    Inactive,
    /// Enough links of the account work already.
    Enough,
    /// Nobody can tell whose link it would be.
    NotClearWhose,
    /// There is no such account.
    NotFound,
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
        let statement = format!(
            r#"SELECT id, email, name, {KIND} AS kind, {STATE} AS state, profession, "createdAt" AS created_at, purge_at,
                 "organizationId" AS organization_id,
                 (SELECT coalesce(nullif(organization.name, ''), organization.email)
                  FROM "user" AS organization WHERE organization.id = owner."organizationId") AS organization,
                 (SELECT count(*) FROM "user" AS member WHERE member."organizationId" = owner.id) AS members
               FROM "user" AS owner WHERE id = $1"#
        );
        let row = diesel::sql_query(statement).bind::<Text, _>(id.as_str()).get_result::<Row>(conn).optional()?;
        let Some(row) = row else { return Ok(None) };
        let record = Self {
            id: UserId::from(row.id),
            email: EmailAddress::from(row.email),
            name: row.name.filter(|name| !name.is_empty()),
            kind: AccountKind::from(row.kind),
            state: UserState::from(row.state),
            profession: row.profession,
            created_at: row.created_at,
            purge_at: row.purge_at,
            // Rows of the old application may name an organization that is gone.
            organization: row.organization_id.map(UserId::from).zip(row.organization),
            members: row.members,
            sessions: Session::list(conn, now, id)?,
            events: Event::recent_of(conn, id)?,
        };
        Ok(Some(record))
    }
}

/// Sends the mail that asks for the address to be verified once more, as its owner could. With several sign-ups for
/// the address, a link would open the account to a stranger who made one of them, so none is sent.
///
/// # Errors
/// When a statement fails.
pub fn resend_verification(
    conn: &mut PgConnection,
    now: Timestamp,
    (actor, id): (&Actor, &UserId),
    mail: &MailContext,
) -> QueryResult<Sent> {
    let Some(user) = User::find(conn, id)? else { return Ok(Sent::NotFound) };
    user.wait_for_turn(conn)?;
    if !user.is_active {
        return Ok(Sent::Inactive);
    }
    if user.is_verified {
        return Ok(Sent::NothingToSend);
    }
    if Link::all_of(conn, EMAIL_VERIFICATION, id.as_str())?.iter().any(|link| link.pending.is_some()) {
        return Ok(Sent::NotClearWhose);
    }
    let before = Link::count(conn, now, EMAIL_VERIFICATION, id.as_str())?;
    ResendRequest { email: user.email, own_link: None }.send(conn, now, mail)?;
    if Link::count(conn, now, EMAIL_VERIFICATION, id.as_str())? == before {
        return Ok(Sent::Enough);
    }
    Action::VerificationResent.by(actor, id).record(conn, now)?;
    Ok(Sent::Done)
}

/// Sends the owner the link that sets a new password: nobody else ever sets one.
///
/// # Errors
/// When a statement fails.
pub fn send_reset(
    conn: &mut PgConnection,
    now: Timestamp,
    (actor, id): (&Actor, &UserId),
    mail: &MailContext,
) -> QueryResult<Sent> {
    let Some(user) = User::find(conn, id)? else { return Ok(Sent::NotFound) };
    user.wait_for_turn(conn)?;
    if !user.is_active {
        return Ok(Sent::Inactive);
    }
    if Link::count(conn, now, PASSWORD_RESET, id.as_str())? >= MOST_LINKS {
        return Ok(Sent::Enough);
    }
    reset_link::send(conn, now, &user, mail)?;
    Action::ResetTriggered.by(actor, id).record(conn, now)?;
    Ok(Sent::Done)
}
