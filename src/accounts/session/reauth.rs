//! Asking for the password again before a sensitive page, then going on with what the visitor was doing.

use std::borrow::Cow;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use super::log_in::no_password::{self, has_password};
use super::log_in::prove_code::{CountedCode, Wrong, check_counted, count_attempt};
use super::reauthenticated::{Reauthenticated, Renewed};
use super::start_session::new_token;
use super::words::{Reauth, Words};
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words as CommonWords;
use crate::values::clock::Timestamp;
use crate::values::locale::Locale;
use crate::values::secret_token::SecretToken;
use crate::values::site_path::{self, SitePath};
use crate::web::page::query::Query;
use crate::web::page::response::{invalid, ok, see_other, with_status};
use crate::web::page::{form, multipart};
use crate::web::protection::limits;
use crate::web::submission::answer::SessionChange;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::language_cookie;
use crate::web::words::admin_acts;
use crate::web::{self, Admin, Answer, App, Error, FieldErrors, Form, Layout, SignedIn, Upload, Viewer, paths};

/// Marks that a form waits for the password, before its fields: it may have none.
const WAITING: char = '?';

#[derive(Template)]
#[template(path = "accounts/session/reauth.html")]
struct ReauthPage {
    t: &'static Reauth,
    common: &'static CommonWords,
    codes: &'static CodeWords,
    layout: Layout,
    viewer: Arc<Viewer>,
    form: ReauthForm,
    errors: FieldErrors,
}

/// The form that waited, with a button that sends it, since no script can send it.
#[derive(Template)]
#[template(path = "accounts/session/resubmit.html")]
struct ResubmitPage {
    t: &'static Reauth,
    layout: Layout,
    form: ReauthForm,
    action: SitePath,
    fields: Vec<(String, String)>,
    /// What the button does.
    label: Cow<'static, str>,
}

/// Where the visitor was going, and with which form.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReauthForm {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default, deserialize_with = "site_path::lenient")]
    next: Option<SitePath>,
    #[serde(default)]
    waiting: String,
    /// The language that is to be shown instead, in which case no password is sent.
    #[serde(default)]
    lang: String,
    /// Whether the page came after the right password.
    #[serde(default)]
    is_confirmed: String,
}

/// The form; the owner of an account without a password proves it at a provider, or is led to where it gets one.
///
/// # Errors
/// When nobody is signed in, or the database is unavailable.
pub async fn show(
    request: web::Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    Query(form): Query<ReauthForm>,
) -> web::Result {
    if !has_password(&request.app, &viewer).await? {
        return no_password::prove(request, &http, &viewer, form.next.as_ref()).await;
    }
    let form = ReauthForm { next: form.next, ..ReauthForm::default() };
    ok(ReauthPage::new(request.layout, viewer, form, FieldErrors::default()))
}

/// Takes the password, gives the session a new token, and goes on.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    request: web::Request,
    SignedIn(viewer): SignedIn,
    http: HttpRequest,
    form: Form<ReauthForm>,
) -> web::Result {
    let web::Request { app, layout, client, submission } = request.clone();
    if let Some(locale) = Locale::parse(&form.lang) {
        let id = viewer.id.clone();
        app.db.write(move |conn| User::keep_language(conn, &id, locale)).await?;
        let page = ReauthPage::new(layout.in_language(locale), viewer, form.into_inner(), FieldErrors::default());
        return page.show_again(&http);
    }
    count_attempt(&app, &viewer).await?;
    let Some(user) = check_counted(&request, &viewer, &form.password).await? else {
        return refuse(Wrong::Password, layout, viewer, form);
    };
    let Some(code) = CountedCode::of(&request, &user, &form.code, limits::CODES_WITHIN).await? else {
        return refuse(Wrong::code_of(&form.code), layout, viewer, form);
    };
    let (now, token, answer) = (app.clock.now(), new_token(&request, &http)?, form.resume(&http, &layout)?);
    let answer = answer.with_session(SessionChange::Renewed(viewer.id.clone()));
    let (session, code) = (viewer.session.clone(), Some(code));
    let owner = Reauthenticated { user, code, submission, session, token: token.clone(), client };
    let recorded = answer.clone();
    let db = app.db.for_row(viewer.id.as_str());
    let renewed = db.write(move |conn| {
        let renewed = owner.renew(conn, now)?;
        owner.record(conn, renewed, &recorded)
    });
    match renewed.await? {
        Renewed::Done => app.viewer_cache.invalidate(&viewer.id),
        Renewed::WrongCode => return refuse(Wrong::code_of(&form.code), layout, viewer, form),
        Renewed::Ended => return Err(Error::SessionEnded(form.next.clone())),
    }
    keep_signed_in(&http, &viewer, &token, now)?;
    answer.send(&http)
}

/// The form again, with what was wrong.
fn refuse(wrong: Wrong, layout: Layout, viewer: Arc<Viewer>, form: Form<ReauthForm>) -> web::Result {
    let errors = wrong.errors(&layout, "password");
    invalid(ReauthPage::new(layout, viewer, form.into_inner(), errors))
}

