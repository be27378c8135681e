//! Moving the second factor to another app, such as that of a new phone, without a moment in which it is off.

use actix_web::HttpRequest;
use serde::Deserialize;

use super::confirm::Proved;
use super::recovery_codes::CodesPage;
use super::set_up::{SetUpPage, offered, open_secret, step_of};
use super::switch::Switch;
use super::words::Words;
use crate::accounts::one_time_code::authenticator::NewAuthenticator;
use crate::accounts::one_time_code::recovery_code::RecoveryCode;
use crate::accounts::one_time_code::words::Words as CodeWords;
use crate::accounts::session::log_in::prove_code::{self, CURRENT_PASSWORD, Typed, Wrong};
use crate::accounts::session::start_session::{no_random_bytes, remember_switched_on};
use crate::web::page::response::{invalid, ok, see_other};
use crate::web::{self, Error, FieldErrors, Form, Recent, Request, SignedIn, paths};

/// The secret as the page gave it out, the first code of the app that has it, and what proves the owner.
#[derive(Default, Deserialize)]
pub struct MoveForm {
    #[serde(default)]
    secret: String,
    #[serde(default)]
    new_code: String,
    #[serde(default)]
    current_password: String,
    #[serde(default)]
    code: String,
}

/// The secret for the new app; whoever has no second factor is led to where it is switched on.
///
/// # Errors
/// When the password was given too long ago.
pub async fn show(Request { app, layout, .. }: Request, Recent(viewer): Recent) -> web::Result {
    if !viewer.has_second_factor {
        return see_other(paths::accounts::SECOND_FACTOR);
    }
    ok(SetUpPage::new(&app, layout, &viewer, offered(&app, &viewer))?.moving(&viewer.email, FieldErrors::default()))
}

/// Lets the new app make the codes from now on, and shows new recovery codes.
///
/// # Errors
/// When nobody is signed in, when limited, or when the database is unavailable.
pub async fn create(
    request: Request,
    http: HttpRequest,
    SignedIn(viewer): SignedIn,
    form: Form<MoveForm>,
) -> web::Result {
    let Request { app, layout, .. } = &request;
    let now = app.clock.now();
    let secret = open_secret(app, &viewer, &form.secret).unwrap_or_else(|| offered(app, &viewer));
    let refuse = |errors: FieldErrors| {
        let page = SetUpPage::new(app, layout.clone().without_form(), &viewer, secret.clone())?;
        invalid(page.moving(&viewer.email, errors))
    };
    let Some(step) = step_of(&secret, &form.new_code, now) else {
        let mut errors = FieldErrors::default();
        let is_empty = form.new_code.trim().is_empty();
        let (t, codes) = (Words::of(layout.locale), CodeWords::of(layout.locale));
        errors.add("new_code", if is_empty { codes.empty } else { t.wrong_first_code });
        return refuse(errors);
    };
    let typed = Typed { password: &form.current_password, code: &form.code };
    let code = match prove_code::prove(&request, &viewer, typed).await? {
        Ok(code) if code.user.second_factor_since.is_none() => return Err(Error::SecondFactorFirst),
        Ok(code) => code,
        Err(wrong) => return refuse(wrong.errors(layout, CURRENT_PASSWORD)),
    };
    let sealed = secret.seal(&app.keys, &viewer.id).map_err(no_random_bytes)?;
    let codes = RecoveryCode::generate_all().map_err(no_random_bytes)?;
    let device = remember_switched_on(&http, app, &code.user, now).map_err(no_random_bytes)?;
    let answer = CodesPage::answer(layout, &viewer, &codes)?.with_cookie(&device);
    let wrong_code = refuse(Wrong::code_of(&form.code).errors(layout, CURRENT_PASSWORD));
    let switch = Switch::Moved(NewAuthenticator { sealed, step, codes });
    Proved { request, viewer, code, wrong_code, switch, answer }.save(&http).await
}
