//! Whether an account may be used, as only somebody learns who proved to be its owner.

use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::session::pending_deletion;
use crate::accounts::session::words::{PendingDeletion, Words};
use crate::accounts::user::user::User;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::email_address::EmailAddress;
use crate::web::page::response::with_status;
use crate::web::{self, App, Layout};

/// Whether an account may be used.
pub(super) enum Standing {
    /// It may.
    Good,
    /// Its address is not verified, or it is deactivated.
    Refused,
    /// Its owner deleted it, and it is kept until then.
    Leaving(Timestamp),
    /// It waits to be erased: nobody can tell it from one that is.
    Erased,
}

/// Somebody proved who they are, but the account may not be used yet, or no longer.
#[derive(Template)]
#[template(path = "accounts/session/refused.html")]
struct RefusedPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
    user: User,
}

/// Somebody proved who they are, but they deleted the account.
#[derive(Template)]
#[template(path = "accounts/session/pending_deletion.html")]
struct PendingDeletionPage {
    t: &'static PendingDeletion,
    layout: Layout,
    email: EmailAddress,
    until: Timestamp,
}

impl Standing {
    /// That of this account.
    pub(super) fn of(app: &App, user: &User) -> Self {
        match user.purge_at {
            _ if !user.is_verified || !user.is_active => Self::Refused,
            Some(until) if until <= app.clock.now() => Self::Erased,
            Some(until) => Self::Leaving(until),
            None => Self::Good,
        }
    }

    /// The page that says why the account may not be used.
    pub(super) async fn page(self, app: &App, layout: Layout, user: User) -> web::Result {
        match self {
            Self::Leaving(until) => {
                let mail = MailContext::of(app, layout.locale);
                PendingDeletionPage::new(layout, &user, until).remind(app, user, mail).await
            }
            _ => with_status(StatusCode::FORBIDDEN, RefusedPage::new(layout, user)),
        }
    }
}

impl RefusedPage {
    fn new(layout: Layout, user: User) -> Self {
        Self { t: Words::of(layout.locale), common: CommonWords::of(layout.locale), layout, user }
    }
}

impl PendingDeletionPage {
    fn new(layout: Layout, user: &User, until: Timestamp) -> Self {
        Self { t: &Words::of(layout.locale).pending_deletion, layout, email: user.email.clone(), until }
    }

    /// 403: says when the account is erased, and mails the link that keeps it once more.
    async fn remind(self, app: &App, user: User, mail: MailContext) -> web::Result {
        let (now, db) = (app.clock.now(), app.db.for_row(user.id.as_str()));
        db.write(move |conn| pending_deletion::remind(conn, now, &user, &mail)).await?;
        with_status(StatusCode::FORBIDDEN, self)
    }
}
