//! Static files: embedded in the program, named by their hash, compressed at build, cached for a year.

use actix_web::http::header::{self, HeaderMap};
use actix_web::{HttpRequest, HttpResponse};

use super::error::{Error, Result};

/// A year, the longest time that caches honour. The name of a file changes with its content.
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";

/// One static file.
#[derive(Debug)]
pub struct Asset {
    /// Its name in `static/`.
    pub name: &'static str,
    /// Where it is served: `/static/app-0123456789ab.css`.
    pub path: &'static str,
    content_type: &'static str,
    raw: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

/// Every file of `static/`.
pub static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// Where the file of this name is served; `/` for a name that no file has, which a test of the pages finds.
#[must_use]
pub fn path(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("/", |asset| asset.path)
}

/// Serves `/static/{name}`.
///
/// # Errors
/// Not found, when no file has this name and hash.
pub async fn show(request: HttpRequest) -> Result {
    let asset = ASSETS.iter().find(|asset| asset.path == request.path()).ok_or(Error::NOT_FOUND)?;
    Ok(respond(asset, request.headers(), FOR_A_YEAR))
}

/// Serves `/favicon.ico`, which browsers ask for by this name.
///
/// # Errors
/// Not found, when there is none.
pub async fn favicon(request: HttpRequest) -> Result {
    let asset = ASSETS.iter().find(|asset| asset.name == "favicon.ico").ok_or(Error::NOT_FOUND)?;
    Ok(respond(asset, request.headers(), "public, max-age=86400"))
}

fn respond(asset: &'static Asset, headers: &HeaderMap, cache: &'static str) -> HttpResponse {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, asset.content_type));
    response.insert_header((header::CACHE_CONTROL, cache));
    response.insert_header((header::VARY, "Accept-Encoding"));
    let (encoding, body) = smallest(asset, accepted);
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.body(body)
}

/// The smallest form that the client accepts. That of a font is the raw one, since fonts are compressed already.
fn smallest(asset: &'static Asset, accepted: &str) -> (Option<&'static str>, &'static [u8]) {
    let accepts = |coding: &str| {
        accepted.split(',').any(|part| {
            let mut parameters = part.split(';').map(str::trim);
            parameters.next() == Some(coding)
                && !parameters.any(|p| matches!(p, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    };
    let forms = [(accepts("br").then_some("br"), asset.brotli), (accepts("gzip").then_some("gzip"), asset.gzip)];
    let compressed = forms.into_iter().filter(|(encoding, _)| encoding.is_some()).min_by_key(|(_, body)| body.len());
    compressed.filter(|(_, body)| body.len() < asset.raw.len()).unwrap_or((None, asset.raw))
}
