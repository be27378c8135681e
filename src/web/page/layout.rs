//! What `layout.html` needs of a request: language, viewer, message, path.

use std::borrow::Cow;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use super::address::{Unsent, named_language, named_source, of_page, parameters};
use super::flash::Flash;
use super::form::{FilledForm, KeptBody};
use crate::values::locale::Locale;
use crate::web::app::App;
use crate::web::assets;
use crate::web::paths;
use crate::web::submission::form_key;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::visitor::language_cookie;
use crate::web::visitor::source::Source;
use crate::web::visitor::viewer::{Viewer, Visitor};
use crate::web::words::Words;

/// Says that a page takes the fields of its form in its address.
pub(super) const BY_QUERY: &str = "query";
/// Says so of a form that narrows a list.
pub(super) const BY_FILTER: &str = "filter";

/// What the layout of a page shows, beside the page itself.
#[derive(Clone, Debug)]
pub struct Layout {
    /// The words that all pages share.
    pub t: &'static Words,
    /// The visitor's language.
    pub locale: Locale,
    /// The language as an HTML tag, such as `es`.
    pub lang: &'static str,
    /// The language that this page's address names; the addresses of the public pages that it leads to name it too.
    pub named: Option<Locale>,
    /// Where the visitor came from, as this page's address says; the public pages that it leads to say so too, since a guest
    /// gets no cookie for it.
    pub source: Option<Source>,
    /// Scheme and host of the site, for addresses that other sites read.
    pub origin: String,
    /// The address of who answers people, if anybody does.
    pub contact: Option<String>,
    /// The development mailbox, while mail goes there.
    pub mailbox: Option<&'static str>,
    /// Who is signed in.
    pub viewer: Option<Arc<Viewer>>,
    /// The message that the request before stored.
    pub flash: Option<Flash>,
    /// This page's path and query, to come back to in another language.
    pub path: String,
    /// The form that this page answers: the choice of a language sends it once more, so that nothing typed is lost.
    pub filled: Option<FilledForm>,
    /// How the form of this request is to be shown in another language, if it is not sent yet.
    pub unsent: Option<Unsent>,
    /// The form of this page whose id is `typed`: the choice of a language keeps what is typed there.
    pub typed: Option<TypedForm>,
    /// The key of the forms on it.
    pub form_key: String,
}

/// Where a form goes that is kept, as it is typed, when another language is chosen.
#[derive(Clone, Debug)]
pub struct TypedForm {
    path: String,
    /// How its fields come back in the address of its page, if they do: `BY_QUERY` or `BY_FILTER`.
    by: &'static str,
}

impl Layout {
    /// The layout of this request's page.
    #[must_use]
    pub fn of(request: &HttpRequest, flash: Option<Flash>) -> Self {
        let locale = locale(request);
        let viewer = if let Visitor::SignedIn(viewer) = Visitor::of(request) { Some(viewer) } else { None };
        let path = paths::page(&address(request)).map_or_else(|| paths::HOME.to_owned(), String::from);
        let (account, app) = (viewer.as_ref().map(|viewer| &viewer.id), request.app_data::<Data<App>>());
        Self {
            t: Words::of(locale),
            locale,
            lang: locale.code(),
            named: named_language(request),
            source: named_source(request),
            origin: app.map(|app| app.config.base_url.origin().to_owned()).unwrap_or_default(),
            contact: app.and_then(|app| app.config.contact()).map(|contact| AsRef::<str>::as_ref(contact).to_owned()),
            mailbox: app.filter(|app| app.has_mailbox()).map(|_| paths::mail::MAILBOX),
            flash,
            path,
            filled: FilledForm::of(request),
            unsent: Unsent::of(request),
            typed: None,
            form_key: app.map(|app| form_key::generate(&app.keys, account)).unwrap_or_default(),
            viewer,
        }
    }

    /// Of the page that says why an act was not done. Only a form that came back with something wrong in its fields is sent
    /// once more in another language: what refused an act may be gone by then, and choosing a language must never act.
    #[must_use]
    pub fn without_form(self) -> Self {
        Self { filled: None, ..self }
    }

