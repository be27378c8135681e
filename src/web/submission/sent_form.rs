//! Reading what was sent with a form's key, before its handler does.

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};

use super::form_key::{self, ShownTo};
use super::submission::Submission;
use super::turns::Turn;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::page::form::{self, KeptBody};
use crate::web::paths;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::viewer::Visitor;

/// The header by which a program says which of its requests are equal.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Its longest value, in bytes.
const LONGEST_KEY: usize = 255;

/// Is in a request whose key works.
struct ProvenKey;

/// Stores the submission of a urlencoded form in the request, where [`of`] finds it, and waits for its turn. A form with
/// a file is read by [`Upload`](crate::web::Upload), which calls [`store_parts`].
///
/// # Errors
/// When the body is refused, or the form was shown to another account than the one that is signed in.
pub async fn read(request: &mut ServiceRequest) -> Result<(), Error> {
    if paths::takes_key(request.path()) {
        return read_keyed(request).await;
    }
    if request.method().is_safe() || !form::is_sent_as(request.request(), form::URLENCODED) {
        return Ok(());
    }
    let (http, payload) = request.parts_mut();
    let body = form::body(http, payload, form::URLENCODED).await?;
    request.set_payload(Payload::from(body.clone()));
    KeptBody::keep(request.request(), body.clone());
    let key = form_urlencoded::parse(&body).find(|(name, _)| name == form_key::FIELD).map(|(_, value)| value);
    let address = http_address(request.request());
    store(request.request(), key.as_deref(), &address, &body).await.map(|_| ())
}

/// The same for what a program sends with an `Idempotency-Key`: of one program, method, path and key there is one effect.
/// What the body asks for is told by [`understand`], and compared then: it can be written in many ways.
async fn read_keyed(request: &mut ServiceRequest) -> Result<(), Error> {
    let header = |name: &str| request.headers().get(name).map(|value| value.as_bytes().to_vec());
    let Some(key) = header(IDEMPOTENCY_KEY) else { return Ok(()) };
    // Of two, each program in between may take another.
    if request.headers().get_all(IDEMPOTENCY_KEY).count() > 1 {
        return Err(Error::BAD_REQUEST);
    }
    let key = String::from_utf8(key).ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let key = key.ok_or(Error::BAD_REQUEST)?;
    let program = header(header::AUTHORIZATION.as_str()).unwrap_or_default();
    let program = String::from_utf8_lossy(&program);
    // The name of the scheme may be in any case.
    let program = program.split_once(' ').map_or("", |(_, key)| key.trim());
    let address = [request.method().as_str(), request.path(), &key, program].join("\n");
    let (http, payload) = request.parts_mut();
    let body = form::bytes(http, payload).await?;
    request.set_payload(Payload::from(body));
    let request = request.request();
    let Some(app) = request.app_data::<Data<App>>() else { return Ok(()) };
    take_turn(request, app, Submission::of_program(app.clock.now(), &address)).await;
    Ok(())
}

/// The submission of a program, now that it is understood what it asks for. Who asks for something else with the same key is
/// refused.
#[must_use]
pub fn understand(request: &HttpRequest, meaning: String) -> Submission {
    let submission = of(request).asking_for(meaning);
    request.extensions_mut().insert(submission.clone());
    submission
}

fn http_address(request: &HttpRequest) -> String {
    request.uri().to_string()
}

/// The same for a form that came in parts: all texts, and its file by the hash.
///
/// # Errors
/// When the form was shown to another account than the one that is signed in, or an equal one took effect.
pub async fn store_parts(request: &HttpRequest, texts: &[(String, String)], file: &str) -> Result<(), Error> {
    let key = texts.iter().find(|(name, _)| name == form_key::FIELD).map(|(_, value)| value.as_str());
    let all = form_urlencoded::Serializer::new(String::new()).extend_pairs(texts).append_key_only(file).finish();
    let Some(app) = store(request, key, &http_address(request), all.as_bytes()).await?.filter(|_| is_repeated(request))
    else {
        return Ok(());
    };
    let submission = of(request);
    let answered = app.db.read(move |conn| submission.find_answer(conn)).await?;
    // Ends the handler: who called it answers like the first time.
    answered.map_or(Ok(()), |_| Err(Error::Refused(StatusCode::CONFLICT)))
}

/// Stores what was sent with this key, and waits for its turn; without a key nothing.
async fn store(
    request: &HttpRequest,
    key: Option<&str>,
    address: &str,
    body: &[u8],
) -> Result<Option<Data<App>>, Error> {
    let app = request.app_data::<Data<App>>().cloned();
    let Some((app, key)) = app.zip(key.filter(|key| !key.is_empty())) else { return Ok(None) };
    let submission = Submission::new(form_key::made_by(&app.keys, key), app.shared_time(), address, body);
    take_turn(request, &app, submission.sent_by(browser(request))).await;
    // Refused only now: whoever asks for the answer of an equal submission finds this one.
    let Visitor::SignedIn(viewer) = Visitor::of(request) else { return Ok(Some(app)) };
    match form_key::shown_to(&app.keys, key, &viewer.id) {
        ShownTo::This => Ok(Some(app)),
        // The choice of a language does nothing with a form; where it leads, the form is refused in that language.
        _ if request.path() == paths::LANGUAGE => Ok(Some(app)),
        ShownTo::Other => Err(Error::OtherAccount),
        ShownTo::Unknown => Err(Error::Refused(StatusCode::CONFLICT)),
    }
}

async fn take_turn(request: &HttpRequest, app: &App, submission: Submission) {
    if let Some(id) = submission.id() {
        let turn = app.turns.take(id).await;
        request.extensions_mut().insert(turn);
    }
    request.extensions_mut().insert(submission);
}

/// What a guest's browser is known by: the mark of the sign-up that it made; without one, its network and its name.
fn browser(request: &HttpRequest) -> String {
    if let Some(mark) = SessionCookie::of(request).sign_up_mark() {
        return mark.to_string();
    }
    let client = Client::extract(request).into_inner();
    client.map(|client| format!("{} {}", client.network(), client.user_agent)).unwrap_or_default()
}

/// Whether an equal submission was answered just before.
#[must_use]
pub fn is_repeated(request: &HttpRequest) -> bool {
    request.extensions().get::<Turn>().is_some_and(|turn| turn.is_repeated)
}

/// Notes that the key of this request works, and may do what it asks for.
pub fn prove_key(request: &HttpRequest) {
    request.extensions_mut().insert(ProvenKey);
}

/// Whether this request may get the answer of an equal one: where a key opens the address, only once that is proven and what
/// is asked for is understood. The key may have been revoked since, have expired or have reached its limit.
#[must_use]
pub fn may_be_answered(request: &HttpRequest) -> bool {
    let is_proven = || request.extensions().get::<ProvenKey>().is_some() && of(request).is_understood();
    !paths::takes_key(request.path()) || is_proven()
}

/// Ends the turn of this request's submission.
pub fn end_turn(request: &HttpRequest) {
    request.extensions_mut().remove::<Turn>();
}

/// The submission that was stored; one without a key, where there was none.
#[must_use]
pub fn of(request: &HttpRequest) -> Submission {
    request.extensions().get::<Submission>().cloned().unwrap_or_default()
}
