//! The page of the development mailbox: the newest mails.

use actix_web::web::Data;
use askama::Template;

use super::access::{folder, no_store};
use super::folder::StoredMail;
use super::words::Words;
use crate::web::page::response;
use crate::web::{self, App, Error, Layout};

/// Mails on the page.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "mail/mailbox/mail_list.html")]
struct ListPage {
    layout: Layout,
    t: &'static Words,
    mails: Vec<StoredMail>,
}

/// The newest mails.
///
/// # Errors
/// Not found where mail goes to an SMTP server; a fault of ours when the folder cannot be read.
pub async fn show(app: Data<App>, layout: Layout) -> web::Result {
    let mails = folder(&app)?.newest(MOST).map_err(|error| Error::Internal(error.into()))?;
    Ok(no_store(response::ok(ListPage { t: Words::of(layout.locale), layout, mails })?))
}
