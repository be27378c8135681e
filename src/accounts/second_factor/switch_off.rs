//! Switching the second factor off.

use actix_web::HttpRequest;

use super::confirm::{self, ConfirmForm, Confirmed, Proved};
use super::switch::Switch;
use super::words::Words;
use crate::accounts::session::log_in::prove_code::Wrong;
use crate::web::{self, Answer, App, Form, Recent, Request, SignedIn, Viewer, paths};

/// The form.
///
/// # Errors
/// When the password was given too long ago.
pub async fn show(Request { app, layout, .. }: Request, Recent(viewer): Recent) -> web::Result {
    let confirmed = confirmed(&app, &viewer);
    confirm::show(layout, viewer, confirmed)
}

/// Switches it off.
///
/// # Errors
/// When nobody is signed in, when limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    form: Form<ConfirmForm>,
) -> web::Result {
    let confirmed = confirmed(&request.app, &viewer);
    let code = match confirm::prove(&request, &viewer, &form, confirmed).await? {
        Ok(code) => code,
        Err(answer) => return answer,
    };
    let t = Words::of(request.layout.locale);
    let done = if confirmed == Confirmed::OffWhereRequired { t.is_off_where_required } else { t.is_off_now };
    let answer = Answer::see_other(paths::accounts::ACCOUNT).with_flash(done);
    let wrong_code = confirm::refuse(Wrong::code_of(&form.code), request.layout.clone(), &viewer, confirmed);
    Proved { request, viewer, code, wrong_code, switch: Switch::Off, answer }.save(&http).await
}

/// What it means for them: the admin pages may require it.
fn confirmed(app: &App, viewer: &Viewer) -> Confirmed {
    let is_required = app.config.admins_need_second_factor && viewer.is_admin();
    if is_required { Confirmed::OffWhereRequired } else { Confirmed::Off }
}
