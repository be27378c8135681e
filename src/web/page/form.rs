//! Form bodies, and JSON bodies: read within bounds of size and time into typed fields.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::address::{self, Unsent};
use crate::values::site_path::SitePath;
use crate::web::error::Error;
use crate::web::paths;

/// Largest form body, in bytes; the server refuses a larger one while it arrives.
pub const MAX_BYTES: usize = 16 * 1024;
/// Bytes of a larger one that are read and dropped. Whoever is still sending when the answer comes and the connection closes
/// sees it reset, and never reads the answer (RFC 9112, section 9.6).
const MOST_DROPPED: usize = 2 * 1024 * 1024;
/// Longest wait for a body, since a slow client keeps a connection busy.
const TIMEOUT: Duration = Duration::from_secs(5);
/// The media type of a form without a file.
pub const URLENCODED: &str = "application/x-www-form-urlencoded";
/// The media type of a form with a file.
pub const MULTIPART: &str = "multipart/form-data";
/// The media type of JSON.
pub const JSON: &str = "application/json";
/// The media type of a change in JSON (RFC 7396).
pub const MERGE_PATCH: &str = "application/merge-patch+json";
/// The honeypot: a field that people do not see and programs fill in.
const HONEYPOT: &str = "leave_empty";

/// The field of the choice of a language that says which one.
const LANGUAGE: &str = "lang";
/// The field of the choice of a language that says where the form of its page is sent.
const PAGE: &str = "page";

/// A form that was sent, with fields read by their names. Unknown fields are ignored; a field sent twice is refused,
/// since two readers could take different values (ASVS 5.0, 15.3.7).
#[derive(Debug)]
pub struct Form<T> {
    fields: T,
    is_honeypot_filled: bool,
}

impl<T> Form<T> {
    /// The fields themselves, to show them again.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.fields
    }

    /// Whether the honeypot was filled in. Answer such a form as if it had worked, and do nothing.
    #[must_use]
    pub const fn is_honeypot_filled(&self) -> bool {
        self.is_honeypot_filled
    }
}

impl<T> Deref for Form<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.fields
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(request, payload, URLENCODED);
        Box::pin(async move { read(&body.await?) })
    }
}

/// The body of a form, kept with its request: the page of a limit shows its fields, so that nobody types them again, and
/// the choice of a language goes back to its page.
#[derive(Debug)]
pub struct KeptBody(Bytes);

impl KeptBody {
    /// Keeps the urlencoded form with its request.
    pub(in crate::web) fn keep(request: &HttpRequest, body: impl Into<Bytes>) {
        request.extensions_mut().insert(Self(body.into()));
    }

    /// The fields that this request sent, without passwords, which no page repeats; nothing when it sent no form.
    #[must_use]
    pub fn fields(request: &HttpRequest) -> Option<Vec<(String, String)>> {
        Some(Self::all_fields(request)?.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// The same with those that were left empty.
    pub(super) fn all_fields(request: &HttpRequest) -> Option<Vec<(String, String)>> {
        let extensions = request.extensions();
        let fields = form_urlencoded::parse(&extensions.get::<Self>()?.0).into_owned();
        Some(fields.filter(|(name, _)| !name.ends_with("password")).collect())
    }
}

/// A form as it was sent, without passwords, to be sent once more.
#[derive(Clone, Debug)]
pub struct FilledForm {
    /// Where it goes, without the language that its page has.
    pub action: SitePath,
    /// Its fields.
    pub fields: Vec<(String, String)>,
}

impl FilledForm {
    /// The form that this request sent, if it sent one.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let mut fields = KeptBody::fields(request)?;
        fields.retain(|(name, _)| ![LANGUAGE, PAGE].contains(&name.as_str()));
        Some(Self { action: SitePath::parse(&address::without_language(request))?, fields })
    }

    /// The same form on its way to be only shown again, whatever is right or wrong with it by then. A code works once, and no
    /// page repeats it.
    pub(super) fn only_shown(mut self) -> Option<Self> {
        self.fields.retain(|(name, _)| name != "code");
        let query = self.action.as_str().split_once('?').map_or("", |(_, query)| query);
        if !form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == paths::UNSENT_PARAMETER) {
            self.action = SitePath::parse(&paths::unsent(self.action.as_str(), Unsent::Corrected.as_str()))?;
        }
        Some(self)
    }
}

/// A JSON body, under the same bounds.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(request, payload, JSON);
        Box::pin(async move { serde_json::from_slice(&body.await?).map(Self).map_err(|_| Error::BAD_REQUEST) })
    }
}

/// What is wrong with the members of a JSON object, by their names.
pub type WrongMembers = BTreeMap<String, String>;

/// A JSON body that is an object, under the same bounds: as it is meant, or what is wrong with which members.
///
/// # Errors
/// When it is of another media type, or no object that can be read in one way.
pub fn json_object<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: &mut Payload,
    media_types: &[&str],
) -> impl Future<Output = Result<Result<T, WrongMembers>, Error>> + use<T> {
    let matching = media_types.iter().find(|media_type| is_sent_as(request, media_type)).copied();
    let body = body(request, payload, matching.unwrap_or(JSON));
    async move { object(&body.await?) }
}