/// Puts the new token of this browser's session into its cookie.
pub(in crate::accounts) fn keep_signed_in(
    http: &HttpRequest,
    viewer: &Viewer,
    token: &SecretToken,
    now: Timestamp,
) -> Result<(), Error> {
    SessionCookie::of(http).sign_in(token, &Viewer { authenticated_at: now, ..viewer.clone() })
}

/// Lets only admins see paths below `/admin`, whether there is a page or not. A form that is sent when the password was
/// given too long ago waits while the password is asked for.
///
/// # Errors
/// Those of the services within.
pub async fn admins_only(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    match request.extract::<Admin>().await {
        Ok(_) => next.call(request).await.map(ServiceResponse::map_into_left_body),
        Err(Error::ReauthFirst(_)) if !request.method().is_safe() => {
            let page = ask_for_password(&mut request).await;
            Ok(match page {
                Ok(response) => request.into_response(response),
                Err(refusal) => request.error_response(refusal),
            }
            .map_into_right_body())
        }
        Err(refusal) => Ok(request.error_response(refusal).map_into_right_body()),
    }
}

/// 403: asks for the password, and keeps the fields of the form on the page.
async fn ask_for_password(request: &mut ServiceRequest) -> Result<HttpResponse, Error> {
    let SignedIn(viewer) = request.extract::<SignedIn>().await?;
    let fields = waiting_fields(request, &viewer).await?;
    let next = SitePath::parse(&request.uri().to_string());
    let form = ReauthForm { next, waiting: format!("{WAITING}{fields}"), ..ReauthForm::default() };
    let layout = Layout::of(request.request(), None);
    with_status(StatusCode::FORBIDDEN, ReauthPage::new(layout, viewer, form, FieldErrors::default()))
}

/// The fields of the form; one with a file names it in one of them, since the file is kept.
async fn waiting_fields(request: &mut ServiceRequest, viewer: &Viewer) -> Result<String, Error> {
    if form::is_sent_as(request.request(), "multipart/form-data") {
        let app = request.app_data::<Data<App>>().cloned().ok_or(Error::NOT_FOUND)?;
        let upload = request.extract::<Upload<Vec<(String, String)>, { multipart::MOST_KEPT }>>().await?;
        return upload.into_waiting(&app, viewer).await;
    }
    let body = request.extract::<Bytes>().await.map_err(|_| Error::BAD_REQUEST)?;
    String::from_utf8(body.to_vec()).map_err(|_| Error::BAD_REQUEST)
}

impl ReauthForm {
    /// What comes next: where the visitor was going, or the form that waited.
    fn resume(&self, http: &HttpRequest, layout: &Layout) -> Result<Answer, Error> {
        if let Some(page) = self.resubmit(http, layout) {
            return Ok(Answer::page(page.render()?));
        }
        Ok(Answer::see_other(paths::page_or(self.next.as_ref(), paths::accounts::ACCOUNT)))
    }

    /// The page that sends the form that waited, if one did.
    fn resubmit(&self, http: &HttpRequest, layout: &Layout) -> Option<ResubmitPage> {
        let (body, action) = (self.waiting.strip_prefix(WAITING)?, self.next.clone()?);
        let fields: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let field = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
        let path = action.as_str().split('?').next().unwrap_or_default();
        let pattern = http.resource_map().match_pattern(path).unwrap_or_default();
        let t = &Words::of(layout.locale).reauth;
        let label = admin_acts::label(layout.locale, &pattern, field).unwrap_or(Cow::Borrowed(t.go_on));
        let form = Self { password: String::new(), code: String::new(), ..self.clone() };
        Some(ResubmitPage { t, layout: layout.clone(), form, action, fields, label })
    }
}

impl ReauthPage {
    fn new(layout: Layout, viewer: Arc<Viewer>, form: ReauthForm, errors: FieldErrors) -> Self {
        let (t, common) = (&Words::of(layout.locale).reauth, CommonWords::of(layout.locale));
        Self { t, common, codes: CodeWords::of(layout.locale), layout, viewer, form, errors }
    }

    /// What comes next. The page after this one names what a form that waits does.
    fn next_step(&self) -> Option<String> {
        let next = self.form.next.as_ref().filter(|_| self.form.waiting.is_empty())?;
        self.t.goes_on_to(next.as_str())
    }

    /// The page that the visitor saw, in the language of this one. What waits is in the form alone, so no address leads back
    /// to it.
    fn show_again(self, http: &HttpRequest) -> web::Result {
        let (form, locale) = (&self.form, self.layout.locale);
        let resubmit = form.resubmit(http, &self.layout).filter(|_| !form.is_confirmed.is_empty());
        let mut response = match resubmit {
            Some(page) => ok(page)?,
            None if form.waiting.is_empty() => see_other(paths::accounts::reauth_then(form.next.as_ref()))?,
            None => with_status(StatusCode::FORBIDDEN, self)?,
        };
        let app = http.app_data::<Data<App>>().ok_or(Error::NOT_FOUND)?;
        let cookie = language_cookie::cookie(&app.config, locale);
        response.add_cookie(&cookie).map_err(|error| Error::Internal(error.into()))?;
        Ok(response)
    }
}
