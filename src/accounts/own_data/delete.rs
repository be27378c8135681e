//! Deleting one's account: what that means, and the form.

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use super::grace_period::{Deletion, DeletionRequest, Obstacle};
use super::words::Words;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::log_in::no_password::{has_password, redirect_to_forgot};
use crate::accounts::session::log_in::prove_code::{CountedCode, Typed, Wrong, prove};
use crate::accounts::user::link_purposes::DELETION_CANCEL;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::values::site_path::SitePath;
use crate::web::page::response::{conflict, invalid, ok, with_status};
use crate::web::submission::answer::SessionChange;
use crate::web::{self, Answer, Error, FieldErrors, Form, Layout, Recent, Request, SignedIn, Subject, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/own_data/delete.html")]
struct DeletePage {
    t: &'static Words,
    common: &'static CommonWords,
    codes: &'static CodeWords,
    layout: Layout,
    email: String,
    has_second_factor: bool,
    errors: FieldErrors,
}

/// The account cannot be deleted yet; what to do first.
#[derive(Template)]
#[template(path = "accounts/own_data/delete_refused.html")]
struct DeleteRefusedPage {
    t: &'static Words,
    layout: Layout,
    obstacle: Obstacle,
}

/// What deleting sends.
#[derive(Default, Deserialize)]
pub struct DeleteForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// What goes and when, and the form; or what to do first, such as to get a password.
///
/// # Errors
/// When the password was given too long ago, or when the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, http: HttpRequest, Recent(viewer): Recent) -> web::Result {
    if !has_password(&app, &viewer).await? {
        return redirect_to_forgot(&http, &layout);
    }
    let of = move |conn: &mut _| Obstacle::of(conn, &viewer.id, viewer.kind);
    match app.db.read(of).await? {
        Some(obstacle) => ok(DeleteRefusedPage { t: Words::of(layout.locale), layout, obstacle }),
        None => ok(DeleteForm::default().page(layout, FieldErrors::default())),
    }
}

/// Closes the account, to be erased 7 days later, and signs this browser out.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    form: Form<DeleteForm>,
) -> web::Result {
    let Request { app, layout, client, submission } = request.clone();
    let t = Words::of(layout.locale);
    if layout.unsent.is_some() {
        let errors = FieldErrors::to_tell(&layout, form.parse(&viewer, &layout));
        return with_status(errors.status(), form.into_inner().page(layout, errors));
    }
    let code = match form.prove(&request, &viewer).await? {
        Ok(code) => code,
        Err(errors) => return invalid(form.into_inner().page(layout, errors)),
    };
    let (now, mail) = (app.clock.now(), MailContext::of(&app, layout.locale));
    let subject = Subject::new(DELETION_CANCEL.name, viewer.id.as_str());
    let (user, session) = (code.user.clone(), Some(viewer.session.clone()));
    let deletion = DeletionRequest { user, code: Some(code), submission, session, client, mail };
    let answer = move |until: &Timestamp| {
        let home = Answer::see_other(paths::HOME).with_flash(t.deleted(until));
        home.with_session(SessionChange::Ended).about(subject.clone())
    };
    let recorded = answer.clone();
    let scheduled = app.db.write(move |conn| {
        let scheduled = deletion.schedule(conn, now)?;
        if let Deletion::Scheduled(until) = &scheduled {
            deletion.submission.record(conn, &recorded(until))?;
        }
        Ok(scheduled)
    });
    match scheduled.await? {
        Deletion::Scheduled(until) => {
            app.viewer_cache.invalidate(&viewer.id);
            tracing::info!(event = "deletion_requested", user = %viewer.id);
            answer(&until).send(&http)
        }
        Deletion::Refused(obstacle) => conflict(DeleteRefusedPage { t, layout: layout.without_form(), obstacle }),
        Deletion::Changed => refuse(Wrong::Password, layout, form),
        Deletion::Ended => Err(Error::SessionEnded(SitePath::parse(paths::accounts::DELETE))),
        Deletion::WrongCode => refuse(Wrong::code_of(&form.code), layout, form),
    }
}

/// The form again, with what was wrong of the proof.
fn refuse(wrong: Wrong, layout: Layout, form: Form<DeleteForm>) -> web::Result {
    let errors = wrong.errors(&layout, "password");
    invalid(form.into_inner().page(layout, errors))
}

impl DeletePage {
    fn is_admins(&self) -> bool {
        self.layout.viewer.as_ref().is_some_and(|viewer| viewer.is_admin())
    }
}

impl DeleteRefusedPage {
    fn title(&self) -> &'static str {
        match self.obstacle {
            Obstacle::StillManages => self.t.still_manages,
            Obstacle::LastAdmin => self.t.last_admin,
        }
    }
}

impl DeleteForm {
    /// Whether the address is the viewer's, and a password was typed.
    fn parse(&self, viewer: &Viewer, layout: &Layout) -> Result<(), FieldErrors> {
        let mut errors = FieldErrors::default();
        if let Some(typed) = errors.email(layout, "email", &self.email)
            && !is_same(&typed, &viewer.email)
        {
            errors.add("email", Words::of(layout.locale).address_differs);
        }
        if self.password.is_empty() {
            errors.add("password", CommonWords::of(layout.locale).enter_password);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What was typed for a code, if the address and the password are the viewer's.
    async fn prove(&self, request: &Request, viewer: &Viewer) -> Result<Result<CountedCode, FieldErrors>, Error> {
        let layout = &request.layout;
        if let Err(errors) = self.parse(viewer, layout) {
            return Ok(Err(errors));
        }
        let typed = Typed { password: &self.password, code: &self.code };
        let code = prove(request, viewer, typed).await?;
        Ok(code.map_err(|wrong| wrong.errors(layout, "password")))
    }

    fn page(self, layout: Layout, errors: FieldErrors) -> DeletePage {
        let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
        let (codes, layout) = (CodeWords::of(layout.locale), layout.with_typed(paths::accounts::DELETE));
        let has_second_factor = layout.viewer.as_ref().is_some_and(|viewer| viewer.has_second_factor);
        DeletePage { t, common, codes, layout, email: self.email, has_second_factor, errors }
    }
}

/// Compares both in lower case: rows of the old application may hold mixed case.
fn is_same(typed: &EmailAddress, stored: &str) -> bool {
    EmailAddress::parse(stored).is_ok_and(|stored| stored == *typed)
}
