//! The page of a link that does not work: incomplete, used a moment ago, or else used, expired, altered, of another
//! purpose or never made; nobody can tell which of these.

use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::user::words::Words;
use crate::mail::link::{Link, Purpose};
use crate::values::secret_token::SecretToken;
use crate::web::page::response::with_status;
use crate::web::{self, App, Layout, paths};

#[derive(Template)]
#[template(path = "accounts/user/link_gone.html")]
struct LinkGonePage {
    t: &'static Words,
    layout: Layout,
    title: &'static str,
    text: &'static str,
    next: Option<Next>,
}

/// The button of the page.
struct Next {
    path: &'static str,
    label: &'static str,
}

/// A link that does not work.
#[derive(Clone, Copy, Debug)]
pub(in crate::accounts) struct GoneLink {
    /// What it was for.
    pub(in crate::accounts) purpose: Purpose,
    /// What it did, for whoever comes after it was used.
    pub(in crate::accounts) done: &'static str,
    /// Where that leads on.
    pub(in crate::accounts) next: &'static str,
    /// Where its reader can ask for another.
    pub(in crate::accounts) again: Option<&'static str>,
    /// What to do instead, where its reader cannot.
    pub(in crate::accounts) instead: Option<&'static str>,
}

impl LinkGonePage {
    fn leads_to_log_in(&self) -> bool {
        self.next.as_ref().is_some_and(|next| next.path == paths::accounts::LOG_IN)
    }
}

impl GoneLink {
    /// 410, with the way on; `token` is what came.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub(in crate::accounts) async fn page(self, app: &App, layout: Layout, token: &str) -> web::Result {
        let t = Words::of(layout.locale);
        let page = if SecretToken::is_incomplete(token) {
            LinkGonePage { title: t.link_incomplete, text: t.link_incomplete_text, next: self.again(t), t, layout }
        } else if self.was_just_used(app, token).await? {
            let next = match self.next {
                // Whoever is signed in already is led to the account by the other link of the page.
                paths::accounts::LOG_IN if layout.viewer.is_some() => None,
                paths::accounts::LOG_IN => Some(Next { path: self.next, label: t.log_in }),
                path => Some(Next { path, label: t.go_on }),
            };
            LinkGonePage { title: t.link_used, text: self.done, next, t, layout }
        } else {
            let text = self.instead.unwrap_or(t.link_gone_text);
            LinkGonePage { title: t.link_gone, text, next: self.again(t), t, layout }
        };
        with_status(StatusCode::GONE, page)
    }

    /// Whether the link of this token was used a moment ago for what this one is for.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub(in crate::accounts) async fn was_just_used(self, app: &App, token: &str) -> Result<bool, web::Error> {
        let Some(token) = SecretToken::parse(token) else { return Ok(false) };
        let (now, purpose) = (app.clock.now(), self.purpose);
        Ok(app.db.read(move |conn| Link::was_just_used(conn, now, purpose, &token)).await?)
    }

    fn again(self, t: &Words) -> Option<Next> {
        self.again.map(|path| Next { path, label: t.new_link })
    }
}
