//! Switching the second factor off.

use actix_web::HttpRequest;

use super::confirm::{self, ConfirmForm, Confirmed, Proved};
use super::switch::Switch;
use super::words::Words;
use crate::accounts::session::log_in::prove_code::Wrong;
use crate::web::{self, Answer, Form, Layout, Recent, Request, SignedIn, paths};

/// The form.
///
/// # Errors
/// When the password was given too long ago.
pub async fn show(layout: Layout, Recent(viewer): Recent) -> web::Result {
    confirm::show(layout, viewer, Confirmed::Off)
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
    let confirmed = Confirmed::Off;
    let code = match confirm::prove(&request, &viewer, &form, confirmed).await? {
        Ok(code) => code,
        Err(answer) => return answer,
    };
    let answer = Answer::see_other(paths::accounts::ACCOUNT).with_flash(Words::of(request.layout.locale).is_off_now);
    let wrong_code = confirm::refuse(Wrong::Code, request.layout.clone(), viewer.clone(), confirmed);
    Proved { request, viewer, code, wrong_code, switch: Switch::Off, answer }.save(&http).await
}
