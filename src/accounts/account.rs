//! The account page of who is signed in.

use askama::Template;

use super::words::Words;
use crate::web::page::ok;
use crate::web::{self, Layout, SignedIn, Viewer};

#[derive(Template)]
#[template(path = "accounts/account.html")]
struct AccountPage {
    t: &'static Words,
    layout: Layout,
    viewer: Viewer,
}

/// Who they are to us.
///
/// # Errors
/// When nobody is signed in.
pub async fn show(layout: Layout, SignedIn(viewer): SignedIn) -> web::Result {
    ok(AccountPage { t: Words::of(layout.locale), layout, viewer })
}

impl AccountPage {
    fn kind(&self) -> &'static str {
        self.t.kind(self.viewer.kind)
    }
}
