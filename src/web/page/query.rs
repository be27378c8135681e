//! The query of a request, read leniently: when it cannot be read, every parameter counts as not given.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::values::site_path::SitePath;
use crate::web::paths;
use crate::web::words::Admin as AdminWords;

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

/// What lists of places, accounts and emails have in their query: filter, order and page; what was typed into the search that
/// found somebody; and any other page.
const OF_LISTS: [&str; 12] =
    ["q", "role", "kind", "state", "from", "to", "source", "sort", "after", "before", SEARCHED, OPENED_FROM];
/// What was typed into the search, in the query of a page that it found.
const SEARCHED: &str = "search";
/// Begins the path of every page of admins but the first.
const OF_ADMINS: &str = "/admin/";
/// The path of another admin's page, in the query of a page that was opened from there.
const OPENED_FROM: &str = "opened-from";

/// The page of a list, the search or another page of admins, from which a page was opened. That page has it in its own query,
/// and so has all that it leads to, so that every act and every way back leads to the list as it was.
#[derive(Clone, Debug, Default)]
pub struct Origin(Vec<(String, String)>);

impl Origin {
    /// Where the page of this request was opened.
    #[must_use]
    pub fn of(http: &HttpRequest) -> Self {
        let query = form_urlencoded::parse(http.query_string().as_bytes()).into_owned();
        Self(query.filter(|(name, value)| OF_LISTS.contains(&name.as_str()) && !value.is_empty()).collect())
    }

    /// The page of a list with these parameters. Those without a value are left out.
    #[must_use]
    pub fn list(parameters: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let given = parameters.into_iter().filter(|(_, value)| !value.is_empty());
        Self(given.map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The search for what was typed.
    #[must_use]
    pub fn search(typed: &str) -> Self {
        Self::list([(SEARCHED, typed.to_owned())])
    }

    /// Another page of admins, by its path. One that is too long for an address is left out.
    #[must_use]
    pub fn page(path: &str) -> Self {
        Self::list([(OPENED_FROM, SitePath::parse(path).map(|path| path.to_string()).unwrap_or_default())])
    }

    /// What the way back is called, where the list has these words for it.
    #[must_use]
    pub fn way_back(&self, words: &AdminWords, list: &'static str) -> &'static str {
        match (self.searched(), self.opened_from()) {
            (Some(_), _) => words.back_to_search,
            (None, Some(_)) => words.back,
            (None, None) => list,
        }
    }

    /// Its parameters, for the fields of a form.
    #[must_use]
    pub fn parameters(&self) -> &[(String, String)] {
        &self.0
    }

    /// This path with it in the query.
    #[must_use]
    pub fn kept_in(&self, path: &str) -> String {
        self.kept_beside(path, &[])
    }

    /// The same behind parameters of the page itself.
    #[must_use]
    pub fn kept_beside(&self, path: &str, own: &[(&str, &str)]) -> String {
        let kept = self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        paths::with_query(path, &own.iter().copied().chain(kept).collect::<Vec<_>>())
    }

    /// The way back there; `list` is the path of the list.
    #[must_use]
    pub fn back(&self, list: &str) -> String {
        self.back_beside(list, &[])
    }

    /// The same with parameters for the list, where it leads to one.
    #[must_use]
    pub fn back_beside(&self, list: &str, own: &[(&str, &str)]) -> String {
        match self.searched() {
            Some(typed) => paths::search::search_for(typed),
            None => self.opened_from().map_or_else(|| self.kept_beside(list, own), |page| page.to_string()),
        }
    }

    fn searched(&self) -> Option<&str> {
        self.named(SEARCHED)
    }

    /// Only a page of admins: anybody can write an address.
    fn opened_from(&self) -> Option<SitePath> {
        self.named(OPENED_FROM).and_then(SitePath::parse).filter(|page| page.as_str().starts_with(OF_ADMINS))
    }

    fn named(&self, wanted: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }
}

/// Whether a page that shows progress loads itself again and again: `refresh=off` stops it, for whoever reads slowly or is
/// read to (WCAG 2.2.1).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AutoRefresh {
    refresh: String,
}

impl AutoRefresh {
    /// Whether it does.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.refresh != "off"
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
