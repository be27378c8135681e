//! Health checks for load balancers and service managers.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;

use super::app::App;
use crate::db::Health;

/// Answers as long as the process is alive. It does not ask the database, so that an outage never restarts processes.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain")).body("alive\n")
}

/// Ready to serve: all parts run, none is about to stop, the database answers, takes writes and has every
/// migration. The mail server does not matter here.
pub async fn ready(app: Data<App>) -> HttpResponse {
    app.lifecycle.asked();
    let missing = match app.db.health() {
        _ if app.lifecycle.is_draining() => Some("stopping\n"),
        _ if !app.lifecycle.has_started() => Some("starting\n"),
        Health::Ready => None,
        Health::LacksMigrations => Some("migrations are missing; run `biovity migrate`\n"),
        Health::ReadOnly => Some("the database takes no writes\n"),
        Health::Unreachable | Health::Unknown => Some("the database is away\n"),
    };
    let mut response = if missing.is_some() { HttpResponse::ServiceUnavailable() } else { HttpResponse::Ok() };
    response.insert_header((header::CONTENT_TYPE, "text/plain")).body(missing.unwrap_or("ready\n"))
}
