//! How programs use the API, with an example for each address.

use askama::Template;

use super::words::{Example, Words};
use crate::web::page::response;
use crate::web::{self, Layout, paths};

#[derive(Template)]
#[template(path = "waitlist/api/docs.html")]
struct DocsPage {
    t: &'static Words,
    layout: Layout,
}

/// The page.
///
/// # Errors
/// When the template fails.
pub async fn show(layout: Layout) -> web::Result {
    response::ok(DocsPage { t: Words::of(layout.locale), layout })
}

/// Goes on to the page from the address that somebody tries who heard of the API.
///
/// # Errors
/// None.
pub async fn root() -> web::Result {
    response::see_other(paths::waitlist::API_DOCS)
}

impl DocsPage {
    /// The parts of a sentence: every second one is code.
    fn parts(sentence: &str) -> impl Iterator<Item = (bool, &str)> {
        sentence.split('`').enumerate().map(|(number, part)| (number % 2 == 1, part))
    }

    /// The command of an example, as a shell takes it; `$KEY` holds the key, `$ID` an entry and `$ETAG` its tag.
    fn command(&self, example: &Example) -> String {
        let Example { path, options, .. } = example;
        let address = format!("\"{}{path}\"", self.layout.origin);
        let key = "-H \"Authorization: Bearer $KEY\"";
        [&["curl", key][..], options, &[&address]].concat().join(" \\\n  ")
    }
}
