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

/// Ready to serve: the database answers, takes writes and has every migration. The mail server does not matter here.
pub async fn ready(app: Data<App>) -> HttpResponse {
    let (mut response, text) = match app.db.health() {
        Health::Ready => (HttpResponse::Ok(), "ready\n"),
        Health::LacksMigrations => {
            (HttpResponse::ServiceUnavailable(), "migrations are missing; run `biovity migrate`\n")
        }
        Health::ReadOnly => (HttpResponse::ServiceUnavailable(), "the database takes no writes\n"),
        Health::Unreachable | Health::Unknown => (HttpResponse::ServiceUnavailable(), "the database is away\n"),
    };
    response.insert_header((header::CONTENT_TYPE, "text/plain")).body(text)
}
