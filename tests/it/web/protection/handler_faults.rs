//! Handlers that panic or never answer, behind the layers of every page.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Instant;

use actix_web::middleware::from_fn;
use actix_web::web::{Data, get, resource};
use actix_web::{App, HttpResponse, HttpServer};
use biovity::server::panics;
use biovity::web::protection::{handler_faults, headers};

use crate::support::TestSite;
use crate::support::visitor::Visitor;

async fn panics() -> HttpResponse {
    panic!("a fault of the test")
}

async fn hangs() -> HttpResponse {
    std::future::pending().await
}

/// A visitor of a site with these handlers, which has one thread.
fn visitor(site: &TestSite, language: &str) -> Visitor {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let app = site.app.clone();
    let server = HttpServer::new(move || {
        let guarded = |path| resource(path).wrap(from_fn(handler_faults::answer));
        App::new()
            .app_data(Data::from(Arc::clone(&app.config)))
            .app_data(Data::new(app.clone()))
            .service(guarded("/panics").route(get().to(panics)))
            .service(guarded("/hangs").route(get().to(hangs)))
            .wrap(from_fn(headers::add))
    });
    tokio::spawn(server.workers(1).disable_signals().listen(listener).unwrap().run());
    Visitor::new(&base_url, language, "127.0.0.1")
}

#[tokio::test]
async fn a_handler_that_panics_is_a_page_with_a_reference_and_a_count_and_harms_nobody_else() {
    let site = TestSite::start().await;
    panics::install();
    let (visitor, before) = (visitor(&site, "es"), panics::count());
    for _ in 0..3 {
        let page = visitor.get("/panics").await.has_status(500);
        assert!(page.headers.contains_key("content-security-policy"));
        assert!(!page.body.contains("a fault of the test") && page.body.contains("<html lang=\"es\""), "{}", page.body);
    }
    assert!(panics::count() >= before + 3);
}

#[tokio::test]
async fn a_handler_that_never_answers_is_a_503_after_half_a_minute() {
    let site = TestSite::start().await;
    let visitor = visitor(&site, "en");
    let since = Instant::now();
    let page = visitor.get("/hangs").await.has_status(503);
    assert!(page.headers.contains_key("retry-after"));
    assert!((29..35).contains(&since.elapsed().as_secs()), "{:?}", since.elapsed());
    assert!(site.app.metrics.overloads().all().contains(&("late", 1)));
}
