//! A member: an employee's account that an organization manages, and what the organization may do with it.

use chrono::TimeDelta;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::managing_organization;
use crate::accounts::session::activation;
use crate::accounts::user::letters;
use crate::audit::event::{Action, Actor};
use crate::db::{coalesce, lower};
use crate::mail::mail_context::MailContext;
use crate::mail::outbox::Throttled;
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::web::visitor::client::Client;

/// Members on a page.
const PAGE_SIZE: usize = 100;
/// A member is told of the same act at most this often, however the organization goes to and fro.
const TELL_MEMBER: TimeDelta = TimeDelta::hours(1);

/// An organization that is signed in.
#[derive(Clone, Debug)]
pub struct Employer {
    /// Its account.
    pub id: UserId,
    /// Its verified address.
    pub email: EmailAddress,
    /// Where it acts from.
    pub client: Client,
}

impl Employer {
    /// The organization as what it does is remembered.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::new(&self.id, &self.client)
    }
}

/// Whether a member can log in, and who may change that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The account is in use.
    Active,
    /// The organization deactivated it, and may reactivate it.
    Deactivated,
    /// Somebody else did, such as an admin: it is not the organization's to lift.
    Closed,
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
    pub state: State,
    /// Since when the organization manages it; unknown of older rows.
    pub since: Option<Timestamp>,
    /// Whether the address was verified.
    is_verified: bool,
}

/// Some of the members, by name.
#[derive(Clone, Debug)]
pub struct Page {
    /// These.
    pub members: Vec<Member>,
    /// How many there are altogether.
    pub all: i64,
    /// The last of these, when there are more after it.
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
    is_email_verified: Option<bool>,
    managed_since: Option<Timestamp>,
    deactivated_by: Option<String>,
}

impl Member {
    /// A page of the members, after this one.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn page(conn: &mut PgConnection, organization: &UserId, after: Option<&UserId>) -> QueryResult<Page> {
        let all = user::table.filter(managed_by(organization)).count().get_result(conn)?;
        let place = match after {
            // One who was released meanwhile leads back to the start.
            Some(id) => user::table
                .filter(managed_by(organization).and(user::id.eq(id.as_str())))
                .select((sort_key(), user::id))
                .first::<(String, String)>(conn)
                .optional()?,
            None => None,
        };
        let mut query = user::table.filter(managed_by(organization)).select(Row::as_select()).into_boxed();
        if let Some((name, id)) = &place {
            query = query.filter(sort_key().gt(name).or(sort_key().eq(name).and(user::id.gt(id))));
        }
        let most = i64::try_from(PAGE_SIZE).unwrap_or(i64::MAX).saturating_add(1);
        let rows = query.order((sort_key(), user::id)).limit(most).load(conn)?;
        let more = rows.len() > PAGE_SIZE;
        let members: Vec<_> = rows.into_iter().take(PAGE_SIZE).map(|row| Self::from_row(row, organization)).collect();
        let last = members.last().filter(|_| more).map(|member| member.id.clone());
        Ok(Page { members, all, last, is_later: place.is_some() })
    }

    /// The member, locked; nobody unless this organization manages the account.
    fn lock(conn: &mut PgConnection, organization: &UserId, id: &UserId) -> QueryResult<Option<Self>> {
        let row = user::table.filter(managed_by(organization).and(user::id.eq(id.as_str())));
        let row = row.select(Row::as_select()).for_update().first(conn).optional()?;
        Ok(row.map(|row| Self::from_row(row, organization)))
    }

    fn from_row(row: Row, organization: &UserId) -> Self {
        let state = match (row.is_active, row.deactivated_by) {
            (None | Some(true), _) => State::Active,
            (_, Some(by)) if by == organization.as_str() => State::Deactivated,
            _ => State::Closed,
        };
        Self {
            id: UserId::from(row.id),
            name: row.name.filter(|name| !name.is_empty()).unwrap_or_else(|| row.email.clone()),
            email: EmailAddress::from(row.email),
            profession: row.profession,
            avatar: row.avatar,
            state,
            since: row.managed_since,
            is_verified: row.is_email_verified.unwrap_or(false),
        }
    }
}

/// What an organization can do with a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Refuse log-ins.
    Deactivate,
    /// Allow them again.
    Reactivate,
    /// Manage the account no more.
    Release,
}

/// What became of an [`Order`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// It is done, or was so already.
    Out,
    /// Somebody else deactivated the account: only they reactivate it.
    NotTheirs,
    /// The organization manages no such account.
    Unknown,
}

/// What an organization wants done with a member.
#[derive(Clone, Debug)]
pub struct Order {
    /// Who wants it.
    pub employer: Employer,
    /// What.
    pub act: Act,
    /// With whom; an address of a form, which may name anybody.
    pub member: UserId,
}

impl Order {
    /// Carries it out, if the organization manages the account, and tells the member.
    ///
    /// # Errors
    /// When a statement or the letter's template fails.
    pub fn carry_out(&self, conn: &mut PgConnection, now: Timestamp, mail: &MailContext) -> QueryResult<Carried> {
        let (actor, id) = (self.employer.actor(), &self.member);
        let Some(member) = Member::lock(conn, &self.employer.id, id)? else { return Ok(Carried::Unknown) };
        match (self.act, member.state) {
            // Deactivating once more what an admin deactivated would make it the organization's to lift.
            (Act::Deactivate, State::Deactivated | State::Closed) | (Act::Reactivate, State::Active) => {
                return Ok(Carried::Out);
            }
            (Act::Reactivate, State::Closed) => return Ok(Carried::NotTheirs),
            (Act::Deactivate, State::Active) => {
                activation::deactivate(conn, now, &actor, id)?;
            }
            (Act::Reactivate, State::Deactivated) => {
                activation::reactivate(conn, now, &actor, id)?;
            }
            (Act::Release, state) => {
                managing_organization::release(conn, now, id)?;
                Action::Released.by(&actor, id).record(conn, now)?;
                // Nobody else could open again what it leaves closed.
                if state == State::Deactivated {
                    activation::reactivate(conn, now, &actor, id)?;
                }
            }
        }
        self.tell(conn, now, (&member, mail))?;
        Ok(Carried::Out)
    }

    fn tell(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
        (member, mail): (&Member, &MailContext),
    ) -> QueryResult<()> {
        if member.is_verified {
            let letter = letters::of_organization(mail.locale, self.act, &self.employer.email);
            Throttled { to: &member.email, interval: TELL_MEMBER }.enqueue(conn, now, &letter)?;
        }
        Ok(())
    }
}

/// The accounts that an organization may act on: employees' that it manages. A member who became an admin is none.
#[diesel::dsl::auto_type(no_type_alias)]
fn managed_by<'a>(organization: &'a UserId) -> _ {
    let (id, employee): (&'a str, &'static str) = (organization.as_str(), AccountKind::Employee.as_str());
    user::organization_id.is_not_distinct_from(id).and(user::type_.eq(employee)).and(user::id.ne(id))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn sort_key() -> _ {
    let name: coalesce<Text, user::name, user::email> = coalesce(user::name, user::email);
    lower(name)
}
