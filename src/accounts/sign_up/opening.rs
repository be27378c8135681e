//! Opening an account whose address another provider proves.

use diesel::pg::PgConnection;
use diesel::result::QueryResult;

use crate::accounts::session::new_session::{SessionByLink, StartedByLink};
use crate::accounts::session::sign_up_by_link::{SignUpByLink, UnclaimedAddress};
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::accounts::user::user::way_in::WayIn;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::web::app::AddressProved;

/// What became of it.
pub(super) enum Opened {
    /// It is open, and its owner is signed in.
    Yes(Box<StartedByLink>),
    /// The identity opens another account.
    Elsewhere,
    /// The address has an account.
    KnownAddress,
}

/// The account that a provider opens from now on, with a proved address.
pub(super) struct Opening {
    pub(super) sign_up: SignUpByLink,
    pub(super) email: EmailAddress,
    pub(super) session: SessionByLink,
    pub(super) proved: AddressProved,
}

impl Opening {
    /// Opens it, or says what was taken meanwhile.
    ///
    /// # Errors
    /// When a statement fails.
    pub(super) fn apply(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Opened> {
        if let Some(seen) = User::find_by_email(conn, &self.email)? {
            seen.lock(conn)?;
        }
        if let WayIn::Provider(identity) = &self.sign_up.way_in {
            identity.lock(conn)?;
            if identity.holder(conn)?.is_some() {
                return Ok(Opened::Elsewhere);
            }
        }
        // The row is locked: what is found now stays true until the transaction ends.
        let known = User::find_by_email(conn, &self.email)?;
        if let Some(known) = &known
            && !unverified::may_be_replaced(conn, known)?
        {
            return Ok(Opened::KnownAddress);
        }
        let address = UnclaimedAddress { email: self.email.clone(), unproved: known.map(|known| known.id) };
        let Some(id) = self.sign_up.open(conn, now, address)? else { return Ok(Opened::KnownAddress) };
        // Tells the other rooms that the address is proved.
        (self.proved)(conn, now, &self.email)?;
        let Some(user) = User::find(conn, &id)? else { return Ok(Opened::KnownAddress) };
        let started = self.session.start(conn, now, user)?;
        Ok(Opened::Yes(Box::new(started)))
    }
}
