//! Starting a session in the browser that proved who uses it, and the cookies that this browser gets.

use actix_web::HttpRequest;
use actix_web::cookie::Cookie;

use super::new_session::{NewSession, Proof, Started};
use super::security_notice::{NoticeKind, SecurityNotice};
use crate::mail::mail_context::MailContext;
use crate::values::secret_token::SecretToken;
use crate::web::page::response::see_other;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::device::Device;
use crate::web::{self, App, Error, Viewer};

/// Somebody who is signed in now, and the cookie that remembers the device.
pub(in crate::accounts) struct SignedInNow {
    viewer: Viewer,
    device: Cookie<'static>,
}

impl SignedInNow {
    /// 303 to the page that is chosen for the viewer.
    pub(in crate::accounts) fn redirect(self, choose: impl FnOnce(&Viewer) -> String) -> web::Result {
        let mut response = see_other(choose(&self.viewer))?;
        response.add_cookie(&self.device).map_err(|error| Error::Internal(error.into()))?;
        Ok(response)
    }
}

/// Starts a session and puts it into the cookie; nothing when the user has changed since the proof. The owner gets a
/// mail when the device is new.
pub(in crate::accounts) async fn start_session(
    app: &App,
    request: &HttpRequest,
    proof: Proof,
    mail: MailContext,
) -> Result<Option<SignedInNow>, Error> {
    let (cookie, now, token) = (SessionCookie::of(request), app.clock.now(), new_token()?);
    let (device, email) = (Device::of(request, &app.config), proof.user.email.clone());
    let is_known_device = device.as_ref().is_some_and(|device| device.knows(&app.keys, &email));
    let new = NewSession { proof, is_known_device, former: cookie.token(), token: token.clone() };
    let started = app.db.write(move |conn| {
        let started = new.start(conn, now)?;
        if let (true, Some(viewer)) = (started.is_new_device, &started.viewer) {
            let Proof { user, client, .. } = &new.proof;
            let notice = SecurityNotice { kind: NoticeKind::NewDevice, user: &viewer.id, to: &user.email, client };
            notice.send(conn, now, &mail)?;
        }
        Ok(started)
    });
    let Started { ended, viewer, .. } = started.await?;
    if let Some(user) = &ended {
        app.viewer_cache.invalidate(user, now);
    }
    let Some(viewer) = viewer else { return Ok(None) };
    cookie.sign_in(&token, &viewer)?;
    let device = Device::remember(device, &app.config, &app.keys, &email).map_err(no_random_bytes)?;
    Ok(Some(SignedInNow { viewer, device }))
}

/// A token for a session.
pub(in crate::accounts) fn new_token() -> Result<SecretToken, Error> {
    SecretToken::generate().map_err(no_random_bytes)
}

fn no_random_bytes(error: getrandom::Error) -> Error {
    Error::Internal(anyhow::Error::msg(error.to_string()))
}
