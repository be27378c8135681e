//! Pages about the site itself: privacy, and what crawlers ask for.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use askama::Template;

use super::app::App;
use super::error::Result;
use super::page::layout::Layout;
use super::page::response;
use super::paths;
use super::visitor::sealed_cookie::{ATTEMPT, GIVEN, IDENTIFIED, WAITING};
use super::visitor::{cookie, device, language_cookie};
use super::words::Text;

#[derive(Template)]
#[template(path = "web/privacy.html")]
struct PrivacyPage {
    layout: Layout,
    /// The cookies by their names.
    cookies: [(&'static str, Text); 7],
}

/// The privacy page: what we hold, why, and for how long.
///
/// # Errors
/// When the template fails.
pub async fn privacy(app: Data<App>, layout: Layout) -> Result {
    let t = &layout.t.privacy.cookies;
    let (session, device) = (cookie::name(&app.config), device::cookie_name(&app.config));
    let brief = [(GIVEN, t.given), (ATTEMPT, t.attempts), (IDENTIFIED, t.identified), (WAITING, t.waiting)];
    let [given, attempts, identified, waiting] = brief.map(|(cookie, text)| (cookie.name(&app.config), text));
    let [session, device] = [(session, t.session), (device, t.device)];
    let cookies = [session, device, (language_cookie::COOKIE, t.language), given, attempts, identified, waiting];
    response::ok(PrivacyPage { layout, cookies })
}

/// `robots.txt`: crawlers may read the public pages.
pub async fn robots(app: Data<App>) -> HttpResponse {
    let sitemap = format!("{}{}", app.config.base_url.origin(), paths::SITEMAP);
    let text = format!(
        "User-agent: *\nDisallow: /account\nDisallow: /admin\nDisallow: /dev/\nDisallow: /api/\nSitemap: {sitemap}\n"
    );
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/plain; charset=utf-8")).body(text)
}

/// `sitemap.xml`: the public pages, in each language.
pub async fn sitemap(app: Data<App>) -> HttpResponse {
    let pages = paths::LISTED.map(|path| paths::alternates(app.config.base_url.origin(), path));
    let xml = Sitemap { pages }.render().unwrap_or_default();
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/xml")).body(xml)
}

/// The file, by the protocol Sitemaps 0.9.
#[derive(Template)]
#[template(path = "web/sitemap.xml")]
struct Sitemap {
    /// The addresses of each page, by their languages.
    pages: [[(&'static str, String); 3]; paths::LISTED.len()],
}
