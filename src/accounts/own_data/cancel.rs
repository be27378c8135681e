//! Cancelling the deletion of one's account, by the link of the mail.

use actix_web::HttpRequest;

use super::grace_period::{self, Kept};
use super::words::Words;
use crate::accounts::user::link_gone::GoneLink;
use crate::accounts::user::link_page::{LinkPage, LinkText, TokenForm, db_for_link};
use crate::accounts::user::link_purposes::DELETION_CANCEL;
use crate::accounts::user::words::Words as CommonWords;
use crate::values::secret_token::SecretToken;
use crate::web::page::query::Query;
use crate::web::page::response::ok;
use crate::web::protection::limits;
use crate::web::{self, Answer, App, Form, Layout, Request, paths};

/// What the link does, and the button that does it.
///
/// # Errors
/// When the database is unavailable.
pub async fn show(Request { app, layout, .. }: Request, Query(query): Query<TokenForm>) -> web::Result {
    let Some(token) = SecretToken::parse(&query.token) else { return gone(&app, layout, &query.token).await };
    let (now, of_link) = (app.clock.now(), token.clone());
    match app.db.read(move |conn| grace_period::find(conn, now, &of_link)).await? {
        Some(email) => ok(LinkPage { text: text(Words::of(layout.locale)), layout, token, email }),
        None => gone(&app, layout, &query.token).await,
    }
}

/// Keeps the account. Its owner logs in with the password, as nobody is signed in by this link.
///
/// # Errors
/// When limited, or when the database is unavailable.
pub async fn create(
    Request { app, layout, client, submission }: Request,
    http: HttpRequest,
    form: Form<TokenForm>,
) -> web::Result {
    app.limits.count(&app.db, &[limits::LINKS.for_network(&client)]).await?;
    let Some(token) = SecretToken::parse(&form.token) else { return gone(&app, layout, &form.token).await };
    let (now, db) = (app.clock.now(), db_for_link(&app, DELETION_CANCEL, &token).await?);
    let in_browser = layout.clone();
    let answer = move |kept: &Kept| done(&in_browser, kept);
    let recorded = answer.clone();
    let kept = db.write(move |conn| {
        let kept = grace_period::cancel(conn, now, &token, &client)?;
        if let Some(kept) = &kept {
            submission.record(conn, &recorded(kept).about(DELETION_CANCEL.effect_on(kept.user.as_str())))?;
        }
        Ok(kept)
    });
    let Some(kept) = kept.await? else {
        return gone(&app, layout, &form.token).await;
    };
    tracing::info!(event = "deletion_cancelled", user = %kept.user);
    answer(&kept).send(&http)
}

/// On to the log-in, which says what became of the account. Whoever is signed in to another one is told there.
fn done(layout: &Layout, kept: &Kept) -> Answer {
    let (t, common) = (Words::of(layout.locale), CommonWords::of(layout.locale));
    if let Some(viewer) = &layout.viewer {
        let text = [t.cancelled_of(kept.email.as_str()), common.logged_in_here(&viewer.email)].join(" ");
        return Answer::see_other(paths::accounts::ACCOUNT).with_flash(text);
    }
    let text = if kept.is_active { t.cancelled } else { t.cancelled_inactive };
    Answer::see_other(paths::accounts::LOG_IN).with_flash(text)
}

/// A log-in mails the link again, as long as there is an account.
async fn gone(app: &App, layout: Layout, token: &str) -> web::Result {
    let t = Words::of(layout.locale);
    let link = GoneLink {
        purpose: DELETION_CANCEL,
        done: if layout.viewer.is_some() { t.stays } else { t.cancelled },
        next: paths::accounts::LOG_IN,
        again: Some(paths::accounts::LOG_IN),
        instead: None,
    };
    link.page(app, layout, token).await
}

fn text(t: &Words) -> LinkText {
    LinkText {
        title: t.cancel_title,
        before_email: t.cancel_lead,
        after_email: String::new(),
        steps: &[],
        button: t.keep,
        path: paths::accounts::CANCEL_DELETE,
        hint: Some(t.cancel_hint),
    }
}
