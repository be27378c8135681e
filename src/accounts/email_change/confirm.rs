//! The link by which a new address confirms itself.

use actix_web::HttpRequest;
use askama::Template;

use super::change_link::ChangeLink;
use super::email_change::{Outcome, UsedLink};
use super::words::Words;
use crate::accounts::user::link_gone;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm};
use crate::accounts::user::link_purposes::EMAIL_CHANGE;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::clock::Timestamp;
use crate::values::secret_token::SecretToken;
use crate::web::page::flash::Flash;
use crate::web::page::query::Query;
use crate::web::page::response::{conflict, ok, see_other};
use crate::web::protection::limits;
use crate::web::visitor::cookie::SessionCookie;
use crate::web::{self, App, Error, Form, Layout, Request, paths};

/// Says that another account has the address. Only somebody who reads the mail of the address gets here.
#[derive(Template)]
#[template(path = "accounts/email_change/taken.html")]
struct EmailTakenPage {
    t: &'static Words,
    common: &'static CommonWords,
    layout: Layout,
}

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(layout) };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| ChangeLink::find(conn, now, EMAIL_CHANGE, &of_link)).await? {
        Some(ChangeLink { to, .. }) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email: to }),
        None => gone(layout),
    }
}

/// Changes the address, in whichever browser the mail was read: it proves the mailbox, not who is signed in.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client }: Request,
    request: HttpRequest,
    mail: MailContext,
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(layout) };
    let now = app.clock.now();
    match confirm(&app, now, UsedLink { token, client, mail }).await? {
        Outcome::Done(user) => {
            app.viewer_cache.invalidate(&user, now);
            SessionCookie::of(&request).set_flash(&Flash::success(Words::of(layout.locale).confirmed))?;
            let is_here = layout.viewer.is_some_and(|viewer| viewer.id == user);
            see_other(if is_here { paths::accounts::ACCOUNT } else { paths::accounts::LOG_IN })
        }
        Outcome::Taken => taken(layout),
        Outcome::Gone => gone(layout),
    }
}

/// Changes the address, and tells the other rooms that it was proved.
async fn confirm(app: &App, now: Timestamp, link: UsedLink) -> Result<Outcome, Error> {
    let proved = app.address_proved;
    let confirmed = app.db.write(move |conn| {
        let change = ChangeLink::find(conn, now, EMAIL_CHANGE, &link.token)?;
        let outcome = link.confirm(conn, now)?;
        if let (Outcome::Done(_), Some(change)) = (&outcome, change) {
            proved(conn, now, &change.to)?;
        }
        Ok(outcome)
    });
    Ok(confirmed.await?)
}

/// 409: two accounts cannot share an address.
fn taken(layout: Layout) -> web::Result {
    let common = CommonWords::of(layout.locale);
    conflict(EmailTakenPage { t: Words::of(layout.locale), common, layout })
}

fn gone(layout: Layout) -> web::Result {
    link_gone::page(layout, paths::accounts::EMAIL)
}

fn text(t: &Words) -> LinkText {
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
