//! A sign-up that waits for its address to be verified: it takes effect only for whoever made it.

use diesel::pg::PgConnection;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::accounts::user::link_purposes::EMAIL_VERIFICATION;
use crate::accounts::user::new_user::NewUser;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::user::way_in::WayIn;
use crate::mail::link::{Link, OwnedLink};
use crate::schema::user;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::{LinkId, UserId};
use crate::values::locale::Locale;
use crate::values::single_line::Profession;

/// A password is tried with this many sign-ups of an address at most, since each costs one check of a hash. Those with a
/// link that works are among them; past the others, a new password by mail is the owner's way in.
const MOST_TRIED: i64 = 20;

/// A sign-up, kept with its link until the address is verified. All sign-ups of an address are kept, since a bound would let
/// a stranger fill it up. The browser that made one finds it by its mark. It takes effect for whoever made it alone, so that
/// a stranger cannot set the password before the owner of the address comes (CVE-2026-53516, better-auth#10239).
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PendingSignUp {
    pub(super) name: String,
    pub(super) profession: String,
    pub(super) kind: AccountKind,
    /// The hash; of a sign-up with another provider a random text, which is no hash of any password.
    password: String,
    /// Who they are at the provider that they signed up with.
    #[serde(default)]
    pub(super) identity: Option<Identity>,
    /// The language of its page; unknown of older ones.
    #[serde(default)]
    pub(super) locale: Option<Locale>,
}

impl PendingSignUp {
    /// What somebody signs up with.
    pub(super) fn of(new: &NewUser) -> Self {
        let (password, identity) = match &new.way_in {
            WayIn::Password(password) => (password.as_str().to_owned(), None),
            WayIn::Provider(identity) => (format!("none {}", LinkId::generate()), Some(identity.clone())),
        };
        Self {
            name: new.name.to_string(),
            profession: new.profession.as_ref().map_or("", Profession::as_str).to_owned(),
            kind: new.kind,
            password,
            identity,
            locale: new.locale,
        }
    }

    /// Reads what a link keeps; nothing when it is a link and no more.
    pub(super) fn read(link: &Link) -> Option<Self> {
        Self::deserialize(link.pending.as_ref()?).ok()
    }

    /// What the link keeps.
    pub(super) fn to_value(&self) -> Option<Value> {
        serde_json::to_value(self).ok()
    }

    /// The hash of its password. Its salt is random, so it tells this sign-up from every other one.
    pub(super) fn password(&self) -> PasswordHash {
        PasswordHash::from(self.password.clone())
    }

    /// That of the account which has this hash.
    pub(super) fn find(
        conn: &mut PgConnection,
        account: &UserId,
        password: &PasswordHash,
    ) -> QueryResult<Option<Self>> {
        let part = json!({ "password": password.as_str() });
        let kept = Link::find_pending(conn, EMAIL_VERIFICATION, account.as_str(), &part)?;
        Ok(kept.as_ref().and_then(Self::read))
    }

    /// That of the account which a browser made, by the mark in its cookie.
    pub(super) fn marked(conn: &mut PgConnection, account: &UserId, mark: &LinkId) -> QueryResult<Option<Self>> {
        let kept = OwnedLink { purpose: EMAIL_VERIFICATION, subject: account.as_str(), id: mark }.find(conn)?;
        Ok(kept.as_ref().and_then(Self::read))
    }

    /// Those of the account with which a password is tried, the last to end first.
    pub(super) fn latest(conn: &mut PgConnection, account: &UserId) -> QueryResult<Vec<Self>> {
        let kept = Link::latest_pending(conn, EMAIL_VERIFICATION, account.as_str(), MOST_TRIED)?;
        Ok(kept.iter().filter_map(Self::read).collect())
    }

    /// The last one with this address by whoever is this at a provider, and when its link ends.
    pub(super) fn made_by(
        conn: &mut PgConnection,
        identity: &Identity,
        email: &EmailAddress,
    ) -> QueryResult<Option<(Self, Timestamp)>> {
        let Some(account) = User::find_by_email(conn, email)?.filter(|user| !user.is_verified) else {
            return Ok(None);
        };
        let is_theirs = |own: &Identity| own.provider == identity.provider && own.subject == identity.subject;
        let kept = Link::latest_pending(conn, EMAIL_VERIFICATION, account.id.as_str(), MOST_TRIED)?;
        Ok(kept.iter().find_map(|link| {
            let sign_up = Self::read(link).filter(|sign_up| sign_up.identity.as_ref().is_some_and(is_theirs))?;
            Some((sign_up, link.expires_at))
        }))
    }

    /// Whether who signed up has opened another account at the same provider since: then this one would have no way in. The
    /// account is locked.
    pub(super) fn opens_another(&self, conn: &mut PgConnection, account: &UserId) -> QueryResult<bool> {
        let Some(identity) = &self.identity else { return Ok(false) };
        identity.lock(conn)?;
        Ok(self.provider_of_another(conn, account)?.is_some())
    }

    /// The provider at which that is so, as it is now.
    pub(super) fn provider_of_another(&self, conn: &mut PgConnection, account: &UserId) -> QueryResult<Option<String>> {
        let Some(identity) = &self.identity else { return Ok(None) };
        let holder = identity.holder(conn)?.filter(|holder| holder.user != *account);
        Ok(holder.map(|_| identity.provider.clone()))
    }

    /// Gives the account the name, the profession, the kind, the language and the password of this sign-up. An account of the old
    /// application keeps its kind while others depend on it. Disconnect its providers first.
    pub(super) fn take_effect(&self, conn: &mut PgConnection, now: Timestamp, account: &User) -> QueryResult<()> {
        let id = account.id.as_str();
        let kind = if unverified::may_be_replaced(conn, account)? { self.kind } else { account.kind };
        let locale = self.locale.or(account.locale).map(Locale::code);
        let own = (user::name.eq(&self.name), user::profession.eq(&self.profession), user::locale.eq(locale));
        let row = (own, user::type_.eq(kind.as_str()));
        diesel::update(user::table.find(id)).set(row).execute(conn)?;
        let way_in = self.identity.clone().map_or_else(|| WayIn::Password(self.password()), WayIn::Provider);
        way_in.replace_password(conn, now, &account.id)
    }
}
