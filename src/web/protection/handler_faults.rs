//! A handler that panics or takes too long: its visitor gets a page that says so, and nobody else notices.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use futures_util::FutureExt;

use crate::db::Caller;
use crate::web::error::{Error, Unavailable};
use crate::web::page::{form, multipart};
use crate::web::visitor::viewer::Visitor;

/// Longest time until an answer is begun. A read or a write of the database has 10 s, a password waits 2 s for its hash, a
/// form 5 s for its body.
const DEADLINE: Duration = Duration::from_secs(30);

/// Answers for a handler that panics or takes too long. What it handed to the database or to a hash goes on to its end.
///
/// # Errors
/// Those of the handler.
pub async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let asked = request.request().clone();
    let caller = request.app_data::<Arc<Caller>>().cloned().unwrap_or_default();
    let sender = sender(&asked);
    let handled = AssertUnwindSafe(caller.calls(sender, next.call(request))).catch_unwind();
    let error = match tokio::time::timeout(deadline(&asked), handled).await {
        Ok(Ok(answer)) => return answer.map(ServiceResponse::map_into_left_body),
        // The hook of the process has logged what it was.
        Ok(Err(_)) => Error::Internal(anyhow::anyhow!("a handler panicked")),
        Err(_) => Error::Unavailable(Unavailable::Late),
    };
    Ok(ServiceResponse::from_err(error, asked).map_into_right_body())
}

/// The account that sends this form, if it is one and somebody is signed in.
fn sender(request: &HttpRequest) -> Option<String> {
    match Visitor::of(request) {
        Visitor::SignedIn(viewer) if !request.method().is_safe() => Some(viewer.id.to_string()),
        _ => None,
    }
}

/// A file has its own time to arrive.
fn deadline(request: &HttpRequest) -> Duration {
    let has_file = form::is_sent_as(request, form::MULTIPART);
    if has_file { DEADLINE + multipart::LONGEST_ARRIVAL } else { DEADLINE }
}
