//! The second step of a log-in: the code of the app, or a recovery code.

use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use askama::Template;
use serde::Deserialize;

use super::code_use::WrongCodes;
use super::first_factor::{Asked, HalfLogIn, destination};
use super::prove_code::Wrong;
use crate::accounts::one_time_code::authenticator::code_subject;
use crate::accounts::one_time_code::recovery_code::RecoveryCode;
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::new_session::Proof;
use crate::accounts::session::start_session::{no_random_bytes, start_session};
use crate::accounts::session::words::{LogInCode, Words};
use crate::accounts::user::user::User;
use crate::accounts::user::user::identity::Identity;
use crate::accounts::user::words::Words as CommonWords;
use crate::web::page::flash::Flash;
use crate::web::page::response::{invalid, ok, see_other, with_status};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::{self, Answer, App, Error, FieldErrors, Form, Layout, Request};

#[derive(Template)]
#[template(path = "accounts/session/log_in/code.html")]
struct CodePage {
    t: &'static LogInCode,
    common: &'static CommonWords,
    codes: &'static CodeWords,
    layout: Layout,
    asked: Asked,
    errors: FieldErrors,
}

/// Too many were tried, and the log-in ends before the next try: it begins anew.
#[derive(Template)]
#[template(path = "accounts/session/log_in/too_many_codes.html")]
struct TooManyPage {
    t: &'static LogInCode,
    common: &'static CommonWords,
    layout: Layout,
    seconds: u64,
}

/// The code, for which log-in it is, and whether this device is to be trusted.
#[derive(Default, Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    account: String,
    #[serde(default)]
    trust: String,
}

/// The form, for whoever has just given the password in this browser.
///
/// # Errors
/// When nobody has.
pub async fn show(Request { app, layout, .. }: Request, http: HttpRequest) -> web::Result {
    // Who gives the password of another account while signed in goes on with that one.
    match (HalfLogIn::of(&http, app.clock.now()), &layout.viewer) {
        (Some(half), _) => ok(CodePage::new(layout, half.asks(&app, false), FieldErrors::default())),
        (None, Some(viewer)) => see_other(destination(viewer.kind, None)),
        (None, None) => Err(start_over(&http, &layout, None)?),
    }
}

/// Uses the code up and starts the session, in one transaction. A wrong one counts for the account, from wherever it comes:
/// nobody who has the password can try many.
///
/// # Errors
/// When the log-in waits no more, when limited, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, form: Form<CodeForm>) -> web::Result {
    let Request { app, layout, client, .. } = request.clone();
    let half = HalfLogIn::of(&http, app.clock.now());
    let Some(half) = half else { return Err(start_over(&http, &layout, None)?) };
    let asked = half.asks(&app, !form.trust.is_empty());
    if !half.was_asked_by(&app, &form.account) {
        return Err(start_over(&http, &layout, Some(half))?);
    }
    let Some(code) = TypedCode::parse(&form.code) else { return refuse(Wrong::code_of(&form.code), layout, asked) };
    let (id, identity) = (half.user.clone(), half.identity.clone());
    let found = app.db.read(move |conn| Identity::find_opened(conn, &id, identity.as_ref())).await?;
    let Some(user) = found.filter(|user| half.is_of(&app.keys, user)) else {
        return Err(start_over(&http, &layout, Some(half))?);
    };
    // Whoever has the password can use up the tries of strange devices, and not those of the owner's. A password makes no
    // device the owner's: whoever had it before the second factor was on could have kept any number of them.
    let device = Device::of(&http, &app.config).filter(|device| device.gave_code(&app.keys, &code_subject(&user)));
    let counts = [limits::CODES.for_user_on(&user.id, device.as_ref())];
    match app.limits.count(&app.db, &counts).await {
        Err(Error::TooMany(seconds)) => return too_many(layout, seconds),
        counted => counted?,
    }
    let answer = Answer::see_other(destination(user.kind, half.next().as_ref()));
    let answer = tell_left(answer, &code, &user, &request).await?;
    let trusted = asked.trust.filter(|wanted| *wanted).map(|_| known_here(&http, &app)).transpose()?;
    let proof = Proof::by_first_factor(user, client, half.identity, app.limits.provisional(&counts));
    let proof = proof.with_code(code, WrongCodes::of(&app.limits, &half.user)?, trusted);
    match start_session(&request, &http, proof, answer).await? {
        Some(signed_in) => Ok(signed_in),
        None => refuse(Wrong::code_of(&form.code), layout, asked),
    }
}

/// The answer that tells how many recovery codes are left, if one is used.
async fn tell_left(answer: Answer, code: &TypedCode, user: &User, request: &Request) -> Result<Answer, Error> {
    let TypedCode::Recovery(_) = code else { return Ok(answer) };
    let id = user.id.clone();
    let known = request.app.db.read(move |conn| RecoveryCode::count(conn, &id)).await?;
    Ok(answer.with_flash(Words::of(request.layout.locale).code.used_recovery((known - 1).max(0))))
}

/// 429: what to do, since sending the code once more later cannot help.
fn too_many(layout: Layout, seconds: u64) -> web::Result {
    let (t, common) = (&Words::of(layout.locale).code, CommonWords::of(layout.locale));
    let page = TooManyPage { t, common, layout: layout.without_form(), seconds };
    let mut page = with_status(StatusCode::TOO_MANY_REQUESTS, page)?;
    page.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    Ok(page)
}

/// The device, or a new one.
fn known_here(http: &HttpRequest, app: &App) -> Result<Device, Error> {
    Device::of(http, &app.config).map_or_else(Device::generate, Ok).map_err(no_random_bytes)
}

/// The form again. The choice of a language does not send it once more: that would count as another wrong code.
fn refuse(wrong: Wrong, layout: Layout, asked: Asked) -> web::Result {
    let errors = wrong.errors(&layout, "password");
    invalid(CodePage::new(layout.without_form(), asked, errors))
}

/// Back to the password, and why, where this browser has given it before.
fn start_over(http: &HttpRequest, layout: &Layout, half: Option<HalfLogIn>) -> Result<Error, Error> {
    let cookie = SessionCookie::of(http);
    let half: Option<HalfLogIn> = half.or_else(|| cookie.log_in());
    let next = half.as_ref().and_then(HalfLogIn::next);
    if half.is_some() && layout.viewer.is_none() {
        cookie.clear();
        cookie.set_flash(&Flash::problem(Words::of(layout.locale).code.start_over))?;
    }
    Ok(Error::SignInFirst(next))
}

impl CodePage {
    fn new(layout: Layout, asked: Asked, errors: FieldErrors) -> Self {
        let (t, common) = (&Words::of(layout.locale).code, CommonWords::of(layout.locale));
        Self { t, common, codes: CodeWords::of(layout.locale), layout, asked, errors }
    }
}
