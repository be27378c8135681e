//! "It wasn't me": securing an account by the link of a notice.

use actix_web::HttpRequest;

use super::revocation::{SecureRequest, SecuredAccount};
use super::words::Words;
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm, db_for_link};
use crate::accounts::user::link_purposes::ACCOUNT_SECURING;
use crate::accounts::user::user::User;
use crate::mail::mail_context::MailContext;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response::ok;
use crate::web::protection::limits;
use crate::web::visitor::given_address::GivenAddress;
use crate::web::{self, Answer, App, Form, Layout, Request, paths};

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(&app, layout, &query.token).await };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| SecuredAccount::find(conn, now, &of_link)).await? {
        Some(account) => {
            let text = text(Words::of(layout.locale), &account);
            ok(LinkPage { text, layout, token, email: account.user.email })
        }
        None => gone(&app, layout, &query.token).await,
    }
}

/// Ends every session and the password; the way back in is a mail.
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
    let db = db_for_link(&app, ACCOUNT_SECURING, &token).await?;
    let (now, request) = (app.clock.now(), SecureRequest { token, client });
    let t = Words::of(layout.locale);
    let answer = move |user: &User| {
        let given = GivenAddress::of_account(user.email.clone(), now);
        Answer::see_other(paths::accounts::FORGOT_SENT).with_flash(t.secured).with_given_address(given)
    };
    let secured = db.write(move |conn| {
        let secured = request.redeem(conn, now, &mail)?;
        secured.as_ref().map_or(Ok(()), |user| submission.record(conn, &answer(user)))?;
        Ok(secured)
    });
    let Some(user) = secured.await? else { return gone(&app, layout, &form.token).await };
    app.viewer_cache.invalidate(&user.id);
    answer(&user).send(&http)
}

async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let link = GoneLink {
        purpose: ACCOUNT_SECURING,
        done: Words::of(layout.locale).secured,
        next: paths::accounts::FORGOT_SENT,
        again: Some(paths::accounts::FORGOT),
        instead: None,
    };
    link.page(app, layout, token).await
}

fn text(t: &'static Words, account: &SecuredAccount) -> LinkText {
    LinkText {
        title: t.secure,
        before_email: t.secure_for,
        after_email: format!(", {}", t.secure_lead),
        steps: if account.loses_second_factor { &t.secure_steps_with_second_factor } else { &t.secure_steps },
        button: t.secure_now,
        path: paths::accounts::SECURE,
        hint: Some(t.secure_not_needed),
    }
}
