//! The precondition of a change: that the entry is still as the program read it (RFC 9110 §13.1.1).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest};

use crate::web::Error;

/// The tags of `If-Match`; 428 without one, so that no program overwrites what it has not seen.
#[derive(Clone, Debug)]
pub struct IfMatch(String);

impl IfMatch {
    /// Whether an entry with this tag may be changed. A weak tag never matches.
    #[must_use]
    pub fn holds(&self, etag: &str) -> bool {
        self.0.split(',').map(str::trim).any(|tag| tag == "*" || tag == etag)
    }
}

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let lines = request.headers().get_all(header::IF_MATCH).filter_map(|line| line.to_str().ok());
        let tags = lines.collect::<Vec<_>>().join(",");
        let missing = tags.trim().is_empty();
        ready(if missing { Err(Error::Refused(StatusCode::PRECONDITION_REQUIRED)) } else { Ok(Self(tags)) })
    }
}
