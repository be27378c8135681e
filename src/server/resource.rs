//! The kinds of addresses: a page, a form, an act, a record. Each counts its requests, is answered when its handler fails, and
//! leaves connections to others while it waits for a lock.

use std::sync::Arc;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::web::{delete, patch, post, resource, route};
use actix_web::{FromRequest, Handler, Resource, Responder, guard};

use crate::db::Caller;
use crate::web::metrics::route::Route;
use crate::web::protection::handler_faults;

/// A page to read: GET, and HEAD like GET.
pub(super) fn page<H, Args>(path: &str, show: H) -> impl HttpServiceFactory + 'static
where
    H: Handler<Args, Output: Responder + 'static>,
    Args: FromRequest + 'static,
{
    counted(reading(path, show))
}

/// A page with a form that is sent to the same address.
pub(super) fn form<H, Args, G, Sent>(path: &str, show: H, send: G) -> impl HttpServiceFactory + 'static
where
    H: Handler<Args, Output: Responder + 'static>,
    Args: FromRequest + 'static,
    G: Handler<Sent, Output: Responder + 'static>,
    Sent: FromRequest + 'static,
{
    counted(reading(path, show).route(post().to(send)))
}

/// An address to which only a form is sent.
pub(super) fn act<H, Args>(path: &str, send: H) -> impl HttpServiceFactory + 'static
where
    H: Handler<Args, Output: Responder + 'static>,
    Args: FromRequest + 'static,
{
    counted(resource(path).route(post().to(send)))
}

/// A thing that programs read, change and delete.
pub(super) fn record<H, Args, G, Changed, D, Deleted>(
    path: &str,
    show: H,
    change: G,
    end: D,
) -> impl HttpServiceFactory + 'static
where
    H: Handler<Args, Output: Responder + 'static>,
    Args: FromRequest + 'static,
    G: Handler<Changed, Output: Responder + 'static>,
    Changed: FromRequest + 'static,
    D: Handler<Deleted, Output: Responder + 'static>,
    Deleted: FromRequest + 'static,
{
    counted(reading(path, show).route(patch().to(change)).route(delete().to(end)))
}

fn reading<H, Args>(path: &str, show: H) -> Resource
where
    H: Handler<Args, Output: Responder + 'static>,
    Args: FromRequest + 'static,
{
    // The guards of methods note what they compare, for the header `Allow` of a refusal. A GET needs none.
    let get = guard::fn_guard(|asked| asked.head().method == Method::GET);
    resource(path).route(route().guard(guard::Any(get).or(guard::Get()).or(guard::Head())).to(show))
}

/// Its requests are counted by its pattern, answered when its handler fails, and one caller of the database.
fn counted(resource: Resource) -> impl HttpServiceFactory + 'static {
    resource.app_data(Route::default()).app_data(Arc::<Caller>::default()).wrap(from_fn(handler_faults::answer))
}
