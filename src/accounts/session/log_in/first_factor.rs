//! Going on with a log-in whose first factor was proved: into the account, or to the page that asks for a code.

use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::standing::Standing;
use crate::accounts::one_time_code::trusted_device::TrustedDevice;
use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::start_session;
use crate::accounts::user::password::PasswordHash;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Identity;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Timestamp;
use crate::values::id::UserId;
use crate::values::secret_key::{SecretKey, SecretKeys};
use crate::values::site_path::SitePath;
use crate::web::page::response::see_other;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::{self, Answer, App, Error, paths};

/// Bytes by which a form tells for which account it is.
const MARK_BYTES: usize = 8;
/// How long a log-in waits for its code.
const WAITS: TimeDelta = TimeDelta::minutes(5);

/// A log-in that waits for its code, as the encrypted cookie holds it: no session, and nothing of what pages show.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct HalfLogIn {
    /// Who proved the first factor.
    pub(super) user: UserId,
    /// The provider's account that proved it; nothing where the password did.
    pub(super) identity: Option<Identity>,
    /// Where they were going.
    next: Option<String>,
    /// Until when it waits.
    until: Timestamp,
    /// Whether a device may be trusted with it.
    #[serde(default)]
    may_trust_device: bool,
    /// What must still be so of the account.
    seal: String,
}

/// What the form of a code asks.
pub(super) struct Asked {
    /// Tells the account from others.
    pub(super) account: String,
    /// Whether this device is to be trusted; nothing where that is not offered.
    pub(super) trust: Option<bool>,
}

/// Goes on after the first factor was proved, however that was: every way to log in ends here. Without a second factor, or
/// on a device that its owner trusts, the session starts. Otherwise there is none before the code: this browser only learns
/// that it may type one. An account that may not be used gets the page that says why, which only its owner learns. Nothing
/// when it waits to be erased, or has changed since the proof.
///
/// # Errors
/// When the database is unavailable.
pub(in crate::accounts) async fn go_on(
    request: &web::Request,
    http: &HttpRequest,
    proof: Proof,
    next: Option<&SitePath>,
) -> Result<Option<HttpResponse>, Error> {
    let (app, now) = (&request.app, request.app.clock.now());
    match Standing::of(app, &proof.user) {
        Standing::Good => {}
        Standing::Erased => return Ok(None),
        refused => return refused.page(app, request.layout.clone(), proof.user).await.map(Some),
    }
    let answer = Answer::see_other(destination(proof.user.kind, next));
    if proof.user.second_factor_since.is_none() {
        return start_session(request, http, proof, answer).await;
    }
    if is_trusted(app, http, &proof.user).await? {
        let proof = if proof.has_old_hash() { settle(app, proof).await? } else { proof };
        return start_session(request, http, proof.on_trusted_device(), answer).await;
    }
    let proof = settle(app, proof).await?;
    let half = HalfLogIn { identity: proof.identity, ..HalfLogIn::new(&app.keys, &proof.user, next, now) };
    SessionCookie::of(http).keep_log_in(&half)?;
    see_other(paths::accounts::LOG_IN_CODE).map(Some)
}

/// Does what the first factor leads to by itself.
async fn settle(app: &App, proof: Proof) -> Result<Proof, Error> {
    let (now, done) = (app.clock.now(), proof.clone());
    let db = app.db.for_row(proof.user.id.as_str());
    db.write(move |conn| done.settle_first_factor(conn, now)).await?;
    Ok(proof.settled())
}

/// Whether the owner of this account does not want to be asked for a code on this device.
async fn is_trusted(app: &App, http: &HttpRequest, owner: &User) -> Result<bool, Error> {
    let device = Device::of(http, &app.config).filter(|_| may_trust_device(owner));
    let Some(device) = device.map(|device| device.subject()) else { return Ok(false) };
    let (now, owner) = (app.clock.now(), owner.clone());
    Ok(app.db.read(move |conn| TrustedDevice::is_trusted(conn, now, &owner, &device)).await?)
}

/// Whether a device may be trusted with this account. Not with an admin's: the admin pages ask for a session that was started
/// with a code.
fn may_trust_device(user: &User) -> bool {
    user.kind != AccountKind::Admin
}

/// Where a log-in leads.
pub(in crate::accounts) fn destination(kind: AccountKind, next: Option<&SitePath>) -> String {
    let home = if kind == AccountKind::Admin { paths::waitlist::OVERVIEW } else { paths::accounts::ACCOUNT };
    paths::page_or(next, home).to_owned()
}

/// What a log-in waits for: this account with this password and this second factor. So a new password ends it, and so does
/// switching the second factor off.
fn subject(user: &User) -> String {
    let since = user.second_factor_since.map(|since| since.timestamp_micros()).unwrap_or_default();
    let password = user.password.as_ref().map(PasswordHash::as_str).unwrap_or_default();
    format!("{} {since} {password}", user.id)
}

impl HalfLogIn {
    fn new(keys: &SecretKeys, user: &User, next: Option<&SitePath>, now: Timestamp) -> Self {
        Self {
            user: user.id.clone(),
            identity: None,
            next: next.map(SitePath::to_string),
            until: now + WAITS,
            may_trust_device: may_trust_device(user),
            seal: seal(&keys.current, user),
        }
    }

    /// The one of this browser that still waits.
    pub(super) fn of(http: &HttpRequest, now: Timestamp) -> Option<Self> {
        SessionCookie::of(http).log_in().filter(|half: &Self| half.until > now)
    }

    /// Where they were going.
    pub(super) fn next(&self) -> Option<SitePath> {
        SitePath::parse(self.next.as_deref()?)
    }

    /// What its form asks.
    pub(super) fn asks(&self, app: &App, is_trust_wanted: bool) -> Asked {
        Asked { account: self.mark(&app.keys.current), trust: self.may_trust_device.then_some(is_trust_wanted) }
    }

    /// Whether a form with this mark asked for its code, as far as the form says: another log-in may have begun in another
    /// tab meanwhile.
    pub(super) fn was_asked_by(&self, app: &App, mark: &str) -> bool {
        mark.is_empty() || app.keys.iter().any(|key| self.mark(key) == mark)
    }

    /// Whether the account may still be logged in to, with the password that was proved.
    pub(super) fn is_of(&self, keys: &SecretKeys, user: &User) -> bool {
        let is_sealed = || keys.iter().any(|key| seal(key, user) == self.seal);
        user.is_active && user.is_verified && user.purge_at.is_none() && is_sealed()
    }

    fn mark(&self, key: &SecretKey) -> String {
        hex::encode(&key.hmac("half log-in of", self.user.as_str())[..MARK_BYTES])
    }
}

/// The cookie holds no hash of a password, only what is made of it.
fn seal(key: &SecretKey, user: &User) -> String {
    hex::encode(key.hmac("half log-in", &subject(user)))
}
