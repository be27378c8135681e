//! Switching the second factor of an account on and off, and giving it new recovery codes.

use diesel::pg::PgConnection;
use diesel::prelude::*;

use super::new_device;
use crate::accounts::one_time_code::authenticator::{self, NewAuthenticator};
use crate::accounts::one_time_code::recovery_code::RecoveryCode;
use crate::accounts::session::reauthenticated::{Reauthenticated, Renewed};
use crate::accounts::session::security_notice::{NoticeKind, SecurityNotice};
use crate::accounts::session::session::Session;
use crate::audit::event::{Action, Actor};
use crate::mail::mail_context::MailContext;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::web::Submission;

/// What an owner does to the second factor.
#[derive(Clone, Debug)]
pub enum Switch {
    /// Log-ins ask for a code of this app from now on.
    On(NewAuthenticator),
    /// They ask for a code of this app in place of the one before.
    Moved(NewAuthenticator),
    /// These recovery codes take the place of the others.
    NewCodes(Vec<RecoveryCode>),
    /// Log-ins ask for no code any more.
    Off,
}

/// A switch by somebody who has just proved who they are.
#[derive(Clone, Debug)]
pub struct Switching {
    /// Who.
    pub owner: Reauthenticated,
    /// What.
    pub switch: Switch,
    /// For the notice.
    pub mail: MailContext,
}

impl Switching {
    /// Does it, and gives this session a new token. Switching it on ends every other session: none goes on that was started
    /// without a code.
    ///
    /// # Errors
    /// When a statement fails.
    pub fn save(&self, conn: &mut PgConnection, now: Timestamp) -> QueryResult<Renewed> {
        let Reauthenticated { user, session, client, .. } = &self.owner;
        let renewed = self.owner.renew(conn, now)?;
        if renewed != Renewed::Done {
            return Ok(renewed);
        }
        let (action, kind) = match &self.switch {
            Switch::On(app) => {
                app.add(conn, now, &user.id)?;
                // A form that switched a former one off acts anew.
                Submission::forget(conn, &[authenticator::subject(&user.id)])?;
                Session::end_others(conn, &user.id, session)?;
                let is_by_owner = user.kind == AccountKind::Admin || !new_device::logged_in_lately(conn, now, user)?;
                let after_new_device = NoticeKind::SecondFactorOnAfterNewDevice;
                (Action::SecondFactorOn, if is_by_owner { NoticeKind::SecondFactorOn } else { after_new_device })
            }
            Switch::Moved(app) => {
                authenticator::remove(conn, &user.id)?;
                app.add(conn, now, &user.id)?;
                (Action::SecondFactorMoved, NoticeKind::SecondFactorMoved)
            }
            Switch::NewCodes(codes) => {
                RecoveryCode::replace_all(conn, &user.id, codes)?;
                (Action::RecoveryCodesMade, NoticeKind::RecoveryCodesMade)
            }
            Switch::Off => {
                authenticator::remove(conn, &user.id)?;
                (Action::SecondFactorOff, NoticeKind::SecondFactorOff)
            }
        };
        action.by(&Actor::new(&user.id, client), &user.id).record(conn, now)?;
        SecurityNotice { kind, user, client }.send(conn, now, &self.mail)?;
        Ok(renewed)
    }
}
