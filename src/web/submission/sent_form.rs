//! Reading what was sent with a form's key, before its handler does.

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::web::Data;
use actix_web::{HttpMessage, HttpRequest};

use super::form_key;
use super::submission::Submission;
use crate::web::app::App;
use crate::web::error::Error;
use crate::web::page::form;
use crate::web::visitor::viewer::Visitor;

/// Stores the submission of a urlencoded form in the request, where [`of`] finds it. A form with a file is read by
/// [`Upload`](crate::web::Upload), which does the same.
///
/// # Errors
/// When the body is refused, or the form was shown to another account than the one that is signed in.
pub async fn read(request: &mut ServiceRequest) -> Result<(), Error> {
    if request.method().is_safe() || !form::is_sent_as(request.request(), form::URLENCODED) {
        return Ok(());
    }
    let (http, payload) = request.parts_mut();
    let body = form::body(http, payload, form::URLENCODED).await?;
    request.set_payload(Payload::from(body.clone()));
    let key = form_urlencoded::parse(&body).find(|(name, _)| name == form_key::FIELD).map(|(_, value)| value);
    store(request.request(), key.as_deref(), &body)
}

/// Stores what was sent with this key; without a key nothing.
///
/// # Errors
/// When the form was shown to another account than the one that is signed in.
pub fn store(request: &HttpRequest, key: Option<&str>, body: &[u8]) -> Result<(), Error> {
    let app = request.app_data::<Data<App>>();
    let Some((app, key)) = app.zip(key.filter(|key| !key.is_empty())) else { return Ok(()) };
    if let Visitor::SignedIn(viewer) = Visitor::of(request)
        && !form_key::belongs_to(&app.keys, key, &viewer.id)
    {
        return Err(Error::OtherAccount);
    }
    request.extensions_mut().insert(Submission::new(&app.keys, app.clock.now(), request.path(), body));
    Ok(())
}

/// The submission that was stored; one without a key, where there was none.
#[must_use]
pub fn of(request: &HttpRequest) -> Submission {
    request.extensions().get::<Submission>().cloned().unwrap_or_default()
}
