//! The precondition of a change: that the entry is still as the program read it (RFC 9110 §13.1.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest};

use crate::web::Error;

/// The tags of `If-Match`; 428 without one and 400 for what is none, so that no program overwrites what it has not seen.
#[derive(Clone, Debug)]
pub struct IfMatch(String);

impl IfMatch {
    /// Whether an entry with this tag may be changed. A weak tag never matches.
    #[must_use]
    pub fn holds(&self, etag: &str) -> bool {
        self.0.split(',').map(str::trim).any(|tag| tag == "*" || tag == etag)
    }
}

/// Whether it is a tag as RFC 9110 has them, strong or weak, or the star that stands for any.
fn is_tag(text: &str) -> bool {
    let tag = text.strip_prefix("W/").unwrap_or(text);
    text == "*" || tag.len() > 1 && tag.starts_with('"') && tag.ends_with('"')
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let lines = request.headers().get_all(header::IF_MATCH).filter_map(|line| line.to_str().ok());
        let tags = lines.collect::<Vec<_>>().join(",");
        ready(if tags.trim().is_empty() {
            Err(Error::Refused(StatusCode::PRECONDITION_REQUIRED))
        } else if tags.split(',').map(str::trim).all(is_tag) {
            Ok(Self(tags))
        } else {
            Err(Error::BAD_REQUEST)
        })
    }
}
