//! The site: every address, and the middleware around it in order.

use actix_web::App as Site;
use std::sync::Arc;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::middleware::from_fn;
use actix_web::web::{Data, PayloadConfig};

use super::routes;
use crate::accounts::provider::provider::Providers;
use crate::accounts::session::{load_viewer, repeat};
use crate::waitlist::joining::new_entry::join_queue::JoinQueue;
use crate::web::App;
use crate::web::page::form;
use crate::web::protection::{headers, middleware};
use crate::web::visitor::{cookie, cookie_header};

/// The site of this application. The layer that is wrapped last is the outermost: it sees a request first and its
/// response last.
pub fn site(
    app: App,
    joins: JoinQueue,
    providers: Providers,
) -> Site<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let session = cookie::middleware(&app.config, &app.keys);
    Site::new()
        .app_data(Data::from(Arc::clone(&app.config)))
        .app_data(Data::new(app))
        .app_data(Data::new(joins))
        .app_data(Data::new(providers))
        .app_data(PayloadConfig::new(form::MAX_BYTES))
        .configure(routes::register)
        .wrap(from_fn(repeat::answer))
        .wrap(from_fn(load_viewer::load))
        .wrap(session)
        .wrap(from_fn(cookie_header::prepare))
        .wrap(from_fn(middleware::check))
        .wrap(from_fn(headers::add))
}
