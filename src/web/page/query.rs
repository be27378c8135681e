//! The query of a request, read leniently: when it cannot be read, every parameter counts as not given.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

/// Query parameters by their names.
#[derive(Clone, Debug, Default)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Default> FromRequest for Query<T> {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(serde_html_form::from_str(request.query_string()).unwrap_or_default())))
    }
}

/// Stands between the values of a parameter that is given more than once: no filter has a value with it.
const MORE: &str = "\n";

/// Reads a parameter of a filter, for `#[serde(deserialize_with)]`. One that is given more than once must not make the whole
/// query unreadable, since a list without its filter shows everybody: it becomes a value that nothing reads.
///
/// # Errors
/// Those of the query.
pub fn filter<'de, D: Deserializer<'de>>(parameter: D) -> Result<String, D::Error> {
    Ok(Vec::<String>::deserialize(parameter)?.join(MORE))
}

/// The value of a filter, as its list takes it; none where nothing was typed.
///
/// # Errors
/// This problem, when it cannot be read.
pub fn given<T, E>(typed: &str, parse: impl FnOnce(&str) -> Option<T>, problem: E) -> Result<Option<T>, E> {
    if typed.trim().is_empty() { Ok(None) } else { parse(typed).map(Some).ok_or(problem) }
}
