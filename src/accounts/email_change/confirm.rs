//! The link by which a new address confirms itself.

use actix_web::HttpRequest;
use askama::Template;

use super::change_link::ChangeLink;
use super::email_change::{Decision, Outcome};
use super::words::Words;
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm, db_for_link};
use crate::accounts::user::link_purposes::EMAIL_CHANGE;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::email_address::EmailAddress;
use crate::values::id::UserId;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response::{conflict, ok};
use crate::web::protection::limits;
use crate::web::{self, Answer, App, Form, Layout, Request, paths};

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
    let Some(token) = SecretToken::parse(&query.token) else { return gone(&app, layout, &query.token).await };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| ChangeLink::find(conn, now, EMAIL_CHANGE, &of_link)).await? {
        Some(ChangeLink { to, .. }) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email: to }),
        None => gone(&app, layout, &query.token).await,
    }
}

/// Changes the address, in whichever browser the mail was read: it proves the mailbox, not who is signed in.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    mail: MailContext,
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(&app, layout, &form.token).await };
    let (now, db) = (app.clock.now(), db_for_link(&app, EMAIL_CHANGE, &token).await?);
    let in_browser = layout.clone();
    let answer = move |user: &UserId, address: &EmailAddress| done(&in_browser, user, address);
    let (proved, link, recorded) = (app.address_proved, Decision { token, client, mail }, answer.clone());
    let outcome = db.write(move |conn| {
        let outcome = link.confirm(conn, now)?;
        if let Outcome::Done(user, address) = &outcome {
            // Tells the other rooms that the address was proved.
            proved(conn, now, address)?;
            submission.record(conn, &recorded(user, address).about(EMAIL_CHANGE.effect_on(user.as_str())))?;
        }
        Ok(outcome)
    });
    match outcome.await? {
        Outcome::Done(user, address) => {
            app.viewer_cache.invalidate(&user);
            answer(&user, &address).send(&http)
        }
        Outcome::Taken => taken(layout),
        Outcome::Gone => gone(&app, layout, &form.token).await,
    }
}

/// On to where the owner goes on. Whoever is signed in to another account is told what happened to which one.
fn done(layout: &Layout, user: &UserId, address: &EmailAddress) -> Answer {
    let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
    match &layout.viewer {
        Some(viewer) if viewer.id == *user => Answer::see_other(paths::accounts::ACCOUNT).with_flash(t.confirmed),
        Some(viewer) => {
            let text = [t.confirmed_of(address.as_str()), common.logged_in_here(&viewer.email)].join(" ");
            Answer::see_other(paths::accounts::ACCOUNT).with_flash(text)
        }
        None => Answer::see_other(paths::accounts::LOG_IN).with_flash(t.confirmed),
    }
}

/// 409: two accounts cannot share an address.
fn taken(layout: Layout) -> web::Result {
    let common = CommonWords::of(layout.locale);
    conflict(EmailTakenPage { t: Words::of(layout.locale), common, layout: layout.without_form() })
}

async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let link = GoneLink {
        purpose: EMAIL_CHANGE,
        done: Words::of(layout.locale).confirmed,
        next: paths::accounts::ACCOUNT,
        again: Some(paths::accounts::EMAIL),
        instead: None,
    };
    link.page(app, layout, token).await
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
