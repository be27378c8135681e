//! The way back from a provider: who it is, and where they go on. It is the one page whose GET has an effect, since the
//! provider sends the browser by a redirect; the attempt lets it have that once, in the browser that began it.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;

use super::asked_provider::AskedProvider;
use super::attempt::{Attempt, cookie_id};
use super::confirm::Waiting;
use super::connection::ProviderChange;
use super::fault::Fault;
use super::identified::Identified;
use super::log_in_with::{known_device, start};
use super::problem::Problem;
use super::provider::Provider;
use super::words::Words;
use crate::accounts::session::log_in::first_factor::go_on;
use crate::accounts::session::new_session::Proof;
use crate::accounts::user::unverified;
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Holder;
use crate::values::account_kind::AccountKind;
use crate::values::clock::Stopwatch;
use crate::values::id::UserId;
use crate::web::page::query::Query;
use crate::web::page::response::see_other;
use crate::web::protection::limits;
use crate::web::visitor::sealed_cookie;
use crate::web::{self, Answer, App, Error, Request, paths};

/// What providers say for "the visitor did not agree": the standard's word, LinkedIn's two, and those of a provider that was
/// asked to show no page (OpenID Connect Core 1.0, 3.1.2.6).
const DENIALS: [&str; 6] = [
    "access_denied",
    "user_cancelled_login",
    "user_cancelled_authorize",
    "login_required",
    "interaction_required",
    "consent_required",
];
/// Longest code of an error, in bytes.
const LONGEST_CODE: usize = 40;

/// What the provider sends back by the browser.
#[derive(Default, Deserialize)]
pub struct CallbackQuery {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    /// Why there is no code.
    error: Option<String>,
    /// Who answers (RFC 9207).
    iss: Option<String>,
}

/// What became of the attempt: where its owner goes on, or why not.
type Outcome = Result<Result<HttpResponse, Problem>, Error>;

/// Takes the answer of a provider.
///
/// # Errors
/// When there is no such provider, when limited, or when the database is unavailable.
pub async fn show(
    request: Request,
    http: HttpRequest,
    AskedProvider { provider, .. }: AskedProvider,
    Query(query): Query<CallbackQuery>,
) -> web::Result {
    let (provider, app, client) = (provider.as_ref(), &request.app, &request.client);
    let id = cookie_id(&query.state);
    let attempt: Option<Attempt> = sealed_cookie::ATTEMPT.open_one(app, &http, &id);
    let attempt = attempt.filter(|attempt| attempt.is_answered_by(provider.settings.name, &query.state));
    let Some(attempt) = attempt.filter(|_| http.method() == Method::GET) else {
        return Problem::OtherBrowser.page(request.layout, provider);
    };
    // Only what this browser began counts: any page of the web can make anybody's browser ask for the rest.
    let device = known_device(app, &http);
    app.limits.count(&app.db, &[limits::LOG_IN.for_visitor(client, device.as_ref())]).await?;
    let mut answer = match Box::pin(answer(&request, &http, provider, Returned { attempt, query })).await? {
        Ok(answer) => answer,
        Err(problem) => problem.page(request.layout.clone(), provider)?,
    };
    answer
        .add_cookie(&sealed_cookie::ATTEMPT.removal_of_one(app, &id))
        .map_err(|error| Error::Internal(error.into()))?;
    Ok(answer)
}

/// An attempt that came back, and with what.
struct Returned {
    attempt: Attempt,
    query: CallbackQuery,
}

async fn answer(request: &Request, http: &HttpRequest, provider: &Provider, returned: Returned) -> Outcome {
    let (app, Returned { attempt, query }, since) = (&request.app, returned, Stopwatch::start());
    let (now, used) = (app.clock.now(), attempt.clone());
    // It is used up before anything is asked of the provider: of two at once, one asks.
    if attempt.is_over(now) {
        return Ok(Err(Problem::TooOld));
    }
    if !app.db.write(move |conn| used.redeem(conn, now)).await? {
        return Ok(Err(Problem::Used));
    }
    match provider.is_answer_of(query.iss.as_deref(), since).await {
        Ok(true) => {}
        Ok(false) => {
            let fault = Fault::Untrusted("the answer is not of its issuer".to_owned());
            return Ok(Err(provider.logged(fault).into()));
        }
        Err(fault) => return Ok(Err(fault.into())),
    }
    match query.error.as_deref() {
        None => {}
        Some(error) if DENIALS.contains(&error) => return Ok(Err(Problem::Denied)),
        Some(error) => {
            let is_away = matches!(error, "temporarily_unavailable" | "server_error");
            let fault = if is_away { Fault::Away } else { Fault::Untrusted };
            let fault = fault(format!("the answer is the error {}", code_of(error)));
            return Ok(Err(provider.logged(fault).into()));
        }
    }
    let identified = match provider.identify(query.code, &attempt, since).await {
        Ok(identified) => identified,
        Err(fault) => return Ok(Err(fault.into())),
    };
    match &attempt.owner {
        Some(owner) => connect(request, http, provider, Connecting { owner, identified }).await,
        // On the heap, since all that it does is large.
        None => Box::pin(log_in(request, http, provider, LoggingIn { attempt, identified })).await,
    }
}

/// The code of an error as the log names it. Anybody can write one into the address: no text of theirs goes into the log.
fn code_of(error: &str) -> &str {
    let is_code = error.len() <= LONGEST_CODE && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if is_code { error } else { "(no code of the standard)" }
}

