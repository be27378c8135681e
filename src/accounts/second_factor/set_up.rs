//! The second factor of one's account: whether it is on, and setting up the app that switches it on.

use actix_web::HttpRequest;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use qrcode::{Color, QrCode};
use serde::Deserialize;

use super::recovery_codes::CodesPage;
use super::switch::{Switch, Switching};
use super::words::Words;
use crate::accounts::one_time_code::app_secret::AppSecret;
use crate::accounts::one_time_code::authenticator::{self, NewAuthenticator};
use crate::accounts::one_time_code::recovery_code::RecoveryCode;
use crate::accounts::one_time_code::trusted_device::TrustedDevice;
use crate::accounts::one_time_code::typed_code::TypedCode;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::log_in::no_password::redirect_to_forgot;
use crate::accounts::session::reauth::keep_signed_in;
use crate::accounts::session::reauthenticated::{Reauthenticated, Renewed};
use crate::accounts::session::start_session::{new_token, no_random_bytes, remember_switched_on};
use crate::accounts::session::words::device_name::device_name;
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::site_path::SitePath;
use crate::web::page::response::{conflict, invalid, ok};
use crate::web::submission::answer::SessionChange;
use crate::web::{self, App, Error, FieldErrors, Form, Layout, Recent, Request, Viewer, paths};

/// It is off: how the app is set up, and the field for its first code.
#[derive(Template)]
#[template(path = "accounts/second_factor/set_up.html")]
pub(super) struct SetUpPage {
    t: &'static Words,
    codes: &'static CodeWords,
    common: &'static CommonWords,
    layout: Layout,
    secret: AppSecret,
    /// The secret for the form: nothing is stored before a right code came.
    sealed: String,
    link: String,
    /// Whether the admin pages wait for it.
    is_required: bool,
    /// The address of who has another app already, which this one is to replace.
    mover: Option<String>,
    errors: FieldErrors,
}

/// It is on.
#[derive(Template)]
#[template(path = "accounts/second_factor/state.html")]
struct StatePage {
    t: &'static Words,
    layout: Layout,
    since: Timestamp,
    codes_left: i64,
    trusted: Vec<TrustedDevice>,
}

/// The secret as the page gave it out, and the first code of the app that has it.
#[derive(Default, Deserialize)]
pub struct SetUpForm {
    #[serde(default)]
    secret: String,
    #[serde(default)]
    code: String,
}

/// Its state, or a secret for the app.
///
/// # Errors
/// When the password was given too long ago, or when the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, http: HttpRequest, Recent(viewer): Recent) -> web::Result {
    let found = Found::of(&app, &viewer).await?;
    match found.user.second_factor_since {
        Some(since) => ok(StatePage::new(layout, since, found)),
        None if found.user.password.is_none() => redirect_to_forgot(&http, &layout),
        None => ok(SetUpPage::new(&app, layout, &viewer, offered(&app, &viewer))?),
    }
}

/// Switches it on by the first code of the app, and shows the recovery codes, this once.
///
/// # Errors
/// When the password was given too long ago, or when the database is unavailable.
pub async fn create(request: Request, http: HttpRequest, Recent(viewer): Recent, form: Form<SetUpForm>) -> web::Result {
    let Request { app, layout, client, submission } = request.clone();
    let found = Found::of(&app, &viewer).await?;
    if let Some(since) = found.user.second_factor_since {
        return conflict(StatePage::new(layout.without_form(), since, found));
    }
    if found.user.password.is_none() {
        return redirect_to_forgot(&http, &layout);
    }
    let now = app.clock.now();
    let secret = form.secret(&app, &viewer);
    let Some((secret, step)) = secret.clone().and_then(|secret| Some((secret.clone(), form.step(&secret, now)?)))
    else {
        let secret = secret.unwrap_or_else(|| offered(&app, &viewer));
        return invalid(SetUpPage::new(&app, layout.without_form(), &viewer, secret)?.wrong_code(&form.code));
    };
    let sealed = secret.seal(&app.keys, &viewer.id).map_err(no_random_bytes)?;
    let codes = RecoveryCode::generate_all().map_err(no_random_bytes)?;
    let (token, session) = (new_token(&request, &http)?, viewer.session.clone());
    let owner = Reauthenticated { user: found.user, code: None, submission, session, token: token.clone(), client };
    let device = remember_switched_on(&http, &app, &owner.user, now).map_err(no_random_bytes)?;
    let answer = CodesPage::answer(&layout, &viewer, &codes)?.with_session(SessionChange::Renewed(viewer.id.clone()));
    let answer = answer.about(authenticator::subject(&viewer.id)).with_cookie(&device);
    let mail = MailContext::of(&app, layout.locale);
    let switching = Switching { owner, switch: Switch::On(NewAuthenticator { sealed, step, codes }), mail };
    let recorded = answer.clone();
    let switched = app.db.write(move |conn| {
        let switched = switching.save(conn, now)?;
        switching.owner.record(conn, switched, &recorded)
    });
    if switched.await? != Renewed::Done {
        return Err(Error::SessionEnded(SitePath::parse(paths::accounts::SECOND_FACTOR)));
    }
    app.viewer_cache.invalidate(&viewer.id);
    keep_signed_in(&http, &Viewer { has_second_factor: true, ..Viewer::clone(&viewer) }, &token, now)?;
    answer.send(&http)
}

