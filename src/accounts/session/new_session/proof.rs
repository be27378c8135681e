//! Why a log-in may start a session.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use crate::accounts::one_time_code::trusted_device::TrustedDevice;
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::session::log_in::code_use::WrongCodes;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Identity;
use crate::db::sliding_window::{self, Window};
use crate::values::clock::Timestamp;
use crate::web::visitor::client::Client;
use crate::web::visitor::device::Device;
use crate::web::visitor::guards::REAUTH_AFTER;

/// Why somebody may be signed in: the password was theirs, another provider knew them, or a link of theirs was used.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Who it is.
    pub(in crate::accounts::session) user: User,
    /// Where they are.
    pub(in crate::accounts::session) client: Client,
    /// The password's hash with today's parameters, when the stored one is older.
    pub(super) rehashed: Option<PasswordHash>,
    /// The failures that were counted before the password was checked, to be taken back.
    pub(super) attempt: Vec<Window>,
    /// Who they are at the provider that opened the account, if it was no password.
    pub(in crate::accounts::session) identity: Option<Identity>,
    /// Whether it was a link. Then a new device needs no notice: only the owner had the link.
    pub(super) by_link: bool,
    /// The second factor that was proved too, by when it was switched on. The session starts only while it is the one that
    /// the account asks for: one that was switched on meanwhile is asked for at the next attempt.
    pub(super) second_factor: Option<Timestamp>,
    /// The code that proves it, used up with the start of the session.
    pub(in crate::accounts::session) code: Option<TypedCode>,
    /// What is counted when it does not work.
    pub(in crate::accounts::session) wrong: WrongCodes,
    /// The device that is to be trusted from now on.
    pub(in crate::accounts::session) trusted: Option<Device>,
}

impl Proof {
    /// The password was theirs. `rehashed` replaces a hash with old parameters; `attempt` was counted as a failure.
    #[must_use]
    pub const fn by_password(user: User, client: Client, rehashed: Option<PasswordHash>, attempt: Vec<Window>) -> Self {
        let (identity, second_factor, code, trusted) = (None, None, None, None);
        let (by_link, wrong) = (false, WrongCodes::UNCOUNTED);
        Self { user, client, rehashed, attempt, identity, by_link, second_factor, code, wrong, trusted }
    }

    /// Another provider says that it is them.
    #[must_use]
    pub fn by_provider(user: User, client: Client, identity: Identity) -> Self {
        Self::by_first_factor(user, client, Some(identity), Vec::new())
    }

    /// They proved some minutes ago, by the password or at a provider, who they are, and type the code now. `attempt` is what
    /// was counted as a wrong code.
    pub(in crate::accounts::session) fn by_first_factor(
        user: User,
        client: Client,
        identity: Option<Identity>,
        attempt: Vec<Window>,
    ) -> Self {
        Self { identity, ..Self::by_password(user, client, None, attempt) }
    }

    /// A link to their address was used, by the browser that asked for it.
    pub(super) fn by_link(user: User, client: Client, identity: Option<Identity>) -> Self {
        Self { by_link: true, ..Self::by_first_factor(user, client, identity, Vec::new()) }
    }

    /// The same on a device on which the owner does not want to be asked for a code.
    pub(in crate::accounts::session) fn on_trusted_device(self) -> Self {
        Self { second_factor: self.user.second_factor_since, ..self }
    }

    /// The same with a code, which is used up when the session starts.
    pub(in crate::accounts::session) fn with_code(
        self,
        code: TypedCode,
        wrong: WrongCodes,
        trusted: Option<Device>,
    ) -> Self {
        Self { second_factor: self.user.second_factor_since, code: Some(code), wrong, trusted, ..self }
    }

    /// The user as they are once a log-in has replaced an old hash of their password.
    pub(in crate::accounts::session) fn user_after(&self) -> User {
        let password = self.rehashed.clone().or_else(|| self.user.password.clone());
        User { password, ..self.user.clone() }
    }

    /// When the password counts as given. Another provider does not prove it: where there is one, sensitive pages ask for it.
    pub(super) fn authenticated_at(&self, now: Timestamp) -> Timestamp {
        let is_unproved = self.identity.is_some() && self.user.password.is_some();
        if is_unproved { now - REAUTH_AFTER } else { now }
    }

    /// Locks the account: whether nothing has changed since the proof. If something has, a code is not used up.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::accounts::session) fn is_still_so(&self, conn: &mut PgConnection) -> QueryResult<bool> {
        let known = &self.user;
        known.lock(conn)?;
        let user = Identity::find_opened(conn, &known.id, self.identity.as_ref())?;
        Ok(user.is_some_and(|user| {
            let is_same = user.password == known.password && user.second_factor_since == known.second_factor_since;
            is_same && user.is_active && user.is_verified && user.purge_at.is_none()
        }))
    }

    /// Does what a right password leads to, whether its code comes or not: it was no failure, and its old hash is replaced.
    /// No device is asked for a code again by that.
    ///
    /// # Errors
    /// When a statement fails.
    pub(in crate::accounts::session) fn settle_first_factor(
        &self,
        conn: &mut PgConnection,
        now: Timestamp,
    ) -> QueryResult<()> {
        sliding_window::refund(conn, &self.attempt.iter().collect::<Vec<_>>())?;
        let Some(hash) = &self.rehashed else { return Ok(()) };
        self.user.lock(conn)?;
        let known = User::find(conn, &self.user.id)?.filter(|user| user.password == self.user.password);
        let Some(user) = known else { return Ok(()) };
        user.set_password(conn, now, hash)?;
        TrustedDevice::keep_for_hash(conn, &user, hash).map(|_| ())
    }

    /// What is left to do once [`Self::settle_first_factor`] has done its part.
    pub(in crate::accounts::session) fn settled(self) -> Self {
        Self { user: self.user_after(), rehashed: None, attempt: Vec::new(), ..self }
    }

    /// Whether an old hash of the password is to be replaced.
    pub(in crate::accounts::session) const fn has_old_hash(&self) -> bool {
        self.rehashed.is_some()
    }
}
