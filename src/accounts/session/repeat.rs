//! Answering a form that is sent once more like the first time: the last part of `web/submission`. It is in this room
//! because such an answer may sign in, and `web` knows no session.

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono::TimeDelta;

use super::session::Session;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::submission::answer::SessionChange;
use crate::web::submission::sent_form;
use crate::web::visitor::cookie::{EndedToken, SessionCookie};
use crate::web::visitor::viewer::Visitor;
use crate::web::{App, Error, Problem};

/// For how long a token that was replaced lets the form that replaced it be answered once more.
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// A form that may have been sent before, by the browser that sent it.
struct Repeat<'a> {
    app: &'a App,
    http: &'a HttpRequest,
    /// The token of the cookie as it came.
    token_sent: Option<SecretToken>,
    /// Whether the token's session has ended.
    has_ended: bool,
}

/// Answers an equal submission that took effect once more. Any refusal may be due to that effect: a link that is used, a
/// password that is no longer the current one, a limit, the row that the database has. So it is looked for when a
/// submission is refused, and before that only when an equal one was just answered: the others cost no statement. What a
/// program sent is looked for after its key is proven, never before.
///
/// # Errors
/// Those of the services within.
pub async fn answer(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let app = request.app_data::<Data<App>>().cloned();
    // A page has no submission.
    let Some(app) = app.filter(|_| !request.method().is_safe()) else {
        return next.call(request).await.map(ServiceResponse::map_into_left_body);
    };
    let refusal = sent_form::read(&mut request).await.err();
    let token_sent = SessionCookie::of(request.request()).token();
    if (refusal.is_some() || sent_form::is_repeated(request.request()))
        && let Some(answer) = Repeat::new(&app, request.request(), token_sent.clone()).answer(refusal.as_ref()).await
    {
        sent_form::end_turn(request.request());
        return Ok(request.into_response(answer).map_into_right_body());
    }
    if let Some(refusal) = refusal {
        return Ok(request.error_response(refusal).map_into_right_body());
    }
    let response = next.call(request).await?;
    let response = answer_refused(&app, response, token_sent).await;
    sent_form::end_turn(response.request());
    Ok(response)
}

/// Answers a submission that was refused like the equal one that took effect, if there was one.
async fn answer_refused<B: MessageBody>(
    app: &App,
    response: ServiceResponse<B>,
    token_sent: Option<SecretToken>,
) -> ServiceResponse<EitherBody<B>> {
    let is_refused = response.status().is_client_error() || response.status().is_server_error();
    if !is_refused && response.response().error().is_none() {
        return response.map_into_left_body();
    }
    let (http, refusal) = response.into_parts();
    let error = refusal.error().and_then(|error| error.as_error());
    let answer = Repeat::new(app, &http, token_sent).answer(error).await;
    match answer {
        Some(answer) => ServiceResponse::new(http, answer).map_into_right_body(),
        None => ServiceResponse::new(http, refusal).map_into_left_body(),
    }
}

impl<'a> Repeat<'a> {
    fn new(app: &'a App, http: &'a HttpRequest, token_sent: Option<SecretToken>) -> Self {
        Self { app, http, token_sent, has_ended: EndedToken::is_in(http) }
    }

    /// The answer of an equal submission. It is looked up after a refusal too: when that fails, the refusal stands.
    async fn answer(&self, refusal: Option<&Error>) -> Option<HttpResponse> {
        let found = self.find(refusal).await;
        found.inspect_err(|error| tracing::warn!("an earlier answer could not be read: {error}")).ok().flatten()
    }

    async fn find(&self, refusal: Option<&Error>) -> Result<Option<HttpResponse>, Error> {
        let submission = sent_form::of(self.http);
        if submission.id().is_none() || !sent_form::may_be_answered(self.http) {
            return Ok(None);
        }
        let found = self.app.db.read(move |conn| submission.find_answer(conn)).await?;
        let Some(answered) = found else { return Ok(None) };
        if !answered.is_equal {
            return Ok(Some(Problem::key_reused().response()));
        }
        let is_in_time = !self.has_ended || answered.at + GRACE > self.app.shared_time();
        let may_repeat = match (&answered.answer.session, refusal) {
            // Whoever lost the session must log in first.
            (SessionChange::Kept, Some(Error::SignInFirst(_) | Error::SessionEnded(_))) => false,
            (SessionChange::Kept, None) => !self.has_ended,
            // It would sign out the account that is signed in now.
            (SessionChange::Ended, Some(Error::OtherAccount)) => false,
            (SessionChange::Kept, Some(_)) | (SessionChange::Ended, _) => true,
            (SessionChange::Started(owner), _) => self.sign_in(owner).await?,
            (SessionChange::Renewed(owner), _) => is_in_time && self.sign_in(owner).await?,
        };
        if may_repeat { answered.answer.send(self.http).map(Some) } else { Ok(None) }
    }

    /// Puts the token into the cookie that the session got by this form; false when that session has ended.
    async fn sign_in(&self, owner: &UserId) -> Result<bool, Error> {
        let (now, read_at) = (self.app.clock.now(), self.app.viewer_cache.time());
        let Some(token) = sent_form::of(self.http).session_token(self.token_sent.as_ref()) else {
            return Ok(false);
        };
        let by_token = token.clone();
        if let Some(session) = self.app.db.read(move |conn| Session::find(conn, now, read_at, &by_token)).await? {
            SessionCookie::of(self.http).sign_in(&token, &session.viewer)?;
            return Ok(true);
        }
        // The browser has the new token already.
        Ok(matches!(Visitor::of(self.http), Visitor::SignedIn(viewer) if viewer.id == *owner))
    }
}
