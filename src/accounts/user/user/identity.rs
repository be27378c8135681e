//! An identity: who somebody is at another provider. Its key is the provider and the subject there, never an address: the
//! same address may be another person's tomorrow (nOAuth).

use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::accounts::user::user::{CREDENTIAL, User};
use crate::audit::event::{Action, Actor};
use crate::schema::{account, user};
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::web::{Subject, Submission};

/// Who somebody is at a provider. No token of the provider is kept: what is not stored cannot leak.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The provider's name.
    pub provider: String,
    /// The subject, as the provider calls it.
    pub subject: String,
    /// The issuer of the subject; nothing for one of the old application until its next log-in.
    pub issuer: Option<String>,
}

/// The account that an identity opens.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Whose it is.
    pub user: UserId,
    /// Whether the subject is of the same issuer: one name has one issuer for ever.
    pub is_same_issuer: bool,
}

/// What a form changes that connects or disconnects a provider: once one is changed anew, the form has an effect again.
#[must_use]
pub fn connections_of(owner: &UserId) -> Subject {
    Subject::new("connections", owner.as_str())
}

/// What became of connecting an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connected {
    /// It opens the account from now on.
    Done,
    /// It did so before.
    Already,
    /// It opens another account.
    Elsewhere,
    /// Another one of the same provider opens the account.
    Another,
}

/// What became of disconnecting a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disconnected {
    /// It opens the account no more.
    Done,
    /// It did not open the account.
    NotConnected,
    /// Nothing else opens the account.
    LastWayIn,
}

/// Waits for others who decide at this moment which account the identity opens.
const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";

impl Identity {
    /// Until the transaction ends, nobody else decides which account it opens. Lock the account first.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn lock(&self, conn: &mut PgConnection) -> QueryResult<()> {
        let name = format!("identity {} {}", self.provider, self.subject);
        diesel::sql_query(LOCK).bind::<Text, _>(name).execute(conn).map(|_| ())
    }

    /// The account that it opens.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn holder(&self, conn: &mut PgConnection) -> QueryResult<Option<Holder>> {
        let row = account::table.filter(account::provider.eq(&self.provider));
        let row = row.filter(account::provideraccountid.eq(&self.subject)).select((account::user_id, account::issuer));
        let row = row.first::<(String, Option<String>)>(conn).optional()?;
        Ok(row.map(|(user, issuer)| Holder {
            user: UserId::from(user),
            is_same_issuer: issuer.is_none() || issuer == self.issuer,
        }))
    }

    /// The account that somebody proved to be theirs a moment ago; nothing when it was by an identity that opens it no more.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn find_opened(conn: &mut PgConnection, account: &UserId, by: Option<&Self>) -> QueryResult<Option<User>> {
        if let Some(identity) = by
            && identity.holder(conn)?.is_none_or(|holder| holder.user != *account)
        {
            return Ok(None);
        }
        User::find(conn, account)
    }

    /// Keeps the issuer of a row of the old application, which had none.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn keep_issuer(&self, conn: &mut PgConnection) -> QueryResult<usize> {
        let row = account::table.filter(account::provider.eq(&self.provider));
        let row = row.filter(account::provideraccountid.eq(&self.subject)).filter(account::issuer.is_null());
        diesel::update(row).set(account::issuer.eq(&self.issuer)).execute(conn)
    }

    /// Lets it open this account, whose row is locked. An account has one identity of each provider.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn connect(&self, conn: &mut PgConnection, now: Timestamp, owner: &UserId) -> QueryResult<Connected> {
        if let Some(holder) = self.holder(conn)? {
            return Ok(match holder {
                Holder { user, .. } if user != *owner => Connected::Elsewhere,
                Holder { is_same_issuer: true, .. } => Connected::Already,
                // The same subject of another issuer is somebody else there: a log-in refuses it too.
                Holder { .. } => Connected::Another,
            });
        }
        if Self::all_of(conn, owner)?.iter().any(|other| other.provider == self.provider) {
            return Ok(Connected::Another);
        }
        let row = (
            account::id.eq(UserId::generate().to_string()),
            account::user_id.eq(owner.as_str()),
            account::provider.eq(&self.provider),
            account::provideraccountid.eq(&self.subject),
            account::issuer.eq(&self.issuer),
            account::created_at.eq(now),
            account::updated_at.eq(now),
        );
        // Somebody else may have connected it a moment ago.
        let inserted = diesel::insert_into(account::table).values(row).on_conflict_do_nothing().execute(conn)?;
        if inserted == 0 {
            return Ok(Connected::Elsewhere);
        }
        Submission::forget(conn, &[connections_of(owner)])?;
        Ok(Connected::Done)
    }

    /// Every identity that opens this account, by the provider's name.
    ///
    /// # Errors
    /// When the statement fails.
    pub fn all_of(conn: &mut PgConnection, owner: &UserId) -> QueryResult<Vec<Self>> {
        let own = account::table.filter(account::user_id.eq(owner.as_str())).filter(account::provider.ne(CREDENTIAL));
        let columns = (account::provider, account::provideraccountid, account::issuer);
        let rows: Vec<(String, String, Option<String>)> = own.order(account::provider).select(columns).load(conn)?;
        Ok(rows.into_iter().map(|(provider, subject, issuer)| Self { provider, subject, issuer }).collect())
    }

    /// Lets a provider open this account no more. `ways_in` are the providers that people can log in with now: the last
    /// way in stays.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn disconnect(
        conn: &mut PgConnection,
        owner: &UserId,
        provider: &str,
        ways_in: &[&str],
    ) -> QueryResult<Disconnected> {
        user::table.find(owner.as_str()).select(user::id).for_update().first::<String>(conn).optional()?;
        let has_password = User::find(conn, owner)?.is_some_and(|user| user.password.is_some());
        let connected = Self::all_of(conn, owner)?;
        if !connected.iter().any(|identity| identity.provider == provider) {
            return Ok(Disconnected::NotConnected);
        }
        let opens = |identity: &Self| identity.provider != provider && ways_in.contains(&identity.provider.as_str());
        if !has_password && !connected.iter().any(opens) {
            return Ok(Disconnected::LastWayIn);
        }
        let own = account::table.filter(account::user_id.eq(owner.as_str())).filter(account::provider.eq(provider));
        diesel::delete(own).execute(conn)?;
        Submission::forget(conn, &[connections_of(owner)])?;
        Ok(Disconnected::Done)
    }

    /// Lets no provider open this account any more: somebody else may have connected one. The history tells of each.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn disconnect_all(conn: &mut PgConnection, now: Timestamp, owner: &UserId, actor: &Actor) -> QueryResult<()> {
        let own = account::table.filter(account::user_id.eq(owner.as_str())).filter(account::provider.ne(CREDENTIAL));
        let ended: Vec<String> = diesel::delete(own).returning(account::provider).load(conn)?;
        Submission::forget(conn, &[connections_of(owner)])?;
        let event = Action::ProviderDisconnected.by(actor, owner);
        ended.into_iter().try_for_each(|provider| event.clone().with(json!({ "provider": provider })).record(conn, now))
    }
}
