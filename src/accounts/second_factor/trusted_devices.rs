//! Asking for a code again on the devices on which its owner did not want to be asked.

use actix_web::HttpRequest;

use super::words::Words;
use crate::accounts::one_time_code::trusted_device::TrustedDevice;
use crate::audit::event::{Action, Actor};
use crate::web::{self, Answer, Request, SignedIn, paths};

/// Asks on every device again, this one included. Sent once more it ends what was trusted since, so no answer is stored.
///
/// # Errors
/// When nobody is signed in, or when the database is unavailable.
pub async fn delete(
    Request { app, layout, client, .. }: Request,
    SignedIn(viewer): SignedIn,
    http: HttpRequest,
) -> web::Result {
    let now = app.clock.now();
    let forgotten = app.db.write(move |conn| {
        if TrustedDevice::forget_all(conn, &viewer.id, None)? > 0 {
            Action::TrustedDevicesForgotten.by(&Actor::new(&viewer.id, &client), &viewer.id).record(conn, now)?;
        }
        Ok(())
    });
    forgotten.await?;
    let answer = Answer::see_other(paths::accounts::SECOND_FACTOR);
    answer.with_flash(Words::of(layout.locale).asked_everywhere).send(&http)
}