    /// Of a page with a form whose id is `typed`, sent to this path, whose handler only shows it again while it is unsent.
    #[must_use]
    pub fn with_typed(self, path: &str) -> Self {
        let with_source = |source: &Source| paths::with_source(path, source.as_str());
        let path = self.source.as_ref().map_or_else(|| path.to_owned(), with_source);
        // A browser that sends no form by a button outside of it sends what came back. What was wrong with that may be gone by
        // then, so it is only shown as well.
        let filled = self.filled.and_then(FilledForm::only_shown);
        Self { typed: Some(TypedForm { path, by: "" }), filled, ..self }
    }

    /// Of a page with a form whose id is `typed` and that only asks; the page at this path takes its fields in the address.
    #[must_use]
    pub fn with_typed_query(self, path: &str) -> Self {
        Self { typed: Some(TypedForm { path: path.to_owned(), by: BY_QUERY }), ..self }
    }

    /// Of a page with a form whose id is `typed` and that narrows the list at this path, or searches there. Where it says the same
    /// as the page's address, the choice of a language comes back to that address, with its place in the list.
    #[must_use]
    pub fn with_typed_filter(self, path: &str) -> Self {
        Self { typed: Some(TypedForm { path: path.to_owned(), by: BY_FILTER }), ..self }
    }

    /// Where the buttons of the languages send that form.
    #[must_use]
    pub fn typed_action(&self) -> Option<String> {
        let TypedForm { path, by } = self.typed.as_ref()?;
        let first = if self.filled.is_some() { Unsent::Corrected } else { Unsent::FilledIn };
        let how = self.unsent.unwrap_or(first).as_str();
        let parameters = [("typed", path.as_str()), ("how", how), ("by", by), ("next", &self.path)];
        Some(paths::with_query(paths::LANGUAGE, &parameters))
    }

    /// The same page in another language.
    #[must_use]
    pub fn in_language(self, locale: Locale) -> Self {
        Self { t: Words::of(locale), locale, lang: locale.code(), ..self }
    }

    /// Where a static file is served.
    #[must_use]
    #[expect(clippy::unused_self, reason = "templates ask what they have")]
    pub fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }

    /// The address of another public page, with the language and the source that this page's address names.
    #[must_use]
    pub fn link<'a>(&self, path: &'a str) -> Cow<'a, str> {
        let path = paths::in_language(path, self.named);
        match &self.source {
            Some(source) => paths::with_source(&path, source.as_str()).into(),
            None => path,
        }
    }

    /// The whole address of this public page, as search engines list it: with the language that it names and no other
    /// parameter.
    #[must_use]
    pub fn canonical(&self) -> String {
        [self.origin.as_str(), &paths::in_language(self.own_path(), self.named)].concat()
    }

    /// Its address in each language, by what `hreflang` calls it; `x-default` is in the language of the visitor.
    #[must_use]
    pub fn alternates(&self) -> [(&'static str, String); 3] {
        paths::alternates(&self.origin, self.own_path())
    }

    fn own_path(&self) -> &str {
        self.path.split('?').next().unwrap_or_default()
    }
}

impl FromRequest for Layout {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request, SessionCookie::of(request).take_flash())))
    }
}

/// The address that shows this page again, in whatever language. A form that came back wrong has the address of its page,
/// which needs two of its fields: the token of the link, and where the visitor was going.
fn address(request: &HttpRequest) -> String {
    let address = of_page(request);
    let sent = KeptBody::fields(request).unwrap_or_default();
    let names = |name: &str| parameters(request).any(|(named, _)| named == name);
    let needed = sent.iter().filter(|(name, _)| ["token", "next"].contains(&name.as_str()) && !names(name));
    needed.fold(address, |address, (name, value)| paths::with_parameter(&address, name, value))
}

/// The language of a request: the one that its address names, else the one that the visitor chose, else one that the
/// browser asks for, else the operator's default.
#[must_use]
pub fn locale(request: &HttpRequest) -> Locale {
    let named = named_language(request);
    let chosen = || Locale::parse(request.cookie(language_cookie::COOKIE)?.value());
    let default = request.app_data::<Data<App>>().map_or(Locale::En, |app| app.config.default_locale);
    let asked = || request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok();
    named.or_else(chosen).unwrap_or_else(|| asked().map_or(default, |header| Locale::negotiate(header, default)))
}
