//! The page behind the link of a mail: what the link does, and the one button that does it.

use askama::Template;
use serde::Deserialize;

use crate::db::Db;
use crate::mail::link::{Link, Purpose};
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::{App, Error, Layout};

/// The token of a link, in a query or a form.
#[derive(Default, Deserialize)]
pub struct TokenForm {
    #[serde(default)]
    pub(in crate::accounts) token: String,
}

/// The page. Opening it changes nothing: mail scanners open every link before its reader does.
#[derive(Template)]
#[template(path = "accounts/user/link_page.html")]
pub(in crate::accounts) struct LinkPage {
    pub(in crate::accounts) layout: Layout,
    /// The token of the link, which the button sends.
    pub(in crate::accounts) token: SecretToken,
    /// Whose account it concerns.
    pub(in crate::accounts) email: EmailAddress,
    /// What it says.
    pub(in crate::accounts) text: LinkText,
}

/// What the page of a link says, and where its button leads.
#[derive(Clone, Debug)]
pub(in crate::accounts) struct LinkText {
    pub(in crate::accounts) title: &'static str,
    /// The lead before the address.
    pub(in crate::accounts) before_email: &'static str,
    /// The lead after the address, with what divides them.
    pub(in crate::accounts) after_email: String,
    /// What will happen, point by point.
    pub(in crate::accounts) steps: &'static [&'static str],
    pub(in crate::accounts) button: &'static str,
    /// The path that takes the token.
    pub(in crate::accounts) path: &'static str,
    /// What stands below the button.
    pub(in crate::accounts) hint: Option<&'static str>,
}

/// The database for what a link of this purpose does to its account, whose row others may want as well.
///
/// # Errors
/// When the database is unavailable.
pub(in crate::accounts) async fn db_for_link(app: &App, purpose: Purpose, token: &SecretToken) -> Result<Db, Error> {
    let (now, token) = (app.clock.now(), token.clone());
    let link = app.db.read(move |conn| Link::find(conn, now, purpose, &token)).await?;
    Ok(link.map_or_else(|| app.db.clone(), |link| app.db.for_row(&link.subject)))
}
