//! The organization that manages an account, as the member sees it.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::user::viewer_change;
use crate::audit::event::{Action, Actor};
use crate::schema::user;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::web::{Subject, Submission};

/// An organization that manages an account.
#[derive(Clone, Debug)]
pub struct ManagingOrganization {
    /// Its name, or its address when it gave none.
    pub name: String,
    /// Its address.
    pub email: EmailAddress,
    /// Since when; unknown of older rows.
    pub since: Option<Timestamp>,
}

impl ManagingOrganization {
    /// Who manages this account, if anybody does.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find(conn: &mut PgConnection, member: &UserId) -> QueryResult<Option<Self>> {
        let row = user::table.find(member.as_str()).select((user::organization_id, user::managed_since));
        let row = row.first::<(Option<String>, Option<Timestamp>)>(conn).optional()?;
        let Some((Some(organization), since)) = row else { return Ok(None) };
        let organization = user::table.find(organization).select((user::name, user::email));
        let found = organization.first::<(Option<String>, String)>(conn).optional()?;
        Ok(found.map(|(name, email)| Self {
            name: name.filter(|name| !name.is_empty()).unwrap_or_else(|| email.clone()),
            email: EmailAddress::from(email),
            since,
        }))
    }

    /// The member leaves; returns whether there was an organization to leave. A member who was deactivated meanwhile
    /// stays one: only the organization could reactivate the account.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn leave(conn: &mut PgConnection, now: Timestamp, actor: &Actor, member: &UserId) -> QueryResult<bool> {
        let active = user::table.find(member.as_str()).filter(user::is_active.is_distinct_from(false));
        let organization = active.select(user::organization_id).for_update().first::<Option<String>>(conn);
        let Some(organization) = organization.optional()?.flatten() else { return Ok(false) };
        release(conn, now, member)?;
        // With the member as actor and the organization as the account concerned, the activity of each shows it once.
        Action::LeftOrganization.by(actor, &UserId::from(organization)).record(conn, now)?;
        Ok(true)
    }
}

/// That an account is a member's, as what a form changed.
pub(super) fn membership_of(member: &UserId) -> Subject {
    Subject::new("membership", member.as_str())
}

/// Ends the management of an account, whoever wanted that.
pub(in crate::accounts) fn release(conn: &mut PgConnection, now: Timestamp, member: &UserId) -> QueryResult<()> {
    let alone =
        (user::organization_id.eq(None::<String>), user::managed_since.eq(None::<Timestamp>), user::updated_at.eq(now));
    diesel::update(user::table.find(member.as_str())).set(alone).execute(conn)?;
    Submission::forget(conn, &[membership_of(member)])?;
    viewer_change::record(conn, member)
}