/// Reads an object. Each member must be one that may stand alone, so that it is known which of them are wrong.
fn object<T: DeserializeOwned>(body: &[u8]) -> Result<Result<T, WrongMembers>, Error> {
    let members: Map<String, Value> = serde_json::from_slice(body).map_err(|_| Error::BAD_REQUEST)?;
    if let Ok(meant) = serde_json::from_slice(body) {
        return Ok(Ok(meant));
    }
    let wrong = members.into_iter().filter_map(|(name, value)| {
        let alone = Value::Object(Map::from_iter([(name.clone(), value)]));
        serde_json::from_value::<T>(alone).err().map(|problem| (name, problem.to_string()))
    });
    let wrong: WrongMembers = wrong.collect();
    // None is wrong by itself: one is there twice, and two readers could take different ones.
    if wrong.is_empty() { Err(Error::BAD_REQUEST) } else { Ok(Err(wrong)) }
}

/// The whole body. Refused when it is of another media type, compressed, too large, or takes too long to arrive.
pub(in crate::web) fn body(
    request: &HttpRequest,
    payload: &mut Payload,
    media_type: &str,
) -> impl Future<Output = Result<Bytes, Error>> + use<> {
    let matches = is_sent_as(request, media_type) && is_plain(request);
    let bytes = bytes(request, payload);
    async move { if matches { bytes.await } else { Err(Error::Refused(StatusCode::UNSUPPORTED_MEDIA_TYPE)) } }
}

/// The whole body, whatever it is of. Refused when it is too large or takes too long to arrive.
pub(in crate::web) fn bytes(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Bytes, Error>> + use<> {
    let too_large = is_too_large(request).then(|| payload.take());
    let bytes = Bytes::from_request(request, payload);
    async move {
        if let Some(payload) = too_large {
            let _ = tokio::time::timeout(TIMEOUT, drop_body(payload)).await;
            return Err(Error::Refused(StatusCode::PAYLOAD_TOO_LARGE));
        }
        let bytes =
            tokio::time::timeout(TIMEOUT, bytes).await.map_err(|_| Error::Refused(StatusCode::REQUEST_TIMEOUT))?;
        bytes.map_err(|error| match error.as_error() {
            Some(PayloadError::Overflow) => Error::Refused(StatusCode::PAYLOAD_TOO_LARGE),
            _ => Error::BAD_REQUEST,
        })
    }
}

/// Whether the request announces a larger body than is read.
fn is_too_large(request: &HttpRequest) -> bool {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.is_some_and(|length: usize| length > MAX_BYTES)
}

/// Reads what is left of a body, within its bound.
async fn drop_body(mut payload: Payload) {
    let mut seen = 0;
    while let Some(Ok(chunk)) = payload.next().await {
        seen += chunk.len();
        if seen > MOST_DROPPED {
            return;
        }
    }
}

/// Whether the body says that it is of this media type.
#[must_use]
pub fn is_sent_as(request: &HttpRequest, media_type: &str) -> bool {
    let sent = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    sent.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media_type))
}

/// Whether the body is sent as it is: none is decompressed.
fn is_plain(request: &HttpRequest) -> bool {
    request
        .headers()
        .get_all(header::CONTENT_ENCODING)
        .all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// Reads a body, and refuses text that is no UTF-8, which would be changed silently, and NUL, which PostgreSQL does not
/// store.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<Form<T>, Error> {
    let decoded: Vec<u8> = percent_encoding::percent_decode(body).collect();
    if std::str::from_utf8(&decoded).is_err() || decoded.contains(&0) {
        return Err(Error::BAD_REQUEST);
    }
    let is_honeypot_filled = form_urlencoded::parse(body).any(|(name, value)| name == HONEYPOT && !value.is_empty());
    let fields = serde_html_form::from_bytes(body).map_err(|_| Error::BAD_REQUEST)?;
    Ok(Form { fields, is_honeypot_filled })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    struct Sample {
        #[serde(default)]
        email: String,
        #[serde(default)]
        role: String,
    }

    #[test]
    fn fields_are_read_and_extra_ones_ignored() {
        let form: Form<Sample> = read(b"email=ana%40example.cl&type=admin&role=a+b").unwrap();
        assert_eq!(
            (form.email.as_str(), form.role.as_str(), form.is_honeypot_filled()),
            ("ana@example.cl", "a b", false)
        );
        assert!(read::<Sample>(b"leave_empty=x").unwrap().is_honeypot_filled());
    }

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        for body in [&b"email=a&email=b"[..], b"email=%00", b"email=\0", b"email=%ff", b"email=\xff", b"x=%c3%28"] {
            assert!(matches!(read::<Sample>(body), Err(Error::Refused(StatusCode::BAD_REQUEST))), "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read::<Sample>(&body);
        }
    }
}
