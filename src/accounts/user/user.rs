//! A user: the row of an account with its password.

use diesel::dsl::exists;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::{Array, Text};

use super::password::PasswordHash;
use crate::db::lower;
use crate::mail::mail_context::MailContext;
use crate::schema::{account, user};
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::locale::Locale;

mod counted_search;
pub mod identity;
pub mod provider_link;
pub mod way_in;

/// Those of the addresses $1 that are verified as an account's.
const VERIFIED: &str = "SELECT address FROM unnest($1) AS given (address) WHERE EXISTS (SELECT FROM \"user\" \
                        WHERE lower(email) = lower(address) AND \"isEmailVerified\")";

/// The provider of accounts that log in with a password.
pub(in crate::accounts) const CREDENTIAL: &str = "credential";

/// An account as the log-in needs to know it.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Where its mails go: the stored address, never a typed one.
    pub email: EmailAddress,
    /// The name, when one was given.
    pub name: Option<String>,
    /// What the account is for.
    pub kind: AccountKind,
    /// The profession, or the position of an organization's contact.
    pub profession: String,
    /// Whether it may log in (`"isActive"` NULL means yes).
    pub is_active: bool,
    /// Whether its address was verified (`"isEmailVerified"` NULL means no).
    pub is_verified: bool,
    /// The path of the picture; rows of the old application may hold the address of another site.
    pub avatar: Option<String>,
    /// The organization that manages the account.
    pub organization: Option<UserId>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it will be deleted: soon after a sign-up that nobody verifies, or because its owner wants it.
    pub purge_at: Option<Timestamp>,
    /// The language that its owner chose; unknown of older accounts.
    pub locale: Option<Locale>,
    /// Since when a log-in asks for a code as well; nothing: it does not.
    pub second_factor_since: Option<Timestamp>,
    /// The password's hash; accounts of other providers have none.
    pub password: Option<PasswordHash>,
}

/// The columns of a user's row that are read.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = user)]
pub(in crate::accounts) struct UserRow {
    id: String,
    email: String,
    name: Option<String>,
    type_: String,
    profession: String,
    is_active: Option<bool>,
    is_email_verified: Option<bool>,
    avatar: Option<String>,
    organization_id: Option<String>,
    created_at: Timestamp,
    purge_at: Option<Timestamp>,
    locale: Option<String>,
    second_factor_since: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct Given {
    #[diesel(sql_type = Text)]
    address: String,
}

impl User {
    /// The user of an address, whatever its case. Rows of the old application may hold mixed case, and two that differ only
    /// by it: the exact one wins.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find_by_email(conn: &mut PgConnection, email: &EmailAddress) -> QueryResult<Option<Self>> {
        let row = user::table
            .left_join(account::table.on(own_password()))
            .filter(lower(user::email).eq(email.lowercase()))
            .order((user::email.eq(email.as_str()).desc(), user::created_at))
            .select((UserRow::as_select(), account::password.nullable()))
            .first::<(UserRow, Option<String>)>(conn);
        Ok(row.optional()?.map(|(row, password)| Self::with_password(row, password)))
    }

