//! Pressing twice is pressing once, and a tab knows whose it is.

mod account;
mod form_key;
mod log_in;
mod replicas;
mod sign_up;
mod taken_back;
mod waitlist;

use crate::support::TestSite;
use crate::support::page::{FilledForm, Page};
use crate::support::visitor::Visitor;

/// How often a form is sent at once.
const FIFTY: usize = 50;

/// The cookie of a browser that has none of ours.
const NO_COOKIE: &str = "none=none";

/// Sends a form fifty times at once with the same cookie; all are answered like the first.
#[track_caller]
fn all_alike(pages: &[Page]) -> &Page {
    let first = &pages[0];
    for page in pages {
        assert_eq!((page.status, page.header("location")), (first.status, first.header("location")), "{}", page.text());
    }
    first
}

/// The site without limits, which fifty of a network would reach.
async fn site() -> TestSite {
    TestSite::with(&[("RATE_LIMITS", "off")]).await
}

/// Somebody's browser, of which the test knows the cookie.
async fn logged_in(site: &TestSite, email: &str, password: &str) -> (Visitor, String) {
    let visitor = site.visitor();
    let page = visitor.log_in(email, password).await.has_status(303);
    (visitor, page.cookie().unwrap())
}

/// The form of a page.
async fn form_of(visitor: &Visitor, page: &str, action: &str) -> FilledForm {
    visitor.get(page).await.has_status(200).form(action)
}
