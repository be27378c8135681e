//! The form that asks for the password and a code before the second factor is changed.

use std::sync::Arc;

use actix_web::HttpRequest;
use askama::Template;
use serde::Deserialize;

use super::switch::{Switch, Switching};
use super::words::Words;
use crate::accounts::one_time_code::authenticator;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::log_in::prove_code::{self, CURRENT_PASSWORD, CountedCode, Typed, Wrong};
use crate::accounts::session::reauth;
use crate::accounts::session::reauthenticated::{Reauthenticated, Renewed};
use crate::accounts::session::start_session::new_token;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::site_path::SitePath;
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::submission::answer::SessionChange;
use crate::web::{self, Answer, Error, FieldErrors, Form, Layout, Request, Viewer, paths};

/// What is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confirmed {
    NewCodes,
    Off,
    /// The same by an admin who cannot do without.
    OffWhereRequired,
}

#[derive(Template)]
#[template(path = "accounts/second_factor/confirm.html")]
struct ConfirmPage {
    t: &'static Words,
    common: &'static CommonWords,
    codes: &'static CodeWords,
    layout: Layout,
    viewer: Arc<Viewer>,
    confirmed: Confirmed,
    errors: FieldErrors,
}

/// The password and the code.
#[derive(Default, Deserialize)]
pub struct ConfirmForm {
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    pub(super) code: String,
}

/// A switch by somebody whose password was right, and which their code allows.
pub(super) struct Proved {
    pub(super) request: Request,
    pub(super) viewer: Arc<Viewer>,
    pub(super) code: CountedCode,
    /// The page that says that the code does not work.
    pub(super) wrong_code: web::Result,
    pub(super) switch: Switch,
    pub(super) answer: Answer,
}

/// The form; whoever has no second factor is led to where it is switched on.
pub(super) fn show(layout: Layout, viewer: Arc<Viewer>, confirmed: Confirmed) -> web::Result {
    if !viewer.has_second_factor {
        return see_other(paths::accounts::SECOND_FACTOR);
    }
    ok(ConfirmPage::new(layout, viewer, confirmed, FieldErrors::default()))
}

/// What was typed for a code, if the password is the viewer's; else what is answered.
pub(super) async fn prove(
    request: &Request,
    viewer: &Arc<Viewer>,
    form: &Form<ConfirmForm>,
    confirmed: Confirmed,
) -> Result<Result<CountedCode, web::Result>, Error> {
    let typed = Typed { password: &form.current_password, code: &form.code };
    Ok(match prove_code::prove(request, viewer, typed).await? {
        // An error, so that a form that switched it off is answered as before when it is sent again.
        Ok(code) if code.user.second_factor_since.is_none() => return Err(Error::SecondFactorFirst),
        Ok(code) => Ok(code),
        Err(wrong) => Err(refuse(wrong, request.layout.clone(), viewer, confirmed)),
    })
}

/// The form again, with what was wrong.
pub(super) fn refuse(wrong: Wrong, layout: Layout, viewer: &Arc<Viewer>, confirmed: Confirmed) -> web::Result {
    let errors = wrong.errors(&layout, CURRENT_PASSWORD);
    invalid(ConfirmPage::new(layout.without_form(), Arc::clone(viewer), confirmed, errors))
}

impl Proved {
    /// Does it, and answers.
    pub(super) async fn save(self, http: &HttpRequest) -> web::Result {
        let Self { request, viewer, code, wrong_code, switch, answer } = self;
        let Request { app, layout, client, submission } = request.clone();
        let (now, token) = (app.clock.now(), new_token(&request, http)?);
        let has_second_factor = !matches!(switch, Switch::Off);
        let (user, session) = (code.user.clone(), viewer.session.clone());
        let owner = Reauthenticated { user, code: Some(code), submission, session, token: token.clone(), client };
        let switching = Switching { owner, switch, mail: MailContext::of(&app, layout.locale) };
        let subject = authenticator::subject(&viewer.id);
        let answer = answer.with_session(SessionChange::Renewed(viewer.id.clone())).about(subject.clone());
        let recorded = answer.clone();
        let saved = app.db.write(move |conn| {
            let saved = switching.save(conn, now)?;
            if saved == Renewed::Done {
                switching.owner.submission.forget_others(conn, &subject)?;
            }
            switching.owner.record(conn, saved, &recorded)
        });
        match saved.await? {
            Renewed::Done => {}
            Renewed::WrongCode => return wrong_code,
            Renewed::Ended => return Err(Error::SessionEnded(SitePath::parse(paths::accounts::SECOND_FACTOR))),
        }
        app.viewer_cache.invalidate(&viewer.id);
        reauth::keep_signed_in(http, &Viewer { has_second_factor, ..Viewer::clone(&viewer) }, &token, now)?;
        answer.send(http)
    }
}

impl ConfirmPage {
    fn new(layout: Layout, viewer: Arc<Viewer>, confirmed: Confirmed, errors: FieldErrors) -> Self {
        let (t, common, codes) =
            (Words::of(layout.locale), CommonWords::of(layout.locale), CodeWords::of(layout.locale));
        Self { t, common, codes, layout, viewer, confirmed, errors }
    }

    const fn title(&self) -> &'static str {
        match self.confirmed {
            Confirmed::NewCodes => self.t.new_codes,
            Confirmed::Off | Confirmed::OffWhereRequired => self.t.switch_off,
        }
    }

    const fn lead(&self) -> &'static str {
        match self.confirmed {
            Confirmed::NewCodes => self.t.new_codes_lead,
            Confirmed::Off => self.t.switch_off_lead,
            Confirmed::OffWhereRequired => self.t.switch_off_lead_required,
        }
    }

    const fn action(&self) -> &'static str {
        match self.confirmed {
            Confirmed::NewCodes => paths::accounts::RECOVERY_CODES,
            Confirmed::Off | Confirmed::OffWhereRequired => paths::accounts::SECOND_FACTOR_OFF,
        }
    }

    fn class(&self) -> &'static str {
        if self.confirmed == Confirmed::NewCodes { "whole" } else { "danger whole" }
    }
}