/// The secret that this session is offered.
pub(super) fn offered(app: &App, viewer: &Viewer) -> AppSecret {
    AppSecret::offered(&app.keys.current, &viewer.session, viewer.authenticated_at)
}

/// The viewer's own row, how many recovery codes are left, and where no code is asked for.
struct Found {
    user: User,
    codes_left: i64,
    trusted: Vec<TrustedDevice>,
}

impl Found {
    async fn of(app: &App, viewer: &Viewer) -> Result<Self, Error> {
        let (id, now) = (viewer.id.clone(), app.clock.now());
        let found = app.db.read(move |conn| {
            let Some(user) = User::find(conn, &id)? else { return Ok(None) };
            let codes_left = RecoveryCode::count(conn, &id)?;
            let trusted = TrustedDevice::list(conn, now, &user)?;
            Ok(Some(Self { user, codes_left, trusted }))
        });
        found.await?.ok_or(Error::NOT_FOUND)
    }
}

impl SetUpPage {
    /// The page with this secret.
    pub(super) fn new(app: &App, layout: Layout, viewer: &Viewer, secret: AppSecret) -> Result<Self, Error> {
        let sealed = URL_SAFE_NO_PAD.encode(secret.seal(&app.keys, &viewer.id).map_err(no_random_bytes)?);
        let link = secret.link(&viewer.email);
        let is_required = app.config.admins_need_second_factor && viewer.is_admin();
        let (t, codes, common) =
            (Words::of(layout.locale), CodeWords::of(layout.locale), CommonWords::of(layout.locale));
        let (mover, errors) = (None, FieldErrors::default());
        Ok(Self { t, codes, common, layout, secret, sealed, link, is_required, mover, errors })
    }

    /// The same for who has another app, and what was wrong with what they typed.
    pub(super) fn moving(self, email: &str, errors: FieldErrors) -> Self {
        Self { mover: Some(email.to_owned()), is_required: false, errors, ..self }
    }

    fn wrong_code(mut self, typed: &str) -> Self {
        let is_empty = typed.trim().is_empty();
        self.errors.add("code", if is_empty { self.codes.empty } else { self.t.wrong_first_code });
        self
    }

    /// The link as a QR code, drawn as a path of squares: each module of it is one by one.
    fn qr(&self) -> Option<QrPath> {
        let code = QrCode::new(&self.link).ok()?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let squares = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET));
        Some(QrPath { squares: squares.collect(), side: width + 2 * QUIET })
    }
}

/// The white edge of a QR code, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// A QR code as SVG draws it.
struct QrPath {
    squares: String,
    /// Modules along one side.
    side: usize,
}

impl StatePage {
    fn new(layout: Layout, since: Timestamp, found: Found) -> Self {
        let Found { codes_left, trusted, .. } = found;
        Self { t: Words::of(layout.locale), layout, since, codes_left, trusted }
    }

    fn device(&self, device: &TrustedDevice) -> String {
        device_name(Some(&device.user_agent), self.layout.locale)
    }
}

/// The secret as a page gave it out to this account.
pub(super) fn open_secret(app: &App, viewer: &Viewer, sealed: &str) -> Option<AppSecret> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    AppSecret::open(&app.keys, &viewer.id, &sealed).map(|(secret, _)| secret)
}

/// The step of the code that was typed, if an app with this secret shows it now.
pub(super) fn step_of(secret: &AppSecret, typed: &str, now: Timestamp) -> Option<i64> {
    match TypedCode::parse(typed)? {
        TypedCode::App(digits) => secret.step_of(&digits, now),
        TypedCode::Recovery(_) => None,
    }
}

impl SetUpForm {
    fn secret(&self, app: &App, viewer: &Viewer) -> Option<AppSecret> {
        open_secret(app, viewer, &self.secret)
    }

    fn step(&self, secret: &AppSecret, now: Timestamp) -> Option<i64> {
        step_of(secret, &self.code, now)
    }
}
