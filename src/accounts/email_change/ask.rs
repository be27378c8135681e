//! Changing the address of an account: the form that asks for the change, and cancelling it.

use std::sync::Arc;

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use super::email_change::{self, NewEmailChange};
use super::words::Words;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::log_in::no_password::{has_password, redirect_to_forgot};
use crate::accounts::session::log_in::prove_code::{CURRENT_PASSWORD, Typed, Wrong, prove};
use crate::accounts::session::reauth;
use crate::accounts::session::reauthenticated::{Reauthenticated, Renewed};
use crate::accounts::session::start_session::new_token;
use crate::accounts::user::link_purposes::EMAIL_CHANGE;
use crate::accounts::user::words::Words as CommonWords;
use crate::db::sliding_window;
use crate::mail::mail_context::MailContext;
use crate::values::clock::{Stopwatch, Timestamp};
use crate::values::email_address::EmailAddress;
use crate::values::site_path::SitePath;
use crate::web::page::response::{ok, with_status};
use crate::web::protection::constant_time::pad_to_constant_time;
use crate::web::protection::limits::{self, Count};
use crate::web::submission::answer::SessionChange;
use crate::web::{
    self, Answer, App, Error, FieldErrors, Form, Layout, Recent, Request, SignedIn, Subject, Viewer, paths,
};

#[derive(Template)]
#[template(path = "accounts/email_change/ask.html")]
struct ChangeEmailPage {
    t: &'static Words,
    common: &'static CommonWords,
    codes: &'static CodeWords,
    layout: Layout,
    viewer: Arc<Viewer>,
    /// The address of the change that waits for its confirmation.
    pending: Option<EmailAddress>,
    form: ChangeEmailForm,
    errors: FieldErrors,
}

/// The new address, and the current password.
#[derive(Default, Deserialize)]
pub struct ChangeEmailForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    code: String,
}

/// The form, and the change that waits, if there is one.
///
/// # Errors
/// When nobody is signed in or not since long enough ago, or when the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, http: HttpRequest, Recent(viewer): Recent) -> web::Result {
    if !has_password(&app, &viewer).await? {
        return redirect_to_forgot(&http, &layout);
    }
    ok(ChangeEmailForm::default().page(&app, layout, viewer).await?)
}

/// Sends a link to the new address. Neither the answer nor the time it takes tells whether that address has an account.
///
/// # Errors
/// When nobody is signed in, when limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    form: Form<ChangeEmailForm>,
) -> web::Result {
    let watch = Stopwatch::start();
    let Request { app, layout, client, submission } = request.clone();
    let to = match form.parse(&viewer, &layout) {
        Ok(to) if layout.unsent.is_none() => to,
        read => return refuse(&app, form, ChangeRefused::of(layout, viewer, read)).await,
    };
    let typed = Typed { password: &form.current_password, code: &form.code };
    let code = match prove(&request, &viewer, typed).await? {
        Ok(code) => code,
        Err(Wrong::Password) if !has_password(&app, &viewer).await? => return redirect_to_forgot(&http, &layout),
        Err(wrong) => {
            let errors = wrong.errors(&layout, CURRENT_PASSWORD);
            return refuse(&app, form, ChangeRefused { layout, viewer, errors }).await;
        }
    };
    // Mail goes to whatever address somebody types: the account must not become a means to flood one.
    let counts = [limits::EMAIL_CHANGES.for_user(&viewer.id), limits::EMAIL_CHANGES_TO.for_address(&to)];
    app.limits.count(&app.db, &counts).await?;
    let (now, token) = (app.clock.now(), new_token(&request, &http)?);
    let (user, session) = (code.user.clone(), viewer.session.clone());
    let owner = Reauthenticated { user, code: Some(code), submission, session, token: token.clone(), client };
    let change = NewEmailChange { owner, to, mail: MailContext::of(&app, layout.locale) };
    let answer = Answer::see_other(paths::accounts::EMAIL)
        .with_flash(Words::of(layout.locale).sent)
        .with_session(SessionChange::Renewed(viewer.id.clone()))
        .about(Subject::new(EMAIL_CHANGE.name, viewer.id.as_str()));
    match send(&app, change, Sending { now, counts, answer: answer.clone() }).await? {
        Renewed::Done => {}
        Renewed::WrongCode => {
            let errors = Wrong::code_of(&form.code).errors(&layout, CURRENT_PASSWORD);
            return refuse(&app, form, ChangeRefused { layout, viewer, errors }).await;
        }
        Renewed::Ended => return Err(Error::SessionEnded(SitePath::parse(paths::accounts::EMAIL))),
    }
    app.viewer_cache.invalidate(&viewer.id);
    reauth::keep_signed_in(&http, &viewer, &token, now)?;
    pad_to_constant_time(watch).await;
    answer.send(&http)
}

