//! The link by which the old address gets its account back.

use actix_web::HttpRequest;
use askama::Template;

use super::change_link::ChangeLink;
use super::email_change::{Decision, Outcome};
use super::words::Words;
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm, db_for_link};
use crate::accounts::user::link_purposes::EMAIL_UNDO;
use crate::accounts::user::words::Words as CommonWords;
use crate::mail::mail_context::MailContext;
use crate::values::email_address::EmailAddress;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response::{conflict, ok};
use crate::web::protection::limits;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, Answer, App, Form, Layout, Request, paths};

/// Another account was verified with the old address meanwhile. Whoever has the link reads the mail of both.
#[derive(Template)]
#[template(path = "accounts/email_change/undo_taken.html")]
struct UndoTakenPage {
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
    match app.db.read(move |conn| ChangeLink::find(conn, now, EMAIL_UNDO, &of_link)).await? {
        Some(change) => {
            let text = text(Words::of(layout.locale), &change);
            ok(LinkPage { text, layout, token, email: change.to })
        }
        None => gone(&app, layout, &query.token).await,
    }
}

/// Gives the account its old address back and shuts everybody out; the way back in is a mail.
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
    let db = db_for_link(&app, EMAIL_UNDO, &token).await?;
    let (now, link) = (app.clock.now(), Decision { token, client, mail });
    let t = Words::of(layout.locale);
    let answer = move |address: &EmailAddress| {
        let given = GivenAddress::of_account(address.clone(), now);
        Answer::see_other(paths::accounts::FORGOT_SENT).with_flash(t.undone).with_given_address(given)
    };
    let outcome = db.write(move |conn| {
        let outcome = link.undo(conn, now)?;
        if let Outcome::Done(user, address) = &outcome {
            submission.record(conn, &answer(address).about(EMAIL_UNDO.effect_on(user.as_str())))?;
        }
        Ok(outcome)
    });
    match outcome.await? {
        Outcome::Done(user, address) => {
            app.viewer_cache.invalidate(&user);
            answer(&address).send(&http)
        }
        Outcome::Taken => taken(layout),
        Outcome::Gone => gone(&app, layout, &form.token).await,
    }
}

/// 409: nothing was changed, and the link goes on working.
fn taken(layout: Layout) -> web::Result {
    let common = CommonWords::of(layout.locale);
    conflict(UndoTakenPage { t: Words::of(layout.locale), common, layout: layout.without_form() })
}

async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let link = GoneLink {
        purpose: EMAIL_UNDO,
        done: Words::of(layout.locale).undone,
        next: paths::accounts::FORGOT_SENT,
        again: Some(paths::accounts::FORGOT),
        instead: None,
    };
    link.page(app, layout, token).await
}

fn text(t: &'static Words, change: &ChangeLink) -> LinkText {
    LinkText {
        title: t.undo,
        before_email: t.undo_for,
        after_email: format!(". {}", t.undo_lead),
        steps: if change.undo_removes_second_factor() { &t.undo_steps_with_second_factor } else { &t.undo_steps },
        button: t.undo_now,
        path: paths::accounts::EMAIL_UNDO,
        hint: Some(t.undo_not_needed),
    }
}
