//! Changing the password, by somebody who knows the old one.

use std::sync::Arc;

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use super::new_password::PasswordChange;
use super::words::Words;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::log_in::no_password::{has_password, redirect_to_forgot};
use crate::accounts::session::log_in::prove_code::{
    CURRENT_PASSWORD, CountedCode, Wrong, check_counted, count_attempt,
};
use crate::accounts::session::reauth;
use crate::accounts::session::reauthenticated::{Reauthenticated, Renewed};
use crate::accounts::session::start_session::new_token;
use crate::accounts::user::password::{Password, Problem};
use crate::accounts::user::password_hashing::{hash, read_new};
use crate::accounts::user::user::CREDENTIAL;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::site_path::SitePath;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::protection::limits;
use crate::web::submission::answer::SessionChange;
use crate::web::{self, Answer, Error, FieldErrors, Form, Layout, Request, SignedIn, Subject, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/recovery/change_password.html")]
struct ChangePasswordPage {
    t: &'static Words,
    common: &'static CommonWords,
    codes: &'static CodeWords,
    layout: Layout,
    /// Password managers file the new password under the address.
    viewer: Arc<Viewer>,
    errors: FieldErrors,
}

/// The old password and the new one.
#[derive(Deserialize)]
pub struct ChangePasswordForm {
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// The form; an account without a password is led to where it gets one.
///
/// # Errors
/// When nobody is signed in, or the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, http: HttpRequest, SignedIn(viewer): SignedIn) -> web::Result {
    if !has_password(&app, &viewer).await? {
        return redirect_to_forgot(&http, &layout);
    }
    ok(ChangePasswordPage::new(layout, viewer, FieldErrors::default()))
}

/// Changes the password. Every other session ends; this one goes on with a new token.
///
/// # Errors
/// When nobody is signed in, when limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    form: Form<ChangePasswordForm>,
) -> web::Result {
    let Request { app, layout, client, submission } = request.clone();
    // Before the new password is estimated, which takes milliseconds.
    count_attempt(&app, &viewer).await?;
    let password = read_new(&app, &client, &form.password, &[&viewer.email, &viewer.name]).await?;
    let password = match form.parse(password, CommonWords::of(layout.locale)) {
        Ok(password) => password,
        Err(errors) => return invalid(ChangePasswordPage::new(layout, viewer, errors)),
    };
    let Some(user) = check_counted(&request, &viewer, &form.current_password).await? else {
        if !has_password(&app, &viewer).await? {
            return redirect_to_forgot(&http, &layout);
        }
        return refuse(Wrong::Password, layout, viewer);
    };
    let Some(code) = CountedCode::of(&request, &user, &form.code, limits::CODES_WITHIN).await? else {
        return refuse(Wrong::code_of(&form.code), layout, viewer);
    };
    let (password, token) = (hash(&app, &client, password).await?, new_token(&request, &http)?);
    let (session, code) = (viewer.session.clone(), Some(code));
    let owner = Reauthenticated { user, code, submission, session, token: token.clone(), client };
    let answer = Answer::see_other(paths::accounts::ACCOUNT)
        .with_flash(Words::of(layout.locale).changed)
        .with_session(SessionChange::Renewed(viewer.id.clone()))
        .about(Subject::new(CREDENTIAL, viewer.id.as_str()));
    let now = app.clock.now();
    match save(&request, now, PasswordChange { owner, password, config: Arc::clone(&app.config) }, answer.clone())
        .await?
    {
        Renewed::Done => {}
        Renewed::WrongCode => return refuse(Wrong::code_of(&form.code), layout, viewer),
        Renewed::Ended => return Err(Error::SessionEnded(SitePath::parse(paths::accounts::PASSWORD))),
    }
    app.viewer_cache.invalidate(&viewer.id);
    reauth::keep_signed_in(&http, &viewer, &token, now)?;
    answer.send(&http)
}

/// Changes it, and stores the answer. The form of an earlier change is answered like that change no more.
async fn save(request: &Request, now: Timestamp, change: PasswordChange, answer: Answer) -> Result<Renewed, Error> {
    let Request { app, layout, .. } = request;
    let mail = MailContext::of(app, layout.locale);
    let subject = Subject::new(CREDENTIAL, change.owner.user.id.as_str());
    let changed = app.db.write(move |conn| {
        let changed = change.save(conn, now, &mail)?;
        if changed == Renewed::Done {
            change.owner.submission.forget_others(conn, &subject)?;
        }
        change.owner.record(conn, changed, &answer)
    });
    Ok(changed.await?)
}

/// The form again, with what was wrong of the proof.
fn refuse(wrong: Wrong, layout: Layout, viewer: Arc<Viewer>) -> web::Result {
    let errors = wrong.errors(&layout, CURRENT_PASSWORD);
    invalid(ChangePasswordPage::new(layout, viewer, errors))
}

/// Where browsers and password managers look for the form (W3C: a well-known URL for changing passwords).
///
/// # Errors
/// None; the type is a handler's.
pub async fn well_known() -> web::Result {
    see_other(paths::accounts::PASSWORD)
}

impl ChangePasswordPage {
    fn new(layout: Layout, viewer: Arc<Viewer>, errors: FieldErrors) -> Self {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        Self { t, common, codes: CodeWords::of(layout.locale), layout, viewer, errors }
    }
}

impl ChangePasswordForm {
    fn parse(&self, password: Result<Password, Problem>, common: &CommonWords) -> Result<Password, FieldErrors> {
        let mut errors = FieldErrors::default();
        if self.current_password.is_empty() {
            errors.add("current_password", common.enter_current_password);
        }
        let password = match password {
            Ok(password) if password.is(&Password::typed(&self.current_password)) => {
                Err(common.same_password.to_owned())
            }
            read => read.map_err(|problem| common.password_problem(&problem)),
        };
        let password = errors.take("password", password);
        password.filter(|_| errors.is_empty()).ok_or(errors)
    }
}
