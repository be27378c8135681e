//! What writing a letter needs from the request: the language and the keys. An extractor.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::values::locale::Locale;
use crate::values::secret_key::SecretKeys;
use crate::web::App;
use crate::web::page::layout;

/// The language of a letter, and the keys of its links.
#[derive(Clone, Debug)]
pub struct MailContext {
    /// The language of the person who caused the letter. It is used when the reader's own language is unknown.
    pub locale: Locale,
    /// The keys from which the tokens of links are made.
    pub keys: SecretKeys,
}

impl MailContext {
    /// For letters in this language.
    #[must_use]
    pub fn of(app: &App, locale: Locale) -> Self {
        Self { locale, keys: app.keys.clone() }
    }
}

impl FromRequest for MailContext {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let app = Data::<App>::from_request(request, payload).into_inner();
        ready(app.map(|app| Self::of(&app, layout::locale(request))))
    }
}
