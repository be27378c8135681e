//! Starting a session in the browser that proved who uses it, and the cookies that this browser gets.

use actix_web::cookie::Cookie;
use actix_web::{HttpRequest, HttpResponse};

use super::log_in::code_use::CodeUse;
use super::new_session::{LinkAnswers, NewSession, Proof, SessionByLink, Started, StartedByLink};
use super::security_notice::{NewDeviceNotices, SecurityNotice};
use super::session::Session;
use crate::accounts::one_time_code::authenticator::code_subject;
use crate::accounts::one_time_code::trusted_device::NewTrust;
use crate::accounts::user::user::User;
use crate::db;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::id::SessionId;
use crate::values::secret_token::SecretToken;
use crate::web::submission::answer::SessionChange;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::{self, Answer, App, Error, Submission};

/// Starts a session, puts it into the cookie and sends the answer with the cookie that remembers the device; nothing
/// when the user has changed since the proof. The owner gets a mail when the device is new.
pub(in crate::accounts) async fn start_session(
    request: &web::Request,
    http: &HttpRequest,
    proof: Proof,
    answer: Answer,
) -> Result<Option<HttpResponse>, Error> {
    let web::Request { app, submission, .. } = request;
    let (cookie, device) = (SessionCookie::of(http), Device::of(http, &app.config));
    let is_known_device = device.as_ref().is_some_and(|device| device.knows(&app.keys, &proof.user.email));
    let (device, owner) = (remember(device, app, &proof).map_err(no_random_bytes)?, proof.user.id.clone());
    let answer = answer.with_cookie(&device).with_session(SessionChange::Started(owner.clone()));
    let new = NewSession {
        id: SessionId::generate(),
        proof,
        is_known_device,
        former: cookie.token(),
        token: new_token(request, http)?,
        read_at: app.viewer_cache.time(),
        submission: submission.clone(),
        answer: answer.clone(),
    };
    let outcome = write(request, new.clone()).await;
    if !matches!(&outcome, Ok(Started { viewer: Some(_), .. }))
        && let Some(session) = find_started(request, &new.token).await?
    {
        // The same form started it before.
        cookie.sign_in(&new.token, &session.viewer)?;
        return answer.send(http).map(Some);
    }
    let (token, started) = match outcome {
        Err(error) if error.is_rolled_back() => {
            if request.layout.viewer.as_ref().is_some_and(|viewer| viewer.id == owner) {
                // This browser has the token of that session already.
                return answer.send(http).map(Some);
            }
            // That session has ended: this is another log-in.
            let again = another(new)?;
            (again.token.clone(), write(request, again).await?)
        }
        outcome => (new.token, outcome?),
    };
    if let Some(user) = &started.ended {
        app.viewer_cache.invalidate(user);
    }
    let Some(viewer) = started.viewer else { return Ok(None) };
    cookie.sign_in(&token, &viewer)?;
    answer.send(http).map(Some)
}

/// The cookie that remembers the device, and that a code was given on it.
fn remember(device: Option<Device>, app: &App, proof: &Proof) -> Result<Cookie<'static>, getrandom::Error> {
    let mut device = proof.trusted.clone().or(device).map_or_else(Device::generate, Ok)?;
    if proof.code.is_some() {
        device = device.with_code(&app.keys, &code_subject(&proof.user));
    }
    Device::remember(Some(device), &app.config, &app.keys, &proof.user.email)
}

/// The cookie that remembers a device on which a second factor is switched on now, as one that gave a code of it.
pub(in crate::accounts) fn remember_switched_on(
    http: &HttpRequest,
    app: &App,
    user: &User,
    now: Timestamp,
) -> Result<Cookie<'static>, getrandom::Error> {
    let user = User { second_factor_since: Some(now), ..user.clone() };
    let device = Device::of(http, &app.config).map_or_else(Device::generate, Ok)?;
    let device = device.with_code(&app.keys, &code_subject(&user));
    Device::remember(Some(device), &app.config, &app.keys, &user.email)
}

/// The same, as if no form had started it.
fn another(new: NewSession) -> Result<NewSession, Error> {
    let (id, submission) = (SessionId::generate(), Submission::default());
    Ok(NewSession { id, token: random_token()?, submission, ..new })
}

