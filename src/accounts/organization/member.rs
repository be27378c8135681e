//! A member: an employee's account that an organization manages.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::db::{coalesce, lower};
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;

/// Members on a page.
const PAGE_SIZE: usize = 100;
/// Whether a member can log in, and who may change that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberState {
    /// The account is in use.
    Active,
    /// The organization deactivated it, and may reactivate it.
    Deactivated,
    /// Somebody else deactivated it, such as an admin: the organization must not reactivate it.
    DeactivatedByOthers,
}

/// A member as its organization sees it.
#[derive(Clone, Debug)]
pub struct Member {
    /// The account.
    pub id: UserId,
    /// The name, or the address when none was given.
    pub name: String,
    /// The address.
    pub email: EmailAddress,
    /// The profession.
    pub profession: String,
    /// The path of the picture, or the address of one on another site.
    pub avatar: Option<String>,
    /// Whether the account is in use.
    pub state: MemberState,
    /// Since when the organization manages it; unknown of older rows.
    pub since: Option<Timestamp>,
}

/// Some of the members, by name.
#[derive(Clone, Debug)]
pub struct MemberPage {
    /// These.
    pub members: Vec<Member>,
    /// How many there are altogether.
    pub all: i64,
    /// The last of these, when more follow.
    pub last: Option<UserId>,
    /// Whether there are some before these.
    pub is_later: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = user)]
struct Row {
    id: String,
    email: String,
    name: Option<String>,
    profession: String,
    avatar: Option<String>,
    is_active: Option<bool>,
    managed_since: Option<Timestamp>,
    deactivated_by: Option<String>,
}

impl Member {
    /// A page of the members: those after this one, or the first.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn page(conn: &mut PgConnection, organization: &UserId, after: Option<&UserId>) -> QueryResult<MemberPage> {
        let all = user::table.filter(managed_by(organization)).count().get_result(conn)?;
        let position = match after {
            // When this member was released meanwhile, the list starts again.
            Some(id) => user::table
                .filter(managed_by(organization).and(user::id.eq(id.as_str())))
                .select((sort_key(), user::id))
                .first::<(String, String)>(conn)
                .optional()?,
            None => None,
        };
        let mut query = user::table.filter(managed_by(organization)).select(Row::as_select()).into_boxed();
        if let Some((name, id)) = &position {
            query = query.filter(sort_key().gt(name).or(sort_key().eq(name).and(user::id.gt(id))));
        }
        let most = i64::try_from(PAGE_SIZE).unwrap_or(i64::MAX).saturating_add(1);
        let rows = query.order((sort_key(), user::id)).limit(most).load(conn)?;
        let more = rows.len() > PAGE_SIZE;
        let members: Vec<_> = rows.into_iter().take(PAGE_SIZE).map(|row| Self::from_row(row, organization)).collect();
        let last = members.last().filter(|_| more).map(|member| member.id.clone());
        Ok(MemberPage { members, all, last, is_later: position.is_some() })
    }

    /// The member, locked; nobody unless this organization manages the account.
    pub(super) fn lock(conn: &mut PgConnection, organization: &UserId, id: &UserId) -> QueryResult<Option<Self>> {
        let row = user::table.filter(managed_by(organization).and(user::id.eq(id.as_str())));
        let row = row.select(Row::as_select()).for_update().first(conn).optional()?;
        Ok(row.map(|row| Self::from_row(row, organization)))
    }

    fn from_row(row: Row, organization: &UserId) -> Self {
        let state = match (row.is_active, row.deactivated_by) {
            (None | Some(true), _) => MemberState::Active,
            (_, Some(by)) if by == organization.as_str() => MemberState::Deactivated,
            _ => MemberState::DeactivatedByOthers,
        };
        Self {
            id: UserId::from(row.id),
            name: row.name.filter(|name| !name.is_empty()).unwrap_or_else(|| row.email.clone()),
            email: EmailAddress::from(row.email),
            profession: row.profession,
            avatar: row.avatar,
            state,
            since: row.managed_since,
        }
    }
}

/// The accounts that an organization may act on: those of employees that it manages. A member who became an admin is
/// not among them.
#[diesel::dsl::auto_type(no_type_alias)]
fn managed_by<'a>(organization: &'a UserId) -> _ {
    let (id, employee): (&'a str, &'static str) = (organization.as_str(), AccountKind::Employee.as_str());
    user::organization_id.eq(id).and(user::type_.eq(employee)).and(user::id.ne(id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn sort_key() -> _ {
    let name: coalesce<Text, user::name, user::email> = coalesce(user::name, user::email);
    lower(name)
}
