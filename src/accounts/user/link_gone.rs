//! The page of a link that does not work: incomplete, used a moment ago, or else used, expired, altered, of another
//! purpose or never made; nobody can tell which of these.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::user::link_purposes::ORGANIZATION_INVITATION;
use crate::accounts::user::words::Words;
use crate::mail::link::{Link, Purpose, WAITLIST_INVITATION};
use crate::values::secret_token::SecretToken;
use crate::web::page::response::with_status;
use crate::web::{self, App, Layout, Viewer, paths};

#[derive(Template)]
#[template(path = "accounts/user/link_gone.html")]
struct LinkGonePage {
    t: &'static Words,
    layout: Layout,
    title: &'static str,
    text: Cow<'static, str>,
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
        let (title, text, next) = if SecretToken::is_incomplete(token) {
            (t.link_incomplete, t.link_incomplete_text.into(), self.again(t))
        } else if let Some(subject) = self.find_just_used(app, token).await? {
            match layout.viewer.as_deref().filter(|viewer| self.is_of_another(viewer, &subject)) {
                Some(viewer) => (t.link_used, t.link_of_another(&viewer.email).into(), None),
                None => (t.link_used, self.done.into(), self.next(t, &layout)),
            }
        } else {
            (t.link_gone, self.instead.unwrap_or(t.link_gone_text).into(), self.again(t))
        };
        with_status(StatusCode::GONE, LinkGonePage { t, layout, title, text, next })
    }

    /// Whether the link of this token was used a moment ago for what this one is for.
    ///
    /// # Errors
    /// When the database is unavailable.
    pub(in crate::accounts) async fn was_just_used(self, app: &App, token: &str) -> Result<bool, web::Error> {
        Ok(self.find_just_used(app, token).await?.is_some())
    }

    /// What the link of this token was about, if it was used a moment ago.
    async fn find_just_used(self, app: &App, token: &str) -> Result<Option<String>, web::Error> {
        let Some(token) = SecretToken::parse(token) else { return Ok(None) };
        let (now, purpose) = (app.clock.now(), self.purpose);
        Ok(app.db.read(move |conn| Link::find_just_used(conn, now, purpose, &token)).await?)
    }

    /// Whether a used link is known to be of another account than the one that is signed in. An invitation is about who
    /// invites.
    fn is_of_another(self, viewer: &Viewer, subject: &str) -> bool {
        ![WAITLIST_INVITATION, ORGANIZATION_INVITATION].contains(&self.purpose) && viewer.id.as_str() != subject
    }

    fn next(self, t: &Words, layout: &Layout) -> Option<Next> {
        match self.next {
            // Whoever is signed in already is led to the account by the other link of the page.
            paths::accounts::LOG_IN | paths::accounts::ACCOUNT if layout.viewer.is_some() => None,
            paths::accounts::LOG_IN => Some(Next { path: self.next, label: t.log_in }),
            path => Some(Next { path, label: t.go_on }),
        }
    }

    fn again(self, t: &Words) -> Option<Next> {
        self.again.map(|path| Next { path, label: t.new_link })
    }
}