/// The session of whoever uses a link to this address, to be started with what the link does. The browser gets the cookie
/// that remembers the device with it.
pub(in crate::accounts) fn session_by_link(
    request: &web::Request,
    http: &HttpRequest,
    email: &EmailAddress,
    answers: LinkAnswers,
) -> Result<SessionByLink, Error> {
    let web::Request { app, client, submission, .. } = request;
    let device = Device::of(http, &app.config);
    let is_known_device = device.as_ref().is_some_and(|device| device.knows(&app.keys, email));
    let device = Device::remember(device, &app.config, &app.keys, email).map_err(no_random_bytes)?;
    let answers = LinkAnswers { signed_in: answers.signed_in.with_cookie(&device), ..answers };
    let (former, token) = (SessionCookie::of(http).token(), new_token(request, http)?);
    Ok(SessionByLink {
        client: client.clone(),
        is_known_device,
        former,
        token,
        read_at: app.viewer_cache.time(),
        submission: submission.clone(),
        answers,
    })
}

/// Puts the session that started by a link into the cookie, and answers.
pub(in crate::accounts) fn answer_by_link(app: &App, http: &HttpRequest, by_link: StartedByLink) -> web::Result {
    let StartedByLink { started, token, answer } = by_link;
    if let Some(user) = &started.ended {
        app.viewer_cache.invalidate(user);
    }
    if let Some(viewer) = &started.viewer {
        SessionCookie::of(http).sign_in(&token, viewer)?;
    }
    answer.send(http)
}

/// The same for an account opened by an invitation. An account of the old application that nobody verified may have been
/// signed in under the same id: what is cached of it counts no more.
pub(in crate::accounts) fn answer_by_invitation(app: &App, http: &HttpRequest, by_link: StartedByLink) -> web::Result {
    if let Some(viewer) = &by_link.started.viewer {
        app.viewer_cache.invalidate(&viewer.id);
    }
    answer_by_link(app, http, by_link)
}

/// The session that a form started before; nothing for a form without a key.
async fn find_started(request: &web::Request, token: &SecretToken) -> Result<Option<Session>, Error> {
    if request.submission.id().is_none() {
        return Ok(None);
    }
    let (now, read_at, token) = (request.app.clock.now(), request.app.viewer_cache.time(), token.clone());
    Ok(request.app.db.read(move |conn| Session::find(conn, now, read_at, &token)).await?)
}

/// A session that gives no notice and uses no code starts by its one statement, without a transaction around it.
async fn write(request: &web::Request, new: NewSession) -> Result<Started, db::Error> {
    let web::Request { app, layout, .. } = request;
    let (now, mail) = (app.clock.now(), MailContext::of(app, layout.locale));
    let db = app.db.for_row(new.proof.user.id.as_str());
    if !new.may_give_notice() && new.proof.code.is_none() {
        return db.read(move |conn| new.start(conn, now)).await;
    }
    let notices = NewDeviceNotices::of(&app.limits, &new.proof.user.id);
    let started = db.write(move |conn| {
        let Proof { user, client, code, wrong, trusted, .. } = &new.proof;
        // The account is locked before its code: two who lock them in different orders would wait for each other.
        if let Some(code) = code
            && !(new.proof.is_still_so(conn)? && (CodeUse { code, user, client, wrong }).redeem(conn, now, &mail)?)
        {
            return Ok(Started { ended: None, viewer: None, is_new_device: false });
        }
        let started = new.start(conn, now)?;
        if started.viewer.is_some()
            && let Some(device) = trusted
        {
            NewTrust { owner: user, device: &device.subject(), client }.add(conn, now)?;
        }
        if started.viewer.is_some()
            && started.is_new_device
            && let Some(kind) = notices.next(conn)?
        {
            SecurityNotice { kind, user, client }.send(conn, now, &mail)?;
        }
        Ok(started)
    });
    started.await
}

/// The new token of this browser's session: the same when the form is sent twice.
pub(in crate::accounts) fn new_token(request: &web::Request, http: &HttpRequest) -> Result<SecretToken, Error> {
    let former = SessionCookie::of(http).token();
    let of_form = request.submission.session_token(former.as_ref());
    of_form.map_or_else(random_token, Ok)
}

fn random_token() -> Result<SecretToken, Error> {
    SecretToken::generate().map_err(no_random_bytes)
}

/// The operating system has no random bytes.
pub(in crate::accounts) fn no_random_bytes(error: getrandom::Error) -> Error {
    Error::Internal(anyhow::Error::msg(error.to_string()))
}
