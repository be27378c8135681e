//! The id in the path of a request, read before anything keeps it.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::web::error::Error;
use crate::web::paths;

/// The id of a path such as `/admin/users/{id}`. A path with what cannot be an id is not found.
#[derive(Clone, Debug)]
pub struct PathId<T>(pub T);

impl<T: FromStr> FromRequest for PathId<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(paths::id_in).and_then(|id| id.parse().ok());
        ready(id.map(Self).ok_or(Error::NOT_FOUND))
    }
}