/// When a change is asked for, the limits that counted it, and how its form is answered.
struct Sending {
    now: Timestamp,
    counts: [Count; 2],
    answer: Answer,
}

/// Writes to the new address. What was counted for the mail is given back when none went out.
async fn send(app: &App, change: NewEmailChange, Sending { now, counts, answer }: Sending) -> Result<Renewed, Error> {
    let windows = counts.iter().filter_map(|count| app.limits.window(count).transpose());
    let windows: Vec<_> = windows.collect::<Result<_, _>>()?;
    let requested = app.db.write(move |conn| {
        let requested = change.request(conn, now)?;
        if requested != Renewed::Done {
            sliding_window::refund(conn, &windows.iter().collect::<Vec<_>>())?;
        }
        change.owner.record(conn, requested, &answer)
    });
    Ok(requested.await?)
}

/// Cancels the change that waits. A second time changes nothing, so no answer is stored.
///
/// # Errors
/// When nobody is signed in, or when the database is unavailable.
pub async fn delete(
    Request { app, layout, .. }: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
) -> web::Result {
    app.db.write(move |conn| email_change::cancel(conn, &viewer.id)).await?;
    Answer::see_other(paths::accounts::EMAIL).with_flash(Words::of(layout.locale).cancelled).send(&http)
}

/// Whose form comes back, and why.
struct ChangeRefused {
    layout: Layout,
    viewer: Arc<Viewer>,
    errors: FieldErrors,
}

impl ChangeRefused {
    fn of<T>(layout: Layout, viewer: Arc<Viewer>, read: Result<T, FieldErrors>) -> Self {
        Self { errors: FieldErrors::to_tell(&layout, read), layout, viewer }
    }
}

async fn refuse(app: &App, form: Form<ChangeEmailForm>, refused: ChangeRefused) -> web::Result {
    let ChangeRefused { layout, viewer, errors } = refused;
    let page = form.into_inner().page(app, layout, viewer).await?;
    with_status(errors.status(), ChangeEmailPage { errors, ..page })
}

impl ChangeEmailForm {
    fn parse(&self, viewer: &Viewer, layout: &Layout) -> Result<EmailAddress, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = errors.email(layout, "email", &self.email);
        // Rows of the old application may hold mixed case.
        if email.as_ref().is_some_and(|email| email.as_str().eq_ignore_ascii_case(&viewer.email)) {
            errors.add("email", Words::of(layout.locale).same);
        }
        if self.current_password.is_empty() {
            errors.add("current_password", CommonWords::of(layout.locale).enter_current_password);
        }
        email.filter(|_| errors.is_empty()).ok_or(errors)
    }

    async fn page(self, app: &App, layout: Layout, viewer: Arc<Viewer>) -> Result<ChangeEmailPage, Error> {
        let (now, id) = (app.clock.now(), viewer.id.clone());
        let pending = app.db.read(move |conn| email_change::pending(conn, now, &id)).await?;
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let (codes, errors) = (CodeWords::of(layout.locale), FieldErrors::default());
        let layout = layout.with_typed(paths::accounts::EMAIL);
        Ok(ChangeEmailPage { t, common, codes, layout, viewer, pending, form: self, errors })
    }
}