    /// The user of an id.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn find(conn: &mut PgConnection, id: &UserId) -> QueryResult<Option<Self>> {
        let row = user::table
            .left_join(account::table.on(own_password()))
            .filter(user::id.eq(id.as_str()))
            .select((UserRow::as_select(), account::password.nullable()))
            .first::<(UserRow, Option<String>)>(conn);
        Ok(row.optional()?.map(|(row, password)| Self::with_password(row, password)))
    }

    /// Whether there is an account with another address than this.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn any_but(conn: &mut PgConnection, email: &EmailAddress) -> QueryResult<bool> {
        diesel::select(exists(user::table.filter(lower(user::email).ne(email.lowercase())))).get_result(conn)
    }

    /// Those of these addresses, as they are given, that are verified as an account's. Case does not matter.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn verified_among(conn: &mut PgConnection, addresses: &[String]) -> QueryResult<Vec<String>> {
        let verified: Vec<Given> = diesel::sql_query(VERIFIED).bind::<Array<Text>, _>(addresses).load(conn)?;
        Ok(verified.into_iter().map(|given| given.address).collect())
    }

    /// The language of a mail to this account: its own, whoever causes the mail; else the language of whoever does.
    #[must_use]
    pub fn mail_locale(&self, mail: &MailContext) -> Locale {
        self.locale.unwrap_or(mail.locale)
    }

    /// When it is erased as its owner wants, and closed until then.
    #[must_use]
    pub fn leaves_at(&self) -> Option<Timestamp> {
        self.purge_at.filter(|_| self.is_verified)
    }

    /// Keeps the language that the owner of an account chose.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn keep_language(conn: &mut PgConnection, id: &UserId, locale: Locale) -> QueryResult<()> {
        let own = user::table.find(id.as_str()).filter(user::locale.is_distinct_from(locale.code()));
        diesel::update(own).set(user::locale.eq(locale.code())).execute(conn).map(|_| ())
    }

    /// Gives the account a new password. The user's row is changed first: a log-in that was checked against the old
    /// password locks this row, and checks the password again once it has it.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn set_password(&self, conn: &mut PgConnection, now: Timestamp, password: &PasswordHash) -> QueryResult<()> {
        diesel::update(user::table.find(self.id.as_str())).set(user::updated_at.eq(now)).execute(conn)?;
        set_password(conn, now, self.id.as_str(), password.as_str())?;
        Ok(())
    }

    /// Says since when a log-in asks for a second factor, or that it does not.
    ///
    /// # Errors
    /// When the statement fails.
    pub(in crate::accounts) fn set_second_factor(
        conn: &mut PgConnection,
        id: &UserId,
        since: Option<Timestamp>,
    ) -> QueryResult<()> {
        let own = user::table.find(id.as_str());
        diesel::update(own).set(user::second_factor_since.eq(since)).execute(conn).map(|_| ())
    }

    /// Takes the password away. The user's row is changed first, as by a new password.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn remove_password(conn: &mut PgConnection, now: Timestamp, id: &UserId) -> QueryResult<()> {
        diesel::update(user::table.find(id.as_str())).set(user::updated_at.eq(now)).execute(conn)?;
        let own = account::provider.eq(CREDENTIAL).and(account::provideraccountid.eq(id.as_str()));
        let removed = (account::password.eq(None::<String>), account::updated_at.eq(now));
        diesel::update(account::table.filter(own)).set(removed).execute(conn).map(|_| ())
    }

    /// Locks the row until the transaction ends, so that what is read next still holds when it is written: of two requests
    /// at once, the second sees what the first has done. False when the row is gone.
    pub(in crate::accounts) fn lock(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let own = user::table.find(self.id.as_str()).select(user::id).for_update();
        Ok(own.first::<String>(conn).optional()?.is_some())
    }

    fn with_password(row: UserRow, password: Option<String>) -> Self {
        Self { password: password.map(PasswordHash::from), ..Self::from(row) }
    }
}

impl From<UserRow> for User {
    /// The user without the password.
    fn from(row: UserRow) -> Self {
        Self {
            id: UserId::from(row.id),
            email: EmailAddress::from(row.email),
            name: row.name.filter(|name| !name.is_empty()),
            kind: AccountKind::from(row.type_.as_str()),
            profession: row.profession,
            is_active: row.is_active.unwrap_or(true),
            is_verified: row.is_email_verified.unwrap_or(false),
            avatar: row.avatar,
            organization: row.organization_id.map(UserId::from),
            created_at: row.created_at,
            purge_at: row.purge_at,
            locale: row.locale.as_deref().and_then(Locale::parse),
            second_factor_since: row.second_factor_since,
            password: None,
        }
    }
}

/// Writes the hash into the row that holds the user's own password, or makes that row. Gives the number of rows changed.
pub(in crate::accounts) fn set_password(
    conn: &mut PgConnection,
    now: Timestamp,
    user: &str,
    password: &str,
) -> QueryResult<usize> {
    let row = (
        account::id.eq(UserId::generate().to_string()),
        account::user_id.eq(user),
        account::provider.eq(CREDENTIAL),
        account::provideraccountid.eq(user),
        account::created_at.eq(now),
        account::updated_at.eq(now),
        account::password.eq(password),
    );
    diesel::insert_into(account::table)
        .values(row)
        .on_conflict((account::provider, account::provideraccountid))
        .do_update()
        .set((account::password.eq(password), account::updated_at.eq(now)))
        .execute(conn)
}

/// Whether the user has a password of their own.
#[diesel::dsl::auto_type]
pub(super) fn has_password() -> _ {
    exists(account::table.filter(own_password()).filter(account::password.is_not_null()))
}

/// The row of the user's own password, and no other provider's.
#[diesel::dsl::auto_type]
fn own_password() -> _ {
    account::user_id.eq(user::id).and(account::provider.eq("credential")).and(account::provideraccountid.eq(user::id))
}
