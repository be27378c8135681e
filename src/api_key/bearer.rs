//! The key of a request: extractors for the handlers of the API. They read `Authorization: Bearer` alone, and only below
//! `/api/`: no page takes a key, and the API takes no cookie.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;

use super::api_key::{Access, ApiKey};
use super::key_secret::KeySecret;
use crate::db::sliding_window;
use crate::web::page::form::{self, JSON, WrongMembers};
use crate::web::protection::limits::{self, Rule};
use crate::web::submission::sent_form;
use crate::web::{App, Error, paths};

const SCHEME: &str = "Bearer ";

/// Lets every key in that works; 401 for all else, 429 when the key asks too often.
#[derive(Debug)]
pub struct Reader(pub ApiKey);

/// Lets keys in that may change something; 403 for those that may only read.
#[derive(Debug)]
pub struct Writer(pub ApiKey);

/// The same with what it sent, which is read afterwards: whoever has no right learns nothing about the body.
#[derive(Debug)]
pub struct WriterOf<T> {
    /// The key.
    pub key: ApiKey,
    /// What was sent, or what is wrong with it.
    pub body: Result<T, WrongMembers>,
}

impl<T: DeserializeOwned + 'static> FromRequest for WriterOf<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (key, body) = (Writer::from_request(request, payload), form::json_object(request, payload, &[JSON]));
        Box::pin(async move {
            let Writer(key) = key.await?;
            Ok(Self { key, body: body.await? })
        })
    }
}

impl FromRequest for Reader {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { authenticate(&request, limits::API_READS).await.map(Self) })
    }
}

impl FromRequest for Writer {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let key = authenticate(&request, limits::API_WRITES).await?;
            if key.access != Access::Write {
                return Err(Error::Refused(StatusCode::FORBIDDEN));
            }
            sent_form::prove_key(&request);
            Ok(Self(key))
        })
    }
}

/// The key that works; what is no key at all is refused without a query. Its request is counted where it is found.
async fn authenticate(request: &HttpRequest, rule: Rule) -> Result<ApiKey, Error> {
    let refused = || Error::Refused(StatusCode::UNAUTHORIZED);
    let secret = sent(request).ok_or_else(refused)?;
    let app = request.app_data::<Data<App>>().cloned().ok_or_else(refused)?;
    let (now, hash, counts) = (app.clock.now(), secret.hash(), [rule.for_key(&secret.hash())]);
    let found = app.limits.count_and_find(&app.db, &counts, move |conn, windows| {
        let key = ApiKey::find_working(conn, now, &hash)?;
        // Only keys that exist are counted, so that nobody fills the table of counts with made-up ones.
        let full = if key.is_some() && !windows.is_empty() { sliding_window::hit(conn, windows)? } else { Vec::new() };
        Ok((full, key))
    });
    found.await?.ok_or_else(refused)
}

/// The key in the header, which must be there once.
fn sent(request: &HttpRequest) -> Option<KeySecret> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let (only, None) = (headers.next()?, headers.next()) else { return None };
    let (scheme, key) = only.to_str().ok()?.split_at_checked(SCHEME.len())?;
    let is_ours = paths::is_api(request.path()) && scheme.eq_ignore_ascii_case(SCHEME);
    KeySecret::parse(key.trim()).filter(|_| is_ours)
}
