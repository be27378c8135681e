//! The query of a request, read leniently: when it cannot be read, every parameter counts as not given.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::web::paths;

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

/// What lists of places and accounts have in their query: filter, order and page; and what was typed into the search that found
/// somebody.
const OF_LISTS: [&str; 11] =
    ["q", "role", "kind", "state", "from", "to", "source", "sort", "after", "before", SEARCHED];
/// What was typed into the search, in the query of a page that it found.
const SEARCHED: &str = "search";

/// The page of a list, or the search, from which a page was opened. That page has it in its own query, and so has all that it
/// leads to, so that every act and every way back leads to the list as it was.
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

    /// Whether it is the search.
    #[must_use]
    pub fn is_search(&self) -> bool {
        self.searched().is_some()
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
        match self.searched() {
            Some(typed) => paths::search::search_for(typed),
            None => self.kept_in(list),
        }
    }

    fn searched(&self) -> Option<&str> {
        self.0.iter().find(|(name, _)| name == SEARCHED).map(|(_, typed)| typed.as_str())
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
