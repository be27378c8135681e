//! How programs use the API, with an example for each address.

use askama::Template;

use super::words::{Example, Words};
use crate::web::page::response;
use crate::web::{self, Layout};

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

impl DocsPage {
    /// The command of an example, as a shell takes it; `$KEY` holds the key, `$ID` an entry and `$ETAG` its tag.
    fn command(&self, example: &Example) -> String {
        let Example { path, options, .. } = example;
        let address = format!("\"{}{path}\"", self.layout.origin);
        let key = "-H \"Authorization: Bearer $KEY\"";
        [&["curl", key][..], options, &[&address]].concat().join(" \\\n  ")
    }
}
