//! The link by which a new address confirms itself.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;

use super::email_change::{self, Outcome};
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm};
use crate::accounts::user::link_purposes::EMAIL_CHANGE;
use crate::accounts::user::words::Words;
use crate::mail::mail_context::MailContext;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{conflict, ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::client::Client;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Form, Layout, paths};

/// Another account has the address. Only who reads its mail gets here.
#[derive(Template)]
#[template(path = "accounts/email_change/taken.html")]
struct EmailTakenPage {
    t: &'static Words,
    layout: Layout,
}

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is away.
pub async fn show(app: Data<App>, layout: Layout, Query(query): Query<TokenForm>) -> web::Result {
    let again = paths::accounts::EMAIL;
    let Some(token) = SecretToken::parse(&query.token) else { return link_gone::page(layout, again) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| email_change::find_by_link(conn, now, (EMAIL_CHANGE, &of_link))).await? {
        Some(email) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email }),
        None => link_gone::page(layout, again),
    }
}

/// Changes the address, in whichever browser the mail was read: it proves the mailbox, not who is signed in.
///
/// # Errors
/// When limited, or when the database is away.
pub async fn create(
    app: Data<App>,
    layout: Layout,
    (request, client): (HttpRequest, Client),
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let again = paths::accounts::EMAIL;
    let Some(token) = SecretToken::parse(&form.token) else { return link_gone::page(layout, again) };
    let (now, mail) = (app.clock.now(), MailContext { locale: layout.locale, keys: app.keys.clone() });
    let proved = app.address_proved;
    let confirmed = app.db.write(move |conn| {
        let to = email_change::find_by_link(conn, now, (EMAIL_CHANGE, &token))?;
        let outcome = email_change::confirm(conn, now, (&token, &client), &mail)?;
        if let (Outcome::Done(_), Some(to)) = (&outcome, to) {
            proved(conn, now, &to)?;
        }
        Ok(outcome)
    });
    match confirmed.await? {
        Outcome::Done(user) => {
            app.viewer_cache.invalidate(&user, now);
            SessionCookie::of(&request).leave(&Flash::success(Words::of(layout.locale).address.confirmed))?;
            let is_here = layout.viewer.is_some_and(|viewer| viewer.id == user);
            see_other(if is_here { paths::accounts::ACCOUNT } else { paths::accounts::LOG_IN })
        }
        Outcome::Taken => taken(layout),
        Outcome::Gone => link_gone::page(layout, again),
    }
}

/// 409: two accounts cannot share an address.
///
/// # Errors
/// When the template fails.
pub(in crate::accounts) fn taken(layout: Layout) -> web::Result {
    conflict(EmailTakenPage { t: Words::of(layout.locale), layout })
}

fn text(words: &Words) -> LinkText {
    let t = &words.address;
    LinkText {
        title: t.confirm,
        before_email: t.confirm_for,
        after_email: format!(" {}", t.confirm_lead),
        steps: &[],
        button: t.confirm_now,
        path: paths::accounts::EMAIL_CONFIRM,
        hint: None,
    }
}