/// Somebody who goes on to connect their account.
struct Connecting<'a> {
    owner: &'a UserId,
    identified: Identified,
}

/// Connects the account that began it, if it is still the one that is signed in.
async fn connect(request: &Request, http: &HttpRequest, provider: &Provider, connecting: Connecting<'_>) -> Outcome {
    let Request { app, layout, .. } = request;
    let viewer = layout.viewer.as_ref().ok_or_else(|| Error::SignInFirst(paths::page(paths::accounts::PROVIDERS)))?;
    if viewer.id != *connecting.owner {
        return Err(Error::OtherAccount);
    }
    let change = ProviderChange::of(request, viewer, provider);
    let (now, identity) = (app.clock.now(), connecting.identified.identity);
    let connected = app.db.for_row(viewer.id.as_str()).write(move |conn| change.connect(conn, now, &identity)).await?;
    if let Err(problem) = Problem::of_connected(connected) {
        return Ok(Err(problem));
    }
    let answer = Answer::see_other(paths::accounts::PROVIDERS);
    answer.with_flash(Words::of(layout.locale).connected(&provider.settings.label)).send(http).map(Ok)
}

/// Whom an identity opens.
enum Found {
    /// This account.
    Account(Box<User>),
    /// One of another issuer.
    OtherIssuer,
    /// None, but the address has this one.
    KnownAddress(Box<User>),
    /// None.
    Nobody,
}

impl Found {
    /// Why it is not this one, who wanted to prove to be there still.
    fn differs_from(&self, wanted: &UserId) -> Option<Problem> {
        match self {
            Self::Account(user) if user.id == *wanted => None,
            Self::Account(_) => Some(Problem::Elsewhere),
            _ => Some(Problem::Another),
        }
    }
}

/// Somebody who goes on to log in.
struct LoggingIn {
    attempt: Attempt,
    identified: Identified,
}

async fn log_in(request: &Request, http: &HttpRequest, provider: &Provider, logging_in: LoggingIn) -> Outcome {
    let LoggingIn { attempt, identified } = logging_in;
    let found = find(&request.app, &identified).await?;
    if let Some(problem) = attempt.again.as_ref().and_then(|wanted| found.differs_from(wanted)) {
        return Ok(Err(problem));
    }
    match found {
        Found::Account(user) | Found::KnownAddress(user) if user.kind == AccountKind::Admin => Ok(Err(Problem::Admin)),
        Found::Account(user) => {
            let proof = Proof::by_provider(*user, request.client.clone(), identified.identity);
            let answer = go_on(request, http, proof, attempt.next().as_ref()).await?;
            Ok(answer.ok_or(Problem::Gone))
        }
        Found::OtherIssuer => {
            let fault = Fault::Untrusted("the account was connected with another issuer".to_owned());
            Ok(Err(provider.logged(fault).into()))
        }
        _ if identified.email.is_none() => Ok(Err(Problem::NoAddress)),
        Found::KnownAddress(user) => ask_to_log_in(request, provider, &user, identified).map(Ok),
        Found::Nobody => {
            let mut answer = see_other(paths::accounts::sign_up_finish(attempt.kind, attempt.next().as_ref()))?;
            let cookie = sealed_cookie::IDENTIFIED.seal(&request.app, &identified)?;
            answer.add_cookie(&cookie).map_err(|error| Error::Internal(error.into()))?;
            Ok(Ok(answer))
        }
    }
}

/// Asks to log in to the account of the address first; its owner, who is signed in here, only confirms. What the provider
/// said waits in a cookie meanwhile, for that account.
fn ask_to_log_in(request: &Request, provider: &Provider, owner: &User, identified: Identified) -> web::Result {
    let Request { app, layout, .. } = request;
    let is_here = layout.viewer.as_ref().is_some_and(|viewer| viewer.id == owner.id);
    let mut answer = if is_here {
        see_other(paths::with_id(paths::accounts::PROVIDER_CONFIRM, provider.settings.name))?
    } else {
        Problem::KnownAddress.page(layout.clone(), provider)?
    };
    if let Some(email) = identified.email {
        let attempt = start(app, provider, None)?.connecting(&owner.id);
        let waiting = Waiting { attempt, identity: identified.identity, email };
        let cookie = sealed_cookie::WAITING.seal(app, &waiting)?;
        answer.add_cookie(&cookie).map_err(|error| Error::Internal(error.into()))?;
    }
    Ok(answer)
}

/// By the provider and its subject, never by the address. That the address has an account is said only where the provider
/// proves that it is theirs.
async fn find(app: &App, identified: &Identified) -> Result<Found, Error> {
    let Identified { identity, email, is_mailbox_proved, .. } = identified.clone();
    let found = app.db.write(move |conn| {
        if let Some(Holder { user, is_same_issuer }) = identity.holder(conn)? {
            if !is_same_issuer {
                return Ok(Found::OtherIssuer);
            }
            identity.keep_issuer(conn)?;
            return Ok(User::find(conn, &user)?.map_or(Found::Nobody, |user| Found::Account(Box::new(user))));
        }
        let Some(email) = email.as_ref().filter(|_| is_mailbox_proved) else { return Ok(Found::Nobody) };
        match User::find_by_email(conn, email)? {
            Some(known) if !unverified::may_be_replaced(conn, &known)? => Ok(Found::KnownAddress(Box::new(known))),
            _ => Ok(Found::Nobody),
        }
    });
    Ok(found.await?)
}
