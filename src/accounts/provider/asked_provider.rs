//! The provider that an address names.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::provider::{Provider, Providers};
use crate::web::Error;

/// The provider of the name in the path; 404 where the operator set none of this name.
pub struct AskedProvider {
    /// That one.
    pub provider: Arc<Provider>,
}

impl FromRequest for AskedProvider {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(http: &HttpRequest, _: &mut Payload) -> Self::Future {
        let find = || {
            let all = http.app_data::<Data<Providers>>()?;
            let provider = all.find(http.match_info().get("id")?)?;
            Some(Self { provider })
        };
        ready(find().ok_or(Error::NOT_FOUND))
    }
}
